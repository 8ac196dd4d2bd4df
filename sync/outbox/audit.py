"""The audit log of what the outbox did: every end of an intent, once."""

from collections.abc import Iterable

from moderation.cases import Cases, CaseState, step_of
from moderation.intents import Intent, IntentState
from moderation.ports import AuditEntry, Clock, Journal, Team

_LOGGED = frozenset({IntentState.CONFIRMED, IntentState.REFUSED, IntentState.CONFLICT})
_MOST = 500


class AuditTrail:
    """Writes to the team's log. What a crash or a full disk kept out of it is written the next time."""

    def __init__(self, journal: Journal, team: Team, clock: Clock) -> None:
        self._journal = journal
        self._team = team
        self._clock = clock
        self._unlogged: list[Intent] = []

    def recover(self, community: str) -> None:
        """Log what ended and is missing there, whatever the clock says now: the machine may have slept."""
        logged = {(entry.intent, entry.outcome) for entry in self._team.audit(limit=4 * _MOST)}
        newest = (i for plan in self._journal.plans(limit=_MOST) for i in plan.intents if i.state in _LOGGED)
        ended = {i.id: i for i in (*self._journal.ended(_MOST), *newest)}  # a bulk ends from its oldest on
        self.ended(i for i in ended.values() if i.community == community and (i.id, str(i.state)) not in logged)

    def ended(self, intents: Iterable[Intent]) -> None:
        """These have ended; raises ``StoreError`` when the log cannot be written, and keeps them for the next call."""
        self._unlogged.extend(intents)
        while self._unlogged:
            self._note_case(self._unlogged[0])
            self._team.log(self._entry(self._unlogged[0]))
            del self._unlogged[0]

    def _note_case(self, intent: Intent) -> None:
        """A step of a case stands in the case too, before the log says that this is done."""
        key = str(intent.payload.get("case") or "")
        if not key or not isinstance(self._team, Cases):
            return
        self._team.note_step(step_of(intent, key, self._clock.now()))
        ends = intent.payload.get("ends")
        if ends and intent.state is IntentState.CONFIRMED:
            self._team.set_case_state(intent.community, key, CaseState(str(ends)))

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
