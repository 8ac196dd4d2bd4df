"""Cumulative incidence beside a slow calculation by definition, and beside what can be seen by hand."""

import random

import pytest

from moderation.coverage.computing import Clocks
from moderation.coverage.deriving import Line, LineBit
from moderation.coverage.incidence import CUSTOMERS, NOBODY, STAFF, incidence, outcomes, reached
from moderation.coverage.lines import Lines, pack
from moderation.coverage.rules import ForumRules
from moderation.coverage.slices import Slice

CUT = 1_000_000


def slice_of(told: list[tuple[int, int]]) -> Slice:
    """Threads with these outcomes: milliseconds, and what came then."""
    made = []
    for at, kind in told:
        start = CUT - at if kind == NOBODY else 1000
        staff, other = (start + at if kind == STAFF else 0), (start + at if kind == CUSTOMERS else 0)
        made.append(Line(start, start, staff, staff, other, 0, 0, 0, 0, 0, 1, LineBit.COUNTED))
    lines = Lines.of([str(at) for at in range(len(made))], ["f"] * len(made), b"".join(map(pack, made)))
    zone = Clocks(0, CUT).zone(ForumRules())
    return Slice("f", lines, list(range(len(made))), CUT, ForumRules(), zone, None)


def by_definition(told: list[tuple[int, int]], at: int, kind: int) -> float:
    """Sum over times of: nothing had come before, times what came of those watched then. Quadratic, on purpose."""
    total, before = 0.0, 1.0
    for time in sorted({when for when, what in told if what != NOBODY and when <= at}):
        watched = sum(when >= time for when, _ in told)
        total += before * sum(when == time and what == kind for when, what in told) / watched
        before *= 1 - sum(when == time and what != NOBODY for when, what in told) / watched
    return total


@pytest.mark.parametrize("seed", range(6))
def test_the_curve_is_that_of_the_definition(seed: int) -> None:
    chance = random.Random(seed)
    told = [(chance.randrange(1, 60) * 1000, chance.choice((STAFF, STAFF, CUSTOMERS, NOBODY))) for _ in range(80)]
    part = slice_of(told)
    assert sorted(outcomes(part)) == sorted(told)
    for step in incidence([part]):
        at = round(step.seconds * 1000)
        assert step.staff == pytest.approx(by_definition(told, at, STAFF))
        assert step.customers == pytest.approx(by_definition(told, at, CUSTOMERS))
        assert step.at_risk == sum(when >= at for when, _ in told)


def test_without_anybody_unanswered_it_is_the_plain_share() -> None:
    steps = incidence([slice_of([(1000, STAFF), (2000, CUSTOMERS), (2000, STAFF), (3000, STAFF)])])
    assert [(step.seconds, step.staff, step.customers) for step in steps] == [
        (1.0, 0.25, 0.0), (2.0, 0.5, 0.25), (3.0, 0.75, 0.25)]  # fmt: skip
    assert steps[-1].anyone == 1.0
    assert (reached(steps, 0.5), reached(steps, 0.9)) == (2.0, None)


def test_one_answer_beside_open_threads_is_worth_more_than_its_share() -> None:
    steps = incidence([slice_of([(1000, NOBODY), (2000, STAFF), (3000, NOBODY)])])
    assert [(step.staff, step.at_risk) for step in steps] == [(0.5, 2)]


def test_nobody_asked() -> None:
    assert incidence([slice_of([])]) == []


def test_a_solution_of_a_customer_competes_and_the_staffs_own_does_not() -> None:
    def one(**facts: int) -> list[tuple[int, int]]:
        line = Line(1000, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 1, LineBit.COUNTED)._replace(**facts)
        lines = Lines.of(["1"], ["f"], pack(line))
        return list(outcomes(Slice("f", lines, [0], CUT, ForumRules(), Clocks(0, CUT).zone(ForumRules()), None)))

    assert one(solved=3000) == [(2000, CUSTOMERS)], "the asker solved it alone"
    assert one(staff=2000, solved=2000, bits=LineBit.COUNTED | LineBit.BY_STAFF) == [(1000, STAFF)]
    assert one(staff=4000, other=3000) == [(2000, CUSTOMERS)]
    assert one(staff=3000, other=3000) == [(2000, STAFF)]
    assert one(left=5000) == [(4000, NOBODY)]
    assert one(closed=1) == [(CUT - 1000, NOBODY)], "locked, and nobody knows when"
    assert one(staff=CUT + 1) == [(CUT - 1000, NOBODY)]
