"""Which threads to look at anew in the background: what no feed reports."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from moderation.ids import Ref
from sync.connector import Known

AFTER = timedelta(days=1)
_MOST_LEFT_OUT = 1000


class Revisits:
    """Threads that were not read for a day, the oldest reading first, ``at_once`` at a time.

    One that could not be read stays the oldest: it is left out until the others have had their turn.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._left_out: set[Ref] = set()

    def due(self, known: Known, now: datetime, horizon: datetime) -> list[Ref]:
        """Those whose turn it is; of those that are older than the horizon only what something waits in."""
        found = [ref for ref in self._oldest(known, now, horizon) if ref not in self._left_out][: self._at_once]
        if not found or len(self._left_out) > _MOST_LEFT_OUT:
            self._left_out.clear()
        return found

    def looked_at(self, refs: Iterable[Ref], known: Known, now: datetime, horizon: datetime) -> None:
        """These were asked for, and what came is stored: those that are as old as before could not be read."""
        self._left_out |= set(refs) & set(self._oldest(known, now, horizon))

    def _oldest(self, known: Known, now: datetime, horizon: datetime) -> list[Ref]:
        return known.stale_threads(now - AFTER, self._at_once + len(self._left_out), horizon)
