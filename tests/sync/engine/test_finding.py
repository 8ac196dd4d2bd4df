"""The engine's thread that looks for private data: slices, rests, trouble, and what is told."""

import logging
import threading

import pytest

from moderation.changes import ChangeRecord, Table
from moderation.errors import StoreError
from sync.engine.finding import Finding, Slices
from tests.sync.engine.conftest import until

NEWS = ChangeRecord(Table.POST, ("c:post:1",))


class Spotter:
    """Has some rows waiting; may be made to fail."""

    def __init__(self, waiting: int = 0) -> None:
        self.waiting = waiting
        self.steps = 0
        self.trouble: StoreError | None = None

    def step(self, seconds: float) -> tuple[int, list[ChangeRecord]]:
        self.steps += 1
        if self.trouble is not None:
            raise self.trouble
        looked = min(self.waiting, 2)
        self.waiting -= looked
        return looked, [NEWS] if looked else []


def test_it_works_through_what_waits_and_tells() -> None:
    heard: list[ChangeRecord] = []
    spotter = Spotter(7)
    finding = Finding(spotter, lambda: False, heard.extend, Slices(0.001, 0.0, 0.0))
    finding.start()
    until(lambda: spotter.waiting == 0 and not finding.behind)
    assert heard == [NEWS] * 4
    steps = spotter.steps
    finding.stop()
    assert steps <= spotter.steps <= steps + 1


def test_beside_pulls_it_rests_longer() -> None:
    pulling = threading.Event()
    finding = Finding(Spotter(8), pulling.is_set, lambda records: None, Slices(0.02, 0.02, 0.18))
    assert finding._turn() == 0.02
    pulling.set()
    assert finding._turn() == 0.18
    assert finding.behind


def test_trouble_is_said_once_and_it_goes_on(expected_logs: list[str], caplog: pytest.LogCaptureFixture) -> None:
    expected_logs.append("store_locked")
    spotter = Spotter(2)
    spotter.trouble = StoreError("store_locked")
    finding = Finding(spotter, lambda: False, lambda records: None)
    with caplog.at_level(logging.WARNING):
        assert finding._turn() > 1
        assert finding._turn() > 1
    assert len([r for r in caplog.records if "store_locked" in r.getMessage()]) == 1
    spotter.trouble = None
    assert finding._turn() < 1
