"""Absences from calendars: repeated and whole days, zones and changes of the clock, and what is no calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.errors import NotAllowedError
from sync import calendars
from sync.calendars import Told, read_calendar

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
BERLIN_RULES = """BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*events: str, before: str = "") -> bytes:
    inner = "".join(
        f"BEGIN:VEVENT\nUID:e{n}\nDTSTAMP:20260601T080000Z\n{event}\nEND:VEVENT\n" for n, event in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Quillby//Away//EN\n{before}{inner}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def days(first: str, last: str, *more: str) -> str:
    return "\n".join([f"DTSTART;VALUE=DATE:{first}", f"DTEND;VALUE=DATE:{last}", *more])


def read(*events: str, zone: str = "Europe/Berlin", before: str = "") -> list[tuple[str, str]]:
    told = read_calendar(calendar(*events, before=before), zone, NOW)
    return [(f"{one.start:%m-%dT%H:%M}", f"{one.end:%m-%dT%H:%M}") for one in told.absences]


def test_whole_days_are_days_of_the_persons_zone() -> None:
    assert read(days("20260615", "20260620")) == [("06-14T22:00", "06-19T22:00")]
    assert read(days("20260615", "20260620"), zone="Asia/Tokyo") == [("06-14T15:00", "06-19T15:00")]
    assert read("DTSTART;VALUE=DATE:20260615") == [("06-14T22:00", "06-15T22:00")]


def test_a_day_on_which_the_clock_changes_has_its_own_length() -> None:
    told = read_calendar(calendar(days("20261025", "20261026"), days("20270328", "20270329")), "Europe/Berlin", NOW)
    assert [one.end - one.start for one in told.absences] == [timedelta(hours=25), timedelta(hours=23)]


def test_every_friday_with_exceptions_keeps_its_hour_over_the_change_of_the_clock() -> None:
    weekly = (
        "DTSTART;TZID=Europe/Berlin:20261016T090000\nDTEND;TZID=Europe/Berlin:20261016T170000\n"
        "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20261023T090000"
    )
    assert read(weekly) == [
        ("10-16T07:00", "10-16T15:00"), ("10-30T08:00", "10-30T16:00"), ("11-06T08:00", "11-06T16:00"),
    ]  # fmt: skip


def test_a_zone_of_the_calendars_own_is_read_too() -> None:
    own = "DTSTART;TZID=Office:20260701T080000\nDTEND;TZID=Office:20260701T180000"
    assert read(own, zone="Asia/Tokyo", before=BERLIN_RULES) == [("07-01T06:00", "07-01T16:00")]


def test_a_time_without_a_zone_is_of_the_person() -> None:
    assert read("DTSTART:20260701T080000\nDURATION:PT10H", zone="Asia/Tokyo") == [("06-30T23:00", "07-01T09:00")]


def test_every_year_and_one_moved_occurrence() -> None:
    yearly = days("20200612", "20200613", "RRULE:FREQ=YEARLY")
    moved = days("20260618", "20260619", "RECURRENCE-ID;VALUE=DATE:20260612")
    text = calendar(yearly, moved).replace(b"UID:e1", b"UID:e0")
    told = read_calendar(text, "UTC", NOW)
    assert [f"{one.start:%Y-%m-%d}" for one in told.absences] == ["2026-06-18", "2027-06-12"]
    assert told.covers_until is None


@pytest.mark.parametrize(
    "event",
    [
        days("20260615", "20260620", "STATUS:CANCELLED"),
        days("20260615", "20260620", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"),
        days("20260615", "20260620", "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"),
        "DTSTART:20260615T090000Z\nDTEND:20260615T100000Z",
        "DTSTART:20260615T090000Z",
        "DTSTART:20260615T090000Z\nDTEND:20260614T090000Z",
        days("20250615", "20250620"),
        days("20290615", "20290620"),
    ],
    ids=["cancelled", "free", "elsewhere", "a meeting", "no end", "ends before", "long ago", "far ahead"],
)
def test_what_is_no_absence(event: str) -> None:
    assert read(event) == []


def test_marked_as_transparent_a_day_off_is_one_all_the_same() -> None:
    """Calendars mark whole days so unless somebody thinks of it."""
    assert len(read(days("20260615", "20260620", "TRANSP:TRANSPARENT"))) == 1


def test_the_same_twice_is_once() -> None:
    assert len(read(days("20260615", "20260620"), days("20260615", "20260620"))) == 1


def test_nothing_of_what_it_is_about_is_kept() -> None:
    told = read_calendar(calendar(days("20260615", "20260620", "SUMMARY:Surgery")), "UTC", NOW)
    assert "Surgery" not in repr(told)


def test_one_broken_event_does_not_spoil_the_rest() -> None:
    told = read_calendar(calendar("DTSTART:yesterday", days("20260615", "20260620"), "SUMMARY:x"), "UTC", NOW)
    assert (len(told.absences), told.skipped) == (1, 2)


def test_an_event_every_second_is_left_out_at_once() -> None:
    told = read_calendar(calendar("DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY"), "UTC", NOW)
    assert told == Told((), None, 1)


def test_a_year_old_calendar_says_how_far_it_goes() -> None:
    told = read_calendar(calendar(days("20250615", "20250620")), "UTC", NOW)
    assert told.absences == ()
    assert told.covers_until == datetime(2025, 6, 20, tzinfo=UTC)


def test_an_empty_calendar_is_one() -> None:
    assert read_calendar(calendar(), "UTC", NOW) == Told(())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>Sign in</html>",
        b"\xff\xfe\x00BEGIN",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR",
        b"BEGIN:VCARD\r\nFN:Dagny\r\nEND:VCARD\r\n",
        calendar(days("20260615", "20260620"))[:-40],
    ],
    ids=["nothing", "a page", "no text", "torn", "a card", "cut off"],
)
def test_what_is_no_calendar_is_said_in_one_sentence(data: bytes) -> None:
    with pytest.raises(NotAllowedError, match="calendar_broken") as caught:
        read_calendar(data, "UTC", NOW)
    assert caught.value.facts == {}


def test_a_huge_one_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAllowedError, match="calendar_too_large"):
        read_calendar(b"x" * (calendars.LARGEST + 1), "UTC", NOW)
    monkeypatch.setattr(calendars, "MOST_EVENTS", 2)
    with pytest.raises(NotAllowedError, match="calendar_too_large"):
        read_calendar(calendar(*[days("20260615", "20260620")] * 3), "UTC", NOW)
    monkeypatch.setattr(calendars, "MOST_EVENTS", 9)
    monkeypatch.setattr(calendars, "MOST_ABSENCES", 5)
    with pytest.raises(NotAllowedError, match="calendar_too_large"):
        read_calendar(calendar(days("20260615", "20260616", "RRULE:FREQ=DAILY")), "UTC", NOW)
