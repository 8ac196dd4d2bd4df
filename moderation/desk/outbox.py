"""The outbox as people see it: what needs them, what is on the way, what is done; and what they can say to it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from moderation.actions import Action
from moderation.desk.answering import Answering
from moderation.desk.bench import Bench
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.findings import Audience
from moderation.intents import FINAL, UNSENT, Intent, IntentState
from moderation.items import Item

_ASKED_IN_DOUBT = frozenset({"absent", "unclear", "restored", "server_restored"})
_NEEDS_PERSON = frozenset({IntentState.CONFLICT, IntentState.REFUSED, IntentState.IN_DOUBT, IntentState.APPROVAL})


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One intent with its place in its plan (``step`` of ``steps``, counted from 1), the item as it stands here now,
    and who reads what it writes, where that stands in a thread.
    """

    intent: Intent
    step: int
    steps: int
    item: Item | None = None
    audience: Audience | None = None


@dataclass(frozen=True, slots=True)
class OutboxGroups:
    """The three groups of the screen; ``done`` is the last 24 hours."""

    needs_person: tuple[OutboxEntry, ...]
    on_the_way: tuple[OutboxEntry, ...]
    done: tuple[OutboxEntry, ...]


class Outbox:
    """Reading the journal for people, and their answers to it."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._answering = Answering(bench)
        self._deadlines: dict[tuple[str, str], float] = {}

    def intents(self) -> list[Intent]:
        """What waits, is in doubt or needs a person, newest first."""
        return self._bench.journal.attention()

    def groups(self) -> OutboxGroups:
        """Everything for the screen."""
        plans = self._bench.journal.plans(since=self._bench.clock.now() - timedelta(hours=24))
        steps = {plan.id: len(plan.intents) for plan in plans}
        attention = self._bench.journal.attention()
        for intent in attention:  # the plans above are not all of them; the steps that are left stand here
            steps[intent.plan] = max(steps.get(intent.plan, 0), intent.step + 1)
        done = [i for p in plans for i in p.intents if i.state in {IntentState.CONFIRMED, IntentState.CANCELLED}]
        entries = [self._entry(intent, steps) for intent in attention]
        return OutboxGroups(
            tuple(entry for entry in entries if entry.intent.state in _NEEDS_PERSON),
            tuple(entry for entry in entries if entry.intent.state not in _NEEDS_PERSON),
            tuple(self._entry(intent, steps) for intent in done),
        )

    def held(self) -> list[tuple[Intent, float]]:
        """Intents in their undo window with the monotonic time at which they leave."""
        held = [i for i in self._bench.journal.unfinished() if i.state is IntentState.HELD]
        known, self._deadlines = self._deadlines, {}
        for intent in held:
            key = (intent.id, str(intent.held_at))
            self._deadlines[key] = known.get(key, self._bench.clock.monotonic() + intent.hold_seconds)
        return [(intent, self._deadlines[intent.id, str(intent.held_at)]) for intent in held]

    def retry(self, intent_id: str) -> Intent:
        """Send what waits for a person: proven absent, nowhere to be seen, older than 30 minutes, or restored from a
        backup; or try a wait now.

        One that is on its way or has arrived meanwhile is given as it is. Raises ``NotAllowedError``: ``still_looking``
        while an intent in doubt is not proven absent, ``not_retryable`` when it ended otherwise or is not due yet.
        """
        intent = self._get(intent_id)
        if intent.state in {IntentState.SENDING, IntentState.CONFIRMED}:
            return intent
        if intent.state is IntentState.WAITING:
            return self._woken(self._bench.journal.update(intent_id, next_try=None))
        if intent.state is IntentState.IN_DOUBT and intent.question not in _ASKED_IN_DOUBT:
            raise NotAllowedError("still_looking", id=intent_id)
        if intent.state not in {IntentState.APPROVAL, IntentState.IN_DOUBT}:
            raise NotAllowedError("not_retryable", id=intent_id, state=str(intent.state))
        facts: dict[str, Any] = {"question": None, "held_at": self._bench.clock.now(), "next_try": None}
        if intent.question == "unclear":  # no look can tell: the person has, so it goes out without another one
            facts["baseline"] = None
        moved = self._bench.journal.move(intent_id, intent.state, IntentState.WAITING, **facts)
        return self._woken(moved or self._get(intent_id))

    def cancel(self, intent_id: str) -> Intent:
        """Cancel what has not left with the steps behind it; a person may also close what is in doubt for good.

        Raises ``NotAllowedError`` ``not_cancellable`` once it is on its way or over.
        """
        intent = self._get(intent_id)
        if intent.state in FINAL and intent.state is not IntentState.CANCELLED:
            if intent.state in {IntentState.CONFLICT, IntentState.REFUSED}:
                self._bench.journal.close_plan(intent.plan)
                return self._woken(self._get(intent_id))
            raise NotAllowedError("not_cancellable", id=intent_id, state=str(intent.state))
        if intent.state not in UNSENT and intent.state is not IntentState.IN_DOUBT:
            raise NotAllowedError("not_cancellable", id=intent_id, state=str(intent.state))
        if self._bench.journal.move(intent_id, intent.state, IntentState.CANCELLED) is None:
            return self.cancel(intent_id)
        self._bench.journal.close_plan(intent.plan)
        return self._woken(self._get(intent_id))

    def close(self, plan_id: str) -> None:
        """A person is done with a plan that ended otherwise than wished; what was not sent is cancelled."""
        self._bench.journal.close_plan(plan_id)
        self._bench.refresh_overlay()

    def _get(self, intent_id: str) -> Intent:
        intent = self._bench.journal.intent(intent_id)
        if intent is None:
            raise UnknownIdError("intent_unknown", id=intent_id[:80])
        return intent

    def _entry(self, intent: Intent, steps: dict[str, int]) -> OutboxEntry:
        item = self._bench.mirror.item(intent.item) if intent.item is not None else None
        return OutboxEntry(
            intent, intent.step + 1, steps.get(intent.plan, intent.step + 1), item, self._audience(intent)
        )

    def _audience(self, intent: Intent) -> Audience | None:
        """Who reads an answer: as its thread stands here now. One that is not known here any more may be public."""
        if intent.action is not Action.REPLY:
            return None
        thread = self._bench.mirror.thread(intent.target)
        return Audience.PUBLIC if thread is None else self._answering.audience(thread)

    def _woken(self, intent: Intent) -> Intent:
        self._bench.refresh_overlay()
        self._bench.engine.wake("outbox")
        return intent
