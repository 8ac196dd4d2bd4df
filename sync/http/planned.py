"""A budget that keeps a platform's limits and plans the day, so that a person's click never finds it empty."""

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from moderation.errors import TryLaterError
from sync.connector import Urgency
from sync.http.answer import Limited
from sync.http.budget import Budget

_MINUTE, _HOUR, _DAY = 60.0, 3600, 86400
_WINDOW = 61.0  # a minute by the server's clock
_SHARED_FOR = 600.0
_KEPT_FREE = {Urgency.PERSON: 0.0, Urgency.FLUSH: 0.1, Urgency.POLL: 0.2, Urgency.BACKGROUND: 0.3}
_BY_ITSELF = frozenset({Urgency.POLL, Urgency.BACKGROUND})


@dataclass(frozen=True, slots=True)
class Plan:
    """Limits of a key, as a starting guess: a minute's and a day's (``None``: it has none).

    ``share`` of the day is for what the program does by itself; ``at_once`` is the part of the day that it may use up
    in one go, after which it goes on at an even pace. ``shared``: others spend the same minute's limit, so that what a
    429 teaches holds for a while only.
    """

    per_minute: int
    per_day: int | None = None
    share: float = 0.7
    at_once: float = 0.25
    shared: bool = False


class PlannedBudget(Budget):
    """Slots within a minute's and a day's limit, both sliding. Safe to use from several threads.

    A part of every minute stays free for those who are more urgent. The limits are guesses until a 429 tells which was
    reached: then what was sent in that time is the limit. ``wall`` gives Unix seconds, by which the day is counted over
    restarts (:meth:`spent`, :meth:`recall`).
    """

    def __init__(
        self,
        plan: Plan,
        parallel: int = 2,
        patience: float = 150.0,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parallel, None, 1.0, patience, monotonic)
        self._plan = plan
        self._wall = wall
        self._per_minute = plan.per_minute
        self._learned_at: float | None = None
        self._per_day = plan.per_day
        self._sent: deque[float] = deque()
        self._hours: dict[int, int] = {}
        self._even = (plan.per_day or 0) * plan.at_once
        self._even_at = monotonic()

    @property
    def left(self) -> float | None:
        """Requests left of the day, of the minute where there is no limit by day."""
        with self._change:
            if self._per_day is not None:
                return float(max(0, self._per_day - self._used_today()))
            return float(max(0, self._per_minute - self._in_the_last_minute()))

    @property
    def limits(self) -> tuple[int, int | None]:
        """The limits by minute and by day, as they are known now."""
        return self._per_minute, self._per_day

    @property
    def planned_out(self) -> bool:
        """True when the plan of the day has nothing left for now for what the program does by itself. The limit by
        minute has no say in this: whoever meets that waits for a moment.
        """
        with self._change:
            return self._per_day is not None and self._until_even(self._per_day) > 0

    @property
    def scarce(self) -> bool:
        """True when the program has used up most of what it may in one go: then it had better ask less often."""
        with self._change:
            if self._per_day is None:
                return False
            self._until_even(self._per_day)
            return self._even < self._per_day * self._plan.at_once / 2

    def told(self, limited: Limited) -> None:
        """A 429: what was sent within the limit's period is the limit."""
        with self._change:
            if limited.period == _MINUTE:
                self._per_minute = max(1, min(self._per_minute, self._in_the_last_minute() - 1))
                self._learned_at = self._monotonic()
            elif limited.period == _DAY:
                used = self._used_today()
                self._per_day = used if self._per_day is None else min(self._per_day, used)

    def spent(self) -> str:
        """What was sent by hour, to be kept."""
        with self._change:
            self._used_today()
            return json.dumps({str(hour): count for hour, count in sorted(self._hours.items())})

    def recall(self, kept: str) -> None:
        """Count what was sent before a restart; text that is none of :meth:`spent` counts nothing, and what this budget
        counted itself counts once.
        """
        try:
            hours = {int(hour): int(count) for hour, count in json.loads(kept).items()}
        except (ValueError, AttributeError, TypeError):
            return
        with self._change:
            before = self._used_today()
            for hour, count in hours.items():
                self._hours[hour] = max(self._hours.get(hour, 0), count)
            self._even = max(0.0, self._even - (self._used_today() - before))

    def note(self, urgency: Urgency) -> None:
        """As of any budget; of a day that is used up too."""
        self._check_day()
        super().note(urgency)

    def _enter(self, urgency: Urgency) -> None:
        self._check_day()
        super()._enter(urgency)

    def _check_day(self) -> None:
        with self._change:
            if self._per_day is not None and self._used_today() >= self._per_day:
                raise TryLaterError("day_limit_reached", seconds=_HOUR, hours=1.0)

    def _spend(self, urgency: Urgency) -> None:
        self._sent.append(self._monotonic())
        hour = int(self._wall()) // _HOUR
        self._hours[hour] = self._hours.get(hour, 0) + 1
        if urgency in _BY_ITSELF:
            self._even -= 1

    def _until(self, urgency: Urgency) -> float:
        """Seconds until a request of this urgency fits both the minute and the plan of the day."""
        self._forget_what_others_spent()
        room = max(1, int(self._per_minute * (1 - _KEPT_FREE[urgency])))
        wait = 0.0
        if self._in_the_last_minute() >= room:
            wait = max(0.01, self._sent[-room] + _WINDOW - self._monotonic())
        if urgency in _BY_ITSELF and self._per_day is not None:
            wait = max(wait, self._until_even(self._per_day))
        return wait

    def _forget_what_others_spent(self) -> None:
        if self._plan.shared and self._learned_at is not None and self._monotonic() - self._learned_at > _SHARED_FOR:
            self._per_minute, self._learned_at = self._plan.per_minute, None

    def _until_even(self, per_day: int) -> float:
        """Seconds until the even pace of the day gives one more."""
        pace = max(per_day * (self._plan.share - self._plan.at_once), 1.0) / _DAY
        now = self._monotonic()
        self._even = min(per_day * self._plan.at_once, self._even + (now - self._even_at) * pace)
        self._even_at = now
        return 0.0 if self._even >= 1 else (1 - self._even) / pace + 0.001

    def _in_the_last_minute(self) -> int:
        oldest = self._monotonic() - _WINDOW
        while self._sent and self._sent[0] <= oldest:
            self._sent.popleft()
        return len(self._sent)

    def _used_today(self) -> int:
        """What the server may still count: the last 24 hours, the hour before them whole."""
        first = (int(self._wall()) - _DAY) // _HOUR
        self._hours = {hour: count for hour, count in self._hours.items() if hour >= first}
        return sum(self._hours.values())
