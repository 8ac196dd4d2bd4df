"""The heat map: when customers wait, by weekday and hour of asking, with the median in each square."""

from collections.abc import Iterator

from moderation.charts.shapes import Box, Drawing, Mark, Say, Shape, Size, Text
from moderation.charts.words import counted, short, span, tick
from moderation.coverage.doors import Behind, Door
from moderation.coverage.heat import Cell
from moderation.coverage.overview import Overview

LIMITS_S = (1_800, 3_600, 7_200, 14_400, 28_800)
"""Seconds at which a square becomes darker."""
_TOP, _LEFT, _RIGHT = 62, 40, 2
_LEGEND = 18


def level(seconds: float) -> int:
    """How dark a square is, 0 to 5."""
    return sum(seconds >= limit for limit in LIMITS_S)


def cell_text(say: Say, cell: Cell) -> str:
    """What stands in a square."""
    return say("coverage_none") if cell.median_s is None else short(say, cell.median_s)


def cell_said(say: Say, slot: int, cell: Cell) -> str:
    """A square in full: “Sunday 19:00: median 10 h 5 min, 6 threads, 1 of them still open”."""
    day, hour = divmod(slot, 24)
    median = say("coverage_cell_none") if cell.median_s is None else say(
        "coverage_cell_median", span=span(say, cell.median_s)
    )  # fmt: skip
    when = say("coverage_cell_when", day=say(f"coverage_day_{day}"), hour=f"{hour:02}:00")
    code = "coverage_cell_open" if cell.open else "coverage_cell"
    return counted(say, code, len(cell.threads), when=when, median=median, open=cell.open)


def heat_map(say: Say, view: Overview, size: Size) -> Drawing:
    """The drawing, titled; squares in which nobody asked are empty."""
    grid = _Grid(say, view, size)
    return Drawing(size.width, size.height, say("coverage_heat"), tuple(grid.shapes()), tuple(grid.marks()))


class _Grid:
    def __init__(self, say: Say, view: Overview, size: Size) -> None:
        self._say, self._view, self._size = say, view, size
        self._top, self._left = _TOP * size.scale, _LEFT * size.scale
        self._wide = (size.width - self._left - _RIGHT) / 24
        self._high = (size.height - self._top - _RIGHT) / 7

    def shapes(self) -> Iterator[Shape]:
        say, scale = self._say, self._size.scale
        room = self._size.width - 9 * _LEGEND * scale - 60 * scale
        note = say("coverage_heat_working" if self._view.working else "coverage_heat_elapsed")
        yield Text(0, 14 * scale, say("coverage_heat"), "strong", "text", weight=600, room=room, note=note)
        yield from self._legend()
        for hour in range(0, 24, 2):
            yield Text(self._left + (hour + 0.5) * self._wide, 48 * scale, f"{hour:02}", anchor="middle")
        for day in range(7):
            yield Text(0, self._top + (day + 0.5) * self._high, say(f"coverage_weekday_{day}"))
        for slot in range(168):
            yield from self._square(slot)

    def _legend(self) -> Iterator[Shape]:
        scale, middle = self._size.scale, 14 * self._size.scale
        ends = tick(self._say, LIMITS_S[0]), tick(self._say, LIMITS_S[-1])
        right = self._size.width - 36 * scale
        yield Text(right + 6 * scale, middle, ends[1])
        left = right - 6 * _LEGEND * scale
        for step in range(6):
            x = left + step * _LEGEND * scale
            yield Box(x, middle - 6 * scale, _LEGEND * scale - 1, 11 * scale, f"heat{step}", "line")
        yield Text(left - 6 * scale, middle, ends[0], anchor="end")

    def _place(self, slot: int) -> tuple[float, float, float, float]:
        day, hour = divmod(slot, 24)
        return (
            round(self._left + hour * self._wide, 1) + 1, round(self._top + day * self._high, 1) + 1,
            round(self._wide, 1) - 2, round(self._high, 1) - 2,
        )  # fmt: skip

    def _square(self, slot: int) -> Iterator[Shape]:
        x, y, wide, high = self._place(slot)
        cell = self._view.cells.get(slot)
        if cell is None:
            yield Box(x, y, wide, high, stroke="line")
            return
        ground = "surface" if cell.median_s is None else f"heat{level(cell.median_s)}"
        yield Box(x, y, wide, high, ground, "line" if ground in {"surface", "heat0"} else "")
        yield Text(x + wide / 2, y + high / 2, cell_text(self._say, cell), "caption", f"on:{ground}", "middle")

    def marks(self) -> Iterator[Mark]:
        for slot, cell in sorted(self._view.cells.items()):
            door = Door(Behind.HOUR, at=slot)
            yield Mark(*self._place(slot), cell_said(self._say, slot, cell), door, self._say("coverage_heat_note"))
