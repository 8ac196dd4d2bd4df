"""When a team answers: in its working hours, the first of them after a question; when people ask: seldom at night."""

import random
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from sync.sandbox.content.plan import PlannedPost, PlannedThread

ZONE = ZoneInfo("Europe/Berlin")
_OPEN, _CLOSE, _FRIDAY = 8, 18, 4
_MORNING = 7
_MINUTE, _HOUR = 60_000, 3_600_000


def awake(at: int, now: int) -> int:
    """The time of a question that came at night, moved into the day, two of three of them; never beyond ``now``."""
    local = datetime.fromtimestamp(at / 1000, ZONE)
    if local.hour >= _MORNING or at // _MINUTE % 3 == 0:
        return at
    return min(at + (9 + at // _MINUTE % 7) * _HOUR, now)


def in_hours(at: int) -> int:
    """The next instant (ms) of the office's hours, Monday to Friday."""
    local = datetime.fromtimestamp(at / 1000, ZONE)
    if local.weekday() <= _FRIDAY and _OPEN <= local.hour < _CLOSE:
        return at
    day = local.date() + timedelta(days=1 if local.hour >= _OPEN else 0)
    while day.weekday() > _FRIDAY:
        day += timedelta(days=1)
    return round(datetime.combine(day, time(_OPEN), ZONE).timestamp() * 1000)


def answer(threads: "Iterable[PlannedThread]", share: float, latest: int) -> "Iterable[PlannedPost]":
    """Of so many of these threads the first reply that is not the asker's, moved to when the team would have written
    it: within an hour or two of its working time, and not after ``latest``. Its author and its text are the caller's.
    """
    chance = random.Random("office")  # noqa: S311 - invented content
    for thread in threads:
        replies = [post for post in thread.posts[1:] if post.by != thread.by and not post.reports]
        took = round(chance.expovariate(1 / 85) * _MINUTE) + 4 * _MINUTE
        if replies and chance.random() < share:
            at = in_hours(thread.at) + took
            first = min(replies, key=lambda post: post.at)
            if at < latest:
                first.at = at
                yield first
