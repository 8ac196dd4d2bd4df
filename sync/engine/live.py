"""The thread of a community that listens: a server that tells of a change makes the engine read that part now.

It has a connection of its own, so that neither a pull nor a flush waits for it, and polls go on as without it.
"""

import logging
import threading
from collections.abc import Callable, Sequence

from moderation.errors import MarqueeError, NotAllowedError, TryLaterError
from moderation.ids import Kind, Ref
from sync.connector import Connection, Heard, Listens, TellsAtOnce
from sync.engine.connections import Connections
from sync.engine.standing import Standing
from sync.engine.stores import Stores

log = logging.getLogger(__name__)

ON, SETTING_OFF, WAITING, TROUBLE = "on", "live_setting_off", "live_not_connected", "live_trouble"
MOST_OPEN = 3
"""Threads that count as open: those that were looked at last."""
AGAIN, WHILE_AWAY = 60.0, 2.0
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 600.0


class LivePush:
    """Listens where the platform tells by itself, the key's limits leave it, and the person has not switched it off.

    ``choice`` gives the setting: ``on``, ``off`` or ``auto``. ``hint`` hears of what to read.
    """

    def __init__(
        self,
        name: str,
        stores: Stores,
        connections: Connections,
        standing: Standing,
        hint: Callable[[Heard], None],
    ) -> None:
        self._name = name
        self._stores = stores
        self._connections = connections
        self._standing = standing
        self._hint = hint
        self._stopping = False
        self._now = threading.Event()
        self._open: dict[Ref, None] = {}
        self._connection: Connection | None = None
        self._ear: Listens | None = None
        self._refused = ""
        self._failures = 0

    def opened(self, refs: Sequence[Ref]) -> None:
        """A person looks at these; threads among them are listened to from the next wait on."""
        for ref in refs:
            if ref.kind is Kind.THREAD:
                self._open.pop(ref, None)
                self._open[ref] = None
        while len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]

    def again(self) -> None:
        """Something was changed by a person: look anew whether to listen."""
        self._now.set()

    def stop(self) -> None:
        """End at once, also in the middle of a wait."""
        self._stopping = True
        self._now.set()
        if self._ear is not None:
            self._ear.close()

    def verdict(self) -> str:
        """How it stands, or would stand if it were looked at now; as :attr:`CommunityStatus.live`. From any thread."""
        stands = self._standing.status.live
        if stands not in {"", WAITING}:
            return stands
        connection = self._connections()
        return self._why_not(connection.ear()) or ON if isinstance(connection, TellsAtOnce) else ""

    def loop(self) -> None:
        """The thread's work, until stopped."""
        while not self._stopping:
            self._now.clear()
            try:
                rest = self._turn()
            except MarqueeError as error:
                rest = self._failed(error)
            if not self._stopping:
                self._now.wait(rest)

    def _turn(self) -> float:
        """One wait for the server, if nothing speaks against it; gives the seconds to rest afterwards."""
        if self._standing.troubled:
            self._standing.live(WAITING if self._ear is not None else "")
            return WHILE_AWAY
        ear = self._met()
        if ear is None:
            self._standing.live("")
            return AGAIN
        why = self._why_not(ear)
        if why:
            self._standing.live(why)
            return AGAIN
        begun = self._stores.clock.monotonic()
        if not self._failures:
            self._standing.live(ON)
        heard = ear.wait(list(self._open))
        self._failures = 0
        self._standing.live(ON)
        if heard and not self._stopping:
            self._hint(heard)
        return max(0.0, begun + ear.pause() - self._stores.clock.monotonic())

    def _why_not(self, ear: Listens) -> str:
        choice = self._stores.live(self._name)
        return SETTING_OFF if choice == "off" else self._refused or ear.hindered(choice == "on")

    def _met(self) -> Listens | None:
        """The ear of the present connection: a new key is tried anew. ``None`` where the platform has none."""
        connection = self._connections()
        if connection is not self._connection:
            if self._ear is not None:
                self._ear.close()
            self._connection, self._refused, self._failures = connection, "", 0
            self._ear = connection.ear() if isinstance(connection, TellsAtOnce) else None
        return self._ear

    def _failed(self, error: MarqueeError) -> float:
        """Ever longer pauses; what will not change is said once, and not tried again with this key."""
        if self._stopping:
            return 0.0
        known = error.code.startswith("live_")
        if isinstance(error, NotAllowedError) and known:
            log.warning("%s: no live push: %s", self._name, error)
            self._refused = error.code
            self._standing.live(error.code)
            return AGAIN
        self._failures += 1
        self._standing.live(error.code if known else TROUBLE)
        asked = error.seconds if isinstance(error, TryLaterError) and error.seconds else 0.0
        return max(asked, min(FIRST_PAUSE * 2.0 ** min(self._failures - 1, 16), LONGEST_PAUSE))
