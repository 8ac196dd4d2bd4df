"""Runs with the real engine in a process of its own, killed by ``SIGKILL`` at random moments and started again."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

from console import connecting
from console.clock import SystemClock, TimeIds
from console.credentials import Credentials, ForThisRun
from console.engine_client import EngineClient, start_engine
from console.home import Home
from console.keyrings import Backend
from console.settings import change
from moderation.desk import Bench, Desk
from moderation.errors import StoreError
from moderation.intents import Identities
from moderation.queries import QueueQuery
from sync.engine.lock import holder
from sync.journal import open_journal
from sync.mirror import MirrorReader
from sync.sandbox import SampleCommunity, serve
from sync.team import open_team
from sync.vault import Vault
from tests.faults.agreement import differences
from tests.faults.ground import ME, SIZE, dice_of
from tests.faults.invariants import BrokenError, Memory, at_rest, check
from tests.faults.kinds import Chance
from tests.faults.kinds import Kind as Fault
from tests.faults.person import Person, others
from tests.faults.proxy import FaultProxy

SETTLE = 1.2
LATEST = 0.6
PATIENCE = 60.0
FAULTS = (Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.RESET_AFTER, Fault.LATE, Fault.HTML_502_AFTER, Fault.STORED_400)


def _no_keyring() -> Backend:
    raise StoreError("keyring_missing")


class Killing:
    """A home, a sample community behind a proxy, and an engine that dies."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.dice = dice_of(seed)
        self.community = SampleCommunity.seeded(seed % 4, SIZE)
        self.community.service.service_time_ms = 25.0
        self.server = serve(self.community)
        self.proxy = FaultProxy(self.server.port)
        self.home = Home(folder.resolve())
        self.secrets = ForThisRun(store_key=secrets.token_hex(32))
        credentials = Credentials(self.home, self.secrets, _no_keyring)
        token = self.community.token_for(ME)
        place = connecting.find(self.proxy.url)
        checked = connecting.check(place, token, ME, Identities.ME)
        connecting.remember(self.home, credentials, checked, token)
        self.name = place.name
        self.secrets = credentials.for_engine()
        change(self.home.settings, lambda s: replace(s, settle_seconds=SETTLE, poll_seconds=1.0, idle_seconds=600.0))
        vault = Vault(self.home.root, credentials.store_key())
        self.journal, self.team = open_journal(vault), open_team(vault)
        self.mirror = MirrorReader(vault)
        self.client = EngineClient(self.home, lambda: self.secrets, may_start=False)
        self.memory = Memory()
        bench = Bench(self.mirror, self.journal, self.team, self.client, SystemClock(), TimeIds())
        self.desk = Desk(bench)
        self.person = Person(self.desk, self.dice, self.memory, holds=(0.0, 0.0, 0.15))
        self.engine: Popen[bytes] | None = None
        self._ended = threading.Event()
        self._post = threading.Thread(target=self._deliver, daemon=True)
        self._post.start()

    def start(self) -> None:
        """Start the engine as window and commands do, and wait until it holds the lock."""
        self.engine = start_engine(self.home, self.secrets)
        _until(lambda: holder(self.home.root) == self.engine.pid if self.engine else False, "the engine does not start")

    def begin(self) -> None:
        """The first start: until the queue has been read."""
        self.start()
        pending = sum(item.state in {"open", "in_progress"} for item in self.community.state.tables.items.values())
        _until(lambda: self.mirror.count(QueueQuery()) >= pending, "the queue is not read")

    def kill(self) -> None:
        """``SIGKILL``, and wait for the end."""
        assert self.engine is not None
        self.engine.kill()
        self.engine.wait(PATIENCE)
        self.engine = None

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
        _until(lambda: not self.proxy.stuck and at_rest(self.journal), f"run {number} does not come to rest")
        for _ in self.client.sync([self.name]):
            pass
        me = str(self.community.uid(ME))
        check(self.journal, self.team, self.community, me, self.memory)
        different = differences(self.mirror, self.community, self.name)
        if different:
            raise BrokenError("\n".join(different))

    def close(self) -> None:
        """End everything."""
        if self.engine is not None:
            self.kill()
        self._ended.set()
        self._post.join(5)
        self.client.close()
        self.mirror.close()
        self.journal.close()
        self.team.close()
        self.proxy.close()
        self.server.close()

    def _deliver(self) -> None:
        """What is stuck on the way lands when its time has come."""
        while not self._ended.wait(0.02):
            self.proxy.deliver()


@contextmanager
def killing(seed: int, folder: Path) -> Iterator[Killing]:
    """A home under an engine that dies, closed at the end."""
    made = Killing(seed, folder)
    try:
        made.begin()
        yield made
    finally:
        made.close()


def _until(done: Callable[[], bool], complaint: str) -> None:
    """Wait for a condition."""
    ends = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > ends:
            raise BrokenError(complaint)
        time.sleep(0.02)
