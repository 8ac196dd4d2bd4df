"""Bulk: one decision for many items: how long it takes, pause, cancel, and a report item by item."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.actions import Action
from moderation.desk.bench import Bench, reference
from moderation.desk.triage import Triage, named_action
from moderation.errors import MarqueeError
from moderation.ids import Ref
from moderation.intents import Intent, IntentState, Json, Plan

# What one decision costs on the way out: a look before, the write, a look after; the identity check is shared.
REQUESTS_EACH = 3
SECONDS_A_REQUEST = 0.05
_PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What became of a bulk: its plans, the items that were refused at once with the reason, and counts by state."""

    bulk: str
    plans: tuple[Plan, ...]
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def states(self) -> dict[IntentState, int]:
        """How many plans stand in each state."""
        counts: dict[IntentState, int] = {}
        for plan in self.plans:
            counts[plan.state] = counts.get(plan.state, 0) + 1
        return counts


def estimate_seconds(items: int, requests_a_minute: float | None) -> float:
    """How long so many decisions take within a budget (``None``: the platform sets no limit)."""
    each = REQUESTS_EACH * SECONDS_A_REQUEST
    return items * (max(each, REQUESTS_EACH * 60.0 / requests_a_minute) if requests_a_minute else each)


class Bulk:
    """Decisions on many items at once. Each is an intent of its own, with the version that was on the screen."""

    def __init__(self, bench: Bench, triage: Triage) -> None:
        self._bench = bench
        self._triage = triage

    def decide(
        self, items: Sequence[tuple[Ref | str, str]], action: Action | str, *, reason: str | None = None
    ) -> BulkReport:
        """Journal one decision for each (item, version seen), all in one transaction, so that their undo windows end
        together; items that refuse it are listed, the others go on.

        Raises ``NotAllowedError`` ``action_unknown``.
        """
        act = named_action(action)
        bulk = self._bench.ids.new()
        plans: list[Plan] = []
        refused: list[tuple[str, str]] = []
        for item, version in items:
            try:
                plans.append(self._one(reference(item), act, version, {"bulk": bulk, "reason": reason}))
            except MarqueeError as error:
                refused.append((str(item), error.code))
        self._bench.journal.add(*plans)
        self._woken()
        return BulkReport(bulk, tuple(plans), tuple(refused))

    def report(self, bulk: str) -> BulkReport:
        """How it stands now."""
        plans = [plan for plan in self._bench.journal.plans(limit=100_000) if _belongs(plan.intents[0], bulk)]
        return BulkReport(bulk, tuple(plans))

    def pause(self, bulk: str) -> int:
        """Hold back what has not left; gives how many."""
        return self._move(bulk, {IntentState.HELD, IntentState.WAITING}, IntentState.APPROVAL, _PAUSED)

    def resume(self, bulk: str) -> int:
        """Let go what :meth:`pause` held back."""
        return self._move(bulk, {IntentState.APPROVAL}, IntentState.WAITING, None, asked=_PAUSED)

    def cancel(self, bulk: str) -> int:
        """Cancel what has not left, with the steps behind it; gives how many decisions that were."""
        unsent = {IntentState.HELD, IntentState.WAITING, IntentState.APPROVAL}
        cancelled = self._move(bulk, unsent, IntentState.CANCELLED, None)
        left = [i for i in self._bench.journal.unfinished() if _belongs(i, bulk)]
        under_way = {i.plan for i in left if i.state is not IntentState.BLOCKED}
        behind = [i for i in left if i.plan not in under_way]
        if behind:
            self._bench.journal.move_all(behind, IntentState.CANCELLED)
            self._woken()
        return cancelled

    def _move(
        self, bulk: str, states: set[IntentState], to: IntentState, question: str | None, asked: str | None = None
    ) -> int:
        """Move those of the bulk in these states; with ``asked`` only those of which this is asked."""
        mine = [i for i in self._bench.journal.unfinished() if _belongs(i, bulk) and i.state in states]
        chosen = [i for i in mine if asked is None or i.question == asked]
        now = self._bench.clock.now()
        moved = self._bench.journal.move_all(chosen, to, question=question, held_at=now)
        self._woken()
        return moved

    def _one(self, ref: Ref, action: Action, version: str, facts: Json) -> Plan:
        wishes = self._triage.wishes(ref, action, seen_version=version, note=None, message=None, facts=facts)
        return self._triage.plan(ref.community, wishes)

    def _woken(self) -> None:
        self._bench.refresh_overlay()
        self._bench.engine.wake("bulk")


def _belongs(intent: Intent, bulk: str) -> bool:
    return intent.payload.get("bulk") == bulk
