"""Tickets of cases: what the team keeps of them, and when a person is asked about one.

Nothing that anybody wrote is kept, and no address: which ticket it is, how it stands, whose turn it is, and in which
post the customer confirmed an address.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from moderation.cases import Case, CaseState
from moderation.intents import Intent
from moderation.tickets import Side, Ticket, TicketCan, TicketState

_NAMED = re.compile(r"\[(case-[A-Za-z0-9_.-]+)\]")


class Question(StrEnum):
    """What a person is asked about a ticket: to close the case, to open it again, or to reach its other side by another
    way, since a mail of it was not delivered.
    """

    CLOSED_ELSEWHERE = "closed_elsewhere"
    REOPENED_ELSEWHERE = "reopened_elsewhere"
    NOT_DELIVERED = "not_delivered"


@dataclass(frozen=True, slots=True)
class TicketOffice:
    """A connected ticket system as plans see it: its ``name`` here, the ``title`` of its kind, as whom it knows the
    key and where tickets are made there.
    """

    name: str
    kind: str
    title: str
    account: str
    queue: str
    can: frozenset[TicketCan]


@dataclass(frozen=True, slots=True)
class CaseTicket:
    """The ticket of a case as it was read last (``read_at``, by the clock of who read it); other times are the ticket
    system's.

    ``version`` goes back with a change of state. ``others`` are ids of further tickets that carry the same case.
    ``confirmed_in`` is the post in which the customer confirmed an address, ``confirmed_by`` the colleague who saw it.
    """

    community: str
    case: str
    system: str
    ticket: str
    url: str
    state: TicketState
    version: str = ""
    owner: str = ""
    last_by: Side | None = None
    last_at: datetime | None = None
    updated_at: datetime | None = None
    read_at: datetime | None = None
    question: str = ""
    others: tuple[str, ...] = ()
    confirmed_in: str = ""
    confirmed_by: str = ""
    confirmed_at: datetime | None = field(default=None)

    def shown(self) -> Ticket:
        """The same as a ticket."""
        return Ticket(
            id=self.ticket,
            url=self.url,
            subject="",
            state=self.state,
            version=self.version,
            updated_at=self.updated_at,
            owner=self.owner or None,
            last_by=self.last_by,
            last_at=self.last_at,
        )


@runtime_checkable
class CaseTickets(Protocol):
    """Where tickets of cases are kept; the team's store. Safe to use from several threads and processes."""

    def keep_ticket(self, ticket: CaseTicket) -> None:
        """Keep how a ticket stands, instead of what was kept of this case's; who confirmed what stays as it is."""

    def case_ticket(self, community: str, case: str) -> CaseTicket | None:
        """The ticket of a case, ``None`` where it has none."""

    def case_tickets(self, community: str) -> list[CaseTicket]:
        """All of a community's."""

    def ask_about_ticket(self, community: str, case: str, question: str) -> None:
        """A person is asked this about a ticket from now on."""

    def answer_ticket_question(self, community: str, case: str) -> None:
        """A person has answered: nothing is asked any more."""

    def note_address_confirmed(self, community: str, case: str, post: str, by: str, at: datetime) -> None:
        """In which post the customer confirmed an address, and which colleague (member id) saw it."""


def case_of(intent: Intent) -> str:
    """The case whose ticket an intent is about: a step of it (``case``), or what a person did there later."""
    return str(intent.payload.get("case") or intent.payload.get("ticket_of") or "")


def name_of(community: str, case: str) -> str:
    """What a case is called in a ticket system, where those of several communities may meet."""
    return f"{case}.{community}"


def question_after(before: CaseTicket | None, now: Ticket, case: CaseState | None) -> str:
    """What a person is to be asked, from how the ticket was and is; asked once for each time that it changed."""
    was_over = before.state.over if before is not None else case is CaseState.CLOSED
    asked = before.question if before is not None else ""
    if case is CaseState.OPEN and now.state.over:
        return asked if was_over else Question.CLOSED_ELSEWHERE
    if case is CaseState.CLOSED and not now.state.over:
        return Question.REOPENED_ELSEWHERE if was_over else asked
    return ""


def of_this_case(found: Iterable[Ticket], name: str, others: frozenset[str]) -> tuple[Ticket, ...]:
    """Tickets of this case alone among those that a search gave: an earlier case of the same thread has the same link.

    ``others`` are ids of tickets that are known to be another case's.
    """
    return tuple(one for one in found if one.id not in others and _carries(one, name))


def _carries(ticket: Ticket, name: str) -> bool:
    named = set(_NAMED.findall(ticket.subject))
    return not named or name in named


_ASKED_OF = {
    Question.CLOSED_ELSEWHERE: CaseState.OPEN,
    Question.REOPENED_ELSEWHERE: CaseState.CLOSED,
    Question.NOT_DELIVERED: CaseState.OPEN,
}


def asked_about(ticket: CaseTicket, case: Case) -> str:
    """What a person is asked about this ticket now; a case that was closed, or opened again, has answered it."""
    fits = ticket.question != "" and _ASKED_OF[Question(ticket.question)] is case.state
    return ticket.question if fits else ""


def open_questions(tickets: Iterable[CaseTicket], cases: Iterable[Case]) -> list[tuple[Case, CaseTicket]]:
    """Cases about whose tickets a person is asked."""
    kept = {(one.community, one.case): one for one in tickets}
    found = [(case, kept[case.community, case.key]) for case in cases if (case.community, case.key) in kept]
    return [(case, ticket) for case, ticket in found if asked_about(ticket, case)]
