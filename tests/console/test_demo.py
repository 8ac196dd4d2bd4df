"""The demo as a user runs it: by itself without a display, and in a window. Nothing of it is left behind."""

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

from console.demo.behind import Side
from console.demo.hands import StepFailedError
from console.demo.sample import FACES, Face, Sample, running
from console.demo.throwaway import connected
from moderation.ids import Kind, Ref
from tests.console.schema import fits

ROOT = Path(__file__).parents[2]
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
WALKED = {"connect", "sync", "triage by keys", "undo", "reply", "conflict", "one community away", "kill and recovery"}
PNG = b"\x89PNG\r\n"


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where the demo puts its throwaway home."""
    return Path(tempfile.mkdtemp(prefix="mqd", dir=tmp_path))


def environment(scratch: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(scratch), **more}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_headless_walks_through_the_main_job(scratch: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "console", "demo", "--headless", "--json",
         "--screenshots", str(tmp_path)],
        env=environment(scratch), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=480)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        pytest.fail("it hangs:\n" + process.communicate(timeout=20)[1])
    answer = fits("demo", json.loads(out))
    assert [(step["name"], step["detail"]) for step in answer["steps"] if not step["ok"]] == []
    assert (process.returncode, err) == (0, "")
    assert {step["name"] for step in answer["steps"]} >= WALKED
    for name in WALKED:
        detail = next(step["detail"] for step in answer["steps"] if step["name"] == name)
        assert all(face.title in detail for face in FACES), detail
    assert all(Path(picture).read_bytes().startswith(PNG) for picture in answer["screenshots"])
    assert [path.name for path in scratch.iterdir() if path.name.startswith("marquee-demo")] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_without_a_display_it_walks_through_by_itself(scratch: Path, tmp_path: Path) -> None:
    bare = {name: value for name, value in environment(scratch).items() if name not in DISPLAYS}
    done = subprocess.run(
        [sys.executable, "-m", "console", "demo", "--screenshots", str(tmp_path)],
        env=bare, cwd=ROOT, capture_output=True, text=True, timeout=480, check=False,
    )  # fmt: skip
    assert (done.returncode, "kill and recovery" in done.stdout) == (0, True), done.stderr
    assert list(tmp_path.glob("queue-light*.png"))


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


def test_an_end_before_the_window_leaves_nothing_behind(scratch: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "console", "demo"],
        env=environment(scratch, QT_QPA_PLATFORM="offscreen"), cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not any(path.name.startswith("marquee-demo") for path in scratch.iterdir()):
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode in {0, 1}
    assert "Traceback" not in err
    assert [path.name for path in scratch.iterdir() if path.name.startswith("marquee-demo")] == []
