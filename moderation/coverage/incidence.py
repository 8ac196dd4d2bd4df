"""How many threads have an answer of the staff after some time, where customers may be first.

Cumulative incidence with a competing event (Aalen and Johansen): the share of threads that the staff had answered first
after a time, beside the share that customers had answered or solved first. A thread that nobody answered counts as
watched until the end of the period, or until it was taken private or locked.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from moderation.coverage.deriving import LineBit
from moderation.coverage.slices import Slice

STAFF, CUSTOMERS, NOBODY = 1, 2, 0
_BITS, _KIND = 2, 3
"""A number holds milliseconds above the two bits of a kind: such numbers are sorted fast."""


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
    return ((code >> _BITS, code & _KIND) for code in _coded(part, working))


def timed(part: Slice, *, working: bool = False) -> Iterator[tuple[int, int, int]]:
    """The same with the row. ``working`` counts working time, and leaves a forum out that has no hours."""
    codes = _coded(part, working)
    return ((row, code >> _BITS, code & _KIND) for row, code in zip(part.threads, codes, strict=False))


def _coded(part: Slice, working: bool) -> list[int]:
    """Milliseconds and kind of every thread in one number, in the order of rows; computed once for a slice."""
    return part.kept(f"incidence {working}", lambda: _code(part, working))


def _code(part: Slice, working: bool) -> list[int]:
    if working and part.time is None:
        return []
    ends, kinds = _firsts(part)
    asked = part.values(part.lines.submitted, part.threads)
    if working and part.time is not None:
        after = part.time.spans(asked, ends)
    else:
        after = [end - start for start, end in zip(asked, ends, strict=True)]
    return [span << _BITS | kind for span, kind in zip(after, kinds, strict=True)]


def _firsts(part: Slice) -> tuple[list[int], list[int]]:
    """Of every thread: when it was, and what came first."""
    lines, cut, by_staff = part.lines, part.cut, LineBit.BY_STAFF
    columns = (lines.submitted, lines.staff, lines.other, lines.solved, lines.left, lines.closed, lines.bits)
    ends, kinds = [], []
    told = zip(*(part.values(column, part.threads) for column in columns), strict=True)
    for submitted, staff, other, marked, left, closed, bits in told:
        solved = 0 if bits & by_staff else marked
        customers = other if 0 < other <= cut else 0
        if 0 < solved <= cut and not 0 < customers < solved:
            customers = solved
        if 0 < staff <= cut and not 0 < customers < staff:
            end, kind = staff, STAFF
        elif customers:
            end, kind = customers, CUSTOMERS
        else:
            end, kind = cut, NOBODY
            if submitted < left < end:
                end = left
            if submitted < closed < end:
                end = closed
        ends.append(end)
        kinds.append(kind)
    return ends, kinds


def incidence(parts: Iterable[Slice], *, working: bool = False) -> list[Step]:
    """The curve as steps by time; empty for no threads."""
    told = sorted(code for part in parts for code in _coded(part, working))
    at_risk, unanswered = len(told), 1.0
    staff = customers = 0.0
    steps = []
    place = 0
    while place < len(told):
        at, begin = told[place] >> _BITS, place
        by = [0, 0, 0]
        while place < len(told) and told[place] >> _BITS == at:
            by[told[place] & _KIND] += 1
            place += 1
        by_staff, by_customers = by[STAFF], by[CUSTOMERS]
        if by_staff or by_customers:
            staff += unanswered * by_staff / at_risk
            customers += unanswered * by_customers / at_risk
            unanswered *= 1 - (by_staff + by_customers) / at_risk
            steps.append(Step(at / 1000, staff, customers, at_risk))
        at_risk -= place - begin
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
