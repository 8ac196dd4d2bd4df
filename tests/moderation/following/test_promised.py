"""Promised hours against the hours of those who cover a forum."""

from datetime import UTC, datetime, timedelta

from moderation.coverage.hours import Hours
from moderation.following.promised import AtWork, Promised, promised
from moderation.people import Absence, parse_hours

MONDAY = datetime(2026, 6, 8, tzinfo=UTC)
HOUR = 3600
OFFICE = parse_hours("Mon-Fri 09:00-17:00", "UTC")


def test_who_works_all_of_it_leaves_nothing_open() -> None:
    assert promised(OFFICE, [AtWork(OFFICE)], MONDAY) == Promised(40 * HOUR, 0)


def test_two_people_may_share_it() -> None:
    early, late = parse_hours("Mon-Fri 09:00-13:00", "UTC"), parse_hours("Mon-Thu 12:00-17:00", "UTC")
    assert promised(OFFICE, [AtWork(early), AtWork(late)], MONDAY) == Promised(40 * HOUR, 4 * HOUR)


def test_hours_are_of_each_ones_zone() -> None:
    tokyo = parse_hours("Mon-Fri 09:00-17:00", "Asia/Tokyo")
    assert promised(OFFICE, [AtWork(tokyo)], MONDAY) == Promised(40 * HOUR, 40 * HOUR)


def test_times_away_are_open() -> None:
    away = Absence(MONDAY + timedelta(hours=13), MONDAY + timedelta(days=2))
    assert promised(OFFICE, [AtWork(OFFICE, [away])], MONDAY) == Promised(40 * HOUR, 12 * HOUR)


def test_what_nobody_has_said_is_not_known() -> None:
    assert promised(Hours(), [AtWork(OFFICE)], MONDAY) is None
    assert promised(OFFICE, [AtWork(Hours())], MONDAY) is None
    assert promised(OFFICE, [], MONDAY) == Promised(40 * HOUR, 40 * HOUR)


def test_a_week_with_a_change_of_the_clock_is_counted_as_it_is() -> None:
    night = parse_hours("Sun 00:00-06:00", "Europe/Berlin")
    found = promised(night, [], datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert found == Promised(7 * HOUR, 7 * HOUR)
