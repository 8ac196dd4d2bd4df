"""Flags in full: text, reasons, notes, history, and the forum that only their topic tells."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from moderation.content import Member
from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Ref
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decode import dated
from sync.nodebb.decode_items import FlagDetail, ThreadHead, assignee_of, flag_detail
from sync.nodebb.decoders import FLAG_PAGE, POST_TARGET, TOPIC_ANSWER
from sync.nodebb.ids import in_path
from sync.nodebb.payloads import FlagPageP, TopicP
from sync.nodebb.reading import decoded
from sync.parts.answers import Read

GROUP = 20


@dataclass(frozen=True, slots=True)
class Detailed:
    """One flag as read: ``page`` is ``None`` when the server answered 404, with the reason in ``problem``.

    ``head`` is that of its topic with the sequence of its reading, where that was not known before.
    """

    ref: Ref
    seq: int
    page: FlagPageP | None
    problem: str | None = None
    head: tuple[TopicP, int] | None = None


class FlagDetails:
    """Reads flags in full, four at a time. ``threads`` collects where the reported posts stand, until
    that was looked at.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self.threads: dict[Ref, None] = {}
        self._asked: set[str] = set()
        self._asking = threading.Lock()

    def batches(
        self, refs: Iterable[Ref], known: Known | None, urgency: Urgency, listed: frozenset[Ref] = frozenset()
    ) -> Iterator[Batch]:
        """Details in the order asked, twenty a batch; the next ones are asked for while a batch is written.

        ``listed`` are flags that a list has just shown.
        """
        reads = self._context.together(lambda ref: self._detailed(ref, urgency), dict.fromkeys(refs))
        while group := list(islice(reads, GROUP)):
            yield self._batch(group, known, urgency, listed)

    def seen(self, threads: Iterable[Ref]) -> None:
        """These threads of reported posts have been looked at."""
        for thread in threads:
            self.threads.pop(thread, None)

    def one(self, ref: Ref, urgency: Urgency) -> tuple[FlagDetail, int] | None:
        """A single flag and the sequence of its reading, ``None`` for 404."""
        read = self._read(ref, urgency)
        if read.value is None:
            return None
        heads = self._heads([read.value], urgency)[0]
        return self._detail(read.value, read.endpoint, heads), read.seq

    def _batch(self, reads: Sequence[Detailed], known: Known | None, urgency: Urgency, listed: frozenset[Ref]) -> Batch:
        heads, late = self._heads([one.page for one in reads if one.page is not None], urgency)
        early = [one.head for one in reads if one.head is not None]
        records = [self._context.thread_records(topic, known, seq) for topic, seq in (*early, *late)]
        problems = [one.problem for one in reads if one.problem]
        records += self._gone([one for one in reads if one.page is None and one.problem is None], listed, urgency)
        for one in reads:
            if one.page is None:
                continue
            try:
                detail = self._detail(one.page, endpoints.flag_page(one.ref.native), heads)
            except PayloadError as error:
                problems.append(f"{error.facts['endpoint']} {error.facts['field']}")
            else:
                if detail.item.thread is not None:
                    self.threads[detail.item.thread] = None
                records.append(Records(one.seq, items=(detail.item,), members=self._people(detail)))
        return Batch(tuple(records), {}, tuple(problems))

    def _detailed(self, ref: Ref, urgency: Urgency) -> Detailed:
        """Runs on the pool: the flag, and its topic's head unless that is known or somebody asks for it already."""
        try:
            read = self._read(ref, urgency)
        except PayloadError as error:
            return Detailed(ref, 0, None, f"{error.facts['endpoint']} {error.facts['field']}")
        tid = _tid(read.value) if read.value is not None else None
        head = self._head(tid, urgency) if tid is not None and self._first_to_ask(tid) else None
        return Detailed(ref, read.seq, read.value, head=head)

    def _first_to_ask(self, tid: str) -> bool:
        if self._context.heads.get(tid) is not None:
            return False
        with self._asking:
            first = tid not in self._asked
            self._asked.add(tid)
        return first

    def _gone(self, missing: Sequence[Detailed], listed: frozenset[Ref], urgency: Urgency) -> list[Records]:
        """Of what answered 404 that which really is not there: a forum moderator gets that for a flag whose post has
        left the own forums too, and so does from one moment to the next who was a moderator of all of them.
        """
        gone = [Records(one.seq, gone=(one.ref,)) for one in missing if one.ref not in listed]
        return gone if gone and self._context.rights_now(urgency).everywhere else []

    def _read(self, ref: Ref, urgency: Urgency) -> Read[FlagPageP | None]:
        return self._context.reader.find(endpoints.flag_page(in_path(ref)), FLAG_PAGE, urgency)

    def _detail(self, page: FlagPageP, endpoint: str, heads: dict[str, ThreadHead]) -> FlagDetail:
        uid = assignee_of(page.assignee)
        name = next((one.username for one in page.assignees if str(one.uid) == uid), None) if uid else None
        return flag_detail(page, self._context.names, endpoint, self._context.rights(), heads, name)

    def _people(self, detail: FlagDetail) -> tuple[Member, ...]:
        return tuple(self._context.decode.member(one) for one in detail.people)

    def _heads(
        self, pages: Iterable[FlagPageP], urgency: Urgency
    ) -> tuple[dict[str, ThreadHead], list[tuple[TopicP, int]]]:
        """Forum and title of the topics that these flags lead to; what is still missing is asked for, and given."""
        tids = dict.fromkeys(tid for tid in map(_tid, pages) if tid is not None)
        unknown = [tid for tid in tids if self._context.heads.get(tid) is None]
        late = list(filter(None, self._context.together(lambda tid: self._head(tid, urgency), unknown)))
        return {tid: head for tid in tids if (head := self._context.heads.get(tid)) is not None}, late

    def _head(self, tid: str, urgency: Urgency) -> tuple[TopicP, int] | None:
        """Read and remember a topic's head; ``None`` where it may not be read (a private forum, purged since)."""
        try:
            read = self._context.reader.find(endpoints.topic(tid), TOPIC_ANSWER, urgency)
            topic = dated(read.value.response) if read.value is not None else None
        except (NotAllowedError, PayloadError):
            return None
        finally:
            with self._asking:
                self._asked.discard(tid)
        if topic is None:
            return None
        self._context.note_head(topic)
        return topic, read.seq


def _tid(page: FlagPageP) -> str | None:
    if page.type != "post":
        return None
    try:
        target = decoded(bytes(page.target), POST_TARGET, "")
    except PayloadError:
        return None
    return str(target.tid) if target.tid else None
