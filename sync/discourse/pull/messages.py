"""Private messages that the account may read: those that it takes part in, and those of its groups.

A moderator is not let in by role. Messages stand in a private forum of their own, so that what they say goes where
private categories go.
"""

from collections.abc import Iterator
from datetime import datetime

from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.records import Batch
from sync.connector import Known, Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decode import maybe_utc, utc
from sync.discourse.decoders import TOPIC, TOPICS
from sync.discourse.payloads import TopicP
from sync.discourse.pull.threads import Threads
from sync.discourse.reading import set_aside

_MOST_PAGES = 10
_MOST_GROUPS = 5


class Messages:
    """Reads message by message what is new in the lists."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._threads = Threads(context)

    def read(self, known: Known, horizon: datetime, urgency: Urgency) -> Iterator[Batch]:
        """Messages with activity since the horizon that say something new, newest first."""
        for path in self._lists():
            for page in range(_MOST_PAGES):
                if urgency is Urgency.BACKGROUND and not self._context.patient():
                    return
                topics, last = self._page(path, page, urgency)
                news = self._news(topics, known, horizon)
                yield from self._threads.whole(news, known, urgency)
                if last or len(news) < len(topics):
                    break

    def _lists(self) -> list[str]:
        rights = self._context.rights()
        groups = rights.groups[:_MOST_GROUPS]
        paths = [endpoints.messages_of(rights.username), endpoints.messages_sent(rights.username)]
        return [*paths, *(endpoints.messages_of_group(rights.username, group) for group in groups)]

    def _page(self, path: str, page: int, urgency: Urgency) -> tuple[list[TopicP], bool]:
        try:
            read = self._context.reader.find(endpoints.query(path, page=page or None), TOPICS, urgency)
        except NotAllowedError:
            return [], True
        if read.value is None:
            return [], True
        topics, _ = set_aside(read.value.topic_list.topics, TOPIC, lambda one: one, read.endpoint)
        return topics, read.value.topic_list.more_topics_url is None

    def _news(self, topics: list[TopicP], known: Known, horizon: datetime) -> list[Ref]:
        """Messages of which the list tells what the mirror does not; it counts the posts of all types."""
        active = [topic for topic in topics if utc(topic.bumped_at or topic.created_at) >= horizon]
        refs = [self._context.names.ref(Kind.THREAD, topic.id) for topic in active]
        facts = known.threads(refs)
        return [
            ref
            for topic, ref in zip(active, refs, strict=True)
            if (found := facts.get(ref)) is None
            or found.last_post_at != maybe_utc(topic.last_posted_at)
            or not found.complete
        ]
