"""Alarms for the engine: a desk of its own over the stores, on the engine's thread for alarms."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from console.alarm_channels import HomeAlarms
from console.clock import SystemClock, TimeIds
from console.no_engine import NoEngine
from console.promises import HomePromises
from moderation.alarms.ports import AlarmStore
from moderation.changes import ChangeRecord
from moderation.errors import MarqueeError
from moderation.ports import Journal
from resources import messages
from sync.mirror import MirrorReader
from sync.vault import Vault

if TYPE_CHECKING:
    from moderation.alarms.telling import Words
    from moderation.desk.alarm_telling import AlarmTelling
    from moderation.desk.alarms import Alarms
    from sync.team.store import SqlTeam

Log = Callable[[str, MarqueeError], None]


def words_of(language: str) -> "Words":
    """The words of a language by code."""
    return partial(messages.text, language=language)


class EngineAlarms:
    """Implements :class:`sync.engine.alarms.Alarming`. What it works with is opened when it is first needed."""

    def __init__(
        self, vault: Vault, journal: Any, team: "SqlTeam", promises: HomePromises, ways: HomeAlarms, log: Log
    ) -> None:
        self._vault = vault
        self._journal = cast(Journal, journal)
        self._team = team
        self._promises = promises
        self.ways = ways
        self._log = log
        self._reader: MirrorReader | None = None
        self._desk: tuple[Alarms, AlarmTelling] | None = None

    def listening(self) -> bool:
        """Is any channel connected?"""
        return bool(self.ways.channels())

    def look(self) -> list[ChangeRecord]:
        """Look at all communities once."""
        alarms, _ = self._opened()
        changes: list[ChangeRecord] = []
        for row in self._mirror().communities():
            looked = alarms.look(row.name)
            changes += looked.changes()
            for trouble in looked.troubles:
                self._log(row.name, trouble)
        return changes

    def tell(self) -> int:
        """Tell what is due."""
        _, telling = self._opened()
        return telling.tell(self.ways.channels())

    def next_telling(self) -> datetime | None:
        """When the next one is due."""
        return self._team.next_telling()

    def close(self) -> None:
        """Close the reader."""
        if self._reader is not None:
            self._reader.close()
            self._reader = self._desk = None

    def _mirror(self) -> MirrorReader:
        if self._reader is None:
            self._reader = MirrorReader(self._vault)
        return self._reader

    def _opened(self) -> "tuple[Alarms, AlarmTelling]":
        if self._desk is None:
            from moderation.desk import Bench, Desk
            from moderation.desk.alarm_telling import AlarmTelling

            clock, ids = SystemClock(), TimeIds()
            bench = Bench(self._mirror(), self._journal, self._team, NoEngine(), clock, ids)
            alarms = Desk(bench, promises=self._promises, alarm_ways=self.ways).alarms
            store = cast(AlarmStore, self._team)
            telling = AlarmTelling(store, alarms.named, self.ways.open, words_of, self._titles, clock, ids)
            self._desk = (alarms, telling)
        return self._desk

    def _titles(self) -> dict[str, str]:
        return {row.name: row.info.title or row.name for row in self._mirror().communities()}
