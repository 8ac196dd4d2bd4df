"""What every service of the desk works with: the ports, and who sits at it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from moderation.capabilities import Capability
from moderation.case_tickets import TicketOffice
from moderation.desk.ticket_words import ReadTicket, no_ticket_read
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Ref
from moderation.intents import Identities, Intent, IntentState
from moderation.items import PENDING_STATES, ItemState
from moderation.plans import Sender
from moderation.ports import (
    NOT_PRIVATE,
    PUT_OFF,
    Clock,
    CommunityRow,
    Engine,
    Ids,
    Journal,
    Mirror,
    Pending,
    PutOff,
    Team,
)
from moderation.privacy.dismissals import Dismissals, NotPrivate

HOLD_SECONDS = 5.0


def no_office(community: str) -> TicketOffice | None:
    """No ticket system is connected."""
    del community
    return None


@dataclass(slots=True)
class Bench:
    """The ports that the services share. One bench belongs to one thread (its mirror reader does). ``office`` tells
    which ticket system is connected for a community, ``read_ticket`` asks one what was said in a ticket.
    """

    mirror: Mirror
    journal: Journal
    team: Team
    engine: Engine
    clock: Clock
    ids: Ids
    hold_seconds: float = HOLD_SECONDS
    office: Callable[[str], TicketOffice | None] = no_office
    read_ticket: ReadTicket = no_ticket_read

    def community(self, name: str) -> CommunityRow:
        """A connected community; raises ``UnknownIdError`` ``community_unknown``."""
        for row in self.mirror.communities():
            if row.name == name:
                return row
        raise UnknownIdError("community_unknown", community=name)

    def sender(self, community: str, identity: Identities = Identities.ME) -> Sender:
        """Who sends there under this identity.

        Raises ``NotAllowedError`` ``no_official_account`` where none is connected.
        """
        row = self.community(community)
        if identity is Identities.ME:
            return Sender(community, row.identity.member)
        if row.official is None:
            raise NotAllowedError("no_official_account", community=community)
        return Sender(community, row.official.member, identity)

    def require(self, community: str, capability: Capability) -> None:
        """The one place that refuses what a platform cannot do: ``NotAllowedError`` ``capability_missing``."""
        row = self.community(community)
        if capability not in row.capabilities:
            raise NotAllowedError("capability_missing", capability=str(capability), platform=row.info.platform)

    def refresh_overlay(self) -> None:
        """Lay pending intents and what was put off over the mirror rows of this bench's reader."""
        self.lay_over(self.journal.attention(), self.put_off())

    def lay_over(self, intents: Iterable[Intent], put_off: Iterable[PutOff]) -> None:
        """The same with what was just read."""
        pending = [pending_of(intent) for intent in intents if intent.item is not None]
        dismissed = [dismissed_of(each) for each in cast(Dismissals, self.team).not_private()]
        self.mirror.lay_over([*dismissed, *(later_of(each) for each in put_off), *pending])

    def put_off(self) -> list[PutOff]:
        """What this person has put off and still is so, soonest first: neither due, nor decided, nor reported again."""
        now = self.clock.now()
        members = [str(row.identity.member) for row in self.mirror.communities()]
        found = self.team.put_off_by(members) if members else []
        return [each for each in found if each.until > now and self._waits(each)]

    def _waits(self, what: PutOff) -> bool:
        item = self.mirror.item(Ref.parse(what.item))
        return item is not None and item.state in PENDING_STATES and item.report_count <= what.reports


def pending_of(intent: Intent) -> Pending:
    """How an intent shows on its item: on the way it changes what the queue says, in doubt it only marks it."""
    on_the_way = intent.state not in {IntentState.IN_DOUBT, IntentState.CONFLICT, IntentState.REFUSED}
    closes = intent.leads_to
    effective = str(closes) if on_the_way and closes is not None else None
    return Pending(intent.id, str(intent.item), str(intent.action), intent.state, effective)


def later_of(what: PutOff) -> Pending:
    """How an item that was put off shows: it leaves its list for that of what comes later."""
    return Pending(what.until.isoformat(), what.item, PUT_OFF, IntentState.WAITING, str(ItemState.LATER))


def dismissed_of(what: NotPrivate) -> Pending:
    """How a find that is not private shows: not at all."""
    return Pending(what.print.hex(), what.post, NOT_PRIVATE, IntentState.CONFIRMED, None)


def reference(thing: Ref | str) -> Ref:
    """A :class:`Ref` from itself or from its text."""
    return thing if isinstance(thing, Ref) else Ref.parse(thing)
