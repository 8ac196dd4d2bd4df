"""Flags in full: text, reasons, notes, history, and the forum that only their topic tells."""

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
from sync.nodebb.decode_items import FlagDetail, ThreadHead, assignee_of, flag_detail
from sync.nodebb.ids import in_path
from sync.nodebb.payloads import FLAG_PAGE, POST_TARGET, TOPIC_ANSWER, FlagPageP, TopicP
from sync.nodebb.reading import Read, decoded

GROUP = 20


@dataclass(frozen=True, slots=True)
class Detailed:
    """One flag as read: ``detail`` is ``None`` when the server answered 404, with the reason in ``problem``."""

    ref: Ref
    seq: int
    page: FlagPageP | None
    problem: str | None = None


class FlagDetails:
    """Reads flags in full, four at a time. ``threads`` collects where the reported posts stand."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.threads: dict[Ref, None] = {}

    def batches(
        self, refs: Iterable[Ref], known: Known | None, urgency: Urgency, listed: frozenset[Ref] = frozenset()
    ) -> Iterator[Batch]:
        """Details in the order asked, twenty a batch. ``listed`` are flags that a list has just shown."""
        todo = iter(dict.fromkeys(refs))
        while group := list(islice(todo, GROUP)):
            yield self._batch(group, known, urgency, listed)

    def one(self, ref: Ref, urgency: Urgency) -> tuple[FlagDetail, int] | None:
        """A single flag and the sequence of its reading, ``None`` for 404."""
        read = self._read(ref, urgency)
        if read.value is None:
            return None
        heads, _ = self._heads([read.value], None, urgency)
        return self._detail(read.value, read.endpoint, heads), read.seq

    def _batch(self, group: Sequence[Ref], known: Known | None, urgency: Urgency, listed: frozenset[Ref]) -> Batch:
        reads = list(self._context.together(lambda ref: self._detailed(ref, urgency), group))
        pages = [one.page for one in reads if one.page is not None]
        heads, threads = self._heads(pages, known, urgency)
        records: list[Records] = list(threads)
        problems = [one.problem for one in reads if one.problem]
        for one in reads:
            if one.page is None:
                if one.problem is None and self._really_gone(one.ref, listed):
                    records.append(Records(one.seq, gone=(one.ref,)))
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
        try:
            read = self._read(ref, urgency)
        except PayloadError as error:
            return Detailed(ref, 0, None, f"{error.facts['endpoint']} {error.facts['field']}")
        return Detailed(ref, read.seq, read.value)

    def _really_gone(self, ref: Ref, listed: frozenset[Ref]) -> bool:
        """A forum moderator gets 404 for a flag whose post has left the own forums: that one still exists."""
        return ref not in listed and self._context.rights().everywhere

    def _read(self, ref: Ref, urgency: Urgency) -> Read[FlagPageP | None]:
        return self._context.reader.find(endpoints.flag_page(in_path(ref)), FLAG_PAGE, urgency)

    def _detail(self, page: FlagPageP, endpoint: str, heads: dict[str, ThreadHead]) -> FlagDetail:
        uid = assignee_of(page.assignee)
        name = next((one.username for one in page.assignees if str(one.uid) == uid), None) if uid else None
        return flag_detail(page, self._context.names, endpoint, self._context.rights(), heads, name)

    def _people(self, detail: FlagDetail) -> tuple[Member, ...]:
        return tuple(self._context.decode.member(one) for one in detail.people)

    def _heads(
        self, pages: Iterable[FlagPageP], known: Known | None, urgency: Urgency
    ) -> tuple[dict[str, ThreadHead], list[Records]]:
        """Forum and title of the topics that these flags lead to; those not known yet are asked for."""
        tids = dict.fromkeys(tid for tid in map(_tid, pages) if tid is not None)
        unknown = [tid for tid in tids if self._context.heads.get(tid) is None]
        reads = list(self._context.together(lambda tid: self._head(tid, urgency), unknown))
        records = [self._context.thread_records(topic, known, seq) for topic, seq in filter(None, reads)]
        heads = {tid: head for tid in tids if (head := self._context.heads.get(tid)) is not None}
        return heads, records

    def _head(self, tid: str, urgency: Urgency) -> tuple[TopicP, int] | None:
        """Read a topic's head; ``None`` where it may not be read (a private forum, purged since)."""
        try:
            read = self._context.reader.find(endpoints.topic(tid), TOPIC_ANSWER, urgency)
        except (NotAllowedError, PayloadError):
            return None
        return None if read.value is None else (read.value.response, read.seq)


def _tid(page: FlagPageP) -> str | None:
    if page.type != "post":
        return None
    try:
        target = decoded(bytes(page.target), POST_TARGET, "")
    except PayloadError:
        return None
    return str(target.tid) if target.tid else None
