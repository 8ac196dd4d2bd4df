"""Facts are brought in step with the staff in the background, a part at a time."""

import logging

import pytest

from moderation.coverage.staff import StaffDays
from moderation.errors import StoreError
from sync.engine.facts import AT_ONCE, LOOK_EVERY, FactsInStep
from tests.fakes import factory
from tests.fakes.clock import FakeClock
from tests.fakes.engine import Household

NEVER = False


def test_the_staff_is_looked_at_now_and_then_and_everything_is_counted(house: Household) -> None:
    asked: list[str] = []
    staff = StaffDays.of_groups([factory.community().identity.member])

    def look(community: str) -> StaffDays:
        asked.append(community)
        return staff

    house.stores.staff = look
    house.writer.uncounted = AT_ONCE * 3 + 7
    clock = house.stores.clock = FakeClock()
    facts = FactsInStep("here", house.stores)
    facts.step(lambda: NEVER)
    facts.step(lambda: NEVER)
    assert (asked, house.writer.staff, house.writer.uncounted) == (["here"], [staff], 0)
    clock.advance(LOOK_EVERY)
    facts.step(lambda: NEVER)
    assert len(asked) == 2
    facts.all(lambda: NEVER)
    assert len(asked) == 3


def test_it_stops_when_it_is_told(house: Household) -> None:
    house.writer.uncounted = 10_000
    FactsInStep("here", house.stores).all(lambda: house.writer.uncounted <= 9_000)
    assert house.writer.uncounted == 9_000


def test_rules_that_cannot_be_read_are_told_once_and_stop_nothing(
    house: Household, caplog: pytest.LogCaptureFixture, expected_logs: list[str]
) -> None:
    expected_logs.append("coverage_rules_unreadable")

    def broken(community: str) -> StaffDays:
        raise StoreError("coverage_rules_unreadable", path="coverage.toml", why="goal")

    house.stores.staff = broken
    house.writer.uncounted = 5
    facts = FactsInStep("here", house.stores)
    with caplog.at_level(logging.WARNING):
        facts.all(lambda: NEVER)
        facts.all(lambda: NEVER)
    assert house.writer.uncounted == 0
    assert [record.getMessage().count("coverage_rules_unreadable") for record in caplog.records] == [1]
