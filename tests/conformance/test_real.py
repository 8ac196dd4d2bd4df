"""The suite reads a server that the environment names: tried on sample communities, each over its address alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sync.sandbox import SampleCommunity, Size, serve

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ME, CUSTOMER = "ines_lanternby", "benno_crabtree"
SOME = "signed_in or is_read or comes_first or small_and_silent or recognises"
"""Parts of the suite by name: how a server is named and read is the same for all of them."""


@pytest.mark.parametrize(("face", "other"), [("nodebb", "discourse"), ("discourse", "nodebb")])
def test_a_server_named_by_the_environment_is_read(face: str, other: str) -> None:
    community = SampleCommunity.seeded(size=Size.small())
    key_for = community.user_key_for if face == "discourse" else community.token_for
    with serve(community, face=face) as server:
        named = {"URL": server.url, "TOKEN": key_for(ME), "USER": ME, "CUSTOMER_TOKEN": key_for(CUSTOMER)}
        facts = {**named, "PER_MINUTE": "100000"}
        environment = {**os.environ, **{f"MARQUEE_LIVE_{name}": value for name, value in facts.items()}}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-m", "live", "-k", SOME, str(HERE / "test_connectors.py")],
            check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert f"the server that is named is no {other}" in done.stdout
    assert f"the server that is named is no {face}" not in done.stdout
    assert " passed" in done.stdout
