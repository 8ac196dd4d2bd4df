"""The thread of a community that reads what changed: a walk down to the horizon, hourly, with polls in between."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain

from moderation.errors import MarqueeError, TryLaterError
from moderation.records import Batch
from sync.connector import Heard, TellsAtOnce
from sync.engine.case_places import CasePlaces
from sync.engine.connections import Connections
from sync.engine.facts import FactsInStep
from sync.engine.followed import FollowedInStep
from sync.engine.looking_again import LookingAgain
from sync.engine.roster import RosterInStep
from sync.engine.same_server import SameServer, is_outage
from sync.engine.standing import Standing
from sync.engine.stores import Stores

WALK_EVERY = 3600.0
FORGET_EVERY = 86400.0
FORGET_AT_ONCE = 20
"""Transactions between two polls."""
LONGEST_PAUSE = 60.0


class Pulling:
    """Walks batch by batch, so that a poll, a stop or a crash between two of them loses nothing."""

    def __init__(
        self,
        name: str,
        stores: Stores,
        connections: Connections,
        standing: Standing,
        write: Callable[[Batch], None],
        server: SameServer,
        poll_every: float,
        horizon: timedelta,
    ) -> None:
        self._name = name
        self._stores = stores
        self._connections = connections
        self._standing = standing
        self._write = write
        self._server = server
        self._poll_every = poll_every
        self._horizon = horizon
        self._places = CasePlaces(name, stores.team, stores.clock)
        self._facts = FactsInStep(name, stores)
        self._again = LookingAgain(stores.clock)
        self._roster = RosterInStep(name, stores)
        self._followed = FollowedInStep(name, stores)
        self._now = threading.Event()
        self._reading = threading.Lock()
        self._stopping = False
        self._asked = False
        self._anew = False
        self._heard = Heard()
        self._hearing = threading.Lock()
        self._walk: Iterator[Batch] | None = None
        self._next_poll = self._next_walk = self._next_forgetting = stores.clock.monotonic()
        self._failures = 0

    def refresh(self) -> None:
        """Poll now."""
        self._asked = True
        self._places.asked()
        self._now.set()

    def heard(self, heard: Heard) -> None:
        """Read what a server hinted at: now, or with the next try after a failure. Safe from any thread."""
        with self._hearing:
            self._heard |= heard
        if not self._failures:
            self._now.set()

    def begin_anew(self) -> None:
        """Walk again from the beginning: what the cursors stood for is not so any more. Safe from any thread."""
        self._anew = True
        self._now.set()

    def stop(self) -> None:
        """End after the request under way."""
        self._stopping = True
        self._now.set()

    def everything(self) -> Iterator[Batch]:
        """All that is not known yet and all that changed, for whoever waits for a whole sync.

        The thread's own walk gives way to it, so that nothing is read twice.
        """
        with self._reading:
            self._walk = None
            self._connections.identify()
            self._server.check_after_outage()
            self._anew = False
            self._roster.asked()
            yield from self._new_walk(asked=True)
            yield from self._connections().poll(self._stores.known(self._name))
            yield from self._newest()
            self._places.asked()
            yield from self._case_places()
            yield from self._followed.read(self._connections(), asked=True)
            self._roster.note()
            self._facts.all(lambda: self._stopping)
            now = self._stores.clock.monotonic()
            self._next_walk, self._next_poll = now + WALK_EVERY, now + self._poll_every

    def loop(self) -> None:
        """The thread's work, until stopped."""
        while not self._stopping:
            self._now.clear()
            try:
                with self._reading:
                    self._turn()
                self._failures = 0
            except MarqueeError as error:
                self._failed(error)
            if (self._walk is None and not self._anew) or self._failures:
                self._now.wait(max(0.0, self._next_poll - self._stores.clock.monotonic()))

    def _turn(self) -> None:
        """One batch of the walk if there is one, and a poll if it is time."""
        if self._standing.troubled:
            self._connections.identify()
            self._server.check_after_outage()
        now = self._stores.clock.monotonic()
        if self._anew or (self._walk is None and now >= self._next_walk):
            self._anew = False
            self._walk, self._next_walk = self._new_walk(), now + WALK_EVERY
        self._read_heard()
        if self._walk is not None:
            self._step(self._walk)
        if self._walk is None and (now >= self._next_poll or self._asked):
            self._asked = False
            for batch in self._connections().poll(self._stores.known(self._name)):
                self._write(batch)
            for batch in self._case_places():
                self._write(batch)
            pause = max(self._poll_every, self._connections().poll_pause())
            self._next_poll = self._stores.clock.monotonic() + pause
            self._forget_old()
            self._facts.step(lambda: self._stopping or self._now.is_set())
        self._standing.well(self._connections.budget_left())

    def _case_places(self) -> Iterator[Batch]:
        return self._places.read(self._connections(), self._stores.known(self._name))

    def _newest(self) -> Iterator[Batch]:
        """Who asks for everything gets what is newest too, where a poll leaves that to hints most of the time."""
        connection = self._connections()
        if isinstance(connection, TellsAtOnce):
            yield from connection.read_heard(Heard(feed=True, asked=True), self._stores.known(self._name))

    def _read_heard(self) -> None:
        """What was hinted at since the last turn, all at once."""
        with self._hearing:
            heard, self._heard = self._heard, Heard()
        if not heard:
            return
        connection = self._connections()
        if isinstance(connection, TellsAtOnce):
            for batch in connection.read_heard(heard, self._stores.known(self._name)):
                self._write(batch)

    def _forget_old(self) -> None:
        """Once a day the mirror lets go of what is over and older than the horizon, a part between two polls."""
        now = self._stores.clock.monotonic()
        if now < self._next_forgetting:
            return
        before = self._stores.clock.now() - self._horizon
        for _ in range(FORGET_AT_ONCE):
            if self._stopping or not self._stores.writer.prune(self._name, before):
                self._next_forgetting = now + FORGET_EVERY
                return

    def _step(self, walk: Iterator[Batch]) -> None:
        batch = next(walk, None)
        if batch is None:
            self._walk = None
            self._roster.note()
        else:
            self._write(batch)

    def _new_walk(self, *, asked: bool = False) -> Iterator[Batch]:
        self._roster.tell()
        known, connection = self._stores.known(self._name), self._connections()
        horizon = self._stores.clock.now() - self._horizon
        walk = connection.catch_up(known, horizon), self._again.batches(connection, known, horizon, asked=asked)
        return chain(*walk, () if asked else self._followed.read(connection))

    def _failed(self, error: MarqueeError) -> None:
        """Back off; a walk goes on from its cursors next time."""
        self._failures += 1
        self._walk = None
        if is_outage(error):
            self._server.doubt(after_outage=True)
        asked = error.seconds if isinstance(error, TryLaterError) else 0.0
        pause = max(asked, min(2.0 ** min(self._failures, 16), LONGEST_PAUSE))
        self._next_poll = self._stores.clock.monotonic() + pause
        self._next_walk = min(self._next_walk, self._next_poll)
        self._standing.unwell(error, pause)
