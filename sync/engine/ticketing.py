"""Writes to ticket systems: a ticket of a case, words and notes in it, its state, whom it belongs to.

They are intents of the community like all others, and keep the promises of the outbox: one looks before sending, and
what is not clear afterwards is looked for. A ticket system that does not answer holds up its own intents alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote

from moderation.actions import TICKET_ACTIONS, Action
from moderation.case_tickets import CaseTicket, CaseTickets, case_of, name_of, of_this_case
from moderation.errors import ConflictError, MarqueeError, RefusedError
from moderation.intents import Identities, Intent, Receipt
from moderation.ports import Clock, Team
from moderation.tickets import Ticket, TicketCan, TicketDraft, TicketState, TicketSystem, Word
from sync.connector import Answer, Before, Connection, Evidence, Push, Standing
from sync.engine.tickets import Offices, apart

_GUARDED = frozenset({Action.TICKET})
"""A key of idempotency is for new tickets alone (Zendesk); a word that was lost is a person's to repeat."""
Taken = Callable[[str], bool]


class _Shared:
    """What the pushes share: the systems, and what the team keeps of tickets."""

    def __init__(self, offices: Offices, team: Team, clock: Clock) -> None:
        self.offices = offices
        self.team = cast(CaseTickets, team)
        self.clock = clock

    def system(self, intent: Intent) -> TicketSystem:
        """The one that the intent names."""
        return self.offices.open(str(intent.payload["system"]))

    def kept(self, intent: Intent) -> CaseTicket:
        """The ticket of its case; raises ``RefusedError`` ``case_has_no_ticket``."""
        found = self.team.case_ticket(intent.community, case_of(intent))
        if found is None:
            raise RefusedError("case_has_no_ticket", case=case_of(intent))
        return found

    def keep(self, intent: Intent, ticket: Ticket, others: Sequence[str] | None = None) -> None:
        """Remember how it stands after an act of one's own: nothing is asked about that."""
        case = case_of(intent)
        known = self.team.case_ticket(intent.community, case)
        more = tuple(others) if others is not None else known.others if known is not None else ()
        system = str(intent.payload["system"])
        self.team.keep_ticket(kept_of(intent.community, case, system, ticket, self.clock.now(), more))

    def others(self, intent: Intent) -> frozenset[str]:
        """Tickets of other cases in the same system."""
        mine = (case_of(intent), str(intent.payload["system"]))
        known = self.team.case_tickets(intent.community)
        return frozenset(one.ticket for one in known if one.system == mine[1] and one.case != mine[0])

    def refresh(self, intent: Intent, system: TicketSystem, ticket: str) -> Ticket | None:
        """Read it and remember; ``None`` where it cannot be read, now or ever."""
        if TicketCan.READ not in system.can:
            return None
        try:
            now = system.read(ticket)
        except MarqueeError:
            return None
        self.keep(intent, now)
        return now

    def happened(self, intent: Intent, what: str, native: str, at: datetime | None = None) -> Evidence:
        """The receipt of an act in this system."""
        server_id = f"{what}:{quote(native, safe='')}@{intent.payload['system']}"
        receipt = Receipt(server_id, intent.account, at or self.clock.now())
        return Evidence(Answer.HAPPENED, receipt, where=("ticket",))


def kept_of(
    community: str, case: str, system: str, ticket: Ticket, now: datetime, others: Sequence[str] = ()
) -> CaseTicket:
    """What the team keeps of a ticket: no text, no address."""
    return CaseTicket(
        community=community,
        case=case,
        system=system,
        ticket=ticket.id,
        url=ticket.url,
        state=ticket.state,
        version=ticket.version,
        owner=ticket.owner or "",
        last_by=ticket.last_by,
        last_at=ticket.last_at,
        updated_at=ticket.updated_at,
        read_at=now,
        others=tuple(others),
    )


class _Create:
    """One ticket a case, whatever is retried: it is looked for first, by case and link."""

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared

    def before(self, intent: Intent) -> Before:
        found = self._found(intent, self._shared.system(intent))
        return Before(Standing.CLEAR, {"found": [ticket.id for ticket in found]})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        there: list[str] = before.baseline["found"]
        if there:
            return {"ticket": there[0]}
        payload = intent.payload
        draft = TicketDraft(
            key=name_of(intent.community, case_of(intent)),
            case=name_of(intent.community, case_of(intent)),
            link=str(payload["link"]),
            subject=str(payload["title"]),
            text=str(payload["text"]),
        )
        made = self._shared.system(intent).create(draft)
        self._shared.keep(intent, made)
        return {"ticket": made.id}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        system, named = self._shared.system(intent), hints.get("ticket")
        if TicketCan.FIND not in system.can:
            return self._shared.happened(intent, "ticket", str(named)) if named else Evidence(Answer.UNCLEAR)
        found = self._found(intent, system)
        if not found and not named:
            return Evidence(Answer.ABSENT, where=("ticket",))
        first = next((one for one in found if one.id == named), None) or (
            found[0] if found else system.read(str(named))
        )
        self._shared.keep(intent, first, [one.id for one in found if one.id != first.id])
        return self._shared.happened(intent, "ticket", first.id)

    def _found(self, intent: Intent, system: TicketSystem) -> tuple[Ticket, ...]:
        if TicketCan.FIND not in system.can:
            return ()
        name = name_of(intent.community, case_of(intent))
        found = system.find(name, str(intent.payload["link"]))
        mine = of_this_case(found, name, self._shared.others(intent))
        return tuple(sorted(mine, key=lambda one: one.state.over))


class _Say:
    """A word to the customer, or a note for staff; found again by its text. What would reach nobody is refused."""

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared

    def before(self, intent: Intent) -> Before:
        system, ticket = self._shared.system(intent), self._shared.kept(intent).ticket
        if TicketCan.READ not in system.can:
            return Before(Standing.CLEAR, {"since": None})
        now = system.read(ticket)
        if now.requester is None and not intent.payload.get("internal"):
            raise RefusedError("ticket_without_requester", case=case_of(intent))
        return Before(Standing.CLEAR, {"since": now.updated_at.isoformat() if now.updated_at else None}, now.version)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        system, ticket = self._shared.system(intent), self._shared.kept(intent).ticket
        return {"word": system.say(ticket, self._word(intent))}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        system, ticket = self._shared.system(intent), self._shared.kept(intent).ticket
        said = str(hints["word"]) if hints.get("word") else self._said(intent, system, ticket, taken)
        if said is None:
            answer = Answer.ABSENT if TicketCan.READ in system.can else Answer.UNCLEAR
            return Evidence(answer, where=("ticket",))
        self._shared.refresh(intent, system, ticket)
        return self._shared.happened(intent, "word", said)

    def _said(self, intent: Intent, system: TicketSystem, ticket: str, taken: Taken) -> str | None:
        if TicketCan.READ not in system.can:
            return None
        told = (intent.baseline or {}).get("since")
        since = datetime.fromisoformat(told) if told else datetime.fromtimestamp(0, UTC)
        said = system.said(ticket, self._word(intent), since)
        known = said is not None and taken(f"word:{quote(said, safe='')}@{intent.payload['system']}")
        return None if known else said

    @staticmethod
    def _word(intent: Intent) -> Word:
        return Word(intent.id, str(intent.payload["text"]), internal=bool(intent.payload.get("internal")))


class _SetState:
    """A change of state; not over what somebody else did since the person looked."""

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared

    def before(self, intent: Intent) -> Before:
        system, kept = self._shared.system(intent), self._shared.kept(intent)
        now = system.read(kept.ticket)
        baseline = {"version": now.version}
        if now.state is self._wanted(intent):
            return Before(Standing.ALREADY, baseline, now.version)
        if intent.seen_version and now.version != intent.seen_version:
            self._shared.keep(intent, now)
            raise _changed(intent, now)
        return Before(Standing.CLEAR, baseline, now.version)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        system, kept = self._shared.system(intent), self._shared.kept(intent)
        try:
            system.set_state(kept.ticket, self._wanted(intent), before.version)
        except ConflictError as error:
            now = self._shared.refresh(intent, system, kept.ticket)
            raise (_changed(intent, now) if now is not None else error) from error
        return {}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        system, kept = self._shared.system(intent), self._shared.kept(intent)
        now = system.read(kept.ticket)
        self._shared.keep(intent, now)
        if now.state is self._wanted(intent):
            return self._shared.happened(intent, "state", f"{now.id}.{intent.id}", now.updated_at)
        return Evidence(Answer.ABSENT, where=("ticket",))

    @staticmethod
    def _wanted(intent: Intent) -> TicketState:
        return TicketState(intent.payload["state"])


class _SetRequester:
    """Whom a ticket belongs to: an address that the customer confirmed."""

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared

    def before(self, intent: Intent) -> Before:
        now = self._shared.system(intent).read(self._shared.kept(intent).ticket)
        return Before(Standing.CLEAR, {"requester": now.requester}, now.version)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        kept = self._shared.kept(intent)
        self._shared.keep(
            intent, self._shared.system(intent).set_requester(kept.ticket, str(intent.payload["address"]))
        )
        return {"set": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        now = self._shared.system(intent).read(self._shared.kept(intent).ticket)
        before = (intent.baseline or {}).get("requester")
        told = hints.get("set") and now.requester is not None
        if not told and now.requester not in {intent.payload["address"]} and now.requester in {None, before}:
            return Evidence(Answer.ABSENT, where=("ticket",))
        self._shared.keep(intent, now)
        payload, community = intent.payload, intent.community
        post, by = str(payload.get("confirmed_in") or ""), intent.account
        self._shared.team.note_address_confirmed(community, case_of(intent), post, by, self._shared.clock.now())
        return self._shared.happened(intent, "requester", f"{now.id}.{intent.id}", now.updated_at)


class _Apart:
    """A push whose troubles hold up nothing but its own intents."""

    def __init__(self, push: Push) -> None:
        self._push = push

    def before(self, intent: Intent) -> Before:
        with apart():
            return self._push.before(intent)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        with apart():
            return self._push.send(intent, before)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        with apart():
            return self._push.look(intent, hints, taken)


class _Joined:
    """A connection of the community that also does what belongs to tickets."""

    def __init__(self, connection: Connection, pushes: Mapping[Action, Push], guards: bool) -> None:
        self._connection = connection
        self._pushes = pushes
        self._guards = guards

    def push(self, action: Action) -> Push:
        """That of the ticket system, or the community's."""
        return self._pushes[action] if action in TICKET_ACTIONS else self._connection.push(action)

    def guards_repeats(self, action: Action) -> bool:
        """True where the one or the other refuses an identical repeat."""
        if action in TICKET_ACTIONS:
            return self._guards and action in _GUARDED
        return self._connection.guards_repeats(action)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class WithTickets:
    """Connections of a community for the outbox, which do what belongs to tickets too."""

    def __init__(
        self,
        community: str,
        connections: Callable[[Identities], Connection],
        offices: Offices,
        team: Team,
        clock: Clock,
    ) -> None:
        self._community = community
        self._connections = connections
        self._offices = offices
        shared = _Shared(offices, team, clock)
        self._pushes: dict[Action, Push] = {
            Action.TICKET: _Apart(_Create(shared)),
            Action.TICKET_WORD: _Apart(_Say(shared)),
            Action.TICKET_STATE: _Apart(_SetState(shared)),
            Action.TICKET_REQUESTER: _Apart(_SetRequester(shared)),
        }

    def __call__(self, identity: Identities) -> Connection:
        """The connection of an identity; raises as that of the community does."""
        return cast(Connection, _Joined(self._connections(identity), self._pushes, self._guards()))

    def _guards(self) -> bool:
        name = self._offices.usual(self._community)
        try:
            return name is not None and TicketCan.GUARDS in self._offices.open(name).can
        except MarqueeError:
            return False


def _changed(intent: Intent, now: Ticket) -> ConflictError:
    """Both sides: what was wanted, and how it stands."""
    wanted = str(intent.payload["state"])
    return ConflictError("ticket_changed_to", state=str(now.state), wanted=wanted, owner=now.owner or "", ticket=now.id)
