"""What the engine works with, in memory: a writer that remembers, a connection whose pulls can be ordered."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from console.clock import SystemClock
from moderation.changes import ChangeRecord, Table
from moderation.content import CommunityInfo, Identity
from moderation.coverage.staff import StaffDays
from moderation.errors import MarqueeError
from moderation.ids import Ref
from moderation.intents import Identities
from moderation.ports import CommunityRow, CommunityStatus
from moderation.records import Batch, Records
from sync.connector import Connection, Known, Urgency
from sync.engine.stores import Stores
from sync.journal import open_journal
from tests.fakes import factory
from tests.fakes.clock import FakeClock
from tests.fakes.community import FakeCommunity, FakeConnection
from tests.fakes.desk import FakeTeam


class FakeWriter:
    """Implements :class:`sync.engine.stores.Writer`: keeps what it was given. Safe to use from several threads."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.standings: list[dict[str, Any] | None] = []
        self.identities: list[Identity] = []
        self.posts: list[tuple[Ref, datetime]] = []
        self.begun_anew = 0
        self.old = 0
        self.pruned: list[datetime] = []
        self.staff: list[StaffDays] = []
        self.uncounted = 0
        self.wanted: list[Ref] = []
        self.follows: dict[Ref, dict[Ref, str]] = {}

    def apply(self, batch: Batch, community: str) -> list[ChangeRecord]:
        """Keep it; tombstones take posts away, and posts read anew take their new time."""
        self.batches.append(batch)
        for records in batch.records:
            gone = set(records.gone)
            read = {post.id: post.created_at for post in records.posts}
            self.posts = [(ref, read.get(ref, at)) for ref, at in self.posts if ref not in gone]
        return [ChangeRecord(Table.ITEM, tuple(str(i.id) for r in batch.records for i in r.items))]

    def set_identity(self, community: str, identity: Identity, info: CommunityInfo | None) -> None:
        """Keep it."""
        self.identities.append(identity)

    def set_standing(
        self, community: str, *, as_of: datetime | None = None, trouble: dict[str, Any] | None = None
    ) -> None:
        """Keep the trouble."""
        self.standings.append(trouble)

    def forget_cursors(self, community: str) -> None:
        """Count it."""
        self.begun_anew += 1

    def totals(self, community: str) -> dict[str, int]:
        """Counts of nothing."""
        return {"items": len(self.batches), "threads": 0, "posts": 0, "members": 0, "following": 0}

    def prune(self, community: str, before: datetime, limit: int = 200) -> int:
        """Take away some of what a test says is old."""
        self.pruned.append(before)
        count = min(self.old, limit)
        self.old -= count
        return count

    def set_staff(self, community: str, staff: StaffDays) -> None:
        """Keep it."""
        self.staff.append(staff)

    def count_again(self, community: str, limit: int = 200) -> int:
        """Count some of what a test says is uncounted."""
        count = min(self.uncounted, limit)
        self.uncounted -= count
        return count

    def set_people(self, community: str, members: Sequence[Ref], asked_at: datetime | None = None) -> bool:
        """Keep them; ``False`` for the same ones."""
        new = self.wanted != list(members)
        self.wanted = list(members)
        return new

    def followed(self, community: str, members: Sequence[Ref]) -> dict[Ref, dict[Ref, str]]:
        """What a test says."""
        return {member: self.follows[member] for member in members if member in self.follows}

    def anchors(self, community: str, limit: int = 5) -> list[tuple[Ref, datetime]]:
        """The posts that a test put here, newest first."""
        return self.posts[:limit]

    def feed(self, limit: int) -> int:
        """Nothing waits."""
        return 0


class PullingConnection(FakeConnection):
    """A connection that also reads: one batch a poll, ``pages`` batches a walk, with faults and a gate on order."""

    def __init__(self, server: FakeCommunity) -> None:
        super().__init__(server)
        self.pages = 2
        self.problems: tuple[str, ...] = ()
        self.polls = 0
        self.walks = 0
        self.fetched: list[Ref] = []
        self.failing: list[MarqueeError | Exception] = []
        self.server_posts: dict[Ref, datetime] | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.closed = False

    def poll(self, known: Known) -> Iterator[Batch]:
        """One batch."""
        self._fail()
        self.polls += 1
        yield Batch((Records(self.polls),), {"poll": str(self.polls)}, self.problems)

    def catch_up(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """So many batches."""
        self._fail()
        self.walks += 1
        for page in range(self.pages):
            self.gate.wait(10)
            yield Batch((Records(page),), {"walk": str(page)})

    def fetch(self, refs: Iterable[Ref], known: Known, urgency: Urgency = Urgency.PERSON) -> Iterator[Batch]:
        """What was asked for; posts as the server has them now."""
        self._fail()
        asked = list(refs)
        self.fetched.extend(asked)
        there = self.server_posts or {}
        posts = tuple(factory.post(ref.native, created_at=there[ref]) for ref in asked if ref in there)
        gone = tuple(ref for ref in asked if self.server_posts is not None and ref not in there)
        yield Batch((Records(1, posts=posts, gone=gone),), {})

    def same_server(self, anchors: Sequence[tuple[Ref, datetime]]) -> bool:
        """Compare with the posts that a test gave the server; always the same without any."""
        if self.server_posts is None:
            return True
        return all(self.server_posts.get(ref, at) == at for ref, at in anchors) and any(
            ref in self.server_posts for ref, _ in anchors
        )

    def usage(self) -> dict[str, int]:
        """A request a poll."""
        return {"requests": self.polls, "bytes": 10 * self.polls}

    def close(self) -> None:
        """Remember."""
        self.closed = True

    def _fail(self) -> None:
        if self.failing:
            raise self.failing.pop(0)


class Household:
    """Stores of one home with one community, real journal and real time."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        self.clock = SystemClock()
        self.server = FakeCommunity(FakeClock(self.clock.now()))
        self.connection = PullingConnection(self.server)
        self.writer = FakeWriter()
        self.journal = open_journal(factory.vault(home))
        self.rows: list[CommunityRow] = [factory.community()]
        self.told: list[ChangeRecord] = []
        self.statuses: list[CommunityStatus] = []
        self.opened: list[Identities] = []
        self.stores = Stores(
            self.journal,
            FakeTeam(),
            self.writer,
            self.writer,
            lambda: list(self.rows),
            lambda community: _Knows(),
            self._connect,
            self.clock,
        )

    def states(self) -> list[str]:
        """States told so far, repeats left out."""
        said: list[str] = []
        for status in self.statuses:
            if not said or said[-1] != status.state:
                said.append(status.state)
        return said

    def close(self) -> None:
        """Close the journal."""
        self.journal.close()

    def _connect(self, row: CommunityRow, identity: Identities) -> Connection:
        self.opened.append(identity)
        return self.connection


class _Knows:
    """Knows nothing: every list is empty."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: {}
