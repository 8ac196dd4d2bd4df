"""Is it still the same server? One that was restored from a backup gives known ids to other things."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from moderation.errors import MarqueeError, StoreError, TryLaterError
from moderation.ids import Ref
from moderation.intents import Intent, IntentState
from moderation.records import Batch
from sync.connector import Urgency
from sync.engine.connections import Connections
from sync.engine.stores import Stores

log = logging.getLogger(__name__)

RESTORED = "server_restored"
_HELD_BACK = frozenset({IntentState.HELD, IntentState.WAITING})
_MOST_ROUNDS = 100
_ASKED_TO_WAIT = frozenset({"too_many_requests", "community_asks_to_wait", "budget_used_up", "day_limit_reached"})


class SameServer:
    """Compares known posts with the server's before anything is sent: after the start, and after every outage.

    The posts are chosen before anything is read, so that what the restored server says cannot hide the change. On a
    difference, whatever has not been proven waits for a person, the mirror is corrected from its newest end, and every
    list is read from its beginning (``begin_anew`` tells who does that).
    """

    def __init__(
        self,
        name: str,
        stores: Stores,
        connections: Connections,
        write: Callable[[Batch], None],
        begin_anew: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = name
        self._stores = stores
        self._connections = connections
        self._write = write
        self._begin_anew = begin_anew
        self._lock = threading.Lock()
        self._sure = False
        self._outage = False
        self._untold = False
        self._anchors: list[tuple[Ref, datetime]] | None = None

    def doubt(self, *, after_outage: bool = False) -> None:
        """It was away for a while, or has not been met yet: choose what to compare, before anything is read."""
        with self._lock:
            self._outage = self._outage or after_outage
            if self._anchors is None:
                self._anchors = self._stores.writer.anchors(self._name)
                self._sure = False

    def check_after_outage(self) -> None:
        """:meth:`check` though nothing is to be sent, but only where an outage was seen: a pull asks for this."""
        if self._outage:
            self.check()

    def check(self) -> None:
        """Ask, unless that was done since the last doubt; raises ``StoreError`` ``server_restored`` once if it is not.

        Costs a request a post, five at the most.
        """
        with self._lock:
            if self._sure:
                return
            anchors = self._anchors if self._anchors is not None else self._stores.writer.anchors(self._name)
            same = not anchors or self._connections().same_server(anchors)
            if not same:
                self._hold_back()
                self._correct(anchors)
                self._stores.writer.forget_cursors(self._name)
                self._begin_anew()
                self._untold = True
            self._sure, self._outage, self._anchors = True, False, None
        if not same:
            raise StoreError(RESTORED, community=self._name)

    def tell(self) -> None:
        """Raise ``server_restored`` once for whoever waits for a sync, though another thread has met it meanwhile."""
        untold, self._untold = self._untold, False
        if untold:
            raise StoreError(RESTORED, community=self._name)

    def told(self) -> None:
        """Whoever waits has heard of it."""
        self._untold = False

    def _hold_back(self) -> None:
        log.warning("%s was restored from a backup: what waits is asked about", self._name)
        self._stores.journal.retire_receipts(self._name)
        for intent in self._stores.journal.unfinished(self._name):
            if intent.state in _HELD_BACK:
                self._stores.journal.move(intent.id, intent.state, IntentState.APPROVAL, question=RESTORED)
            elif _unsettled(intent):
                self._stores.journal.update(intent.id, question=RESTORED)

    def _correct(self, anchors: list[tuple[Ref, datetime]]) -> None:
        """Read the newest known posts again until they agree; what is not there any more becomes a tombstone."""
        known = self._stores.known(self._name)
        for _ in range(_MOST_ROUNDS):
            for batch in self._connections().fetch([ref for ref, _ in anchors], known, Urgency.POLL):
                self._write(batch)
            anchors = self._stores.writer.anchors(self._name)
            if not anchors or self._connections().same_server(anchors):
                return


def is_outage(error: MarqueeError) -> bool:
    """True when the server itself was away, and not only asked to be left alone."""
    return isinstance(error, TryLaterError) and error.code not in _ASKED_TO_WAIT


def _unsettled(intent: Intent) -> bool:
    return intent.state in {IntentState.IN_DOUBT, IntentState.SENDING, IntentState.APPROVAL}
