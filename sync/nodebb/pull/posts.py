"""Posts of topics: all pages, or only those that came after what is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from moderation.content import Member, Post
from moderation.errors import NotAllowedError, PayloadError, SignInError
from moderation.ids import Kind, Ref
from moderation.records import Batch, Records
from sync.connector import Known, ThreadFacts, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decode import dated
from sync.nodebb.decode_content import permitted_in_thread
from sync.nodebb.decoders import CATEGORY_ANSWER, POST, POST_ANSWER, TOPIC_PAGE
from sync.nodebb.ids import in_path
from sync.nodebb.payloads import PostP, TopicPageP, UserP
from sync.nodebb.pull.forums import public_forums, reader_for
from sync.nodebb.pull.trail import trail
from sync.nodebb.reading import Reader, set_aside

PLACEHOLDER = "[[topic:post-is-deleted"
"""What those who may not see a hidden post get instead of its text."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thread to read: its forum where it is known, and what the mirror has of it."""

    ref: Ref
    forum: Ref | None = None
    facts: ThreadFacts | None = None
    posts: int = 0


class ThreadPosts:
    """Reads threads with their posts, several threads at once, long ones page by page."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def batches(self, wanted: Sequence[Wanted], known: Known, urgency: Urgency) -> Iterator[Batch]:
        """Each thread in the order asked, a batch a page; ``complete`` is set on the last page."""
        public = public_forums(known)
        firsts = self._context.together(lambda one: self._first(one, public, urgency), wanted)
        for one, first in zip(wanted, firsts, strict=True):
            yield from self._thread(one, first, urgency)

    def whole(self, ref: Ref, urgency: Urgency) -> Iterator[Batch]:
        """A thread from its first page to its last as this account reads it, hidden posts too; nothing where it may
        not.
        """
        yield from self._thread(Wanted(ref), self._open(self._context.reader, ref, 1, urgency), urgency)

    def _first(self, one: Wanted, public: frozenset[Ref], urgency: Urgency) -> "_Opened":
        """Open a thread where its news begin; at its start when that page is not where it was thought to be."""
        reader = reader_for(self._context, public, one.forum, urgency)
        page = first_page(one)
        if page > 1:
            opened = self._open(reader, one.ref, page, urgency)
            if opened.topic is not None and _continues(opened.topic, one):
                return opened
        opened = self._open(reader, one.ref, 1, urgency)
        if opened.topic is None and opened.problem is None and reader is self._context.guest:
            return self._open(self._context.reader, one.ref, 1, urgency)
        return opened

    def _open(self, reader: Reader, ref: Ref, page: int, urgency: Urgency) -> "_Opened":
        path = endpoints.topic_page(in_path(ref), page)
        try:
            read = reader.find(path, TOPIC_PAGE, urgency)
            if read.value is not None:
                dated(read.value)
        except (NotAllowedError, SignInError):
            if reader is self._context.reader:
                self._context.identity.still_me(urgency)
            return _Opened(reader, page)
        except PayloadError as error:
            return _Opened(reader, page, problem=f"{error.facts['endpoint'] or path} {error.facts['field']}")
        return _Opened(reader, page, read.value, read.seq, read.endpoint, missing=read.value is None)

    def _thread(self, one: Wanted, opened: "_Opened", urgency: Urgency) -> Iterator[Batch]:
        if opened.missing and not self._switched_off(one.forum, urgency):
            yield Batch((Records(opened.seq, gone=(one.ref,)),), {})
        rest = self._rest(one, opened, urgency)
        while opened.topic is not None:
            last = opened.page >= opened.topic.pagination.pageCount
            yield self._batch(opened, opened.topic, last=last)
            if last:
                return
            opened = next(rest, None) or self._open(opened.reader, one.ref, opened.page + 1, urgency)
        if opened.problem is not None:
            yield Batch((), {}, (opened.problem,))

    def _switched_off(self, forum: Ref | None, urgency: Urgency) -> bool:
        """True for a category that an administrator has disabled: 404 for all that is in it, which is there as ever."""
        if forum is None:
            return False
        try:
            read = self._context.reader.find(endpoints.category_head(in_path(forum)), CATEGORY_ANSWER, urgency)
        except (NotAllowedError, PayloadError):
            return True
        return read.value is not None and read.value.response.disabled

    def _rest(self, one: Wanted, first: "_Opened", urgency: Urgency) -> Iterator["_Opened"]:
        """The pages that follow, several at once; a thread that grew meanwhile has more."""
        count = first.topic.pagination.pageCount if first.topic is not None else 0
        pages = range(first.page + 1, count + 1)
        return self._context.together(lambda page: self._open(first.reader, one.ref, page, urgency), pages)

    def _batch(self, opened: "_Opened", topic: TopicPageP, *, last: bool) -> Batch:
        own = opened.reader is self._context.reader
        self._context.note_head(topic)
        forum, raws = self._context.names.maybe(Kind.FORUM, topic.cid), list[PostP]()

        def fits(one: PostP) -> Post:
            position = one.index if one.index is not None else len(raws)
            post = self._context.decode.post(one, forum=forum, position=position)
            raws.append(one)
            return post

        posts, problems = set_aside(topic.posts, POST, fits, opened.endpoint)
        thread = self._context.decode.thread(
            topic, complete=last and not problems, permitted=permitted_in_thread(topic.privileges) if own else None
        )
        shown = tuple(post if own else self._unveiled(post) for post in posts)
        members = tuple(people(self._context, [one.user for one in raws]))
        events = trail(self._context, thread.id, raws)
        records = Records(opened.seq, threads=(thread,), posts=shown, members=members, events=events)
        return Batch((records,), {}, tuple(problems))

    def _unveiled(self, post: Post) -> Post:
        """A hidden post with its text, which visitors do not get and moderators do."""
        if not (post.hidden and post.body_html.startswith(PLACEHOLDER)) or not self._context.rights().moderates:
            return post
        try:
            read = self._context.reader.find(endpoints.post(in_path(post.id)), POST_ANSWER, Urgency.BACKGROUND)
        except (NotAllowedError, PayloadError):
            return post
        text = read.value.response.content if read.value is not None else None
        return replace(post, body=text, body_html="") if text is not None else post


@dataclass(frozen=True, slots=True)
class _Opened:
    """A page of a topic: ``topic`` is ``None`` when it is missing, may not be read, or does not fit."""

    reader: Reader
    page: int
    topic: TopicPageP | None = None
    seq: int = 0
    endpoint: str = ""
    missing: bool = False
    problem: str | None = None


def _continues(topic: TopicPageP, one: Wanted) -> bool:
    """True when the page begins no later than what is known ends (page sizes are a setting of the account)."""
    first, _ = set_aside(topic.posts[:1], POST, lambda post: post.index, "")
    return bool(first) and one.facts is not None and first[0] <= one.facts.post_count


def first_page(one: Wanted) -> int:
    """Where to start: behind what is known when all of that was read and only more was added, else at the start."""
    facts = one.facts
    if facts is None or not facts.complete or facts.stored_posts != facts.post_count or one.posts <= facts.post_count:
        return 1
    return facts.post_count // 20 + 1


def people(context: Context, users: Sequence[UserP | None]) -> Iterator[Member]:
    """Members behind bylines, each once; guests and system users left out."""
    seen: set[str] = set()
    for user in users:
        if user is None or str(user.uid) in seen or context.names.member(user.uid) is None:
            continue
        seen.add(str(user.uid))
        yield context.decode.member(user)
