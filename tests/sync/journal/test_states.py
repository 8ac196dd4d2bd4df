"""The journal against a model: random plans, moves and closings, and nothing that the model does not say."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from moderation.errors import ConflictError, OurBugError
from moderation.intents import FINAL, NEXT, UNSENT, Intent, IntentState
from sync.journal import open_journal
from sync.vault import Vault
from tests import factory

pytestmark = pytest.mark.timeout(900)

S = IntentState
STATES = st.sampled_from(list(S))


class Journals(RuleBasedStateMachine):
    """Two journals on one file take turns, as window and engine do."""

    plans = Bundle("plans")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.vault = Vault(Path(self.folder.name) / "home", bytes(32))
        self.clock = 0
        self.journals = [open_journal(self.vault, self.now) for _ in range(2)]
        self.model: dict[str, Intent] = {}
        self.closed: set[str] = set()
        self.receipts: dict[str, str] = {}
        self.version = self.journals[0].version()

    def now(self) -> Any:
        return factory.at(self.clock)

    def teardown(self) -> None:
        if hasattr(self, "journals"):
            for journal in self.journals:
                journal.close()
            self.folder.cleanup()

    def steps_of(self, plan: str) -> list[Intent]:
        return sorted((each for each in self.model.values() if each.plan == plan), key=lambda each: each.step)

    @rule(
        target=plans, steps=st.integers(1, 3), state=st.sampled_from([S.HELD, S.APPROVAL, S.WAITING]), who=st.booleans()
    )
    def add(self, steps: int, state: IntentState, who: bool) -> str:
        number = len({each.plan for each in self.model.values()}) + 1
        plan = factory.plan(number, steps=steps, state=state)
        self.journals[who].add(plan)
        self.model |= {intent.id: intent for intent in plan.intents}
        return plan.id

    @rule(plan=plans, step=st.integers(0, 2), guess=STATES, to=STATES, server_id=st.integers(1, 4), who=st.booleans())
    def move(self, plan: str, step: int, guess: IntentState, to: IntentState, server_id: int, who: bool) -> None:
        chain = self.steps_of(plan)
        before = chain[step % len(chain)]
        self.clock += 1
        facts: dict[str, Any] = {"attempts": before.attempts + 1}
        if to is S.CONFIRMED:
            facts["receipt"] = factory.receipt(f"r{server_id}")
        try:
            moved = self.journals[who].move(before.id, guess, to, **facts)
        except OurBugError:
            assert to not in NEXT[guess]
            return
        except ConflictError:
            assert guess is before.state
            assert to is S.CONFIRMED
            assert self.receipts[f"r{server_id}"] != before.id
            return
        assert (moved is not None) == (guess is before.state)
        if moved is None:
            return
        after = replace(before, state=to, changed_at=self.now(), **facts)
        assert moved == after
        self.model[before.id] = after
        self.closed.discard(before.id)
        if to is S.CONFIRMED:
            assert self.receipts.setdefault(f"r{server_id}", before.id) == before.id
            self._unblock(before)

    @rule(some=st.lists(plans, min_size=1, max_size=3, unique=True), guess=STATES, to=STATES, who=st.booleans())
    def move_all(self, some: list[str], guess: IntentState, to: IntentState, who: bool) -> None:
        self.clock += 1
        before = [intent for plan in some for intent in self.steps_of(plan)]
        told = [intent if number % 2 else replace(intent, state=guess) for number, intent in enumerate(before)]
        try:
            count = self.journals[who].move_all(told, to, question="paused")
        except OurBugError:
            assert to in {S.CONFIRMED, S.CONFLICT} or any(to not in NEXT[intent.state] for intent in told)
            return
        moved = [now for now, then in zip(before, told, strict=True) if now.state is then.state]
        assert count == len(moved)
        for intent in moved:
            self.model[intent.id] = replace(intent, state=to, changed_at=self.now(), question="paused")
            self.closed.discard(intent.id)

    def _unblock(self, confirmed: Intent) -> None:
        following = next((each for each in self.steps_of(confirmed.plan) if each.step == confirmed.step + 1), None)
        if following is not None and following.state is S.BLOCKED:
            self.model[following.id] = replace(following, state=S.WAITING, changed_at=self.now())

    @rule(plan=plans, step=st.integers(0, 2), looks=st.integers(0, 5), who=st.booleans())
    def update(self, plan: str, step: int, looks: int, who: bool) -> None:
        chain = self.steps_of(plan)
        intent = chain[step % len(chain)]
        self.clock += 1
        after = replace(intent, looks=looks, changed_at=self.now())
        assert self.journals[who].update(intent.id, looks=looks) == after
        self.model[intent.id] = after

    @rule(plan=plans, who=st.booleans())
    def close_plan(self, plan: str, who: bool) -> None:
        self.clock += 1
        for intent in self.steps_of(plan):
            if intent.state in UNSENT:
                self.model[intent.id] = replace(intent, state=S.CANCELLED, changed_at=self.now())
            if self.model[intent.id].state in FINAL:
                self.closed.add(intent.id)
        assert self.journals[who].close_plan(plan) == self.steps_of(plan)

    @rule(who=st.booleans())
    def reopen(self, who: bool) -> None:
        self.journals[who].close()
        self.journals[who] = open_journal(self.vault, self.now)

    @invariant()
    def same_as_the_model(self) -> None:
        if not hasattr(self, "journals"):
            return
        for journal in self.journals:
            unfinished = [intent for intent in self.model.values() if intent.state not in FINAL]
            assert journal.unfinished() == sorted(unfinished, key=lambda intent: intent.id)
            troubled = [
                intent
                for intent in self.model.values()
                if intent.state in {S.CONFLICT, S.REFUSED} and intent.id not in self.closed
            ]
            assert journal.attention() == sorted(unfinished + troubled, key=lambda intent: intent.id, reverse=True)
            read = {intent.id: intent for plan in journal.plans() for intent in plan.intents}
            assert read == self.model
            assert {name for name in ("r1", "r2", "r3", "r4") if journal.receipt_taken(name)} == set(self.receipts)

    @invariant()
    def version_never_goes_back(self) -> None:
        if hasattr(self, "journals"):
            version = self.journals[1].version()
            assert version >= self.version
            self.version = version


Journals.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestJournals = Journals.TestCase
