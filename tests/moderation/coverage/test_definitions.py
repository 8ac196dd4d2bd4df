"""Every definition, on a data set whose answers were worked out by hand."""

import pytest

from moderation.coverage.computing import Covered, cover
from moderation.coverage.deriving import LineBit
from moderation.coverage.figures import NUMBERS, Figures
from moderation.coverage.heat import heat
from tests.moderation.coverage.held_out import CREW, RULES, SINCE, STAFF, UNTIL, derived, lines, wall


@pytest.fixture(scope="module")
def covered() -> Covered:
    return cover(lines(), SINCE, UNTIL, RULES)


HELP = {
    "threads": "plain monologue customer-first customer-only noted continued answer-deleted moved-private "
    "answered-then-private leo-last-day leo-left nia-before robot-answers automatic-answers erased-helper "
    "erased-asker merged-into held held-reply locked solved solved-and-back self-solved reopened",
    "answered_by_staff": "plain customer-first answered-then-private leo-last-day nia-before held solved-and-back "
    "reopened",
    "answered_by_community": "customer-only leo-left erased-helper erased-asker merged-into held-reply solved",
    "unanswered": "monologue noted continued answer-deleted moved-private robot-answers automatic-answers locked "
    "self-solved",
    "taken_private": "continued moved-private answered-then-private",
    "unanswered_taken_private": "continued moved-private",
    "touched": "plain customer-first answered-then-private leo-last-day nia-before held solved-and-back reopened noted "
    "continued",
    "open": "monologue customer-only noted answer-deleted leo-left robot-answers automatic-answers erased-helper "
    "erased-asker merged-into held-reply",
    "waiting": "plain monologue customer-only answer-deleted leo-left robot-answers automatic-answers erased-helper "
    "erased-asker merged-into held-reply",
    "solved": "solved solved-and-back self-solved",
    "solved_by_customers": "solved self-solved",
    "reopened": "reopened solved-and-back",
    "first_by_staff": "plain answered-then-private leo-last-day nia-before held solved-and-back reopened",
    "held": "held",
    "partial": "",
    # 1 h, 2 h, 2 h 59, 0 (Sunday night), 0.5 h, 2.5 h (9 to 11:30), 20 min, 1 h: all within 4 h and 1 h of grace.
    "answered_within_goal": "plain customer-first answered-then-private leo-last-day nia-before held solved-and-back "
    "reopened",
    # Before an hour of working time had passed, and before any customer: Sunday night, half an hour, twenty minutes.
    "too_soon": "leo-last-day nia-before solved-and-back",
}


@pytest.mark.parametrize("name", HELP)
def test_the_rows_of_the_forum_are_those_that_were_worked_out(covered: Covered, name: str) -> None:
    figures = covered.forums["help"]
    assert sorted(figures.rows(name)) == sorted(HELP[name].split())
    assert figures.number(name) == len(HELP[name].split())


def number(covered: Covered, name: str, forum: str = "help") -> float | int | None:
    return covered.forums[forum].number(name)


def test_durations_are_those_that_were_worked_out(covered: Covered) -> None:
    # Sorted, in minutes: 20 30 60 60 119 120 179 210.
    assert number(covered, "first_response_median_s") == (60 + 119) / 2 * 60
    # Rank 6.3 of 0 to 7: 179 + 0.3 × 31.
    assert number(covered, "first_response_p90_s") == pytest.approx((179 + 0.3 * 31) * 60)
    # In working minutes: 0 20 30 60 60 120 150 179.
    assert number(covered, "working_median_s") == 60 * 60
    # Touches besides: 30 (the note), 100 (the pointer): 20 30 30 60 60 100 119 120 179 210.
    assert number(covered, "first_touch_median_s") == (60 + 100) / 2 * 60
    # Sorted, in minutes: 0 (merged) 20 30 30 40 420 1440.
    assert number(covered, "community_median_s") == 30 * 60
    assert number(covered, "approval_median_s") == 3 * 3600
    assert number(covered, "oldest_open_s") == (UNTIL - wall("03-02 10:00")) / 1000
    # Since the asker's thanks, which the staff did not answer; the monologue waits an hour longer.
    assert number(covered, "longest_wait_s") == (UNTIL - wall("03-02 10:00")) / 1000


def test_shares_are_those_that_were_worked_out(covered: Covered) -> None:
    assert number(covered, "within_goal") == 1.0
    assert number(covered, "first_by_staff_share") == 7 / 15
    posts = [derived()[name] for name in HELP["threads"].split()]
    assert sum(line.staff_posts for line in posts) == 10
    assert number(covered, "staff_post_share") == 10 / (10 + sum(line.customer_posts for line in posts))


def test_the_night_over_the_change_of_the_clock(covered: Covered) -> None:
    figures = covered.forums["night"]
    assert figures.rows("answered_by_staff") == ["exactly", "too-late", "clock-change"]
    # The night of 29 March has no hour from 2 to 3: 22:00 to 04:00 are five hours.
    assert figures.number("working_p90_s") == pytest.approx(61 * 60 + 0.8 * (300 - 61) * 60)
    assert figures.number("first_response_p90_s") == pytest.approx(61 * 60 + 0.8 * (420 - 61) * 60)
    assert figures.rows("answered_within_goal") == ["exactly"]
    assert figures.number("within_goal") is None, "under ten threads no share is told"


def test_a_forum_without_hours_has_no_working_time(covered: Covered) -> None:
    figures = covered.forums["chat"]
    assert figures.rows("threads") == ["at-since", "moved-to-chat", "answered-at-until"]
    assert figures.number("answered_by_staff") == 2
    assert (figures.number("working_median_s"), figures.number("within_goal")) == (None, None)
    assert figures.number("answered_within_goal") == 0
    assert "news" not in covered.forums


def test_the_parts_make_the_whole(covered: Covered) -> None:
    for figures in (covered.total, *covered.forums.values()):
        kinds = ("answered_by_staff", "answered_by_community", "unanswered")
        rows = [row for kind in kinds for row in figures.rows(kind)]
        assert sorted(rows) == sorted(figures.rows("threads"))
    assert covered.total.number("threads") == 24 + 3 + 3
    # 8 of 8 in the one forum and 1 of 3 in the other: the chat has no goal.
    assert covered.total.number("within_goal") == 9 / 11


def test_bits_of_lines_say_who_was_counted() -> None:
    found = {name for name, line in derived().items() if not line.bits & LineBit.COUNTED}
    assert found == {"nia-after", "for-customer", "by-robot", "merged-away", "deleted", "opening-deleted"}


def test_without_marks_the_team_knows_nothing_of_conversions() -> None:
    from moderation.coverage.marks import Marks

    found = derived(CREW, Marks())
    assert found["continued"].staff, "a pointer looks like an answer to whoever does not know it"
    assert not found["continued"].bits & LineBit.COUNTED
    assert found["for-customer"].bits & LineBit.COUNTED


def test_the_period_before_is_seen_as_of_its_end() -> None:
    before = cover(lines(), wall("02-01 00:00"), SINCE, RULES, now=False)
    assert before.total.rows("answered_by_staff") == ["february"]
    assert before.total.number("waiting") is None
    assert before.total.number("staff_post_share") is None
    early = cover(lines(), SINCE, wall("03-02 09:30"), RULES, now=False).forums["help"]
    assert (early.rows("open"), early.number("answered_by_staff")) == (["plain"], 0)
    assert early.number("oldest_open_s") == 1800


def test_when_customers_wait(covered: Covered) -> None:
    cells = heat(covered.forums["help"].parts)
    monday_nine = cells[9]
    assert monday_nine.threads == ("plain", "leo-left", "erased-helper")
    assert (monday_nine.median_s, monday_nine.open) == (3600.0, 2)
    assert sum(len(cell.threads) for cell in cells.values()) == 24
    assert 4 not in cells, "nobody asked on Monday at four"


def test_weeks_are_those_of_the_wall(covered: Covered) -> None:
    weeks = covered.weeks()
    assert sum(len(figures.rows("threads")) for _, figures in weeks) == 30
    mondays = [monday for monday, _ in weeks]
    assert mondays == sorted(mondays)
    first = weeks[0][1]
    assert first.rows("threads") == ["at-since"], "Sunday 1 March lies in the week before"


def test_one_staff_member_and_nobody_at_all() -> None:
    assert STAFF.confirmed
    nothing = cover(lines().__class__(), SINCE, UNTIL, RULES)
    for name in NUMBERS:
        assert nothing.total.number(name) in (0, None)
        assert nothing.forums["help"].number(name) in (0, None)
        assert nothing.total.rows(name) == []
    assert Figures(()).number("threads") == 0


def test_what_a_merge_brought_in_answers_at_once_and_never_before_the_question() -> None:
    line = derived()["merged-into"]
    assert line.other == line.submitted == wall("03-24 09:00")
