"""When customers wait: the median time to the staff's answer by weekday and hour of asking, on the forum's clock."""

from collections.abc import Iterable
from dataclasses import dataclass

from moderation.coverage.slices import Slice
from moderation.coverage.statistics import median


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of the week: seconds to the staff's answer (``None``: none was answered), and the threads (native ids)
    asked then, ``open`` of them still open.
    """

    median_s: float | None
    threads: tuple[str, ...]
    open: int


def heat(parts: Iterable[Slice], *, working: bool = False) -> dict[int, Cell]:
    """Cells by hour of the week (0 Monday 00 … 167 Sunday 23); where nobody asked there is none. ``working``: the
    median of working time, of forums that have hours.
    """
    asked: dict[int, list[str]] = {}
    took: dict[int, list[int]] = {}
    still: dict[int, int] = {}
    for part in parts:
        names, submitted, staff = part.lines.threads, part.lines.submitted, part.lines.staff
        cut, slot, loose = part.cut, part.zone.slot, set(part.open)
        worked = part.working if working else None
        for row in part.threads:
            at = slot(submitted[row])
            asked.setdefault(at, []).append(names[row])
            if worked is None and 0 < staff[row] <= cut:
                took.setdefault(at, []).append(staff[row] - submitted[row])
            elif worked is not None and row in worked:
                took.setdefault(at, []).append(worked[row])
            still[at] = still.get(at, 0) + (row in loose)
    return {at: Cell(_seconds(took.get(at, [])), tuple(threads), still[at]) for at, threads in sorted(asked.items())}


def _seconds(values: list[int]) -> float | None:
    found = median(values)
    return None if found is None else found / 1000
