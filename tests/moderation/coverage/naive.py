"""Working time the slow way: minute by minute, by the clock on the wall."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from moderation.coverage.hours import Hours
from moderation.coverage.rules import ForumRules

_MINUTE = 60_000


def works(hours: Hours, at_ms: int) -> bool:
    """Is this instant worked in?"""
    wall = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(hours.zone))
    if wall.date() in hours.holidays:
        return False
    minute = wall.hour * 60 + wall.minute
    return any(
        (period.weekday == wall.weekday() and period.start <= minute < period.end)
        or ((period.weekday + 1) % 7 == wall.weekday() and minute + 1440 < period.end)
        for period in hours.periods
    )


@cache
def worked_ms(hours: Hours, start_ms: int, end_ms: int) -> int:
    """Working time between two whole minutes."""
    return sum(_MINUTE for at in range(start_ms, end_ms, _MINUTE) if works(hours, at))


def promised(
    rules: Mapping[str, ForumRules], touches: Iterable[tuple[str, int]], forums: Sequence[str]
) -> float | None:
    """Share of the promised hours of the week in which the staff first wrote in some thread."""
    told = list(touches)
    wanted = met = 0
    for forum in forums:
        zone = ZoneInfo(rules[forum].hours.zone)
        monday = datetime(2026, 1, 5, tzinfo=UTC)
        slots = {
            (at.weekday(), at.hour)
            for minute in range(7 * 1440)
            for at in [monday + timedelta(minutes=minute)]
            for period in rules[forum].hours.periods
            if period.start <= (minute - period.weekday * 1440) % (7 * 1440) < period.end
        }
        seen = set()
        for where, at_ms in told:
            if where == forum:
                wall = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
                seen.add((wall.weekday(), wall.hour))
        wanted += len(slots)
        met += len(slots & seen)
    return met / wanted if wanted else None
