"""Records: what one server answer said, ready for the mirror, with the sequence of the request that fetched it."""

from dataclasses import dataclass
from datetime import datetime

from moderation.content import Following, Forum, Group, Member, Notification, Post, Thread, ThreadEvent, Unreadable
from moderation.ids import Ref
from moderation.items import Item


@dataclass(frozen=True, slots=True)
class Records:
    """Rows from server answers.

    ``seq`` is the start sequence of the request: a row fetched by an older request never replaces one of a newer
    request. ``gone`` are things that the server says are not there any more (404 on the thing itself): tombstones,
    scrubbed everywhere. An item without ``detail`` changes state, assignee, count and version, and keeps text and
    reasons that are already known. ``followers`` are members of whom ``following`` tells all: a forum that is not among
    it, they follow as everybody does. ``unreadable`` are those of whom it could not be read. ``groups_listed`` names
    all groups that there are, where the whole list was read: others are gone. ``events`` are things that were done to
    threads, each told once or again.
    """

    seq: int
    forums: tuple[Forum, ...] = ()
    threads: tuple[Thread, ...] = ()
    posts: tuple[Post, ...] = ()
    members: tuple[Member, ...] = ()
    items: tuple[Item, ...] = ()
    notifications: tuple[Notification, ...] = ()
    gone: tuple[Ref, ...] = ()
    followers: tuple[Ref, ...] = ()
    following: tuple[Following, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    groups: tuple[Group, ...] = ()
    groups_listed: tuple[str, ...] | None = None
    events: tuple[ThreadEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Records and the cursors that are true once they are stored; both are written in one transaction.

    ``problems`` are records set aside because they did not fit: ``endpoint field`` in words, never content.
    ``complete_since`` is the time down to which all threads have been read, where the pull knows it.
    """

    records: tuple[Records, ...]
    cursors: dict[str, str | None]
    problems: tuple[str, ...] = ()
    complete_since: datetime | None = None
