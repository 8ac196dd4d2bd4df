"""The program as processes: what is imported, pipes that end, keys that interrupt, and a real keyring."""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.demo.throwaway import end_engine
from console.home import Home
from tests.console.conftest import MODERATOR, Sample
from tests.console.schema import fits
from tests.support.program import Program
from tests.support.secret_service import SecretService

HEAVY = ("sqlalchemy", "alembic", "requests", "keyring", "PySide6", "msgspec", "sqlcipher3")
ROOT = Path(__file__).parents[2]


def start(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """``python -m console`` with pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "console", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
        cwd=ROOT,
    )


def test_both_ways_to_start() -> None:
    beside = Path(sys.executable).with_name("marquee")
    for command in ([str(beside)], [sys.executable, "-m", "console"]):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True, cwd=ROOT)
        assert re.fullmatch(r"marquee \d+\.\d+\S*\n", done.stdout)


def test_help_imports_nothing_heavy() -> None:
    code = """
import sys
from console.__main__ import main
try:
    main(["--help"])
except SystemExit:
    pass
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(HEAVY) & set(done.stderr.split())


def test_reading_the_queue_does_not_import_the_network(connected: Program) -> None:
    code = """
import sys
from console.__main__ import main
main(["queue", "--json"])
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""
    environment = {**os.environ, **connected.environment, "MARQUEE_HOME": str(connected.folder)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    fits("queue", json.loads(done.stdout))
    assert not {"requests", "PySide6", "uvicorn"} & set(done.stderr.split())


def test_a_reader_that_stops_reading_is_no_trouble(connected: Program) -> None:
    process = start("queue", "--json", MARQUEE_HOME=str(connected.folder), **connected.environment)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    process.stdin.close()
    assert process.wait(30) == 1


def test_ctrl_c_within_the_undo_window_cancels(connected: Program, sample: Sample) -> None:
    (connected.folder / "settings.toml").write_text(
        "undo_seconds = 60\n" + (connected.folder / "settings.toml").read_text()
    )
    row = connected("queue", "--kind", "flag", "--limit", "1", "--json").json[0]
    before = len(sample.community.effects())
    environment = {"MARQUEE_HOME": str(connected.folder), **connected.environment}
    process = start("decide", row["id"], "resolve", "--json", **environment)
    while not any(entry["state"] == "held" for entry in connected("outbox", "--json").json):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert fits("decide", json.loads(out))["state"] == "cancelled"
    assert "Cancelled" in err
    assert len(sample.community.effects()) == before
    assert connected("outbox", "--json").json == []


@pytest.fixture
def keyring_home(home_folder: Path) -> Iterator[Path]:
    yield home_folder
    if home_folder.exists():
        end_engine(Home(home_folder.resolve()))


def run_with(service: SecretService, home: Path, *arguments: str, stdin: str = "", **more: str) -> tuple[int, str, str]:
    """Run a command with a Secret Service and no secrets in the environment."""
    environment = {**service.environment, "MARQUEE_HOME": str(home), **more}
    done = subprocess.run(
        [sys.executable, "-m", "console", *arguments],
        input=stdin, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=100, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_with_a_real_keyring_nothing_secret_lies_in_the_home(
    unlocked_service: SecretService, keyring_home: Path, sample: Sample
) -> None:
    token = sample.token()
    code, _, err = run_with(
        unlocked_service, keyring_home, "connect", sample.url, "--user", MODERATOR, "--token-stdin", stdin=token + "\n"
    )
    assert (code, err) == (0, "")
    code, _, err = run_with(unlocked_service, keyring_home, "sync")
    assert (code, err) == (0, "")
    code, out, _ = run_with(unlocked_service, keyring_home, "queue", "--json")
    row = next(row for row in fits("queue", json.loads(out)) if row["kind"] == "flag" and row["excerpt"].isascii())
    code, out, _ = run_with(unlocked_service, keyring_home, "decide", row["id"], "resolve", "--now", "--json")
    assert fits("decide", json.loads(out))["state"] == "confirmed"
    files = [path for path in keyring_home.rglob("*") if path.is_file()]
    everything = b"".join(path.read_bytes() for path in files)
    assert token.encode() not in everything
    assert row["excerpt"][:20].encode() not in everything
    assert all(path.stat().st_mode & 0o077 == 0 for path in [keyring_home, *files])


def test_a_locked_keyring_is_said_in_one_sentence(
    locked_service: SecretService, keyring_home: Path, sample: Sample
) -> None:
    code, out, err = run_with(locked_service, keyring_home, "connect", sample.url, "--user", MODERATOR,
                              "--token-stdin", stdin=sample.token() + "\n")  # fmt: skip
    assert (code, out) == (1, "")
    assert "The keyring is locked" in err
    assert "Traceback" not in err
    assert sample.token() not in err


def test_no_keyring_at_all(home_folder: Path, sample: Sample) -> None:
    process = start("connect", sample.url, "--user", MODERATOR, "--token-stdin", MARQUEE_HOME=str(home_folder))
    out, err = process.communicate(sample.token() + "\n", timeout=60)
    assert (process.returncode, out) == (1, "")
    assert "There is no keyring" in err
    key = secrets.token_hex(32)
    process = start("connect", sample.url, "--user", MODERATOR, "--token-stdin",
                    MARQUEE_HOME=str(home_folder), MARQUEE_STORE_KEY=key)  # fmt: skip
    out, err = process.communicate(sample.token() + "\n", timeout=60)
    assert process.returncode == 0
    assert "the token was not stored" in err
    assert sample.token().encode() not in b"".join(p.read_bytes() for p in home_folder.rglob("*") if p.is_file())
