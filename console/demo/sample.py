"""The sample communities, each a process of its own, and their control endpoint: a look at the server's side."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from moderation.errors import StoreError

MODERATOR = "ines_lanternby"
COLLEAGUE = "dagny_pell"
COMPANY = "quillby"
NODEBB, DISCOURSE = "nodebb", "discourse"


@dataclass(frozen=True, slots=True)
class Face:
    """A sample community as it is to be: the platform as which it answers, its name, its content.

    Without ``scenes`` it has none of the threads that every sample shares.
    """

    platform: str
    title: str
    seed: int
    size: str
    scenes: bool = True


FACES = (Face(NODEBB, "Quillby Community", 7, "demo"), Face(DISCOURSE, "Quillby Workshop", 52, "small", scenes=False))
"""What the demo shows side by side: a platform that can be read at once, and one that counts the requests."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A running sample community: where it is, the keys of its people, and the right to look behind it.

    ``admin_key`` acts as anybody, where the platform has such a key.
    """

    url: str
    tokens: dict[str, str] = field(repr=False)
    control_secret: str = field(repr=False)
    platform: str = NODEBB
    title: str = ""
    admin_key: str = field(default="", repr=False)

    def key(self, user: str) -> str:
        """What connects a member: the key of the site, which may ask three times as often, or the member's own."""
        return self.admin_key or self.tokens[user]

    def control(self, verb: str, **facts: Any) -> Any:
        """Order or ask something on the server's side, past the connector; raises ``OSError`` when it is gone."""
        order = json.dumps({"do": verb, **facts}).encode()
        return self._asked("/sandbox/control", {"X-Control-Secret": self.control_secret}, order)

    def read(self, path: str, user: str) -> Any:
        """What the platform itself shows a member at a path; raises ``OSError`` as well."""
        token = self.tokens[user]
        key = {"User-Api-Key": token} if self.platform == DISCOURSE else {"Authorization": f"Bearer {token}"}
        return self._asked(path, key)

    def _asked(self, path: str, headers: dict[str, str], body: bytes | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - an address of this machine
            f"{self.url}{path}", data=body, headers={**headers, "Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return json.load(answer)


@contextmanager
def running(*, life: bool, faces: Sequence[Face] = FACES) -> Iterator[list[Sample]]:
    """Start them on free ports of the loopback address; they end with the context, or with this process."""
    with ExitStack() as stack:
        processes = [stack.enter_context(_process(face, life)) for face in faces]
        yield [_told(process, face) for process, face in zip(processes, faces, strict=True)]


@contextmanager
def _process(face: Face, life: bool) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "sync.sandbox", "--print-tokens", "--face", face.platform, "--title", face.title]
    command += ["--seed", str(face.seed), "--size", face.size, *(["--life"] if life else [])]
    command += [] if face.scenes else ["--no-scenes"]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, text=True
    )
    try:
        yield process
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _told(process: "subprocess.Popen[str]", face: Face) -> Sample:
    """What a process that started says of itself."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise StoreError("sample_did_not_start", status=process.wait(20))
    told = json.loads(line)
    key = told.get("admin_key", "")
    return Sample(told["url"], told["tokens"], told["control_secret"], face.platform, face.title, key)
