"""What all parts of a connection share: readers, ids, rights, the budget, and a few remembered names."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from moderation.content import Member
from moderation.ids import Ref
from sync.connector import Account, Urgency
from sync.discourse import endpoints
from sync.discourse.decode_content import Decoder
from sync.discourse.decoders import USER
from sync.discourse.identity import IdentityReader
from sync.discourse.ids import Namer
from sync.discourse.payloads import UserP
from sync.discourse.reading import Reader
from sync.discourse.rights import Rights
from sync.http import Budget, Client, Cut, PlannedBudget
from sync.parts.recent import Recent
from sync.parts.times import utc_now


class People:
    """Names by id, the most recently told ones. Safe to use from several threads."""

    def __init__(self, most: int = 50_000) -> None:
        self._names: Recent[int, str] = Recent(most)

    def learn(self, users: Iterable[UserP]) -> None:
        """These were told."""
        for user in users:
            if user.username:
                self._names.put(user.id, user.username)

    def name(self, user: str) -> str | None:
        """The name that was told last."""
        return self._names.get(int(user)) if user.isdigit() else None


@dataclass
class Context:
    """One community as one account sees it. ``guest`` reads as an anonymous visitor; ``bus`` and ``held`` are clients
    of the message bus, and ``cut`` ends what the second holds open.
    """

    base_url: str
    decode: Decoder
    account: Account
    reader: Reader
    guest: Reader
    identity: IdentityReader
    budget: Budget
    now: Callable[[], datetime] = utc_now
    people: People = field(default_factory=People)
    bus: Client | None = None
    held: Client | None = None
    cut: Cut = field(default_factory=Cut)
    monotonic: Callable[[], float] = time.monotonic

    @property
    def names(self) -> Namer:
        """Makes ids of this community."""
        return self.decode.names

    @property
    def is_admin_key(self) -> bool:
        """True for a key of the site, which acts as the account that each request names."""
        return self.account.acts_as is not None

    def rights(self, urgency: Urgency = Urgency.POLL) -> Rights:
        """What this account may do, as read last."""
        return self.identity.rights(self.now(), urgency)

    @property
    def scarce(self) -> bool:
        """True where the program had better ask for less than it usually does."""
        return isinstance(self.budget, PlannedBudget) and self.budget.scarce

    def hang_up(self) -> None:
        """End a poll of the bus that is held open, and let none begin."""
        self.cut.now()
        for client in (self.bus, self.held):
            if client is not None:
                client.close()

    def patient(self) -> bool:
        """False where background work had better go on later: the plan of the day is used up for now."""
        return not (isinstance(self.budget, PlannedBudget) and self.budget.planned_out)

    def members(self, users: Iterable[UserP]) -> tuple[Member, ...]:
        """Members of these users, each once; their names are remembered."""
        given = list(users)
        self.people.learn(given)
        found = (self.decode.member(user) for user in {user.id: user for user in given}.values())
        return tuple(member for member in found if member is not None)

    def username(self, member: Ref, urgency: Urgency = Urgency.FLUSH) -> str | None:
        """The name of a member, which most writes need; asked for where it was never told. ``None`` for nobody."""
        known = self.people.name(member.native)
        if known is not None:
            return known
        read = self.reader.find(endpoints.admin_user(member.native), USER, urgency)
        if read.value is None:
            return None
        self.people.learn([read.value])
        return read.value.username or None
