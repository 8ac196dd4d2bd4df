"""Doors: what a number on a screen stands for, so that opening it gives exactly its rows."""

from dataclasses import dataclass
from enum import StrEnum

from moderation.coverage.computing import Covered
from moderation.coverage.figures import Figures
from moderation.coverage.heat import heat
from moderation.coverage.incidence import CUSTOMERS, STAFF, timed
from moderation.coverage.slices import Slice


class Behind(StrEnum):
    """What stands behind a door: the rows of a figure, of an hour of the week, of a week, or the threads that the staff
    (or anybody) had answered first after a time.
    """

    FIGURE = "figure"
    HOUR = "hour"
    WEEK = "week"
    STAFF = "staff"
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Door:
    """``name`` is a figure's; ``forum`` a native id, empty for all. ``at``: the hour of the week (0 to 167), the Monday
    of the week (ms), or the time after submission (ms), which ``working`` counts in working time. ``before``: of the
    time before.
    """

    kind: Behind
    name: str = ""
    forum: str = ""
    at: int = 0
    before: bool = False
    working: bool = False


@dataclass(frozen=True)
class Spans:
    """What doors lead into: the time, the time before it, and the weeks of the trend."""

    now: Covered
    before: Covered | None = None
    trend: Covered | None = None

    def figures(self, door: Door) -> Figures:
        """Figures that a door is about; none where that time was not looked at."""
        if door.kind is Behind.WEEK:
            return dict(self.trend.weeks()).get(door.at, Figures(())) if self.trend is not None else Figures(())
        covered = self.before if door.before else self.now
        if covered is None:
            return Figures(())
        return covered.forums[door.forum] if door.forum else covered.total

    def rows(self, door: Door) -> list[str]:
        """The threads (native ids) behind a door."""
        figures = self.figures(door)
        if door.kind in {Behind.FIGURE, Behind.WEEK}:
            return figures.rows(door.name)
        if door.kind is Behind.HOUR:
            cell = heat(figures.parts).get(door.at)
            return list(cell.threads) if cell is not None else []
        wanted = {STAFF} if door.kind is Behind.STAFF else {STAFF, CUSTOMERS}
        return [name for part in figures.parts for name in _answered(part, wanted, door)]


def _answered(part: Slice, wanted: set[int], door: Door) -> list[str]:
    names = part.lines.threads
    return [names[row] for row, after, kind in timed(part, working=door.working) if kind in wanted and after <= door.at]


@dataclass(frozen=True, slots=True)
class Asked:
    """A thread behind a door: when it was submitted, first answered by the staff and by another member (ms, 0: never),
    and how it stands: ``left`` the public, ``solved``, ``closed``, ``answered``, ``customers`` answered alone, or
    ``open``.
    """

    thread: str
    forum: str
    submitted: int
    staff: int
    other: int
    stands: str


_OLDEST_FIRST = frozenset({"open", "oldest_open_s", "waiting", "longest_wait_s", "unanswered"})


def asked(spans: Spans, door: Door) -> list[Asked]:
    """The threads behind a door with what is known of them, newest first, or oldest first where that is asked."""
    wanted, found = set(spans.rows(door)), []
    for part in spans.figures(door).parts:
        names, lines = part.lines.threads, part.lines
        for row in part.threads:
            if names[row] in wanted:
                times = (lines.submitted[row], _by(lines.staff[row], part.cut), _by(lines.other[row], part.cut))
                found.append(Asked(names[row], part.forum, *times, _stands(part, row)))
    return sorted(found, key=lambda one: one.submitted, reverse=door.name not in _OLDEST_FIRST)


def _by(at: int, cut: int) -> int:
    return at if 0 < at <= cut else 0


def _stands(part: Slice, row: int) -> str:
    lines, cut = part.lines, part.cut
    told = (("left", lines.left), ("solved", lines.solved), ("closed", lines.closed), ("answered", lines.staff))
    return next(
        (name for name, column in told if _by(column[row], cut)), "customers" if _by(lines.other[row], cut) else "open"
    )
