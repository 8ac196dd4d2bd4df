"""Runs with the real engine in a process of its own, killed by ``SIGKILL`` at random moments and started again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from moderation.intents import Identities
from moderation.queries import QueueQuery
from tests.faults.agreement import differences
from tests.faults.dying import FAULTS, LATEST, DyingHome, until
from tests.faults.ground import ME
from tests.faults.invariants import BrokenError, Memory, at_rest, check
from tests.faults.kinds import Chance
from tests.faults.person import Person, others


class Killing(DyingHome):
    """A moderator's home with an engine that dies."""

    def __init__(self, seed: int, folder: Path) -> None:
        super().__init__(seed, folder, ((ME, Identities.ME),))
        self.memory = Memory()
        self.person = Person(self.desk, self.dice, self.memory, holds=(0.0, 0.0, 0.15))

    def begin(self) -> None:
        """The first start: until the queue has been read."""
        self.start()
        pending = sum(item.state in {"open", "in_progress"} for item in self.community.state.tables.items.values())
        until(lambda: self.mirror.count(QueueQuery()) >= pending, "the queue is not read")

    def one(self, number: int) -> None:
        """Decisions, replies and colleagues under faults; a kill at a random moment; a new engine; then the calm."""
        self.proxy.chance = Chance(self.dice.randrange(10**9), 0.0, 0.3, FAULTS, LATEST)
        for _ in range(self.dice.randrange(3, 7)):
            self.desk.triage.refresh_overlay()
            self.person.act()
            if self.dice.random() < 0.3:
                others(self.community, self.dice)
        time.sleep(self.dice.uniform(0.0, 0.25))
        self.kill()
        self.start()
        self.proxy.calm()
        self.rest(number)

    def rest(self, number: int) -> None:
        """Until nothing moves by itself and nothing is on its way, then what must hold."""
        self.client.wake("after a kill")
        until(lambda: not self.proxy.stuck and at_rest(self.journal), f"run {number} does not come to rest")
        for _ in self.client.sync([self.name]):
            pass
        me = str(self.community.uid(ME))
        check(self.journal, self.team, self.community, me, self.memory)
        different = differences(self.mirror, self.community, self.name)
        if different:
            raise BrokenError("\n".join(different))


@contextmanager
def killing(seed: int, folder: Path) -> Iterator[Killing]:
    """A home under an engine that dies, closed at the end."""
    made = Killing(seed, folder)
    try:
        made.begin()
        yield made
    finally:
        made.close()
