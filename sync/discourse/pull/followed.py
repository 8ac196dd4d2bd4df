"""Which threads the account itself watches: Discourse tells nobody what others do.

``GET /filter.json?q=in:watching``, thirty a page. A site that does not know the condition passes over it and lists
everything, so one topic is asked how it is followed.
"""

from moderation.content import Thread
from moderation.errors import NotAllowedError, PayloadError
from moderation.following.threads import OWN_ONLY
from moderation.ids import Kind, Ref
from moderation.records import Records
from sync.connector import Known, ThreadsTold, Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decoders import TOPIC, TOPIC_PAGE, TOPICS
from sync.discourse.reading import set_aside
from sync.parts.staff import PAGE_UNFIT

MOST_PAGES = 3
_WATCHING = 3


class FollowedThreads:
    """Reads the newest pages of the own list."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, member: Ref, known: Known) -> ThreadsTold | None:
        """The own list, as far as :data:`MOST_PAGES` go; ``None`` while the day's budget has to last."""
        if member != self._context.rights().identity.member:
            return ThreadsTold(why=OWN_ONLY)
        if not self._context.patient():
            return None
        try:
            return self._own(known)
        except (NotAllowedError, PayloadError):
            return ThreadsTold(why=PAGE_UNFIT)

    def _own(self, known: Known) -> ThreadsTold:
        found: dict[Ref, Thread] = {}
        page, seq, more = 0, 0, True
        while more and page < MOST_PAGES:
            read = self._context.reader.get(endpoints.watched(page), TOPICS, Urgency.BACKGROUND)
            topics, _ = set_aside(read.value.topic_list.topics, TOPIC, lambda one: one, read.endpoint)
            if page == 0 and topics and not self._is_watched(str(topics[0].id)):
                return ThreadsTold(why=PAGE_UNFIT)
            names = self._context.names
            found |= {names.ref(Kind.THREAD, one.id): self._context.decode.thread(one) for one in topics}
            page, seq, more = (
                page + 1,
                seq or read.seq,
                bool(topics) and read.value.topic_list.more_topics_url is not None,
            )
        stored = known.threads(list(found))
        heads = tuple(thread for ref, thread in found.items() if ref not in stored)
        return ThreadsTold(tuple(found), not more, "", (Records(seq, threads=heads),) if heads else ())

    def _is_watched(self, topic: str) -> bool:
        read = self._context.reader.find(endpoints.topic(topic), TOPIC_PAGE, Urgency.BACKGROUND)
        return read.value is not None and read.value.details.notification_level >= _WATCHING
