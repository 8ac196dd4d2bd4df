"""Keeps what coverage is computed from in step with the staff: a part between two polls."""

import logging
from collections.abc import Callable

from moderation.errors import MarqueeError, StoreError
from sync.engine.stores import Stores

log = logging.getLogger(__name__)

LOOK_EVERY = 60.0
"""Seconds between two looks at who the staff is."""
SECONDS_AT_ONCE = 2.0
AT_ONCE = 200
"""Threads in one transaction."""


class FactsInStep:
    """Lines of threads that are missing, or stand for a staff that is another now, are computed in the background.

    Its methods are called from one thread at a time. Rules that cannot be read are told once in the log; until they
    are mended the staff stays as it was.
    """

    def __init__(self, name: str, stores: Stores) -> None:
        self._name = name
        self._stores = stores
        self._next_look = stores.clock.monotonic()
        self._told = ""
        self._more = True

    def step(self, stopping: Callable[[], bool]) -> None:
        """Work for a moment, if there is anything to do."""
        self._look()
        until = self._stores.clock.monotonic() + SECONDS_AT_ONCE
        while self._more and not stopping() and self._stores.clock.monotonic() < until:
            self._more = self._stores.writer.count_again(self._name, AT_ONCE) > 0

    def all(self, stopping: Callable[[], bool]) -> None:
        """Work until nothing is left, for whoever waits for a whole sync."""
        self._next_look = self._stores.clock.monotonic()
        self._look()
        while self._more and not stopping():
            self._more = self._stores.writer.count_again(self._name, AT_ONCE) > 0

    def _look(self) -> None:
        now = self._stores.clock.monotonic()
        if self._stores.staff is None or now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY
        try:
            self._stores.writer.set_staff(self._name, self._stores.staff(self._name))
        except StoreError as error:
            self._tell(error)
        else:
            self._told = ""
        self._more = True

    def _tell(self, error: MarqueeError) -> None:
        if self._told != error.code:
            self._told = error.code
            log.warning("%s: who the staff is cannot be read: %s %s", self._name, error.code, error.facts)
