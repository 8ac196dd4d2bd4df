"""The connectors that are installed, and connections made with them."""

import threading
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points

from console.credentials import Credentials
from console.settings import Connected
from moderation.errors import NotAllowedError, SignInError
from moderation.intents import SENDERS, Identities
from moderation.ports import CommunityRow
from sync.connector import Account, Connection, ConnectorSpec
from sync.http import Budget, Counters, Pacing, Sequence

GROUP = "marquee.connectors"


@cache
def installed() -> dict[str, ConnectorSpec]:
    """Connectors by platform, found by entry point."""
    specs = [point.load() for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)]
    return {spec.platform: spec for spec in specs if isinstance(spec, ConnectorSpec)}


def connector(platform: str) -> ConnectorSpec:
    """The connector of a platform; raises :class:`NotAllowedError` ``platform_unknown``."""
    found = installed().get(platform)
    if found is None:
        raise NotAllowedError("platform_unknown", platform=platform)
    return found


class _MirrorSequence(Sequence):
    """Takes its numbers from the mirror."""

    def __init__(self, next_seq: Callable[[], int]) -> None:
        super().__init__()
        self._next_seq = next_seq

    def next(self) -> int:
        """The next number, above all before it."""
        return self._next_seq()


class Connections:
    """Opens connections to the connected communities, each with the token of the identity asked for.

    What belongs to a community (its pacing, counters and the sequence of its requests) is shared by the accounts; its
    budget too, unless the platform limits each key. ``next_seq`` gives the start sequence of a request: the mirror's
    own, so that numbers grow across restarts.
    """

    def __init__(
        self,
        credentials: Credentials,
        connected: Callable[[], dict[str, Connected]],
        next_seq: Callable[[], int],
    ) -> None:
        self._credentials = credentials
        self._connected = connected
        self._next_seq = next_seq
        self._shared: dict[str, dict[str, object]] = {}
        self._budgets: dict[tuple[str, str], object] = {}
        self._lock = threading.Lock()
        self._handed: dict[tuple[str, str], tuple[str, str | None]] = {}
        self._used: dict[tuple[str, str], str] = {}

    def keep(self, community: str, identity: str, token: str, acts_as: str | None) -> bool:
        """Remember a token that another process handed over, in memory only; ``False`` when it is the one in use.

        An empty one says that the key was given up: from now on there is none.
        """
        before = self._used.get((community, identity))
        self._handed[community, identity] = (token, acts_as)
        if not token:
            self._used[community, identity] = ""
        return before != token

    def connect(self, row: CommunityRow, identity: Identities) -> Connection:
        """Open one, without any request; raises ``SignInError`` ``token_missing``."""
        entry = self._connected().get(row.name)
        platform = entry.platform if entry else row.info.platform
        account = self._account(row.name, identity, entry)
        self._used[row.name, str(identity)] = account.token
        spec = connector(platform)
        return spec.open(
            row.url, row.name, account, **self._parts(row.name), budget=self._budget(row.name, spec, account)
        )

    def _account(self, name: str, identity: Identities, entry: Connected | None) -> Account:
        handed = self._handed.get((name, str(identity)))
        acts_as = None
        if entry is not None and identity in SENDERS:
            acts_as = (entry.official_acts_as if identity is Identities.OFFICIAL else entry.acts_as) or None
        if handed is not None and not handed[0]:
            raise SignInError("token_missing", community=name)
        if handed is not None:
            return Account(identity, handed[0], handed[1] or acts_as)
        token = self._credentials.token(name, identity, len(self._connected()))
        return Account(identity, token, acts_as)

    def _parts(self, name: str) -> dict[str, object]:
        with self._lock:
            if name not in self._shared:
                self._shared[name] = {
                    "sequence": _MirrorSequence(self._next_seq),
                    "pacing": Pacing(name),
                    "counters": Counters(),
                }
            return self._shared[name]

    def _budget(self, name: str, spec: ConnectorSpec, account: Account) -> object:
        """One a community, or one a key, kept as long as this process lives."""
        key = (name, str(account.identity) if spec.budget is not None else "")
        with self._lock:
            if key not in self._budgets:
                self._budgets[key] = spec.budget(account) if spec.budget is not None else Budget()
            return self._budgets[key]
