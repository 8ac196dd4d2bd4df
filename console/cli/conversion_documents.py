"""What ``convert`` and ``cases`` answer with ``--json``."""

from console.cli.documents import Json, ident
from console.cli.output import at
from moderation.case_tickets import CaseTicket, asked_about
from moderation.cases import Case, CaseStep
from moderation.conversation import CaseNote, Standing
from moderation.conversion import Conversion, Missing, Remark, Step, Undo
from moderation.conversion.parts import Reader
from moderation.intents import Json as Facts
from moderation.proof import Proof
from moderation.tickets import Ticket


def conversion(entry: Conversion) -> Json:
    """The plan of a conversion: everything that it says before it runs; no text that is private."""
    return {
        "case": entry.key,
        "shape": str(entry.shape),
        "place": str(entry.place),
        "possible": entry.possible,
        "steps": [step(one) for one in entry.steps],
        "leaves_public": [str(ref) for ref in entry.leaves],
        "readers": [reader(one) for one in entry.readers],
        "pointer": entry.pointer,
        "remarks": [remark(one) for one in entry.remarks],
        "missing": [missing(one) for one in entry.missing],
        "blocked": [remark(one) for one in entry.blocked],
    }


def undo(entry: Undo) -> Json:
    """The plan of the way back."""
    return {
        "case": entry.case.key,
        "undo": True,
        "possible": entry.possible,
        "steps": [step(one) for one in entry.steps],
        "remarks": [remark(one) for one in entry.remarks],
        "missing": [missing(one) for one in entry.missing],
    }


def step(entry: Step) -> Json:
    """A planned step: what it does to what, with which key, and whose account holds that."""
    return {
        "what": entry.what,
        "action": str(entry.wish.action),
        "target": str(entry.wish.target),
        "key": entry.key,
        "as": str(entry.identity),
        "account": entry.account,
    }


def reader(entry: Reader) -> Json:
    """Who can read what, today and afterwards."""
    return {
        "who": entry.who,
        "name": entry.name or None,
        "count": entry.count or None,
        "today": entry.today,
        "public_after": entry.public,
        "private_after": entry.private,
        "loses": entry.lost,
    }


def remark(entry: Remark) -> Json:
    """Something that the plan says."""
    return {"code": entry.code, "count": entry.count, "ids": [str(ref) for ref in entry.refs], "text": entry.text}


def missing(entry: Missing) -> Json:
    """A right that no account of this home has, and who has it."""
    return {"right": entry.right, "step": entry.step, "held_by": list(entry.holders)}


def proof(entry: Proof) -> Json:
    """What an outsider found: each place as whom it was looked at, and the answer."""
    return {
        "id": entry.id,
        "passed": entry.verdict.passed,
        "standing": str(entry.standing),
        "probes": [
            {
                "what": str(one.probe.what),
                "as": str(one.probe.viewer),
                "answer": str(one.answer),
                "place": one.probe.place,
            }
            for one in entry.findings
        ],
    }


def case(entry: Case, standing: str, talk: Standing) -> Json:
    """One line of ``cases``: what went private, and how the conversation about it stands."""
    return {
        "case": entry.key,
        "community": entry.community,
        "state": str(entry.state),
        "standing": standing,
        "thread": entry.thread,
        "title": entry.title,
        "customer": entry.customer,
        "customer_name": entry.customer_name,
        "shape": entry.shape,
        "place": entry.place,
        "forum": ident(entry.made("forum")),
        "private_thread": ident(entry.made("thread")),
        "pointer": ident(entry.made("pointer")),
        "opened_by": entry.opened_by,
        "opened_by_name": entry.opened_by_name,
        "opened_at": at(entry.opened_at),
        **conversation(talk),
        "steps": [case_step(one) for one in entry.steps],
    }


def conversation(entry: Standing) -> Json:
    """Whose turn it is, and since when."""
    by = entry.last_by
    return {
        "status": str(entry.status),
        "last_by": by.id or None if by is not None else None,
        "last_by_name": by.name or None if by is not None else None,
        "last_by_side": str(by.party) if by is not None else None,
        "last_at": at(entry.last_at),
        "waiting_since": at(entry.waiting_since),
        "participants": [
            {"member": one.id or None, "name": one.name or None, "side": str(one.party)} for one in entry.participants
        ],
        "messages": entry.messages,
        "overdue_checks": entry.late,
        "still_readable": entry.readable,
        "ticket": ticket(entry.ticket) if entry.ticket is not None else None,
    }


def ticket(entry: Ticket) -> Json:
    """The ticket in which a case lives."""
    waits = entry.waits_for
    return {
        "id": entry.id,
        "url": entry.url,
        "state": str(entry.state),
        "waits_for": str(waits) if waits is not None else None,
        "owner": entry.owner,
        "last_by": str(entry.last_by) if entry.last_by is not None else None,
        "last_at": at(entry.last_at),
    }


def kept_ticket(entry: CaseTicket, of: Case) -> Json:
    """The same with what the team keeps beside it; ``question`` is what a person is asked about it now."""
    return {
        **ticket(entry.shown()),
        "case": entry.case,
        "system": entry.system,
        "read_at": at(entry.read_at),
        "question": asked_about(entry, of) or None,
        "others": list(entry.others),
        "confirmed_in": entry.confirmed_in or None,
        "confirmed_by": entry.confirmed_by or None,
        "confirmed_at": at(entry.confirmed_at),
    }


def note(entry: CaseNote) -> Json:
    """A note on a case; for staff alone."""
    return {
        "id": entry.id,
        "kind": str(entry.kind),
        "author": entry.author,
        "author_name": entry.author_name,
        "at": at(entry.at),
        "text": entry.text,
    }


def case_step(entry: CaseStep) -> Json:
    """A step as it ended."""
    facts: Facts = entry.facts
    return {
        "intent": entry.intent,
        "what": facts.get("what"),
        "action": entry.action,
        "target": entry.target,
        "state": str(entry.state),
        "receipt": entry.receipt or None,
        "at": at(entry.at),
    }
