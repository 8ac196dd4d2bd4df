"""A ticket system with a bad way to it: requests and answers get lost, and the program is killed in the middle."""

from collections.abc import Callable
from random import Random
from typing import Any

from moderation.errors import TryLaterError, UnclearError, UnreachableError
from moderation.tickets import TicketSystem

_WRITES = frozenset({"create", "say", "set_state", "set_requester"})


class Killed(BaseException):
    """The process is gone, in the middle of a request."""


class Torn:
    """Passes on what is asked; ``faults`` times something goes wrong."""

    def __init__(self, system: TicketSystem, seed: int, faults: int) -> None:
        self._system = system
        self._dice = Random(seed)
        self.left = faults
        self.story: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._system, name)
        if not callable(found):
            return found

        def ask(*args: Any) -> Any:
            if self.left <= 0 or self._dice.random() < 0.4:
                return found(*args)
            self.left -= 1
            return self._wrong(name, lambda: found(*args))

        return ask

    def _wrong(self, name: str, ask: Callable[[], Any]) -> Any:
        kinds = ["away", "busy", "killed before"]
        kinds += ["lost", "answer lost", "killed after"] if name in _WRITES else []
        kind = self._dice.choice(kinds)
        self.story.append(f"{name}: {kind}")
        if kind in {"answer lost", "killed after"}:
            ask()
        if kind.startswith("killed"):
            raise Killed
        if kind == "away":
            raise UnreachableError("connection_refused", host="office.example")
        if kind == "busy":
            raise TryLaterError("server_busy", seconds=5.0)
        raise UnclearError("answer_lost", endpoint=name)
