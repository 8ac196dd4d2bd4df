"""Threads in full: the first twenty posts with the head, the rest by their ids, twenty a request.

A thread of thousands of posts is read a bit at a time: its newest posts at once, the others from the beginning, and how
far that came is a cursor.
"""

from collections.abc import Iterator, Sequence

from moderation.content import Thread
from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Kind, Ref
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decode_content import shown
from sync.discourse.decoders import POST, TOPIC_PAGE, TOPIC_POSTS
from sync.discourse.payloads import PostP, TopicPageP, UserP
from sync.discourse.reading import set_aside
from sync.parts.answers import Read

CHUNK = 20
MOST_CHUNKS = 25


class Threads:
    """Reads threads by id."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def whole(self, refs: Sequence[Ref], known: Known, urgency: Urgency, most: int = MOST_CHUNKS) -> Iterator[Batch]:
        """Each thread with its posts, at most ``most`` chunks of a long one at a time; a vanished one in ``gone``."""
        for ref in refs:
            try:
                yield from self._thread(ref, known, urgency, most)
            except NotAllowedError:
                continue
            except PayloadError as error:
                yield Batch((), {}, (f"{error.facts['endpoint']} {error.facts['field']}",))

    def head(self, ref: Ref, urgency: Urgency, *, raw: bool = False) -> Read[TopicPageP | None]:
        """A thread's head with its first posts; its value is ``None`` when it is not there."""
        return self._context.reader.find(endpoints.topic(ref.native, raw=raw), TOPIC_PAGE, urgency)

    def posts(self, ref: Ref, ids: Sequence[int], urgency: Urgency) -> tuple[list[PostP], int, list[str]]:
        """Posts of a thread by id, twenty at the most; the number of the request; what did not fit."""
        path = endpoints.topic_posts(ref.native, [str(one) for one in ids])
        read = self._context.reader.find(path, TOPIC_POSTS, urgency)
        if read.value is None:
            return [], read.seq, []
        found, problems = set_aside(read.value.post_stream.posts, POST, lambda one: one, read.endpoint)
        return found, read.seq, problems

    def records(self, page: TopicPageP, posts: Sequence[PostP], seq: int, *, complete: bool | None = None) -> Records:
        """A thread's head and these posts of it; ``complete`` ``None``: only posts."""
        names = self._context.names
        forum = names.forum(page.category_id, page.archetype)
        thread = names.ref(Kind.THREAD, page.id)
        numbers = {post.post_number: post.id for post in posts}
        kept = tuple(
            self._context.decode.post(
                post, forum=forum, thread=thread, reply_to=numbers.get(post.reply_to_post_number or 0)
            )
            for post in posts
            if shown(post)
        )
        members = self._context.members(_authors(page, posts))
        threads = () if complete is None else (self._head(page, complete),)
        return Records(seq, threads=threads, posts=kept, members=members)

    def head_record(self, page: TopicPageP, seq: int) -> Records:
        """A thread's head alone. It counts as complete where its first posts are all."""
        first = {post.id for post in set_aside(page.post_stream.posts, POST, lambda one: one, "")[0]}
        return self.records(page, (), seq, complete=set(page.post_stream.stream) <= first)

    def _head(self, page: TopicPageP, complete: bool) -> Thread:
        stream = page.post_stream.stream
        first = stream[0] if stream else None
        return self._context.decode.thread(page, author=page.details.created_by, first_post=first, complete=complete)

    def _thread(self, ref: Ref, known: Known, urgency: Urgency, most: int) -> Iterator[Batch]:
        read = self.head(ref, urgency, raw=True)
        page = read.value
        if page is None:
            yield Batch((Records(read.seq, gone=(ref,)),), {})
            return
        first, problems = set_aside(page.post_stream.posts, POST, lambda one: one, read.endpoint)
        stream = page.post_stream.stream or [post.id for post in first]
        rest = stream[len(first) :] if [post.id for post in first] == stream[: len(first)] else stream
        facts = known.threads([ref]).get(ref)
        whole = not rest or (facts is not None and facts.complete and facts.post_count == page.posts_count)
        yield Batch((self.records(page, first, read.seq, complete=whole),), {}, tuple(problems))
        if rest:
            yield from self._rest(ref, page, rest, known, urgency, most)

    def _rest(
        self, ref: Ref, page: TopicPageP, rest: Sequence[int], known: Known, urgency: Urgency, most: int
    ) -> Iterator[Batch]:
        """The other posts. A long thread gives its newest ones first, then goes on where it was left; of one that was
        read whole before, only its end is read.
        """
        cursor = f"chunks.{ref.native}"
        chunks = [rest[start : start + CHUNK] for start in range(0, len(rest), CHUNK)]
        long = len(chunks) > most
        done = self._done(ref, known, cursor) if long else 0
        if long:
            yield self._chunk(ref, page, rest[-CHUNK:], urgency)
        for number in range(min(done, len(chunks) - 1), min(len(chunks), done + most)):
            complete = number == len(chunks) - 1
            batch = self._chunk(ref, page, chunks[number], urgency, complete=complete or None)
            kept = None if complete else str(number + 1)
            yield Batch(batch.records, {cursor: kept} if long else {}, batch.problems)

    def _done(self, ref: Ref, known: Known, cursor: str) -> int:
        """How many of the chunks of a long thread need not be read again."""
        left = known.cursor(cursor)
        facts = known.threads([ref]).get(ref)
        if left is None and facts is not None and facts.complete:
            return max(0, facts.stored_posts // CHUNK - 2)
        return _number(left)

    def _chunk(
        self, ref: Ref, page: TopicPageP, ids: Sequence[int], urgency: Urgency, *, complete: bool | None = None
    ) -> Batch:
        posts, seq, problems = self.posts(ref, ids, urgency)
        return Batch((self.records(page, posts, seq, complete=complete),), {}, tuple(problems))


def _number(cursor: str | None) -> int:
    return int(cursor) if cursor is not None and cursor.isdigit() else 0


def _authors(page: TopicPageP, posts: Sequence[PostP]) -> list[UserP]:
    found = [UserP(post.user_id, post.username, post.name) for post in posts if post.user_id is not None]
    return [*found, page.details.created_by] if page.details.created_by is not None else found
