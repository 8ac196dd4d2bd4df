"""The review queue: ten items a request, each with its text, its complaints and what may be done with it.

No feed tells what changed. The count tells that something did; new items stand on top by time; what was decided is
found as absent from the whole list, which costs a request for ten items and so is read seldom where it is long.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.items import Item
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decode_review import Sides, item_of, sides_of
from sync.discourse.decoders import COUNT, REVIEW, REVIEW_SHOW, REVIEWABLE
from sync.discourse.reading import set_aside

COUNTED = "review.count"
LISTED = "review.listed"
CLOSED = "review.closed"
PAGE = 10
_SWEEP_PAGES_AT_ONCE = 3
_LISTED_EVERY = timedelta(hours=1)
_SECONDS_A_PAGE = 120.0
_CLOSED_PAGES_AT_ONCE = 30


@dataclass(frozen=True, slots=True)
class Page:
    """Ten items at the most."""

    records: Records
    items: tuple[Item, ...]
    problems: tuple[str, ...]
    last: bool

    @property
    def refs(self) -> list[Ref]:
        """Their ids."""
        return [item.id for item in self.items]


class ReviewQueue:
    """Reads items of every type, those that are unknown today too."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def count(self, urgency: Urgency) -> int:
        """How many items wait for this account: the whole of a poll that finds nothing new."""
        try:
            return self._context.reader.get(endpoints.REVIEW_COUNT, COUNT, urgency).value.count
        except NotAllowedError:
            raise NotAllowedError("may_not_moderate", endpoint=endpoints.REVIEW_COUNT) from None

    def newest(self, known: Known, urgency: Urgency) -> Iterator[Batch]:
        """The newest items, page by page until one holds nothing new."""
        offset = 0
        while True:
            page = self._page(offset, urgency, sort_order="created_at")
            changed = self._changed(page, known)
            if changed or page.problems:
                yield _batch(page, page.items)
            if page.last or not changed:
                return
            offset += PAGE

    def listing(self, known: Known, urgency: Urgency) -> Iterator[Batch]:
        """All that waits, what weighs most first, then what waits no more; the first page is a screen to work with."""
        seen: set[Ref] = set()
        offset = 0
        while True:
            page = self._page(offset, urgency)
            seen.update(page.refs)
            if page.items or page.problems:
                yield _batch(page, page.items)
            if page.last:
                break
            offset += PAGE
        absent = [ref for ref in known.pending_items() if ref.kind is Kind.REVIEW and ref not in seen]
        yield from self.fetch(absent, urgency)
        count = self.count(urgency)
        cursors: dict[str, str | None] = {LISTED: self._mark(len(seen) - count), COUNTED: str(count)}
        yield Batch((), cursors)

    def listing_is_due(self, known: Known) -> bool:
        """True when the whole list was not read for an hour, longer where it is long."""
        at, _ = _listed(known)
        every = max(_LISTED_EVERY, timedelta(seconds=len(known.pending_items()) // PAGE * _SECONDS_A_PAGE * 5))
        return at is None or not timedelta() <= self._context.now() - at < every

    def is_long(self, known: Known, count: int) -> bool:
        """True where reading the whole list costs more than a hint what changed in it."""
        return _pages(known, count) > _SWEEP_PAGES_AT_ONCE

    def agrees(self, known: Known, count: int) -> bool:
        """True when as many are known to wait as the server says."""
        return _waiting(known) == count + _listed(known)[1]

    def lacks(self, known: Known, count: int) -> bool:
        """True when what is known to wait is not as many as the server says, and the list may be read for it now.

        The count may leave out what the list shows (low scores); how many that were is known from the last listing.
        """
        at, _ = _listed(known)
        if self.agrees(known, count):
            return False
        pages = _pages(known, count)
        if at is None or pages <= _SWEEP_PAGES_AT_ONCE:
            return True
        return self._context.now() - at >= timedelta(seconds=pages * _SECONDS_A_PAGE)

    def closed(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Decided items, newest first, down to the horizon; some pages at a time."""
        at = known.cursor(CLOSED) or "0"
        offset = int(at) if at.isdigit() else None
        for _ in range(_CLOSED_PAGES_AT_ONCE):
            if offset is None or not self._context.patient():
                return
            page = self._page(offset, Urgency.BACKGROUND, sort_order="created_at", status="reviewed")
            done = page.last or all(item.created_at < horizon for item in page.items)
            yield _batch(page, page.items, {CLOSED: "done" if done else str(offset + PAGE)})
            offset = None if done else offset + PAGE

    def fetch(self, refs: Sequence[Ref], urgency: Urgency) -> Iterator[Batch]:
        """These items, ten a request; one that is not there any more comes back in ``gone``."""
        for start in range(0, len(refs), PAGE):
            some = refs[start : start + PAGE]
            missing = list(some)
            if len(some) > 1:
                page = self._page(0, urgency, status="all", ids=[ref.native for ref in some])
                found = [item for item in page.items if item.id in set(some)]
                yield _batch(page, found)
                missing = [ref for ref in some if ref not in {item.id for item in found}]
            for ref in missing:
                item, records, problems = self.one(ref, urgency)
                yield Batch((records if item or problems else Records(records.seq, gone=(ref,)),), {}, problems)

    def one(self, ref: Ref, urgency: Urgency) -> tuple[Item | None, Records, tuple[str, ...]]:
        """One item as it stands, ``None`` when it is not there; what was read; what did not fit."""
        read = self._context.reader.find(endpoints.reviewable(ref.native), REVIEW_SHOW, urgency)
        if read.value is None:
            return None, Records(read.seq), ()
        sides = sides_of(read.value, read.endpoint)
        items, problems = self._items([read.value.reviewable], sides, read.endpoint)
        members = self._context.members(sides.users.values())
        return items[0] if items else None, Records(read.seq, items=tuple(items), members=members), tuple(problems)

    def of_topic(self, thread: Ref, urgency: Urgency) -> Iterator[Batch]:
        """What waits in one thread: it changes hands as a whole."""
        page = self._page(0, urgency, topic=thread.native)
        if page.items or page.problems:
            yield _batch(page, page.items)

    def held_by(self, username: str, urgency: Urgency) -> list[Item]:
        """Posts of a member that wait for approval, newest first."""
        page = self._page(0, urgency, sort_order="created_at", username=username, kind="ReviewableQueuedPost")
        return list(page.items)

    def _page(
        self,
        offset: int,
        urgency: Urgency,
        *,
        sort_order: str = "score",
        status: str = "pending",
        ids: Sequence[str] | None = None,
        username: str | None = None,
        kind: str | None = None,
        topic: str | None = None,
    ) -> Page:
        path = endpoints.review(
            status=status, sort_order=sort_order, offset=offset, ids=ids, username=username, kind=kind, topic=topic
        )
        try:
            read = self._context.reader.get(path, REVIEW, urgency)
        except NotAllowedError:
            raise NotAllowedError("may_not_moderate", endpoint=endpoints.REVIEW) from None
        answer = read.value
        sides = sides_of(answer, read.endpoint)
        items, problems = self._items(answer.reviewables, sides, read.endpoint)
        members = self._context.members(sides.users.values())
        last = answer.meta.load_more_reviewables is None or not answer.reviewables
        records = Records(read.seq, items=tuple(items), members=members)
        return Page(records, tuple(items), (*problems, *sides.problems), last)

    def _items(self, raws: Sequence[object], sides: Sides, endpoint: str) -> tuple[list[Item], list[str]]:
        rights, names = self._context.rights(), self._context.names
        return set_aside(raws, REVIEWABLE, lambda one: item_of(one, sides, names, rights), endpoint)

    def _changed(self, page: Page, known: Known) -> list[Item]:
        facts = known.items(page.refs)
        return [item for item in page.items if (f := facts.get(item.id)) is None or _differs(item, f.version, f.state)]

    def _mark(self, surplus: int) -> str:
        return json.dumps({"at": self._context.now().isoformat(), "surplus": surplus})


def _waiting(known: Known) -> int:
    return sum(ref.kind is Kind.REVIEW for ref in known.pending_items())


def _pages(known: Known, count: int) -> int:
    return max(count, _waiting(known)) // PAGE + 1


def _differs(item: Item, version: str, state: str) -> bool:
    return (item.version, item.state) != (version, state)


def _batch(page: Page, items: Sequence[Item], cursors: dict[str, str | None] | None = None) -> Batch:
    records = Records(page.records.seq, items=tuple(items), members=page.records.members)
    return Batch((records,), cursors or {}, page.problems)


def _listed(known: Known) -> tuple[datetime | None, int]:
    """When the whole list was read last, and how many more it had than the count said."""
    kept = known.cursor(LISTED)
    if kept is None:
        return None, 0
    mark = json.loads(kept)
    return datetime.fromisoformat(mark["at"]), int(mark["surplus"])
