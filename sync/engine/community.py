"""One community inside the engine: a thread that sends and fetches what people wait for, and a thread that pulls
the rest.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from moderation.changes import ChangeRecord, Table
from moderation.errors import MarqueeError, SignInError, StoreError, TryLaterError
from moderation.ids import Ref
from moderation.intents import Identities, IntentState
from moderation.ports import CommunityRow, CommunityStatus
from moderation.records import Batch, Records
from sync.connector import Connection, Urgency
from sync.engine.stores import Stores
from sync.outbox import FlushStoppedError, Outbox, Timing

log = logging.getLogger(__name__)

POLL_EVERY = 15.0
WALK_EVERY = 3600.0
HORIZON = timedelta(days=90)
MOST_WANTS = 40
_MOVING = frozenset({IntentState.HELD, IntentState.WAITING, IntentState.SENDING, IntentState.IN_DOUBT})


class Community:
    """Keeps one community in step. ``tell`` hears of changed rows, ``standing`` of every change of its status."""

    def __init__(
        self,
        row: CommunityRow,
        stores: Stores,
        tell: Callable[[list[ChangeRecord]], None],
        standing: Callable[[CommunityStatus], None],
        timing: Timing | None = None,
        poll_every: float = POLL_EVERY,
        horizon: timedelta = HORIZON,
    ) -> None:
        self.row = row
        self._stores = stores
        self._tell = tell
        self._standing = standing
        self._poll_every = poll_every
        self._horizon = horizon
        self._connections: dict[Identities, Connection] = {}
        self._connecting = threading.Lock()
        self._wake = threading.Condition()
        self._woken = False
        self._pull_now = threading.Event()
        self._stop = threading.Event()
        self._wanted: dict[Ref, None] = {}
        self._troubled: dict[str, Any] | None = None
        self._checked_server = False
        self._since: datetime | None = None
        self.status = CommunityStatus(row.name, "unknown")
        self._outbox = Outbox(
            row.name, stores.journal, stores.team, self.connection, self._absorb, stores.clock, timing
        )
        self._threads = [
            threading.Thread(target=self._guarded, args=(self._send_loop,), name=f"send {row.name}", daemon=True),
            threading.Thread(target=self._guarded, args=(self._pull_loop,), name=f"pull {row.name}", daemon=True),
        ]

    def start(self) -> None:
        """Start both threads."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End after the request under way."""
        self._stop.set()
        self._pull_now.set()
        self.wake()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout)
        for connection in self._connections.values():
            connection.close()

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

    def refresh(self) -> None:
        """Poll now, and try now what waits after a failure."""
        self._outbox.retry_now()
        self._pull_now.set()
        self.wake()

    def forget_connections(self) -> None:
        """Keys changed: open anew."""
        with self._connecting:
            old, self._connections = self._connections, {}
        for connection in old.values():
            connection.close()
        self.refresh()

    def connection(self, identity: Identities) -> Connection:
        """The connection of an identity, opened on first use; raises ``SignInError`` where there is no key."""
        with self._connecting:
            if identity not in self._connections:
                self._connections[identity] = self._stores.connect(self.row, identity)
            return self._connections[identity]

    def busy(self) -> bool:
        """True while intents of this community can still move by themselves."""
        return any(i.question is None and i.state in _MOVING for i in self._stores.journal.unfinished(self.row.name))

    def sync(self, progress: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Pull everything new and flush; gives the numbers of the command line. Runs on the caller's thread.

        ``trouble`` is the code with facts of what kept it from finishing, ``None`` when it finished.
        """
        started, before = self._stores.clock.monotonic(), self._counters()
        trouble: dict[str, Any] | None = None
        try:
            self._identify()
            for batch in self._everything():
                self._write(batch)
                progress({"community": self.row.name, **self._spent(before)})
                if self._stop.is_set():
                    raise TryLaterError("engine_stopping")
            self._well()
            self.wake()
        except MarqueeError as error:
            trouble = {"code": error.code, **error.facts, "kind": type(error).__name__}
            self._unwell(error)
        seconds = round(self._stores.clock.monotonic() - started, 3)
        totals = self._stores.writer.totals(self.row.name)
        complete = self._complete_since()
        connection = self._connections.get(Identities.ME)
        left = connection.budget_left() if connection is not None else None
        numbers = {**self._spent(before), "seconds": seconds, **totals, "budget_left": left}
        return {"community": self.row.name, **numbers, "complete_since": complete, "trouble": trouble}

    def _everything(self) -> Iterator[Batch]:
        connection, known = self.connection(Identities.ME), self._stores.known(self.row.name)
        yield from connection.catch_up(known, self._stores.clock.now() - self._horizon)
        yield from connection.poll(known)

    # the sending thread

    def _send_loop(self) -> None:
        while not self._stop.is_set():
            self._fetch_wanted()
            wait = self._flush()
            with self._wake:
                if not self._woken and not self._wanted and not self._stop.is_set():
                    self._wake.wait(min(wait if wait is not None else 30.0, 30.0))
                self._woken = False

    def _flush(self) -> float | None:
        before = self._stores.journal.version()
        wait: float | None
        try:
            self._check_server()
            wait = self._outbox.run(lambda: not self._stop.is_set() and not self._wanted)
        except FlushStoppedError as stopped:
            self._unwell(stopped.error)
            wait = 1.0
        except (SignInError, TryLaterError, StoreError) as error:
            self._unwell(error)
            wait = 5.0
        if self._stores.journal.version() != before:
            self._tell([ChangeRecord(Table.INTENT, everything=True)])
        return wait

    def _check_server(self) -> None:
        """Once a connection, before anything is sent: are known ids still what they were?"""
        if self._checked_server or not self.busy():
            return
        anchors = self._stores.writer.anchors(self.row.name)
        if anchors and not self.connection(Identities.ME).same_server(anchors):
            raise StoreError("server_restored", community=self.row.name)
        self._checked_server = True

    def _fetch_wanted(self) -> None:
        with self._wake:
            refs, self._wanted = list(reversed(self._wanted)), {}
        if not refs:
            return
        try:
            for batch in self.connection(Identities.ME).fetch(refs, self._stores.known(self.row.name), Urgency.PERSON):
                self._write(batch)
        except MarqueeError as error:
            self._unwell(error)

    # the pulling thread

    def _pull_loop(self) -> None:
        walk: Iterator[Batch] | None = None
        next_poll = next_walk = self._stores.clock.monotonic()
        failures = 0
        while not self._stop.is_set():
            self._pull_now.clear()
            now = self._stores.clock.monotonic()
            try:
                if failures or self._troubled or self.status.state == "unknown":
                    self._identify()
                if now >= next_walk and walk is None:
                    walk, next_walk = self._walk(), now + WALK_EVERY
                if walk is not None:
                    walk = self._step(walk)
                if walk is None or now >= next_poll:
                    self._poll()
                    next_poll = self._stores.clock.monotonic() + self._poll_every
                failures = 0
                self._well()
            except MarqueeError as error:
                walk, failures = None, failures + 1
                self._unwell(error)
                seconds = error.seconds if isinstance(error, TryLaterError) else 0.0
                next_poll = self._stores.clock.monotonic() + max(seconds, min(2.0**failures, 60.0))
                next_walk = min(next_walk, next_poll)
                self._pull_now.wait(max(0.0, next_poll - self._stores.clock.monotonic()))
                continue
            if walk is None:
                self._pull_now.wait(max(0.0, next_poll - self._stores.clock.monotonic()))

    def _walk(self) -> Iterator[Batch]:
        known = self._stores.known(self.row.name)
        return self.connection(Identities.ME).catch_up(known, self._stores.clock.now() - self._horizon)

    def _step(self, walk: Iterator[Batch]) -> Iterator[Batch] | None:
        batch = next(walk, None)
        if batch is None:
            return None
        self._write(batch)
        return walk

    def _poll(self) -> None:
        for batch in self.connection(Identities.ME).poll(self._stores.known(self.row.name)):
            self._write(batch)

    # both

    def _identify(self) -> None:
        """Is it still the same person? What was pulled belongs to whoever may read it."""
        connection = self.connection(Identities.ME)
        identity = connection.identify()
        if identity.member != self.row.identity.member:
            raise SignInError("identity_changed", now=str(identity.member), was=str(self.row.identity.member))
        self._stores.writer.set_identity(self.row.name, identity, None)

    def _write(self, batch: Batch) -> None:
        for problem in batch.problems:
            log.warning("%s: a record was set aside: %s", self.row.name, problem)
        self._tell(self._stores.writer.apply(batch, self.row.name))

    def _absorb(self, records: Sequence[Records]) -> None:
        if records:
            self._write(Batch(tuple(records), {}))

    def _counters(self) -> dict[str, int]:
        connection = self._connections.get(Identities.ME)
        return connection.usage() if connection is not None else {"requests": 0, "bytes": 0}

    def _spent(self, before: dict[str, int]) -> dict[str, int]:
        return {name: value - before.get(name, 0) for name, value in self._counters().items()}

    def _complete_since(self) -> str | None:
        row = next((row for row in self._stores.communities() if row.name == self.row.name), None)
        return _iso(row.complete_since) if row is not None and row.complete_since is not None else None

    def _well(self) -> None:
        now = self._stores.clock.now()
        if self._troubled is not None:
            log.info("%s is back", self.row.name)
        self._troubled = None
        self._stores.writer.set_standing(self.row.name, as_of=now, trouble=None)
        self._report(CommunityStatus(self.row.name, "connected", read_at=now))

    def _unwell(self, error: MarqueeError) -> None:
        trouble = {"code": error.code, **error.facts}
        if self._troubled is None or self._troubled.get("code") != error.code:
            log.info("%s: %s", self.row.name, error)
            self._since = self._stores.clock.now()
        self._troubled = trouble
        state = _state_for(error)
        if not isinstance(error, StoreError):
            self._stores.writer.set_standing(self.row.name, trouble=trouble)
        seconds = error.seconds if isinstance(error, TryLaterError) else 0.0
        again = self._stores.clock.now() + timedelta(seconds=max(seconds, 1.0))
        read_at = self.status.read_at
        self._report(CommunityStatus(self.row.name, state, read_at, self._since, again, trouble=trouble))

    def _report(self, status: CommunityStatus) -> None:
        self.status = status
        self._standing(status)

    def _guarded(self, loop: Callable[[], None]) -> None:
        """A bug in one thread must not end the engine silently: it is logged, and the loop goes on after a pause."""
        while not self._stop.is_set():
            try:
                loop()
            except Exception:
                log.exception("%s: a loop of the engine broke", self.row.name)
                self._stop.wait(5.0)


def _state_for(error: MarqueeError) -> str:
    if isinstance(error, SignInError):
        return "sign_in"
    return "offline" if isinstance(error, TryLaterError) else "paused"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
