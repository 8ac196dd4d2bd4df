"""Tickets of cases in the team store: how each stands, and where the customer confirmed an address."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from moderation.case_tickets import CaseTicket
from moderation.tickets import Side, TicketState
from sync.team import tables as t
from sync.team.rows import TOUCH, first
from sync.vault.alchemy import reading, writing

_READ = ("system", "ticket", "url", "version", "owner", "last_at", "updated_at", "read_at", "question")
_CONFIRMED = ("confirmed_in", "confirmed_by", "confirmed_at")


class SqlTickets:
    """Implements :class:`moderation.case_tickets.CaseTickets` over the engine of a team store."""

    _engine: Engine

    def keep_ticket(self, ticket: CaseTicket) -> None:
        """Keep how it stands; who confirmed what stays as it is."""
        row = {name: getattr(ticket, name) for name in _READ}
        row |= {"state": ticket.state.value, "last_by": ticket.last_by or "", "others": list(ticket.others)}
        new = (
            row
            | {"community": ticket.community, "case": ticket.case}
            | {name: getattr(ticket, name) for name in _CONFIRMED}
        )
        with writing(self._engine) as db:
            if not first(db, t.case_ticket, new, "community", "case"):
                db.execute(t.case_ticket.update().where(_of(ticket.community, ticket.case)).values(row))
            db.execute(TOUCH)

    def case_ticket(self, community: str, case: str) -> CaseTicket | None:
        """The ticket of a case, ``None`` where it has none."""
        with reading(self._engine) as db:
            row = db.execute(sa.select(t.case_ticket).where(_of(community, case))).mappings().first()
        return _ticket(row) if row is not None else None

    def case_tickets(self, community: str) -> list[CaseTicket]:
        """All of a community's, by case."""
        query = sa.select(t.case_ticket).where(t.case_ticket.c.community == community).order_by(t.case_ticket.c.case)
        with reading(self._engine) as db:
            return [_ticket(row) for row in db.execute(query).mappings()]

    def ask_about_ticket(self, community: str, case: str, question: str) -> None:
        """A person is asked this from now on."""
        self._set(community, case, question=question)

    def answer_ticket_question(self, community: str, case: str) -> None:
        """Nothing is asked any more."""
        self._set(community, case, question="")

    def note_address_confirmed(self, community: str, case: str, post: str, by: str, at: datetime) -> None:
        """In which post the customer confirmed an address, and who saw it."""
        self._set(community, case, confirmed_in=post, confirmed_by=by, confirmed_at=at)

    def _set(self, community: str, case: str, **facts: object) -> None:
        with writing(self._engine) as db:
            db.execute(t.case_ticket.update().where(_of(community, case)).values(facts))
            db.execute(TOUCH)


def _of(community: str, case: str) -> sa.ColumnElement[bool]:
    return sa.and_(t.case_ticket.c.community == community, t.case_ticket.c.case == case)


def _ticket(row: sa.RowMapping) -> CaseTicket:
    return CaseTicket(
        community=row["community"],
        case=row["case"],
        state=TicketState(row["state"]),
        last_by=Side(row["last_by"]) if row["last_by"] else None,
        others=tuple(row["others"]),
        **{name: row[name] for name in (*_READ, *_CONFIRMED)},
    )
