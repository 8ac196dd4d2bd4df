"""Single posts and members, asked for by id."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from moderation.content import Post
from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Kind, Ref
from moderation.records import Batch, Records
from sync.connector import Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decode_items import name_of
from sync.nodebb.decoders import INDEX, POST_ANSWER, SUMMARY, USER_ANSWER
from sync.nodebb.ids import in_path
from sync.nodebb.payloads import PostP
from sync.nodebb.pull.posts import people
from sync.parts.answers import Read


class Singles:
    """Reads posts with the text as typed, and members' profiles."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def posts(self, refs: Sequence[Ref], urgency: Urgency) -> Iterator[Batch]:
        """Each post by itself; one that is not there any more comes back in ``gone``."""
        yield from self._context.together(lambda ref: self._post(ref, urgency), refs)

    def _post(self, ref: Ref, urgency: Urgency) -> Batch:
        try:
            read = self.head(ref, urgency)
            if read.value is None:
                self._context.identity.still_me(urgency)
            return Batch((self.record(ref, read, urgency),), {})
        except NotAllowedError:
            return Batch((), {})
        except PayloadError as error:
            return Batch((), {}, (f"{error.facts['endpoint']} {error.facts['field']}",))

    def head(self, ref: Ref, urgency: Urgency) -> Read[PostP | None]:
        """A post as the server has it, unrendered; its value is ``None`` when it is not there."""
        read = self._context.reader.find(endpoints.post(in_path(ref)), POST_ANSWER, urgency)
        value = read.value.response if read.value is not None else None
        return Read(value, read.seq, read.endpoint, read.server_time)

    def record(self, ref: Ref, read: Read[PostP | None], urgency: Urgency) -> Records:
        """The record of a post read by :meth:`head`, with rendering, author, forum and position asked for."""
        if read.value is None:
            return Records(read.seq, gone=(ref,))
        summary = self._context.reader.find(endpoints.post_summary(in_path(ref)), SUMMARY, urgency)
        index = self._context.reader.find(endpoints.post_index(in_path(ref)), INDEX, urgency)
        shown = summary.value.response if summary.value is not None else None
        category = shown.category if shown is not None else None
        post: Post = self._context.decode.post(
            read.value,
            forum=self._context.names.maybe(Kind.FORUM, category.cid if category is not None else None),
            position=index.value.response.index if index.value is not None else 0,
            raw=True,
        )
        if shown is None:
            return Records(read.seq, posts=(post,))
        post = replace(post, body_html=shown.content or "", author_name=post.author_name or name_of(shown.user))
        return Records(read.seq, posts=(post,), members=tuple(people(self._context, [shown.user])))

    def members(self, refs: Sequence[Ref], urgency: Urgency) -> Iterator[Batch]:
        """Each member's profile; an erased account comes back in ``gone``."""
        yield from self._context.together(lambda ref: self._member(ref, urgency), refs)

    def _member(self, ref: Ref, urgency: Urgency) -> Batch:
        try:
            read = self._context.reader.find(endpoints.user(in_path(ref)), USER_ANSWER, urgency)
        except NotAllowedError:
            return Batch((), {})
        except PayloadError as error:
            return Batch((), {}, (f"{error.facts['endpoint']} {error.facts['field']}",))
        if read.value is None:
            return Batch((Records(read.seq, gone=(ref,)),), {})
        return Batch((Records(read.seq, members=(self._context.decode.member(read.value.response),)),), {})
