"""The thread of a community that does what people wait for: what they want to see, and what they decided."""

import threading
from collections.abc import Callable, Sequence

from moderation.changes import ChangeRecord, Table
from moderation.errors import MarqueeError, TryLaterError
from moderation.ids import Ref
from moderation.intents import IntentState
from moderation.records import Batch, Records
from sync.connector import Urgency
from sync.engine.connections import Connections
from sync.engine.same_server import SameServer, is_outage
from sync.engine.standing import Standing
from sync.engine.stores import Stores
from sync.engine.ticketing import WithTickets
from sync.outbox import FlushStoppedError, Outbox, Timing

MOST_WANTS = 40
LONGEST_WAIT = 30.0
_MOVING = frozenset({IntentState.HELD, IntentState.WAITING, IntentState.SENDING, IntentState.IN_DOUBT})


class Sending:
    """Wants first, then the outbox, then sleep until woken or due. ``write`` puts batches into the mirror and tells."""

    def __init__(
        self,
        name: str,
        stores: Stores,
        connections: Connections,
        standing: Standing,
        write: Callable[[Batch], None],
        tell: Callable[[list[ChangeRecord]], None],
        server: SameServer,
        timing: Timing,
    ) -> None:
        self._name = name
        self._stores = stores
        self._connections = connections
        self._standing = standing
        self._write = write
        self._tell = tell
        self._wake = threading.Condition()
        self._woken = False
        self._stopping = False
        self._wanted: dict[Ref, None] = {}
        self._server = server
        ways = WithTickets(name, connections, stores.offices, stores.team, stores.clock)
        self._outbox = Outbox(name, stores.journal, stores.team, ways, self._absorb, stores.clock, timing)

    def wake(self) -> None:
        """The journal moved."""
        with self._wake:
            self._woken = True
            self._wake.notify_all()

    def want(self, refs: Sequence[Ref]) -> None:
        """Fetch these before anything else; the newest wishes win where there are too many."""
        with self._wake:
            for ref in refs:
                self._wanted.pop(ref, None)
                self._wanted[ref] = None
            while len(self._wanted) > MOST_WANTS:
                del self._wanted[next(iter(self._wanted))]
            self._wake.notify_all()

    def retry_now(self) -> None:
        """Do not wait out the pause after a failure."""
        self._outbox.retry_now()
        self.wake()

    def stop(self) -> None:
        """End after the request under way."""
        self._stopping = True
        self.wake()

    def busy(self) -> bool:
        """True while intents of this community can still move by themselves."""
        return any(i.question is None and i.state in _MOVING for i in self._stores.journal.unfinished(self._name))

    def loop(self) -> None:
        """The thread's work, until stopped."""
        while not self._stopping:
            self._fetch_wanted()
            wait = self._flush()
            with self._wake:
                if not (self._woken or self._wanted or self._stopping):
                    self._wake.wait(min(wait if wait is not None else LONGEST_WAIT, LONGEST_WAIT))
                self._woken = False

    def _flush(self) -> float | None:
        before = self._stores.journal.version()
        try:
            if self.busy():
                self._server.check()
            wait = self._outbox.run(lambda: not self._stopping and not self._wanted)
        except FlushStoppedError as stopped:
            wait = self._troubled(stopped.error)
        except MarqueeError as error:
            wait = self._troubled(error)
        if self._stores.journal.version() != before:
            self._tell([ChangeRecord(Table.INTENT, everything=True)])
        return wait

    def _troubled(self, error: MarqueeError) -> float:
        wait = error.seconds if isinstance(error, TryLaterError) and error.seconds else 1.0
        self._standing.unwell(error, wait)
        if is_outage(error):
            self._server.doubt(after_outage=True)
        return wait

    def _fetch_wanted(self) -> None:
        with self._wake:
            refs, self._wanted = list(reversed(self._wanted)), {}
        if not refs:
            return
        try:
            for batch in self._connections().fetch(refs, self._stores.known(self._name), Urgency.PERSON):
                self._write(batch)
        except MarqueeError as error:
            self._troubled(error)

    def _absorb(self, records: Sequence[Records]) -> None:
        if records:
            self._write(Batch(tuple(records), {}))
