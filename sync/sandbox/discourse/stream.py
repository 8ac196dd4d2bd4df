"""The stream of a topic: ordinary posts, whispers, and small actions that tell of what was done to it."""

from collections.abc import Iterable

from sync.sandbox.discourse.access import is_deleted, may_whisper, rules
from sync.sandbox.discourse.extras import REGULAR, SMALL_ACTION, WHISPER, Kind, add_post, extras
from sync.sandbox.state.records import Post, Thread
from sync.sandbox.state.store import State

_CODES = {
    "lock": "closed.enabled",
    "unlock": "closed.disabled",
    "pin": "pinned.enabled",
    "unpin": "pinned.disabled",
}


def kind_of(state: State, post: Post) -> Kind:
    """What kind of post it is."""
    return extras(state).kinds.get(post.id, Kind(REGULAR))


def everything(state: State, thread: Thread) -> list[Post]:
    """All that ever stood in the topic, in order; the place gives the post's number."""
    posts = [state.tables.posts[ident] for ident in thread.posts]
    tell(state, thread)
    added = extras(state).added.get(thread.id)
    return sorted((*posts, *added), key=lambda post: (post.at, post.id)) if added else posts


def tell(state: State, thread: Thread) -> None:
    """Write a small action for everything that was done to the topic by any face and has none yet."""
    more = extras(state)
    for event in thread.events:
        if event.kind in _CODES and event.id not in more.told:
            more.told.add(event.id)
            add_post(state, thread.id, event.by, "", Kind(SMALL_ACTION, _CODES[event.kind]), at=event.at)


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
        if not whispers and kind_of(state, post).type == WHISPER:
            continue
        shown.append(post)
    return shown


def regular(state: State, posts: Iterable[Post]) -> list[Post]:
    """The ordinary ones that are not deleted: what counts and what public feeds hold."""
    return [post for post in posts if kind_of(state, post).type == REGULAR and not is_deleted(state, post)]
