"""Numbers with their names: the three at the top with the bar of who answered, and all the others in columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from moderation.charts.shapes import Box, Drawing, Mark, Path, Say, Shape, Size, Text
from moderation.charts.words import compared, count, counted, figure, goal, percent, span, tick
from moderation.coverage.doors import Behind, Door
from moderation.coverage.overview import DAY_S, THREE_DAYS_S, Overview

SPLIT = (("answered_by_staff", "heat4"), ("answered_by_community", "heat2"), ("unanswered", ""))
"""The parts of the bar with their colours; the last is an outline."""
OTHERS = (
    "open", "oldest_open_s", "waiting", "longest_wait_s",
    "first_response_median_s", "first_response_p90_s", "working_median_s", "working_p90_s",
    "first_by_staff", "first_by_staff_share", "staff_post_share", "too_soon",
    "touched", "first_touch_median_s", "first_touch_p90_s", "community_median_s",
    "solved", "solved_by_customers", "reopened", "answered_within_goal",
    "taken_private", "unanswered_taken_private", "held", "approval_median_s",
    "promised_covered", "partial",
)  # fmt: skip
"""What is told below the charts: open and waiting; how fast; too much of the staff; the rest."""
AT_THE_TOP = ("threads", "answered_by_staff", "answered_by_community", "unanswered", "within_goal")
COLUMN = 232
HEADLINE = 92
_ROW, _HEAD = 60, 34
_NARROW = 940


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its name, a comparison, its door and what it means."""

    label: str
    value: str
    note: str
    door: Door
    means: str

    @property
    def said(self) -> str:
        """All of it."""
        return ": ".join((self.label, ", ".join(part for part in (self.value, self.note) if part)))


def tile(say: Say, view: Overview, name: str) -> Tile:
    """A figure by name."""
    value = figure(say, name, view.numbers[name], view.why.get(name, ""))
    note = compared(say, name, view.numbers[name], view.before.get(name))
    means = say(f"coverage_means_{name}")
    return Tile(say(f"coverage_{name}"), value, note, Door(Behind.FIGURE, name), means)


def headline(say: Say, view: Overview) -> list[Tile]:
    """The three at the top: after how long half, and nine of ten, of all threads have an answer of the staff (both from
    the curve); the share within the goal.
    """
    ends = say("coverage_not_reached" if view.steps else "coverage_why_few")
    tiles = []
    for code, reached, told in (("half", view.half, DAY_S), ("nine", view.nine, THREE_DAYS_S)):
        value = span(say, reached) if reached is not None else ends
        at = round((reached if reached is not None else told) * 1000)
        door = Door(Behind.STAFF, at=at, working=view.working)
        tiles.append(Tile(say(f"coverage_{code}"), value, _after(say, view, told), door, say(f"coverage_means_{code}")))
    aimed, shown = goal(say, view), tile(say, view, "within_goal")
    label = say("coverage_within", goal=aimed) if aimed else shown.label
    within, judged = view.numbers["answered_within_goal"], sum(len(part.judged) for part in view.spans.now.total.parts)
    note = say("coverage_of", n=within, of=judged) if view.numbers["within_goal"] is not None else ""
    was = view.before.get("within_goal")
    if note and was is not None:
        note = say("coverage_of_was", of=note, was=percent(was))
    return [*tiles, Tile(label, shown.value, note, shown.door, shown.means)]


def _after(say: Say, view: Overview, seconds: int) -> str:
    one = next(one for one in view.after if one.seconds == seconds)
    if one.staff is None:
        return ""
    said = say("coverage_share_after", share=percent(one.staff), time=tick(say, seconds))
    return say("coverage_of_was", of=said, was=percent(one.before)) if one.before is not None else said


def at_the_top(say: Say, view: Overview, size: Size) -> Drawing:
    """Headline numbers beside each other, then (where there is no room: below) the bar of who answered, with its counts
    in words above it.
    """
    scale, tiles, narrow = size.scale, headline(say, view), _narrow(size)
    room = size.width * (1 if narrow else 0.66) / len(tiles)
    high = HEADLINE * scale
    shapes: list[Shape] = []
    marks: list[Mark] = []
    for at, one in enumerate(tiles):
        x = at * room
        shapes += _tile(one, x, 8 * scale, room - 24 * scale, scale, "figure")
        if not narrow or at < len(tiles) - 1:
            shapes.append(Path(((x + room - 14 * scale, 8 * scale), (x + room - 14 * scale, high - 8)), "line"))
        marks.append(Mark(x - 4, 4 * scale, room - 14 * scale, high - 8 * scale, one.said, one.door, one.means))
    bar = _Bar(say, view, (0, high) if narrow else (len(tiles) * room + 6 * scale, 0), size)
    return Drawing(
        size.width, size.height, say("coverage_chart_top"), (*shapes, *bar.shapes()), (*marks, *bar.marks())
    )  # fmt: skip


def _narrow(size: Size) -> bool:
    return size.width < _NARROW * size.scale


def height_of_top(size: Size) -> float:
    """The height that :func:`at_the_top` takes at a width."""
    return HEADLINE * size.scale * (2 if _narrow(size) else 1)


def _tile(one: Tile, x: float, y: float, room: float, scale: float, role: str) -> list[Shape]:
    large = role == "figure"
    steps = (8, 34, 60) if large else (7, 25, 42)
    return [
        Text(x, y + steps[0] * scale, one.label, "small", "text2", room=room),
        Text(x, y + steps[1] * scale, one.value, role, "text", weight=600, room=room),
        Text(x, y + steps[2] * scale, one.note, "small" if large else "caption", "text2", room=room),
    ]


class _Bar:
    """The bar of who answered."""

    def __init__(self, say: Say, view: Overview, at: tuple[float, float], size: Size) -> None:
        self._say, self._view, self._size = say, view, size
        self._x, self._y = at
        self._width = size.width - self._x - 2

    def _parts(self) -> Iterator[tuple[str, str, int, float, float]]:
        """Name, colour, count, where it begins, how wide it is."""
        whole, at = max(1, self._view.threads), self._x
        for name, colour in SPLIT:
            number = int(self._view.numbers[name] or 0)
            wide = self._width * number / whole
            yield name, colour, number, at, wide
            at += wide

    def shapes(self) -> Iterator[Shape]:
        scale = self._size.scale
        column = self._width / 3
        for at, (name, colour, number, _, _) in enumerate(self._parts()):
            x = self._x + at * column
            yield Box(x, self._y + 11 * scale, 10 * scale, 10 * scale, colour, "" if colour else "text2")
            label = self._say(f"coverage_split_{name}")
            room = column - 22 * scale
            yield Text(
                x + 16 * scale, self._y + 16 * scale, count(number), "body", "text", weight=600, room=room, note=label
            )
        for _, colour, _, x, wide in self._parts():
            if wide >= 1:
                yield Box(x, self._y + 38 * scale, max(1, wide - 2), 8 * scale, colour, "" if colour else "text2")
        said = counted(self._say, "coverage_begun", self._view.threads)
        yield Text(self._x, self._y + 68 * scale, said, "small", "text2", room=self._width)

    def marks(self) -> Iterator[Mark]:
        scale, column = self._size.scale, self._width / 3
        for at, (name, _, _, _, _) in enumerate(self._parts()):
            one = tile(self._say, self._view, name)
            yield Mark(
                self._x + at * column - 2, self._y + 4 * scale, column - 4, 24 * scale, one.said, one.door, one.means
            )  # fmt: skip
        whole = tile(self._say, self._view, "threads")
        yield Mark(self._x - 2, self._y + 58 * scale, self._width, 20 * scale, whole.said, whole.door, whole.means)


def others(say: Say, view: Overview, size: Size, names: Sequence[str] = OTHERS) -> Drawing:
    """All other figures in columns, row by row."""
    scale = size.scale
    columns = columns_of(size)
    room = size.width / columns
    shapes: list[Shape] = [Text(0, 14 * scale, say("coverage_others"), "strong", "text", weight=600)]
    marks: list[Mark] = []
    for at, name in enumerate(names):
        row, column = divmod(at, columns)
        x, y = column * room, (_HEAD + row * _ROW) * scale
        one = tile(say, view, name)
        shapes += _tile(one, x, y, room - 16 * scale, scale, "pane")
        marks.append(Mark(x - 4, y - 3 * scale, room - 10 * scale, 55 * scale, one.said, one.door, one.means))
    return Drawing(size.width, size.height, say("coverage_others"), tuple(shapes), tuple(marks))


def columns_of(size: Size) -> int:
    """How many columns have room, four at most, so that figures that belong together stand in a row."""
    wide = int(size.width // (COLUMN * size.scale))
    return 4 if wide >= 4 else 2 if wide >= 2 else 1


def height_of_others(size: Size, names: Sequence[str] = OTHERS) -> float:
    """The height that :func:`others` takes at a width."""
    return (_HEAD + -(-len(names) // columns_of(size)) * _ROW) * size.scale
