"""What all parts of a connection share: readers, ids, rights, and a few remembered facts."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from moderation.errors import TryLaterError
from moderation.ids import Kind
from moderation.records import Records
from sync.connector import Account, Known, Urgency
from sync.nodebb.decode import title_of
from sync.nodebb.decode_content import Decoder
from sync.nodebb.decode_items import ThreadHead
from sync.nodebb.identity import IdentityReader
from sync.nodebb.ids import Namer
from sync.nodebb.payloads import TopicP
from sync.nodebb.reading import Reader
from sync.nodebb.rights import Rights
from sync.parts.recent import Recent
from sync.parts.times import utc_now

A = TypeVar("A")
R = TypeVar("R")

PARALLEL = 4
"""Requests at once: more gains nothing on NodeBB (measured)."""


def _ended(future: Future[R]) -> R:
    try:
        return future.result()
    except CancelledError:
        raise TryLaterError("connection_closed") from None


@dataclass
class Context:
    """One community as one account sees it. ``guest`` reads as an anonymous visitor.

    ``heads`` are forum and title by topic id.
    """

    base_url: str
    decode: Decoder
    account: Account
    reader: Reader
    guest: Reader
    identity: IdentityReader
    now: Callable[[], datetime] = utc_now
    heads: Recent[str, ThreadHead] = field(default_factory=lambda: Recent(20_000))
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(PARALLEL, "nodebb"))

    def rights(self, urgency: Urgency = Urgency.POLL) -> Rights:
        """What this account may do, as read last."""
        return self.identity.rights(self.now(), urgency)

    def rights_now(self, urgency: Urgency) -> Rights:
        """The same, asked anew: before something is concluded from what this account is not shown."""
        return self.identity.identify(self.now(), urgency)

    def together(self, work: Callable[[A], R], things: Iterable[A]) -> Iterator[R]:
        """Results in the order of the things, four at a time; the first error ends it.

        Never more than twice that many are under way, however many things there are.
        """
        todo = iter(things)
        under_way: list[Future[R]] = [self._begun(work, one) for one in islice(todo, PARALLEL * 2)]
        try:
            while under_way:
                done = _ended(under_way.pop(0))
                under_way.extend(self._begun(work, one) for one in islice(todo, 1))
                yield done
        finally:
            for future in under_way:
                future.cancel()

    def _begun(self, work: Callable[[A], R], one: A) -> Future[R]:
        try:
            return self.pool.submit(work, one)
        except RuntimeError:
            raise TryLaterError("connection_closed") from None

    @property
    def names(self) -> Namer:
        """Makes ids of this community."""
        return self.decode.names

    def note_head(self, topic: TopicP) -> None:
        """Remember where a topic stands."""
        self.heads.put(str(topic.tid), ThreadHead(self.names.maybe(Kind.FORUM, topic.cid), title_of(topic)))

    def thread_records(self, topic: TopicP, known: Known | None, seq: int) -> Records:
        """A topic's head as a record that does not unsay that all its posts have been read."""
        self.note_head(topic)
        ref = self.names.ref(Kind.THREAD, topic.tid)
        facts = known.threads([ref]).get(ref) if known is not None else None
        complete = facts is not None and facts.complete and facts.post_count == topic.postcount
        return Records(seq, threads=(self.decode.thread(topic, complete=complete),))
