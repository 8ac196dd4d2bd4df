"""Undo windows, counted on the monotonic clock: a restart or a sleep gives each held intent a fresh one."""

from collections.abc import Sequence

from moderation.intents import Intent, IntentState
from moderation.ports import Clock, Journal


class Windows:
    """Counts down the undo windows of held intents and lets go of those that have ended."""

    def __init__(self, journal: Journal, clock: Clock, sleep_jump: float) -> None:
        self._journal = journal
        self._clock = clock
        self._sleep_jump = sleep_jump
        self._deadlines: dict[str, float] = {}
        self._offset = self._clock_offset()
        self._started = True

    def release(self, intents: Sequence[Intent]) -> float | None:
        """Move held intents whose window has ended to ``waiting``; gives the seconds until the next one ends.

        0 when some were let go: then there is something to read again.
        """
        fresh = self._slept() or self._started
        self._started = False
        held = [intent for intent in intents if intent.state is IntentState.HELD]
        self._deadlines = {i.id: self._deadline(i, fresh) for i in held}
        now = self._clock.monotonic()
        over = [intent for intent in held if self._deadlines[intent.id] <= now]
        if over:  # a bulk has thousands: nothing else may wait until each of them was written by itself
            self._journal.move_all(over, IntentState.WAITING)
            self._deadlines |= dict.fromkeys((intent.id for intent in over), now)
        return min((deadline - now for deadline in self._deadlines.values()), default=None)

    def _deadline(self, intent: Intent, fresh: bool) -> float:
        if not fresh and intent.id in self._deadlines:
            return self._deadlines[intent.id]
        passed = 0.0
        if not fresh and intent.held_at is not None:
            passed = (self._clock.now() - intent.held_at).total_seconds()
        passed = passed if 0.0 <= passed <= intent.hold_seconds else 0.0
        return self._clock.monotonic() + intent.hold_seconds - passed

    def _clock_offset(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _slept(self) -> bool:
        offset, before = self._clock_offset(), self._offset
        self._offset = offset
        return abs(offset - before) > self._sleep_jump
