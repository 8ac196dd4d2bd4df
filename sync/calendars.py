"""Absences from a calendar (iCalendar, RFC 5545). What an event is about is not read: only when somebody is away.

An event is an absence when it lasts a day or at least :data:`SHORTEST`, is not cancelled, and is not marked as free,
tentative or working elsewhere. Times without a zone are of the person's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from moderation.errors import NotAllowedError
from moderation.people.absences import Absence

if TYPE_CHECKING:
    from icalendar import Calendar

LARGEST = 5_000_000
"""Bytes of a calendar that are read."""
MOST_EVENTS = 20_000
MOST_ABSENCES = 2_000
SHORTEST = timedelta(hours=4)
BEFORE, AHEAD = timedelta(days=60), timedelta(days=400)
"""How far back and ahead of now absences are kept."""
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_NOT_AWAY = frozenset({"FREE", "TENTATIVE", "WORKINGELSEWHERE"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a calendar says. ``covers_until`` is the end of its last event, ``None`` where events go on repeating;
    ``skipped`` counts events that could not be read.
    """

    absences: tuple[Absence, ...]
    covers_until: datetime | None = None
    skipped: int = 0


def read_calendar(data: bytes, zone: str, now: datetime) -> Told:
    """Absences from sixty days ago until four hundred ahead, repeated events written out, in the order of time.

    Raises ``NotAllowedError`` ``calendar_too_large`` (more than 5 MB, or more events than anybody has), and
    ``calendar_broken`` for what is no calendar.
    """
    if len(data) > LARGEST:
        raise NotAllowedError("calendar_too_large", limit=LARGEST // 1_000_000)
    calendar = _parsed(data)
    events = list(calendar.walk("VEVENT"))
    if len(events) > MOST_EVENTS:
        raise NotAllowedError("calendar_too_large", limit=LARGEST // 1_000_000)
    skipped = _leave_out(calendar, events)
    here = ZoneInfo(zone)
    begin, end = now - BEFORE, now + AHEAD
    found: set[Absence] = set()
    for event in _between(calendar, begin, end):
        absence = _absence(event, here)
        if absence is not None and absence.end > begin and absence.start < end:
            found.add(absence)
        if len(found) > MOST_ABSENCES:
            raise NotAllowedError("calendar_too_large", limit=LARGEST // 1_000_000)
    return Told(tuple(sorted(found)), _covers_until(calendar, here), skipped)


def _parsed(data: bytes) -> "Calendar":
    from icalendar import Calendar

    try:
        text = data.decode("utf-8-sig")
        calendar: Any = Calendar.from_ical(text)
    except Exception:  # noqa: BLE001 - whatever a parser raises for such bytes; their content is nobody's business
        raise NotAllowedError("calendar_broken") from None
    if not isinstance(calendar, Calendar) or calendar.name != "VCALENDAR":
        raise NotAllowedError("calendar_broken")
    return calendar


def _leave_out(calendar: "Calendar", events: list[Any]) -> int:
    """Take out what cannot be read, ends before it begins, or repeats more often than daily; gives how many."""
    broken = [event for event in events if _odd(event)]
    gone = set(map(id, broken))
    calendar.subcomponents = [one for one in calendar.subcomponents if id(one) not in gone]
    return len(broken)


def _odd(event: Any) -> bool:
    start = _moment(event, "DTSTART")
    rules = event.get("RRULE") or []
    every = rules if isinstance(rules, list) else [rules]
    frequencies = {str(one).upper() for rule in every for one in rule.get("FREQ", ())}
    if not isinstance(start, date) or not frequencies <= _FREQUENCIES or (every and not frequencies):
        return True
    begin, end = (_instant(moment, ZoneInfo("UTC")) for moment in _start_and_end(event))
    return end < begin


def _moment(event: Any, name: str) -> Any:
    """The value of a property; ``None`` where it is missing or broken."""
    try:
        return getattr(event.get(name), "dt", None)
    except ValueError:
        return None


def _between(calendar: "Calendar", begin: datetime, end: datetime) -> Iterator[Any]:
    import recurring_ical_events

    try:
        yield from recurring_ical_events.of(calendar, skip_bad_series=True).between(begin, end)
    except NotAllowedError:
        raise
    except Exception:  # noqa: BLE001 - rules that no library can follow
        raise NotAllowedError("calendar_broken") from None


def _absence(event: Any, zone: ZoneInfo) -> Absence | None:
    status = str(event.get("STATUS", "")).upper()
    busy = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    if status == "CANCELLED" or busy in _NOT_AWAY:
        return None
    start, end = _start_and_end(event)
    whole_day = not isinstance(start, datetime)
    begin, stop = _instant(start, zone), _instant(end, zone)
    long = whole_day or stop - begin >= SHORTEST
    return Absence(begin, stop) if long and stop > begin else None


def _start_and_end(event: Any) -> tuple[date, date]:
    """As RFC 5545 has it: without an end a day lasts a day, and anything else no time."""
    start: date = _moment(event, "DTSTART")
    end, duration = _moment(event, "DTEND"), _moment(event, "DURATION")
    if isinstance(end, date) and isinstance(end, datetime) == isinstance(start, datetime):
        return start, end
    if isinstance(duration, timedelta):
        return start, start + duration
    return start, start if isinstance(start, datetime) else start + timedelta(days=1)


def _instant(moment: date, zone: ZoneInfo) -> datetime:
    """UTC; a day begins at midnight of the zone, a time without one is of it."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def _covers_until(calendar: "Calendar", zone: ZoneInfo) -> datetime | None:
    last: datetime | None = None
    for event in calendar.walk("VEVENT"):
        rules = event.get("RRULE") or []
        for rule in rules if isinstance(rules, list) else [rules]:
            until = rule.get("UNTIL")
            if not until:
                return None
            ends = [_instant(one, zone) for one in until]
            last = max([*ends, last] if last else ends)
        end = _instant(_start_and_end(event)[1], zone)
        last = max(end, last) if last else end
    return last
