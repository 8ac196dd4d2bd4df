"""The engine's process: one a home, and a journal from a backup is recognised before anything is sent."""

import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from console.credentials import Credentials, ForThisRun
from console.engine_client import ANOTHER_RUNS
from console.engine_process import (
    GENERATION,
    NICENESS,
    begin_generation,
    options,
    recognise_restored,
    renew_generations,
)
from console.home import Home
from console.settings import Settings
from moderation.intents import IntentState
from sync.engine.lock import holder
from sync.journal import open_journal
from sync.vault import Vault
from tests import factory
from tests.console.conftest import Sample
from tests.console.schema import fits
from tests.console.test_engine_client import until
from tests.fakes.keyring import MemoryKeyring
from tests.support.program import Program


def test_a_second_engine_gives_way(connected: Program) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "console", "engine"],
        env={**os.environ, **connected.environment, "MARQUEE_HOME": str(connected.folder)},
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (ANOTHER_RUNS, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="there it has no niceness")
def test_it_gives_way_to_the_window(connected: Program) -> None:
    number = holder(connected.home.root)
    assert number is not None
    assert os.getpriority(os.PRIO_PROCESS, number) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)
    group = Path(f"/proc/{number}/autogroup")
    if group.exists():
        assert group.read_text().endswith(f"nice {NICENESS}\n")


@pytest.fixture
def home(home_folder: Path) -> Home:
    home = Home(home_folder)
    home.prepare()
    return home


def test_a_journal_from_a_backup_is_recognised(home: Home, connected: Program, sample: Sample) -> None:
    """Copied while a decision waited, brought back after that decision was sent: it must not go out again."""
    keyring = MemoryKeyring()
    credentials = Credentials(home, ForThisRun(), lambda: keyring)
    vault = Vault(connected.home.root, bytes.fromhex(connected.environment["MARQUEE_STORE_KEY"]))
    journal = open_journal(vault)
    begin_generation(journal, credentials)
    token = connected.environment["MARQUEE_TOKEN"]
    connected.environment["MARQUEE_TOKEN"] = "nobody-knows-this-one"
    flag = next(row["id"] for row in connected("queue", "--json").json if row["kind"] == "flag")
    waiting = connected("decide", flag, "resolve", "--now", "--wait", "0.2", "--json").json
    assert waiting["state"] == "waiting"
    assert recognise_restored(journal, credentials) == 0
    journal.close()
    connected.kill_engine()
    backup = home.root / "backup"
    shutil.copytree(connected.folder, backup, ignore=shutil.ignore_patterns("run"))
    connected.environment["MARQUEE_TOKEN"] = token
    again = connected("outbox", "--retry", waiting["steps"][0]["intent"], "--json")
    assert again.code == 0, again.err
    assert fits("outbox", again.json)[0]["state"] == "confirmed"
    journal = open_journal(vault)
    begin_generation(journal, credentials)
    journal.close()
    restored = open_journal(Vault(backup.resolve(), vault.key))
    assert recognise_restored(restored, credentials) == 1
    (intent,) = restored.attention()
    assert (intent.state, intent.question) == (IntentState.IN_DOUBT, "restored")
    assert recognise_restored(restored, credentials) == 0
    restored.close()


def test_a_backup_made_while_the_engine_runs_is_recognised(home: Home) -> None:
    """What it holds back waits there for good, though it was sent by the same engine."""
    keyring, ended = MemoryKeyring(), threading.Event()
    credentials = Credentials(home, ForThisRun(), lambda: keyring)
    journal = open_journal(Vault(home.root, b"k" * 32))
    begin_generation(journal, credentials)
    renewing = threading.Thread(target=renew_generations, args=(journal, credentials, ended, 0.02))
    renewing.start()
    noted = partial(keyring.secrets.get, (home.keyring_service, GENERATION))
    backup = home.root / "backup"
    plan = factory.plan(1)
    journal.add(plan)
    until(lambda: noted() == "2")
    shutil.copytree(home.root, backup, ignore=shutil.ignore_patterns("run"))
    journal.move(plan.intents[0].id, plan.intents[0].state, IntentState.SENDING)
    until(lambda: noted() == "3")
    ended.set()
    renewing.join()
    restored = open_journal(Vault(backup, b"k" * 32))
    assert recognise_restored(restored, credentials) == 1
    for each in (journal, restored):
        each.close()


def test_without_keyring_nothing_is_suspected(home: Home) -> None:
    def refuse() -> None:
        raise OSError("no bus")

    credentials = Credentials(home, ForThisRun(), lambda: MemoryKeyring(refuse))
    journal = open_journal(Vault(home.root, b"k" * 32))
    assert recognise_restored(journal, credentials) == 0
    begin_generation(journal, credentials)
    journal.close()


def test_a_strange_note_is_no_generation(home: Home) -> None:
    keyring = MemoryKeyring()
    keyring.secrets[home.keyring_service, GENERATION] = "many"
    journal = open_journal(Vault(home.root, b"k" * 32))
    assert recognise_restored(journal, Credentials(home, ForThisRun(), lambda: keyring)) == 0
    journal.close()


def test_settings_reach_the_engine() -> None:
    chosen = options(Settings(idle_seconds=7, poll_seconds=3, horizon_days=30, settle_seconds=6))
    assert (chosen.idle, chosen.poll_every, chosen.horizon.days) == (7, 3, 30)
    assert (chosen.timing.settle, chosen.timing.look_every) == (6, 1)
