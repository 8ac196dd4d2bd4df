"""The post queue: what waits for approval, and what does so no more.

Twenty a page, oldest first. Anything added appears on the last page, anything removed shifts it: so that page alone
tells whether the set has changed. Forum moderators get an empty list (though accepting by id works), which proves
nothing.
"""

import json
from collections.abc import Iterator
from datetime import datetime

from moderation.content import Member
from moderation.ids import Kind, Ref
from moderation.items import Item
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decode_items import handled_item, held_item
from sync.nodebb.decoders import HELD, QUEUE
from sync.nodebb.ids import in_path
from sync.nodebb.payloads import QueueP
from sync.nodebb.reading import set_aside
from sync.parts.answers import Read

LAST = "queue.last"


class HeldPosts:
    """Reads the post queue."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def watch(self, known: Known, *, again: bool = False) -> Iterator[Batch]:
        """One request when nothing changed, else the whole queue. ``again``: walk it in any case."""
        if not self._context.rights().everywhere:
            return
        before = known.cursor(LAST)
        if before is not None and not again:
            last = json.loads(before)
            read = self._page(int(last["page"]), Urgency.POLL, conditional=True)
            if self._mark(read) == before:  # 304 alone says nothing: what was answered before may not have been kept
                return
        yield from self.walk(known, Urgency.POLL)

    def walk(self, known: Known, urgency: Urgency) -> Iterator[Batch]:
        """The whole queue, then what has left it."""
        if not self._context.rights().everywhere:
            return
        seen: set[Ref] = set()
        page = 1
        while True:
            read = self._page(page, urgency)
            items, problems = self._items(read)
            facts = known.items([item.id for item in items])
            changed = [one for one in items if one.id not in facts or facts[one.id].version != one.version]
            seen.update(item.id for item in items)
            last = page >= read.value.pagination.pageCount
            members = tuple(self._people(read))
            yield Batch((Records(read.seq, items=tuple(changed), members=members),), {}, tuple(problems))
            if last:
                break
            page += 1
        vanished = [ref for ref in known.pending_items() if ref.kind is Kind.HELD and ref not in seen]
        yield from self.fetch(vanished, urgency)
        yield Batch((), {LAST: self._mark(read)})

    def fetch(self, refs: list[Ref], urgency: Urgency) -> Iterator[Batch]:
        """Held posts by id; those that are in the queue no more come back as resolved, for who sees all of it still."""
        everywhere: bool | None = None
        for ref, read in zip(refs, self._context.together(lambda one: self.one(one, urgency), refs), strict=True):
            items, problems = self._items(read)
            found = [item for item in items if item.id == ref]
            if not found and everywhere is None:
                everywhere = self._context.rights_now(urgency).everywhere
            handled = None if found or problems or not everywhere else handled_item(ref)
            kept: tuple[Item, ...] = (*found, *((handled,) if handled else ()))
            yield Batch((Records(read.seq, items=kept),), {}, tuple(problems))

    def one(self, ref: Ref, urgency: Urgency) -> Read[QueueP]:
        """The page of one held post: a list of one or none."""
        return self._context.reader.get(endpoints.held_page(in_path(ref)), QUEUE, urgency)

    def item(self, ref: Ref, urgency: Urgency) -> tuple[Item | None, Records, datetime]:
        """One held post as it stands, ``None`` once it is handled; its records; the server's time."""
        read = self.one(ref, urgency)
        items, _ = self._items(read)
        found = next((item for item in items if item.id == ref), None)
        handled = None if found else handled_item(ref)
        kept = tuple(one for one in (found or handled,) if one is not None)
        return found, Records(read.seq, items=kept), read.server_time or self._context.now()

    def _page(self, page: int, urgency: Urgency, *, conditional: bool = False) -> Read[QueueP]:
        return self._context.reader.get(endpoints.post_queue(page), QUEUE, urgency, conditional=conditional)

    def _items(self, read: Read[QueueP]) -> tuple[list[Item], list[str]]:
        rights = self._context.rights()
        names = self._context.names
        return set_aside(
            read.value.posts, HELD, lambda one: held_item(one, names, rights, read.endpoint), read.endpoint
        )

    def _people(self, read: Read[QueueP]) -> Iterator[Member]:
        found, _ = set_aside(read.value.posts, HELD, lambda one: one.user, read.endpoint)
        for user in found:
            if self._context.names.member(user.uid) is not None:
                yield self._context.decode.member(user)

    def _mark(self, read: Read[QueueP]) -> str:
        """What stands on the last page, for the next poll to compare."""
        found, _ = set_aside(read.value.posts, HELD, lambda one: one.id, read.endpoint)
        page = read.value.pagination
        return json.dumps({"page": page.currentPage, "pages": page.pageCount, "ids": found}, separators=(",", ":"))
