"""What coverage needs to know of the team: its rules, and who is on the staff."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from moderation.coverage.rules import CoverageRules
from moderation.coverage.staff import StaffDays
from moderation.ids import Ref


class Promises(Protocol):
    """What the team has set: rules by forum, and who is on the staff."""

    def rules(self) -> CoverageRules:
        """The rules as they are now; raises ``StoreError`` ``coverage_rules_unreadable``."""

    def staff(self, community: str, platform: Sequence[Ref]) -> StaffDays:
        """The staff of a community; ``platform`` are those whom the platform has on its staff today."""


@dataclass(frozen=True, slots=True)
class Promised:
    """The same where nobody has set anything, or where it is given."""

    given: CoverageRules = field(default_factory=CoverageRules)
    roster: StaffDays | None = None

    def rules(self) -> CoverageRules:
        """What was given."""
        return self.given

    def staff(self, community: str, platform: Sequence[Ref]) -> StaffDays:
        """What was given, else whom the platform has."""
        return staff_of(self.roster, community, platform, self.given.bots)


def staff_of(told: StaffDays | None, community: str, platform: Sequence[Ref], bots: frozenset[str]) -> StaffDays:
    """The staff as people said, else (nobody said anything of this community) as the platform says today; programs
    besides.
    """
    here = told is not None and told.confirmed and bool(told.crew(community).spans)
    staff = told if told is not None and here else StaffDays.of_groups(platform)
    programs = staff.bots | bots | (told.bots if told is not None else frozenset())
    return StaffDays(staff.terms, programs, staff.confirmed)
