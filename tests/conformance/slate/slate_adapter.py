"""Slate's place in the conformance suite."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slate_server import Slate, running

from moderation.actions import Action
from moderation.ids import Kind, Ref
from moderation.intents import Identities
from sync.connector import Account, Connection, ConnectorSpec
from sync.http import Sequence
from tests.conformance.acting import Actor
from tests.conformance.adapters import COMMUNITY, Adapter
from tests.conformance.memory import MemoryMirror


class Ground:
    """A running Slate with hands on it."""

    def __init__(self, slate: Slate, url: str) -> None:
        self._slate = slate
        self._sequence = Sequence()
        self.opened: list[Connection] = []
        self.url = url

    def key(self, role: str) -> str:
        return f"{role}-key"

    def open(self, spec: ConnectorSpec, role: str = "moderator") -> Connection:
        account = Account(Identities.ME, self.key(role))
        self.opened.append(spec.open(self.url, COMMUNITY, account, sequence=self._sequence))
        return self.opened[-1]

    def reported(self) -> tuple[Ref, Ref, Ref]:
        report = self._slate.reported()
        named = ((Kind.FLAG, "id"), (Kind.POST, "post"), (Kind.THREAD, "thread"))
        item, post, thread = (Ref(COMMUNITY, kind, str(report[name])) for kind, name in named)
        return item, post, thread

    def colleague_decides(self, item: Ref) -> None:
        self._slate.decide(self._slate.records["report", int(item.native)], 2, "resolved")

    def erase(self, item: Ref) -> None:
        del self._slate.records["report", int(item.native)]

    def pending(self) -> int:
        return sum(report["state"] == "open" for report in self._slate.of("report"))

    def posts(self) -> int:
        return len(self._slate.of("post"))

    def reply(self, thread: Ref) -> None:
        self._slate.reply(int(thread.native), 3, "A reply from somewhere else")

    def deed(self, action: Action, connection: Connection) -> tuple[Ref, Any, dict[str, Any]] | None:
        item, _, thread = self.reported()
        if action is Action.REPLY:
            return thread, None, {"text": "An answer of ours  \n"}
        return item, Actor(connection).item(item, MemoryMirror()), {}

    def lose_answers(self, action: Action, target: Ref) -> None:
        self._slate.drop_next = True


@contextmanager
def ground() -> Iterator[Ground]:
    """A fresh one."""
    with running() as (slate, url):
        found = Ground(slate, url)
        try:
            yield found
        finally:
            for connection in found.opened:
                connection.close()


ADAPTER = Adapter("slate", 3, ground)
