"""A thread of the engine that looks at something now and then, and goes on whatever went wrong."""

import logging
import threading
from abc import ABC, abstractmethod

from moderation.errors import MarqueeError

log = logging.getLogger(__name__)


class Watch(ABC):
    """Takes a turn, pauses, and may be woken. ``name`` is the thread's, ``what`` stands before what it says in the log.

    Trouble is said once, until a turn went well; the next one follows ``after_trouble`` seconds later.
    """

    def __init__(self, name: str, what: str, after_trouble: float, first: float = 0.0) -> None:
        self._what = what
        self._after_trouble, self._first = after_trouble, first
        self._now = threading.Event()
        self._stopping = False
        self._said = ""
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    @abstractmethod
    def step(self) -> float:
        """One turn; gives how many seconds nothing is to be done."""

    @abstractmethod
    def close(self) -> None:
        """Close what was opened."""

    def troubled(self) -> None:  # noqa: B027 - most have nothing to do
        """A turn went wrong."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End after the turn under way."""
        self._stopping = True
        self._now.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def say(self, error: MarqueeError) -> None:
        """Said once, until it is well again."""
        if self._said != error.code:
            self._said = error.code
            log.warning("%s: %s", self._what, error)

    def _loop(self) -> None:
        self._now.wait(self._first)
        while not self._stopping:
            self._now.clear()
            self._now.wait(self._turn())
        self.close()

    def _turn(self) -> float:
        try:
            pause = self.step()
        except MarqueeError as error:
            self.say(error)
        except Exception:
            log.exception("%s: a look broke", self._what)
        else:
            self._said = ""
            return pause
        self.troubled()
        return self._after_trouble
