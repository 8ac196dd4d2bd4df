"""The community's own clock: starts where it is told to, runs with real time or stands still for a test."""

import time


class Clock:
    """Milliseconds since 1970, UTC. `tick()` never gives the same value twice."""

    def __init__(self, start_ms: int, running: bool = True) -> None:
        self._base = start_ms
        self._running = running
        self._since = time.monotonic()
        self._last = 0

    def now(self) -> int:
        """The present time in milliseconds."""
        if not self._running:
            return self._base
        return self._base + int((time.monotonic() - self._since) * 1000)

    def tick(self) -> int:
        """The present time, or one more than the last tick: entries keyed by time stay apart."""
        self._last = max(self._last + 1, self.now())
        return self._last

    def advance(self, seconds: float) -> None:
        """Move the clock forward at once."""
        self._base += int(seconds * 1000)

    def stop(self) -> None:
        """Stand still at the present time; `advance` still works."""
        self._base, self._running = self.now(), False

    def run(self) -> None:
        """Go on with real time from where the clock stands."""
        self._since, self._running = time.monotonic(), True
