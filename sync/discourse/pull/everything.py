"""The order in which a community is read, within what its limits leave: what a moderator needs first comes first."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.records import Batch
from sync.connector import Heard, Known, Urgency
from sync.discourse.context import Context
from sync.discourse.decode import utc
from sync.discourse.pull.bus import Hints
from sync.discourse.pull.feed import Feed
from sync.discourse.pull.forums import Forums
from sync.discourse.pull.heads import Heads
from sync.discourse.pull.heard import Hinted
from sync.discourse.pull.messages import Messages
from sync.discourse.pull.people import People
from sync.discourse.pull.queue import COUNTED, ReviewQueue
from sync.discourse.pull.single import Posts
from sync.discourse.pull.staff import StaffFollowing
from sync.discourse.pull.threads import CHUNKS, Threads, unfinished
from sync.http import PlannedBudget
from sync.parts.revisits import Revisits

LOOKED_EVERY = timedelta(minutes=10)
FORUMS_EVERY = timedelta(hours=6)
MESSAGES_EVERY = timedelta(minutes=30)
KEPT_EVERY = timedelta(minutes=10)
POLL_IN_A_WALK = timedelta(minutes=1)
QUIET_AFTER = timedelta(minutes=20)
POLL_OF_SITE, POLL_OF_MEMBER, POLL_WHEN_SCARCE = 20.0, 60.0, 100.0
LOOKED, FORUMS_READ, MESSAGES_READ, SPENT, KEPT = (
    "poll.looked", "forums.read", "messages.read", "budget.spent", "budget.kept",
)  # fmt: skip
_STALE_AT_ONCE = 10
_READINGS_A_WALK = 3
_PAGES_AT_A_HINT = 3


class Pull:
    """Poll, catch-up and fetch, put together from the parts beside this module."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._queue = ReviewQueue(context)
        self._forums = Forums(context)
        self._feed = Feed(context)
        self._heads = Heads(context, self._feed)
        self._threads = Threads(context)
        self._messages = Messages(context)
        self._posts = Posts(context)
        self._people = People(context)
        self._staff = StaffFollowing(context)
        self._hints = Hints(context)
        self._hinted = Hinted(context)
        self._revisits = Revisits(_STALE_AT_ONCE)
        self._recalled = False
        self._news_at: datetime | None = None

    def poll(self, known: Known) -> Iterator[Batch]:
        """One request when nothing is new; none where the plan of the day has none left for this."""
        self._recall(known)
        if not self._context.budget.may(Urgency.POLL):
            return
        count = self._queue.count(Urgency.POLL)
        due = self._due(known, LOOKED, LOOKED_EVERY * (2 if self._context.scarce else 1))
        news = known.cursor(COUNTED) != str(count)
        if news or self._news_at is None:
            self._news_at = self._context.now()
        if due or news:
            yield from self._look(known, count, threads=due or not self._context.scarce)
        yield from self._keep(known)

    def catch_up(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Queue with forums, posts, threads, messages, decided items, staff; polls in between where that takes long."""
        self._recall(known)
        self._check_may_moderate()
        polled = self._context.now()
        for part in self._parts(known, horizon):
            for batch in part():
                yield batch
                if self._context.now() - polled >= POLL_IN_A_WALK:
                    yield from self.poll(known)
                    polled = self._context.now()
        yield from self._keep(known)

    def look_again(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Heads of all threads, for what no feed reports, as far as the limits leave it."""
        yield from self._heads.again(known, horizon)

    def heard(self, heard: Heard, known: Known) -> Iterator[Batch]:
        """What the message bus hinted at."""
        self._recall(known)
        yield from self._hinted.read(heard, known, lambda: self._queue_now(known))

    def fetch(self, refs: Sequence[Ref], known: Known, urgency: Urgency) -> Iterator[Batch]:
        """These things in full, in the order items, threads, posts, members, forums."""
        by_kind: dict[Kind, list[Ref]] = {}
        for ref in dict.fromkeys(refs):
            by_kind.setdefault(ref.kind, []).append(ref)
        yield from self._queue.fetch(by_kind.get(Kind.REVIEW, []), urgency)
        yield from self._threads.whole(by_kind.get(Kind.THREAD, []), known, urgency)
        yield from self._posts.fetch(by_kind.get(Kind.POST, []), urgency)
        yield from self._people.fetch(by_kind.get(Kind.MEMBER, []), urgency)
        if Kind.FORUM in by_kind:
            yield from self._forums.batch(known, urgency)

    def same_server(self, anchors: Sequence[tuple[Ref, datetime]]) -> bool:
        """Do known posts still have their times? Two that do are enough; posts that vanished count only when all of
        several did.
        """
        asked = same = 0
        for ref, at in anchors:
            try:
                post = self._posts.one(ref, Urgency.FLUSH).value
            except NotAllowedError:
                continue
            asked += 1
            if post is not None and abs((utc(post.created_at) - at).total_seconds()) > 0.001:
                return False
            same += post is not None
            if same >= 2:
                return True
        return same > 0 or asked < 2

    def poll_pause(self) -> float:
        """Seconds between polls: what an even day allows; more where it is quiet, less for a key without such a day."""
        if self._context.is_admin_key:
            return POLL_OF_SITE
        pause = POLL_WHEN_SCARCE if self._context.scarce else POLL_OF_MEMBER
        quiet = self._news_at is None or self._context.now() - self._news_at > QUIET_AFTER
        return pause * 2 if quiet else pause

    def _parts(self, known: Known, horizon: datetime) -> Iterator[Callable[[], Iterator[Batch]]]:
        yield lambda: self._read_queue(known)
        yield lambda: self._feed.walk(known, horizon)
        yield lambda: self._read_messages(known, horizon)
        yield lambda: self._queue.closed(known, horizon)
        yield lambda: self._long_threads(known)
        yield lambda: self._stale(known, horizon)
        yield lambda: self._staff.read(known)

    def _look(self, known: Known, count: int, *, threads: bool) -> Iterator[Batch]:
        """What changed in the queue, then in the threads."""
        started = self._context.now().isoformat()
        if self._queue.is_long(known, count):
            yield from self._queue.fetch(self._hints.changed(Urgency.POLL), Urgency.POLL)
        if threads or not self._queue.agrees(known, count):
            yield from self._queue.newest(known, Urgency.POLL)
        if self._queue.lacks(known, count):
            yield from self._queue.listing(known, Urgency.POLL)
        if threads:
            yield from self._feed.recent(known, Urgency.POLL)
        cursors: dict[str, str | None] = {LOOKED: started} if threads else {}
        yield Batch((), {COUNTED: str(count), **cursors})

    def _queue_now(self, known: Known) -> Iterator[Batch]:
        """What is newest in the queue, where its count is another: the next poll still finds the rest."""
        count = self._queue.count(Urgency.POLL)
        if known.cursor(COUNTED) == str(count):
            return
        self._news_at = self._context.now()
        yield from islice(self._queue.newest(known, Urgency.POLL), _PAGES_AT_A_HINT)
        if self._queue.agrees(known, count):
            yield Batch((), {COUNTED: str(count)})

    def _read_queue(self, known: Known) -> Iterator[Batch]:
        """The first page is a screen to work with; the forums come next, for without them nobody knows who can read
        what its items are about, and the rest of a long queue may take minutes.
        """
        listing = self._queue.listing(known, Urgency.POLL) if self._queue.listing_is_due(known) else iter(())
        yield from islice(listing, 1)
        yield from self._read_forums(known)
        yield from listing

    def _read_forums(self, known: Known) -> Iterator[Batch]:
        if self._due(known, FORUMS_READ, FORUMS_EVERY):
            started = self._context.now().isoformat()
            yield from self._forums.batch(known, Urgency.POLL)
            yield Batch((), {FORUMS_READ: started})

    def _read_messages(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        if self._due(known, MESSAGES_READ, MESSAGES_EVERY):
            started = self._context.now().isoformat()
            yield from self._messages.read(known, horizon, Urgency.BACKGROUND)
            yield Batch((), {MESSAGES_READ: started})

    def _long_threads(self, known: Known) -> Iterator[Batch]:
        """Go on with threads of many posts, some hundred of each: the next walk goes on from there."""
        for native in unfinished(known):
            for _ in range(_READINGS_A_WALK):
                if not self._context.patient() or self._context.scarce:
                    return
                before = known.cursor(f"{CHUNKS}{native}")
                ref = self._context.names.ref(Kind.THREAD, native)
                yield from self._threads.whole([ref], known, Urgency.BACKGROUND)
                if known.cursor(f"{CHUNKS}{native}") in {None, before}:
                    break

    def _stale(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Some threads that were not read for a day: what no feed reports."""
        now, asked = self._context.now(), list[Ref]()
        for ref in self._revisits.due(known, now, horizon):
            if not self._context.patient():
                break
            yield from self._threads.whole([ref], known, Urgency.BACKGROUND)
            asked.append(ref)
        self._revisits.looked_at(asked, known, now, horizon)

    def _check_may_moderate(self) -> None:
        rights = self._context.rights(Urgency.POLL)
        if not rights.moderates:
            raise NotAllowedError("may_not_moderate", name=rights.identity.name)

    def _recall(self, known: Known) -> None:
        """What was sent before a restart counts too."""
        budget = self._context.budget
        if not self._recalled and isinstance(budget, PlannedBudget):
            budget.recall(known.cursor(SPENT) or "")
        self._recalled = True

    def _keep(self, known: Known) -> Iterator[Batch]:
        """Keep what was sent, now and then."""
        budget = self._context.budget
        if isinstance(budget, PlannedBudget) and self._due(known, KEPT, KEPT_EVERY):
            yield Batch((), {SPENT: budget.spent(), KEPT: self._context.now().isoformat()})

    def _due(self, known: Known, cursor: str, every: timedelta) -> bool:
        at = known.cursor(cursor)
        return at is None or not (timedelta() <= self._context.now() - datetime.fromisoformat(at) < every)
