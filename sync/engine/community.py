"""One community inside the engine: a thread that does what people wait for, and a thread that reads the rest."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from moderation.changes import ChangeRecord
from moderation.errors import MarqueeError, SignInError, TryLaterError
from moderation.ids import Ref
from moderation.ports import CommunityRow, CommunityStatus
from moderation.records import Batch
from sync.connector import Connection
from sync.engine.connections import Connections
from sync.engine.live import LivePush
from sync.engine.proving import Proving
from sync.engine.pulling import Pulling
from sync.engine.same_server import RESTORED, SameServer, is_outage
from sync.engine.sending import Sending
from sync.engine.standing import Standing
from sync.engine.stores import Stores
from sync.engine.ticket_watch import TicketWatch
from sync.outbox import Timing

log = logging.getLogger(__name__)

POLL_EVERY = 15.0
HORIZON = timedelta(days=90)
AFTER_A_BUG = 5.0
LISTENER_ENDS_IN = 1.0
MOST_LOGGED = 1000
"""Records that do not fit are logged once each while the engine runs, and not more of them than this."""


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
        self._stopping = threading.Event()
        self._logged: set[str] = set()
        self._aside: dict[str, None] = {}
        self._connections = Connections(row, stores)
        self._standing = Standing(row.name, stores, standing)
        self._server = server = SameServer(row.name, stores, self._connections, self._write, self._begin_anew)
        server.doubt()
        common = (row.name, stores, self._connections, self._standing, self._write)
        self._sending = Sending(*common, tell, server, timing or Timing())
        self._pulling = Pulling(*common, server, poll_every, horizon)
        self._proving = Proving(row.name, stores, self._connections, tell)
        self._live = LivePush(row.name, stores, self._connections, self._standing, self._pulling.heard)
        self._tickets = TicketWatch(row.name, stores.offices, stores.team, stores.clock, tell)
        self._threads = [
            threading.Thread(target=self._guarded, args=(loop,), name=f"{what} {row.name}", daemon=True)
            for what, loop in (
                ("send", self._sending.loop),
                ("pull", self._pulling.loop),
                ("prove", self._proving.loop),
                ("live", self._live.loop),
                ("tickets", self._tickets.loop),
            )
        ]

    @property
    def status(self) -> CommunityStatus:
        """How it stands."""
        return self._standing.status

    def start(self) -> None:
        """Start its threads."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End after the requests under way; waits for that at most ``timeout`` seconds a thread."""
        self._stopping.set()
        self._sending.stop()
        self._pulling.stop()
        self._proving.stop()
        self._live.stop()
        self._tickets.stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(LISTENER_ENDS_IN if thread.name.startswith("live ") else timeout)
        self._connections.close()

    def wake(self) -> None:
        """The journal moved."""
        self._sending.wake()
        self._proving.wake()

    def want(self, refs: Sequence[Ref]) -> None:
        """Fetch these in full before anything else."""
        self._sending.want(refs)
        self._live.opened(refs)

    def refresh(self) -> None:
        """Poll now, and try now what waits after a failure."""
        self._sending.retry_now()
        self._pulling.refresh()
        self._proving.wake()
        self._tickets.wake()
        self._live.again()

    def forget_connections(self) -> None:
        """Keys changed: open anew."""
        self._connections.renew()
        self.refresh()

    def connection(self) -> Connection:
        """That of the person's own account; raises ``SignInError`` where there is no key."""
        return self._connections()

    def signed_out(self) -> None:
        """The key was given up: say so now, whatever still waits for an answer to it."""
        self._standing.unwell(SignInError("token_missing", community=self.row.name), 1.0)

    def busy(self) -> bool:
        """True while intents of this community can still move by themselves."""
        return self._sending.busy() or self._proving.busy()

    def sync(self, progress: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Pull everything new and flush; gives the numbers of the command line. Runs on the caller's thread.

        ``items threads posts members following`` are what the mirror holds afterwards, ``set_aside`` counts records
        that did not fit since the last one, whoever read them; ``trouble`` is the code with the facts of what kept it
        from finishing, ``None`` when it finished.
        """
        started, before = self._stores.clock.monotonic(), self._connections.usage()
        trouble: dict[str, Any] | None = None
        try:
            for batch in self._pulling.everything():
                self._write(batch)
                progress({"community": self.row.name, **self._spent(before)})
                if self._stopping.is_set():
                    raise TryLaterError("engine_stopping")
            self._standing.well(self._connections.budget_left())
            self.wake()
            self._tickets.wake()
            self._tickets.look()
            self._server.tell()
        except MarqueeError as error:
            trouble = {"code": error.code, **error.facts, "kind": type(error).__name__}
            self._standing.unwell(error, 1.0)
            if error.code == RESTORED:
                self._server.told()
            if is_outage(error):
                self._server.doubt(after_outage=True)
        aside, self._aside = list(self._aside), {}
        live = ""
        with suppress(MarqueeError):
            live = self._live.verdict()
        return {
            "community": self.row.name,
            **self._spent(before),
            "seconds": round(self._stores.clock.monotonic() - started, 3),
            **self._stores.writer.totals(self.row.name),
            "budget_left": self._connections.budget_left(),
            "complete_since": self._complete_since(),
            "set_aside": len(aside),
            "set_aside_first": aside[0] if aside else None,
            "live": live,
            "trouble": trouble,
        }

    def _write(self, batch: Batch) -> None:
        for problem in batch.problems:
            if len(self._aside) < MOST_LOGGED:
                self._aside[problem] = None
            if problem not in self._logged and len(self._logged) < MOST_LOGGED:
                self._logged.add(problem)
                log.warning("%s: a record was set aside: %s", self.row.name, problem)
        self._tell(self._stores.writer.apply(batch, self.row.name))

    def _begin_anew(self) -> None:
        self._pulling.begin_anew()

    def _spent(self, before: dict[str, int]) -> dict[str, int]:
        return {name: value - before.get(name, 0) for name, value in self._connections.usage().items()}

    def _complete_since(self) -> str | None:
        row = next((row for row in self._stores.communities() if row.name == self.row.name), None)
        return _iso(row.complete_since) if row is not None and row.complete_since is not None else None

    def _guarded(self, loop: Callable[[], None]) -> None:
        """A bug in one thread must not end the engine silently: it is logged, and the loop goes on after a pause."""
        while not self._stopping.is_set():
            try:
                loop()
            except Exception:
                log.exception("%s: a loop of the engine broke", self.row.name)
                self._stopping.wait(AFTER_A_BUG)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
