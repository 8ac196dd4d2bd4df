"""Weeks begin on Monday at midnight on the zone's own clock, whatever UTC says and however long the week is."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.coverage.weeks import last_full, monday


@pytest.mark.parametrize(
    ("now", "zone", "begin", "hours"),
    [
        ("2026-11-25T09:00", "UTC", "2026-11-16T00:00", 168),
        ("2026-11-22T23:30", "Europe/Berlin", "2026-11-15T23:00", 168),  # Monday there already
        ("2026-11-23T00:30", "America/New_York", "2026-11-09T05:00", 168),  # still Sunday there
        ("2026-04-01T12:00", "Europe/Berlin", "2026-03-22T23:00", 167),
        ("2026-10-28T12:00", "Europe/Berlin", "2026-10-18T22:00", 169),
    ],
)
def test_the_last_full_week(now: str, zone: str, begin: str, hours: int) -> None:
    start, end = last_full(datetime.fromisoformat(now).replace(tzinfo=UTC), zone)
    assert start == datetime.fromisoformat(begin).replace(tzinfo=UTC)
    assert end - start == timedelta(hours=hours)
    assert end <= datetime.fromisoformat(now).replace(tzinfo=UTC) < end + timedelta(days=7, hours=1)


def test_weeks_before() -> None:
    now = datetime(2026, 11, 22, 10, 40, tzinfo=UTC)
    assert monday(now, "UTC", 11) == datetime(2026, 8, 31, tzinfo=UTC)
    assert monday(monday(now, "Europe/Berlin"), "Europe/Berlin") == monday(now, "Europe/Berlin")
