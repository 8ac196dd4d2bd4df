"""Single posts, asked for by id."""

from collections.abc import Iterator, Sequence

from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Kind, Ref
from moderation.records import Batch, Records
from sync.connector import Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decode_content import shown
from sync.discourse.decoders import POST
from sync.discourse.payloads import PostP, UserP
from sync.parts.answers import Read


class Posts:
    """Reads posts with what their authors typed."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def fetch(self, refs: Sequence[Ref], urgency: Urgency) -> Iterator[Batch]:
        """Each post by itself; one that is not there any more comes back in ``gone``."""
        for ref in refs:
            try:
                yield Batch((self.record(ref, self.one(ref, urgency)),), {})
            except NotAllowedError:
                continue
            except PayloadError as error:
                yield Batch((), {}, (f"{error.facts['endpoint']} {error.facts['field']}",))

    def one(self, ref: Ref, urgency: Urgency) -> Read[PostP | None]:
        """A post as the server has it; its value is ``None`` when it is not there."""
        return self._context.reader.find(endpoints.post(ref.native), POST, urgency)

    def record(self, ref: Ref, read: Read[PostP | None]) -> Records:
        """The record of a post read by :meth:`one`."""
        post = read.value
        if post is None:
            return Records(read.seq, gone=(ref,))
        users = [UserP(post.user_id, post.username, post.name)] if post.user_id is not None else []
        if not shown(post):
            return Records(read.seq)
        forum = self._context.names.maybe(Kind.FORUM, post.category_id)
        found = self._context.decode.post(post, forum=forum)
        return Records(read.seq, posts=(found,), members=self._context.members(users))
