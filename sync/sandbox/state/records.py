"""What the community is made of. Times are milliseconds since 1970, UTC; ids are small integers.

Whatever grows (reports, notes, history, revisions) is a tuple that is replaced, never changed in place: most records
have none, so half a million items share one empty tuple, and a backup may share them too.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from sync.sandbox.state.ordered import OrderedIds

OPEN, IN_PROGRESS, RESOLVED, DISMISSED = "open", "in_progress", "resolved", "dismissed"
ITEM_STATES = (OPEN, IN_PROGRESS, RESOLVED, DISMISSED)

IGNORING, NOT_WATCHING, TRACKING, WATCHING = 1, 2, 3, 4

ADMINS, GLOBAL_MODERATORS, STAFF = "administrators", "Global Moderators", "staff"


class Report(NamedTuple):
    """One member's complaint about an item."""

    by: int
    reason: str
    at: int


class Note(NamedTuple):
    """A moderator's remark on an item; the platform accepts an empty one."""

    by: int
    text: str | None
    at: int


class Entry(NamedTuple):
    """One line of an item's history: who changed what, newest value only."""

    by: int
    at: int
    changes: dict[str, str | None]


class Revision(NamedTuple):
    """A text as it was before the edit at `at` by `by`; `title` if the edit renamed the thread."""

    at: int
    by: int
    text: str
    title: str | None


class Event(NamedTuple):
    """Something done to a thread: lock, unlock, pin, unpin, delete, restore, move."""

    id: int
    kind: str
    by: int
    at: int
    from_forum: int | None


class Penalty(NamedTuple):
    """A ban, mute or its end. `until` 0 means for good."""

    kind: str
    by: int
    at: int
    until: int
    reason: str


class Notice(NamedTuple):
    """A line in a member's notifications."""

    id: str
    kind: str
    at: int
    by: int
    short: str
    long: str
    path: str
    merge: str


class Effect(NamedTuple):
    """One change that really happened, for tests that count effects."""

    n: int
    at: int
    by: int
    verb: str
    target: str
    detail: dict[str, object]


@dataclass(slots=True)
class Member:
    """An account. `banned_until` and `muted_until`: None is not, 0 is for good."""

    id: int
    name: str
    slug: str
    fullname: str
    joined: int
    groups: tuple[str, ...] = ()
    reputation: int = 0
    colour: str = "#607d8b"
    about: str = ""
    email: str = ""
    language: str = ""
    password: str = ""
    banned_until: int | None = None
    ban_reason: str = ""
    muted_until: int | None = None
    mute_reason: str = ""
    penalties: tuple[Penalty, ...] = ()
    former_names: tuple[tuple[int, str], ...] = ()
    posts: int = 0
    threads: int = 0
    reported: int = 0
    last_post: int = 0
    last_held: int = 0
    last_online: int = 0
    item: int = 0
    chat_closed: bool = False
    topics_per_page: int = 0
    posts_per_page: int = 0
    watches: dict[int, int] = field(default_factory=dict)
    ip: str = "192.0.2.10"


@dataclass(slots=True)
class Group:
    """A group of members; system groups carry ranks."""

    name: str
    slug: str
    title: str
    description: str
    created: int
    system: bool = False
    members: list[int] = field(default_factory=list)
    owners: tuple[int, ...] = ()


@dataclass(slots=True)
class Forum:
    """A forum. `grants` maps a right to those who hold it: group names and member ids. One with a `link` only leads
    to another page; one that is `disabled` is shown to nobody.

    A `secret` one is not entered by rank either: it is a place that only one face knows.
    """

    id: int
    name: str
    description: str
    slug: str
    handle: str
    order: int
    parent: int = 0
    icon: str = "hidden"
    colour: str = "#59b3d0"
    language: str = "en"
    grants: dict[str, set[str | int]] = field(default_factory=dict)
    secret: bool = False
    pinned: list[int] = field(default_factory=list)
    recent: OrderedIds = field(default_factory=OrderedIds)
    created: OrderedIds = field(default_factory=OrderedIds)
    posts: int = 0
    link: str = ""
    disabled: bool = False


@dataclass(slots=True)
class Thread:
    """A thread. `posts` are ids in order of time, the opening post first."""

    id: int
    forum: int
    author: int
    title: str
    slug: str
    at: int
    last_at: int
    posts: list[int]
    hidden: bool = False
    hidden_by: int = 0
    locked: bool = False
    pinned: bool = False
    pin_until: int = 0
    views: int = 0
    old_forum: int = 0
    tags: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    thumbs: tuple[str, ...] = ()
    followers: frozenset[int] = frozenset()
    ignorers: frozenset[int] = frozenset()


@dataclass(slots=True)
class Post:
    """A post. `item` is the id of the item about it, or 0."""

    id: int
    thread: int
    author: int
    at: int
    text: str
    reply_to: int = 0
    hidden: bool = False
    hidden_by: int = 0
    edited_at: int = 0
    edited_by: int = 0
    item: int = 0
    up: int = 0
    down: int = 0
    answers: tuple[int, ...] = ()
    revisions: tuple[Revision, ...] = ()
    uploads: tuple[str, ...] = ()


@dataclass(slots=True)
class Item:
    """What is under review. `forum` is where the post stood when first reported and never follows it.

    `assignee` is None before the first assignment and an empty string after an un-assignment, as the platform answers.
    """

    id: int
    kind: str
    target: int
    author: int
    forum: int
    at: int
    state: str = ""
    entered: int = 0
    assignee: str | None = None
    mark: str | None = None
    reports: tuple[Report, ...] = ()
    notes: tuple[Note, ...] = ()
    history: tuple[Entry, ...] = ()


@dataclass(slots=True)
class Held:
    """A post that waits for approval; `thread` is 0 for a new thread."""

    id: str
    author: int
    forum: int
    thread: int
    at: int
    title: str
    text: str
    reply_to: int = 0
    tags: tuple[str, ...] = ()


@dataclass(slots=True)
class Message:
    """A line in a chat room; system lines tell of renames and joins."""

    id: int
    room: int
    by: int
    at: int
    text: str
    system: bool = False
    kind: str = ""


@dataclass(slots=True)
class Room:
    """A chat room. `members` maps a member to the time of joining: nothing said before is shown to them."""

    id: int
    at: int
    name: str
    owners: tuple[int, ...] = ()
    members: dict[int, int] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
