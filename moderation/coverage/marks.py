"""What the team knows of threads and posts and no platform tells: its own cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Marks:
    """``pointers`` are posts that lead to a private place, ``converted`` threads with the time (ms) at which their
    conversation went on in private, ``for_customers`` threads that the staff opened for somebody. Native ids.
    """

    pointers: frozenset[str] = frozenset()
    converted: Mapping[str, int] = field(default_factory=dict)
    for_customers: frozenset[str] = frozenset()
    threads: frozenset[str] = frozenset()
    """Threads in which a pointer stands."""

    @property
    def touched(self) -> frozenset[str]:
        """Threads of which the marks say anything."""
        return self.threads | self.for_customers | frozenset(self.converted)
