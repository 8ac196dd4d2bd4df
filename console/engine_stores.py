"""Builds what the engine works with: the writing side of the stores, and the way to the communities."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from console.alarm_channels import HomeAlarms
from console.alarming import EngineAlarms
from console.card_keeping import EngineCards
from console.clock import SystemClock
from console.connectors import Connections, connector
from console.credentials import Credentials
from console.home import Home
from console.promises import HomePromises
from console.settings import Connected, Settings
from console.spotter import Spotter
from console.ticket_offices import TicketOffices
from moderation.content import CommunityInfo, Identity
from moderation.coverage.staff import StaffDays
from moderation.errors import MarqueeError
from moderation.ids import Ref
from moderation.intents import Identities
from moderation.ports import CommunityRow
from sync.connector import Connection, Known
from sync.engine.stores import Stores
from sync.mirror import Indexer, MirrorKnown, MirrorReader, MirrorWriter
from sync.vault import Vault

log = logging.getLogger(__name__)


class Communities:
    """The connected communities as rows of the mirror; one that the mirror lost is put back from the settings.

    What a connector can do is not what it could when the community was connected: it may have learned since.
    """

    def __init__(self, vault: Vault, writer: MirrorWriter, settings: Callable[[], Settings]) -> None:
        self._reader = MirrorReader(vault)
        self._writer = writer
        self._settings = settings
        self._lock = threading.Lock()
        self._renewed: set[str] = set()

    def __call__(self) -> list[CommunityRow]:
        """Rows by name, only of communities that the settings still have."""
        connected = self._settings().communities
        with self._lock:
            known = {row.name: row for row in self._reader.communities() if row.url}
            for name in connected.keys() & known.keys():
                self._renew(known[name])
            for name in connected.keys() - known.keys():
                self._writer.put_community(row_from_settings(name, connected[name]))
            return [row for row in self._reader.communities() if row.name in connected]

    def platform_staff(self, community: str) -> list[Ref]:
        """Whom the platform has on its staff now."""
        with self._lock:
            return self._reader.platform_staff(community)

    def _renew(self, row: CommunityRow) -> None:
        if row.name in self._renewed:
            return
        self._renewed.add(row.name)
        with contextlib.suppress(MarqueeError):  # a platform that is not installed any more keeps what it had
            able = _capabilities(row.info.platform)
            if row.capabilities != able:
                self._writer.put_community(replace(row, capabilities=able))

    def close(self) -> None:
        """Close the reader."""
        self._reader.close()


def _capabilities(platform: str) -> frozenset[str]:
    return frozenset(str(capability) for capability in connector(platform).capabilities)


def row_from_settings(name: str, entry: Connected) -> CommunityRow:
    """What is known of a community without asking it; the empty version says that the rest must be read again."""
    capabilities = _capabilities(entry.platform)
    info = CommunityInfo(name, entry.platform, "", entry.url, name)
    official = Identity(Ref.parse(entry.official), entry.official_user) if entry.official else None
    return CommunityRow(name, entry.url, info, Identity(Ref.parse(entry.member), entry.user), capabilities, official)


class KnownPerThread:
    """A :class:`~sync.mirror.MirrorKnown` a thread and community, so that sending never waits for pulling."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._here = threading.local()
        self._all: list[MirrorKnown] = []

    def __call__(self, community: str) -> Known:
        """The one of the calling thread."""
        mine: dict[str, MirrorKnown] = self._here.__dict__.setdefault("known", {})
        if community not in mine:
            mine[community] = MirrorKnown(self._vault, community)
            self._all.append(mine[community])
        return mine[community]

    def close(self) -> None:
        """Close all of them."""
        for known in self._all:
            known.close()


class Ways:
    """Connections for the engine; a community that was put back from the settings says anew what it is."""

    def __init__(self, connections: Connections, writer: MirrorWriter) -> None:
        self._connections = connections
        self._writer = writer

    def __call__(self, row: CommunityRow, identity: Identities) -> Connection:
        """Open one; raises ``SignInError`` ``token_missing``."""
        connection = self._connections.connect(row, identity)
        if not row.info.version and identity is Identities.ME:
            with contextlib.suppress(MarqueeError):  # what keeps it from answering is met and told by the next request
                self._writer.set_identity(row.name, row.identity, connection.info())
        return connection


class Feeder:
    """The full text's mouth, opened on the thread that feeds it."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._indexer: Indexer | None = None

    def feed(self, limit: int) -> int:
        """Index up to ``limit`` waiting rows."""
        if self._indexer is None:
            self._indexer = Indexer(self._vault)
        return self._indexer.feed(limit)

    def close(self) -> None:
        """Close its files."""
        if self._indexer is not None:
            self._indexer.close()


def _forgetting(journal: Any, team: Any) -> Callable[[list[Ref]], None]:
    """What the stores beside the mirror do when something was erased on the server."""

    def forget(gone: list[Ref]) -> None:
        journal.drop_drafts_about(gone)
        team.drop_notes_about(gone)
        team.forget_in_cases(gone)
        team.forget_in_proofs(gone)
        team.forget_dismissals(gone)
        team.forget_people(gone)
        team.forget_alarms(gone)

    return forget


@contextmanager
def engine_stores(
    home: Home, settings: Callable[[], Settings], credentials: Credentials
) -> Iterator[tuple[Stores, Connections]]:
    """What the engine works with; only one engine a home may have it."""
    from sync.journal import open_journal
    from sync.team import open_team

    home.prepare()
    vault = Vault(home.root, credentials.store_key())
    with ExitStack() as closing:

        def closed(store: Any) -> Any:
            closing.callback(store.close)
            return store

        journal, team = closed(open_journal(vault)), closed(open_team(vault))
        writer = closed(MirrorWriter(vault, forgotten=_forgetting(journal, team)))
        communities, known, feeder = (
            closed(Communities(vault, writer, settings)),
            closed(KnownPerThread(vault)),
            closed(Feeder(vault)),
        )
        spotter = closed(Spotter(vault, home.privacy))
        connections = Connections(credentials, lambda: settings().communities, writer.next_seq)
        ways = Ways(connections, writer)
        offices = closed(TicketOffices(credentials, settings))
        promises = HomePromises(home.coverage, team)
        live, staff = partial(live_choice, settings), partial(staff_now, promises, communities)
        alarming = EngineAlarms(vault, journal, team, promises, HomeAlarms(home, credentials), _unjudged)
        stores = Stores(
            journal,
            team,
            writer,
            feeder,
            communities,
            known,
            ways,
            SystemClock(),
            spotter,
            live,
            offices,
            staff,
            alarming,
            cards=EngineCards(vault, journal, team, promises),
        )
        yield stores, connections


def staff_now(promises: HomePromises, communities: Communities, community: str) -> StaffDays:
    """Who is on the staff of a community, as the desk sees it too."""
    return promises.staff(community, communities.platform_staff(community))


def _unjudged(community: str, error: MarqueeError) -> None:
    log.info("%s: alarms cannot be judged: %s", community, error)


def live_choice(settings: Callable[[], Settings], community: str) -> str:
    """What the person chose of live push for a community."""
    entry = settings().communities.get(community)
    return entry.live or "auto" if entry is not None else "auto"
