"""The private conversation of a case: who takes part, who had the last word, who is waited for, and since when.

Everything is computed from the private place as the mirror has it. What the steps of the case wrote there (the quoted
copy) is nobody's word: it moves no turn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from moderation.actions import Action
from moderation.cases import Case, CaseState
from moderation.content import Post
from moderation.errors import UnknownIdError
from moderation.ids import Kind, Ref
from moderation.tickets import Side, Ticket

IN_TICKET = "ticket"
"""The place of a case that lives in a ticket system."""
_TAKES = frozenset({str(Action.MOVE), str(Action.CONVERT)})
_LINE = "chat"


class Status(StrEnum):
    """Where a conversation stands.

    ``moving``: it is on its way into the private place or back. ``stopped``: that needs a person. ``open``: nothing of
    the private place is known here yet.
    """

    MOVING = "moving"
    STOPPED = "stopped"
    OPEN = "open"
    WAITING_STAFF = "waiting_staff"
    WAITING_CUSTOMER = "waiting_customer"
    CLOSED = "closed"
    UNDONE = "undone"

    @property
    def over(self) -> bool:
        """True when nobody is waited for any more."""
        return self in {Status.CLOSED, Status.UNDONE}


class Party(StrEnum):
    """Whose side somebody is on. ``other``: neither the customer nor known as staff; their word waits for staff too."""

    CUSTOMER = "customer"
    STAFF = "staff"
    OTHER = "other"


class NoteKind(StrEnum):
    """What a note of a case says: a remark, why it was closed, or why it was opened again."""

    NOTE = "note"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class CaseNote:
    """A note on a case, for staff alone: it stays in the team's store and never goes to a server. ``at`` aware UTC."""

    id: str
    community: str
    case: str
    author: str
    author_name: str
    at: datetime
    text: str = field(repr=False)
    kind: NoteKind = NoteKind.NOTE


@runtime_checkable
class CaseNotes(Protocol):
    """Where notes of cases are kept; the team's store. Safe to use from several threads and processes."""

    def add_case_note(self, note: CaseNote) -> None:
        """Keep a note; the same id twice is one note."""

    def case_notes(self, community: str, case: str) -> list[CaseNote]:
        """Notes of a case, oldest first."""


class TicketsOfCases(Protocol):
    """What is known of the ticket in which a case lives."""

    def ticket_of(self, case: Case) -> Ticket | None:
        """The ticket as it was read last; ``None`` where the case lives in no ticket, or nothing is known of it."""

    def asked_of(self, case: Case) -> str:
        """What a person is asked about it: a value of :class:`moderation.case_tickets.Question`, empty for nothing."""


class NoTickets:
    """No ticket system is connected."""

    def ticket_of(self, case: Case) -> Ticket | None:
        """Nothing."""
        del case
        return None

    def asked_of(self, case: Case) -> str:
        """Nothing."""
        del case
        return ""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part; ``name`` is empty for who is known by id alone."""

    id: str
    name: str
    party: Party


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands. Times aware UTC.

    ``place`` is the private thread, ``None`` while there is none. ``last_by`` had the last word, ``None`` while nobody
    has said anything there. ``waiting_since``: since when who is waited for has been so. ``messages`` are the visible
    posts of the private thread, the copy among them. ``late`` are checks of the proof that are overdue, ``readable``
    says that an outsider could still read the text. ``question`` is what a person is asked about its ticket.
    """

    case: Case
    status: Status
    place: Ref | None = None
    participants: tuple[Participant, ...] = ()
    last_by: Participant | None = None
    last_at: datetime | None = None
    waiting_since: datetime | None = None
    messages: int = 0
    late: int = 0
    readable: bool = False
    ticket: Ticket | None = None
    question: str = ""

    @property
    def in_ticket(self) -> bool:
        """True when the conversation lives in a ticket system, and the community has but a link."""
        return self.ticket is not None or self.case.place == IN_TICKET


@dataclass(frozen=True, slots=True)
class Known:
    """What a standing is computed from.

    ``course`` is how the conversion runs (:meth:`moderation.desk.privately.Privately.standing`), ``posts`` the private
    thread in order, ``None`` where it is not known. ``staff`` are ids of members known as staff, ``closed``: nobody
    but customer and staff can be in the place, so that whoever is not the customer is staff.
    """

    course: str
    posts: Sequence[Post] | None
    staff: frozenset[str]
    closed: bool
    late: int = 0
    readable: bool = False
    ticket: Ticket | None = None
    question: str = ""


def taken(case: Case) -> bool:
    """True when the public thread itself went into private, by a step of this case."""
    moves = (step for step in case.steps if step.done and step.action in _TAKES and step.target == case.thread)
    last = next(iter(sorted(moves, key=lambda step: step.at.timestamp() if step.at else 0.0, reverse=True)), None)
    return last is not None and not last.facts.get("back")


def private_place(case: Case) -> Ref | None:
    """The thread in which this case goes on in private: one that it made, or its own that it took away."""
    made = case.made("thread")
    if made is not None and str(made) != case.thread:
        return made
    return Ref.parse(case.thread) if taken(case) else None


def copies(case: Case) -> frozenset[Ref]:
    """The posts that the steps of a case wrote into the private place."""
    found = {case.opening_post("thread")}
    for step in case.steps:
        if step.done and step.action == str(Action.REPLY) and not step.made:
            found.add(_written(step.receipt, case.community))
    return frozenset(ref for ref in found if ref is not None)


def _written(receipt: str, community: str) -> Ref | None:
    kind, _, native = receipt.partition("@")[0].partition(":")
    try:
        if kind == _LINE:
            return Ref(community, Kind.POST, f"{_LINE}-{native}")
        return Ref(community, Kind.POST, native) if kind == str(Kind.POST) else None
    except (UnknownIdError, ValueError):
        return None


def standing(case: Case, known: Known) -> Standing:
    """How this conversation stands."""
    found = Standing(
        case,
        _moving(case, known) or Status.OPEN,
        private_place(case),
        late=known.late,
        readable=known.readable,
        ticket=known.ticket,
        question=known.question,
        participants=(_customer(case), *_opener(case)),
    )
    if found.in_ticket:
        return _by_ticket(found)
    return _by_posts(found, known) if known.posts is not None else found


def _moving(case: Case, known: Known) -> Status | None:
    """The status that the course of the case decides, ``None`` when it is up to what was said."""
    if case.state in {CaseState.CLOSED, CaseState.UNDONE}:
        return Status.CLOSED if case.state is CaseState.CLOSED else Status.UNDONE
    if known.course == "stopped":
        return Status.STOPPED
    if case.state is CaseState.UNDOING or known.course in {"under_way", "not_begun"}:
        return Status.MOVING
    there = private_place(case) is not None or known.ticket is not None
    return None if there else Status.MOVING


def _by_posts(found: Standing, known: Known) -> Standing:
    case, posts = found.case, [post for post in known.posts or () if not post.hidden and not post.staff_only]
    own = copies(case)
    words = [post for post in posts if post.id not in own]
    people = _people(case, posts, known)
    last = words[-1] if words else None
    by = people[str(last.author)] if last is not None else None
    status = found.status
    since = None
    if status is Status.OPEN:
        theirs = by is not None and by.party is Party.STAFF
        status = Status.WAITING_CUSTOMER if theirs else Status.WAITING_STAFF
        since = _since(words, people) or case.opened_at
    order = sorted(people.values(), key=lambda one: tuple(Party).index(one.party))
    return replace(
        found,
        status=status,
        participants=tuple(order),
        last_by=by,
        last_at=last.created_at if last is not None else None,
        waiting_since=since,
        messages=len(posts),
    )


def _since(words: Sequence[Post], people: dict[str, Participant]) -> datetime | None:
    """When the turn came to the other side: the first word of those that stand unanswered at the end."""
    first: Post | None = None
    for post in reversed(words):
        if first is not None and _staffs(people, post) is not _staffs(people, first):
            break
        first = post
    return first.created_at if first is not None else None


def _staffs(people: dict[str, Participant], post: Post) -> bool:
    return people[str(post.author)].party is Party.STAFF


def _people(case: Case, posts: Iterable[Post], known: Known) -> dict[str, Participant]:
    """Customer, who opened the case, and everybody who wrote, by id; named as their posts are."""
    found = {one.id: one for one in (_customer(case), *_opener(case))}
    for post in posts:
        who = str(post.author)
        if who not in found or post.author_name:
            found[who] = Participant(who, post.author_name or "", party_of(who, case, known))
    return found


def party_of(member: str, case: Case, known: Known) -> Party:
    """Whose side a member is on."""
    if member == case.customer:
        return Party.CUSTOMER
    return Party.STAFF if known.closed or member in known.staff or member == case.opened_by else Party.OTHER


def _customer(case: Case) -> Participant:
    return Participant(case.customer, case.customer_name, Party.CUSTOMER)


def _opener(case: Case) -> tuple[Participant, ...]:
    """Who opened the case; nobody twice."""
    if case.opened_by == case.customer:
        return ()
    return (Participant(case.opened_by, case.opened_by_name, Party.STAFF),)


def _by_ticket(found: Standing) -> Standing:
    """What the ticket system says of it."""
    ticket, case = found.ticket, found.case
    if ticket is None:
        return found
    status = found.status
    if status is Status.OPEN:  # one that is over waits for us: is the case, too?
        status = Status.WAITING_CUSTOMER if ticket.waits_for is Side.CUSTOMER else Status.WAITING_STAFF
    by = None
    if ticket.last_by is not None:
        by = _customer(case) if ticket.last_by is Side.CUSTOMER else Participant("", ticket.owner or "", Party.STAFF)
    waits = status in {Status.WAITING_CUSTOMER, Status.WAITING_STAFF}
    since = (ticket.last_at or case.opened_at) if waits else None
    return replace(found, status=status, place=None, last_by=by, last_at=ticket.last_at, waiting_since=since)
