"""Working time, beside counting minute by minute on the wall's clock."""

import random
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from moderation.coverage.hours import Hours, Period, WorkingTime, Zone, promised_slots
from tests.moderation.coverage.naive import worked_ms, works

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000


def ms(text: str, zone: str = "UTC", fold: int = 0) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp() * 1000)


NIGHTS = tuple(Period(day, 22 * 60, 30 * 60) for day in range(7))
DAYS = tuple(Period(day, 9 * 60, 17 * 60) for day in range(5))
HOLIDAY = frozenset({date(2026, 3, 29), date(2026, 10, 26), date(2026, 12, 25)})
CASES = {
    "nights in Berlin, clock forward": (Hours("Europe/Berlin", NIGHTS), "2026-03-27"),
    "nights in Berlin, clock back": (Hours("Europe/Berlin", NIGHTS), "2026-10-23"),
    "half hours in the hour that comes twice": (
        Hours("Europe/Berlin", (Period(6, 90, 150), Period(6, 170, 200))), "2026-10-23"),
    "half hours in the hour that is left out": (
        Hours("Europe/Berlin", (Period(6, 90, 150), Period(6, 170, 200))), "2026-03-27"),
    "holidays on both sides of midnight": (Hours("Europe/Berlin", NIGHTS, HOLIDAY), "2026-03-27"),
    "a holiday after the clock went back": (Hours("Europe/Berlin", NIGHTS, HOLIDAY), "2026-10-23"),
    "days in New York": (Hours("America/New_York", DAYS), "2026-03-06"),
    "Lord Howe, where the clock moves by half an hour": (Hours("Australia/Lord_Howe", NIGHTS), "2026-04-03"),
    "periods that overlap": (Hours("Asia/Tokyo", (Period(0, 0, 900), Period(0, 600, 1500), *DAYS)), "2026-05-01"),
    "around the clock": (Hours("UTC", tuple(Period(day, 0, 1440) for day in range(7))), "2026-05-01"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_working_time_is_what_the_minutes_say(name: str) -> None:
    hours, begin = CASES[name]
    start = ms(begin)
    time = WorkingTime(hours, Zone(hours.zone, start - _DAY, start + 6 * _DAY))
    total = 0
    for at in range(start, start + 5 * _DAY, 10 * _MINUTE):
        assert time.between(start, at) == total, datetime.fromtimestamp(at / 1000, UTC)
        total += worked_ms(hours, at, at + 10 * _MINUTE)
    chance = random.Random(name)
    for _ in range(20):
        first, last = sorted(start + chance.randrange(0, 5 * 1440) * _MINUTE for _ in range(2))
        assert time.between(first, last) == worked_ms(hours, first, last)


def test_a_question_outside_of_the_hours_begins_at_the_next_working_instant() -> None:
    hours = Hours("Europe/Berlin", DAYS)
    friday, monday = ms("2026-03-27T18:00", "Europe/Berlin"), ms("2026-03-30T09:20", "Europe/Berlin")
    time = WorkingTime(hours, Zone("Europe/Berlin", friday - _DAY, monday + _DAY))
    assert time.between(friday, monday) == 20 * _MINUTE
    assert time.between(friday, friday + _HOUR) == 0
    assert time.between(monday, friday) == 0


def test_the_clock_of_a_zone_knows_both_changes() -> None:
    zone = Zone("Europe/Berlin", ms("2026-01-01"), ms("2027-01-01"))
    assert [(end, offset // _HOUR) for _, end, offset in zone.stretches] == [
        (ms("2026-03-29T01:00"), 1), (ms("2026-10-25T01:00"), 2), (ms("2027-01-01"), 1)]  # fmt: skip
    assert zone.slot(ms("2026-03-29T00:59")) == 6 * 24 + 1
    assert zone.slot(ms("2026-03-29T01:00")) == 6 * 24 + 3
    assert zone.slot(ms("2026-10-25T00:30")) == zone.slot(ms("2026-10-25T01:30")) == 6 * 24 + 2
    assert zone.slot(ms("2025-12-31T12:00")) == 2 * 24 + 13, "before the range the first offset is taken"


def test_promised_hours_of_the_week() -> None:
    assert promised_slots(Hours("UTC", (Period(6, 22 * 60 + 30, 25 * 60),))) == {6 * 24 + 22, 6 * 24 + 23, 0}
    assert promised_slots(Hours()) == frozenset()


def test_the_slow_way_knows_a_night_over_midnight() -> None:
    hours = Hours("Europe/Berlin", (Period(5, 22 * 60, 28 * 60),), HOLIDAY)
    assert works(hours, ms("2026-03-28T22:30", "Europe/Berlin"))
    assert not works(hours, ms("2026-03-29T01:30", "Europe/Berlin")), "a holiday"
    assert works(hours, ms("2026-03-22T03:59", "Europe/Berlin"))
    assert not works(hours, ms("2026-03-22T04:00", "Europe/Berlin"))
