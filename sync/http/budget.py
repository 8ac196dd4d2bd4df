"""The request budget of one community: how many at once, how many a second, and who goes first."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from moderation.errors import TryLaterError
from sync.connector import Urgency
from sync.http.answer import Limited


class Budget:
    """Slots for requests. Safe to use from several threads; shared by all accounts of a community.

    At most ``parallel`` requests run at once. ``rate`` (requests a second, refilled up to ``burst``) is ``None`` where
    the platform has no limit. Among those who wait, people's clicks go before the outbox, that before polls, and
    background work last; equals in the order in which they came.
    """

    def __init__(
        self,
        parallel: int = 4,
        rate: float | None = None,
        burst: float = 1.0,
        patience: float = 60.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._parallel = parallel
        self._rate = rate
        self._burst = burst
        self._patience = patience
        self._monotonic = monotonic
        self._tokens = burst
        self._filled_at = monotonic()
        self._running = 0
        self._waiting: list[tuple[int, int]] = []
        self._numbers = itertools.count()
        self._change = threading.Condition()

    @property
    def left(self) -> float | None:
        """Requests that may start right now within the rate, ``None`` where there is no limit."""
        if self._rate is None:
            return None
        with self._change:
            self._refill()
            return self._tokens

    def wait(self, urgency: Urgency) -> float:
        """Seconds that a request of this urgency would have to wait for the rate."""
        with self._change:
            return self._until(urgency)

    def may(self, urgency: Urgency) -> bool:
        """True when a request of this urgency would not have to wait for the rate."""
        return self.wait(urgency) <= 0

    def told(self, limited: Limited) -> None:
        """The server said that there were too many; a plain budget learns nothing from it."""

    def note(self, urgency: Urgency) -> None:
        """Count a request that is held open for long and takes no turn from anybody.

        Raises ``TryLaterError`` where it would have to wait: nobody waits for such a request.
        """
        with self._change:
            if (wait := self._until(urgency)) > 0:
                raise TryLaterError("budget_used_up", seconds=round(wait, 3))
            self._spend(urgency)

    @contextmanager
    def slot(self, urgency: Urgency) -> Iterator[None]:
        """Wait for a turn and hold it; ``TryLaterError`` when none came within the patience."""
        self._enter(urgency)
        try:
            yield
        finally:
            with self._change:
                self._running -= 1
                self._change.notify_all()

    def _enter(self, urgency: Urgency) -> None:
        me = (int(urgency), next(self._numbers))
        ends = self._monotonic() + self._patience
        with self._change:
            heapq.heappush(self._waiting, me)
            try:
                while not self._my_turn(me):
                    left = ends - self._monotonic()
                    if left <= 0:
                        raise TryLaterError("budget_used_up", seconds=self._until(urgency))
                    self._change.wait(min(left, self._until(urgency) or left))
                self._spend(urgency)
                self._running += 1
            finally:
                self._waiting.remove(me)
                heapq.heapify(self._waiting)
                self._change.notify_all()

    def _my_turn(self, me: tuple[int, int]) -> bool:
        free = self._running < self._parallel and self._until(Urgency(me[0])) <= 0
        return free and self._waiting[0] == me

    def _spend(self, urgency: Urgency) -> None:
        """A request of this urgency starts now."""
        self._tokens -= 1 if self._rate is not None else 0

    def _refill(self) -> None:
        if self._rate is None:
            return
        now = self._monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now

    def _until(self, urgency: Urgency) -> float:
        """Seconds until the rate allows one more; 0 where only a free slot is missing."""
        self._refill()
        if self._rate is None or self._tokens >= 1:
            return 0.0
        return (1 - self._tokens) / self._rate + 0.001


class Beside(Budget):
    """The budget of requests that are held open: they count in another budget as any do, and hold none of its turns."""

    def __init__(self, counted: Budget) -> None:
        super().__init__()
        self._counted = counted

    def told(self, limited: Limited) -> None:
        """What a 429 says of the key concerns the other budget."""
        self._counted.told(limited)

    @contextmanager
    def slot(self, urgency: Urgency) -> Iterator[None]:
        """Count it; raises as :meth:`Budget.note`."""
        self._counted.note(urgency)
        yield
