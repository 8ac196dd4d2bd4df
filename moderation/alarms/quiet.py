"""Quiet hours of a channel: what comes then waits until they are over."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from moderation.errors import NotAllowedError

_SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
_DAY = 1440


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every day from ``start`` to ``end`` (minutes from midnight on the wall of ``zone``), over midnight where the end
    is the smaller one; none where both are the same.
    """

    start: int = 0
    end: int = 0
    zone: str = "UTC"

    def over_at(self, now: datetime) -> datetime:
        """When one may speak again: now, or the end of the quiet hours in which now lies."""
        local = now.astimezone(ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute
        if (minute - self.start) % _DAY >= (self.end - self.start) % _DAY:
            return now
        day = local.date() + timedelta(days=minute >= self.end)
        over = datetime(day.year, day.month, day.day, self.end // 60, self.end % 60, tzinfo=ZoneInfo(self.zone))
        return max(now, over.astimezone(UTC))


def parse_quiet(text: str, zone: str) -> QuietHours:
    """``22:00-07:00``, or nothing. Raises ``NotAllowedError`` ``quiet_odd``, ``zone_unknown``."""
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise NotAllowedError("zone_unknown", zone=zone[:60]) from None
    if not text.strip():
        return QuietHours(zone=zone)
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise NotAllowedError("quiet_odd", text=text[:60])
    hour, minute, to_hour, to_minute = map(int, match.groups())
    if hour > 23 or to_hour > 23 or minute > 59 or to_minute > 59:
        raise NotAllowedError("quiet_odd", text=text[:60])
    return QuietHours(hour * 60 + minute, to_hour * 60 + to_minute, zone)
