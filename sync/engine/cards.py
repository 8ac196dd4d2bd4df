"""Presence cards inside the engine: a thread that looks whether what is published is still true.

It looks when the team's store has changed (somebody's consent, an absence, an owner), and every quarter of an hour for
what else may have changed; where no card is published that costs a query.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from moderation.errors import MarqueeError
from moderation.ids import Ref
from moderation.ports import Clock

log = logging.getLogger(__name__)

FIRST_LOOK = 5.0
EVERY = 20.0
LOOK_EVERY = 900.0
READ_EVERY = 3600.0
"""A card is read again so often, to notice what somebody changed by hand."""
AFTER_TROUBLE = 300.0


class CardKeeping(Protocol):
    """What the engine asks of the desk; called on one thread."""

    def version(self) -> int:
        """A number that grows with every change of the team's store."""

    def keep_true(self) -> tuple[int, Sequence[Ref]]:
        """Begin what is to be corrected; gives how many plans that were, and the posts and threads of the
        cards that stand."""

    def close(self) -> None:
        """Close what was opened."""


class CardWatch:
    """The thread. ``wake`` says that the journal moved, ``want`` that things are to be read."""

    def __init__(
        self, keeping: CardKeeping, clock: Clock, wake: Callable[[], None], want: Callable[[Sequence[Ref]], None]
    ) -> None:
        self._keeping = keeping
        self._clock = clock
        self._wake = wake
        self._want = want
        self._now = threading.Event()
        self._stopping = False
        self._seen: int | None = None
        self._next_look = 0.0
        self._read: dict[Ref, float] = {}
        self._said = ""
        self._thread = threading.Thread(target=self._loop, name="cards", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End after the look under way."""
        self._stopping = True
        self._now.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def look(self) -> None:
        """Look now. Safe from any thread."""
        self._next_look = 0.0
        self._now.set()

    def _loop(self) -> None:
        self._now.wait(FIRST_LOOK)
        while not self._stopping:
            self._now.clear()
            self._now.wait(self._turn())
        self._keeping.close()

    def _turn(self) -> float:
        try:
            self.step()
        except MarqueeError as error:
            if self._said != error.code:
                self._said = error.code
                log.warning("presence cards: %s", error)
            return AFTER_TROUBLE
        except Exception:
            log.exception("presence cards: a look broke")
            return AFTER_TROUBLE
        self._said = ""
        return EVERY

    def step(self) -> None:
        """Look, if anything may have changed."""
        now, version = self._clock.monotonic(), self._keeping.version()
        if version == self._seen and now < self._next_look:
            return
        begun, standing = self._keeping.keep_true()
        self._seen, self._next_look = version, now + LOOK_EVERY
        if begun:
            self._wake()
        due = [one for one in standing if now - self._read.get(one, -READ_EVERY) >= READ_EVERY]
        self._read = {one: self._read.get(one, now) for one in standing} | dict.fromkeys(due, now)
        if due:
            self._want(due)
