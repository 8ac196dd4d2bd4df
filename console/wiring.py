"""Builds everything once and hands it on through constructors: stores, desk, and the way to the engine."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, cast

from console.clock import SystemClock, TimeIds
from console.credentials import Credentials
from console.engine_client import EngineClient
from console.home import Home
from console.presence import card_words
from console.promises import HomePromises
from console.readers import MirrorPerThread
from console.settings import Settings, load
from console.spotting import HomeFinder
from console.ticket_offices import office, read_ticket
from console.voices import HomeVoices
from moderation.desk import Bench, Desk
from moderation.ids import Ref
from moderation.ports import Journal, Team
from sync.journal.early import attention
from sync.team.early import claims, not_private, notes, put_off
from sync.vault import Vault

LONGEST_HOLD = 10.0


class Deferred:
    """Stands for a store that is opened when it is first used, by whichever thread comes first.

    ``after`` holds the opening back, but not for long: the window sets it once it has been painted. Until then
    ``early`` answers what the first paint asks. The journal and the team store import SQLAlchemy, which takes longer
    than the window's first paint.
    """

    def __init__(
        self,
        open_store: Callable[[], Any],
        after: threading.Event | None = None,
        early: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        self._open = open_store
        self._after = after
        self._early = early or {}
        self._store: Any = None
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        if name in self._early and self._store is None and self._after is not None and not self._after.is_set():
            return self._early[name]
        return getattr(self.opened(), name)

    def opened(self) -> Any:
        """The store itself."""
        with self._lock:
            if self._store is None:
                if self._after is not None:
                    self._after.wait(LONGEST_HOLD)
                self._store = self._open()
            return self._store

    def close_if_open(self) -> None:
        """Close the store, if anybody used it."""
        if self._store is not None:
            self._store.close()


class LateAlarms:
    """What the home says of alarms; what reads it is imported when it is asked."""

    def __init__(self, home: Home, credentials: Credentials) -> None:
        self._given = (home, credentials)

    @cached_property
    def _ways(self) -> Any:
        from console.alarm_channels import HomeAlarms

        return HomeAlarms(*self._given)

    def channels(self) -> Any:
        """Where alarms are told besides."""
        return self._ways.channels()

    def unhappy(self) -> Any:
        """Which posts sound unhappy."""
        return self._ways.unhappy()


def open_journal_of(vault: Vault) -> Any:
    """The journal of this home; imports SQLAlchemy."""
    from sync.journal import open_journal

    return open_journal(vault)


def open_team_of(vault: Vault) -> Any:
    """The team store of this home; imports SQLAlchemy."""
    from sync.team import open_team

    return open_team(vault)


@dataclass(slots=True)
class Workplace:
    """A desk over the stores of a home, with the engine behind it."""

    home: Home
    vault: Vault
    desk: Desk
    engine: EngineClient
    painted: threading.Event
    _mirror: MirrorPerThread
    _later: tuple[Deferred, ...]

    @classmethod
    @contextmanager
    def open(
        cls, home: Home, settings: Settings, credentials: Credentials, *, start_engine: bool = True
    ) -> Iterator["Workplace"]:
        """Open the stores (the journal and the team's on first use); closed at the end.

        ``start_engine``: an engine is started when something is asked of it; else only a running one hears.
        """
        workplace = cls.build(home, settings, credentials, start_engine=start_engine)
        try:
            yield workplace
        finally:
            workplace.close()

    @classmethod
    def build(
        cls,
        home: Home,
        settings: Settings,
        credentials: Credentials,
        *,
        start_engine: bool = True,
        window: bool = False,
    ) -> "Workplace":
        """As :meth:`open`; the caller closes it. For a ``window`` the slow stores wait until ``painted`` is set."""
        from sync.mirror import MirrorReader
        from sync.mirror.ordering import read_order

        home.prepare()
        vault = Vault(home.root, credentials.store_key())
        painted = threading.Event()
        after = painted if window else None
        journal = Deferred(lambda: open_journal_of(vault), after, {"attention": partial(attention, vault)})
        asked_early: dict[str, Callable[..., Any]] = {
            "claims": partial(claims, vault),
            "notes": partial(notes, vault),
            "put_off_by": partial(put_off, vault),
            "not_private": partial(not_private, vault),
        }
        team = Deferred(lambda: open_team_of(vault), after, asked_early)
        mirror = MirrorPerThread(lambda: MirrorReader(vault), partial(read_order, vault) if window else None)
        engine = EngineClient(home, credentials.for_engine, may_start=start_engine)
        if start_engine:
            engine.hand_over(credentials.for_this_run(list(settings.communities), list(settings.tickets)))
        bench = Bench(
            mirror,
            cast(Journal, journal),
            cast(Team, team),
            engine,
            SystemClock(),
            TimeIds(),
            settings.undo_seconds,
            partial(office, lambda: load(home.settings)),
            partial(read_ticket, lambda: load(home.settings), credentials),
        )
        ways = LateAlarms(home, credentials)
        promises, voices = HomePromises(home.coverage, team), HomeVoices(home.voice)
        desk = Desk(bench, HomeFinder(home.privacy), promises, ways, card_words=card_words, voices=voices)
        return cls(home, vault, desk, engine, painted, mirror, (journal, team))

    def claim(self, item: Ref) -> tuple[str, str] | None:
        """Who has claimed an item: member id and name."""
        held = self.desk.bench.team.claims([str(item)]).get(str(item))
        return None if held is None else (held[0], held[1])

    def close(self) -> None:
        """Close the stores and let go of the engine, which goes on with what it has to do."""
        self.engine.close()
        self._mirror.close()
        for store in self._later:
            store.close_if_open()
