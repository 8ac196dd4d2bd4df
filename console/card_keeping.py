"""The desk with which the engine keeps presence cards true, on a thread of its own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from console.clock import SystemClock, TimeIds
from console.no_engine import Collecting
from console.presence import card_words
from console.promises import HomePromises
from moderation.ids import Ref
from moderation.ports import Journal
from sync.mirror import MirrorReader
from sync.vault import Vault

if TYPE_CHECKING:
    from moderation.desk.presence import Presence
    from sync.team.store import SqlTeam


class EngineCards:
    """Implements :class:`sync.engine.cards.CardKeeping`. What it works with is opened when a card stands."""

    def __init__(self, vault: Vault, journal: Any, team: "SqlTeam", promises: HomePromises) -> None:
        self._vault = vault
        self._journal = cast(Journal, journal)
        self._team = team
        self._promises = promises
        self._engine = Collecting()
        self._reader: MirrorReader | None = None
        self._presence: Presence | None = None

    def version(self) -> int:
        """That of the team's store."""
        return self._team.version()

    def keep_true(self) -> tuple[int, Sequence[Ref]]:
        """All communities once, those with a card."""
        self._engine.wanted = {}
        begun = 0
        for row in self._mirror().communities():
            if self._team.cards(row.name):
                begun += len(self._desk().keep_true(row.name))
        return begun, list(self._engine.wanted)

    def close(self) -> None:
        """Close the reader."""
        if self._reader is not None:
            self._reader.close()
            self._reader = self._presence = None

    def _mirror(self) -> MirrorReader:
        if self._reader is None:
            self._reader = MirrorReader(self._vault)
        return self._reader

    def _desk(self) -> "Presence":
        if self._presence is None:
            from moderation.desk import Bench, Desk

            bench = Bench(self._mirror(), self._journal, self._team, self._engine, SystemClock(), TimeIds())
            self._presence = Desk(bench, promises=self._promises, card_words=card_words).presence
        return self._presence
