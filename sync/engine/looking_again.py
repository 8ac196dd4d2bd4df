"""When all threads are looked at again: as often as that costs little beside everything else."""

from collections.abc import Iterator
from datetime import datetime

from moderation.ports import Clock
from moderation.records import Batch
from sync.connector import Connection, Known, LooksAgain

AT_MOST_EVERY = 3600.0
PAUSE_A_REQUEST = 6.0
"""Seconds of pause for each request that a look took: ten a minute on the average."""
PAUSE_WHERE_LIMITED = 120.0
"""The same where the platform limits requests: a quarter of the 2,880 a day that a Discourse leaves a member's key."""
PAUSE_WHEN_ASKED, PAUSE_WHEN_ASKED_AND_LIMITED = 0.2, 2.0
"""The same where somebody waits for a whole sync."""
ALWAYS_WHEN_ASKED, ALWAYS_WHEN_ASKED_AND_LIMITED = 60, 5
"""A look of no more requests than this is then taken every time: more than a thousand threads of a NodeBB."""


class LookingAgain:
    """Plans the looks of one community. Used from one thread at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._done: float | None = None
        self._requests = 0

    def batches(
        self, connection: Connection, known: Known, horizon: datetime, *, asked: bool = False
    ) -> Iterator[Batch]:
        """A look, if it is time for one; one that broke off is begun anew the next time."""
        if not isinstance(connection, LooksAgain) or not self._is_time(asked, connection.budget_left() is not None):
            return
        before = connection.usage().get("requests", 0)
        yield from connection.look_again(known, horizon)
        self._done, self._requests = self._clock.monotonic(), connection.usage().get("requests", 0) - before

    def _is_time(self, asked: bool, limited: bool) -> bool:
        if self._done is None:
            return True
        if asked:
            if self._requests <= (ALWAYS_WHEN_ASKED_AND_LIMITED if limited else ALWAYS_WHEN_ASKED):
                return True
            pause = self._requests * (PAUSE_WHEN_ASKED_AND_LIMITED if limited else PAUSE_WHEN_ASKED)
        else:
            pause = max(AT_MOST_EVERY, self._requests * (PAUSE_WHERE_LIMITED if limited else PAUSE_A_REQUEST))
        return self._clock.monotonic() - self._done >= pause
