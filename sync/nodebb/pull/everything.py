"""The order in which a community is read: what a moderator needs first comes first."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.records import Batch
from sync.connector import Known, Urgency
from sync.nodebb.context import Context
from sync.nodebb.ids import thread_of_line
from sync.nodebb.pull.details import GROUP, FlagDetails
from sync.nodebb.pull.flags import FlagLists, FlagNews, absent
from sync.nodebb.pull.following import Following
from sync.nodebb.pull.forums import Forums, moderators_read
from sync.nodebb.pull.heads import Heads
from sync.nodebb.pull.held import LAST, HeldPosts
from sync.nodebb.pull.notifications import Notifications
from sync.nodebb.pull.single import Singles
from sync.nodebb.pull.threads import Threads
from sync.parts.times import in_ms

LISTING_EVERY = timedelta(hours=1)
FIRST_SCREEN = 40
LISTED = "flags.listed"
_MANY, _FLAGS_A_PAGE = 4000, 4
"""A page of a forum's topics is worth reading for every four flags that wait for their detail."""
FORUMS_READ = "forums.read"


class Pull:
    """Poll, catch-up and fetch, put together from the parts beside this module."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._flags = FlagLists(context)
        self._details = FlagDetails(context)
        self._forums = Forums(context)
        self._following = Following(context)
        self._held = HeldPosts(context)
        self._threads = Threads(context)
        self._heads = Heads(context, self._threads)
        self._notifications = Notifications(context)
        self._singles = Singles(context)

    def poll(self, known: Known) -> Iterator[Batch]:
        """Seven requests when nothing is new (eight where the account ignores forums), the hourly listing apart."""
        if self._due(known, LISTED):
            yield from self._listing(known)
        news = FlagNews.left_over(known, self._context.names)
        held_news = yield from self._notifications.watch(known, news)
        yield from self._flags.watch(known, news)
        yield from self._read_news(news, known)
        yield from self._held.watch(known, again=held_news)
        if self._due(known, FORUMS_READ):
            yield from self._read_forums(known)
        yield from self._threads.recent(known)
        yield from self._threads.ignored(known)

    def catch_up(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Queue rows, the first screen, held posts, forums; then all pending details, all threads, closed rows, staff.

        Within an hour of the last listing the held posts are left to the poll that follows.
        """
        self._check_may_moderate()
        due = self._due(known, LISTED)
        if due:
            yield from self._listing(known)
        if due or known.cursor(LAST) is None:
            yield from self._held.walk(known, Urgency.POLL)
        if self._due(known, FORUMS_READ):
            yield from self._read_forums(known)
        yield from self._rest_of_details(known, horizon)
        yield from self._threads.walk(known, horizon)
        reported = list(self._details.threads)
        yield from self._threads.unread(reported, known)
        self._details.seen(reported)
        yield from self._flags.closed(known, horizon)
        yield from self._threads.stale(known, horizon)
        yield from self._following.staff(known, moderators_read(known))

    def look_again(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Heads of all threads, for what no feed reports."""
        yield from self._heads.again(known, horizon)

    def fetch(self, refs: Sequence[Ref], known: Known, urgency: Urgency) -> Iterator[Batch]:
        """These things in full, in the order flags, held posts, threads, posts, members, forums."""
        by_kind: dict[Kind, list[Ref]] = {}
        named = (thread_of_line(ref) or ref if ref.kind is Kind.POST else ref for ref in refs)
        for ref in dict.fromkeys(named):
            by_kind.setdefault(ref.kind, []).append(ref)
        yield from self._details.batches(by_kind.get(Kind.FLAG, []), known, urgency)
        yield from self._held.fetch(by_kind.get(Kind.HELD, []), urgency)
        yield from self._threads.whole(by_kind.get(Kind.THREAD, []), known, urgency)
        yield from self._singles.posts(by_kind.get(Kind.POST, []), urgency)
        yield from self._singles.members(by_kind.get(Kind.MEMBER, []), urgency)
        if Kind.FORUM in by_kind:
            yield from self._forums.batch(known, urgency)

    def same_server(self, anchors: Sequence[tuple[Ref, datetime]]) -> bool:
        """Do known posts still have their times? Posts that vanished count only when all of several did."""
        vanished, asked = 0, 0
        for ref, at in anchors:
            if thread_of_line(ref) is not None:
                continue
            try:
                post = self._singles.head(ref, Urgency.FLUSH).value
            except NotAllowedError:
                continue
            asked += 1
            if post is None:
                vanished += 1
            elif abs(post.timestamp - in_ms(at)) > 1:
                return False
        return vanished < 2 or vanished < asked

    def _check_may_moderate(self) -> None:
        rights = self._context.rights(Urgency.POLL)
        if not rights.moderates:
            raise NotAllowedError("may_not_moderate", name=rights.identity.name)

    def _listing(self, known: Known) -> Iterator[Batch]:
        """All open and in-progress rows, then what stands in the mirror as pending and is listed no more."""
        started = self._context.now().isoformat()
        news = FlagNews.left_over(known, self._context.names)
        yield from self._flags.pending(known, news, Urgency.POLL)
        yield from self._details.batches(known.undetailed(FIRST_SCREEN), known, Urgency.POLL, frozenset(news.seen))
        news.add(absent(known, news.seen))
        yield from self._read_news(news, known)
        yield Batch((), {LISTED: started})

    def _read_news(self, news: FlagNews, known: Known) -> Iterator[Batch]:
        """Details of what changed; what is left to do is saved with every batch."""
        done = 0
        for batch in self._details.batches(news.changed, known, Urgency.POLL):
            done += GROUP
            yield replace(batch, cursors={**batch.cursors, **news.cursor(done)})

    def _read_forums(self, known: Known) -> Iterator[Batch]:
        started = self._context.now().isoformat()
        yield from self._forums.batch(known, Urgency.POLL)
        yield Batch((), {FORUMS_READ: started})

    def _rest_of_details(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Details of all pending flags, in the mirror's order, until none is left or none can be read."""
        self._threads.learn_heads(known, horizon, len(known.undetailed(_MANY)) // _FLAGS_A_PAGE)
        tried: set[Ref] = set()
        while fresh := [ref for ref in known.undetailed(200 + len(tried)) if ref not in tried]:
            tried.update(fresh)
            yield from self._details.batches(fresh, known, Urgency.BACKGROUND, frozenset(fresh))

    def _due(self, known: Known, cursor: str) -> bool:
        at = known.cursor(cursor)
        return at is None or not (timedelta() <= self._context.now() - datetime.fromisoformat(at) < LISTING_EVERY)
