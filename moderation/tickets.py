"""Tickets: where a private conversation may live outside of the community, and what a ticket system must give.

A ticket carries the key of its case and the link of the public thread, so that a repeat finds it. Who it belongs to
is never guessed: ``requester`` is an address that the customer confirmed, or nothing.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class TicketState(StrEnum):
    """Where a ticket stands, in the words of this program."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    """Waits for the customer."""
    ON_HOLD = "on_hold"
    """Waits for somebody else."""
    SOLVED = "solved"
    CLOSED = "closed"
    """Over for good: most systems take no further word."""

    @property
    def over(self) -> bool:
        """True when nobody waits any more."""
        return self in {TicketState.SOLVED, TicketState.CLOSED}


class Side(StrEnum):
    """Who wrote, or who is waited for."""

    CUSTOMER = "customer"
    STAFF = "staff"


class TicketCan(StrEnum):
    """What a ticket system can do beside making a ticket and sending a word to the customer."""

    FIND = "find"
    READ = "read"
    NOTE = "note"
    ATTACH = "attach"
    STATE = "state"
    REQUESTER = "requester"
    """Lets a ticket belong to somebody later than at its beginning."""
    CHANGES = "changes"
    """Tells which tickets changed since a moment."""
    GUARDS = "guards"
    """Refuses or answers an identical repeat by itself."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """A ticket to be made. ``key`` is the same at every try; ``requester`` an address that the customer confirmed."""

    key: str
    case: str
    link: str
    subject: str
    text: str = field(repr=False)
    requester: str | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as its system shows it. ``version`` is opaque and goes back with a change of state."""

    id: str
    url: str
    subject: str
    state: TicketState
    version: str
    updated_at: datetime | None = None
    requester: str | None = field(default=None, repr=False)
    owner: str | None = None
    last_by: Side | None = None
    last_at: datetime | None = None

    @property
    def waits_for(self) -> Side | None:
        """Who has the next word: nobody when it is over."""
        if self.state.over:
            return None
        if self.state is TicketState.PENDING or self.last_by is Side.STAFF:
            return Side.CUSTOMER
        return Side.STAFF


@dataclass(frozen=True, slots=True)
class TicketMessage:
    """One message. ``internal`` ones only staff can read. ``name`` is what its author is called, empty for ``by``."""

    id: str
    side: Side
    by: str
    at: datetime
    text: str = field(repr=False)
    internal: bool = False
    attachments: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class TicketDesk:
    """What a check gives: as whom the system knows this key, and where tickets are made."""

    account: str
    queue: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What is sent to a ticket. ``key`` is the same at every try."""

    key: str
    text: str = field(repr=False)
    internal: bool = False
    attachments: tuple[Attachment, ...] = ()


class TicketSystem(Protocol):
    """One ticket system with one key. Blocking; raises errors of :mod:`moderation.errors` alone.

    Every write raises ``UnclearError`` where it may have happened: then ``find`` or ``said`` tells, as far as ``can``
    has them. What a system cannot do raises ``NotAllowedError`` ``ticket_system_cannot``.
    """

    can: frozenset[TicketCan]

    def check(self) -> TicketDesk:
        """Ask who this is and whether tickets may be made; raises what is wrong with address, key or queue."""

    def find(self, case: str, link: str) -> tuple[Ticket, ...]:
        """Tickets of this case, oldest first, merged and deleted ones left out."""

    def create(self, draft: TicketDraft) -> Ticket:
        """Make one. Look with ``find`` first: most systems make another for an identical repeat."""

    def read(self, ticket: str) -> Ticket:
        """As it stands now; raises ``UnknownIdError`` ``ticket_unknown``."""

    def messages(self, ticket: str) -> Sequence[TicketMessage]:
        """All messages, oldest first."""

    def say(self, ticket: str, word: Word) -> str:
        """Send a word to the customer, or a note for staff; gives its id."""

    def said(self, ticket: str, word: Word, since: datetime) -> str | None:
        """The id of an own message of that text not older than ``since``, ``None`` where there is none."""

    def set_state(self, ticket: str, state: TicketState, version: str) -> Ticket:
        """Change the state; raises ``ConflictError`` ``ticket_changed`` when it is not as ``version`` any more."""

    def set_requester(self, ticket: str, address: str) -> Ticket:
        """Let a ticket belong to an address that the customer confirmed; the same again changes nothing."""

    def changed(self, since: datetime, among: Container[str] | None = None) -> Iterator[Ticket]:
        """Tickets that changed at or after a moment, ``among`` ids where some are named; one may come twice."""

    def close(self) -> None:
        """Give up sockets."""
