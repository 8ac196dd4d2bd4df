"""Forums, threads, posts and members, as the server last told them.

Text from members is hostile until rendered inert.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.ids import Ref


@dataclass(frozen=True, slots=True)
class Forum:
    """A place for threads.

    ``private`` when an anonymous visitor cannot see it (``None``: not known yet, treat as private). ``messages``: it
    stands for the private messages of a platform that has them outside of its forums; whom they reach is in each.
    ``elsewhere``: it stands for what other servers sent; nobody follows it, and no answer is owed there.
    """

    id: Ref
    name: str
    parent: Ref | None = None
    description: str = ""
    position: int = 0
    private: bool | None = None
    thread_count: int = 0
    post_count: int = 0
    moderators: tuple[Ref, ...] | None = None
    url: str | None = None
    messages: bool = False
    elsewhere: bool = False

    @property
    def gathers(self) -> bool:
        """True when it stands for what has no forum of its own."""
        return self.messages or self.elsewhere


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread; times aware UTC. ``complete`` is true when all its posts up to ``post_count`` have been read."""

    id: Ref
    forum: Ref | None
    title: str
    author: Ref | None
    author_name: str | None
    created_at: datetime
    last_post_at: datetime | None = None
    post_count: int = 0
    view_count: int = 0
    first_post: Ref | None = None
    locked: bool = False
    pinned: bool = False
    hidden: bool = False
    complete: bool = False
    permitted: tuple[str, ...] | None = None
    url: str | None = None


class Mark(StrEnum):
    """What a post is besides what it says: a moderator's remark, written by the software itself, marked as the
    solution of its thread.
    """

    NOTE = "note"
    AUTOMATIC = "automatic"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Post:
    """A post.

    ``body`` is what its author typed where the server tells it, ``body_html`` the server's rendering (untrusted).
    ``staff_only``: only the staff can read it, whoever may read its thread; it never counts among the thread's posts.
    """

    id: Ref
    thread: Ref | None
    forum: Ref | None
    author: Ref | None
    author_name: str | None
    created_at: datetime
    body_html: str = ""
    body: str | None = None
    edited_at: datetime | None = None
    editor: Ref | None = None
    reply_to: Ref | None = None
    position: int = 0
    hidden: bool = False
    votes: int = 0
    url: str | None = None
    staff_only: bool = False
    marks: tuple[Mark, ...] = ()


class Deed(StrEnum):
    """What can be done to a thread: it is locked or unlocked, moved out of a forum, or made a private message."""

    CLOSED = "closed"
    OPENED = "opened"
    MOVED = "moved"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class ThreadEvent:
    """Something that was done to a thread, and when (aware UTC); ``from_forum`` is where a move took it from."""

    thread: Ref
    kind: Deed
    at: datetime
    from_forum: Ref | None = None


class Level(StrEnum):
    """How closely a member follows a forum: ``watching`` is told of every post, ``watching_first`` of new threads,
    ``tracking`` counts what is unread, ``muted`` leaves the forum out.
    """

    WATCHING = "watching"
    WATCHING_FIRST = "watching_first"
    TRACKING = "tracking"
    NORMAL = "normal"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Following:
    """How one of the staff follows a forum, as the server told it then."""

    member: Ref
    forum: Ref
    level: Level
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """A group of members as the server names it; ``native`` is its own key for it.

    ``members`` is empty where they were not read; ``size`` is how many there are. ``automatic``: the platform's own.
    """

    native: str
    name: str
    size: int = 0
    automatic: bool = False
    members: tuple[Ref, ...] = ()
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One of the staff of whom it could not be read what they follow; ``why`` is the code of what stood in the way."""

    member: Ref
    why: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A member or one of the staff; ``None`` where the server did not tell. Times aware UTC."""

    id: Ref
    name: str
    slug: str | None = None
    title: str | None = None
    joined_at: datetime | None = None
    last_seen: datetime | None = None
    post_count: int | None = None
    thread_count: int | None = None
    reputation: int | None = None
    report_count: int | None = None
    banned: bool | None = None
    banned_until: datetime | None = None
    muted: bool | None = None
    muted_until: datetime | None = None
    groups: tuple[str, ...] = ()
    url: str | None = None
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notification:
    """Something the server tells the signed-in person; ``about`` is what it concerns where that is known."""

    native: str
    kind: str
    at: datetime
    about: Ref | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token speaks for. ``roles``: any of ``administrator``, ``moderator``, ``forum_moderator``, ``member``.

    ``forums`` limits a ``forum_moderator``; ``None`` means all forums. ``may`` holds the actions (slugs) that this
    person has some right to anywhere, read from the server, never guessed.
    """

    member: Ref
    name: str
    roles: frozenset[str] = frozenset()
    forums: frozenset[Ref] | None = None
    may: frozenset[str] | None = None


TAGS_MESSAGES = "tags_messages"
"""In what a community tells besides (``extra``): ``yes`` where the account may tag a private message."""


@dataclass(frozen=True, slots=True)
class CommunityInfo:
    """What a community is: platform, version, its name for people, and limits (lengths in characters).

    ``extra``, among others: ``default_level`` at which a member follows a forum who never chose, and
    ``follow_descends`` (``yes``) where the forums below go along with a change of it.
    """

    name: str
    platform: str
    version: str
    url: str
    title: str
    min_post_length: int = 1
    max_post_length: int = 32767
    title_max_length: int = 255
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture of a post as it was fetched, not decoded. ``kind``, by its first bytes: ``png jpeg gif webp``."""

    kind: str
    data: bytes = field(repr=False)
