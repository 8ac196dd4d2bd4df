"""A household whose engine a test starts."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moderation.actions import Action
from moderation.ids import Ref
from moderation.intents import Intent, IntentState
from moderation.plans import Sender, Wish, make_plan
from tests.fakes.clock import FakeIds
from tests.fakes.engine import Household
from tests.fakes.factory import ME, NAME, flag


def until(done: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for a condition."""
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, "it never came to that"
        threading.Event().wait(0.005)


def decide(house: Household, target: Ref | None = None, hold: float = 0.0) -> Intent:
    """Journal a decision."""
    ref = target or flag()
    wish = Wish(Action.RESOLVE, ref, ref, None, house.server.item(ref).version)
    ids = FakeIds(house.server.clock)
    ids._count = len(house.journal.plans(limit=1000)) * 10
    plan = make_plan([wish], Sender(NAME, ME), now=house.clock.now(), new_id=ids.new, hold_seconds=hold)
    house.journal.add(plan)
    return plan.intents[0]


def state(house: Household, intent: Intent) -> IntentState:
    """Its state now."""
    found = house.journal.intent(intent.id)
    assert found is not None
    return found.state


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Household]:
    """A household with one community."""
    made = Household(tmp_path / "home")
    yield made
    made.close()
