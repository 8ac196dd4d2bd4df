"""What Discourse knows of a community beyond the common state; it stands in the tables and so belongs to a backup.

Personal messages are threads of a forum that nobody may enter, so that ids and posts are those of everything else.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sync.sandbox.state import forums
from sync.sandbox.state.records import Held, Post
from sync.sandbox.state.store import State

REGULAR, MODERATOR_ACTION, SMALL_ACTION, WHISPER = 1, 2, 3, 4
PENDING, APPROVED, REJECTED, IGNORED, DELETED = range(5)
_NAME = "discourse"


class Kind(NamedTuple):
    """What an additional post is: its type, for a small action its code, and whom it is about."""

    type: int
    code: str = ""
    who: str = ""


@dataclass(slots=True)
class Readers:
    """Who may read a message: member ids and group names, in the order they came."""

    users: list[int] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)


class Line(NamedTuple):
    """A line of a reviewable's history: type 0 created, 1 transitioned, 2 edited, 3 claimed, 4 unclaimed."""

    kind: int
    by: int
    at: int
    status: int


@dataclass(slots=True)
class Queued:
    """A held post, or what a plugin put up for review, as it stands in the queue also after it was decided."""

    id: int
    held: Held
    type: str = "ReviewableQueuedPost"
    status: int = PENDING
    version: int = 0
    post: int = 0
    history: list[Line] = field(default_factory=list)
    notes: list[tuple[int, int, str]] = field(default_factory=list)
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Extras:
    """All of it. `added` holds whispers and small actions by thread; `veiled` posts are hidden but not deleted.
    `solved`: that plugin is there; `answers` are the accepted posts by thread. `about` are the topics about categories.
    """

    private_forum: int = 0
    readers: dict[int, Readers] = field(default_factory=dict)
    archived: set[int] = field(default_factory=set)
    unlisted: set[int] = field(default_factory=set)
    pinned_globally: set[int] = field(default_factory=set)
    slow: dict[int, tuple[int, int]] = field(default_factory=dict)
    timers: dict[int, dict[str, Any]] = field(default_factory=dict)
    external: dict[str, int] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    added: dict[int, list[Post]] = field(default_factory=dict)
    kinds: dict[int, Kind] = field(default_factory=dict)
    edit_reasons: dict[int, str] = field(default_factory=dict)
    deleted_at: dict[int, int] = field(default_factory=dict)
    veiled: set[int] = field(default_factory=set)
    ignored: dict[int, int] = field(default_factory=dict)
    queued: dict[int, Queued] = field(default_factory=dict)
    queued_ids: dict[str, int] = field(default_factory=dict)
    claims: dict[int, tuple[int, int]] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)
    about: dict[int, int] = field(default_factory=dict)
    solved: bool = True
    seen_effects: int = 0

    def is_private(self, thread: int) -> bool:
        """Whether a thread is a personal message."""
        return thread in self.readers


def extras(state: State) -> Extras:
    """The extras of this community."""
    found = state.tables.faces.get(_NAME)
    if not isinstance(found, Extras):
        found = state.tables.faces[_NAME] = Extras()
    return found


def private_forum(state: State) -> int:
    """The forum that holds messages, made when it is first needed; nobody has a right in it, by rank neither."""
    more = extras(state)
    if more.private_forum not in state.tables.forums:
        forum = forums.add(state, "Personal messages", "", order=999)
        forum.grants.clear()
        forum.secret = True
        more.private_forum = forum.id
    return more.private_forum


def add_post(state: State, thread: int, by: int, text: str, kind: Kind, reply_to: int = 0, at: int = 0) -> Post:
    """Add a whisper or a small action to a thread; the other face does not know such posts."""
    more = extras(state)
    post = Post(state.number("post"), thread, by, at or state.clock.tick(), text.rstrip(), reply_to)
    more.added.setdefault(thread, []).append(post)
    more.kinds[post.id] = kind
    return post
