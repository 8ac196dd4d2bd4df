"""A third connector, found by its entry point alone, passes the suite and is connected like the others."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with the third connector installed, as far as anybody can tell."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE / "slate"), str(ROOT)])}
    return subprocess.run(
        [sys.executable, *arguments],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_it_passes_the_suite() -> None:
    done = run("-m", "pytest", "-q", "-k", "slate", str(HERE / "test_connectors.py"))
    assert done.returncode == 0, done.stdout[-3000:]
    assert "failed" not in done.stdout


CONNECT = """
from console import connecting
from moderation.errors import SignInError
from moderation.intents import Identities
from slate_server import running
with running() as (slate, url):
    place = connecting.find(url)
    checked = connecting.check(place, "moderator-key", "Ada", Identities.ME)
    print(place.spec.platform, checked.info.title, checked.identity.name)
    try:
        connecting.check(place, "nobody-key", "Ada", Identities.ME)
    except SignInError as error:
        print(error.code)
"""


def test_it_is_connected_like_the_others() -> None:
    done = run("-c", CONNECT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split("\n")[:2] == ["slate Slate Ada", "token_not_accepted"]
