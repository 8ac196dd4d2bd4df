"""The engine looks now and then, tells what is due, and stays as long as something is to be told soon."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from moderation.changes import ChangeRecord, Table
from moderation.errors import StoreError
from sync.engine.alarms import FIRST_LOOK, LONGEST_PAUSE, LOOK_EVERY, AlarmWatch
from tests.fakes.clock import FakeClock


@dataclass
class Alarming:
    """A desk that counts."""

    channels: bool = True
    looks: int = 0
    tells: int = 0
    due: datetime | None = None
    trouble: StoreError | None = None
    closed: bool = False
    changes: list[ChangeRecord] = field(default_factory=list)

    def listening(self) -> bool:
        if self.trouble is not None:
            raise self.trouble
        return self.channels

    def look(self) -> list[ChangeRecord]:
        self.looks += 1
        return self.changes

    def tell(self) -> int:
        self.tells += 1
        return 0

    def next_telling(self) -> datetime | None:
        return self.due

    def close(self) -> None:
        self.closed = True


def watch(alarming: Alarming, clock: FakeClock, heard: list[ChangeRecord] | None = None) -> AlarmWatch:
    return AlarmWatch(alarming, clock, (heard if heard is not None else []).extend)


def test_it_looks_every_five_minutes_and_not_at_once() -> None:
    alarming, clock = Alarming(changes=[ChangeRecord(Table.ALARM, ("k",))]), FakeClock()
    heard: list[ChangeRecord] = []
    watching = watch(alarming, clock, heard)
    assert watching.step() == FIRST_LOOK
    assert alarming.looks == 0
    clock.advance(FIRST_LOOK)
    assert watching.step() == LONGEST_PAUSE
    clock.advance(LOOK_EVERY - 1)
    watching.step()
    assert alarming.looks == 1
    clock.advance(1)
    watching.step()
    assert (alarming.looks, len(heard)) == (2, 2)
    assert not watching.busy()


def test_a_whole_sync_is_looked_at_where_somebody_listens() -> None:
    alarming, clock = Alarming(), FakeClock()
    watching = watch(alarming, clock)
    watching.pulled()
    assert watching.busy()
    watching.step()
    assert (alarming.looks, alarming.tells) == (1, 1)
    assert not watching.busy()
    alarming.channels = False
    watching.pulled()
    watching.step()
    assert (alarming.looks, alarming.tells) == (1, 1)


def test_it_stays_for_what_is_due_soon_alone() -> None:
    alarming, clock = Alarming(), FakeClock()
    watching = watch(alarming, clock)
    alarming.due = clock.now() + timedelta(seconds=30)
    assert watching.step() == 30
    assert watching.busy()
    alarming.due = clock.now() + timedelta(hours=8)
    watching.step()
    assert not watching.busy()
    alarming.due = clock.now() - timedelta(seconds=5)
    assert watching.step() == pytest.approx(0.2)


def test_settings_that_cannot_be_read_are_told_once(caplog: pytest.LogCaptureFixture, expected_logs: list[str]) -> None:
    expected_logs.append("alarms: settings_value")
    watching = watch(Alarming(trouble=StoreError("settings_value", name="alarms.ops")), FakeClock())
    for _ in range(3):
        watching.step()
    assert len(caplog.records) == 1


def test_the_thread_ends_and_closes_what_it_opened() -> None:
    alarming = Alarming()
    watching = watch(alarming, FakeClock())
    watching.start()
    watching.wake()
    watching.stop()
    assert alarming.closed
