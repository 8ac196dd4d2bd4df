"""Reading the mirror: what window and commands see. Imports neither SQLAlchemy nor requests."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moderation.changes import ChangeRecord, coalesce
from moderation.content import Following, Forum, Group, Member, Post, Thread, Unreadable
from moderation.coverage.facts import ThreadFacts
from moderation.coverage.kept import Kept
from moderation.errors import StoreError
from moderation.following.grid import Answerer, Grid
from moderation.ids import Ref
from moderation.items import PENDING_STATES, Item, ItemState
from moderation.ports import NOT_PRIVATE, CommunityRow, Pending
from moderation.privacy.dismissals import Found
from moderation.queries import PageKey, QueueCounts, QueueIndex, QueueQuery, QueueRow, SearchHit
from sync.mirror import hot
from sync.mirror.codec import decode_changes
from sync.mirror.healing import everything, suspect
from sync.mirror.preparing import identity_of, open_for_reading
from sync.mirror.reading import candidates, content, facts, queue, staff
from sync.mirror.reading.buckets import Buckets
from sync.mirror.reading.export import export
from sync.mirror.reading.filtering import Matched
from sync.mirror.reading.overlay import Overlay, keys_of, lay
from sync.mirror.reading.search import needles, search
from sync.mirror.seen import SeenWriter
from sync.vault import Connection, StoreFile, Vault, translated

if TYPE_CHECKING:
    from moderation.alarms.unhappy import Unhappy
    from moderation.alarms.volume import Volume

_MOST_ROWS = 500


class MirrorReader:
    """Implements :class:`moderation.ports.Mirror` on one connection; an instance belongs to one thread at a time.

    A mirror that was set aside and begun anew is noticed at the next call: row numbers then mean other rows, and
    :meth:`version` has grown. Raises :class:`~moderation.errors.StoreError`; on ``store_damaged`` the engine is left a
    mark, and begins the mirror anew.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._pending: tuple[Pending, ...] = ()
        self._buckets: tuple[int, Buckets] | None = None
        self._counted_exposed: dict[tuple[str, ...], tuple[object, int]] = {}
        self._cancel = threading.Event()
        self._seen = SeenWriter(vault)
        self._open()

    def _open(self) -> None:
        with self._guarded():
            self._db = open_for_reading(self._vault)
        self._file = identity_of(self._vault)
        with self._guarded():
            self._db.execute("PRAGMA cache_size = -4096")
            for statement in (*hot.TEMPORARY, *candidates.TEMPORARY):
                self._db.execute(statement)
        self._overlay = Overlay()
        self._buckets = None
        self._matched = Matched()

    def close(self) -> None:
        """Close the connection; what was marked as seen is on the disk then."""
        self._seen.close()
        self._db.close()

    def interrupt(self) -> None:
        """Cancel the call that is running on another thread: it raises ``StoreError`` ``read_cancelled``."""
        self._db.interrupt()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            with translated(StoreFile.MIRROR, self._vault.path(StoreFile.MIRROR)):
                yield
        except StoreError as error:
            if error.code == "store_damaged":
                suspect(self._vault)
            raise

    @contextmanager
    def together(self) -> Iterator[None]:
        """One state of the mirror for everything that is read inside."""
        with self._snapshot():
            yield

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        """One state of the mirror for everything that a call reads, or that is read :meth:`together`."""
        with self._guarded():
            inside: bool = self._db.in_transaction
            if inside:
                yield self._db
                return
            if identity_of(self._vault) != self._file:
                self._db.close()
                self._open()
                self._lay(self._pending)
            self._db.execute("BEGIN")
            try:
                if self._overlay.unknown and self._stale():
                    self._overlay.write(self._db)
                    self._buckets = None
                yield self._db
            finally:
                if self._db.in_transaction:
                    self._db.execute("COMMIT")

    # Queue

    def lay_over(self, pending: Iterable[Pending]) -> None:
        """Replace the set of pending intents that every query below takes into account."""
        self._pending = tuple(pending)
        with self._snapshot():
            self._lay(self._pending)

    def _lay(self, pending: tuple[Pending, ...]) -> None:
        candidates.leave_out(self._db, pending)
        self._counted_exposed.clear()
        pending = tuple(each for each in pending if each.action != NOT_PRIVATE)
        self._overlay.replace(self._db, lay(pending))
        self._buckets = None

    def _data_version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def _stale(self) -> bool:
        return self._buckets is None or self._buckets[0] != self._data_version()

    def _counted(self) -> Buckets:
        """The count table as of this snapshot, read again only after somebody wrote."""
        self._db.execute("SELECT 1 FROM meta").fetchone()
        version = self._data_version()
        if self._buckets is None or self._buckets[0] != version:
            self._buckets = (version, Buckets.read(self._db, overlay_is_empty=not self._overlay.moved))
        return self._buckets[1]

    def page(self, query: QueueQuery, *, after: PageKey | None = None, limit: int = 100) -> list[QueueRow]:
        """Rows after that key, in order; fewer than ``limit`` rows means the end."""
        with self._snapshot() as db:
            if query.exposed:
                return candidates.rows(db, candidates.page_keys(db, query, after, limit))
            return queue.rows(db, queue.page_keys(db, self._way(query, limit), after, limit), self._overlay)

    def _way(self, query: QueueQuery, limit: int) -> queue.Plan:
        """How the rows of a query are found, with what holds its words worked out."""
        buckets = self._counted()
        return queue.plan(query, buckets, self._overlay, self._matched.rows if self._words(query) else None, limit)

    def _words(self, query: QueueQuery) -> bool:
        return self._matched.find(self._db, query.text, self._data_version())

    def rows(self, keys: Sequence[int]) -> list[QueueRow]:
        """Rows by key in the order asked, those that do not exist left out; at most 500 a call."""
        asked = keys[:_MOST_ROWS]
        with self._snapshot() as db:
            if any(map(candidates.is_candidate, asked)):
                return candidates.rows(db, asked)
            return queue.rows(db, asked, self._overlay)

    def find(self, ids: Sequence[str]) -> list[QueueRow]:
        """Rows by id, whatever their state, those that do not exist left out; posts with private data at the end."""
        with self._snapshot() as db:
            exposed = candidates.rows(db, candidates.keys_of(db, ids))
            return queue.rows(db, list(keys_of(db, list(ids)).values()), self._overlay) + exposed

    def matching(self, query: QueueQuery, keys: Sequence[int]) -> set[int]:
        """Which of these rows the query contains now."""
        with self._snapshot() as db:
            if query.exposed:
                return candidates.matching(db, query, keys)
            return queue.matching(db, query, keys, self._counted(), self._overlay, self._words(query))

    def count(self, query: QueueQuery) -> int:
        """Exactly the number of rows that :meth:`page` would give in all; with text it looks at each row."""
        with self._snapshot() as db:
            if query.exposed:
                return self._exposed(query)
            if not needles(query.text):
                return self._counted().count(query)
            return queue.count_slowly(db, self._way(query, queue.COUNTED))

    def counts(self, query: QueueQuery) -> QueueCounts:
        """Numbers for the sidebar under the communities of this query.

        ``open`` is what waits (open, in progress, held), ``mine`` of it what is assigned to the person who is signed
        in, ``held`` the held posts, ``later`` what is put off, ``exposed`` public posts with private data.
        ``by_community`` (name) and ``by_forum`` (id) split ``open``; ``by_community`` has every community, so that the
        sidebar can show those beside the chosen one.
        """
        with self._snapshot() as db:
            buckets = self._counted()
            own = [(row.name, str(row.identity.member)) for row in content.communities(db)]
            exposed = self._exposed(QueueQuery(communities=query.communities))
        chosen = query.communities
        by_state = buckets.sums(PENDING_STATES, "state", chosen)
        mine = [
            buckets.count(QueueQuery(communities=(name,), assignees=(member,)))
            for name, member in own
            if not chosen or name in chosen
        ]
        return QueueCounts(
            open=sum(by_state.values()),
            mine=sum(mine),
            held=by_state.get(ItemState.HELD, 0),
            later=sum(buckets.sums((ItemState.LATER,), "state", chosen).values()),
            exposed=exposed,
            by_community=buckets.sums(PENDING_STATES, "community", ()),
            by_forum=buckets.sums(PENDING_STATES, "forum", chosen),
        )

    def index(self, query: QueueQuery, cancelled: Callable[[], bool] = lambda: False) -> QueueIndex:
        """The whole order, empty when cancelled; up to a second at half a million rows."""
        with self._snapshot() as db:
            if query.exposed:
                return candidates.whole(db, query, cancelled)
            return queue.whole(db, self._way(query, queue.CHUNK_ROWS), cancelled)

    def mark_seen(self, item: str) -> None:
        """Remember on this machine that the person has had this item before their eyes; returns at once."""
        with self._guarded():
            self._db.execute("INSERT OR IGNORE INTO temp.seen_here VALUES (?)", (item,))
        self._seen.add(item, time.time_ns() // 1_000_000)

    # Content

    def item(self, item: Ref) -> Item | None:
        """The item in full, as the server told it: pending intents are not laid over it."""
        with self._snapshot() as db:
            return content.item(db, item)

    def thread(self, thread: Ref) -> Thread | None:
        """The thread's head; looks in mirror and private store."""
        with self._snapshot() as db:
            return content.thread(db, thread)

    def posts(self, thread: Ref, *, around: Ref | None = None, limit: int = 50, staff: bool = False) -> list[Post]:
        """Posts in thread order; with ``around`` the ``limit`` posts nearest to that one.

        With ``staff`` those among them that only the staff can read.
        """
        with self._snapshot() as db:
            return content.posts(db, thread, around, limit, staff=staff)

    def post(self, post: Ref) -> Post | None:
        """One post."""
        with self._snapshot() as db:
            return content.post(db, post)

    def member(self, member: Ref) -> Member | None:
        """One member."""
        with self._snapshot() as db:
            return content.member(db, member)

    def known_members(self, members: Sequence[Ref]) -> dict[Ref, Member]:
        """Those of these members, all of one community, that are known."""
        with self._snapshot() as db:
            return staff.known_members(db, list(members))

    def items_by_author(self, author: Ref, limit: int = 20) -> list[QueueRow]:
        """Other items about this member's posts, newest first, whatever their state."""
        with self._snapshot() as db:
            keys = [row[0] for row in db.execute(hot.BY_AUTHOR, (author.community, author.native, limit))]
            return queue.rows(db, keys, self._overlay)

    def threads_by_author(self, author: Ref, limit: int = 5) -> list[Thread]:
        """Newest threads of this member."""
        with self._snapshot() as db:
            return content.threads_by_author(db, author, limit)

    def forums(self, community: str) -> list[Forum]:
        """All forums, in the community's order."""
        with self._snapshot() as db:
            return content.forums(db, community)

    def following(self, community: str) -> list[Following]:
        """How staff follow forums, by forum and member, as far as it could be read."""
        with self._snapshot() as db:
            return content.following(db, community)

    def followers(self, community: str) -> dict[Ref, datetime]:
        """Of whom that is known, and since when; of anybody else it is unknown, which is not the same as nothing."""
        with self._snapshot() as db:
            return content.followers(db, community)

    def unreadable(self, community: str) -> list[Unreadable]:
        """Of whom it could not be read what they follow."""
        with self._snapshot() as db:
            return staff.unreadable(db, community)

    def grid(self, forums: Sequence[Ref], members: Sequence[Ref]) -> Grid:
        """Levels and last posts of these members in these forums, all of one community."""
        community = next((ref.community for ref in (*forums, *members)), "")
        with self._snapshot() as db:
            return staff.grid(db, community, list(forums), list(members))

    def posts_there(self, member: Ref, forum: Ref, since: datetime, limit: int = 100) -> list[Post]:
        """What a member wrote in a forum since then, newest first."""
        with self._snapshot() as db:
            return staff.posts_there(db, member, forum, since, limit)

    def groups(self, community: str) -> list[Group]:
        """The server's groups, by name."""
        with self._snapshot() as db:
            return staff.groups(db, community)

    def answerers(self, forum: Ref, since: datetime, limit: int = 20) -> list[Answerer]:
        """Who answered others there since then."""
        with self._snapshot() as db:
            return staff.answerers(db, forum, since, limit)

    def thread_lines(self, community: str, since_ms: int, until_ms: int, stamp: str) -> Kept:
        """Lines of threads submitted in a time, as computed for a staff."""
        with self._snapshot() as db:
            return facts.lines(db, community, since_ms, until_ms, stamp)

    def thread_facts(self, community: str, threads: Sequence[str]) -> list[ThreadFacts]:
        """Facts of threads by native id."""
        with self._snapshot() as db:
            return facts.facts(db, community, list(threads))

    def platform_staff(self, community: str) -> list[Ref]:
        """Whom the platform has on its staff now."""
        with self._snapshot() as db:
            return facts.platform_staff(db, community)

    def volume(
        self, community: str, until_ms: int, weeks: int, unhappy: "Unhappy", leave_out: frozenset[str]
    ) -> "dict[str, list[Volume]]":
        """What the hour before brought, by forum, and the same hour of weeks before."""
        from sync.mirror.reading.volume import volume

        with self._snapshot() as db:
            return volume(db, community, until_ms, weeks, unhappy, leave_out)

    def communities(self) -> list[CommunityRow]:
        """Connected communities, by name."""
        with self._snapshot() as db:
            return content.communities(db)

    def export_member(self, member: Ref) -> dict[str, Any]:
        """All that this machine's mirror holds on a member, as JSON values; reads every item, so seconds."""
        with self._snapshot() as db:
            return export(db, member)

    def search(
        self,
        text: str,
        *,
        limit: int = 50,
        communities: tuple[str, ...] = (),
        private: bool = False,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[SearchHit]:
        """Newest hits of the local full text, hidden posts included; every word, and every "quoted phrase", must occur.

        With ``private`` the forums that the public cannot see are searched too. Words of one or two Latin letters match
        whole words only.
        """
        with self._snapshot() as db:
            files = content.FILES if private else content.FILES[:1]
            return search(db, text, limit, communities, files, cancelled)

    def found(self, posts: Sequence[Ref]) -> dict[str, Found]:
        """Private data found in these public posts and titles, by id; those not looked at yet are left out."""
        with self._snapshot() as db:
            return candidates.found(db, posts)

    def finder_lag(self) -> int:
        """Public posts and titles that nobody has looked at for private data yet."""
        with self._snapshot() as db:
            return candidates.lag(db)

    def _exposed(self, query: QueueQuery) -> int:
        """How many posts should be private; worked out again only after somebody wrote."""
        self._db.execute("SELECT 1 FROM meta").fetchone()
        state = (self._data_version(), query)
        if self._counted_exposed.get(query.communities, (None, 0))[0] != state:
            self._counted_exposed[query.communities] = (state, candidates.count(self._db, query))
        return self._counted_exposed[query.communities][1]

    def index_lag(self) -> int:
        """Posts, thread titles and items that are stored but not yet in the full text."""
        with self._snapshot() as db:
            tables = [f"SELECT count(*) FROM {file}.index_queue" for file in content.FILES]  # noqa: S608
            return sum(int(db.execute(sql).fetchone()[0]) for sql in tables)

    # Changes

    def version(self) -> int:
        """A number that grows with every change of the mirror; cheap to poll when a message may have been lost."""
        with self._snapshot() as db:
            return int(db.execute("SELECT value FROM meta WHERE name = 'changes'").fetchone()[0])

    def changed_since(self, version: int) -> list[ChangeRecord]:
        """What changed after that version, coalesced; everything where it is too long ago to know."""
        with self._snapshot() as db:
            rows = db.execute(
                "SELECT version, data FROM changes WHERE version > ? ORDER BY version", (version,)
            ).fetchall()
            now = int(db.execute("SELECT value FROM meta WHERE name = 'changes'").fetchone()[0])
        if len(rows) != now - version:
            return everything()
        return coalesce([record for _, data in rows for record in decode_changes(data)])
