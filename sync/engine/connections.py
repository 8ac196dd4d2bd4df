"""The open connections of one community, one an identity."""

import threading

from moderation.errors import SignInError
from moderation.intents import Identities
from moderation.ports import CommunityRow
from sync.connector import Connection
from sync.engine.stores import Stores


class Connections:
    """Opens on first use, and anew after a key changed. Safe to use from both threads."""

    def __init__(self, row: CommunityRow, stores: Stores) -> None:
        self._row = row
        self._stores = stores
        self._open: dict[Identities, Connection] = {}
        self._retired: list[Connection] = []
        self._counted = {"requests": 0, "bytes": 0}
        self._lock = threading.Lock()

    def __call__(self, identity: Identities = Identities.ME) -> Connection:
        """The connection of an identity; raises ``SignInError`` where there is no key."""
        with self._lock:
            if identity not in self._open:
                self._open[identity] = self._stores.connect(self._row, identity)
            return self._open[identity]

    def identify(self) -> None:
        """Is it still the same person? What was pulled belongs to whoever may read it; else ``identity_changed``."""
        identity = self().identify()
        if identity.member != self._row.identity.member:
            raise SignInError("identity_changed", now=str(identity.member), was=str(self._row.identity.member))
        self._stores.writer.set_identity(self._row.name, identity, None)

    def usage(self) -> dict[str, int]:
        """Requests and bytes of the community so far; its connections share one count, which outlives each of them."""
        with self._lock:
            for connection in [*self._open.values(), *self._retired]:
                self._count(connection)
            return dict(self._counted)

    def budget_left(self) -> float | None:
        """Of the person's own connection."""
        connection = self._open.get(Identities.ME)
        return connection.budget_left() if connection is not None else None

    def renew(self) -> None:
        """Open anew at the next use; what is under way on the old ones goes on, they are closed at the end."""
        with self._lock:
            self._retired += self._open.values()
            self._open = {}

    def _count(self, connection: Connection) -> None:
        for name, value in connection.usage().items():
            self._counted[name] = max(self._counted.get(name, 0), value)

    def close(self) -> None:
        """Close all, the retired ones too; the next use opens anew."""
        self.renew()
        with self._lock:
            old, self._retired = self._retired, []
            for connection in old:
                self._count(connection)
        for connection in old:
            connection.close()
