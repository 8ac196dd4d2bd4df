"""A conversion whose private place is a ticket, played on the sample community with a ticket system beside it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from moderation.case_tickets import CaseTicket, TicketOffice
from moderation.cases import Case
from moderation.conversion import Place
from moderation.conversion.parts import Shape
from moderation.desk import Desk
from moderation.intents import Identities, Intent, IntentState, Plan
from moderation.ports import Journal
from moderation.tickets import Ticket, TicketSystem
from sync.connector import Connection
from sync.engine.ticket_watch import TicketWatch
from sync.engine.ticketing import WithTickets
from sync.outbox import Outbox, Timing
from tests.conversion.stage import ADMIN, TIMING, Stage
from tests.faults.ground import NAME

SYSTEM = "office.example"


class OneOffice:
    """One ticket system, whichever way it is opened at the moment."""

    def __init__(self, open_it: Callable[[], TicketSystem]) -> None:
        self.open_it = open_it

    def usual(self, community: str) -> str | None:
        """For every community."""
        return SYSTEM

    def open(self, name: str) -> TicketSystem:
        """The one."""
        return self.open_it()


class TicketStage(Stage):
    """The stage of conversions, with a ticket system."""

    usual = Place.TICKET

    def __init__(self, folder: Path, system: TicketSystem, me: str = ADMIN, timing: Timing = TIMING) -> None:
        self.system = system
        self.offices = OneOffice(lambda: self.system)
        self.timing = timing
        super().__init__(folder, me)
        self.watch = TicketWatch(NAME, self.offices, self.team, self.clock, lambda records: None)

    def make_desk(self) -> Desk:
        """With the ticket system connected."""
        desk = super().make_desk()
        office = TicketOffice(SYSTEM, "test", "Tickets", "agent", "Community", self.system.can)
        desk.bench.office = lambda community: office
        return desk

    def make_outbox(self, journal: Journal) -> Outbox:
        """One that writes to tickets too."""
        ways = WithTickets(NAME, self.connections.__getitem__, self.offices, self.team, self.clock)
        return Outbox(NAME, journal, self.team, ways, self.copy.absorb, self.clock, self.timing)

    def connections_me(self) -> Connection:
        """That of the person."""
        return self.connections[Identities.ME]

    def begin(self) -> Plan:
        """Convert with the usual place."""
        return self.convert(Place.TICKET, Shape.CONTINUE)

    def step(self, plan: Plan, what: str) -> Intent:
        """A step of a plan now."""
        return next(one for one in self.plan(plan).intents if one.payload["what"] == what)

    def states(self, plan: Plan) -> dict[str, IntentState]:
        """How all of them stand."""
        return {str(one.payload["what"]): one.state for one in self.plan(plan).intents}

    def done(self, plan: Plan) -> bool:
        """True when every step is confirmed."""
        return self.plan(plan).state is IntentState.CONFIRMED

    def kept(self) -> CaseTicket:
        """What the team keeps of the newest case's ticket."""
        found = self.team.case_ticket(NAME, self.case().key)
        assert found is not None
        return found

    def tickets(self) -> tuple[Ticket, ...]:
        """Tickets of the newest case in the system."""
        case, thread = self.case(), self.desk.mirror.thread(self.thread)
        assert thread is not None
        return self.system.find(f"{case.key}.{NAME}", thread.url or "")

    def again(self, case: Case) -> Case:
        """The case now."""
        return replace(next(one for one in self.team.cases() if one.key == case.key))
