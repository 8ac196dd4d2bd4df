"""Who may see figures of whom. The team store decides and writes it down before it gives a permit; without one nothing
is computed by person.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderation.ids import Ref

LEAST_GROUP = 5
"""Fewer persons are no group; a team may set more, and not less than two."""


@dataclass(frozen=True, slots=True)
class PersonRules:
    """What the team has set for a community."""

    shown: bool = False
    least_group: int = LEAST_GROUP


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody asks for: threads submitted since then, in these forums (id texts; empty: all)."""

    since: datetime
    forums: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to compute figures by person. ``only`` is the one member whose figures may be seen, ``None``: everybody's,
    where at least ``least_group`` persons are in them.
    """

    community: str
    only: Ref | None
    least_group: int = LEAST_GROUP


@dataclass(frozen=True, slots=True)
class Look:
    """A line of the log: who asked for figures of others, when, for what. ``outcome``: ``allowed`` or ``refused``."""

    at: datetime
    by: str
    by_name: str
    community: str
    scope: Scope
    outcome: str


class LookLog(Protocol):
    """The part of the team store that guards figures of persons."""

    def person_rules(self, community: str) -> PersonRules:
        """What holds now."""

    def set_person_rules(self, community: str, rules: PersonRules) -> None:
        """Set it."""

    def permit_own(self, community: str, member: Ref) -> Permit:
        """Leave to see one's own figures; always given, and not logged."""

    def permit_all(self, community: str, by: Ref, by_name: str, scope: Scope, at: datetime) -> Permit:
        """Leave to see those of others. The look is in the log before this returns, also where it is refused: raises
        ``NotAllowedError`` ``persons_off``.
        """

    def looks(self, community: str, limit: int = 200) -> list[Look]:
        """The log, newest first."""
