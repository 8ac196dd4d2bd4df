"""All threads are looked at again as often as that costs little."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

from moderation.records import Batch
from sync.connector import Connection, Known
from sync.engine.looking_again import (
    AT_MOST_EVERY,
    PAUSE_A_REQUEST,
    PAUSE_WHEN_ASKED,
    PAUSE_WHERE_LIMITED,
    LookingAgain,
)
from tests.fakes.clock import FakeClock

HORIZON = datetime(2026, 1, 1, tzinfo=UTC)


class Community:
    """Looks cost so many requests."""

    def __init__(self, requests: int, left: float | None = None) -> None:
        self.each, self.spent, self.looks, self.left = requests, 0, 0, left

    def budget_left(self) -> float | None:
        return self.left

    def usage(self) -> dict[str, int]:
        return {"requests": self.spent, "bytes": 0}

    def look_again(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        self.looks += 1
        yield Batch((), {})
        self.spent += self.each


def look(again: LookingAgain, community: Any, *, asked: bool = False) -> int:
    return len(list(again.batches(cast(Connection, community), cast(Known, None), HORIZON, asked=asked)))


def test_a_small_community_is_looked_at_every_hour_and_whenever_somebody_asks() -> None:
    clock, community = FakeClock(), Community(10)
    again = LookingAgain(clock)
    assert look(again, community) == 1
    assert (look(again, community), look(again, community, asked=True)) == (0, 1)
    clock.advance(AT_MOST_EVERY)
    assert look(again, community) == 1


def test_a_large_one_less_often() -> None:
    clock, community = FakeClock(), Community(5_000)
    again = LookingAgain(clock)
    assert look(again, community) == 1
    assert look(again, community, asked=True) == 0
    clock.advance(5_000 * PAUSE_WHEN_ASKED)
    assert (look(again, community), look(again, community, asked=True)) == (0, 1)
    clock.advance(AT_MOST_EVERY)
    assert look(again, community) == 0
    clock.advance(5_000 * PAUSE_A_REQUEST)
    assert look(again, community) == 1


def test_where_requests_are_limited_still_less_often() -> None:
    clock, community = FakeClock(), Community(60, left=2000.0)
    again = LookingAgain(clock)
    assert look(again, community) == 1
    clock.advance(AT_MOST_EVERY)
    assert (look(again, community), look(again, community, asked=True)) == (0, 1)
    clock.advance(60 * PAUSE_WHERE_LIMITED)
    assert look(again, community) == 1


def test_one_that_broke_off_is_begun_anew_and_a_platform_without_has_none() -> None:
    again, community = LookingAgain(FakeClock()), Community(10)
    next(iter(again.batches(cast(Connection, community), cast(Known, None), HORIZON)))
    assert look(again, community) == 1
    assert community.looks == 2
    assert look(again, object()) == 0
