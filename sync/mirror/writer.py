"""Writing the mirror: server answers only, one transaction a batch, rows and cursors together."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from moderation.changes import ChangeRecord, coalesce
from moderation.content import CommunityInfo, Identity
from moderation.coverage.staff import Crew, StaffDays
from moderation.errors import StoreError
from moderation.ids import Ref
from moderation.ports import CommunityRow
from moderation.priority import prioritise as by_complaint
from moderation.records import Batch, Records
from sync.mirror import holdings
from sync.mirror.codec import encode, ms, sure_ms
from sync.mirror.healing import REFILLED, everything, follow_suspicion, heal, healed, is_suspected
from sync.mirror.preparing import identity_of, open_pair
from sync.mirror.sequences import Sequences
from sync.mirror.writing import (
    communities,
    content,
    counting,
    facts,
    homes,
    items,
    leaving,
    people,
    retention,
    rosters,
    shelves,
    tombstones,
)
from sync.mirror.writing.tally import Tally
from sync.mirror.writing.work import Prioritise, Work
from sync.parts.staff import ASKED, PEOPLE
from sync.vault import Connection, StoreFile, Vault, translated

_KEPT_CHANGES = 256
NOBODY = Crew()
Forgotten = Callable[[list[Ref]], object]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class MirrorWriter:
    """The one writer of a home's mirror: held by the engine. Its methods may be called from several threads.

    ``prioritise`` weighs an item with its author and forum; ``forgotten`` is told, after the commit, what was erased
    (drafts, evidence and notes about it go too). Raises :class:`~moderation.errors.StoreError`; a transaction that
    failed left nothing behind. A damaged mirror is set aside and begun anew: at opening silently (``refilled`` is true
    then), later with ``mirror_refilled``, which says that everything has to be pulled again.
    """

    def __init__(
        self,
        vault: Vault,
        prioritise: Prioritise = by_complaint,
        *,
        forgotten: Forgotten = lambda gone: None,
        now_ms: Callable[[], int] = _now_ms,
    ) -> None:
        self._vault = vault
        self._prioritise = prioritise
        self._forgotten = forgotten
        self._now_ms = now_ms
        self._lock = threading.RLock()
        self._given = 0
        self._news: list[ChangeRecord] = []
        self._unaware: set[str] = set()
        self._crews: dict[str, Crew] = {}
        self.refilled = False
        opened = identity_of(vault)
        try:
            self._open()
        except StoreError as error:
            if healed(vault, error, opened) is error:
                raise
            self._reopen()
            self._unaware.clear()

    def _open(self) -> None:
        self._main, self._private = open_pair(self._vault)
        self._file = identity_of(self._vault)
        for connection in (self._main, self._private):
            connection.execute("PRAGMA cache_size = -32768")
            connection.execute("PRAGMA wal_autocheckpoint = 4000")
            connection.execute("PRAGMA journal_size_limit = 67108864")
        self._tally = Tally()
        self._sequences = Sequences(self._main, self._given)
        self._torn = True
        with translated(StoreFile.MIRROR, self._vault.path(StoreFile.MIRROR)):
            self._mend()
            if not people.presence_filled(self._main):
                with _committed(self._main):
                    people.fill_presence(self._main, self._private)

    def _reopen(self) -> None:
        """The mirror was begun anew: every community's pull must begin anew too, and every listener hears of it."""
        self._open()
        self.refilled = True
        self._news = everything()
        self._unaware = set(communities.names(self._main))

    def close(self) -> None:
        """Close both files."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        self._main.close()
        self._private.close()

    def refill(self) -> None:
        """Set the files aside and begin an empty mirror, whether damage was seen or not."""
        with self._lock:
            self._close()
            heal(self._vault, self._file)
            self._reopen()

    # Server answers

    def apply(self, batch: Batch, community: str) -> list[ChangeRecord]:
        """Write a batch and its cursors in one transaction; gives what changed, ids only.

        A row that a newer request told stays. Notifications are not kept: they only trigger reading.
        """
        with self._transaction(community) as work:
            self._interrupt(community)
            for records in batch.records:
                _write(work, records, self._crews.get(community, NOBODY))
            items.weigh_again(work)
            communities.keep_cursors(work, batch.cursors)
            if batch.complete_since is not None:
                communities.keep_complete_since(work, batch.complete_since)
        if work.gone:
            self._forgotten(work.gone)
        with self._lock:
            news, self._news = self._news, []
        return coalesce(news + work.records())

    def _interrupt(self, community: str) -> None:
        """A batch that was asked for before the mirror was begun anew would leave a gap behind its cursor."""
        if community in self._unaware:
            self._unaware.discard(community)
            raise StoreError(REFILLED, store=StoreFile.MIRROR.value, file=str(self._vault.path(StoreFile.MIRROR)))

    def next_seq(self) -> int:
        """The start sequence of a request that is about to be made; grows over restarts."""
        with self._guarded():
            number = self._sequences.next()
            self._given = number + 1
            return number

    # Coverage

    def set_staff(self, community: str, staff: StaffDays) -> None:
        """From now on lines of threads are computed for this staff; those there are, :meth:`count_again` renews."""
        with self._lock:
            self._crews[community] = staff.crew(community)

    def count_again(self, community: str, limit: int = 200) -> int:
        """Compute up to ``limit`` lines that are missing or stand for another staff, in one transaction.

        Gives how many there were: call it again until that is 0.
        """
        with self._transaction(community) as work:
            return counting.count(work, self._crews.get(community, NOBODY), limit)

    def set_people(self, community: str, members: Sequence[Ref], asked_at: datetime | None = None) -> bool:
        """Keep beside the cursors whose following a connector is to read, and when a person asked for everything;
        ``False``: the same people as before.
        """
        with self._transaction(community) as work:
            if asked_at is not None:
                communities.keep_cursors(work, {ASKED: asked_at.isoformat()})
            return rosters.set_people(work, PEOPLE, members)

    def followed(self, community: str, members: Sequence[Ref]) -> dict[Ref, dict[Ref, str]]:
        """What these members follow, of whom that is known: member to forum to level."""
        with self._guarded():
            return rosters.followed(self._main, communities.key_of(self._main, community), community, members)

    # Forgetting

    def prune(self, community: str, before: datetime, limit: int = 200) -> int:
        """Delete old decided items and quiet threads, up to ``limit`` of each in one transaction.

        Gives how many there were: call it again until that is 0. What waits, its thread, and what was opened or read
        since ``before`` stays.
        """
        with self._transaction(community) as work:
            return retention.prune(work, sure_ms(before), limit) + facts.forget_old(work, limit)

    def forget_community(self, community: str, limit: int = 200) -> bool:
        """Erase what this machine holds of a community, a part in one transaction; ``False`` once nothing is left."""
        with self._transaction(community) as work:
            return leaving.leave(work, limit) > 0

    def forget_member(self, member: Ref) -> list[ChangeRecord]:
        """Erase what this machine holds of a member: profile, name, and the words of posts, threads and reports.

        What the server still shows is pulled again when it is read again; forgetting there is the server's business.
        """
        with self._transaction(member.community) as work:
            tombstones.forget(work, member.native)
            facts.erase(work, member.native)
        self._forgotten([member])
        return work.records()

    # What stores know of a community

    def put_community(self, row: CommunityRow) -> None:
        """Connect a community, or replace what is known of it."""
        with self._transaction(row.name) as work:
            communities.put(work, row)

    def set_identity(self, community: str, identity: Identity, info: CommunityInfo | None) -> None:
        """Remember who is signed in and, where it was read, what the server says of itself."""
        with self._transaction(community) as work:
            communities.update(work, identity=encode(identity), **({"info": encode(info)} if info else {}))

    def set_official(self, community: str, official: Identity | None) -> None:
        """Remember the company account's member; ``None``: there is none."""
        with self._transaction(community) as work:
            communities.update(work, official=encode(official) if official else None)

    def set_standing(
        self, community: str, *, as_of: datetime | None = None, trouble: dict[str, Any] | None = None
    ) -> None:
        """Remember when it was read (``None``: no news) and what keeps it from being read (``None``: all is well)."""
        facts: dict[str, Any] = {"trouble": encode(trouble) if trouble else None}
        if as_of is not None:
            facts["as_of_ms"] = ms(as_of)
        with self._transaction(community) as work:
            communities.update(work, **facts)

    def forget_cursors(self, community: str) -> None:
        """Let the next pull begin from the beginning; rows stay until it tells otherwise."""
        with self._transaction(community) as work:
            communities.forget_cursors(work)

    def totals(self, community: str) -> dict[str, int]:
        """How many ``items threads posts members following`` the mirror holds, tombstones left out."""
        with self._guarded():
            return holdings.totals(self._main, self._private, communities.key_of(self._main, community))

    def anchors(self, community: str, limit: int = 5) -> list[tuple[Ref, datetime]]:
        """Newest known posts with their times, to recognise a server that was restored from a backup."""
        with self._guarded():
            key = communities.key_of(self._main, community)
            return holdings.anchors(self._main, self._private, key, community, limit)

    # Transactions

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """The lock, the files as they are now, and healing of what turns out to be damaged."""
        with self._lock:
            self._follow()
            try:
                with translated(StoreFile.MIRROR, self._vault.path(StoreFile.MIRROR)):
                    yield
            except StoreError as error:
                raise self._healed(error) from error

    def _follow(self) -> None:
        if is_suspected(self._vault):
            follow_suspicion(self._vault, self._file)
        if identity_of(self._vault) != self._file:
            self._close()
            self._reopen()

    def _healed(self, error: StoreError) -> StoreError:
        if error.code != "store_damaged":
            return error
        self._close()
        answer = healed(self._vault, error, self._file)
        self._reopen()
        self._unaware.clear()
        return answer

    @contextmanager
    def _transaction(self, community: str) -> Iterator[Work]:
        """Both files change or none does: the private file is committed first, what leaves it only at the end."""
        with self._guarded():
            if self._torn:
                self._mend()
            begun = []
            try:
                for connection in (self._main, self._private):
                    connection.execute("BEGIN IMMEDIATE")
                    begun.append(connection)
                work = self._begin(community)
                yield work
                self._tally.write(self._main)
                if work.changed:
                    _log_changes(work)
                self._private.executemany("INSERT OR IGNORE INTO moving VALUES (?, ?)", work.moving)
                self._private.execute("COMMIT")
                self._torn = True
                self._main.execute("COMMIT")
            except BaseException:
                self._tally.forget()
                for connection in begun:
                    _roll_back(connection)
                raise
            self._leave_private(work)
            self._torn = False

    def _begin(self, community: str) -> Work:
        key = communities.key_for(self._main, community)
        stamp = int(self._main.execute("SELECT value FROM meta WHERE name = 'changes'").fetchone()[0]) + 1
        now = self._now_ms()
        return Work(self._main, self._private, community, key, now, stamp, self._prioritise, self._tally)

    def _mend(self) -> None:
        """The files were committed apart: take from the private one what the main one does not let it have.

        Locking the main file first waits for another process that is between its two commits.
        """
        with _committed(self._main), _committed(self._private):
            homes.finish_moves(self._main, self._private)
        self._torn = False

    def _leave_private(self, work: Work) -> None:
        if work.moving:
            with _committed(self._private):
                for table, key, text in work.later:
                    shelves.delete(self._private, table, key, text)
                self._private.execute("DELETE FROM moving")


@contextmanager
def _committed(connection: Connection) -> Iterator[None]:
    """A transaction on one file."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


def _write(work: Work, records: Records, crew: Crew) -> None:
    moved = people.write_forums(work, records.seq, records.forums)
    for forum, private in moved:
        homes.bring_home(work, forum, private)
    people.write_members(work, records.seq, records.members)
    with_posts = {post.thread.native for post in records.posts if post.thread is not None}
    content.write_threads(work, records.seq, records.threads, with_posts)
    content.write_posts(work, records.seq, records.posts)
    items.write_items(work, records.seq, records.items)
    people.write_following(work, records.seq, records.followers, records.following)
    people.write_unreadable(work, records.seq, records.unreadable)
    people.write_groups(work, records.groups, records.groups_listed)
    tombstones.bury(work, records.seq, records.gone)
    facts.keep(work, crew, records, {forum for forum, _ in moved})


def _log_changes(work: Work) -> None:
    """Let the change counter grow and keep the last changes for readers that lost a message."""
    work.main.execute("UPDATE meta SET value = ? WHERE name = 'changes'", (work.stamp,))
    work.main.execute("INSERT INTO changes VALUES (?, ?)", (work.stamp, encode(work.records())))
    work.main.execute("DELETE FROM changes WHERE version <= ?", (work.stamp - _KEPT_CHANGES,))


def _roll_back(connection: Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
