"""Intents: the table of states."""

import pytest

from moderation.intents import FINAL, NEXT, UNSENT, IntentState, Plan
from tests.fakes import factory
from tests.fakes.clock import START

S = IntentState


def test_every_state_has_a_row_and_final_ones_lead_nowhere() -> None:
    assert set(NEXT) == set(S)
    assert {state for state, following in NEXT.items() if not following} == FINAL


@pytest.mark.parametrize("state", sorted(set(S) - FINAL))
def test_every_other_state_can_come_to_an_end(state: IntentState) -> None:
    reached, todo = set(), {state}
    while todo:
        reached |= todo
        todo = {following for one in todo for following in NEXT[one]} - reached
    assert reached & FINAL


def test_only_what_waits_is_sent_and_what_is_sent_never_becomes_cancelled() -> None:
    assert {state for state, following in NEXT.items() if S.SENDING in following} == {S.WAITING}
    assert S.CANCELLED not in NEXT[S.SENDING]
    assert all(S.CANCELLED in NEXT[state] for state in UNSENT | {S.IN_DOUBT})
    assert {state for state, following in NEXT.items() if S.CONFIRMED in following} == {S.SENDING, S.IN_DOUBT}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("to", S)
def test_a_step_outside_the_table_is_refused(state: IntentState, to: IntentState) -> None:
    intent = factory.intent(state=state)
    if to in NEXT[state]:
        assert intent.moved(to, attempts=4).attempts == 4
        assert intent.moved(to).final is (to in FINAL)
    else:
        with pytest.raises(ValueError, match="does not lead to"):
            intent.moved(to)


@pytest.mark.parametrize(
    ("states", "whole", "done"),
    [
        ((S.CONFIRMED, S.CONFIRMED), S.CONFIRMED, True),
        ((S.CONFIRMED, S.WAITING), S.WAITING, False),
        ((S.HELD, S.BLOCKED), S.HELD, False),
        ((S.REFUSED, S.BLOCKED), S.REFUSED, True),
        ((S.CONFIRMED, S.CONFLICT, S.BLOCKED), S.CONFLICT, True),
        ((S.IN_DOUBT, S.BLOCKED), S.IN_DOUBT, False),
        ((), S.CONFIRMED, True),
    ],
)
def test_a_plan_stands_where_its_first_unconfirmed_step_stands(
    states: tuple[IntentState, ...], whole: IntentState, done: bool
) -> None:
    steps = tuple(factory.intent(f"i{n}", step=n, state=state) for n, state in enumerate(states))
    plan = Plan("p1", START, steps)
    assert plan.state is whole
    assert plan.done is done
