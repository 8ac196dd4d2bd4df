"""The stream of a topic: ordinary posts, whispers, and small actions that tell of what was done to it."""

from collections.abc import Iterable

from sync.sandbox.discourse.access import is_deleted, may_whisper, rules
from sync.sandbox.discourse.extras import REGULAR, SMALL_ACTION, WHISPER, Kind, extras
from sync.sandbox.state.records import Event, Post, Thread
from sync.sandbox.state.store import State

_EVENTS = 20_000_000
_CODES = {
    "lock": "closed.enabled",
    "unlock": "closed.disabled",
    "pin": "pinned.enabled",
    "unpin": "pinned.disabled",
}


def kind_of(state: State, post: Post) -> Kind:
    """What kind of post it is."""
    if post.id >= _EVENTS:
        event = next(e for e in state.thread(post.thread).events if e.id == post.id - _EVENTS)
        return Kind(SMALL_ACTION, _CODES[event.kind])
    return extras(state).kinds.get(post.id, Kind(REGULAR))


def everything(state: State, thread: Thread) -> list[Post]:
    """All that ever stood in the topic, in order; the place gives the post's number."""
    posts = [state.tables.posts[ident] for ident in thread.posts]
    told = [_told(thread, event) for event in thread.events if event.kind in _CODES]
    added = extras(state).added.get(thread.id, [])
    if not told and not added:
        return posts
    return sorted((*posts, *told, *added), key=lambda post: (post.at, post.id))


def numbers(state: State, thread: Thread) -> dict[int, int]:
    """The number of each post in its topic, from 1."""
    return {post.id: place for place, post in enumerate(everything(state, thread), 1)}


def number_of(state: State, post: Post) -> int:
    """The number of one post."""
    return numbers(state, state.thread(post.thread)).get(post.id, 0)


def visible(state: State, uid: int, thread: Thread) -> list[Post]:
    """What the caller finds: staff also what is deleted, the team also whispers."""
    above, whispers = rules(state, uid, thread), may_whisper(state, uid)
    shown = []
    for post in everything(state, thread):
        if is_deleted(state, post) and not above:
            continue
        if post.id < _EVENTS and not whispers and kind_of(state, post).type == WHISPER:
            continue
        shown.append(post)
    return shown


def regular(state: State, posts: Iterable[Post]) -> list[Post]:
    """The ordinary ones that are not deleted: what counts and what public feeds hold."""
    return [post for post in posts if kind_of(state, post).type == REGULAR and not is_deleted(state, post)]


def _told(thread: Thread, event: Event) -> Post:
    return Post(_EVENTS + event.id, thread.id, event.by, event.at, "")
