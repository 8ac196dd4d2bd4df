"""Any order of decisions, faults, colleagues, clocks and crashes: nothing twice, nothing lost, nothing unasked."""

import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from moderation.actions import Action
from moderation.desk.bench import Bench
from moderation.desk.outbox import Outbox as DeskOutbox
from moderation.errors import NotAllowedError
from moderation.ids import Ref
from moderation.intents import Intent, IntentState
from moderation.items import Change
from moderation.plans import Wish
from sync.journal import open_journal
from tests.fakes import factory
from tests.fakes.community import READ_FAULTS, SEND_FAULTS
from tests.fakes.crashing import Crash, CrashingJournal
from tests.fakes.desk import FakeEngine, FakeMirror
from tests.fakes.factory import ME, flag, thread_ref
from tests.fakes.folders import in_memory
from tests.sync.outbox.conftest import World

S = IntentState
pytestmark = pytest.mark.timeout(900)
LATEST = 80.0
items = st.sampled_from([flag(1), flag(2), flag(3)])
threads = st.sampled_from([thread_ref(1), thread_ref(2)])
holds = st.sampled_from([0.0, 0.0, 5.0])


class OutboxMachine(RuleBasedStateMachine):
    """A person, a colleague, a bad network and a bad power supply against one outbox on real journal files."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="mq-machine-", dir=in_memory())
        self.world = World(Path(self.folder.name))
        self.closed_in_doubt: set[str] = set()
        self.texts = 0
        self.restart()

    def restart(self) -> None:
        """The process ends in whatever way; another one begins on the same files."""
        self.world.journal.close()  # type: ignore[attr-defined]
        self.world.journal = open_journal(self.world.vault, self.world.clock.now)
        self.engines = CrashingJournal(self.world.journal)
        self.world.begin(self.engines)

    @property
    def person(self) -> DeskOutbox:
        world = self.world
        return DeskOutbox(Bench(FakeMirror(), world.journal, world.team, FakeEngine(), world.clock, world.ids))

    # the person

    @rule(item=items, action=st.sampled_from([Action.RESOLVE, Action.DISMISS, Action.TAKE, Action.REOPEN]), hold=holds)
    def decide(self, item: Ref, action: Action, hold: float) -> None:
        self.world.decide(action, item, hold=hold)

    @rule(item=items, hold=holds)
    def decide_and_tell(self, item: Ref, hold: float) -> None:
        """A plan of three steps."""
        version, number = self.world.server.item(item).version, self._number()
        wishes = [
            Wish(Action.DISMISS, item, item, None, version),
            Wish(Action.MESSAGE, factory.CUSTOMER, item, None, version, {"text": f"told {number}"}),
            Wish(Action.NOTE, item, item, None, version, {"text": f"noted {number}"}),
        ]
        self.world.plan(*wishes, hold=hold)

    @rule(thread=threads, hold=holds, equal=st.booleans())
    def reply(self, thread: Ref, hold: float, equal: bool) -> None:
        self.world.reply("Equal words" if equal else f"Answer {self._number()}", thread, hold=hold)

    @rule(data=st.data())
    def cancel_something(self, data: st.DataObject) -> None:
        intent = self._some(data)
        if intent is None:
            return
        try:
            self.person.cancel(intent.id)
        except NotAllowedError:
            return
        if intent.state is S.IN_DOUBT:
            self.closed_in_doubt.add(intent.id)

    @rule(data=st.data())
    def send_something_again(self, data: st.DataObject) -> None:
        intent = self._some(data)
        if intent is not None:
            try:
                self.person.retry(intent.id)
            except NotAllowedError:
                return

    # the others

    @rule(item=items, state=st.sampled_from(["resolved", "dismissed", "open"]))
    def a_colleague_decides(self, item: Ref, state: str) -> None:
        self.world.server.decide(item, {Change.STATE: state})

    @rule(item=items)
    def a_customer_reports(self, item: Ref) -> None:
        self.world.server.report(item)

    @rule(item=items, state=st.sampled_from(["resolved", "dismissed"]))
    def a_colleague_decides_between_look_and_write(self, item: Ref, state: str) -> None:
        self.world.connection.between.append(lambda: self.world.server.decide(item, {Change.STATE: state}))

    # the world

    @rule(kind=st.sampled_from(SEND_FAULTS), seconds=st.floats(0.5, LATEST))
    def the_next_send_fails(self, kind: str, seconds: float) -> None:
        self.world.fault(kind, "send", seconds)

    @rule(kind=st.sampled_from(READ_FAULTS), at=st.sampled_from(["before", "look", "identify"]))
    def the_next_read_fails(self, kind: str, at: str) -> None:
        if at == "before" or kind not in {"bug", "refused", "unfit", "unclear"} or at == "look":
            self.world.fault(kind, at, 3.0)

    @rule(seconds=st.sampled_from([0.5, 5.0, 16.0, 95.0, 1900.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @rule(seconds=st.sampled_from([30.0, 7200.0]))
    def the_machine_sleeps(self, seconds: float) -> None:
        self.world.clock.sleep(seconds)

    @rule()
    def somebody_signs_in_again(self) -> None:
        self.world.server.identity = ME
        self.world.outbox.retry_now()

    @rule()
    def signed_out(self) -> None:
        self.world.server.identity = None

    # the engine

    @rule(times=st.integers(1, 4))
    def flush(self, times: int) -> None:
        for _ in range(times):
            try:
                self.world.run()
            except Crash as crash:
                note(f"crashed {crash}")
                self.restart()
            self.world.clock.advance(1.0)

    @precondition(lambda self: not self.engines.armed)
    @rule(changes=st.integers(1, 8), after=st.booleans())
    def the_power_will_fail(self, changes: int, after: bool) -> None:
        self.engines.arm(changes, after=after)

    @rule()
    def begin_anew(self) -> None:
        self.restart()

    # what always holds

    @invariant()
    def nothing_happened_twice(self) -> None:
        counts = Counter(effect.intent for effect in self.world.server.effects if effect.intent)
        assert all(count == 1 for count in counts.values()), counts

    @invariant()
    def every_receipt_is_an_effect_of_its_own(self) -> None:
        receipts = [i.receipt.server_id for i in self._intents() if i.receipt is not None]
        done = {effect.server_id for effect in self.world.server.effects if effect.intent}
        assert len(receipts) == len(set(receipts))
        assert set(receipts) <= done

    def teardown(self) -> None:
        """The storm is over: everything ends, or a person is asked; and the numbers agree."""
        try:
            self._calm()
            self._all_has_ended_or_asks()
            self._effects_equal_receipts()
            self._the_log_is_whole()
        finally:
            self.world.journal.close()  # type: ignore[attr-defined]
            self.folder.cleanup()

    def _calm(self) -> None:
        self.engines.disarm()
        self.world.connection.faults.clear()
        self.world.connection.between.clear()
        self.world.server.identity = ME
        self.world.settle()
        self.world.clock.advance(LATEST)
        self.world.server.arrive()
        self.world.settle()

    def _all_has_ended_or_asks(self) -> None:
        """What is not final has a question, is a step behind an unconfirmed one, or waits behind a question."""
        stuck: set[str] = set()
        for intent in self.world.journal.unfinished():
            asks = intent.question is not None and intent.state in {S.IN_DOUBT, S.APPROVAL}
            behind = intent.state is S.WAITING and bool({str(intent.target), str(intent.item)} & stuck)
            assert asks or behind or self._blocked(intent), intent
            if intent.state is not S.APPROVAL:
                stuck |= {str(intent.target), str(intent.item or intent.target)}
        shown = {intent.id for intent in self.world.journal.attention()}
        assert {intent.id for intent in self.world.journal.unfinished()} <= shown

    def _blocked(self, intent: Intent) -> bool:
        plan = self.world.journal.plan(intent.plan)
        assert plan is not None
        return intent.state is S.BLOCKED and plan.intents[intent.step - 1].state is not S.CONFIRMED

    def _effects_equal_receipts(self) -> None:
        """Effects are those of intents with a receipt; only what a person closed or is asked about may be over."""
        intents = {intent.id: intent for intent in self._intents()}
        doubtful = {i.id for i in intents.values() if i.state is S.IN_DOUBT} | self.closed_in_doubt
        effects = Counter(
            (effect.target, self._text(effect.intent)) for effect in self.world.server.effects if effect.intent
        )
        proven = Counter((i.target, self._text(i.id)) for i in intents.values() if i.receipt is not None)
        over = effects - proven
        assert not proven - effects
        assert sum(over.values()) <= len(doubtful), (over, doubtful)
        assert all(any(self._fits(intents[one], key) for one in doubtful) for key in over)
        for intent in intents.values():
            assert (intent.receipt is not None) or intent.state is not S.CONFIRMED
            if intent.state in {S.REFUSED, S.CANCELLED} and intent.id not in doubtful:
                assert not self.world.server.of(intent), intent

    def _the_log_is_whole(self) -> None:
        logged = {(entry.intent, entry.outcome) for entry in self.world.team.audit(limit=10_000)}
        ended = {S.CONFIRMED, S.REFUSED, S.CONFLICT}
        assert {(i.id, str(i.state)) for i in self._intents() if i.state in ended} <= logged

    def _fits(self, intent: Intent, key: tuple[Ref, str]) -> bool:
        return (intent.target, self._text(intent.id)) == key

    def _text(self, ident: str | None) -> str:
        intent = self.world.journal.intent(ident or "")
        return str(intent.payload.get("text") or intent.action) if intent is not None else ""

    def _intents(self) -> list[Intent]:
        return [intent for plan in self.world.journal.plans(limit=10_000) for intent in plan.intents]

    def _some(self, data: st.DataObject) -> Intent | None:
        intents = self.world.journal.attention()
        return data.draw(st.sampled_from(intents)) if intents else None

    def _number(self) -> int:
        self.texts += 1
        return self.texts


OutboxMachine.TestCase.settings = settings(
    max_examples=int(os.environ.get("MARQUEE_EXAMPLES", "20")),
    stateful_step_count=35,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    derandomize="MARQUEE_EXAMPLES" not in os.environ,  # the same examples in every test run; a number explores anew
)
TestOutboxMachine = OutboxMachine.TestCase
