"""How the tickets of cases stand is mirrored: what changed since the last look, for cases that are not long over.

Each ticket is read when the engine begins, hourly, and when a person asks for what is new; in between the ticket system
is asked what changed (by this machine's clock, some minutes back). A system that does not answer is asked less and less
often; nothing else waits for it.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import cast

from moderation.case_tickets import CaseTicket, CaseTickets, question_after
from moderation.cases import Case, Cases, CaseState
from moderation.changes import ChangeRecord, Table
from moderation.errors import MarqueeError, UnknownIdError
from moderation.ports import Clock, Team
from moderation.tickets import Ticket, TicketCan, TicketSystem
from sync.engine.tickets import Offices

log = logging.getLogger(__name__)

EVERY = 60.0
READ_EVERY = 3600.0
LONGEST_PAUSE = 900.0
OVERLAP = timedelta(minutes=5)
MOST_READ = 50
KEPT_WATCHING = timedelta(days=14)
"""A case that is over is watched so long after its last change: a customer may write again."""


class TicketWatch:
    """Keeps what the team knows of tickets in step, for one community."""

    def __init__(
        self,
        community: str,
        offices: Offices,
        team: Team,
        clock: Clock,
        tell: Callable[[list[ChangeRecord]], None],
        every: float = EVERY,
    ) -> None:
        self._community = community
        self._offices = offices
        self._team = team
        self._clock = clock
        self._tell = tell
        self._every = every
        self._now = threading.Event()
        self._reading = threading.Lock()
        self._stopping = False
        self._since: dict[str, datetime] = {}
        self._read: dict[tuple[str, str], float] = {}
        self._failures: dict[str, int] = {}
        self._next: dict[str, float] = {}
        self._said: dict[str, str] = {}

    def wake(self) -> None:
        """Look now: a person asked, or a key is new. All are read, whatever the ticket system says of changes."""
        self._next.clear()
        self._read.clear()
        self._now.set()

    def stop(self) -> None:
        """End after the request under way."""
        self._stopping = True
        self._now.set()

    def loop(self) -> None:
        """The thread's work, until stopped."""
        while not self._stopping:
            self._now.clear()
            try:
                self.look()
            except MarqueeError as error:  # the team's store does not answer
                log.warning("tickets of %s: %s", self._community, error)
            self._now.wait(self._every)

    def look(self) -> list[MarqueeError]:
        """Read what is due; gives what kept it from being read. Safe from any thread."""
        with self._reading:
            watched = self._watched()
            systems = {ticket.system for _, ticket in watched}
            troubles = [self._look_at(name, [one for one in watched if one[1].system == name]) for name in systems]
            return [trouble for trouble in troubles if trouble is not None]

    def _watched(self) -> list[tuple[Case, CaseTicket]]:
        team, now = self._team, self._clock.now()
        if not isinstance(team, Cases) or not isinstance(team, CaseTickets):
            return []
        kept = {ticket.case: ticket for ticket in team.case_tickets(self._community)}
        if not kept:
            return []
        cases = [case for case in team.cases(community=self._community) if case.key in kept]
        return [(case, kept[case.key]) for case in cases if _worth(case, kept[case.key], now)]

    def _look_at(self, name: str, watched: list[tuple[Case, CaseTicket]]) -> MarqueeError | None:
        if self._stopping or self._clock.monotonic() < self._next.get(name, 0.0):
            return None
        try:
            system = self._offices.open(name)
            if TicketCan.READ in system.can:
                self._ask(name, system, watched)
        except MarqueeError as error:
            self._failed(name, error)
            return error
        if self._said.pop(name, None):
            log.info("tickets: %s is back", name)
        self._failures[name] = 0
        self._next[name] = self._clock.monotonic() + self._every
        return None

    def _ask(self, name: str, system: TicketSystem, watched: list[tuple[Case, CaseTicket]]) -> None:
        """Those that are due by themselves, then what changed among the others."""
        began = self._clock.now()
        due = [one for one in watched if self._due(one[1])][:MOST_READ]
        for case, ticket in due:
            self._read_one(system, case, ticket)
        left = {ticket.ticket: (case, ticket) for case, ticket in watched if (case, ticket) not in due}
        since = self._since.get(name)
        if left and since is not None and TicketCan.CHANGES in system.can:
            for changed in system.changed(since - OVERLAP, left.keys()):
                self._keep(*left[changed.id], changed)
        self._since[name] = began

    def _due(self, ticket: CaseTicket) -> bool:
        last = self._read.get((ticket.system, ticket.ticket))
        return last is None or self._clock.monotonic() - last >= READ_EVERY

    def _read_one(self, system: TicketSystem, case: Case, ticket: CaseTicket) -> None:
        try:
            now = system.read(ticket.ticket)
        except UnknownIdError as error:
            log.info("tickets: that of %s cannot be read: %s", case.key, error)
        else:
            self._keep(case, ticket, now)
            self._read[ticket.system, now.id] = self._clock.monotonic()
        self._read[ticket.system, ticket.ticket] = self._clock.monotonic()

    def _keep(self, case: Case, before: CaseTicket, now: Ticket) -> None:
        """What is kept is read again first: an act of one's own may have been noted meanwhile."""
        team = cast(CaseTickets, self._team)
        latest = team.case_ticket(before.community, before.case) or before
        if latest.updated_at is not None and now.updated_at is not None and now.updated_at < latest.updated_at:
            return
        state = cast(Cases, self._team).case_state(case.community, case.key)
        kept = CaseTicket(
            case.community, case.key, latest.system, now.id, now.url, now.state, now.version, now.owner or "",
            now.last_by, now.last_at, now.updated_at, self._clock.now(), question_after(latest, now, state),
            latest.others,
        )  # fmt: skip
        team.keep_ticket(kept)
        if _differs(latest, kept):
            self._tell([ChangeRecord(Table.TEAM, (case.thread,))])

    def _failed(self, name: str, error: MarqueeError) -> None:
        """Said once, until it is well again."""
        self._failures[name] = self._failures.get(name, 0) + 1
        pause = min(self._every * 2.0 ** min(self._failures[name] - 1, 8), LONGEST_PAUSE)
        self._next[name] = self._clock.monotonic() + pause
        if self._said.get(name) != error.code:
            log.info("tickets: %s: %s", name, error)
            self._said[name] = error.code


def _worth(case: Case, ticket: CaseTicket, now: datetime) -> bool:
    if case.state in {CaseState.OPEN, CaseState.UNDOING}:
        return True
    latest = ticket.updated_at or case.opened_at
    return case.state is CaseState.CLOSED and now - latest < KEPT_WATCHING


def _differs(one: CaseTicket, other: CaseTicket) -> bool:
    names: Iterable[str] = ("ticket", "state", "owner", "last_by", "last_at", "question")
    return any(getattr(one, name) != getattr(other, name) for name in names)
