"""Items: what is under review, who reported it and why, and what happened to it so far."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.ids import Kind, Ref


class Weight(StrEnum):
    """How much an action takes away: a bare letter, Shift, or Ctrl+Shift and a dialog (UI section 13)."""

    HARMLESS = "harmless"
    TAKES_AWAY = "takes_away"
    FINAL = "final"


class ItemState(StrEnum):
    """Where an item stands; platform states are folded into these by each connector (DESIGN section 6)."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    HELD = "held"
    GONE = "gone"
    LATER = "later"
    """Pending, and put off by the person at this desk: laid over, never told by a server nor stored."""


PENDING_STATES = (ItemState.OPEN, ItemState.IN_PROGRESS, ItemState.HELD)


@dataclass(frozen=True, slots=True)
class Report:
    """One person's or rule's complaint; ``at`` is aware UTC."""

    text: str
    reporter: Ref | None
    reporter_name: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Note:
    """A staff note on an item, never shown to members; ``id`` is the server's own."""

    id: str
    author: Ref | None
    author_name: str | None
    at: datetime
    text: str


class Change(StrEnum):
    """What an entry of an item's history changed."""

    STATE = "state"
    ASSIGNEE = "assignee"
    REPORT = "report"
    NOTE = "note"
    NAME = "name"
    EMAIL = "email"
    BANNED = "banned"
    MUTED = "muted"
    CREATED = "created"
    EDITED = "edited"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of the server's history of an item.

    ``key`` is unique among the item's entries and stable between reads; ``changes`` maps what changed to its new
    value (an :class:`ItemState` value, a member's name or id, a reason, or the empty string), in the words of this
    program. A new mail address is never told.
    """

    key: str
    at: datetime
    by: Ref | None
    by_name: str | None
    changes: dict[Change, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that the server offers on an item, as the server names it.

    ``name`` is the server's own name, ``slug`` ours where one fits, else ``x:`` and the name. ``label`` and
    ``description`` are the server's texts without markup, in the language of the account; ``confirm`` is what it wants
    confirmed first. ``client_action`` names what the server leaves to its client and expects to be done before
    (``suspend``, ``silence``, ``edit``); ``leads_to`` the item's state afterwards where that is known.
    """

    name: str
    slug: str
    label: str
    description: str = ""
    confirm: str | None = None
    client_action: str | None = None
    needs_reject_reason: bool = False
    weight: Weight = Weight.TAKES_AWAY
    leads_to: ItemState | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What is under review, as the server last told it.

    ``version`` is opaque outside its connector and names what a person saw. ``detail`` is true once text, reasons and
    history are known; without it ``reports``, ``notes``, ``history``, ``excerpt``, ``thread`` and ``author_name`` may
    be missing. ``body`` is the text under review as its author typed it, ``body_html`` the server's rendering:
    untrusted. ``offers`` are the decisions that the server itself names for this item: nothing else decides it;
    ``None`` on a platform that names none.
    """

    id: Ref
    state: ItemState
    created_at: datetime
    version: str
    report_count: int = 0
    forum: Ref | None = None
    thread: Ref | None = None
    post: Ref | None = None
    author: Ref | None = None
    author_name: str | None = None
    thread_title: str | None = None
    body: str | None = None
    body_html: str | None = None
    assignee: Ref | None = None
    assignee_name: str | None = None
    claimed_by: Ref | None = None
    detail: bool = False
    reports: tuple[Report, ...] = ()
    notes: tuple[Note, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    actions: tuple[str, ...] | None = None
    offers: tuple[Offer, ...] | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def offered(self, slug: str) -> Offer | None:
        """The server's offer under this slug."""
        return next((offer for offer in self.offers or () if offer.slug == slug), None)

    @property
    def kind(self) -> Kind:
        """``flag``, ``held`` or ``review``."""
        return self.id.kind
