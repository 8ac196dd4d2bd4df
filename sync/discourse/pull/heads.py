"""Heads of all topics once more: what was closed, hidden or moved does not move a topic in any list, and what is
deleted or made private is listed no more.
"""

from collections.abc import Iterator
from datetime import datetime

from moderation.ids import Kind, Ref
from moderation.records import Batch
from sync.connector import Known, ThreadFacts, Urgency
from sync.discourse.context import Context
from sync.discourse.payloads import TopicP
from sync.discourse.pull.feed import Feed, TopicList, beyond
from sync.discourse.pull.forums import muted_forums
from sync.discourse.pull.threads import Threads

MOST_ABSENT = 40
"""Topics that are listed no more and read by themselves, in one look; the others wait for the next."""


class Heads:
    """Looks at lists, thirty topics a request, as far as the limits leave it, and reads only what is not as it was."""

    def __init__(self, context: Context, feed: Feed) -> None:
        self._context = context
        self._feed = feed
        self._threads = Threads(context)

    def again(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Down to the horizon by activity, then muted categories; then topics that should have been listed."""
        listed: set[Ref] = set()
        for category in ("", *muted_forums(known)):
            whole, number = False, 0
            while not whole:
                if not self._context.patient():
                    return
                page = self._feed.heads(number, Urgency.BACKGROUND, category)
                number += 1
                listed.update(map(self._ref, page.topics))
                yield from self._differing(page, known)
                whole = page.last or beyond(page.topics, horizon)
        yield from self._absent(known, horizon, listed)

    def _differing(self, page: TopicList, known: Known) -> Iterator[Batch]:
        facts = known.threads([self._ref(topic) for topic in page.topics])
        changed = [topic for topic in page.topics if self._differs(topic, facts.get(self._ref(topic)))]
        yield from self._read([self._ref(topic) for topic in changed], known)

    def _differs(self, topic: TopicP, facts: ThreadFacts | None) -> bool:
        """Known, and not as it was; new topics and new posts are told by other lists."""
        if facts is None:
            return False
        head = self._context.decode.thread(topic)
        return (facts.locked, facts.hidden, facts.forum) != (head.locked, head.hidden, head.forum)

    def _absent(self, known: Known, horizon: datetime, listed: set[Ref]) -> Iterator[Batch]:
        """Topics deleted, made private, or unlisted; those that are known as hidden are looked for no more."""
        missing = [ref for ref in known.active_threads(horizon) if ref not in listed]
        facts, forums = known.threads(missing), known.forums()
        public = [
            ref
            for ref in missing
            if ref in facts and not facts[ref].hidden and (place := facts[ref].forum) and forums.get(place) is False
        ]
        yield from self._read(public[:MOST_ABSENT], known)

    def _read(self, refs: list[Ref], known: Known) -> Iterator[Batch]:
        for ref in refs:
            if not self._context.patient():
                return
            yield from self._threads.whole([ref], known, Urgency.BACKGROUND)

    def _ref(self, topic: TopicP) -> Ref:
        return self._context.names.ref(Kind.THREAD, topic.id)
