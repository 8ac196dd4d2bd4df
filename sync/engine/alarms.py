"""Alarms inside the engine: a thread that looks now and then, and tells what is due.

Looking costs about as much as a report of coverage, so it is done every five minutes and not with each poll.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from moderation.changes import ChangeRecord
from moderation.errors import MarqueeError
from moderation.ports import Clock
from sync.engine.watching import Watch

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


class AlarmWatch(Watch):
    """The thread. ``tell`` hears of alarms that began and ended."""

    def __init__(self, alarming: Alarming, clock: Clock, tell: Callable[[list[ChangeRecord]], None]) -> None:
        super().__init__("alarms", "alarms", AFTER_TROUBLE)
        self._alarming = alarming
        self._clock = clock
        self._tell = tell
        self._asked = False
        self._next_look = clock.monotonic() + FIRST_LOOK
        self._soon = False

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
            self.say(error)
            return False

    def troubled(self) -> None:
        """Nothing is told soon."""
        self._soon = False

    def close(self) -> None:
        """Close what was opened."""
        self._alarming.close()
