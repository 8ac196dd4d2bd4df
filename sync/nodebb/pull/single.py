"""Single posts and members, asked for by id."""

from collections.abc import Iterator, Sequence

from moderation.errors import NotAllowedError
from moderation.ids import Ref
from moderation.records import Batch, Records
from sync.connector import Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.ids import in_path
from sync.nodebb.payloads import INDEX, POST_ANSWER, TOPIC_ANSWER, USER_ANSWER, PostP


class Singles:
    """Reads posts with the text as typed, and members' profiles."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def posts(self, refs: Sequence[Ref], urgency: Urgency) -> Iterator[Batch]:
        """Each post by itself; one that is not there any more comes back in ``gone``."""
        yield from self._context.together(lambda ref: Batch((self.post(ref, urgency)[1],), {}), refs)

    def head(self, ref: Ref, urgency: Urgency) -> PostP | None:
        """A post as the server has it, ``None`` when it is not there."""
        read = self._context.reader.find(endpoints.post(in_path(ref)), POST_ANSWER, urgency)
        return read.value.response if read.value is not None else None

    def post(self, ref: Ref, urgency: Urgency) -> tuple[PostP | None, Records]:
        """A post as the server has it, and its record."""
        read = self._context.reader.find(endpoints.post(in_path(ref)), POST_ANSWER, urgency)
        if read.value is None:
            return None, Records(read.seq, gone=(ref,))
        post = read.value.response
        index = self._context.reader.find(endpoints.post_index(in_path(ref)), INDEX, urgency)
        position = index.value.response.index if index.value is not None else 0
        forum = self._forum(str(post.tid), urgency) if post.tid else None
        return post, Records(
            read.seq, posts=(self._context.decode.post(post, forum=forum, position=position, raw=True),)
        )

    def members(self, refs: Sequence[Ref], urgency: Urgency) -> Iterator[Batch]:
        """Each member's profile; an erased account comes back in ``gone``."""
        yield from self._context.together(lambda ref: self._member(ref, urgency), refs)

    def _member(self, ref: Ref, urgency: Urgency) -> Batch:
        try:
            read = self._context.reader.find(endpoints.user(in_path(ref)), USER_ANSWER, urgency)
        except NotAllowedError:
            return Batch((), {})
        if read.value is None:
            return Batch((Records(read.seq, gone=(ref,)),), {})
        return Batch((Records(read.seq, members=(self._context.decode.member(read.value.response),)),), {})

    def _forum(self, tid: str, urgency: Urgency) -> Ref | None:
        head = self._context.heads.get(tid)
        if head is None:
            read = self._context.reader.find(endpoints.topic(tid), TOPIC_ANSWER, urgency)
            if read.value is not None:
                self._context.note_head(read.value.response)
            head = self._context.heads.get(tid)
        return head.forum if head is not None else None
