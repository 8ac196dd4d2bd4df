"""Promised hours of a forum beside the working hours of those who cover it: when nobody of them is at work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.coverage.hours import Hours, WorkingTime, Zone
from moderation.people.absences import Absence

STEP = timedelta(minutes=15)
AHEAD = timedelta(days=7)
_MS = 1000


@dataclass(frozen=True, slots=True)
class Promised:
    """Of the coming seven days, in seconds: what is promised, and how much of it nobody who covers the forum works."""

    promised_s: int
    open_s: int


@dataclass(frozen=True, slots=True)
class AtWork:
    """Working hours of one who covers a forum, and times away."""

    hours: Hours
    absences: Sequence[Absence] = ()


def promised(hours: Hours, people: Sequence[AtWork], now: datetime) -> Promised | None:
    """Compare them by quarters of an hour; ``None`` where nothing is promised, or nobody has said when they work."""
    known = [one for one in people if one.hours.periods]
    if not hours.periods or (people and not known):
        return None
    begin = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    wanted = _slots(hours, begin)
    worked = bytearray(len(wanted))
    for one in known:
        for slot, works in enumerate(_slots(one.hours, begin)):
            worked[slot] |= works and not _away(one.absences, begin + slot * STEP)
    step = round(STEP.total_seconds())
    missing = sum(1 for want, has in zip(wanted, worked, strict=True) if want and not has)
    return Promised(sum(wanted) * step, missing * step)


def _slots(hours: Hours, begin: datetime) -> bytes:
    """One byte a quarter of an hour: 1 where more than half of it is worked."""
    start = round(begin.timestamp() * _MS)
    width = round(STEP.total_seconds() * _MS)
    count = AHEAD // STEP
    time = WorkingTime(hours, Zone(hours.zone, start, start + count * width))
    until = [time.until(start + slot * width) for slot in range(count + 1)]
    return bytes(2 * (until[slot + 1] - until[slot]) > width for slot in range(count))


def _away(absences: Sequence[Absence], at: datetime) -> bool:
    return any(one.start <= at < one.end for one in absences)
