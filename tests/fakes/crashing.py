"""A journal at whose seam the process dies: before a change is on the disk, or just after."""

from collections.abc import Callable
from typing import Any

from moderation.ports import Journal


class Crash(BaseException):
    """The process is dead: nothing may catch this but the test."""


class CrashingJournal:
    """Passes everything on to a journal; dies at the n-th change once it is armed."""

    CHANGES = frozenset({"add", "cancel_held", "move", "move_all", "update", "close_plan", "save_draft"})

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._left = 0
        self._after = False

    def arm(self, changes: int, *, after: bool) -> None:
        """Die at that change (1: the next); ``after`` it is on the disk, or before."""
        self._left, self._after = changes, after

    def disarm(self) -> None:
        """Live on."""
        self._left = 0

    @property
    def armed(self) -> bool:
        """True until it died."""
        return self._left > 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._journal, name)
        return self._dying(real) if name in self.CHANGES else real

    def _dying(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def change(*args: Any, **facts: Any) -> Any:
            if self._left:
                self._left -= 1
                if not self._left and not self._after:
                    raise Crash("before the change")
                answer = real(*args, **facts)
                if not self._left:
                    raise Crash("after the change")
                return answer
            return real(*args, **facts)

        return change
