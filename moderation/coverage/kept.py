"""What the mirror keeps for coverage, and how it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from moderation.coverage.facts import ThreadFacts
from moderation.coverage.lines import Lines
from moderation.ids import Ref


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for a time. ``lines`` are in the order of submission, those whose place is in ``stale`` stand for
    another staff and are worth nothing. ``filled``: facts are there of all threads that were pulled.
    """

    lines: Lines
    stale: Sequence[int] = ()
    filled: bool = True


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
