"""Tables: the twin of each drawing, number by number, and the forums. Every number has its door."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from moderation.charts.curve import after_said
from moderation.charts.heat_map import cell_said, cell_text
from moderation.charts.numbers import AT_THE_TOP, OTHERS, Tile, headline, tile
from moderation.charts.shapes import Say
from moderation.charts.trend import week_number, week_said
from moderation.charts.words import count, figure, percent, share, span, tick
from moderation.coverage.doors import Behind, Door
from moderation.coverage.figures import NUMBERS, Figures, Number
from moderation.coverage.overview import DAY_S, ForumLine, Overview
from moderation.text import neutralise

if TYPE_CHECKING:
    from moderation.desk.coverage import Seen


@dataclass(frozen=True, slots=True)
class TableCell:
    """A value as it is read; ``said`` is all of it. Without a door nothing stands behind it."""

    text: str
    said: str = ""
    door: Door | None = None
    means: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` name the values; the first one of a row is its head."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]


def heat_table(say: Say, view: Overview) -> Table:
    """Weekdays by hours, as in the drawing."""
    columns = (say("coverage_weekday"), *(f"{hour:02}" for hour in range(24)))
    rows = []
    for day in range(7):
        name = say(f"coverage_weekday_{day}")
        cells = [_hour(say, view, day * 24 + hour) for hour in range(24)]
        rows.append((TableCell(name, name), *cells))
    return Table(say("coverage_heat"), columns, tuple(rows))


def _hour(say: Say, view: Overview, slot: int) -> TableCell:
    cell = view.cells.get(slot)
    if cell is None:
        return TableCell("", say("coverage_cell_nobody"))
    door = Door(Behind.HOUR, at=slot)
    return TableCell(cell_text(say, cell), cell_said(say, slot, cell), door, say("coverage_heat_note"))


def curve_table(say: Say, view: Overview) -> Table:
    """After each time: shares of staff and anybody, each with its number of threads; the staff in the time before."""
    columns = tuple(say(f"coverage_curve_{name}") for name in ("time", "staff", "staff_n", "anyone", "anyone_n", "was"))
    rows, means = [], say("coverage_means_curve")
    for one in view.after:
        at, working = one.seconds * 1000, view.working
        doors = (Door(Behind.STAFF, at=at, working=working), Door(Behind.ANYONE, at=at, working=working))
        said = (after_said(say, one, staff=True), after_said(say, one, staff=False))
        name = tick(say, one.seconds)
        was = percent(one.before) if one.before is not None else say("coverage_none")
        then = Door(Behind.STAFF, at=at, before=True, working=working) if one.before is not None else None
        rows.append((
            TableCell(name, name),
            TableCell(share(say, one.staff), said[0], doors[0], means),
            TableCell(count(one.by_staff), said[0], doors[0], means),
            TableCell(share(say, one.anyone), said[1], doors[1], means),
            TableCell(count(one.by_anyone), said[1], doors[1], means),
            TableCell(was, f"{columns[5]}: {was}", then, means),
        ))  # fmt: skip
    return Table(say("coverage_curve"), columns, tuple(rows))


def trend_table(say: Say, view: Overview) -> Table:
    """Week by week: threads, answers that are judged, those within the goal, their share."""
    columns = tuple(say(f"coverage_week_{name}") for name in ("name", "threads", "judged", "within", "share"))
    rows = []
    for week in view.weeks:
        said, number = week_said(say, week), say("coverage_week_tick", week=week_number(week))
        part = share(say, week.share)
        names = ("threads", "within_goal", "answered_within_goal", "within_goal")
        texts = (count(week.threads), count(week.judged), count(week.within), part)
        cells = [
            TableCell(text, said, Door(Behind.WEEK, name, at=week.monday), say(f"coverage_means_{name}"))
            for name, text in zip(names, texts, strict=True)
        ]
        rows.append((TableCell(number, said), *cells))
    return Table(say("coverage_trend"), columns, tuple(rows))


def numbers_table(say: Say, view: Overview) -> Table:
    """Every figure with its value, that of the time before, and its definition."""
    return _numbers(say, say("coverage_numbers"), (*_headline(say, view), *_figures(say, view, ALL)))


def top_table(say: Say, view: Overview) -> Table:
    """The same of what stands at the top."""
    return _numbers(say, say("coverage_chart_top"), (*_headline(say, view), *_figures(say, view, AT_THE_TOP)))


def others_table(say: Say, view: Overview) -> Table:
    """The same of the others."""
    return _numbers(say, say("coverage_others"), _figures(say, view, OTHERS))


ALL = (*AT_THE_TOP, *OTHERS)
"""Every figure, in the order of the screen."""
Row: TypeAlias = tuple[TableCell, ...]


def _numbers(say: Say, title: str, rows: Iterable[Row]) -> Table:
    columns = tuple(say(f"coverage_column_{name}") for name in ("figure", "now", "before", "means"))
    return Table(title, columns, tuple(rows))


def _headline(say: Say, view: Overview) -> list[Row]:
    earlier = (view.half_before, view.nine_before)
    return [
        (
            TableCell(one.label, one.said),
            TableCell(one.value, one.said, one.door, one.means),
            _reached_before(say, view, one, before),
            TableCell(one.means, one.means),
        )
        for one, before in zip(headline(say, view), earlier, strict=False)
    ]


def _reached_before(say: Say, view: Overview, one: Tile, before: float | None) -> TableCell:
    if not view.before:
        return TableCell("")
    if before is None:
        said = say("coverage_not_reached" if view.earlier else "coverage_why_few")
        return TableCell(said, f"{one.label}, {say('coverage_column_before')}: {said}")
    said = span(say, before)
    door = Door(Behind.STAFF, at=round(before * 1000), before=True, working=view.working)
    return TableCell(said, f"{one.label}, {say('coverage_column_before')}: {said}", door, one.means)


def _figures(say: Say, view: Overview, names: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for name in names:
        shown = tile(say, view, name)
        earlier = figure(say, name, view.before[name]) if name in view.before else ""
        then = Door(Behind.FIGURE, name, before=True) if view.before.get(name) is not None else None
        said = f"{shown.label}, {say('coverage_column_before')}: {earlier}"
        rows.append((
            TableCell(shown.label, shown.said),
            TableCell(shown.value, shown.said, shown.door, shown.means),
            TableCell(earlier, said, then, shown.means),
            TableCell(shown.means, shown.means),
        ))  # fmt: skip
    return rows


_FORUM_COLUMNS = ("threads", "staff", "customers", "unanswered", "open", "median", "day", "goal", "goal_before")


def forum_table(say: Say, view: Overview) -> Table:
    """Forums, most threads first."""
    columns = (say("coverage_forum"), *(say(f"coverage_forum_{name}") for name in _FORUM_COLUMNS))
    rows = tuple(_forum(say, view, line, columns) for line in view.forums)
    return Table(say("coverage_by_forum"), columns, rows)


def _forum(say: Say, view: Overview, line: ForumLine, columns: Sequence[str]) -> tuple[TableCell, ...]:
    median = "working_median_s" if view.working else "first_response_median_s"
    head, native = neutralise(line.name), line.native
    day = percent(line.within_day) if line.within_day is not None else say("coverage_few_short")
    before = figure(say, "within_goal", line.goal_before)
    in_a_day = Door(Behind.STAFF, at=DAY_S * 1000, forum=native, working=view.working)
    then = Door(Behind.FIGURE, "within_goal", native, before=True) if line.goal_before is not None else None
    name = ("threads", "answered_by_staff", "answered_by_community", "unanswered", "open", median)

    def cell(at: int, text: str, door: Door | None, means: str) -> TableCell:
        return TableCell(text, f"{head}, {columns[at]}: {text}", door, say(means))

    def told(at: int, one: str) -> TableCell:
        why = line.why.get(one, "")
        text = say("coverage_few_short") if why == "few" else figure(say, one, line.numbers[one], why)
        return cell(at, text, Door(Behind.FIGURE, one, native), f"coverage_means_{one}")

    return (
        TableCell(head, head),
        *(told(at, one) for at, one in enumerate(name, 1)),
        cell(7, day, in_a_day, "coverage_means_day"),
        told(8, "within_goal"),
        cell(9, before, then, "coverage_means_within_goal"),
    )


TABLES: dict[str, Callable[[Say, Overview], Table]] = {
    "numbers": numbers_table,
    "heat": heat_table,
    "curve": curve_table,
    "trend": trend_table,
    "forums": forum_table,
}
"""By name of what they are the twin of."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(table: Table) -> str:
    """A table for spreadsheets, as it is read."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(name) for name in table.columns])
    writer.writerows([harmless(cell.text) for cell in row] for row in table.rows)
    return out.getvalue()


def numbers(figures: Figures) -> dict[str, Number]:
    """All figures by name."""
    return {name: figures.number(name) for name in NUMBERS}


def figures_csv(seen: "Iterable[Seen]") -> str:
    """A row a forum, all figures, for spreadsheets: names of columns are the figures' own. Nothing is rounded."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["forum", "forum_name", *NUMBERS])
    for one in seen:
        for forum in one.forums:
            found = numbers(one.figures(forum.id))
            writer.writerow([str(forum.id), harmless(forum.name), *("" if n is None else n for n in found.values())])
    return out.getvalue()
