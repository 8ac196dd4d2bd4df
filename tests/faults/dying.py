"""A home whose real engine runs in a process of its own, is killed by ``SIGKILL`` and started again."""

import secrets
import threading
import time
from collections.abc import Callable, Sequence
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
from sync.engine.lock import holder
from sync.journal import open_journal
from sync.mirror import MirrorReader
from sync.sandbox import SampleCommunity, serve
from sync.team import open_team
from sync.vault import Vault
from tests.faults.ground import SIZE, dice_of
from tests.faults.invariants import BrokenError
from tests.faults.kinds import Kind as Fault
from tests.faults.proxy import FaultProxy

SETTLE = 1.2
LATEST = 0.6
PATIENCE = 90.0
FAULTS = (Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.RESET_AFTER, Fault.LATE, Fault.HTML_502_AFTER, Fault.STORED_400)


def _no_keyring() -> Backend:
    raise StoreError("keyring_missing")


class DyingHome:
    """A home, a sample community behind a proxy, and an engine that dies. ``users`` are who is signed in."""

    face = "nodebb"
    service_ms = 25.0

    def __init__(self, seed: int, folder: Path, users: Sequence[tuple[str, Identities]]) -> None:
        self.dice = dice_of(seed)
        self.community = SampleCommunity.seeded(seed % 4, SIZE)
        self.community.service.service_time_ms = self.service_ms
        self.server = serve(self.community, face=self.face)
        self.proxy = FaultProxy(self.server.port)
        self.home = Home(folder.resolve())
        self.secrets = ForThisRun(store_key=secrets.token_hex(32))
        credentials = Credentials(self.home, self.secrets, _no_keyring)
        self.sign_in(credentials, users)
        self.secrets = credentials.for_engine()
        change(self.home.settings, lambda s: replace(s, settle_seconds=SETTLE, poll_seconds=1.0, idle_seconds=600.0))
        vault = Vault(self.home.root, credentials.store_key())
        self.journal, self.team = open_journal(vault), open_team(vault)
        self.mirror = MirrorReader(vault)
        self.client = EngineClient(self.home, lambda: self.secrets, may_start=False)
        self.desk = self.make_desk()
        self.engine: Popen[bytes] | None = None
        self._ended = threading.Event()
        self._post = threading.Thread(target=self._deliver, daemon=True)
        self._post.start()

    def sign_in(self, credentials: Credentials, users: Sequence[tuple[str, Identities]]) -> None:
        """Connect the community as each of them."""
        place = connecting.find(self.proxy.url)
        self.name = place.name
        for user, kind in users:
            key = self.key_of(user)
            checked = connecting.check(place, key, user, kind)
            connecting.remember(self.home, credentials, checked, key)

    def key_of(self, user: str) -> str:
        """The key with which somebody signs in."""
        return self.community.token_for(user)

    def make_desk(self) -> Desk:
        """What a person works with."""
        return Desk(Bench(self.mirror, self.journal, self.team, self.client, SystemClock(), TimeIds()))

    def start(self) -> None:
        """Start the engine as window and commands do, and wait until it holds the lock."""
        self.engine = start_engine(self.home, self.secrets)
        until(lambda: holder(self.home.root) == self.engine.pid if self.engine else False, "the engine does not start")

    def kill(self) -> None:
        """``SIGKILL``, and wait for the end."""
        assert self.engine is not None
        self.engine.kill()
        self.engine.wait(PATIENCE)
        self.engine = None

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


def until(done: Callable[[], bool], complaint: str) -> None:
    """Wait for a condition; raises :class:`BrokenError` with the complaint where it never comes."""
    ends = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > ends:
            raise BrokenError(complaint)
        time.sleep(0.02)
