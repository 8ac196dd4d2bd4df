"""The engine process: holds the lock, keeps each community in step, feeds the full text, and ends when it is not
needed.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from moderation.changes import ChangeRecord, coalesce
from moderation.errors import MarqueeError, UnknownIdError
from moderation.ids import Ref
from moderation.ports import CommunityStatus
from sync.engine.alarms import AlarmWatch
from sync.engine.cards import CardWatch
from sync.engine.community import HORIZON, POLL_EVERY, Community
from sync.engine.finding import Finding, Slices
from sync.engine.lock import EngineLock
from sync.engine.pictures import Known, Pictures
from sync.engine.protocol import changes_out, status_out
from sync.engine.server import Reply, Server
from sync.engine.stores import Stores
from sync.outbox import Timing

log = logging.getLogger(__name__)

FORGET_EVERY = 86400.0


@dataclass(frozen=True, slots=True)
class Options:
    """How the engine behaves.

    Seconds. ``idle`` is how long it stays without clients and without work (``None``: for ever).
    """

    idle: float | None = 20.0
    poll_every: float = POLL_EVERY
    horizon: timedelta = HORIZON
    timing: Timing = field(default_factory=Timing)
    feed_pause: float = 0.05
    feed_at_once: int = 200
    slices: Slices = field(default_factory=Slices)


class Engine:
    """Runs until stopped or idle. Build it, :meth:`start` it (``False``: another process holds the lock), then
    :meth:`wait`.

    ``keep_key`` takes a token that a client hands over for this run (kept in memory by whoever opens connections), or
    an empty one for a key that was given up, and tells whether it is another one than before: only then are
    connections opened anew.
    """

    def __init__(
        self,
        home: Path,
        stores: Stores,
        options: Options | None = None,
        keep_key: Callable[[str, str, str, str | None], bool] | None = None,
    ) -> None:
        self._home = home
        self._stores = stores
        self._options = options or Options()
        self._keep_key = keep_key
        self._lock = EngineLock(home)
        self._server = Server(home, self._handle)
        self._communities: dict[str, Community] = {}
        self._pictures = Pictures(self._known)
        self._meeting = threading.Lock()
        self._stopping = threading.Event()
        self._syncing: set[object] = set()
        self._changes: list[ChangeRecord] = []
        self._changes_lock = threading.Lock()
        self._changed = threading.Event()
        self._next_forgetting = stores.clock.monotonic()
        self._feeding = False
        self._finding = self._make_finding()
        alarming = stores.alarming
        self._alarms = AlarmWatch(alarming, stores.clock, self._tell) if alarming is not None else None
        cards = stores.cards
        self._cards = CardWatch(cards, stores.clock, self._wake_all, self._want) if cards is not None else None

    def start(self) -> bool:
        """Take the lock and begin; ``False`` when an engine runs already."""
        if not self._lock.acquire():
            return False
        self._server.start()
        self._meet()
        threading.Thread(target=self._feed, name="index", daemon=True).start()
        threading.Thread(target=self._announce, name="changes", daemon=True).start()
        if self._finding is not None:
            self._finding.start()
        if self._alarms is not None:
            self._alarms.start()
        if self._cards is not None:
            self._cards.start()
        return True

    def wait(self) -> None:
        """Until it is stopped, idle, or its home is gone."""
        quiet_since = self._stores.clock.monotonic()
        while not self._stopping.wait(0.5):
            if not self._lock.still_ours():
                log.warning("the home is gone: ending")
                break
            now = self._stores.clock.monotonic()
            if self._needed():
                quiet_since = now
            elif self._options.idle is not None and now - quiet_since > self._options.idle:
                break
        self.close()

    def stop(self) -> None:
        """Ask it to end."""
        self._stopping.set()

    def close(self) -> None:
        """End: after the requests under way, give up socket and lock."""
        self._stopping.set()
        if self._finding is not None:
            self._finding.stop()
        if self._alarms is not None:
            self._alarms.stop()
        if self._cards is not None:
            self._cards.stop()
        self._changed.set()
        self._pictures.close()
        for community in self._communities.values():
            community.stop()
        self._server.close()
        self._lock.release()

    def _needed(self) -> bool:
        behind = self._finding is not None and self._finding.behind
        telling = self._alarms is not None and self._alarms.busy()
        busy = any(community.busy() for community in self._communities.values())
        return bool(self._server.clients or self._syncing or behind or telling or busy)

    def _meet(self) -> None:
        """Begin with communities that were connected meanwhile; clients may ask for it all at once."""
        options = self._options
        with self._meeting:
            met = dict(self._communities)
            for row in self._stores.communities():
                if row.name not in met:
                    met[row.name] = Community(
                        row,
                        self._stores,
                        self._tell,
                        self._standing,
                        options.timing,
                        options.poll_every,
                        options.horizon,
                    )
                    met[row.name].start()
            self._communities = met

    # what clients ask

    def _handle(self, message: dict[str, Any], reply: Reply) -> None:
        ask = getattr(self, f"_do_{message.get('do')}", None)
        if ask is not None:
            ask(message, reply)

    def _wake_all(self) -> None:
        for community in self._communities.values():
            community.wake()

    def _want(self, refs: Sequence[Ref]) -> None:
        for name, community in self._communities.items():
            if mine := [ref for ref in refs if ref.community == name]:
                community.want(mine)

    def _do_wake(self, _message: dict[str, Any], _reply: Reply) -> None:
        self._meet()
        self._wake_all()
        if self._alarms is not None:
            self._alarms.wake()

    def _do_want(self, message: dict[str, Any], _reply: Reply) -> None:
        wanted: dict[str, list[Ref]] = {}
        for text in message.get("refs", ()):
            try:
                ref = Ref.parse(str(text))
            except UnknownIdError:
                continue
            wanted.setdefault(ref.community, []).append(ref)
        for name, refs in wanted.items():
            if name in self._communities:
                self._communities[name].want(refs)

    def _do_refresh(self, message: dict[str, Any], _reply: Reply) -> None:
        self._meet()
        for name, community in self._communities.items():
            if message.get("community") in {None, name}:
                community.refresh()

    def _do_credentials(self, message: dict[str, Any], _reply: Reply) -> None:
        name, token = str(message.get("community", "")), str(message.get("token", ""))
        if self._keep_key is None or not (token or message.get("forget")):
            return
        news = self._keep_key(name, str(message.get("identity", "me")), token, message.get("acts_as"))
        self._meet()
        if news and name in self._communities:
            self._communities[name].forget_connections()
            if not token:
                self._communities[name].signed_out()

    def _do_picture(self, message: dict[str, Any], reply: Reply) -> None:
        self._meet()
        self._pictures.ask(message, reply)

    def _do_no_picture(self, message: dict[str, Any], reply: Reply) -> None:
        self._pictures.drop(message, reply)

    def _known(self, name: str) -> Known | None:
        community = self._communities.get(name)
        return None if community is None else (community.row.url, community.connection)

    def _do_status(self, message: dict[str, Any], reply: Reply) -> None:
        statuses = [community.status for community in self._communities.values()]
        reply({"id": message.get("id"), "status": status_out(statuses)})

    def _do_stop(self, _message: dict[str, Any], _reply: Reply) -> None:
        self.stop()

    def _do_sync(self, message: dict[str, Any], reply: Reply) -> None:
        """Answered when all communities are done; each pulls on a thread of its own."""
        self._meet()
        ident, names = message.get("id"), message.get("communities") or list(self._communities)
        threading.Thread(target=self._sync, args=(ident, names, reply), name="sync", daemon=True).start()

    def _sync(self, ident: object, names: list[str], reply: Reply) -> None:
        this = object()
        self._syncing.add(this)
        try:
            results: dict[str, dict[str, Any]] = {}
            threads = [
                threading.Thread(target=self._sync_one, args=(ident, name, reply, results), daemon=True)
                for name in names
                if name in self._communities
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if self._alarms is not None:
                self._alarms.pulled()
            if self._cards is not None:
                self._cards.look()
            reply({"id": ident, "done": [results[name] for name in names if name in results]})
        finally:
            self._syncing.discard(this)

    def _sync_one(self, ident: object, name: str, reply: Reply, results: dict[str, dict[str, Any]]) -> None:
        community = self._communities[name]
        try:
            results[name] = community.sync(lambda progress: reply({"id": ident, "progress": progress}))
        except Exception as error:
            log.exception("%s: a sync broke", name)
            results[name] = {"community": name, "trouble": {"code": "our_bug", "kind": type(error).__name__}}

    # what the engine says

    def _tell(self, records: list[ChangeRecord]) -> None:
        if not records:
            return
        with self._changes_lock:
            self._changes.extend(records)
        self._changed.set()

    def _announce(self) -> None:
        """Bundle changes, so that a pull of thousands of rows is a few messages."""
        while not self._stopping.is_set():
            self._changed.wait()
            self._changed.clear()
            with self._changes_lock:
                bundle, self._changes = coalesce(self._changes), []
            if bundle:
                self._server.broadcast(changes_out(bundle))
            self._stopping.wait(0.05)

    def _standing(self, status: CommunityStatus) -> None:
        self._server.broadcast({"status": status_out([status])})

    def _feed(self) -> None:
        """Feed the full text in small commits while anything waits, and let the journal forget."""
        while not self._stopping.is_set():
            fed = self._done("the full text", lambda: self._stores.feeder.feed(self._options.feed_at_once))
            self._done("the journal", self._forget_old)
            self._feeding = fed > 0
            self._stopping.wait(self._options.feed_pause if fed else 1.0)

    def _make_finding(self) -> Finding | None:
        if self._stores.spotter is None:
            return None
        return Finding(
            self._stores.spotter, lambda: self._feeding or bool(self._syncing), self._tell, self._options.slices
        )

    def _done(self, what: str, work: Callable[[], int]) -> int:
        try:
            return work()
        except MarqueeError as error:
            log.warning("%s: %s", what, error)
            return 0

    def _forget_old(self) -> int:
        """Once a day the journal lets go of what was over long ago, a part at a time."""
        now = self._stores.clock.monotonic()
        if now < self._next_forgetting:
            return 0
        gone = self._stores.journal.prune(self._stores.clock.now() - max(self._options.horizon, HORIZON))
        if not gone:
            self._next_forgetting = now + FORGET_EVERY
        return gone
