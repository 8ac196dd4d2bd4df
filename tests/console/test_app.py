"""The window's process: it paints before it imports what takes long, ends cleanly, and says what went wrong."""

import json
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.console.conftest import Sample
from tests.support.program import Program

ROOT = Path(__file__).parents[2]
OPEN = """
import asyncio, json, os, sys
from console import app
from console.cli.context import Context
from console.home import find_home
from console.settings import load

home = find_home(None, os.environ)
context = Context(home, load(home.settings), "en", environment=os.environ)

async def act(told):
ACT

with app.opened(context, app.make_application(), app.credentials_for(context)) as program:
    told, painted = {}, program.workplace.painted
    may_go_on = painted.set

    def first_painted():
        told.setdefault("imported", sorted({name.partition(".")[0] for name in sys.modules}))
        may_go_on()

    painted.set = first_painted
    window = program.open()

    async def walk():
        while "imported" not in told or window.queue_work.facts() is None:
            await asyncio.sleep(0.01)
        told["rows"] = window.session.feed.model.rowCount()
        await act(told)
        window.close()

    task = asyncio.ensure_future(walk())
    program.stay()
    if task.done():
        task.result()
print(json.dumps(told))
"""


def open_window(marquee: Program, act: str = "pass") -> "subprocess.CompletedProcess[str]":
    """Run the window in a process of its own: wait for the first item, then ``act``, then close it."""
    return subprocess.run(
        [sys.executable, "-c", OPEN.replace("ACT", textwrap.indent(act.strip(), "    "))],
        env={**os.environ, **marquee.environment, "MARQUEE_HOME": str(marquee.folder)},
        cwd=ROOT, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip


def test_the_first_list_is_painted_before_anything_heavy_is_imported(connected: Program) -> None:
    done = open_window(connected)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["rows"] == len(connected("queue", "--json").json)
    assert not {"sqlalchemy", "alembic", "requests", "urllib3", "uvicorn", "phonenumbers"} & set(told["imported"])


A_BUG = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from views.crash_dialog import CrashDialog

def broken():
    raise RuntimeError("a bug with " + os.environ["MARQUEE_TOKEN"])

async def another():
    raise RuntimeError("another")

QTimer.singleShot(0, broken)
asyncio.ensure_future(another())
while not (boxes := [each for each in QApplication.topLevelWidgets() if isinstance(each, CrashDialog)]):
    await asyncio.sleep(0.01)
told["said"] = [" ".join(label.text() for label in box.findChildren(QLabel)) for box in boxes]
while len(list((home.root / "logs").glob("crash-*.txt"))) < 2:
    await asyncio.sleep(0.01)
boxes[0].close()
"""


def test_a_bug_is_shown_once_and_kept_without_secrets(connected: Program, sample: Sample) -> None:
    done = open_window(connected, A_BUG)
    assert done.returncode == 0, done.stderr
    (said,) = json.loads(done.stdout)["said"]
    assert said.startswith("Something went wrong in Marquee")
    assert str(connected.home.logs) in said
    reports = "".join(path.read_text() for path in (connected.folder / "logs").glob("crash-*.txt"))
    assert "in broken" in reports
    assert "in another" in reports
    assert "a bug with [secret]" in reports
    assert sample.token() not in reports + done.stdout + done.stderr


def test_without_display_it_says_so(marquee: Program) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"QT_QPA_PLATFORM", "DISPLAY"}}
    done = subprocess.run(
        [sys.executable, "-m", "console"],
        env={**environment, **marquee.environment, "MARQUEE_HOME": str(marquee.folder)},
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("There is no display")


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_the_end_of_the_session_closes_it_cleanly(connected: Program, number: str) -> None:
    done = open_window(connected, f"import signal; os.kill(os.getpid(), signal.{number})\nawait asyncio.sleep(30)")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_two_windows_at_once(connected: Program) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = [done.result() for done in [pool.submit(open_window, connected) for _ in range(2)]]
    assert [done.returncode for done in both] == [0, 0], both
    assert json.loads(both[0].stdout)["rows"] == json.loads(both[1].stdout)["rows"] > 0
