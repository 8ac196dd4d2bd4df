"""The demo as a user runs it: by itself without a display, and in a window. Nothing of it is left behind."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console import app
from console.cli.context import Context
from console.credentials import ForThisRun
from console.demo import headless
from console.demo.behind import Side
from console.demo.hands import StepFailedError
from console.demo.sample import FACES, Face, Sample, running
from console.demo.steps import Done
from console.demo.throwaway import connected, end_engine, engine_process
from console.engine_client import start_engine
from console.home import Home
from console.settings import load
from moderation.ids import Kind, Ref
from resources.messages import text
from tests.console.schema import fits
from tests.support.program import Program

ROOT = Path(__file__).parents[2]
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
WALKED = {"connect", "sync", "triage by keys", "undo", "reply", "conflict", "one community away", "kill and recovery",
          "following"}  # fmt: skip
PNG = b"\x89PNG\r\n"


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where the demo puts its throwaway home."""
    return Path(tempfile.mkdtemp(prefix="mqd", dir=tmp_path))


def environment(scratch: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(scratch), **more}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_without_a_display_it_walks_through_the_main_job(scratch: Path, tmp_path: Path) -> None:
    bare = {name: value for name, value in environment(scratch).items() if name not in DISPLAYS}
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "console", "demo", "--json", "--screenshots", str(tmp_path)],
        env=bare, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=480)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        pytest.fail("it hangs:\n" + process.communicate(timeout=20)[1])
    answer = fits("demo", json.loads(out))
    assert [(step["name"], step["detail"]) for step in answer["steps"] if not step["ok"]] == []
    assert (process.returncode, err) == (0, text("cli_demo_headless", "en") + "\n")
    assert {step["name"] for step in answer["steps"]} >= WALKED
    for name in WALKED:
        detail = next(step["detail"] for step in answer["steps"] if step["name"] == name)
        assert all(face.title in detail for face in FACES), detail
    assert all(Path(picture).read_bytes().startswith(PNG) for picture in answer["screenshots"])
    assert list(tmp_path.glob("queue-light*.png"))
    assert [path.name for path in scratch.iterdir() if path.name.startswith("marquee-demo")] == []


def test_where_there_is_a_display_it_walks_when_asked_to_and_says_what_it_did(
    marquee: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The walk itself is another test's; here it is told how it went."""
    done = [Done("kill and recovery", True, 4.2, "each once"), Done("pictures", True, 1.0)]
    monkeypatch.setattr(headless, "walk", lambda context, folder: (done, [folder / "queue.png"]))
    shown = {"DISPLAY": ":9"}
    assert not app.lacks_display(shown)
    told = marquee("demo", "--headless", "--screenshots", str(tmp_path), **shown)
    assert told.out.splitlines() == [
        "ok     4.2 s  kill and recovery  each once",
        "ok     1.0 s  pictures",
        str(tmp_path / "queue.png"),
    ]
    assert (told.code, told.err) == (0, "")
    done[1] = Done("pictures", False, 1.0, "no room")
    told = marquee("demo", "--headless", **shown)
    assert told.code == 1
    assert "pictures  no room" in told.out


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """An X server of its own."""
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        pytest.skip("no Xvfb or xdotool here (see `make setup`)")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as told:
        yield f":{told.readline().strip()}"
    server.terminate()
    server.wait(20)


@pytest.mark.slow
def test_the_window_opens_on_an_x_server_and_ends_cleanly(scratch: Path, display: str) -> None:
    shown = environment(scratch, DISPLAY=display, QT_QPA_PLATFORM="xcb")
    process = subprocess.Popen(
        [sys.executable, "-m", "console", "demo"], env=shown, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    search = ["xdotool", "search", "--onlyvisible", "--name", "All open"]
    limit = time.monotonic() + 60
    while not subprocess.run(search, env=shown, capture_output=True, text=True, check=False).stdout.strip():
        assert process.poll() is None
        assert time.monotonic() < limit, "no window"
        time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert err.startswith("Two sample communities run side by side: http://127.0.0.1:")
    assert (err.count("http://127.0.0.1:"), err.count("\n")) == (2, 1)
    assert [path.name for path in scratch.iterdir() if path.name.startswith("marquee-demo")] == []


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.platform)
def test_a_decision_by_another_or_a_second_one_is_seen_from_behind(face: Face) -> None:
    with running(life=False, faces=[replace(face, size="small")]) as (sample,):
        side = Side("here", sample, me="2")
        open_ones = [item for item in sample.control("snapshot")["items"] if item["state"] == "open"]
        item = Ref("here", Kind.REVIEW, str(open_ones[0]["id"]))
        with pytest.raises(StepFailedError, match="decided 0 times"):
            side.expect_once(item, "resolved")
        side.decide_as_colleague(item, "resolved")
        side.expect_once(item, "resolved", by_me=False)
        for state, by_me in (("resolved", True), ("dismissed", False)):
            with pytest.raises(StepFailedError):
                side.expect_once(item, state, by_me=by_me)
        side.decide_as_colleague(item, "dismissed")
        with pytest.raises(StepFailedError, match="decided 2 times"):
            side.expect_once(item, "dismissed", by_me=False)


def test_an_end_in_the_instant_that_the_folder_is_made_leaves_nothing_behind(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.mkdir

    def interrupted(path: str, *more: int) -> None:
        really(path, *more)
        raise KeyboardInterrupt

    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setattr(os, "mkdir", interrupted)
    nowhere = Sample("http://127.0.0.1:9", {}, "")
    with pytest.raises(KeyboardInterrupt), connected(nowhere):
        pytest.fail("it went on")
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.usefixtures("qapp")
def test_a_signal_ends_a_walk_that_nobody_watches(marquee: Program, number: int) -> None:
    marquee.home.prepare()
    context = Context(marquee.home, load(marquee.home.settings), "en", environment=marquee.environment)
    gone_on = []

    async def walk() -> None:
        os.kill(os.getpid(), number)
        await asyncio.sleep(30)
        gone_on.append(number)

    with app.opened(context, app.make_application(), app.credentials_for(context)) as program:
        with pytest.raises(KeyboardInterrupt):
            program.run_until(walk())
        with pytest.raises(KeyboardInterrupt):  # it was asked for before the walk began
            program.run_until(walk())
    assert gone_on == []


def test_an_engine_that_was_ended_is_gone(home_folder: Path) -> None:
    home = Home(home_folder.resolve())
    home.prepare()
    engine = start_engine(home, ForThisRun(store_key="5c" * 32))
    while engine_process(home) is None:
        assert engine.poll() is None
        time.sleep(0.02)
    end_engine(home)
    assert engine.poll() is not None


def test_an_end_before_the_window_leaves_nothing_behind(scratch: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "console", "demo"],
        env=environment(scratch, QT_QPA_PLATFORM="offscreen"), cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not any(path.name.startswith("marquee-demo") for path in scratch.iterdir()):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode in {0, 1}
    assert "Traceback" not in err
    assert [path.name for path in scratch.iterdir() if path.name.startswith("marquee-demo")] == []
