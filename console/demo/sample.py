"""The sample community as a process of its own, and its control endpoint: a look at the server's side."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from moderation.errors import StoreError

MODERATOR = "ines_lanternby"
COLLEAGUE = "dagny_pell"
COMPANY = "quillby"


@dataclass(frozen=True, slots=True)
class Sample:
    """A running sample community: where it is, the tokens of its people, and the right to look behind it."""

    url: str
    tokens: dict[str, str] = field(repr=False)
    control_secret: str = field(repr=False)

    def control(self, verb: str, **facts: Any) -> Any:
        """Order or ask something on the server's side, past the connector; raises ``OSError`` when it is gone."""
        request = urllib.request.Request(  # noqa: S310 - an address of this machine
            f"{self.url}/sandbox/control",
            data=json.dumps({"do": verb, **facts}).encode(),
            headers={"X-Control-Secret": self.control_secret, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return json.load(answer)


@contextmanager
def running(*, life: bool, seed: int = 7, size: str = "demo") -> Iterator[Sample]:
    """Start it on a free port of the loopback address; it ends with the context, or with this process."""
    command = [sys.executable, "-m", "sync.sandbox", "--print-tokens", "--seed", str(seed), "--size", size]
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*command, *(["--life"] if life else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise StoreError("sample_did_not_start", status=process.wait(20))
        told = json.loads(line)
        yield Sample(told["url"], told["tokens"], told["control_secret"])
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
