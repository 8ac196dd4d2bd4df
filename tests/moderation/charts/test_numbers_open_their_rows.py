"""Each number that is drawn or stands in a table opens exactly its rows: what stands there is computed here once more
from the facts of the rows alone.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from moderation.charts.curve import curve
from moderation.charts.heat_map import heat_map
from moderation.charts.numbers import at_the_top, others
from moderation.charts.shapes import Drawing, Size
from moderation.charts.tables import TABLES, forum_table
from moderation.charts.trend import trend
from moderation.charts.words import figure, percent, short
from moderation.coverage.deriving import Line
from moderation.coverage.doors import Behind, Door, asked
from moderation.coverage.figures import COUNTS, DURATIONS
from moderation.coverage.overview import TIMES_S
from tests.moderation.charts.sample import english, spans, view
from tests.moderation.coverage.held_out import RULES, UNTIL, derived, threads
from tests.moderation.coverage.naive import worked_ms
from tests.moderation.coverage.test_numbers_equal_rows import ONCE_MORE

DRAWINGS = {"top": at_the_top, "heat": heat_map, "curve": curve, "trend": trend, "numbers": others}
SIZE = Size(1100, 420)
BERLIN = ZoneInfo("Europe/Berlin")


def drawn(name: str, working: bool = False) -> Drawing:
    return DRAWINGS[name](english, view(working), SIZE)


FORUM_OF = {facts.thread: facts.forum for facts in threads()}
LINES = derived()


@cache
def took(name: str, *, working: bool, staff: bool = True) -> float | None:
    """Seconds to the first answer of the staff (or of anybody, a solution too) where it came first, else ``None``."""
    line, hours = LINES[name], RULES[FORUM_OF[name]].hours
    others_at = min((at for at in (line.other, line.solved if not line.bits & 2 else 0) if 0 < at <= UNTIL), default=0)
    first_is_staff = 0 < line.staff <= UNTIL and not 0 < others_at < line.staff
    at = line.staff if first_is_staff else 0 if staff else others_at
    if not at:
        return None
    return (worked_ms(hours, line.submitted, at) if working else at - line.submitted) / 1000


def every_thread(working: bool, forum: str = "") -> list[str]:
    counted = spans().now.total.rows("threads")
    return [name for name in counted if (not forum or FORUM_OF[name] == forum)
            and (not working or RULES[FORUM_OF[name]].has_hours)]  # fmt: skip


@pytest.mark.parametrize("working", [False, True])
@pytest.mark.parametrize("seconds", TIMES_S)
@pytest.mark.parametrize("kind", [Behind.STAFF, Behind.ANYONE])
def test_points_of_the_curve(kind: Behind, seconds: int, working: bool) -> None:
    (mark,) = (m for m in drawn("curve", working).marks if m.door.kind is kind and m.door.at == seconds * 1000)
    rows = spans().rows(mark.door)
    times = {name: took(name, working=working, staff=kind is Behind.STAFF) for name in every_thread(working)}
    assert set(rows) == {name for name, time in times.items() if time is not None and time <= seconds}
    said = f", {len(rows)} thread, " if len(rows) == 1 else f", {len(rows)} threads, "
    assert said in mark.said


@pytest.mark.parametrize("day", range(7))
def test_squares_of_the_heat_map(day: int) -> None:
    marks = {mark.door.at: mark for mark in drawn("heat").marks if mark.door.at // 24 == day}
    counted = every_thread(working=False)
    for hour in range(24):
        slot = day * 24 + hour
        rows = [name for name in counted if _slot(LINES[name]) == slot]
        assert (slot in marks) is bool(rows)
        if rows:
            assert sorted(spans().rows(marks[slot].door)) == sorted(rows)
            times = [(line.staff - line.submitted) / 1000 for line in map(LINES.get, rows) if line and line.staff]
            assert view().cells[slot].median_s == (statistics.median(times) if times else None)
            cell = TABLES["heat"](english, view()).rows[day][hour + 1]
            assert cell.text == (short(english, statistics.median(times)) if times else "–")
            assert cell.door == marks[slot].door


def _slot(line: Line) -> int:
    wall = datetime.fromtimestamp(line.submitted / 1000, UTC).astimezone(BERLIN)
    return wall.weekday() * 24 + wall.hour


def test_weeks_of_the_trend() -> None:
    table = TABLES["trend"](english, view())
    for row, week in zip(table.rows, view().weeks, strict=True):
        count, judged, within, share = row[1:]
        for cell in (count, judged, within):
            assert cell.door is not None
            assert cell.text == str(len(spans().rows(cell.door)))
            assert all(0 <= LINES[name].submitted - week.monday < 8 * 86_400_000 for name in spans().rows(cell.door))
        assert share.door == judged.door
        assert share.text in {"fewer than 10", percent(week.within / max(1, week.judged))}
    drawn_weeks = {mark.door.at for mark in drawn("trend").marks}
    assert drawn_weeks == {week.monday for week in view().weeks if week.share is not None}
    assert sum(week.threads for week in view().weeks) == view().threads


def figures_shown() -> Iterator[tuple[str, Door, str]]:
    """Every figure in drawings and tables: what it says, its door, where it stands."""
    for name in ("top", "numbers"):
        for mark in drawn(name).marks:
            if mark.door.kind is Behind.FIGURE:
                yield mark.said, mark.door, name
    for name in ("numbers", "forums"):
        for row in TABLES[name](english, view()).rows:
            for cell in row:
                if cell.door is not None and cell.door.kind is Behind.FIGURE:
                    yield cell.text, cell.door, f"{name} table"


SHOWN = list(figures_shown())


@pytest.mark.parametrize(
    ("said", "door", "where"), SHOWN, ids=[f"{w}-{d.forum}-{d.name}-{d.before}" for _, d, w in SHOWN]
)
def test_figures(said: str, door: Door, where: str) -> None:
    rows = spans().rows(door)
    assert [one.thread for one in asked(spans(), door)] != [] or not rows
    assert {one.thread for one in asked(spans(), door)} == set(rows)
    if door.name in COUNTS:
        assert str(len(rows)) in said.replace(",", " ").split() or said == "–"
    elif door.name in DURATIONS and not door.before:
        assert figure(english, door.name, ONCE_MORE[door.name](rows)) in said or _not_told(said)
    else:
        part = {"within_goal": _within, "first_by_staff_share": _first, "staff_post_share": _posts}.get(door.name)
        assert part is None or door.before or percent(part(rows)) in said or _not_told(said)


def _not_told(said: str) -> bool:
    return any(word in said for word in ("–", "fewer than 10", "< 10", "no hours set", "no goal set"))


def _within(rows: Sequence[str]) -> float:
    limits = {name: (RULES[FORUM_OF[name]].goal_s or 0) + RULES[FORUM_OF[name]].grace_s for name in rows}
    return sum((took_staff(name) or 0) <= limits[name] for name in rows) / max(1, len(rows))


def took_staff(name: str) -> float:
    line = LINES[name]
    return worked_ms(RULES[FORUM_OF[name]].hours, line.submitted, line.staff) / 1000


def _first(rows: Sequence[str]) -> float:
    told = [LINES[name] for name in rows if LINES[name].staff or LINES[name].other]
    return sum(bool(line.staff) and not 0 < line.other < line.staff for line in told) / max(1, len(told))


def _posts(rows: Sequence[str]) -> float:
    told = [LINES[name] for name in rows]
    staff = sum(line.staff_posts for line in told)
    return staff / max(1, staff + sum(line.customer_posts for line in told))


@pytest.mark.parametrize("forum", ["help", "night", "chat"])
def test_what_a_forum_answered_within_a_day(forum: str) -> None:
    row = next(one for one in forum_table(english, view()).rows if one[0].text == forum.title())
    door = row[7].door
    assert door is not None
    times = {name: took(name, working=False) for name in every_thread(working=False, forum=forum)}
    assert set(spans().rows(door)) == {name for name, time in times.items() if time is not None and time <= 86_400}
    assert (row[7].text == "< 10") is (len(times) < 10)


def test_headline_numbers_open_those_answered_by_then() -> None:
    for mark, reached in zip(drawn("top").marks, (view().half, view().nine), strict=False):
        limit = reached if reached is not None else mark.door.at / 1000
        times = {name: took(name, working=False) for name in every_thread(working=False)}
        rows = {name for name, time in times.items() if time is not None and time <= limit}
        assert set(spans().rows(mark.door)) == rows


def test_what_the_headline_was_before_opens_the_rows_of_then() -> None:
    cell = TABLES["numbers"](english, replace(view(), half_before=7_200.0)).rows[0][2]
    assert (cell.text, cell.door) == ("2 h 0 min", Door(Behind.STAFF, at=7_200_000, before=True))
    then = spans().before
    assert then is not None
    times = {name: took(name, working=False) for name in then.total.rows("threads")}
    rows = spans().rows(Door(Behind.STAFF, at=7_200_000, before=True))
    assert set(rows) == {name for name, time in times.items() if time is not None and time <= 7_200}
    assert rows


def test_every_figure_there_is_can_be_seen() -> None:
    from moderation.coverage.figures import NUMBERS

    both = {mark.door.name for name in ("top", "numbers") for mark in drawn(name).marks}
    assert set(NUMBERS) <= both
    assert set(NUMBERS) <= {door.name for _, door, where in SHOWN if where == "numbers table"}


def test_rows_say_how_their_threads_stand() -> None:
    found = {one.thread: one for one in asked(spans(), Door(Behind.FIGURE, "threads"))}
    still = set(spans().rows(Door(Behind.FIGURE, "open")))
    assert {name for name, one in found.items() if one.stands in {"open", "customers"}} <= still
    times = [one.submitted for one in asked(spans(), Door(Behind.FIGURE, "threads"))]
    assert times == sorted(times, reverse=True)
    oldest = asked(spans(), Door(Behind.FIGURE, "oldest_open_s"))
    assert (UNTIL - oldest[0].submitted) / 1000 == view().numbers["oldest_open_s"]


def test_a_door_into_a_time_that_nobody_looked_at_is_empty() -> None:
    from moderation.coverage.doors import Spans

    alone = Spans(spans().now)
    assert alone.rows(Door(Behind.FIGURE, "threads", before=True)) == []
    assert alone.rows(Door(Behind.WEEK, "threads", at=view().weeks[0].monday)) == []
