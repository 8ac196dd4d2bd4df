"""A desk over the real journal, and over a mirror, a team and an engine in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.desk import Bench, Desk
from sync.journal import open_journal
from tests.fakes import factory
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.desk import FakeEngine, FakeMirror, FakeTeam


class Room:
    """A desk with everything that stands around it, in reach of a test."""

    def __init__(self, home: Path) -> None:
        self.clock = FakeClock()
        self.mirror = FakeMirror()
        self.team = FakeTeam()
        self.engine = FakeEngine()
        self.journal = open_journal(factory.vault(home), self.clock.now)
        bench = Bench(self.mirror, self.journal, self.team, self.engine, self.clock, FakeIds(self.clock))
        self.desk = Desk(bench)
        self.mirror.add(factory.item(), factory.item(2, post=factory.post(11).id), factory.held_item())
        self.mirror.add(factory.thread(), factory.post(), factory.post(11), factory.member(), factory.forum())


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A desk with two reported posts and a held one in thread 1."""
    made = Room(tmp_path)
    yield made
    made.journal.close()
