"""The guard of figures by person in memory."""

from datetime import datetime

from moderation.errors import NotAllowedError
from moderation.ids import Ref
from moderation.persons import Look, Permit, PersonRules, Scope


class FakeLooks:
    """Implements :class:`moderation.persons.LookLog`."""

    def __init__(self) -> None:
        self.person: dict[str, PersonRules] = {}
        self.looked: list[Look] = []

    def person_rules(self, community: str) -> PersonRules:
        """Off until somebody switches it on."""
        return self.person.get(community, PersonRules())

    def set_person_rules(self, community: str, rules: PersonRules) -> None:
        """Set it."""
        self.person[community] = rules

    def permit_own(self, community: str, member: Ref) -> Permit:
        """Always."""
        return Permit(community, member)

    def permit_all(self, community: str, by: Ref, by_name: str, scope: Scope, at: datetime) -> Permit:
        """With a line in the log."""
        rules = self.person_rules(community)
        self.looked.append(Look(at, str(by), by_name, community, scope, "allowed" if rules.shown else "refused"))
        if not rules.shown:
            raise NotAllowedError("persons_off", community=community)
        return Permit(community, None, rules.least_group)

    def looks(self, community: str, limit: int = 200) -> list[Look]:
        """Newest first."""
        return [one for one in reversed(self.looked) if one.community == community][:limit]
