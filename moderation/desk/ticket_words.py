"""What was said in the ticket of a case, for whoever brings its answer back: read from its system at that moment.

Nothing of it is kept. What staff noted for themselves is private text like any other, and no part of the conversation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from moderation.actions import Action
from moderation.bringing import Message, PrivateText, Whose
from moderation.case_tickets import CaseTicket
from moderation.cases import Case
from moderation.errors import MarqueeError, NotAllowedError
from moderation.tickets import Side, TicketMessage

UNREADABLE, UNREAD = "ticket_unreadable", "ticket_unread"
"""Mail tells nobody what is said in a ticket; a system does not answer, or there is no ticket yet."""


class ReadTicket(Protocol):
    """Reads the messages of a ticket, in its order. Blocking; raises errors of :mod:`moderation.errors` alone."""

    def __call__(self, system: str, ticket: str) -> Sequence[TicketMessage]:
        """All of them, those for staff alone too."""


def no_ticket_read(system: str, ticket: str) -> Sequence[TicketMessage]:
    """No ticket system can be asked from here."""
    raise NotAllowedError("ticket_office_gone", name=system)


@dataclass(frozen=True, slots=True)
class TicketWords:
    """The conversation, everything private beside it, and why it is not known (a code, empty where it is)."""

    messages: tuple[Message, ...] = ()
    private: tuple[PrivateText, ...] = ()
    why_not: str = ""


def words_of(case: Case, kept: CaseTicket | None, read: ReadTicket) -> TicketWords:
    """What is said in the ticket of a case, and in others that carry it; one that cannot be read leaves it unknown."""
    if kept is None:
        return TicketWords(why_not=UNREAD)
    try:
        said = [list(read(kept.system, ticket)) for ticket in (kept.ticket, *kept.others)]
    except MarqueeError as error:
        return TicketWords(why_not=UNREADABLE if error.code == "ticket_system_cannot" else UNREAD)
    copied = {*_written_by_steps(case, kept), *(messages[0].id for messages in said if messages)}
    every = sorted((one for messages in said for one in messages), key=lambda one: one.at)
    public = [one for one in every if not one.internal]
    notes = [PrivateText(one.text, Whose.NOTE) for one in every if one.internal]
    return TicketWords(tuple(_message(one, one.id in copied) for one in public), tuple(notes))


def _message(one: TicketMessage, copied: bool) -> Message:
    whose = Whose.CUSTOMER if one.side is Side.CUSTOMER else Whose.STAFF
    return Message(one.id, whose, one.name or one.by, one.at, one.text, copied)


def _written_by_steps(case: Case, kept: CaseTicket) -> Iterator[str]:
    """Ids of words that the steps of the case wrote there: the rest of a long copy, the word of a way back."""
    for step in case.steps:
        what, _, system = step.receipt.partition("@")
        if step.done and step.action == Action.TICKET_WORD and system == kept.system:
            yield what.partition(":")[2]
