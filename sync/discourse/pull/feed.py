"""The public posts of the whole community, newest first, fifty a request, and the heads of their threads, thirty a
request: far cheaper than reading thread by thread.

A thread is complete when as many of its posts are stored as its head says; only the others are read by themselves.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from moderation.ids import Kind, Ref
from moderation.records import Batch, Records
from sync.connector import Known, ThreadFacts, Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decode import maybe_utc, utc
from sync.discourse.decode_content import counted, opener, shown
from sync.discourse.decoders import FEED, POST, TOPIC, TOPICS, USER
from sync.discourse.payloads import PostP, TopicP, UserP
from sync.discourse.pull.forums import muted_forums
from sync.discourse.pull.threads import Threads
from sync.discourse.reading import set_aside

NEWEST = "feed.newest"
BEFORE = "feed.before"
WALKED = "threads.walk"
_MOST_PAGES = 5
_MOST_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class _Posts:
    seq: int
    posts: list[PostP]
    users: list[UserP]
    problems: tuple[str, ...]

    @property
    def lowest(self) -> int:
        return min((post.id for post in self.posts), default=0)

    @property
    def highest(self) -> int:
        return max((post.id for post in self.posts), default=0)


@dataclass(frozen=True, slots=True)
class TopicList:
    """A page of a list of topics."""

    seq: int
    topics: list[TopicP]
    users: dict[int, UserP]
    problems: tuple[str, ...]
    last: bool


class Feed:
    """Walks the posts and the heads down to the horizon, and reads what came since."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._threads = Threads(context)

    def walk(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Posts down to the horizon, then heads, page by page; resumable after each."""
        yield from self._walk_posts(known, horizon)
        yield from self._walk_heads(known, horizon)

    def recent(self, known: Known, urgency: Urgency) -> Iterator[Batch]:
        """Posts since the last time and the heads that changed; two requests when there is little news."""
        until = int(known.cursor(NEWEST) or 0)
        pages = list(self._new_posts(until, urgency))
        posts = [post for page in pages for post in page.posts]
        news: dict[str, int] = {}
        for post in posts:
            news[str(post.topic_id)] = news.get(str(post.topic_id), 0) + counted(post)
        heads, unread, problems = self._changed_heads(known, news, urgency)
        records = [self._post_records(page) for page in pages if page.posts]
        newest = max([until, *(page.highest for page in pages)])
        found = (*problems, *(problem for page in pages for problem in page.problems))
        cursors: dict[str, str | None] = {NEWEST: str(newest)}
        if until and len(pages) == _MOST_PAGES and pages[-1].lowest > until:
            cursors |= {BEFORE: None, WALKED: None}  # away for long: what lies between is walked through again
        if records or heads or found:
            yield Batch((*records, *heads), cursors, found)
        yield from self._threads.whole(unread, known, urgency)

    def _walk_posts(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        at = known.cursor(BEFORE)
        kind, _, rest = (at or "").partition(":")
        before = rest if kind == "id" else None
        if kind == "done" and datetime.fromisoformat(rest) <= horizon:
            return
        while self._context.patient():
            page = self._page(before, Urgency.BACKGROUND)
            done = page.lowest <= 1 or all(utc(post.created_at) < horizon for post in page.posts)
            done = done or (before is not None and page.lowest >= int(before))  # the post itself again, and no more
            cursors: dict[str, str | None] = {BEFORE: f"done:{horizon.isoformat()}" if done else f"id:{page.lowest}"}
            if before is None and known.cursor(NEWEST) is None:
                cursors[NEWEST] = str(page.highest)
            yield Batch((self._post_records(page),), cursors, page.problems)
            if done:
                return
            before = str(page.lowest)

    def _walk_heads(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Heads by activity, then those of muted categories; what is not complete with the posts of the feed is read by
        itself.
        """
        for category in ("", *muted_forums(known)):
            whole = yield from self._walk_list(known, horizon, category)
            if not whole:
                return
        yield Batch((), {}, complete_since=horizon)

    def _walk_list(self, known: Known, horizon: datetime, category: str) -> Generator[Batch, None, bool]:
        """One list down to the horizon, resumable after each page; true once it was walked."""
        cursor = f"{WALKED}.{category.rpartition('/')[2]}" if category else WALKED
        kind, _, rest = (known.cursor(cursor) or "").partition(":")
        if kind == "done" and datetime.fromisoformat(rest) <= horizon:
            return True
        page, done = (int(rest) if kind == "page" and rest.isdigit() else 0), False
        while not done:
            if not self._context.patient() or not (known.cursor(BEFORE) or "").startswith("done:"):
                return False
            found = self.heads(page, Urgency.BACKGROUND, category)
            done = found.last or beyond(found.topics, horizon)
            yield from self._store(found, known, horizon)
            page += 1
            yield Batch((), {cursor: f"done:{horizon.isoformat()}" if done else f"page:{page}"})
        return True

    def _store(self, found: TopicList, known: Known, horizon: datetime) -> Iterator[Batch]:
        """The heads of a page, then the completeness of each, for which the mirror must know them."""
        wanted = [topic for topic in found.topics if _active(topic) >= horizon]
        refs = [self._ref(topic) for topic in wanted]
        facts = known.threads(refs)
        news = [topic for topic in wanted if _differs(topic, facts.get(self._ref(topic)))]
        if news or found.problems:
            yield Batch((self._head_records(found, news, False),), {}, found.problems)
        stored = known.threads(refs)
        whole = [topic for topic in wanted if _holds_all(topic, stored.get(self._ref(topic)))]
        completed = [topic for topic in whole if not stored[self._ref(topic)].complete]
        if completed:
            yield Batch((self._head_records(found, completed, True),), {})
        lacking = [ref for ref in refs if ref not in stored or not stored[ref].complete]
        lacking = [ref for ref in lacking if ref not in {self._ref(topic) for topic in completed}]
        for ref in lacking:
            if not self._context.patient():
                return
            yield from self._threads.whole([ref], known, Urgency.BACKGROUND)

    def _new_posts(self, until: int, urgency: Urgency) -> Iterator[_Posts]:
        """Pages of posts that are newer than that, some pages at the most."""
        before: str | None = None
        for _ in range(_MOST_PAGES):
            page = self._page(before, urgency)
            fresh = [post for post in page.posts if post.id > until]
            yield _Posts(page.seq, fresh, page.users, page.problems)
            if not fresh or len(fresh) < len(page.posts) or not until:
                return
            before = str(page.lowest)

    def _changed_heads(
        self, known: Known, news: dict[str, int], urgency: Urgency
    ) -> tuple[list[Records], list[Ref], list[str]]:
        """Heads that say something new, and threads that have to be read by themselves, some at a time: those whose
        posts are not all there, and those with new posts that the list leaves out (a muted category's).
        """
        records: list[Records] = []
        unread: list[Ref] = []
        problems: list[str] = []
        listed: set[str] = set()
        for number in range(_MOST_PAGES):
            found = self.heads(number, urgency)
            facts = known.threads([self._ref(topic) for topic in found.topics])
            changed = [topic for topic in found.topics if _differs(topic, facts.get(self._ref(topic)))]
            whole = [topic for topic in changed if self._is_whole(topic, facts, news)]
            records += [self._head_records(found, whole, True)] if whole else []
            unread += [self._ref(topic) for topic in changed if topic not in whole]
            problems += found.problems
            listed.update(str(topic.id) for topic in found.topics)
            if found.last or len(changed) < sum(not _on_top(topic) for topic in found.topics):
                break
        unread += [self._context.names.ref(Kind.THREAD, native) for native in news if native not in listed]
        return records, unread[:_MOST_AT_ONCE], problems

    def _is_whole(self, topic: TopicP, facts: dict[Ref, ThreadFacts], news: dict[str, int]) -> bool:
        """True when the posts that are stored and those of the feed are all that the head counts."""
        known = facts.get(self._ref(topic))
        new = news.get(str(topic.id), 0)
        if known is None:
            return new == topic.posts_count
        return known.complete and known.stored_posts + new == topic.posts_count

    def _page(self, before: str | None, urgency: Urgency) -> _Posts:
        read = self._context.reader.get(endpoints.posts_before(before), FEED, urgency)
        posts, problems = set_aside(read.value.rows, POST, lambda one: one, read.endpoint)
        users = [UserP(post.user_id, post.username, post.name) for post in posts if post.user_id is not None]
        return _Posts(read.seq, posts, users, tuple(problems))

    def _post_records(self, page: _Posts) -> Records:
        names, decode = self._context.names, self._context.decode
        kept = tuple(decode.post(post, forum=names.maybe(Kind.FORUM, post.category_id)) for post in page.posts
                     if shown(post))  # fmt: skip
        return Records(page.seq, posts=kept, members=self._context.members(page.users))

    def heads(self, page: int, urgency: Urgency, category: str = "") -> TopicList:
        """A page of topics by activity, of the whole community or of a category (``slug/id``)."""
        path = endpoints.latest_of(category, page) if category else endpoints.latest(page, "activity")
        read = self._context.reader.get(path, TOPICS, urgency)
        topics, problems = set_aside(read.value.topic_list.topics, TOPIC, lambda one: one, read.endpoint)
        users, _ = set_aside(read.value.users, USER, lambda one: one, read.endpoint)
        last = read.value.topic_list.more_topics_url is None or not topics
        return TopicList(read.seq, topics, {user.id: user for user in users}, tuple(problems), last)

    def _head_records(self, found: TopicList, topics: Iterable[TopicP], complete: bool) -> Records:
        threads = tuple(
            self._context.decode.thread(topic, author=found.users.get(opener(topic) or 0), complete=complete)
            for topic in topics
        )
        return Records(found.seq, threads=threads, members=self._context.members(found.users.values()))

    def _ref(self, topic: TopicP) -> Ref:
        return self._context.names.ref(Kind.THREAD, topic.id)


def _active(topic: TopicP) -> datetime:
    return utc(topic.bumped_at or topic.last_posted_at or topic.created_at)


def _on_top(topic: TopicP) -> bool:
    return topic.pinned or topic.pinned_globally


def beyond(topics: Sequence[TopicP], horizon: datetime) -> bool:
    """True for a whole page older than the horizon; pinned topics stand on top whatever their age."""
    loose = [topic for topic in topics if not _on_top(topic)]
    return bool(loose) and all(_active(topic) < horizon for topic in loose)


def _differs(topic: TopicP, facts: ThreadFacts | None) -> bool:
    """True when a list says anything of a topic that the mirror does not."""
    if facts is None:
        return True
    return (facts.last_post_at, facts.post_count) != (maybe_utc(topic.last_posted_at), topic.posts_count)


def _holds_all(topic: TopicP, facts: ThreadFacts | None) -> bool:
    return facts is not None and (facts.complete or facts.stored_posts >= topic.posts_count)
