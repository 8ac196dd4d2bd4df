"""One mirror reader a thread behind one object, so that a desk may be used from every thread of the window's
executor.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, cast

from moderation.content import Following, Forum, Group, Member, Post, Thread, Unreadable
from moderation.coverage.facts import ThreadFacts
from moderation.coverage.kept import FactReader, Kept
from moderation.errors import StoreError
from moderation.following.grid import Answerer, Grid
from moderation.ids import Ref
from moderation.items import Item
from moderation.ports import CommunityRow, Mirror, Pending
from moderation.privacy.dismissals import Found
from moderation.queries import PageKey, QueueCounts, QueueIndex, QueueQuery, QueueRow, SearchHit

if TYPE_CHECKING:
    from moderation.alarms.unhappy import Unhappy
    from moderation.alarms.volume import Volume, VolumeReader

ReadOrder = Callable[[QueueQuery, Iterable[Pending], Callable[[], bool]], QueueIndex]
LONG = 20_000
"""Rows from which on an order is read elsewhere: starting a process for fewer takes longer than reading them."""


class MirrorPerThread:
    """Implements :class:`moderation.ports.Mirror`. A reader is opened when a thread first asks.

    The overlay of pending intents belongs to all of them: a thread lays the newest one over before its next query.
    ``read_order`` reads long orders elsewhere, where that costs the window nothing.
    """

    def __init__(self, open_reader: Callable[[], Mirror], read_order: ReadOrder | None = None) -> None:
        self._open = open_reader
        self._read_order = read_order
        self._here = threading.local()
        self._all: list[Mirror] = []
        self._lock = threading.Lock()
        self._pending: tuple[Pending, ...] = ()
        self._laid = 0

    def _reader(self) -> Mirror:
        reader: Mirror | None = getattr(self._here, "reader", None)
        if reader is None:
            reader = self._here.reader = self._open()
            self._here.laid = 0
            with self._lock:
                self._all.append(reader)
        if self._here.laid != self._laid:
            with self._lock:
                pending, number = self._pending, self._laid
            reader.lay_over(pending)
            self._here.laid = number
        return reader

    def close(self) -> None:
        """Close the readers of all threads."""
        with self._lock:
            readers, self._all = self._all, []
        for reader in readers:
            reader.close()
        self._here = threading.local()

    def lay_over(self, pending: Iterable[Pending]) -> None:
        """Replace the set of pending intents for the readers of all threads."""
        with self._lock:
            self._pending = tuple(pending)
            self._laid += 1

    def page(self, query: QueueQuery, *, after: PageKey | None = None, limit: int = 100) -> list[QueueRow]:
        """Rows after that key."""
        return self._reader().page(query, after=after, limit=limit)

    def rows(self, keys: Sequence[int]) -> list[QueueRow]:
        """Rows by key."""
        return self._reader().rows(keys)

    def find(self, ids: Sequence[str]) -> list[QueueRow]:
        """Rows by id."""
        return self._reader().find(ids)

    def matching(self, query: QueueQuery, keys: Sequence[int]) -> set[int]:
        """Which of these rows the query contains now."""
        return self._reader().matching(query, keys)

    def count(self, query: QueueQuery) -> int:
        """Exactly the number of rows."""
        return self._reader().count(query)

    def counts(self, query: QueueQuery) -> QueueCounts:
        """Numbers for the sidebar."""
        return self._reader().counts(query)

    def index(self, query: QueueQuery, cancelled: Callable[[], bool] = lambda: False) -> QueueIndex:
        """The whole order."""
        reader = self._reader()
        if self._read_order is None or query.text or reader.count(query) < LONG:
            return reader.index(query, cancelled)
        with self._lock:
            pending = self._pending
        try:
            return self._read_order(query, pending, cancelled)
        except StoreError as error:
            if error.code != "order_not_read":
                raise
            return reader.index(query, cancelled)

    def mark_seen(self, item: str) -> None:
        """The person has had it before their eyes."""
        self._reader().mark_seen(item)

    def together(self) -> AbstractContextManager[None]:
        """One state for all that this thread reads inside."""
        return self._reader().together()

    def item(self, item: Ref) -> Item | None:
        """The item in full."""
        return self._reader().item(item)

    def thread(self, thread: Ref) -> Thread | None:
        """The thread's head."""
        return self._reader().thread(thread)

    def posts(self, thread: Ref, *, around: Ref | None = None, limit: int = 50, staff: bool = False) -> list[Post]:
        """Posts in thread order."""
        return self._reader().posts(thread, around=around, limit=limit, staff=staff)

    def post(self, post: Ref) -> Post | None:
        """One post."""
        return self._reader().post(post)

    def member(self, member: Ref) -> Member | None:
        """One member."""
        return self._reader().member(member)

    def known_members(self, members: Sequence[Ref]) -> dict[Ref, Member]:
        """Several members."""
        return self._reader().known_members(members)

    def items_by_author(self, author: Ref, limit: int = 20) -> list[QueueRow]:
        """Other items about this member's posts."""
        return self._reader().items_by_author(author, limit)

    def threads_by_author(self, author: Ref, limit: int = 5) -> list[Thread]:
        """Newest threads of this member."""
        return self._reader().threads_by_author(author, limit)

    def forums(self, community: str) -> list[Forum]:
        """All forums."""
        return self._reader().forums(community)

    def following(self, community: str) -> list[Following]:
        """How staff follow forums."""
        return self._reader().following(community)

    def followers(self, community: str) -> dict[Ref, datetime]:
        """Of whom that is known."""
        return self._reader().followers(community)

    def unreadable(self, community: str) -> list[Unreadable]:
        """Of whom it could not be read."""
        return self._reader().unreadable(community)

    def grid(self, forums: Sequence[Ref], members: Sequence[Ref]) -> Grid:
        """Levels and last posts."""
        return self._reader().grid(forums, members)

    def posts_there(self, member: Ref, forum: Ref, since: datetime, limit: int = 100) -> list[Post]:
        """What a member wrote in a forum."""
        return self._reader().posts_there(member, forum, since, limit)

    def groups(self, community: str) -> list[Group]:
        """The server's groups."""
        return self._reader().groups(community)

    def answerers(self, forum: Ref, since: datetime, limit: int = 20) -> list[Answerer]:
        """Who answers there."""
        return self._reader().answerers(forum, since, limit)

    def thread_lines(self, community: str, since_ms: int, until_ms: int, stamp: str) -> Kept:
        """Lines of threads submitted in a time."""
        return self._facts().thread_lines(community, since_ms, until_ms, stamp)

    def thread_facts(self, community: str, threads: Sequence[str]) -> list[ThreadFacts]:
        """Facts of threads."""
        return self._facts().thread_facts(community, threads)

    def platform_staff(self, community: str) -> list[Ref]:
        """Whom the platform has on its staff."""
        return self._facts().platform_staff(community)

    def volume(
        self, community: str, until_ms: int, weeks: int, unhappy: "Unhappy", leave_out: frozenset[str]
    ) -> "dict[str, list[Volume]]":
        """What an hour brought."""
        return cast("VolumeReader", self._reader()).volume(community, until_ms, weeks, unhappy, leave_out)

    def _facts(self) -> FactReader:
        return cast(FactReader, self._reader())

    def communities(self) -> list[CommunityRow]:
        """Connected communities."""
        return self._reader().communities()

    def search(
        self, text: str, *, limit: int = 50, communities: tuple[str, ...] = (), private: bool = False
    ) -> list[SearchHit]:
        """Newest hits of the local full text."""
        return self._reader().search(text, limit=limit, communities=communities, private=private)

    def found(self, posts: Sequence[Ref]) -> dict[str, Found]:
        """Private data found in these posts."""
        return self._reader().found(posts)

    def finder_lag(self) -> int:
        """Posts that nobody has looked at yet."""
        return self._reader().finder_lag()

    def index_lag(self) -> int:
        """Posts that are not in the full text yet."""
        return self._reader().index_lag()
