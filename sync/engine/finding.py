"""The thread that looks for private data in what was pulled: small slices of time, smaller ones while others pull."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from moderation.changes import ChangeRecord
from moderation.errors import MarqueeError
from sync.engine.stores import Spotter

log = logging.getLogger(__name__)

AFTER_TROUBLE = 30.0
LONGEST_SLICE = 10.0
WHEN_NOTHING_WAITS = 1.0


@dataclass(frozen=True, slots=True)
class Slices:
    """Seconds of work and of rest after it.

    While something is pulled, finding takes one part in ten of a processor's time, so that pulling does not notice.
    """

    work: float = 0.02
    rest: float = 0.02
    rest_beside_pulls: float = 0.18


class Finding:
    """Works through what waits. ``pulling`` tells whether others need the processor, ``tell`` hears of new spots."""

    def __init__(
        self,
        spotter: Spotter,
        pulling: Callable[[], bool],
        tell: Callable[[list[ChangeRecord]], None],
        slices: Slices | None = None,
    ) -> None:
        self._spotter = spotter
        self._pulling = pulling
        self._tell = tell
        self._slices = slices or Slices()
        self._stopping = threading.Event()
        self._troubled = ""
        self._thread = threading.Thread(target=self.loop, name="find", daemon=True)
        self.behind = False

    def start(self) -> None:
        """Begin on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End after the slice under way, and wait for it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(LONGEST_SLICE)

    def loop(self) -> None:
        """The thread's work, until stopped."""
        while not self._stopping.is_set():
            self._stopping.wait(self._turn())

    def _turn(self) -> float:
        """One slice; gives how long to rest."""
        try:
            looked, records = self._spotter.step(self._slices.work)
        except MarqueeError as error:
            self.behind = False
            self._say_once(error)
            return AFTER_TROUBLE
        self._troubled = ""
        self.behind = looked > 0
        if records:
            self._tell(records)
        if not looked:
            return WHEN_NOTHING_WAITS
        return self._slices.rest_beside_pulls if self._pulling() else self._slices.rest

    def _say_once(self, error: MarqueeError) -> None:
        if str(error) != self._troubled:
            self._troubled = str(error)
            log.warning("finding private data: %s", error)
