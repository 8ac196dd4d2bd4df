"""Waiting for the outbox: as long as it moves, and not for what a person has to answer."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from console.cli import flushing
from moderation.intents import Intent, IntentState
from tests import factory


class Outbox:
    """An outbox that loses an intent each time it is looked at, down to ``stays``."""

    def __init__(self, intents: list[Intent], stays: int) -> None:
        self._intents, self._stays, self.looks = intents, stays, 0

    def intents(self) -> list[Intent]:
        """What waits now."""
        self.looks += 1
        if len(self._intents) > self._stays:
            self._intents.pop()
        return list(self._intents)


def intents(state: IntentState, number: int) -> list[Intent]:
    return [replace(factory.plan(n).intents[0], state=state) for n in range(number)]


def left(outbox: Outbox, names: list[str], patience: float = 0.05) -> int:
    context: Any = SimpleNamespace(err=SimpleNamespace(isatty=lambda: False), words=lambda code, **facts: code)
    workplace: Any = SimpleNamespace(desk=SimpleNamespace(outbox=outbox))
    return flushing.flushed(context, workplace, names, patience)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flushing, "_LOOK_EVERY", 0.001)


def test_it_is_waited_for_as_long_as_something_leaves() -> None:
    waiting = intents(IntentState.WAITING, 40)
    outbox = Outbox(waiting, 0)
    assert left(outbox, [waiting[0].community], patience=2.0) == 0
    assert outbox.looks >= 40


def test_what_does_not_move_is_counted_and_not_waited_for_longer() -> None:
    waiting = intents(IntentState.SENDING, 3)
    assert left(Outbox(waiting, 2), [waiting[0].community]) == 2


@pytest.mark.parametrize("state", [IntentState.HELD, IntentState.IN_DOUBT, IntentState.CONFLICT])
def test_what_a_person_has_to_answer_is_not_waited_for(state: IntentState) -> None:
    asked = intents(state, 2)
    outbox = Outbox(asked, 2)
    assert left(outbox, [asked[0].community]) == 0
    assert outbox.looks == 1


def test_other_communities_are_not_waited_for() -> None:
    assert left(Outbox(intents(IntentState.WAITING, 2), 2), ["elsewhere.example"]) == 0
