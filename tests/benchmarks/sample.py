"""Having the sample community in a process of its own beside a benchmark."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from moderation.ids import community_name
from moderation.intents import Identities
from sync import discourse, nodebb
from sync.connector import Account, Connection
from sync.http import Plan, PlannedBudget


@dataclass(frozen=True, slots=True)
class Sample:
    """A running sample community and a moderator's token for it; ``face``: the platform as which it answers."""

    url: str
    user: str
    token: str
    secret: str
    face: str
    process: int

    @property
    def name(self) -> str:
        """Its name in ids."""
        return community_name(self.url)

    def order(self, verb: str, **facts: Any) -> Any:
        """Have it do something, see :mod:`sync.sandbox.control`."""
        answer = requests.post(
            f"{self.url}/sandbox/control",
            json={"do": verb, **facts},
            headers={"X-Control-Secret": self.secret},
            timeout=60,
        )
        answer.raise_for_status()
        return answer.json()

    def connect(self) -> Connection:
        """A connection as the moderator, without any request; no limits are kept that a platform may have."""
        account = Account(Identities.ME, self.token)
        if self.face == "discourse":
            return discourse.CONNECTOR.open(self.url, self.name, account, budget=PlannedBudget(Plan(1_000_000)))
        return nodebb.CONNECTOR.open(self.url, self.name, account)


@contextmanager
def sample(*, reports: int, service_ms: float = 0.0, busy: float = 0.0, face: str = "nodebb") -> Iterator[Sample]:
    """A sample community of a size for that many open reports; ended with the context."""
    command = [sys.executable, "-m", "tests.benchmarks.sample_server", "--reports", str(reports)]
    command += ["--service-time", str(service_ms), "--busy", str(busy), "--face", face]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        yield Sample(**json.loads(line), process=process.pid)
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()
