"""Threads in full: the first twenty posts with the head, the rest by their ids, twenty a request.

A thread of thousands of posts is read a bit at a time: its newest posts at once, the others from the beginning, and how
far that came is a cursor.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

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
CHUNKS, UNFINISHED = "chunks.", "threads.unfinished"


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
        deeds = (self._context.decode.event(post, thread) for post in posts)
        events = tuple(event for event in deeds if event is not None)
        return Records(seq, threads=threads, posts=kept, members=members, events=events)

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
            over = {f"{CHUNKS}{ref.native}": None, **self._unfinished(ref, known, True)}
            yield Batch((Records(read.seq, gone=(ref,)),), over if ref.native in unfinished(known) else {})
            return
        first, problems = set_aside(page.post_stream.posts, POST, lambda one: one, read.endpoint)
        stream = page.post_stream.stream or [post.id for post in first]
        rest = stream[len(first) :] if [post.id for post in first] == stream[: len(first)] else stream
        facts = known.threads([ref]).get(ref)
        whole = not rest or (facts is not None and facts.complete and facts.post_count == page.posts_count)
        before = facts.stored_posts if facts is not None and facts.complete else 0
        yield Batch((self.records(page, first, read.seq, complete=whole),), {}, tuple(problems))
        if rest:
            yield from self._rest(ref, page, rest, known, urgency, most, before)

    def _rest(
        self, ref: Ref, page: TopicPageP, rest: Sequence[int], known: Known, urgency: Urgency, most: int, before: int
    ) -> Iterator[Batch]:
        """The other posts. A long thread gives its newest ones first, then goes on where it was left; of one that was
        read whole when it had ``before`` posts, only its end is read.
        """
        cursor = f"{CHUNKS}{ref.native}"
        long = len(rest) > most * CHUNK
        start = _begun(rest, known.cursor(cursor), before) if long else 0
        if long:
            yield self._chunk(ref, page, rest[-CHUNK:], urgency)
        for _ in range(most):
            ids = rest[start : start + CHUNK]
            start += len(ids)
            complete = start >= len(rest)
            batch = self._chunk(ref, page, ids, urgency, complete=complete or None)
            left = {cursor: None if complete else f"{start}:{ids[-1]}"} if long else {}
            yield Batch(
                batch.records, {**left, **self._unfinished(ref, known, complete)} if long else {}, batch.problems
            )
            if complete:
                return

    def _unfinished(self, ref: Ref, known: Known, complete: bool) -> dict[str, str | None]:
        """The long threads that go on in the next walk, kept as one cursor."""
        before = unfinished(known)
        after = [one for one in before if one != ref.native] + ([] if complete else [ref.native])
        return {} if set(after) == set(before) else {UNFINISHED: json.dumps(after)}

    def _chunk(
        self, ref: Ref, page: TopicPageP, ids: Sequence[int], urgency: Urgency, *, complete: bool | None = None
    ) -> Batch:
        """Posts by id. A server may give fewer at a time than were asked for: it is asked again for the others."""
        records, found, left = list[Records](), list[str](), list(ids)
        while left:
            posts, seq, problems = self.posts(ref, left, urgency)
            records.append(self.records(page, posts, seq))
            found += [problem for problem in problems if problem not in found]
            given = {post.id for post in posts}
            if problems or given.isdisjoint(left):
                break
            left = [one for one in left if one not in given]
        if complete is not None:
            records[-1] = replace(records[-1], threads=(self._head(page, complete),))
        return Batch(tuple(records), {}, tuple(found))


def _begun(rest: Sequence[int], cursor: str | None, before: int) -> int:
    """How many posts of a long thread need not be read again: up to the one that was read last, wherever that stands
    now. Where it is gone, everything is read again, so that nothing is left out.
    """
    last = (cursor or "").partition(":")[2]
    if last.isdigit():
        return rest.index(int(last)) + 1 if int(last) in rest[:-1] else 0
    return min(max(0, before - 3 * CHUNK), len(rest) - 1)


def unfinished(known: Known) -> list[str]:
    """Native ids of the long threads of which not all was read yet."""
    return [str(one) for one in json.loads(known.cursor(UNFINISHED) or "[]")]


def _authors(page: TopicPageP, posts: Sequence[PostP]) -> list[UserP]:
    found = [UserP(post.user_id, post.username, post.name) for post in posts if post.user_id is not None]
    return [*found, page.details.created_by] if page.details.created_by is not None else found
