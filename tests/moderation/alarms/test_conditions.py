"""What is wrong: threads that wait by goal and by what is usual, forums that nobody covers, an unusual volume."""

from dataclasses import replace

import pytest

from moderation.alarms.gaps import gaps
from moderation.alarms.model import AlarmKind, Condition, Observed
from moderation.alarms.unhappy import finder
from moderation.alarms.volume import Volume, flare_ups, limit
from moderation.alarms.waiting import MOST_A_FORUM, waiting
from moderation.content import Level
from moderation.coverage.computing import cover
from moderation.coverage.deriving import LineBit, line_of
from moderation.coverage.facts import ThreadBit, ThreadFacts
from moderation.coverage.hours import Hours
from moderation.coverage.lines import Lines, pack
from moderation.coverage.rules import ForumRules
from moderation.following.matrix import Column
from moderation.ids import Kind, Ref
from tests.factory import at, forum, ref
from tests.moderation.coverage.held_out import CREW, HERE, OFFICE, SINCE, Made, wall
from tests.moderation.following.test_matrix import Scene, column

GOAL = ForumRules(Hours("Europe/Berlin", OFFICE), goal_s=4 * 3600, grace_s=3600)
"""Five working hours."""


def found(
    threads: list[ThreadFacts], now: str, rules: ForumRules = GOAL, forums: tuple[str, ...] = ("help",)
) -> Observed:
    packed = b"".join(pack(line_of(one, CREW)) for one in threads)
    lines = Lines.of([one.thread for one in threads], [one.forum for one in threads], packed)
    return waiting(HERE, cover(lines, SINCE, wall(now), {"help": rules}).total, forums)


def kinds(observed: Observed) -> dict[str, AlarmKind]:
    return {one.subject.native: one.kind for one in observed.conditions}


def monday() -> list[ThreadFacts]:
    """Asked on Monday 2 March at nine, one of them answered."""
    return [Made("open", "03-02 09:00").facts, Made("answered", "03-02 09:00").says("sara", "03-02 09:30").facts]


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        ("03-02 13:44", None),  # three working hours and 44 minutes; the noon is none
        ("03-02 14:00", AlarmKind.DUE_SOON),  # the last of four hours of the goal, and the hour of grace
        ("03-02 15:00", AlarmKind.DUE_SOON),  # exactly the goal is within it
        ("03-02 15:01", AlarmKind.OVERDUE),
    ],
)
def test_by_the_goal_only_working_time_counts(now: str, kind: AlarmKind | None) -> None:
    assert kinds(found(monday(), now)) == ({"open": kind} if kind else {})


def test_of_many_only_the_newest_are_told_and_the_others_stay_as_they_are() -> None:
    many = [Made(f"t{n}", f"03-02 09:{n:02}").facts for n in range(MOST_A_FORUM + 3)]
    observed = found(many, "03-03 17:00")
    assert sorted(kinds(observed)) == sorted(f"t{n}" for n in range(3, MOST_A_FORUM + 3))
    left = {key.rpartition(":")[2] for key in observed.undecided}
    assert left == {"t0", "t1", "t2"}
    rules = ForumRules(Hours("Europe/Berlin"))
    lonely = [Made(f"l{n}", f"03-20 08:{n:02}").facts for n in range(MOST_A_FORUM + 1)]
    observed = found([*usual(10), *lonely], "03-25 08:00", rules)
    assert "l0" not in kinds(observed)
    assert f"unusual_wait:{HERE}:thread:l0" in observed.undecided


def test_a_night_and_a_weekend_make_nothing_overdue() -> None:
    friday = [Made("late", "03-06 16:00").facts]
    assert kinds(found(friday, "03-09 09:10")) == {}
    (late,) = found(friday, "03-09 16:00").conditions
    assert late.facts == {"late_s": 2 * 3600.0, "goal_s": 5 * 3600.0}


def test_what_customers_cannot_read_and_what_was_not_read_raises_nothing() -> None:
    assert found(monday(), "03-03 17:00", forums=()).conditions == ()
    partial = [replace(one, bits=one.bits | ThreadBit.PARTIAL) for one in monday()]
    observed = found(partial, "03-03 17:00")
    assert observed.conditions == ()
    assert f"overdue:{HERE}:thread:open" in observed.undecided
    assert LineBit.PARTIAL


def usual(count: int) -> list[ThreadFacts]:
    """So many threads, answered by somebody in one to so many hours."""
    made = [
        Made(f"t{n}", f"03-{n + 1:02} 08:00").says("dora", f"03-{n + 1:02} {9 + n % 10:02}:00") for n in range(count)
    ]
    return [one.facts for one in made]


def test_without_a_goal_an_unusual_wait_is_twice_what_nine_of_ten_need() -> None:
    rules = ForumRules(Hours("Europe/Berlin"))
    threads = [*usual(10), Made("lonely", "03-20 08:00").facts]
    (one,) = found(threads, "03-21 08:00", rules).conditions
    assert (one.kind, one.subject.native) == (AlarmKind.UNUSUAL_WAIT, "lonely")
    assert one.facts == {"waits_s": 86400.0, "usual_s": pytest.approx(9.1 * 3600)}
    assert found(threads, "03-21 02:00", rules).conditions == ()


def test_nobody_says_what_is_usual_of_nine_threads() -> None:
    rules = ForumRules(Hours("Europe/Berlin"))
    assert found([*usual(9), Made("lonely", "03-20 08:00").facts], "03-25 08:00", rules).conditions == ()


def test_where_a_customer_answered_nobody_waits_unusually() -> None:
    rules = ForumRules(Hours("Europe/Berlin"))
    helped = Made("helped", "03-20 08:00").says("dora", "03-20 08:10").facts
    assert found([*usual(10), helped], "03-25 08:00", rules).conditions == ()


# Gaps


def gap_kinds(columns: list[Column], *, expected: bool = True, **facts: object) -> tuple[list[str], set[str]]:
    scene = Scene(columns, [forum(1, **facts)])
    for one in columns:
        if one.read_at is not None:
            scene.follows(int(one.person[1:]), Level.WATCHING, days=40 if one.absent_until is None else 2)
    observed = gaps(scene.seen(), [expected])
    return [str(one.kind) for one in observed.conditions], {key.split(":")[0] for key in observed.undecided}


def test_which_gap_is_which_alarm() -> None:
    assert gap_kinds([column(7)]) == (["uncovered"], set())
    away = column(7, absent_until=at(9e9))
    assert gap_kinds([away]) == (["only_absent"], set())


def test_who_cannot_be_read_begins_and_ends_nothing() -> None:
    scene = Scene([column(7, read_at=None)]).follows(7, None, days=1)
    observed = gaps(scene.seen(), [True])
    assert observed.conditions == ()
    assert {key.split(":")[0] for key in observed.undecided} == {"uncovered", "only_absent"}


def test_forums_without_answers_and_closed_ones_are_no_gap() -> None:
    assert gap_kinds([column(7)], expected=False) == ([], set())
    assert gap_kinds([column(7)], private=True) == ([], set())
    assert gap_kinds([column(7)], private=None) == ([], set())


# Volume

FLARED = ref(Kind.FORUM, "1")


def flare(now: Volume, past: list[Volume], weeks: int | None = None) -> Observed:
    return flare_ups(FLARED.community, {"1": [now]}, {"1": past}, len(past) if weeks is None else weeks)


def raised(observed: Observed) -> list[Condition]:
    return list(observed.conditions)


def test_a_flare_up_is_many_more_than_at_this_hour_otherwise() -> None:
    past = [Volume(reports=1)] * 8
    (one,) = raised(flare(Volume(reports=6), past))
    assert one.facts == {"reports": 6, "usual_reports": 1.0, "unhappy": 0, "usual_unhappy": 0.0}
    assert one.subject == Ref(FLARED.community, Kind.FORUM, "1")
    assert raised(flare(Volume(unhappy=5), past)) != []


def test_a_busy_hour_is_usual_where_it_always_is() -> None:
    assert raised(flare(Volume(40, 40), [Volume(30, 30)] * 8)) == []
    assert raised(flare(Volume(60), [Volume(30)] * 8)) == []  # far above by chance alone, and not three times as many


def test_four_in_a_quiet_forum_are_no_flare_up() -> None:
    assert raised(flare(Volume(4, 4), [Volume()] * 8)) == []


def test_it_does_not_flap_at_the_limit() -> None:
    past = [Volume(reports=1)] * 8
    assert limit(1.0) == 5
    assert flare(Volume(reports=4), past).undecided == {f"unusual_volume:{FLARED}"}
    assert flare(Volume(reports=2), past).undecided == set()


def test_two_weeks_are_needed_to_know_what_is_usual() -> None:
    assert flare(Volume(100), [], 1).unseen == {AlarmKind.UNUSUAL_VOLUME}
    assert raised(flare(Volume(100), [Volume()], 2)) != []


# Unhappy posts

UNHAPPY = finder(["stopped working", "refund", "使えない", "doesn't work", ""])


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("It <b>stopped</b>\n working yesterday", True),
        ("I want a REFUND.", True),
        ("It doesn\u2019t work", True),
        ("まったく使えないです", True),
        ("Prerefunded", False),
        ("All is well, thank you", False),
        ("<blockquote>I want a refund</blockquote> You get one", False),
        ("> I want a refund\n\nYou get one", False),
        ("", False),
    ],
)
def test_which_posts_sound_unhappy(text: str, is_so: bool) -> None:
    assert UNHAPPY(text) is is_so


def test_without_words_none_does() -> None:
    assert not finder([])("anything")
