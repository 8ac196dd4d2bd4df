"""Presence cards inside the engine: a thread that looks whether what is published is still true.

It looks when the team's store has changed (somebody's consent, an absence, an owner), and every quarter of an hour for
what else may have changed; where no card is published that costs a query.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from moderation.ids import Ref
from moderation.ports import Clock
from sync.engine.watching import Watch

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


class CardWatch(Watch):
    """The thread. ``wake`` says that the journal moved, ``want`` that things are to be read."""

    def __init__(
        self, keeping: CardKeeping, clock: Clock, wake: Callable[[], None], want: Callable[[Sequence[Ref]], None]
    ) -> None:
        super().__init__("cards", "presence cards", AFTER_TROUBLE, FIRST_LOOK)
        self._keeping = keeping
        self._clock = clock
        self._wake = wake
        self._want = want
        self._seen: int | None = None
        self._next_look = 0.0
        self._read: dict[Ref, float] = {}

    def look(self) -> None:
        """Look now. Safe from any thread."""
        self._next_look = 0.0
        self._now.set()

    def step(self) -> float:
        """Look, if anything may have changed; gives how many seconds nothing is to be done."""
        now, version = self._clock.monotonic(), self._keeping.version()
        if version == self._seen and now < self._next_look:
            return EVERY
        begun, standing = self._keeping.keep_true()
        self._seen, self._next_look = version, now + LOOK_EVERY
        if begun:
            self._wake()
        due = [one for one in standing if now - self._read.get(one, -READ_EVERY) >= READ_EVERY]
        self._read = {one: self._read.get(one, now) for one in standing} | dict.fromkeys(due, now)
        if due:
            self._want(due)
        return EVERY

    def close(self) -> None:
        """Close what was opened."""
        self._keeping.close()
