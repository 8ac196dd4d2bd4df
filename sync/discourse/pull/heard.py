"""Reading what the message bus hinted at: that part alone, at once, and not more often than the limits leave."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from moderation.records import Batch
from sync.connector import Heard, Known, Urgency
from sync.discourse.context import Context
from sync.discourse.pull.feed import Feed
from sync.discourse.pull.messages import Messages
from sync.discourse.pull.queue import ReviewQueue
from sync.discourse.pull.threads import Threads

MOST_ITEMS, MOST_THREADS = 30, 3
FEED_EVERY, MESSAGES_EVERY = 60.0, 120.0
_BACK = timedelta(days=2)


class Hinted:
    """A hint too many is left to the polls, which read everything in their time."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._queue = ReviewQueue(context)
        self._feed = Feed(context)
        self._threads = Threads(context)
        self._messages = Messages(context)
        self._read_at: dict[str, float] = {}

    def read(self, heard: Heard, known: Known, look: Callable[[], Iterator[Batch]]) -> Iterator[Batch]:
        """Items, claims, threads, then lists; ``look`` reads what is new in the queue."""
        if not self._context.budget.may(Urgency.POLL):
            return
        items = sorted(heard.items, key=lambda ref: int(ref.native))
        if len(items) <= MOST_ITEMS:
            yield from self._queue.fetch(items, Urgency.POLL)
        for thread in sorted(heard.claims, key=str)[:MOST_THREADS]:
            yield from self._queue.of_topic(thread, Urgency.POLL)
        if heard.queue or len(items) > MOST_ITEMS:
            yield from look()
        yield from self._threads.whole(sorted(heard.threads, key=str)[:MOST_THREADS], known, Urgency.POLL, most=4)
        if heard.feed and (heard.asked or self._due("feed", FEED_EVERY)):
            yield from self._feed.recent(known, Urgency.POLL)
        if heard.messages and self._due("messages", MESSAGES_EVERY):
            yield from self._messages.read(known, self._context.now() - _BACK, Urgency.POLL)

    def _due(self, what: str, every: float) -> bool:
        """True when this was not read by a hint for that long, and the day has requests to spare."""
        now = self._context.monotonic()
        if self._context.scarce or now - self._read_at.get(what, now - every) < every:
            return False
        self._read_at[what] = now
        return True
