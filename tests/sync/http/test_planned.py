"""The planned budget: a minute's and a day's limit, people first, and what a 429 teaches."""

import pytest

from moderation.errors import TryLaterError
from sync.connector import Urgency
from sync.http import Limited, Plan, PlannedBudget

PERSON, FLUSH, POLL, BACKGROUND = Urgency.PERSON, Urgency.FLUSH, Urgency.POLL, Urgency.BACKGROUND
DAY = 86400.0


class Time:
    """Both clocks, moved together."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


def budget(clock: Time, per_day: int | None = 2880, per_minute: int = 20) -> PlannedBudget:
    return PlannedBudget(Plan(per_minute, per_day), patience=0.0, monotonic=clock, wall=clock)


def send(found: PlannedBudget, urgency: Urgency, count: int) -> int:
    """Send until it would have to wait; gives how many went out."""
    for number in range(count):
        if not found.may(urgency):
            return number
        with found.slot(urgency):
            pass
    return count


def test_a_part_of_every_minute_stays_free_for_people(clock: Time) -> None:
    found = budget(clock)
    assert send(found, BACKGROUND, 99) == 14
    assert send(found, POLL, 99) == 2
    assert send(found, FLUSH, 99) == 2
    assert send(found, PERSON, 99) == 2
    with pytest.raises(TryLaterError, match="budget_used_up") as caught, found.slot(PERSON):
        pass
    assert 0 < caught.value.seconds <= 61
    clock.now += 62
    assert send(found, BACKGROUND, 99) == 14


def test_what_others_spend_of_a_shared_limit_is_no_limit_for_ever(clock: Time) -> None:
    """Keys of a site share one bucket: a busy colleague must not slow this down until it is started anew."""
    for shared, after in ((True, 60), (False, 4)):
        found = PlannedBudget(Plan(60, shared=shared), patience=0.0, monotonic=clock, wall=clock)
        assert send(found, PERSON, 5) == 5
        found.told(Limited(20.0, 60.0))
        assert found.limits == (4, None)
        clock.now += 300
        assert send(found, PERSON, 99) == 4
        clock.now += 301
        assert send(found, PERSON, 99) == after
        clock.now += 100


def test_a_limit_of_the_address_says_nothing_of_the_key(clock: Time) -> None:
    found = budget(clock)
    assert send(found, PERSON, 3) == 3
    found.told(Limited(7.0, 10.0))
    found.told(Limited(7.0, None))
    assert found.limits == (20, 2880)


def test_a_day_by_itself_leaves_enough_for_people(clock: Time) -> None:
    found, sent = budget(clock), 0
    for _ in range(24 * 60):
        sent += send(found, BACKGROUND, 99)
        clock.now += 60
    assert sent <= 2880 * 0.75
    assert sent >= 2880 * 0.65
    assert found.left is not None
    assert found.left >= 2880 * 0.25
    assert send(found, PERSON, 5) == 5


def test_an_even_pace_goes_on_after_the_first_rush(clock: Time) -> None:
    found = budget(clock)
    for _ in range(30):
        send(found, BACKGROUND, 99)
        clock.now += 61
    clock.now += 600
    assert 8 <= send(found, BACKGROUND, 99) <= 14


def test_a_used_up_day_is_told_and_not_slept(clock: Time) -> None:
    found = budget(clock, per_day=30, per_minute=100)
    assert send(found, PERSON, 30) == 30
    assert found.left == 0
    with pytest.raises(TryLaterError, match="day_limit_reached"), found.slot(PERSON):
        pass
    clock.now += DAY + 7200
    assert found.left == 30


def test_without_a_days_limit_the_minute_counts(clock: Time) -> None:
    found = budget(clock, per_day=None, per_minute=60)
    assert found.left == 60
    assert send(found, BACKGROUND, 99) == 42
    assert found.left == 18


def test_a_429_teaches_the_limit_of_its_period(clock: Time) -> None:
    found = budget(clock)
    send(found, PERSON, 9)
    found.told(Limited(25.0, 60.0))
    assert found.limits == (8, 2880)
    found.told(Limited(7200.0, 86400.0))
    assert found.limits == (8, 9)
    assert found.left == 0
    found.told(Limited(7.0, 10.0))
    assert found.limits == (8, 9)


def test_the_day_is_counted_over_restarts(clock: Time) -> None:
    found = budget(clock)
    send(found, PERSON, 20)
    after = budget(clock)
    after.recall(found.spent())
    assert after.left == 2860
    after.recall("nonsense")
    after.recall(found.spent())
    assert after.left == 2860
    clock.now += DAY + 7200
    assert after.left == 2880


def test_what_a_budget_counted_itself_is_not_counted_again_by_a_new_connection(clock: Time) -> None:
    found = budget(clock, per_minute=100_000)
    send(found, BACKGROUND, 100)
    for _ in range(20):
        found.recall(found.spent())
    assert (found.left, found.scarce, found.planned_out) == (2780, False, False)
