"""The roster beside the pulling: connectors learn whose following is wanted, and the team's store how it changed."""

from datetime import datetime
from typing import cast

from moderation.ids import Ref
from moderation.people.ports import People
from sync.engine.stores import Stores


class RosterInStep:
    """Of one community. Its methods are called from one thread at a time; neither asks the server for anything."""

    def __init__(self, name: str, stores: Stores) -> None:
        self._name = name
        self._stores = stores
        self._asked = False

    def asked(self) -> None:
        """A person waits for everything: what was read a while ago is read again with the next walk."""
        self._asked = True

    def tell(self) -> None:
        """Before a walk: whose following is to be read. People who left the staff are read no more."""
        asked, self._asked = self._asked, False
        self._stores.writer.set_people(self._name, self._accounts(), self._stores.clock.now() if asked else None)

    def note(self) -> int:
        """After a walk: what changed since the last one, for the history; gives how many changes there were."""
        accounts = self._accounts()
        if not accounts:
            return 0
        followed = self._stores.writer.followed(self._name, accounts)
        return self._people.note_following(self._name, followed, self._stores.clock.now())

    @property
    def _people(self) -> People:
        return cast(People, self._stores.team)

    def _accounts(self) -> list[Ref]:
        return staff_accounts(self._people, self._name, self._stores.clock.now())


def staff_accounts(people: People, community: str, now: datetime) -> list[Ref]:
    """Accounts in a community of everybody in the roster who is on the staff now; no programs."""
    there = (person for person in people.roster() if person.on_staff(now) and not person.bot)
    return [account for person in there if (account := person.account(community)) is not None]
