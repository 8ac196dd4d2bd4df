"""The engine's ear: several clients, none of which can stop it or the others."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from sync.engine.protocol import encode, messages, socket_path
from sync.engine.server import Reply, Server
from tests.sync.engine.conftest import until


class Ear:
    """A server that answers ``ping`` and breaks at ``break``."""

    def __init__(self, home: Path) -> None:
        self.heard: list[dict[str, Any]] = []
        self.home = home
        self.server = Server(home, self._handle)
        self.server.start()

    def _handle(self, message: dict[str, Any], reply: Reply) -> None:
        self.heard.append(message)
        if message.get("do") == "break":
            raise ValueError("broken")
        reply({"id": message.get("id"), "pong": True})

    def client(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(10)
        line.connect(str(socket_path(self.home)))
        return line


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    made = Ear(tmp_path)
    yield made
    made.server.close()


def test_each_client_gets_its_own_answers_and_everybody_what_is_broadcast(ear: Ear) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(closing(ear.client())) for _ in range(3)]
        for number, client in enumerate(clients):
            client.sendall(encode({"do": "ping", "id": number}))
        streams = [messages(client) for client in clients]
        assert [next(stream)["id"] for stream in streams] == [0, 1, 2]
        assert ear.server.clients == 3
        ear.server.broadcast({"changes": []})
        assert [next(stream) for stream in streams] == [{"changes": []}] * 3


def test_a_message_that_breaks_the_engine_is_logged_and_the_line_stays(ear: Ear, expected_logs: list[str]) -> None:
    expected_logs.append("a message broke: break")
    with closing(ear.client()) as client:
        client.sendall(encode({"do": "break"}) + b"garbage\n" + encode({"do": "ping", "id": 7}))
        assert next(messages(client))["id"] == 7


def test_a_client_that_does_not_listen_stops_nobody_and_still_gets_its_answers(ear: Ear) -> None:
    with closing(ear.client()) as deaf, closing(ear.client()) as quick:
        deaf.sendall(encode({"do": "ping", "id": 1}))
        quick.sendall(encode({"do": "ping", "id": 2}))
        heard = messages(quick)
        assert next(heard)["id"] == 2
        for number in range(2000):
            ear.server.broadcast({"changes": "x" * 2000, "number": number})
        ear.server.broadcast({"last": True})
        quick.sendall(encode({"do": "ping", "id": 3}))
        assert any(message.get("id") == 3 for message in heard)


def test_clients_that_leave_are_forgotten(ear: Ear) -> None:
    client = ear.client()
    client.sendall(encode({"do": "ping"}))
    until(lambda: ear.server.clients == 1)
    client.close()
    until(lambda: ear.server.clients == 0)
    ear.server.broadcast({"changes": []})


def test_what_a_dead_engine_left_at_the_path_is_in_nobodys_way(ear: Ear) -> None:
    path = socket_path(ear.home)
    assert path.stat().st_mode & 0o777 == 0o600
    second = Ear(ear.home)
    with closing(second.client()) as client:
        client.sendall(encode({"do": "ping", "id": 9}))
        assert next(messages(client))["id"] == 9
    second.server.close()
    assert not path.exists()
