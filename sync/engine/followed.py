"""Which threads the staff follow, read after each walk, a few people at a time, into the team's store."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

from moderation.following.threads import FollowedThreads
from moderation.ids import Kind, Ref
from moderation.people.ports import People
from moderation.records import Batch
from sync.connector import Connection, TellsThreads
from sync.engine.roster import staff_accounts
from sync.engine.stores import Stores
from sync.parts.staff import people_wanted

EVERY, WHEN_ASKED = timedelta(hours=6), timedelta(minutes=1)
"""How old a list becomes; where a person asks for everything."""
AT_ONCE = 40
"""People that are read after one walk; the longest unread go first."""


class FollowedInStep:
    """Of one community. Its method is called from one thread at a time, after the connector was told the roster."""

    def __init__(self, name: str, stores: Stores) -> None:
        self._name = name
        self._stores = stores
        self._tried: dict[Ref, datetime] = {}

    def read(self, connection: Connection, *, asked: bool = False) -> Iterator[Batch]:
        """Lists of those in the roster that are due. One that cannot be read is named with why, and spoils no other."""
        if not isinstance(connection, TellsThreads):
            return
        self._forget_who_left()
        known, now = self._stores.known(self._name), self._stores.clock.now
        wanted = {Ref(self._name, Kind.MEMBER, native): name for native, name in people_wanted(known).items()}
        for member in self._due(wanted, WHEN_ASKED if asked else EVERY)[:AT_ONCE]:
            at = self._tried[member] = now()  # whose list breaks the walk is not the first of the next one
            told = connection.threads_followed(member, wanted[member], known)
            if told is None:
                del self._tried[member]
                return
            if told.records:
                yield Batch(told.records, {})
            self._people.keep_followed_threads(FollowedThreads(member, at, told.threads, told.whole, told.why))

    def _due(self, members: dict[Ref, str], age: timedelta) -> list[Ref]:
        """Whose list is older, whoever of the team read it; those that were never read first."""
        now, last = self._stores.clock.now(), dict(self._tried)
        for who, told in self._people.followed_threads(self._name).items():
            last[who] = max(told.seen_at, last.get(who, told.seen_at))
        due = [who for who in members if who not in last or not timedelta() <= now - last[who] < age]
        return sorted(due, key=lambda who: (last[who].timestamp() if who in last else 0.0, str(who)))

    def _forget_who_left(self) -> None:
        there = set(staff_accounts(self._people, self._name, self._stores.clock.now()))
        left = [member for member in self._people.followed_threads(self._name) if member not in there]
        if left:
            self._people.drop_followed_threads(left)

    @property
    def _people(self) -> People:
        return cast(People, self._stores.team)
