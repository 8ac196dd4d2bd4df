"""The audit log of what the outbox did: every end of an intent, once."""

from collections.abc import Iterable
from datetime import timedelta

from moderation.intents import Intent, IntentState
from moderation.ports import AuditEntry, Clock, Journal, Team

_LOGGED = frozenset({IntentState.CONFIRMED, IntentState.REFUSED, IntentState.CONFLICT})
_LOOKED_BACK = timedelta(days=2)
_MOST_PLANS = 500


class AuditTrail:
    """Writes to the team's log. What a crash or a full disk kept out of it is written the next time."""

    def __init__(self, journal: Journal, team: Team, clock: Clock) -> None:
        self._journal = journal
        self._team = team
        self._clock = clock
        self._unlogged: list[Intent] = []

    def recover(self, community: str) -> None:
        """Log anew what ended lately (the log keeps each intent and outcome once)."""
        plans = self._journal.plans(since=self._clock.now() - _LOOKED_BACK, limit=_MOST_PLANS)
        ended = (intent for plan in plans for intent in plan.intents if intent.state in _LOGGED)
        self.ended(intent for intent in ended if intent.community == community)

    def ended(self, intents: Iterable[Intent]) -> None:
        """These have ended; raises ``StoreError`` when the log cannot be written, and keeps them for the next call."""
        self._unlogged.extend(intents)
        while self._unlogged:
            self._team.log(self._entry(self._unlogged[0]))
            del self._unlogged[0]

    def _entry(self, intent: Intent) -> AuditEntry:
        return AuditEntry(
            at=intent.changed_at or self._clock.now(),
            actor=intent.account,
            action=str(intent.action),
            item=str(intent.item) if intent.item else None,
            target=str(intent.target),
            reason=str(intent.payload.get("reason") or ""),
            policy=str(intent.payload.get("policy") or ""),
            outcome=str(intent.state),
            intent=intent.id,
            facts={"receipt": intent.receipt.server_id} if intent.receipt else {},
        )
