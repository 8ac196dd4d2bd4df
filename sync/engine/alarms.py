"""Alarms inside the engine: a thread that looks now and then, and tells what is due.

Looking costs about as much as a report of coverage, so it is done every five minutes and not with each poll.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from moderation.changes import ChangeRecord
from moderation.errors import MarqueeError
from moderation.ports import Clock

log = logging.getLogger(__name__)

FIRST_LOOK = 45.0
"""Seconds after the beginning: an engine that a command started for a moment has something else to do."""
LOOK_EVERY = 300.0
LONGEST_PAUSE = 60.0
AFTER_TROUBLE = 60.0


class Alarming(Protocol):
    """What the engine asks of the desk. All methods are called on one thread, but for :meth:`listening`."""

    def listening(self) -> bool:
        """Is there a channel in which alarms are told? Safe from any thread."""

    def look(self) -> list[ChangeRecord]:
        """Look at all communities once; gives what changed."""

    def tell(self) -> int:
        """Tell what is due; gives how many messages were sent."""

    def next_telling(self) -> datetime | None:
        """When the next one is due, ``None`` where nothing waits."""

    def close(self) -> None:
        """Close what was opened."""


class AlarmWatch:
    """The thread. ``tell`` hears of alarms that began and ended."""

    def __init__(self, alarming: Alarming, clock: Clock, tell: Callable[[list[ChangeRecord]], None]) -> None:
        self._alarming = alarming
        self._clock = clock
        self._tell = tell
        self._now = threading.Event()
        self._stopping = False
        self._asked = False
        self._next_look = clock.monotonic() + FIRST_LOOK
        self._soon = False
        self._said = ""
        self._thread = threading.Thread(target=self._loop, name="alarms", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End after the message under way."""
        self._stopping = True
        self._now.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def wake(self) -> None:
        """Something may be due: a person looked, a channel was connected. Safe from any thread."""
        self._now.set()

    def pulled(self) -> None:
        """A whole sync is done: where alarms are told to anybody, look at what it brought. Safe from any thread."""
        if self._heard():
            self._asked = self._soon = True
            self._now.set()

    def busy(self) -> bool:
        """True while a look was asked for, or something is to be told soon."""
        return self._soon

    def _loop(self) -> None:
        while not self._stopping:
            self._now.clear()
            pause = self._turn()
            self._now.wait(pause)
        self._alarming.close()

    def _turn(self) -> float:
        try:
            pause = self.step()
        except MarqueeError as error:
            self._trouble(error)
            self._soon = False
            return AFTER_TROUBLE
        except Exception:
            log.exception("alarms: a look broke")
            self._soon = False
            return AFTER_TROUBLE
        self._said = ""
        return pause

    def step(self) -> float:
        """Look, if it is time; tell what is due; gives how many seconds nothing is to be done."""
        now = self._clock.monotonic()
        if self._asked or now >= self._next_look:
            self._asked, self._next_look = False, now + LOOK_EVERY
            self._tell(self._alarming.look())
        due = None
        if self._heard():
            self._alarming.tell()
            due = self._alarming.next_telling()
        left = (due - self._clock.now()).total_seconds() if due is not None else LOOK_EVERY
        self._soon = self._asked or left <= LONGEST_PAUSE
        return max(0.2, min(left, LONGEST_PAUSE, self._next_look - self._clock.monotonic()))

    def _heard(self) -> bool:
        try:
            return self._alarming.listening()
        except MarqueeError as error:
            self._trouble(error)
            return False

    def _trouble(self, error: MarqueeError) -> None:
        """Said once, until it is well again."""
        if self._said != error.code:
            self._said = error.code
            log.warning("alarms: %s", error)
