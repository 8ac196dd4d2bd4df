"""Heads of all topics once more: locks, moves and deletions do not move a topic in any list, and no feed tells them."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from moderation.ids import Kind, Ref
from moderation.records import Batch
from sync.connector import Known, ThreadFacts, Urgency
from sync.nodebb.context import Context
from sync.nodebb.payloads import TopicP
from sync.nodebb.pull.forums import public_forums, walkable
from sync.nodebb.pull.threads import ForumPage, Threads, beyond

MOST_ABSENT = 200
"""Topics that are listed no more and read by themselves, in one look; the others wait for the next."""


class Heads:
    """Looks at lists, twenty topics a request, and reads only what is not as it was."""

    def __init__(self, context: Context, threads: Threads) -> None:
        self._context = context
        self._threads = threads

    def again(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Every forum down to the horizon; then topics that should have been listed and were not."""
        public, looked_at, listed = public_forums(known), set[Ref](), set[Ref]()
        for forum in walkable(known):
            whole, number = False, 0
            while not whole:
                number += 1
                page = self._threads.forum_page(public, forum, number, Urgency.BACKGROUND)
                if page is None or page.unfit:
                    break
                listed.update(map(self._ref, page.topics))
                yield from self._differing(page, known)
                whole = page.last or beyond(page.topics, horizon)
            if whole:
                looked_at.add(forum)
        yield from self._absent(known, horizon, looked_at, listed)

    def _differing(self, page: ForumPage, known: Known) -> Iterator[Batch]:
        facts = known.threads([self._ref(topic) for topic in page.topics])
        changed = [topic for topic in page.topics if self._differs(topic, facts.get(self._ref(topic)))]
        for topic in changed:
            self._context.note_head(topic)
        yield from self._threads.whole([self._ref(topic) for topic in changed], known, Urgency.BACKGROUND)

    def _differs(self, topic: TopicP, facts: ThreadFacts | None) -> bool:
        """Known, and not as it was; new topics and new posts are told by other lists."""
        if facts is None:
            return False
        forum = self._context.names.maybe(Kind.FORUM, topic.cid)
        return (facts.locked, facts.hidden, facts.forum) != (topic.locked, topic.deleted, forum)

    def _absent(self, known: Known, horizon: datetime, looked_at: set[Ref], listed: set[Ref]) -> Iterator[Batch]:
        """Topics purged, merged away, or moved to where the account does not look."""
        missing = [ref for ref in known.active_threads(horizon) if ref not in listed]
        facts = known.threads(missing)
        missing = [ref for ref in missing if ref in facts and facts[ref].forum in looked_at]
        yield from self._threads.whole(list(islice(missing, MOST_ABSENT)), known, Urgency.BACKGROUND)

    def _ref(self, topic: TopicP) -> Ref:
        return self._context.names.ref(Kind.THREAD, topic.tid)
