"""Which threads one of the staff follows: their page of watched topics, twenty a page.

``GET /api/user/:slug/watched`` (NodeBB 4.15.1): the member, global moderators, and for administrators administrators
alone. Nothing lists the followers of a topic.
"""

from moderation.content import Thread
from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Kind, Ref
from moderation.records import Records
from sync.connector import Known, ThreadsTold, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decode import dated
from sync.nodebb.decoders import TOPIC, WATCHED_TOPICS
from sync.nodebb.reading import set_aside
from sync.parts.staff import NOT_THERE, PAGE_UNFIT, RIGHT_MISSING

MOST_PAGES = 5
_SEES_OTHERS = frozenset({"administrator", "moderator"})


class FollowedThreads:
    """Reads the newest pages of a list."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, member: Ref, slug: str, known: Known) -> ThreadsTold:
        """What a member follows, as far as :data:`MOST_PAGES` go."""
        identity = self._context.rights().identity
        if member != identity.member and not identity.roles & _SEES_OTHERS:
            return ThreadsTold(why=RIGHT_MISSING)
        found: dict[Ref, Thread] = {}
        page, pages, seq = 0, 1, 0
        while page < min(pages, MOST_PAGES):
            page += 1
            path = endpoints.query(endpoints.user_page(slug, "watched"), page=page, sort="lastpost")
            try:
                read = self._context.reader.get(path, WATCHED_TOPICS, Urgency.BACKGROUND)
            except NotAllowedError:
                return ThreadsTold(why=RIGHT_MISSING)
            except PayloadError as error:
                return ThreadsTold(why=NOT_THERE if error.code == "endpoint_missing" else PAGE_UNFIT)
            topics, _ = set_aside(read.value.topics, TOPIC, dated, read.endpoint)
            found |= {self._ref(topic.tid): self._context.decode.thread(topic) for topic in topics}
            pages, seq = read.value.pagination.pageCount, seq or read.seq
        stored = known.threads(list(found))
        heads = tuple(thread for ref, thread in found.items() if ref not in stored)
        records = (Records(seq, threads=heads),) if heads else ()
        return ThreadsTold(tuple(found), pages <= MOST_PAGES, "", records)

    def _ref(self, tid: object) -> Ref:
        return self._context.names.ref(Kind.THREAD, str(tid))
