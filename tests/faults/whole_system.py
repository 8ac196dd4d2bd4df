"""Seeded runs of the whole system: ``python -m tests.faults --runs 20000 --seed 1``.

A run is a person at the desk, the outbox over the real journal and mirror, the real connector, and the sample community
behind the fault proxy over real sockets; with faults, colleagues, crashes at the journal's seam and clocks that jump.
One seed is one run: ``python -m tests.faults --seed 4711 --runs 1 --story``.
"""

import itertools
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from moderation.desk import Bench, Desk
from moderation.errors import MarqueeError
from sync.journal import open_journal
from sync.journal.store import SqlJournal
from sync.nodebb.connection import NodeBB
from sync.outbox import FlushStoppedError, Outbox, Timing
from sync.team import open_team
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.crashing import Crash, CrashingJournal
from tests.fakes.desk import FakeEngine
from tests.fakes.folders import in_memory
from tests.faults.agreement import differences
from tests.faults.ground import ME, NAME, Copy, Ground, dice_of, pull, vault_in
from tests.faults.invariants import BrokenError, Memory, at_rest, check
from tests.faults.kinds import Chance
from tests.faults.person import USUAL_WORDS, Person, others

LATEST = 85.0
TIMING = Timing(settle=90.0, look_every=45.0)


class Engine:
    """The engine's side of a run: what dies in a crash and begins anew on the same files."""

    def __init__(self, ground: Ground, copy: Copy) -> None:
        self.ground = ground
        self.copy = copy
        self.journal: SqlJournal = open_journal(copy.vault, ground.clock.now)
        self.team = open_team(copy.vault, ground.clock.now)
        self.seam = CrashingJournal(self.journal)
        self.connection: NodeBB = ground.connect(copy.writer.next_seq)
        self.outbox = Outbox(NAME, self.seam, self.team, lambda _: self.connection, copy.absorb, ground.clock, TIMING)

    def flush(self) -> float | None:
        """Flush once; gives the wait the outbox asked for, ``None`` where it stopped or has nothing to wait for."""
        with suppress(FlushStoppedError, MarqueeError):
            return self.outbox.run()
        return None

    def pull(self) -> bool:
        """Read what is new; false when the way there failed."""
        with suppress(MarqueeError):
            pull(self.connection, self.copy, self.ground.clock.now())
            return True
        return False

    def close(self) -> None:
        """As the end of the process leaves it."""
        self.connection.close()
        self.journal.close()
        self.team.close()


class Run:
    """One run by its seed. ``tell`` hears its story, line by line."""

    def __init__(self, seed: int, folder: Path, tell: Callable[[str], None] = lambda line: None) -> None:
        self.seed = seed
        self.tell = tell
        self.dice = dice_of(seed)
        self.clock = FakeClock()
        community_seed = self.dice.randrange(4)
        self.ground = Ground(self.clock, community_seed)
        self.copy = Copy(vault_in(folder, community_seed), self.clock)
        self.memory = Memory()
        self.journal: SqlJournal = open_journal(self.copy.vault, self.clock.now)
        self.team = open_team(self.copy.vault, self.clock.now)
        bench = Bench(self.copy.reader, self.journal, self.team, FakeEngine(), self.clock, FakeIds(self.clock))
        self.desk = Desk(bench)
        self.person = Person(self.desk, self.dice, self.memory)
        self.engine = Engine(self.ground, self.copy)

    def run(self) -> None:
        """The storm, the calm, and what must hold; raises :class:`BrokenError`."""
        self.ground.proxy.chance = Chance(
            self.seed, reads=self.dice.choice((0.0, 0.03, 0.1)), writes=0.5, latest=LATEST
        )
        for _ in range(self.dice.randrange(8, 18)):
            self.step()
        self.calm()
        check(self.journal, self.team, self.ground.community, self.ground.me.native, self.memory)
        different = differences(self.copy.reader, self.ground.community)
        if different:
            raise BrokenError("\n".join(different))

    def step(self) -> None:
        """Something happens."""
        match self.dice.choices(
            ("person", "others", "flush", "pull", "time", "crash", "sleep", "key"), (10, 4, 9, 2, 5, 3, 1, 1)
        )[0]:
            case "person":
                self.desk.triage.refresh_overlay()
                self.tell(f"person: {self.person.act()}")
            case "others":
                self.tell(f"others: {self.by_hand() if self.dice.random() < 0.1 else self.others()}")
            case "flush":
                self.flush()
            case "pull":
                self.tell(f"pull: {self.engine.pull()}")
            case "time":
                seconds = self.dice.choice((1.0, 6.0, 20.0, 50.0, 100.0))
                self.tell(f"{seconds} s pass")
                self.ground.pass_time(seconds)
            case "crash":
                self.engine.seam.arm(self.dice.randrange(1, 9), after=self.dice.random() < 0.5)
                self.flush()
            case "sleep":
                seconds = self.dice.choice((60.0, 3000.0))
                self.tell(f"asleep for {seconds} s")
                self.ground.sleep(seconds)
            case _:
                self.lose_key()

    def others(self) -> str:
        """Colleagues and customers."""
        return others(self.ground.community, self.dice)

    def by_hand(self) -> str:
        """The person answers in a browser, with the words that they also use here."""
        thread = self.dice.choice(sorted(self.ground.community.state.tables.threads))
        self.ground.community.reply_as(ME, thread, USUAL_WORDS)
        self.memory.by_hand[("reply", f"thread:{thread}", USUAL_WORDS)] += 1
        return f"by hand in {thread}"

    def flush(self) -> None:
        """The engine does what is due, and may die over it; others may act in the middle of it."""
        if self.dice.random() < 0.5:
            self.ground.proxy.interrupt = self._interruption(self.dice.randrange(1, 25), self.dice.random() < 0.6)
        try:
            self._flush()
        finally:
            self.ground.proxy.interrupt = None

    def _interruption(self, after: int, by_person: bool) -> Callable[[], None]:
        """Somebody does something while the engine waits for the answer to its n-th request."""
        requests = itertools.count(1)

        def interrupt() -> None:
            if next(requests) == after:
                self.tell(f"meanwhile: {self.person.act() if by_person else self.others()}")

        return interrupt

    def _flush(self) -> None:
        try:
            wait = self.engine.flush()
        except Crash as crash:
            self.tell(f"the engine dies {crash}")
            self.restart()
            return
        self.tell(f"flush: next in {wait}")

    def restart(self) -> None:
        """A new engine on the same files."""
        self.engine.close()
        self.copy.close_engine()
        self.copy.open()
        self.engine = Engine(self.ground, self.copy)

    def lose_key(self) -> None:
        """The token is revoked while the engine works, and given back."""
        self.tell("the key is revoked")
        self.ground.community.revoke_token(self.ground.token)
        self.flush()
        with self.ground.community.state.lock:
            self.ground.community.state.tokens[self.ground.token] = int(self.ground.me.native)
        self.tell("the key is valid again")

    def calm(self) -> None:
        """No more faults: until nothing moves by itself, then until mirror and server had time to agree."""
        self.tell("calm")
        self.engine.seam.disarm()
        self.ground.proxy.calm()
        self.settle()
        self.ground.pass_time(LATEST)
        self.settle()
        self.ground.pass_time(3700.0)
        for _ in range(2):
            if not self.engine.pull():
                raise BrokenError("a pull failed after the faults had ended")

    def settle(self) -> None:
        """Flush and let time pass until all that is left needs a person."""
        for _ in range(400):
            wait = self.engine.flush()
            if at_rest(self.journal):
                return
            self.ground.pass_time(min(max(wait, 0.05), 45.0) if wait is not None else 1.0)
        raise BrokenError("it never came to rest:\n" + "\n".join(map(str, self.journal.unfinished())))

    def close(self) -> None:
        """End everything."""
        self.engine.close()
        self.journal.close()
        self.team.close()
        self.copy.close()
        self.ground.close()


@contextmanager
def quiet(log: logging.Logger) -> Iterator[None]:
    """Faults are on purpose here: nothing of them is logged, and the log is as it was afterwards."""
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def one(seed: int, tell: Callable[[str], None] = lambda line: None) -> None:
    """One run; raises :class:`BrokenError` with the seed in its words."""
    with (
        quiet(logging.getLogger("sync")),
        tempfile.TemporaryDirectory(prefix="mq-run-", dir=in_memory(), ignore_cleanup_errors=True) as folder,
    ):
        run = Run(seed, Path(folder), tell)
        try:
            run.run()
        except BrokenError as broken:
            raise BrokenError(
                f"seed {seed}: python -m tests.faults --seed {seed} --runs 1 --story\n{broken}"
            ) from broken
        finally:
            run.close()


if __name__ == "__main__":
    import sys

    from tests.faults.__main__ import main

    sys.exit(main())
