"""The order in which a community is read: what a moderator needs first comes first."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from moderation.ids import Kind, Ref
from moderation.records import Batch
from sync.connector import Known, Urgency
from sync.nodebb.context import Context
from sync.nodebb.pull.details import FlagDetails
from sync.nodebb.pull.flags import FlagLists, FlagNews, absent

LISTING_EVERY = timedelta(hours=1)
FIRST_SCREEN = 40


class Pull:
    """Poll, catch-up and fetch, put together from the parts beside this module."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._flags = FlagLists(context)
        self._details = FlagDetails(context)

    def poll(self, known: Known) -> Iterator[Batch]:
        """First page of each list; details of what changed."""
        if self._due(known, "flags.listed"):
            yield from self._listing(known, Urgency.POLL)
        news = FlagNews()
        yield from self._flags.watch(known, news)
        yield from self._details.batches(news.changed, known, Urgency.POLL)

    def catch_up(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """All pending rows, what is first on the screen, then the rest."""
        yield from self._listing(known, Urgency.POLL)
        yield from self._flags.closed(known, horizon)
        yield from self._rest_of_details(known)

    def fetch(self, refs: Sequence[Ref], known: Known, urgency: Urgency) -> Iterator[Batch]:
        """These things in full."""
        flags = [ref for ref in refs if ref.kind is Kind.FLAG]
        yield from self._details.batches(flags, known, urgency)

    def same_server(self, anchors: Sequence[tuple[Ref, datetime]]) -> bool:
        """Do known posts still have their times?"""
        return True

    def _listing(self, known: Known, urgency: Urgency) -> Iterator[Batch]:
        """All open and in-progress rows, then what stands in the mirror as pending and is listed no more."""
        started = self._context.now().isoformat()
        news = FlagNews()
        yield from self._flags.pending(known, news, urgency)
        yield from self._details.batches(known.undetailed(FIRST_SCREEN), known, urgency, frozenset(news.seen))
        yield from self._details.batches(absent(known, news.seen), known, urgency)
        yield Batch((), {"flags.listed": started})

    def _rest_of_details(self, known: Known) -> Iterator[Batch]:
        """Details of all pending flags, in the mirror's order, until none is left or none can be read."""
        tried: set[Ref] = set()
        while fresh := [ref for ref in known.undetailed(200) if ref not in tried]:
            tried.update(fresh)
            yield from self._details.batches(fresh, known, Urgency.BACKGROUND, frozenset(fresh))

    def _due(self, known: Known, cursor: str) -> bool:
        at = known.cursor(cursor)
        return at is None or self._context.now() - datetime.fromisoformat(at) > LISTING_EVERY
