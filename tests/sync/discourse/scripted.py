"""A Discourse of fixed answers on a bare socket, for what a whole community does not do on demand."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from moderation.intents import Identities
from sync.connector import Account
from sync.discourse import open_connection
from sync.discourse.connection import Discourse
from sync.http import Limits, Plan, PlannedBudget
from tests.sync.discourse import made
from tests.sync.http.wire import Heard, Wire, reply, wire

NAME = "sample"
PLENTY = Plan(100_000)


@dataclass
class Said:
    """One answer. ``raw`` goes out as it is, under the type ``kind``."""

    status: int = 200
    document: Any = None
    raw: bytes | None = None
    kind: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, sock: socket.socket, headers: dict[str, str]) -> None:
        body = self.raw if self.raw is not None else made.body(self.document)
        reply(sock, body, f"{self.status} Whatever", self.kind, **headers, **self.headers)


@dataclass
class Script:
    """Answers by method and path (a pattern), the latest first; ``once`` ones are used up."""

    server: Wire
    rules: list[tuple[str, re.Pattern[str], Said, bool]] = field(default_factory=list)
    username: str | None = "mara_vell"
    opened: list[Discourse] = field(default_factory=list)

    def on(self, path: str, said: Said | Any, method: str = "GET", *, once: bool = False) -> None:
        """Answer like this."""
        given = said if isinstance(said, Said) else Said(document=said)
        self.rules.insert(0, (method, re.compile(path), given, once))

    def handle(self, heard: Heard, sock: socket.socket) -> None:
        method, path, _ = heard.line.split(" ", 2)
        headers = {"X_Discourse_Username": self.username} if self.username else {}
        for rule in self.rules:
            if rule[0] == method and rule[1].search(unquote(path)):
                if rule[3]:
                    self.rules.remove(rule)
                rule[2].send(sock, headers)
                return
        Said(404, made.error("not_found")).send(sock, headers)

    def connect(self, **facts: Any) -> Discourse:
        """A moderator's connection, with a budget that never ends unless another is given."""
        account = Account(Identities.ME, "0123456789abcdef-key", facts.pop("acts_as", None))
        url = self.server.url + facts.pop("folder", "")
        given = {"budget": PlannedBudget(PLENTY), "limits": Limits(10.0)} | facts
        self.opened.append(open_connection(url, NAME, account, **given))
        return self.opened[-1]

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [" ".join(unquote(heard.line).split(" ")[:2]) for heard in self.server.heard]


@contextmanager
def scripted() -> Iterator[Script]:
    """A running script; it knows who is signed in and nothing else."""
    with wire(_silent) as server:
        found = Script(server)
        server.handle = found.handle
        found.on(r"/session/current\.json$", made.session())
        try:
            yield found
        finally:
            for connection in found.opened:
                connection.close()


def _silent(heard: Heard, sock: socket.socket) -> None:
    """Before there is a script."""
