"""Every number, of every forum, is the count of its rows or a statistic over them, computed here once more from the
facts of exactly these rows.
"""

import statistics
from collections.abc import Callable, Sequence

import pytest

from moderation.coverage.computing import Covered, cover
from moderation.coverage.deriving import Line
from moderation.coverage.figures import COUNTS, DURATIONS, NUMBERS, SHARES
from tests.moderation.coverage.held_out import RULES, SINCE, UNTIL, derived, lines, threads
from tests.moderation.coverage.naive import promised, worked_ms

PLACES = ("help", "night", "chat", "all")
Rows = Sequence[str]


@pytest.fixture(scope="module")
def covered() -> Covered:
    return cover(lines(), SINCE, UNTIL, RULES)


def _forum_of() -> dict[str, str]:
    return {facts.thread: facts.forum for facts in threads()}


def _times(rows: Rows, value: Callable[[str, Line], int]) -> list[float]:
    by_name = derived()
    return [value(name, by_name[name]) / 1000 for name in rows]


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None


def _p90(values: list[float]) -> float | None:
    if len(values) < 2:
        return values[0] if values else None
    return statistics.quantiles(values, n=10, method="inclusive")[8]


def _worked(name: str, line: Line) -> int:
    return worked_ms(RULES[_forum_of()[name]].hours, line.submitted, line.staff)


ONCE_MORE: dict[str, Callable[[Rows], float | None]] = {
    "first_response_median_s": lambda rows: _median(_times(rows, lambda _, line: line.staff - line.submitted)),
    "first_response_p90_s": lambda rows: _p90(_times(rows, lambda _, line: line.staff - line.submitted)),
    "working_median_s": lambda rows: _median(_times(rows, _worked)),
    "working_p90_s": lambda rows: _p90(_times(rows, _worked)),
    "first_touch_median_s": lambda rows: _median(_times(rows, lambda _, line: line.touch - line.submitted)),
    "first_touch_p90_s": lambda rows: _p90(_times(rows, lambda _, line: line.touch - line.submitted)),
    "community_median_s": lambda rows: _median(_times(rows, lambda _, line: line.other - line.submitted)),
    "approval_median_s": lambda rows: _median(_times(rows, lambda _, line: line.public - line.submitted)),
    "oldest_open_s": lambda rows: max(_times(rows, lambda _, line: UNTIL - line.submitted), default=None),
    "longest_wait_s": lambda rows: max(_times(rows, lambda _, line: UNTIL - line.waits), default=None),
}


def _share(name: str, rows: Rows, place: str) -> float | None:
    by_name, forum_of = derived(), _forum_of()
    if name == "within_goal":
        here = [one for one in _threads(place) if RULES[forum_of[one]].goal_s is not None]
        limits = {one: (RULES[forum_of[one]].goal_s or 0) + RULES[forum_of[one]].grace_s for one in rows}
        met = [one for one in rows if _worked(one, by_name[one]) <= limits[one] * 1000]
        return len(met) / len(rows) if len(here) >= 10 and rows else None
    if name == "first_by_staff_share":
        answered = [one for one in rows if 0 < by_name[one].staff <= UNTIL or 0 < by_name[one].other <= UNTIL]
        first = [one for one in answered if 0 < by_name[one].staff <= (by_name[one].other or by_name[one].staff)]
        return len(first) / len(answered) if len(answered) >= 10 else None
    if name == "staff_post_share":
        staff = sum(by_name[one].staff_posts for one in rows)
        every = staff + sum(by_name[one].customer_posts for one in rows)
        return staff / every if every else None
    return promised(RULES, [(forum_of[one], by_name[one].touch) for one in rows], _forums(place))


def _forums(place: str) -> list[str]:
    return [forum for forum, rules in RULES.items() if rules.answers and place in (forum, "all")]


def _threads(place: str) -> list[str]:
    found = cover(lines(), SINCE, UNTIL, RULES)
    return found.total.rows("threads") if place == "all" else found.forums[place].rows("threads")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", NUMBERS)
def test_the_number_is_what_its_rows_say(covered: Covered, name: str, place: str) -> None:
    figures = covered.total if place == "all" else covered.forums[place]
    rows, number = figures.rows(name), figures.number(name)
    assert len(set(rows)) == len(rows)
    if name in COUNTS:
        assert number == len(rows)
    elif name in DURATIONS:
        assert number == pytest.approx(ONCE_MORE[name](rows))
    else:
        assert number == pytest.approx(_share(name, rows, place))


def test_every_number_is_looked_at() -> None:
    assert set(ONCE_MORE) == set(DURATIONS)
    assert set(NUMBERS) == set(COUNTS) | set(DURATIONS) | set(SHARES)
