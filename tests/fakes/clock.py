"""A clock that moves only when it is told to, and ids that count."""

from datetime import UTC, datetime, timedelta

from moderation.ids import time_ordered_id

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class FakeClock:
    """Wall clock and monotonic clock; :meth:`advance` moves both, :meth:`sleep` and :meth:`set_back` only the wall.

    A laptop that sleeps stops its monotonic clock while the wall clock goes on.
    """

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        """Wall clock, aware UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Time passes."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def sleep(self, seconds: float) -> None:
        """The machine sleeps, or somebody sets its clock forward."""
        self._now += timedelta(seconds=seconds)

    def set_back(self, seconds: float) -> None:
        """Somebody sets the clock back."""
        self._now -= timedelta(seconds=seconds)

    def after_restart(self, seconds: float = 0.0) -> None:
        """The machine starts anew after so long: the monotonic clock begins somewhere else."""
        self._now += timedelta(seconds=seconds)
        self._monotonic = 7.0


class FakeIds:
    """Time-ordered ids of a clock, the same in every run."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._count = 0

    def new(self) -> str:
        """A fresh UUID version 7."""
        self._count += 1
        return time_ordered_id(int(self._clock.now().timestamp() * 1000), self._count.to_bytes(10, "big"))
