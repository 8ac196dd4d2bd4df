"""Questions to the mirror and the rows that answer them; rows are small so that half a million fit."""

from array import array
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.ids import Kind
from moderation.items import PENDING_STATES, ItemState


class Level(StrEnum):
    """Shape of a priority: octagon, triangle, diamond, dot."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """Which items: any combination; empty tuples and ``None`` mean no limit. Ids are ``str(Ref)``.

    Order is always priority (highest first), then ``created_at`` (newest first), then key (highest first). ``states``
    are effective states: what the mirror says with pending intents laid over it. ``exposed`` asks for public posts in
    which private data was found instead of items; states, kinds and assignees say nothing then.
    """

    states: tuple[ItemState, ...] = PENDING_STATES
    communities: tuple[str, ...] = ()
    forums: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    assignees: tuple[str, ...] = ()
    text: str = ""
    exposed: bool = False


@dataclass(frozen=True, slots=True)
class PageKey:
    """Where a page ends: the sort key of its last row. ``created_ms`` is Unix time in milliseconds."""

    priority: float
    created_ms: int
    key: int


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. ``key`` is the mirror's row number: stable while the mirror file lives, never shown.

    ``pending`` is the state of an intent laid over the row, with ``pending_action`` and ``pending_intent``;
    ``conflict`` and ``in_doubt`` intents stay here until a person closes them. ``why`` holds priority codes, see
    :mod:`moderation.priority`.
    """

    key: int
    id: str
    state: ItemState
    priority: float
    level: Level
    why: tuple[str, ...]
    created_ms: int
    report_count: int
    excerpt: str
    reason: str
    author_name: str
    forum_name: str
    forum: str | None
    thread: str | None
    post: str | None
    author: str | None
    assignee: str | None
    assignee_name: str | None
    claimed_by: str | None
    claimed_name: str | None
    version: str
    detail: bool
    seen: bool
    pending: str | None = None
    pending_action: str | None = None
    pending_intent: str | None = None

    @property
    def page_key(self) -> PageKey:
        """Sort key of this row."""
        return PageKey(self.priority, self.created_ms, self.key)


DENSE = 64
"""Keys up to this many times the number of rows are kept as one bit each."""


@dataclass(slots=True)
class QueueIndex:
    """The whole answer to a query in order, as three parallel arrays: 24 bytes a row.

    ``bits`` (bit ``k & 7`` of byte ``k >> 3`` is set for each key ``k``) and ``oldest_ms``, the smallest creation
    time, are there where somebody took the time to work them out: see :meth:`prepare`.
    """

    keys: array = field(default_factory=lambda: array("q"))  # type: ignore[type-arg]
    priorities: array = field(default_factory=lambda: array("d"))  # type: ignore[type-arg]
    created_ms: array = field(default_factory=lambda: array("q"))  # type: ignore[type-arg]
    bits: bytearray = field(default_factory=bytearray)
    oldest_ms: int | None = None

    def prepare(self) -> None:
        """Work out ``oldest_ms``, and ``bits`` where keys are dense enough for them: long loops at many rows."""
        if not self.keys:
            return
        self.oldest_ms = min(self.created_ms)
        most = max(self.keys)
        if min(self.keys) < 0 or most >= max(1 << 20, len(self.keys) * DENSE):
            return
        bits = bytearray((most >> 3) + 1)
        for key in self.keys:
            bits[key >> 3] |= 1 << (key & 7)
        self.bits = bits

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A post (or thread title) found in the local full text, newest first.

    ``excerpt`` marks the hit by ``\\x02`` and ``\\x03``.
    """

    id: str
    thread: str | None
    forum: str | None
    author_name: str | None
    at: datetime | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Numbers of the sidebar, each equal to the rows behind it."""

    open: int = 0
    mine: int = 0
    held: int = 0
    later: int = 0
    exposed: int = 0
    by_community: dict[str, int] = field(default_factory=dict)
    by_forum: dict[str, int] = field(default_factory=dict)
