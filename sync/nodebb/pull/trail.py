"""What was done to a topic, as its pages tell it: each event hangs on the post before it (NodeBB 4.15)."""

from collections.abc import Iterable, Iterator

from moderation.content import Deed, ThreadEvent
from moderation.errors import PayloadError
from moderation.ids import Kind, Ref
from sync.nodebb.context import Context
from sync.nodebb.decode import moment
from sync.nodebb.decoders import EVENT, EVENT_LIST
from sync.nodebb.payloads import EventP, PostP
from sync.nodebb.reading import decoded, set_aside

_DEEDS = {"lock": Deed.CLOSED, "unlock": Deed.OPENED, "move": Deed.MOVED}
_NONE = b"[]"


def trail(context: Context, thread: Ref, posts: Iterable[PostP]) -> tuple[ThreadEvent, ...]:
    """Events that coverage is computed from; other kinds, and what does not fit, are left out."""
    return tuple(event for post in posts if bytes(post.events) != _NONE for event in _of(context, thread, post))


def _of(context: Context, thread: Ref, post: PostP) -> Iterator[ThreadEvent]:
    def event(told: EventP) -> ThreadEvent | None:
        if told.type not in _DEEDS:
            return None
        at = moment(told.timestamp, "$.timestamp")
        return ThreadEvent(thread, _DEEDS[told.type], at, context.names.maybe(Kind.FORUM, told.fromCid))

    try:
        raws = decoded(bytes(post.events), EVENT_LIST, "")
    except PayloadError:
        return
    yield from set_aside(raws, EVENT, event, "")[0]
