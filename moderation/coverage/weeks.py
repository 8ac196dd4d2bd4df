"""Weeks on a zone's own clock: from Monday 00:00 on."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def monday(at: datetime, zone: str, back: int = 0) -> datetime:
    """The beginning of the week that an instant lies in, or of one ``back`` weeks before, as UTC."""
    day = at.astimezone(ZoneInfo(zone)).date()
    first = day - timedelta(days=day.weekday(), weeks=back)
    return datetime.combine(first, time(), ZoneInfo(zone)).astimezone(UTC)


def last_full(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """Beginning and end of the last week that was over."""
    return monday(at, zone, 1), monday(at, zone)
