"""Lists of flags: what is open, what moved, what is not there any more.

With ``state=X`` NodeBB lists by the time when a flag entered X, newest first, so the first page of each state shows
what moved lately. Reports, notes and assignees do not move a row; a flag can stand under two states after racing
writes (its own ``state`` decides); an unknown filter is dropped silently (compare ``filters``).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Kind, Ref
from moderation.items import Item
from moderation.records import Batch, Records
from sync.connector import ItemFacts, Known, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decode_items import row_item
from sync.nodebb.decoders import FLAG_LIST, FLAG_ROW
from sync.nodebb.ids import Namer
from sync.nodebb.payloads import FlagListP
from sync.nodebb.reading import set_aside
from sync.parts.answers import Read

PENDING = ("open", "wip")
CLOSED = ("resolved", "rejected")
TODO = "flags.todo"
WATCH_PAGE = 100
LISTING_PAGE = 500


@dataclass
class FlagNews:
    """What walks found: flags whose detail must be read (changed or moved), and all that was seen.

    What is still to be read is a cursor of its own, saved with the rows that gave rise to it: a poll that breaks off in
    between goes on with it the next time.
    """

    changed: dict[Ref, None] = field(default_factory=dict)
    seen: set[Ref] = field(default_factory=set)

    @classmethod
    def left_over(cls, known: Known, names: Namer) -> "FlagNews":
        """What earlier polls left to be read."""
        kept = json.loads(known.cursor(TODO) or "[]")
        return cls({names.ref(Kind.FLAG, native): None for native in kept})

    def add(self, refs: Iterable[Ref]) -> None:
        """These must be read."""
        self.changed.update(dict.fromkeys(refs))

    def cursor(self, done: int = 0) -> dict[str, str | None]:
        """The cursor when the first ``done`` have been read."""
        left = [ref.native for ref in self.changed][done:]
        return {TODO: json.dumps(left, separators=(",", ":")) if left else None}


@dataclass(frozen=True, slots=True)
class _Page:
    read: Read[FlagListP]
    items: list[Item]
    problems: list[str]

    @property
    def refs(self) -> list[Ref]:
        return [item.id for item in self.items]

    @property
    def last(self) -> bool:
        paging = self.read.value.pagination
        return paging.currentPage >= paging.pageCount or not self.read.value.flags


class FlagLists:
    """Walks over the lists of flags."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def watch(self, known: Known, news: FlagNews) -> Iterator[Batch]:
        """First page of each state; on to the next only while a page holds anything new."""
        for state in (*PENDING, *CLOSED):
            yield from self._watch_state(state, known, news)

    def pending(self, known: Known, news: FlagNews, urgency: Urgency) -> Iterator[Batch]:
        """All open and in-progress rows; what had a detail that is old now goes into ``news``."""
        for state in PENDING:
            page = 1
            while True:
                found = self._page(state, page, LISTING_PAGE, urgency)
                facts = known.items(found.refs)
                changed = [item for item in found.items if differs(item, facts.get(item.id))]
                news.add(item.id for item in changed if item.id in facts and facts[item.id].detail)
                news.seen.update(found.refs)
                cursors: dict[str, str | None] = {_order_cursor(state): _order(found.refs)} if page == 1 else {}
                yield _batch(found, changed, cursors | news.cursor())
                if found.last:
                    break
                page += 1

    def closed(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Resolved and dismissed rows, newest decision first, to a whole page of reports older than the horizon."""
        for state in CLOSED:
            cursor = f"flags.closed.{state}"
            at = known.cursor(cursor)
            page = 1 if at is None else int(at) if at.isdigit() else 0
            while page:
                found = self._page(state, page, LISTING_PAGE, Urgency.BACKGROUND)
                done = found.last or all(item.created_at < horizon for item in found.items)
                cursors: dict[str, str | None] = {cursor: "done" if done else str(page + 1)}
                if page == 1:
                    cursors[_order_cursor(state)] = _order(found.refs)
                yield _batch(found, _changed(found, known), cursors)
                page = 0 if done else page + 1

    def _watch_state(self, state: str, known: Known, news: FlagNews) -> Iterator[Batch]:
        before = known.cursor(_order_cursor(state))
        page = 1
        while True:
            found = self._page(state, page, WATCH_PAGE, Urgency.POLL)
            order = _order(found.refs)
            if page == 1 and before is not None and found.read.not_modified and before == order:
                return
            changed = _changed(found, known)
            moved = _moved(before, found.refs) if page == 1 else []
            news.add([*(item.id for item in changed), *moved])
            cursors: dict[str, str | None] = {_order_cursor(state): order} if page == 1 and order != before else {}
            if changed or cursors or found.problems:
                yield _batch(found, changed, cursors | news.cursor())
            if found.last or not (changed or moved):
                return
            page += 1

    def _page(self, state: str, page: int, per_page: int, urgency: Urgency) -> _Page:
        try:
            read = self._context.reader.get(
                endpoints.flags(state, page, per_page), FLAG_LIST, urgency, conditional=page == 1
            )
        except NotAllowedError:
            raise NotAllowedError("may_not_moderate", endpoint=endpoints.FLAGS) from None
        if read.value.filters.get("state") != state:
            raise PayloadError("filter_ignored", connector="nodebb", endpoint=read.endpoint, field="filters.state")
        items, problems = set_aside(
            read.value.flags, FLAG_ROW, lambda row: row_item(row, self._context.names), read.endpoint
        )
        return _Page(read, items, problems)


def _batch(page: _Page, changed: Sequence[Item], cursors: dict[str, str | None]) -> Batch:
    return Batch((Records(page.read.seq, items=tuple(changed)),), cursors, tuple(page.problems))


def _order_cursor(state: str) -> str:
    return f"flags.order.{state}"


def _order(refs: Sequence[Ref]) -> str:
    return json.dumps([ref.native for ref in refs[:WATCH_PAGE]], separators=(",", ":"))


def _moved(before: str | None, refs: Sequence[Ref]) -> list[Ref]:
    """Flags that stand above others which they stood below (or that are new above them): they changed state.

    Rows at the bottom that were not on the page before have only moved up into it.
    """
    if before is None:
        return []
    rest: list[str] = json.loads(before)
    moved: list[Ref] = []
    below: list[Ref] = []
    matched = False
    for ref in reversed(refs):
        if ref.native in rest:
            rest = rest[: rest.index(ref.native)]
            matched = True
        else:
            (moved if matched else below).append(ref)
    return moved if matched else below


def _changed(page: _Page, known: Known) -> list[Item]:
    facts = known.items(page.refs)
    return [item for item in page.items if differs(item, facts.get(item.id))]


def differs(item: Item, facts: ItemFacts | None) -> bool:
    """True when a list row says anything that the mirror does not."""
    if facts is None:
        return True
    assignee = (facts.assignee or "").rpartition(":")[2]
    return (item.state, item.assignee.native if item.assignee else "", item.report_count) != (
        facts.state,
        assignee,
        facts.report_count,
    )


def absent(known: Known, seen: set[Ref]) -> list[Ref]:
    """Flags that the mirror holds as pending and no list shows any more."""
    return [ref for ref in known.pending_items() if ref.kind is Kind.FLAG and ref not in seen]
