"""`python -m sync.sandbox`: a process of its own with one JSON line on stdout."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[3]


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    """A small community in another process."""
    command = [sys.executable, "-m", "sync.sandbox", "--size", "small", "--seed", "7", "--life", "--print-tokens"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        yield running
        running.kill()


def _line(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def test_it_says_where_it_serves_and_ends_with_its_input(process: subprocess.Popen[str]) -> None:
    said = _line(process)
    tokens = said["tokens"]
    assert isinstance(tokens, dict)
    headers = {"Authorization": f"Bearer {tokens['ines_lanternby']}"}
    own = requests.get(f"{said['url']}/api/self", headers=headers, timeout=5).json()
    assert own["username"] == "ines_lanternby"
    control = {"X-Control-Secret": str(said["control_secret"])}
    counts = requests.post(f"{said['url']}/sandbox/control", json={"do": "counts"}, headers=control, timeout=5).json()
    assert counts["threads"] == 40
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0


def test_it_serves_as_a_discourse() -> None:
    command = [sys.executable, "-m", "sync.sandbox", "--face", "discourse", "--size", "small", "--print-tokens"]
    command += ["--title", "The other community"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        said = _line(running)
        tokens = said["tokens"]
        assert isinstance(tokens, dict)
        url, own = f"{said['url']}/session/current.json", {"User-Api-Key": tokens["ines_lanternby"]}
        site = {"Api-Key": str(said["admin_key"]), "Api-Username": "quillby"}
        names = [requests.get(url, headers=h, timeout=5).json()["current_user"]["username"] for h in (own, site)]
        assert names == ["ines_lanternby", "quillby"]
        about = requests.get(f"{said['url']}/site/basic-info.json", timeout=5).json()
        assert about["title"] == "The other community"
        assert running.stdin is not None
        running.stdin.close()
        assert running.wait(10) == 0


def test_it_ends_on_sigterm(process: subprocess.Popen[str]) -> None:
    _line(process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_it_listens_on_loopback_only(process: subprocess.Popen[str]) -> None:
    assert str(_line(process)["url"]).startswith("http://127.0.0.1:")
