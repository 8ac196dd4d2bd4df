"""An outbox over the real journal and a community in memory, on a clock that a test moves."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from moderation.actions import Action
from moderation.ids import Ref
from moderation.intents import Identities, Intent, IntentState
from moderation.plans import Sender, Wish, make_plan
from moderation.ports import Journal
from moderation.records import Records
from sync.connector import Connection
from sync.journal import open_journal
from sync.outbox import FlushStoppedError, Outbox, Timing
from tests.fakes import factory
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.community import FakeCommunity, FakeConnection, Fault
from tests.fakes.desk import FakeTeam
from tests.fakes.factory import ME, NAME, OFFICIAL

S = IntentState


class World:
    """Journal files, a server, and an outbox that can be ended and begun anew."""

    def __init__(self, home: Path) -> None:
        self.clock = FakeClock()
        self.ids = FakeIds(self.clock)
        self.server = FakeCommunity(self.clock)
        self.connection = FakeConnection(self.server)
        self.official = FakeConnection(self.server, OFFICIAL)
        self.team = FakeTeam()
        self.absorbed: list[Records] = []
        self.timing = Timing()
        self.vault = factory.vault(home)
        self.journal: Journal = open_journal(self.vault, self.clock.now)
        self.begin()

    def begin(self, journal: Journal | None = None) -> None:
        """A new outbox on the same files, as after a restart."""
        self.outbox = Outbox(
            NAME, journal or self.journal, self.team, self._connect, self._absorb, self.clock, self.timing
        )

    def decide(self, action: Action = Action.RESOLVE, target: Ref | None = None, **facts: Any) -> Intent:
        """Journal one decision; by default it waits at once, and the person saw the newest version."""
        ref = target or factory.flag()
        wish = Wish(action, ref, ref, None, facts.pop("seen", self.server.item(ref).version), facts.pop("payload", {}))
        return self.plan(wish, **facts)[0]

    def reply(self, text: str = "An answer", target: Ref | None = None, **facts: Any) -> Intent:
        """Journal a reply."""
        ref = target or factory.thread_ref()
        return self.plan(Wish(Action.REPLY, ref, None, ref, "", {"text": text}), **facts)[0]

    def plan(self, *wishes: Wish, hold: float = 0.0, identity: Identities = Identities.ME) -> list[Intent]:
        """Journal a plan."""
        account = ME if identity is Identities.ME else OFFICIAL
        sender = Sender(NAME, account, identity)
        plan = make_plan(wishes, sender, now=self.clock.now(), new_id=self.ids.new, hold_seconds=hold)
        self.journal.add(plan)
        return list(plan.intents)

    def fault(self, kind: str, at: str = "send", seconds: float = 0.0) -> None:
        """Order a fault."""
        self.connection.faults.append(Fault(kind, at, seconds))

    def run(self) -> float | None:
        """Flush; gives the wait, also where the flush stopped."""
        try:
            return self.outbox.run()
        except FlushStoppedError:
            return None

    def until(self, done: Callable[[], bool], most: float = 4 * 3600.0) -> None:
        """Flush and let time pass as the outbox asks, until a condition holds; fails after so many seconds of it."""
        passed = 0.0
        while not done():
            wait = self.run()
            step = min(wait, 30.0) if wait is not None else 1.0
            assert passed < most, "it never came to that"
            self.clock.advance(max(step, 0.05))
            passed += max(step, 0.05)

    def settle(self) -> None:
        """Until nothing moves by itself any more."""
        self.until(self.at_rest)

    def now(self, intent: Intent) -> Intent:
        """The intent as the journal has it."""
        found = self.journal.intent(intent.id)
        assert found is not None
        return found

    def state(self, intent: Intent) -> IntentState:
        """Its state."""
        return self.now(intent).state

    def at_rest(self) -> bool:
        """True when nothing moves by itself any more: what is left needs a person, or waits behind what does."""
        asked: set[str] = set()
        for intent in self.journal.unfinished():
            keys = {str(intent.target), str(intent.item or intent.target)}
            if _moves(intent) and not keys & asked:
                return False
            if intent.state is S.IN_DOUBT or _moves(intent):
                asked |= keys
        return True

    def _connect(self, identity: Identities) -> Connection:
        return self.connection if identity is Identities.ME else self.official

    def _absorb(self, records: Sequence[Records]) -> None:
        self.absorbed.extend(records)


def _moves(intent: Intent) -> bool:
    return intent.question is None and intent.state in {S.HELD, S.WAITING, S.SENDING, S.IN_DOUBT}


@pytest.fixture
def expected_logs() -> list[str]:
    """Bugs in the pushes of the fake are ordered by the tests."""
    return [r"^sync.outbox.perform: a push broke: .*KeyError\('a bug'\)"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world with one open item."""
    made = World(tmp_path)
    yield made
    made.journal.close()  # type: ignore[attr-defined]
