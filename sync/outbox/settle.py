"""Doubt: when to look, and what two looks after the settling time prove."""

from moderation.actions import SPECS
from moderation.intents import Intent, IntentState
from moderation.ports import Clock, Journal
from sync.connector import Connection
from sync.outbox.timing import Timing

LOOKS_FOR_ABSENCE = 2
LOOKS_WITHOUT_AN_ANSWER = 20
SHORTEST_PAUSE = 0.25


class Settler:
    """Counts the settling time of intents in doubt on this process's monotonic clock; a restart starts it anew."""

    def __init__(self, journal: Journal, clock: Clock, timing: Timing) -> None:
        self._journal = journal
        self._clock = clock
        self._timing = timing
        # where the settling time is short, looks are not further apart than half of it
        self._pause = min(timing.look_every, max(timing.settle / 2, SHORTEST_PAUSE))
        self._since: dict[str, float] = {}
        self._next: dict[str, float] = {}
        self._absent: dict[str, int] = {}
        self._unclear: dict[str, int] = {}

    def doubt(self, intent: Intent) -> None:
        """It is in doubt from now on; the first look is due at once."""
        now = self._clock.monotonic()
        self._since[intent.id] = now
        self._next[intent.id] = now
        self._absent[intent.id] = 0

    def due_in(self, intent: Intent) -> float:
        """Seconds until the next look."""
        if intent.id not in self._since:
            self.doubt(intent)
        return self._next[intent.id] - self._clock.monotonic()

    def later(self, intent: Intent) -> None:
        """The look was not possible: look again after a pause."""
        self._next[intent.id] = self._clock.monotonic() + self._pause

    def unclear(self, intent: Intent) -> None:
        """The look was answered and could not tell. Where that goes on past the settling time, a person is asked."""
        self.later(intent)
        self._unclear[intent.id] = self._unclear.get(intent.id, 0) + 1
        now = self._clock.monotonic()
        settled = self._since.get(intent.id, now) + self._timing.settle <= now
        if settled and self._unclear[intent.id] >= LOOKS_WITHOUT_AN_ANSWER:
            self.forget(intent)
            self._journal.update(intent.id, question="unclear")

    def absent(self, intent: Intent, connection: Connection) -> None:
        """A look found nothing. It counts once the settling time is over; the second that counts proves absence."""
        now = self._clock.monotonic()
        settled = self._since.get(intent.id, now) + self._timing.settle
        self._journal.update(intent.id, looks=intent.looks + 1)
        if now < settled:
            self._next[intent.id] = min(now + self._pause, settled)
            return
        self._absent[intent.id] = self._absent.get(intent.id, 0) + 1
        self._next[intent.id] = now + self._pause
        if self._absent[intent.id] >= LOOKS_FOR_ABSENCE:
            self._proven_absent(intent, connection)

    def forget(self, intent: Intent) -> None:
        """It is settled."""
        for table in (self._since, self._next, self._absent, self._unclear):
            table.pop(intent.id, None)

    def _proven_absent(self, intent: Intent, connection: Connection) -> None:
        """A state change is sent again.

        A visible act is offered to the person, or sent again once where repeats are guarded: by the platform, or by the
        mark of a presence card, which is looked for in its forum before it is sent.
        """
        self.forget(intent)
        guarded = connection.guards_repeats(intent.action) or bool(intent.payload.get("card"))
        may_repeat = not SPECS[intent.action].once or (intent.attempts < 2 and guarded)
        if may_repeat and intent.attempts < self._timing.most_sends:
            self._journal.move(intent.id, IntentState.IN_DOUBT, IntentState.WAITING, looks=0)
        else:
            self._journal.update(intent.id, question="absent")
