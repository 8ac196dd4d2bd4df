"""A home that ends with the run: its key and its tokens are never written anywhere."""

import os
import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from console import connecting
from console.credentials import Credentials, ForThisRun
from console.demo.sample import COMPANY, MODERATOR, Sample
from console.engine_client import EngineClient
from console.home import Home
from console.keyrings import Backend
from console.settings import Settings, change, load
from moderation.errors import StoreError
from moderation.intents import Identities
from resources.voice import shipped

_RULES = """# When the sample's team looks after its forums, and what it promises
[usual]
zone = "Europe/Berlin"
hours = "Mon-Fri 08:00-18:00"
goal = "4h"
aim = 0.8
"""


@dataclass(frozen=True, slots=True)
class Throwaway:
    """A connected home; ``samples`` by the names of the communities in ids."""

    home: Home
    credentials: Credentials
    samples: dict[str, Sample]

    @property
    def settings(self) -> Settings:
        """As the home has them now."""
        return load(self.home.settings)


def _no_keyring() -> Backend:
    raise StoreError("keyring_missing")


@contextmanager
def ending_tidily() -> Iterator[None]:
    """Until the window takes over, a signal to end unwinds what was begun: no process and no folder stays behind."""

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def connected(*samples: Sample) -> Iterator[Throwaway]:
    """Connect a moderator and the company account of each sample to a fresh home; nothing of it is left afterwards."""
    folder = Path(tempfile.gettempdir()).resolve() / f"marquee-demo-{secrets.token_hex(6)}"
    home = Home(folder)
    credentials = Credentials(home, ForThisRun(store_key=secrets.token_hex(32)), _no_keyring)
    try:  # named before it is made: a signal between the two leaves nothing behind
        folder.mkdir(mode=0o700)
        home.coverage.write_text(_RULES, encoding="utf-8")
        _lay_packs(home)
        yield Throwaway(home, credentials, {_connect(home, credentials, sample): sample for sample in samples})
    finally:
        end_engine(home)
        shutil.rmtree(folder, ignore_errors=True)


def _connect(home: Home, credentials: Credentials, sample: Sample) -> str:
    """The name of the community in ids, once both accounts are connected."""
    place = connecting.find(sample.url)
    for user, kind in ((MODERATOR, Identities.ME), (COMPANY, Identities.OFFICIAL)):
        checked = connecting.check(place, sample.key(user), user, kind)
        connecting.remember(home, credentials, checked, sample.key(user))
    return place.name


def _lay_packs(home: Home) -> None:
    """The voice packs that ship hold in the sample community."""
    home.voice.mkdir(mode=0o700)
    for name, source in shipped():
        (home.voice / name).write_text(source, encoding="utf-8")


def end_engine(home: Home, patience: float = 10.0) -> None:
    """Ask the engine of a home to end, make it end, and see it gone: until then it may write into the home."""
    number = engine_process(home)
    client = EngineClient(home, ForThisRun, may_start=False)
    client.stop_engine()
    client.close()
    limit = time.monotonic() + patience
    while (number := engine_process(home) or number) is not None and _runs(number):
        if time.monotonic() > limit:
            os.kill(number, signal.SIGKILL)
        time.sleep(0.05)


def _runs(number: int) -> bool:
    """Whether a process is still at work; one that ended and was not fetched by its parent is not."""
    with suppress(ChildProcessError):
        return os.waitpid(number, os.WNOHANG) == (0, 0)
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


def engine_process(home: Home) -> int | None:
    """Process id of the engine that runs for a home."""
    from sync.engine.lock import holder

    return holder(home.root)


def hasten(home: Home) -> None:
    """Shorter windows than a person gets, so that a walk without one takes seconds."""
    change(home.settings, lambda settings: replace(settings, undo_seconds=1.0, settle_seconds=3.0, poll_seconds=3600.0))
