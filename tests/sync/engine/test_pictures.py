"""The engine fetches pictures for a window: in parts over the socket, a few at once, and gives up what is unwanted."""

import threading
from base64 import b64decode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from moderation.errors import NotAllowedError, TryLaterError
from moderation.intents import Identities
from sync import discourse, nodebb
from sync.connector import Account
from sync.engine.host import Engine, Options
from sync.engine.pictures import PART_BYTES, Pictures
from sync.http import Answer
from sync.http.outside import Outside
from tests.fakes.engine import Household
from tests.fakes.factory import NAME
from tests.support.pictures import png
from tests.sync.engine.conftest import until
from tests.sync.engine.test_host import Client
from tests.sync.http.wire import reply, wire

PICTURE = png(400, 300) + bytes(2 * PART_BYTES)


class Showing:
    """A connection that fetches pictures as a test says."""

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        self._answer = answer

    def picture(self, url: str, *, seconds: float, most: int) -> Answer:
        return self._answer(url)


def shown(url: str, **_: float) -> Answer:
    return Answer(200, url, 1, PICTURE)


def asked(pictures: Pictures, number: int, address: str, said: list[dict[str, Any]]) -> Callable[..., None]:
    """Ask; gives the ear that heard, which names who asked."""
    ear = said.append
    pictures.ask({"do": "picture", "id": number, "community": "c", "address": address}, ear)
    return ear


def ended(said: list[dict[str, Any]]) -> bool:
    return any("picture" in message or "trouble" in message for message in said)


def test_a_window_gets_a_picture_over_the_socket_in_small_parts(house: Household) -> None:
    house.connection.picture = shown  # type: ignore[attr-defined]
    engine = Engine(house.home, house.stores, Options(idle=None))
    assert engine.start()
    try:
        with closing(Client(house.home)) as client:
            client.say(do="picture", id=7, community=NAME, address=f"{house.rows[0].url}/assets/uploads/a.png")
            parts: list[str] = []
            while "picture" not in (message := next(m for m in client.heard if "id" in m)):
                assert message["id"] == 7
                parts.append(message["part"])
                assert len(message["part"]) < 130_000
            assert message["picture"] == "png"
            assert b"".join(map(b64decode, parts)) == PICTURE
            client.say(do="picture", id=8, community="nobody", address="https://x.example/a")
            assert client.next_with("trouble")["trouble"] == {"code": "picture_no_community", "community": "nobody"}
    finally:
        engine.close()


def test_a_community_whose_connector_fetches_none_is_asked_as_a_guest() -> None:
    said: list[dict[str, Any]] = []
    with wire(lambda _, sock: reply(sock, PICTURE)) as server:
        asked(Pictures(lambda _: (server.url, object)), 1, f"{server.url}/a.png", said)  # type: ignore[arg-type,return-value]
        until(lambda: ended(said))
    assert said[-1] == {"id": 1, "picture": "png"}
    assert "authorization" not in server.heard[0].headers


@pytest.mark.parametrize(
    ("connector", "folder", "header"),
    [(nodebb, "/assets/uploads/files/a.png", "authorization"), (discourse, "/uploads/default/a.png", "user-api-key")],
    ids=["nodebb", "discourse"],
)
def test_each_connector_shows_its_key_to_its_own_uploads_alone(connector: ModuleType, folder: str, header: str) -> None:
    said: list[dict[str, Any]] = []
    with wire(lambda _, sock: reply(sock, PICTURE)) as home, wire(lambda _, sock: reply(sock, PICTURE)) as far:
        connection = connector.open_connection(home.url, "c", Account(Identities.ME, "5ecre7"))
        pictures = Pictures(lambda _: (home.url, lambda: connection), lambda: Outside(public=lambda _: True))
        for number, address in enumerate((home.url + folder, f"{home.url}/forum/deed", far.url + folder)):
            asked(pictures, number, address, said)
            until(lambda number=number: {"id": number, "picture": "png"} in said)
        connection.close()
    assert "5ecre7" in home.heard[0].headers[header]
    assert "5ecre7" not in str(home.heard[1])
    assert "5ecre7" not in str(far.heard)
    assert len(far.heard) == 1


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (NotAllowedError("picture_gone", host="h"), {"code": "picture_gone", "host": "h"}),
        (TryLaterError("community_asks_to_wait", seconds=3.0, community="c"),
         {"code": "community_asks_to_wait", "seconds": 3.0, "community": "c"}),
    ],
)  # fmt: skip
def test_why_a_picture_does_not_come_is_told(trouble: Exception, told: dict[str, Any]) -> None:
    def fail(_: str) -> Answer:
        raise trouble

    said: list[dict[str, Any]] = []
    asked(Pictures(lambda _: ("https://c.example", lambda: Showing(fail))), 1, "https://c.example/a", said)  # type: ignore[arg-type,return-value]
    until(lambda: ended(said))
    assert said == [{"id": 1, "trouble": told}]


def test_a_bug_is_told_and_logged(expected_logs: list[str]) -> None:
    expected_logs.append("a picture broke")

    def fail(_: str) -> Answer:
        raise ZeroDivisionError

    said: list[dict[str, Any]] = []
    asked(Pictures(lambda _: ("https://c.example", lambda: Showing(fail))), 1, "https://c.example/a", said)  # type: ignore[arg-type,return-value]
    until(lambda: ended(said))
    assert said == [{"id": 1, "trouble": {"code": "our_bug", "kind": "ZeroDivisionError"}}]


def test_what_is_not_wanted_any_more_is_never_begun() -> None:
    begun, gate, said = list[str](), threading.Event(), list[dict[str, Any]]()

    def slow(url: str) -> Answer:
        begun.append(url)
        gate.wait(20)
        return shown(url)

    pictures = Pictures(lambda _: ("https://c.example", lambda: Showing(slow)), at_once=1)  # type: ignore[arg-type,return-value]
    asked(pictures, 1, "https://c.example/first", said)
    until(lambda: begun)
    other: list[dict[str, Any]] = []
    ear = asked(pictures, 2, "https://c.example/second", other)
    pictures.drop({"id": 2}, ear)
    gate.set()
    until(lambda: ended(said))
    asked(pictures, 3, "https://c.example/third", said)
    until(lambda: sum("picture" in message for message in said) == 2)
    assert begun == ["https://c.example/first", "https://c.example/third"]
    assert other == []


def test_a_picture_under_way_elsewhere_is_cut_off() -> None:
    arrived = threading.Event()
    said: list[dict[str, Any]] = []
    with wire(lambda _, sock: (arrived.set(), sock.recv(1))[0]) as server:
        pictures = Pictures(lambda _: ("https://c.example", object), lambda: Outside(public=lambda _: True))  # type: ignore[arg-type,return-value]
        ear = asked(pictures, 1, f"{server.url}/a.png", said)
        assert arrived.wait(10)
        pictures.drop({"id": 1}, ear)
        until(lambda: ended(said))
    assert said[0]["trouble"]["code"] == "picture_broke_off"


def test_nothing_of_a_picture_is_written_down(house: Household, tmp_path: Path) -> None:
    house.connection.picture = shown  # type: ignore[attr-defined]
    engine = Engine(house.home, house.stores, Options(idle=None))
    assert engine.start()
    try:
        with closing(Client(house.home)) as client:
            client.say(do="picture", id=7, community=NAME, address=f"{house.rows[0].url}/assets/uploads/a.png")
            client.next_with("picture")
    finally:
        engine.close()
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and PICTURE[:60] in path.read_bytes()]
    assert kept == []
