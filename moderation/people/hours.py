"""Working hours as a person types them: ``Mon-Fri 09:00-12:00,13:00-17:00; Sat 10:00-14:00``."""

import re
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from moderation.coverage.hours import Hours, Period
from moderation.errors import NotAllowedError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
_DAY = 1440


def parse_hours(text: str, zone: str) -> Hours:
    """Working hours; an empty text is none. A span that ends before it begins goes over midnight.

    Raises ``NotAllowedError`` ``hours_odd``, ``zone_unknown`` for no IANA time zone, ``hours_overlap``.
    """
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise NotAllowedError("zone_unknown", zone=zone[:60]) from None
    periods = sorted(period for part in text.split(";") if part.strip() for period in _part(part))
    marks = sorted((period.weekday * _DAY + period.start, period.weekday * _DAY + period.end) for period in periods)
    around = [*marks, *((begins + 7 * _DAY, ends + 7 * _DAY) for begins, ends in marks[:1])]
    if any(begins < ended for (_, ended), (begins, _) in pairwise(around)):
        raise NotAllowedError("hours_overlap", text=text[:80])
    return Hours(zone, tuple(periods))


def _part(part: str) -> list[Period]:
    days, _, spans = part.strip().partition(" ")
    return [
        Period(day, start, end if end > start else end + _DAY)
        for day in _days(days, part)
        for start, end in (_span(span.strip(), part) for span in spans.split(","))
    ]


def _days(text: str, part: str) -> list[int]:
    found: list[int] = []
    for piece in text.lower().split(","):
        first, dash, last = piece.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise NotAllowedError("hours_odd", text=part.strip()[:80])
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += [day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1)]
    return found


def _span(text: str, part: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise NotAllowedError("hours_odd", text=part.strip()[:80])
    hour, minute, to_hour, to_minute = map(int, match.groups())
    start, end = hour * 60 + minute, to_hour * 60 + to_minute
    if start >= _DAY or end > _DAY or minute > 59 or to_minute > 59 or start == end:
        raise NotAllowedError("hours_odd", text=part.strip()[:80])
    return start, end


def hours_text(hours: Hours) -> str:
    """The same as :func:`parse_hours` reads it; days with equal hours together."""
    by_day = {
        day: ",".join(f"{_clock(period.start)}-{_clock((period.end - 1) % _DAY + 1)}" for period in sorted(periods))
        for day, periods in groupby(sorted(hours.periods), key=lambda period: period.weekday)
    }
    parts: list[str] = []
    for spans in dict.fromkeys(by_day.values()):
        days = [day for day, own in by_day.items() if own == spans]
        parts.append(f"{_day_text(days)} {spans}")
    return "; ".join(parts)


def _day_text(days: list[int]) -> str:
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0]].title()}-{DAYS[days[-1]].title()}"
    return ",".join(DAYS[day].title() for day in days)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
