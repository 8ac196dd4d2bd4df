"""Working hours of a forum: which instants are worked in, and how much of a span that is.

An instant is worked in when the clock on the wall of the forum's time zone stands within one of its periods and the day
there is no holiday. So an hour that a change of the clock leaves out is not worked in, and one that comes twice is
worked in twice; of a period over midnight a holiday takes the part that lies in it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_HOUR, _DAY = 3_600_000, 86_400_000
_MINUTE, _QUARTER = 60_000, 900_000
_EPOCH = date(1970, 1, 1)
_THURSDAY = 3
_WEEK, _MONDAY = 7 * _DAY, 4 * _DAY
"""Milliseconds of a week, and those of 1970-01-05."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Hours on a day of the week (0 Monday … 6 Sunday), minutes from midnight; ``end`` above 1440 is the next day's."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a forum is looked after. ``zone`` is an IANA name; no ``periods``: nobody said when."""

    zone: str = "UTC"
    periods: tuple[Period, ...] = ()
    holidays: frozenset[date] = field(default_factory=frozenset)


class Zone:
    """The clock of a time zone between two instants (ms), as stretches of one offset each."""

    def __init__(self, name: str, start_ms: int, end_ms: int) -> None:
        zone = ZoneInfo(name)
        self.stretches = list(_stretches(zone, start_ms, max(end_ms, start_ms + 1)))
        self._starts = [start for start, _, _ in self.stretches]
        self._slots: dict[int, int] = {}
        self._weeks: dict[int, int] = {}

    def local(self, at_ms: int) -> int:
        """Milliseconds from 1970-01-01 00:00 on the wall's clock."""
        place = bisect_right(self._starts, at_ms) - 1
        return at_ms + self.stretches[max(0, place)][2]

    def slots(self, times: Iterable[int]) -> set[int]:
        """The hours of the week in which any of these lies. Clocks move at full quarters of an hour."""
        return {self.slot(quarter * _QUARTER) for quarter in {at // _QUARTER for at in times}}

    def slot(self, at_ms: int) -> int:
        """Hour of the week: 0 is Monday 00, 167 is Sunday 23."""
        quarter = at_ms // _QUARTER
        found = self._slots.get(quarter)
        if found is None:
            found = self._slots[quarter] = slot_of(self.local(quarter * _QUARTER))
        return found

    def week(self, at_ms: int) -> int:
        """The Monday of the week (ms on the wall's clock) that an instant lies in."""
        quarter = at_ms // _QUARTER
        found = self._weeks.get(quarter)
        if found is None:
            since = self.local(quarter * _QUARTER) - _MONDAY
            found = self._weeks[quarter] = since // _WEEK * _WEEK + _MONDAY
        return found


def slot_of(local_ms: int) -> int:
    """Hour of the week of a time on the wall's clock."""
    return (local_ms // _HOUR + _THURSDAY * 24) % 168


class WorkingTime:
    """Counts working time between instants of a range, in milliseconds; both ends are clipped to the range."""

    def __init__(self, hours: Hours, zone: Zone) -> None:
        spans = _merged(sorted(_spans(hours, zone)))
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        self._before = _sums(spans)

    def until(self, at_ms: int) -> int:
        """Working time from the beginning of the range to an instant."""
        place = bisect_right(self._starts, at_ms) - 1
        if place < 0:
            return 0
        return self._before[place] + min(at_ms, self._ends[place]) - self._starts[place]

    def spans(self, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
        """Working time of many spans: :meth:`between` in one go."""
        begins, stops, before = self._starts, self._ends, self._before
        found = []
        for start, end in zip(starts, ends, strict=True):
            place = bisect_right(begins, end) - 1
            until = before[place] + min(end, stops[place]) - begins[place] if place >= 0 else 0
            place = bisect_right(begins, start) - 1
            since = before[place] + min(start, stops[place]) - begins[place] if place >= 0 else 0
            found.append(until - since if until > since else 0)
        return found

    def between(self, start_ms: int, end_ms: int) -> int:
        """Working time in a span; a question outside of the hours begins to count at the next working instant."""
        return max(0, self.until(end_ms) - self.until(start_ms))


def promised_slots(hours: Hours) -> frozenset[int]:
    """Hours of the week that lie, in part at least, within the periods; holidays do not count here."""
    found: set[int] = set()
    for period in hours.periods:
        first, last = period.start // 60, (period.end - 1) // 60
        found |= {(period.weekday * 24 + hour) % 168 for hour in range(first, last + 1)}
    return frozenset(found)


def _stretches(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    begun, offset = start, _offset(zone, start)
    at = start
    while at < end:
        following = min(end, at + _DAY)
        if (new := _offset(zone, following)) != offset:
            change = _change(zone, at, following, offset)
            yield begun, change, offset
            begun, offset = change, new
        at = following
    yield begun, end, offset


def _change(zone: ZoneInfo, before: int, after: int, offset: int) -> int:
    """The instant between two at which the offset becomes another, to the second."""
    while after - before > 1000:
        middle = (before + after) // 2000 * 1000
        if middle <= before:
            break
        before, after = (middle, after) if _offset(zone, middle) == offset else (before, middle)
    return after


def _offset(zone: ZoneInfo, at_ms: int) -> int:
    shift = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)).astimezone(zone).utcoffset()
    return round((shift or timedelta()).total_seconds() * 1000)


def _spans(hours: Hours, zone: Zone) -> Iterator[tuple[int, int]]:
    by_day = _by_day(hours)
    holidays = {(day - _EPOCH).days for day in hours.holidays}
    for start, end, offset in zone.stretches:
        first, last = start + offset, end + offset
        for day in range(first // _DAY, last // _DAY + 1):
            if day in holidays:
                continue
            for begin, stop in by_day[(day + _THURSDAY) % 7]:
                low, high = max(first, day * _DAY + begin), min(last, day * _DAY + stop)
                if low < high:
                    yield low - offset, high - offset


def _by_day(hours: Hours) -> list[list[tuple[int, int]]]:
    """Periods by weekday, cut at midnight, in ms from midnight."""
    days: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for period in hours.periods:
        start, end = period.start * _MINUTE, period.end * _MINUTE
        days[period.weekday % 7].append((start, min(end, _DAY)))
        if end > _DAY:
            days[(period.weekday + 1) % 7].append((0, min(end - _DAY, _DAY)))
    return days


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _sums(spans: list[tuple[int, int]]) -> list[int]:
    total, sums = 0, []
    for start, end in spans:
        sums.append(total)
        total += end - start
    return sums
