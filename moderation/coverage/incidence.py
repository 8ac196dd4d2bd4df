"""How many threads have an answer of the staff after some time, where customers may be first.

Cumulative incidence with a competing event (Aalen and Johansen): the share of threads that the staff had answered first
after a time, beside the share that customers had answered or solved first. A thread that nobody answered counts as
watched until the end of the period, or until it was taken private or locked.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log

from moderation.coverage.deriving import LineBit
from moderation.coverage.slices import Slice

STAFF, CUSTOMERS, NOBODY = 1, 2, 0


@dataclass(frozen=True, slots=True)
class Step:
    """From ``seconds`` on: share first answered by the staff, share first answered or solved by customers; ``at_risk``
    threads were watched until then without either.
    """

    seconds: float
    staff: float
    customers: float
    at_risk: int

    @property
    def anyone(self) -> float:
        """Answered by either."""
        return self.staff + self.customers


def outcomes(part: Slice, *, working: bool = False) -> Iterator[tuple[int, int]]:
    """Of every thread: after how many ms what came first (:data:`STAFF`, :data:`CUSTOMERS`, :data:`NOBODY`)."""
    for _, after, kind in timed(part, working=working):
        yield after, kind


def timed(part: Slice, *, working: bool = False) -> Iterator[tuple[int, int, int]]:
    """The same with the row. ``working`` counts working time, and leaves a forum out that has no hours."""
    submitted = part.lines.submitted
    if not working:
        yield from ((row, at - submitted[row], kind) for row, at, kind in _firsts(part))
    elif part.time is not None:
        between = part.time.between
        yield from ((row, between(submitted[row], at), kind) for row, at, kind in _firsts(part))


def _firsts(part: Slice) -> Iterator[tuple[int, int, int]]:
    """Of every thread: row, when it was, what came first."""
    lines, cut = part.lines, part.cut
    by_staff = LineBit.BY_STAFF
    for row in part.threads:
        submitted, staff, other = lines.submitted[row], lines.staff[row], lines.other[row]
        solved = 0 if lines.bits[row] & by_staff else lines.solved[row]
        customers = min((at for at in (other, solved) if 0 < at <= cut), default=0)
        if 0 < staff <= cut and not 0 < customers < staff:
            yield row, staff, STAFF
        elif customers:
            yield row, customers, CUSTOMERS
        else:
            ends = [at for at in (lines.left[row], lines.closed[row]) if submitted < at < cut]
            yield row, min(ends, default=cut), NOBODY


def incidence(parts: Iterable[Slice], *, working: bool = False) -> list[Step]:
    """The curve as steps by time; empty for no threads."""
    told = sorted(one for part in parts for one in outcomes(part, working=working))
    at_risk, unanswered = len(told), 1.0
    staff = customers = 0.0
    steps = []
    for at, group in groupby(told, key=lambda one: one[0]):
        kinds = [kind for _, kind in group]
        by_staff, by_customers = kinds.count(STAFF), kinds.count(CUSTOMERS)
        if by_staff or by_customers:
            staff += unanswered * by_staff / at_risk
            customers += unanswered * by_customers / at_risk
            unanswered *= 1 - (by_staff + by_customers) / at_risk
            steps.append(Step(at / 1000, staff, customers, at_risk))
        at_risk -= len(kinds)
    return steps


def reached(steps: Iterable[Step], wanted: float) -> float | None:
    """After how many seconds the staff had first answered this share of all threads; ``None``: not reached."""
    return next((step.seconds for step in steps if step.staff >= wanted), None)


def share_at(steps: Sequence[Step], seconds: float) -> Step:
    """The step that holds after a time."""
    place = bisect_right(steps, seconds, key=lambda step: step.seconds)
    return steps[place - 1] if place else Step(0.0, 0.0, 0.0, 0)


def thinned(steps: Sequence[Step], points: int = 400) -> list[Step]:
    """Steps enough for a drawing with a logarithmic axis of time: of those that lie at one point the last."""
    if len(steps) <= points:
        return list(steps)
    low, high = log(max(steps[0].seconds, 1)), log(max(steps[-1].seconds, 2))
    width = max(high - low, 1e-9) / points
    places = {int((log(max(step.seconds, 1)) - low) / width): step for step in steps}
    return list(places.values())
