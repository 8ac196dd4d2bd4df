"""Back-off of one community: what 429 and 503 ask for is kept by every request after it."""

import logging
import threading
import time
from collections.abc import Callable

from moderation.errors import TryLaterError

log = logging.getLogger(__name__)

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 60.0
LONGEST_SLEEP = 900.0
"""A wait beyond this (a day's limit can ask for hours) is told at once to whoever wants something."""


def too_long(seconds: float) -> TryLaterError:
    """A wait that nobody sits out: one sentence with the hours."""
    hours = max(round(seconds / 3600, 1), 0.1)
    return TryLaterError("day_limit_reached", seconds=round(seconds, 3), hours=hours)


class Pacing:
    """When the next request may start. Safe to use from several threads.

    Without ``Retry-After`` the wait doubles from 2 to 60 seconds and is forgotten by the first good answer. Only the
    first failure of an outage and its end are logged.
    """

    def __init__(self, community: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._community = community
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._until = 0.0
        self._doubled = 0.0
        self._trouble: str | None = None

    def check(self) -> None:
        """Raise ``TryLaterError`` while the community asked to be left alone."""
        left = self._until - self._monotonic()
        if left > LONGEST_SLEEP:
            raise too_long(left)
        if left > 0:
            raise TryLaterError(
                "community_asks_to_wait", seconds=round(left, 3), community=self._community, cause=self._trouble
            )

    def asked(self, code: str, retry_after: float | None) -> float:
        """The server asked to wait; gives the seconds."""
        with self._lock:
            self._doubled = min(self._doubled * 2 or FIRST_SECONDS, LONGEST_SECONDS)
            seconds = self._doubled if retry_after is None else retry_after
            self._until = max(self._until, self._monotonic() + seconds)
        self.failed(code)
        return seconds

    def failed(self, code: str) -> None:
        """Note a failure; logged when it is the first."""
        if self._trouble is None:
            log.warning("%s: %s", self._community, code)
        self._trouble = code

    def worked(self) -> None:
        """Note a good answer; logged when it ends an outage."""
        if self._trouble is None:
            return
        with self._lock:
            trouble, self._trouble, self._doubled = self._trouble, None, 0.0
        log.info("%s: answers again after %s", self._community, trouble)
