"""A mirror in memory: what a connector may ask, and the rules by which records enter (as the real mirror's)."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from moderation.content import Forum, Group, Level, Member, Notification, Post, Thread
from moderation.ids import Kind, Ref
from moderation.items import PENDING_STATES, Item
from moderation.records import Batch, Records
from sync.connector import ItemFacts, ThreadFacts


class MemoryMirror:
    """Implements :class:`sync.connector.Known`; only the thread that made it may ask, as with a SQLite connection."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self.cursors: dict[str, str | None] = {}
        self.items_by_ref: dict[Ref, Item] = {}
        self.threads_by_ref: dict[Ref, Thread] = {}
        self.posts_by_ref: dict[Ref, Post] = {}
        self.members_by_ref: dict[Ref, Member] = {}
        self.forums_by_ref: dict[Ref, Forum] = {}
        self.notifications: dict[str, Notification] = {}
        self.following: dict[Ref, dict[Ref, Level]] = {}
        self.unreadable: dict[Ref, str] = {}
        self.groups: dict[str, Group] = {}
        self.gone: set[Ref] = set()
        self.problems: list[str] = []
        self.complete_since: datetime | None = None
        self._seq: dict[Ref, int] = {}

    def take(self, batches: Iterable[Batch]) -> int:
        """Apply batches as they come; gives how many there were."""
        count = 0
        for batch in batches:
            self.apply(batch)
            count += 1
        return count

    def apply(self, batch: Batch) -> None:
        """One transaction."""
        for records in batch.records:
            self._enter(records)
        self.cursors.update(batch.cursors)
        self.problems.extend(batch.problems)
        self.complete_since = batch.complete_since or self.complete_since

    def cursor(self, name: str) -> str | None:
        self._own_thread()
        return self.cursors.get(name)

    def items(self, refs: Sequence[Ref]) -> dict[Ref, ItemFacts]:
        self._own_thread()
        return {ref: _facts(self.items_by_ref[ref]) for ref in refs if ref in self.items_by_ref}

    def pending_items(self) -> dict[Ref, ItemFacts]:
        self._own_thread()
        return {ref: _facts(item) for ref, item in self.items_by_ref.items() if item.state in PENDING_STATES}

    def undetailed(self, limit: int) -> list[Ref]:
        self._own_thread()
        rows = [item for item in self.items_by_ref.values() if item.state in PENDING_STATES and not item.detail]
        rows.sort(key=lambda item: (item.report_count, item.created_at), reverse=True)
        return [item.id for item in rows[:limit]]

    def threads(self, refs: Sequence[Ref]) -> dict[Ref, ThreadFacts]:
        self._own_thread()
        return {ref: self._thread_facts(ref) for ref in refs if ref in self.threads_by_ref}

    def forums(self) -> dict[Ref, bool | None]:
        self._own_thread()
        return {ref: forum.private for ref, forum in self.forums_by_ref.items()}

    def active_threads(self, since: datetime) -> list[Ref]:
        self._own_thread()
        known = self.threads_by_ref.items()
        return [ref for ref, one in known if ref not in self.gone and (one.last_post_at or one.created_at) >= since]

    def stale_threads(self, before: datetime, limit: int, since: datetime) -> list[Ref]:
        self._own_thread()
        return []

    def state_counts(self) -> dict[str, int]:
        """How many flags stand in each state."""
        counts: dict[str, int] = {}
        for ref, item in self.items_by_ref.items():
            if ref.kind is Kind.FLAG:
                counts[item.state.value] = counts.get(item.state.value, 0) + 1
        return counts

    def posts_of(self, thread: Ref) -> list[Post]:
        """Posts of a thread in order."""
        return sorted((p for p in self.posts_by_ref.values() if p.thread == thread), key=lambda post: post.position)

    def _thread_facts(self, ref: Ref) -> ThreadFacts:
        thread = self.threads_by_ref[ref]
        public = sum(not post.staff_only for post in self.posts_of(ref))
        return ThreadFacts(
            thread.last_post_at, thread.post_count, public, thread.complete, thread.forum, thread.locked, thread.hidden
        )

    def _enter(self, records: Records) -> None:
        for forum in records.forums:
            self.forums_by_ref[forum.id] = forum
        for thread in records.threads:
            if self._newer(thread.id, records.seq):
                self.threads_by_ref[thread.id] = thread
        for post in records.posts:
            if self._newer(post.id, records.seq):
                self.posts_by_ref[post.id] = self._merged(post)
        for member in records.members:
            self.members_by_ref[member.id] = member
        for item in records.items:
            if self._newer(item.id, records.seq):
                self.items_by_ref[item.id] = self._detailed(item)
        for told in records.notifications:
            self.notifications[told.native] = told
        self._enter_staff(records)
        for ref in records.gone:
            self._scrub(ref)

    def _enter_staff(self, records: Records) -> None:
        for member in records.followers:
            self.following[member] = {one.forum: one.level for one in records.following if one.member == member}
        for told_of in records.unreadable:
            self.following.pop(told_of.member, None)
            self.unreadable[told_of.member] = told_of.why
        self.groups |= {group.native: group for group in records.groups}
        if records.groups_listed is not None:
            self.groups = {name: group for name, group in self.groups.items() if name in records.groups_listed}

    def _newer(self, ref: Ref, seq: int) -> bool:
        if seq < self._seq.get(ref, 0):
            return False
        self._seq[ref] = seq
        return True

    def _detailed(self, item: Item) -> Item:
        old = self.items_by_ref.get(item.id)
        if item.detail or old is None or not old.detail:
            return item
        return replace(
            old, state=item.state, assignee=item.assignee, report_count=item.report_count, version=item.version
        )

    def _merged(self, post: Post) -> Post:
        old = self.posts_by_ref.get(post.id)
        return replace(post, body=old.body) if old is not None and post.body is None else post

    def _scrub(self, ref: Ref) -> None:
        self.gone.add(ref)
        for table in (self.items_by_ref, self.threads_by_ref, self.posts_by_ref, self.members_by_ref):
            table.pop(ref, None)  # type: ignore[attr-defined]

    def _own_thread(self) -> None:
        assert threading.get_ident() == self._thread, "the mirror was asked from another thread"


def _facts(item: Item) -> ItemFacts:
    assignee = str(item.assignee) if item.assignee is not None else None
    return ItemFacts(item.state, assignee, item.report_count, item.detail, item.version)
