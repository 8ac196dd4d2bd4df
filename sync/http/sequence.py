"""The start sequence: a number taken when a request begins, so that an older answer never replaces a newer one."""

import threading


class Sequence:
    """Numbers that only grow, for all requests of a community. Safe to use from several threads.

    ``start`` is the highest number already used (what the mirror holds), so that numbers grow across restarts.
    """

    def __init__(self, start: int = 0) -> None:
        self._last = start
        self._lock = threading.Lock()

    def next(self) -> int:
        """The next number, above all before it."""
        with self._lock:
            self._last += 1
            return self._last

    @property
    def last(self) -> int:
        """The highest number given so far."""
        return self._last
