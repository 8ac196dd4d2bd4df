"""The ticket of a case: how it stands for the window, and what can be done about it. Runs off the window's thread."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from moderation.actions import TICKET_ACTIONS
from moderation.case_tickets import CaseTicket, TicketOffice, case_of
from moderation.cases import Case, CaseState
from moderation.conversion.scene import text_of
from moderation.desk import Desk
from moderation.findings import Audience, Finding, Severity, check_text
from moderation.ids import Ref
from moderation.intents import Plan
from moderation.text import neutralise, one_line
from moderation.tickets import TicketCan, TicketState

SHOWN = 9
"""So many posts of the customer are offered as the one that confirms an address, the newest."""
_MOST = 1000
_LONGEST_WORD = 100_000
_LONGEST_LINE = 200
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")


@dataclass(frozen=True, slots=True)
class TicketNow:
    """The ticket of a case as the window shows it. ``system`` is how its kind is called, ``confirmed_at`` when a
    colleague took over an address (``None``: nobody has). ``seen`` changes with every word over there. The codes
    ``no_word``, ``no_comment``, ``no_address`` and ``no_state`` say why it cannot be written to, given to somebody or
    changed, empty where it can. ``on_the_way`` are actions that have not arrived there yet.
    """

    number: str
    system: str
    question: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    others: tuple[str, ...] = ()
    seen: str = ""
    no_word: str = ""
    no_comment: str = ""
    no_address: str = ""
    no_state: str = ""
    on_the_way: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A post of the customer in the private place, and the addresses that stand in it."""

    post: Ref
    at: datetime
    line: str
    addresses: tuple[str, ...]


def ticket_now(desk: Desk, case: Case) -> TicketNow | None:
    """The ticket of a case, ``None`` where the team keeps none."""
    kept = desk.ticketing.kept(case)
    if kept is None:
        return None
    office = desk.bench.office(case.community)
    there = office if office is not None and office.name == kept.system else None
    over = "" if case.state is CaseState.OPEN else "case_is_over"
    gone = over or ("" if there is not None else "case_ticket_office_gone")
    return TicketNow(
        number=kept.ticket,
        system=there.title if there is not None else kept.system,
        question=desk.ticketing.asked_of(case),
        confirmed_at=kept.confirmed_at,
        confirmed_by=_name(desk, kept),
        others=kept.others,
        seen=_seen(kept),
        no_word=gone,
        no_comment=gone or _lacks(there, TicketCan.NOTE, "case_ticket_no_comments"),
        no_address=gone or _lacks(there, TicketCan.REQUESTER, "case_ticket_no_requester"),
        no_state=gone or _lacks(there, TicketCan.STATE, "case_ticket_no_state"),
        on_the_way=_on_the_way(desk, case),
    )


def _lacks(office: TicketOffice | None, what: TicketCan, code: str) -> str:
    return "" if office is not None and what in office.can else code


def _on_the_way(desk: Desk, case: Case) -> tuple[str, ...]:
    waiting = [one for one in desk.bench.journal.unfinished() if one.action in TICKET_ACTIONS]
    return tuple(str(one.action) for one in waiting if (one.community, case_of(one)) == (case.community, case.key))


def _seen(kept: CaseTicket) -> str:
    return f"{kept.last_at.isoformat() if kept.last_at else ''}/{kept.state}"


def _name(desk: Desk, kept: CaseTicket) -> str:
    """The colleague who saw the confirmation, as their posts are signed."""
    if not kept.confirmed_by:
        return ""
    member = desk.mirror.member(Ref.parse(kept.confirmed_by))
    mine = next((row.identity for row in desk.communities() if str(row.identity.member) == kept.confirmed_by), None)
    return mine.name if mine is not None else member.name if member is not None else ""


def said_by_customer(desk: Desk, case: Case, place: Ref | None) -> list[Said]:
    """What the customer wrote in the private place, the newest first."""
    posts = desk.mirror.posts(place, limit=_MOST) if place is not None else []
    theirs = [post for post in posts if str(post.author) == case.customer and not post.staff_only]
    found = []
    for post in reversed(theirs[-SHOWN:]):
        text = text_of(post)
        addresses = tuple(dict.fromkeys(_ADDRESS.findall(text)))
        found.append(Said(post.id, post.created_at, one_line(neutralise(text), _LONGEST_LINE), addresses))
    return found


def is_address(text: str) -> bool:
    """True for what may be an e-mail address; the desk looks once more."""
    return "@" in text.strip("@") and not any(sign in text for sign in " <>,;") and "." in text.rpartition("@")[2]


# What is done about it


def check(desk: Desk, case: Case, text: str, seen: str) -> list[Finding]:
    """What speaks against sending it to the customer: the ticket system has its own limits of length."""
    now = ticket_now(desk, case)
    info = replace(desk.bench.community(case.community).info, min_post_length=1, max_post_length=_LONGEST_WORD)
    found = check_text(text, Audience.CUSTOMER, info)
    if now is not None and now.confirmed_at is None and not now.no_address:
        found.insert(0, Finding("ticket_of_nobody", Severity.ASK))
    if now is not None and now.seen != seen:
        found.insert(0, Finding("ticket_changed", Severity.ASK, None, "look_again"))
    return found


def say(desk: Desk, case: Case, text: str, internal: bool, place: str, seen: str) -> tuple[Plan | None, list[Finding]]:
    """Answer the customer through the ticket, or leave a comment for staff there, and forget its draft; no plan where
    a finding blocks it.
    """
    found: Sequence[Finding] = [] if internal else check(desk, case, text, seen)
    if any(finding.severity is Severity.BLOCK for finding in found):
        return None, list(found)
    plan = desk.ticketing.say(case, text, internal=internal)
    desk.answering.save_draft(place, "")
    return plan, list(found)


def confirm(desk: Desk, case: Case, address: str, post: Ref) -> Plan:
    """Let the ticket belong to an address that the customer confirmed in this post."""
    return desk.ticketing.confirm(case, address, post)


def set_state(desk: Desk, case: Case, state: TicketState) -> Plan:
    """Change the ticket's state, unless somebody else was first."""
    return desk.ticketing.set_state(case, state)


def keep(desk: Desk, case: Case) -> None:
    """The case stays as it is, whatever became of its ticket."""
    desk.ticketing.keep_as_it_is(case)


def draft_place(case: Case, *, internal: bool) -> str:
    """Where an unsent word to the customer in the ticket is kept, or a comment for staff there."""
    return f"ticket-{'comment' if internal else 'word'}:{case.community}/{case.key}"
