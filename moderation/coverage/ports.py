"""What coverage needs from the outside: the kept facts, and who is on the staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from moderation.coverage.facts import ThreadFacts
from moderation.coverage.lines import Lines
from moderation.coverage.staff import StaffDays
from moderation.ids import Ref


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for a time. ``lines`` are in the order of submission, those whose place is in ``stale`` stand for
    another staff and are worth nothing. ``filled``: facts are there of all threads that were pulled.
    """

    lines: Lines
    stale: Sequence[int] = ()
    filled: bool = True


@runtime_checkable
class FactReader(Protocol):
    """The mirror, as far as coverage asks it. One instance belongs to one thread."""

    def thread_lines(self, community: str, since_ms: int, until_ms: int, stamp: str) -> Kept:
        """Lines of threads submitted at ``since`` or later and before ``until``, as computed for this staff.

        About 100 ms for a hundred thousand threads: not on the window's own thread.
        """

    def thread_facts(self, community: str, threads: Sequence[str]) -> list[ThreadFacts]:
        """Facts of threads by native id, those that have none left out."""

    def platform_staff(self, community: str) -> list[Ref]:
        """Members of the platform's staff groups, who look after a forum, and the signed-in accounts: as they are now,
        by id.
        """


@runtime_checkable
class Roster(Protocol):
    """Who is on the staff, as people said."""

    def staff_days(self, community: str) -> StaffDays | None:
        """The staff of a community with their days; ``None``: nobody has said yet."""


def staff_of(roster: Roster | None, community: str, platform: Sequence[Ref], bots: frozenset[str]) -> StaffDays:
    """The staff as people said, else as the platform says today; programs as the team named them."""
    told = roster.staff_days(community) if roster is not None else None
    staff = told if told is not None else StaffDays.of_groups(platform)
    return StaffDays(staff.terms, staff.bots | bots, staff.confirmed)
