"""What the engine needs of the stores; ``console/wiring.py`` joins the real ones to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from moderation.changes import ChangeRecord
from moderation.content import CommunityInfo, Identity
from moderation.coverage.staff import StaffDays
from moderation.ids import Ref
from moderation.intents import Identities
from moderation.ports import Clock, CommunityRow, Journal, Team
from moderation.records import Batch
from sync.connector import Connection, Known
from sync.engine.alarms import Alarming
from sync.engine.cards import CardKeeping
from sync.engine.tickets import NoOffices, Offices


class Writer(Protocol):
    """Writing of the mirror: one transaction a call, safe from several threads of the engine."""

    def apply(self, batch: Batch, community: str) -> list[ChangeRecord]:
        """Write records and cursors; gives what changed."""

    def set_identity(self, community: str, identity: Identity, info: CommunityInfo | None) -> None:
        """Remember who is signed in and what the server says of itself."""

    def set_standing(
        self, community: str, *, as_of: datetime | None = None, trouble: dict[str, Any] | None = None
    ) -> None:
        """Remember when it was read, or what keeps it from being read (``None``: all is well)."""

    def totals(self, community: str) -> dict[str, int]:
        """How many ``items threads posts members following`` the mirror holds."""

    def forget_cursors(self, community: str) -> None:
        """Let the next walk begin from the beginning."""

    def prune(self, community: str, before: datetime, limit: int = 200) -> int:
        """Let go of up to ``limit`` things that are over and older; gives how many there were, 0 when none is left."""

    def set_staff(self, community: str, staff: StaffDays) -> None:
        """From now on lines of threads are computed for this staff."""

    def count_again(self, community: str, limit: int = 200) -> int:
        """Compute up to ``limit`` lines that are missing or stand for another staff; gives how many there were."""

    def set_people(self, community: str, members: Sequence[Ref], asked_at: datetime | None = None) -> bool:
        """Keep beside the cursors whose following a connector is to read, and when a person asked for everything;
        ``False``: the same people as before.
        """

    def followed(self, community: str, members: Sequence[Ref]) -> dict[Ref, dict[Ref, str]]:
        """What these members follow, of whom that is known: member to forum to level."""

    def anchors(self, community: str, limit: int = 5) -> list[tuple[Ref, datetime]]:
        """Newest known posts with their times, to recognise a server that was restored from a backup."""


class Feeder(Protocol):
    """The full text's mouth."""

    def feed(self, limit: int) -> int:
        """Index up to ``limit`` waiting posts in one small commit; gives how many there were."""


class Spotter(Protocol):
    """Looks for private data in what was pulled."""

    def step(self, seconds: float) -> tuple[int, list[ChangeRecord]]:
        """Look for about that long; gives how many rows there were, and what changed. Called from one thread."""


@dataclass(slots=True)
class Stores:
    """Everything that the engine reads and writes, and its way to the communities.

    ``connect`` opens a connection for an identity and raises ``SignInError`` ``no_key`` where no key is at hand.
    ``known`` gives a reader for the calling thread. ``live`` tells what the person chose of live push (``on``, ``off``,
    ``auto``). ``offices`` are the connected ticket systems. ``staff`` tells who is on the staff of a community, for
    coverage; it raises ``StoreError`` where that cannot be read. ``alarming`` looks for alarms and tells them,
    ``cards`` keeps presence cards true.
    """

    journal: Journal
    team: Team
    writer: Writer
    feeder: Feeder
    communities: Callable[[], list[CommunityRow]]
    known: Callable[[str], Known]
    connect: Callable[[CommunityRow, Identities], Connection]
    clock: Clock
    spotter: Spotter | None = None
    live: Callable[[str], str] = lambda community: "auto"
    offices: Offices = field(default_factory=NoOffices)
    staff: Callable[[str], StaffDays] | None = None
    alarming: Alarming | None = None
    cards: CardKeeping | None = None
