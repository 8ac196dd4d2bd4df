"""Who covers a forum: every part of the definition on its own, and what is unknown is never called covered."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.content import Forum, Level
from moderation.following.changes import below
from moderation.following.grid import CODE, Answerer, Grid
from moderation.following.load import loads, suggestions
from moderation.following.matrix import Column, Gap, Matrix, Rules, Shown, matrix
from moderation.ids import Kind, Ref
from moderation.persons import Permit
from tests.factory import HERE, forum, ref

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=200)
DISCOURSE = Rules(Level.NORMAL, complete_since=LONG_AGO)
NODEBB = Rules(Level.TRACKING, complete_since=LONG_AGO)
FORUM = forum(1)


def who(number: int) -> Ref:
    return ref(Kind.MEMBER, number)


def column(number: int, **facts: object) -> Column:
    given: dict[str, object] = {"account": who(number), "name": f"Person {number}", "read_at": NOW, **facts}
    return Column(f"p{number}", **given)  # type: ignore[arg-type]


class Scene:
    """Forums, people, and how they follow."""

    def __init__(self, columns: list[Column], forums: list[Forum] | None = None) -> None:
        self.columns = columns
        self.forums = forums or [FORUM]
        self.members = [one.account for one in columns if one.account is not None]
        self.grid = Grid.empty([one.id for one in self.forums], self.members)

    def follows(self, number: int, level: Level | None, days: float | None = None, in_forum: int = 1) -> "Scene":
        row = [one.id.native for one in self.forums].index(str(in_forum))
        at = row * len(self.members) + self.members.index(who(number))
        self.grid.levels[at] = CODE[level]
        if days is not None:
            self.grid.last_ms[at] = round((NOW - timedelta(days=days)).timestamp() * 1000)
        return self

    def seen(self, rules: Rules = DISCOURSE, owners: dict[Ref, list[Ref]] | None = None) -> Matrix:
        return matrix(self.forums, self.columns, self.grid, owners or {}, rules, NOW)


def gap(scene: Scene, rules: Rules = DISCOURSE, **more: dict[Ref, list[Ref]]) -> tuple[Gap, bool | None]:
    row = scene.seen(rules, **more).rows[0]
    return row.gap, row.covered


def test_who_watches_and_wrote_there_lately_covers_it() -> None:
    assert gap(Scene([column(7)]).follows(7, Level.WATCHING, days=3)) == (Gap.ONE_ONLY, True)
    two = Scene([column(7), column(8)]).follows(7, Level.WATCHING, days=3).follows(8, Level.WATCHING, days=1)
    assert gap(two) == (Gap.COVERED, True)


@pytest.mark.parametrize(
    ("level", "rules", "covered"),
    [
        (Level.WATCHING, DISCOURSE, True),
        (Level.WATCHING, NODEBB, True),
        (Level.WATCHING, Rules(Level.WATCHING, complete_since=LONG_AGO), True),
        (Level.TRACKING, DISCOURSE, True),
        (Level.TRACKING, NODEBB, False),
        (Level.WATCHING_FIRST, DISCOURSE, False),
        (Level.NORMAL, DISCOURSE, False),
        (Level.MUTED, DISCOURSE, False),
        (None, DISCOURSE, False),
    ],
)
def test_which_levels_count(level: Level | None, rules: Rules, covered: bool) -> None:
    assert gap(Scene([column(7)]).follows(7, level, days=3), rules)[1] is covered


def test_fourteen_days_are_still_lately_and_the_number_is_a_setting() -> None:
    scene = Scene([column(7)]).follows(7, Level.WATCHING, days=14)
    assert gap(scene) == (Gap.ONE_ONLY, True)
    scene.follows(7, Level.WATCHING, days=14.001)
    assert gap(scene) == (Gap.NOT_SEEN, False)
    assert gap(scene, Rules(Level.NORMAL, timedelta(days=21), LONG_AGO)) == (Gap.ONE_ONLY, True)
    assert gap(Scene([column(7)]).follows(7, Level.WATCHING)) == (Gap.NOT_SEEN, False)


def test_a_post_elsewhere_is_no_presence_here() -> None:
    scene = Scene([column(7)], [FORUM, forum(2)]).follows(7, Level.WATCHING).follows(7, None, days=1, in_forum=2)
    assert gap(scene) == (Gap.NOT_SEEN, False)


def test_who_is_away_covers_nothing() -> None:
    away = column(7, absent_until=NOW + timedelta(days=5))
    assert gap(Scene([away]).follows(7, Level.WATCHING, days=1)) == (Gap.ONLY_ABSENT, False)
    both = Scene([away, column(8)]).follows(7, Level.WATCHING, days=1).follows(8, Level.WATCHING, days=30)
    assert gap(both) == (Gap.NOT_SEEN, False)
    assert gap(both.follows(8, Level.WATCHING, days=1)) == (Gap.ONE_ONLY, True)


def test_who_may_not_write_now_covers_nothing() -> None:
    assert gap(Scene([column(7, barred=True)]).follows(7, Level.WATCHING, days=1)) == (Gap.ONLY_ABSENT, False)


def test_a_named_owner_need_not_follow_but_must_be_there() -> None:
    named = {FORUM.id: [who(7)]}
    assert gap(Scene([column(7)]).follows(7, None, days=2), owners=named) == (Gap.ONE_ONLY, True)
    assert gap(Scene([column(7)]).follows(7, None, days=20), owners=named) == (Gap.NOT_SEEN, False)
    assert gap(Scene([column(7)]).follows(7, Level.MUTED, days=2), owners=named) == (Gap.ONE_ONLY, True)
    away = Scene([column(7, absent_until=NOW + timedelta(days=1))]).follows(7, None, days=2)
    assert gap(away, owners=named) == (Gap.ONLY_ABSENT, False)
    assert gap(Scene([column(7)]), owners={FORUM.id: [who(99)]}) == (Gap.NOBODY, False)


def test_an_owner_whose_follows_cannot_be_read_covers_it_all_the_same() -> None:
    scene = Scene([column(7, read_at=None, why="forbidden")]).follows(7, None, days=2)
    assert gap(scene, owners={FORUM.id: [who(7)]}) == (Gap.ONE_ONLY, True)


def test_who_cannot_be_read_is_unknown_and_never_green() -> None:
    scene = Scene([column(7, read_at=None, why="forbidden")]).follows(7, Level.WATCHING, days=1)
    seen = scene.seen()
    assert seen.shown(0, 0) is Shown.UNKNOWN
    assert (seen.rows[0].gap, seen.rows[0].covered) == (Gap.UNKNOWN, None)
    assert seen.rows[0].followers == ()
    assert [one.why for one in seen.unread()] == ["forbidden"]


def test_one_who_cannot_be_read_does_not_spoil_the_rest() -> None:
    """An administrator above everybody: unknown only where that one could cover the forum."""
    admin = column(1, read_at=None, why="forbidden")
    forums = [forum(1), forum(2), forum(3)]
    scene = Scene([admin, column(7)], forums).follows(7, Level.WATCHING, days=1).follows(1, None, days=1, in_forum=3)
    assert [row.gap for row in scene.seen().rows] == [Gap.ONE_ONLY, Gap.NOBODY, Gap.UNKNOWN]


def test_as_long_as_the_mirror_is_not_complete_nobody_is_called_missing() -> None:
    scene = Scene([column(7)]).follows(7, Level.WATCHING)
    for rules in (Rules(Level.NORMAL), Rules(Level.NORMAL, complete_since=NOW - timedelta(days=3))):
        assert gap(scene, rules) == (Gap.UNKNOWN, None)
    assert gap(Scene([column(7)]), Rules(Level.NORMAL)) == (Gap.NOBODY, False)
    assert gap(scene, Rules(Level.NORMAL, complete_since=NOW - timedelta(days=14))) == (Gap.NOT_SEEN, False)


def test_a_clock_that_is_behind_the_server_makes_nobody_unseen() -> None:
    scene = Scene([column(7)]).follows(7, Level.WATCHING, days=-2)
    assert gap(scene) == (Gap.ONE_ONLY, True)
    assert scene.seen().rows[0].last_there == NOW + timedelta(days=2)


def test_a_person_without_an_account_is_shown_and_covers_nothing() -> None:
    nobody = Column("p8", None, "Person 8")
    seen = Scene([nobody, column(7)]).follows(7, Level.MUTED, days=1).seen()
    assert [seen.shown(0, at) for at in range(2)] == [Shown.UNKNOWN, Shown.MUTED]
    assert seen.rows[0].gap is Gap.NOBODY
    assert seen.unread() == []


def test_cells_say_what_can_be_told() -> None:
    levels = [*Level, None]
    scene = Scene([column(number) for number in range(6)])
    for number, level in enumerate(levels):
        scene.follows(number, level)
    shown = [scene.seen(NODEBB).shown(0, at).value for at in range(6)]
    assert shown == ["watching", "watching_first", "no_choice", "normal", "muted", "no_choice"]
    shown = [scene.seen(DISCOURSE).shown(0, at).value for at in range(6)]
    assert shown == ["watching", "watching_first", "tracking", "no_choice", "muted", "no_choice"]


def test_who_watches_a_forum_does_not_follow_those_below_it() -> None:
    parent, child = forum(1), forum(2, parent=ref(Kind.FORUM, 1))
    scene = Scene([column(7)], [parent, child]).follows(7, Level.WATCHING, days=1).follows(7, None, 1, in_forum=2)
    assert [row.gap for row in scene.seen().rows] == [Gap.ONE_ONLY, Gap.NOBODY]


def test_a_forum_that_moved_under_another_is_followed_as_before() -> None:
    moved = forum(1, parent=ref(Kind.FORUM, 2))
    scene = Scene([column(7), column(8)], [moved, forum(2)]).follows(7, Level.WATCHING, days=1)
    scene.follows(8, Level.WATCHING, days=1, in_forum=2)
    assert [row.present for row in scene.seen().rows] == [(0,), (1,)]


def test_what_goes_along_with_a_change_is_all_that_lies_below() -> None:
    forums = [forum(1), forum(2, parent=ref(Kind.FORUM, 1)), forum(3, parent=ref(Kind.FORUM, 2)), forum(4)]
    assert [one.id.native for one in below(forums, forums[0].id)] == ["2", "3"]
    circle = [forum(1, parent=ref(Kind.FORUM, 2)), forum(2, parent=ref(Kind.FORUM, 1))]
    assert [one.id.native for one in below(circle, circle[0].id)] == ["2"]


def test_load_counts_what_somebody_follows_and_where_nobody_else_is() -> None:
    forums = [forum(number) for number in range(1, 5)]
    scene = Scene([column(7), column(8)], forums)
    for number in range(1, 5):
        scene.follows(7, Level.WATCHING, days=1 if number < 3 else 90, in_forum=number)
    scene.follows(8, Level.WATCHING, days=1, in_forum=1)
    found = loads(scene.seen(), most=3)
    assert [(one.follows, one.present_in, one.alone, one.too_much) for one in found] == [
        (4, 2, 1, True),
        (1, 1, 0, False),
    ]


def answering() -> tuple[Matrix, list[Answerer]]:
    """Three of the staff answer, one of them away and one follows it; so do two customers."""
    away = column(9, absent_until=NOW + timedelta(days=1))
    scene = Scene([column(7), column(8), away]).follows(8, Level.WATCHING, days=1)
    return scene.seen(), [
        Answerer(who(20), "maren", 11, NOW), Answerer(who(8), "b", 9, NOW), Answerer(who(9), "c", 8, NOW),
        Answerer(who(7), "a", 4, NOW), Answerer(who(21), None, 1, NOW),
    ]  # fmt: skip


def test_suggestions_are_those_who_answer_there_staff_first() -> None:
    found = suggestions(*_with(answering()), Permit(HERE, None, 3), who(7))
    assert [(one.name, one.answers, one.follows, one.there, one.kind) for one in found] == [
        ("Person 7", 4, False, True, "colleague"),
        ("Person 9", 8, False, False, "absent"),
        ("Person 8", 9, True, True, "follower"),
        ("maren", 11, False, True, "customer"),
        ("21", 1, False, True, "customer"),
    ]
    assert HERE in str(found[0].member)


@pytest.mark.parametrize("permit", [Permit(HERE, who(8)), Permit(HERE, None, 4)])
def test_without_leave_or_of_few_nobody_but_oneself_has_figures(permit: Permit) -> None:
    found = suggestions(*_with(answering()), permit, who(8))
    assert [(one.name, one.answers, one.last_at) for one in found] == [
        ("Person 7", None, None), ("Person 9", None, None), ("Person 8", 9, NOW), ("21", None, None),
        ("maren", None, None),
    ]  # fmt: skip


def _with(scene: tuple[Matrix, list[Answerer]]) -> tuple[Matrix, int, list[Answerer]]:
    return scene[0], 0, scene[1]
