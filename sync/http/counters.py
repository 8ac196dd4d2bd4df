"""Requests and bytes, counted for the person who asks what a sync cost."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What went over the wire: requests begun, bytes of answer bodies as they came (before unpacking)."""

    requests: int = 0
    bytes: int = 0

    def __sub__(self, earlier: "Usage") -> "Usage":
        return Usage(self.requests - earlier.requests, self.bytes - earlier.bytes)


class Counters:
    """Counts for one community. Safe to use from several threads."""

    def __init__(self) -> None:
        self._usage = Usage()
        self._lock = threading.Lock()

    def add(self, *, requests: int = 0, body: int = 0) -> None:
        """Count a request begun, or bytes read."""
        with self._lock:
            self._usage = Usage(self._usage.requests + requests, self._usage.bytes + body)

    @property
    def usage(self) -> Usage:
        """The sums so far."""
        return self._usage
