"""Pictures asked of the engine: put together from parts, answered once, and not waited for when the engine is gone."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from console.credentials import ForThisRun
from console.engine_client import EngineClient
from console.home import Home
from console.pictures import PictureCalls
from moderation.content import PictureFile
from moderation.errors import MarqueeError
from sync.engine.server import Reply, Server
from tests.console.test_engine_client import until
from tests.support.pictures import png

PICTURE = png(40, 30)
Answers = Callable[[dict[str, Any], Reply], None]


def in_two_parts(message: dict[str, Any], reply: Reply) -> None:
    if message["do"] == "picture":
        for part in (PICTURE[:100], PICTURE[100:]):
            reply({"id": message["id"], "part": b64encode(part).decode()})
        reply({"id": message["id"], "picture": "png"})


@pytest.fixture
def home(home_folder: Path) -> Home:
    home = Home(home_folder)
    home.prepare()
    return home


@pytest.fixture
def client(home: Home) -> Iterator[EngineClient]:
    made = EngineClient(home, ForThisRun, may_start=False)
    yield made
    made.close()


@pytest.fixture
def serve(home: Home) -> Iterator[Callable[[Answers], Server]]:
    servers: list[Server] = []

    def started(answers: Answers) -> Server:
        servers.append(Server(home.root, answers))
        servers[-1].start()
        return servers[-1]

    yield started
    for server in servers:
        server.close()


def test_a_picture_arrives_whole(serve: Callable[[Answers], Server], client: EngineClient) -> None:
    serve(in_two_parts)
    heard: list[object] = []
    client.picture("c", "https://c.example/a.png", heard.append)
    client.picture("c", "https://c.example/b.png", heard.append)
    until(lambda: len(heard) == 2)
    assert heard == [PictureFile("png", PICTURE)] * 2


def test_why_it_does_not_come_is_heard(serve: Callable[[Answers], Server], client: EngineClient) -> None:
    trouble = {"code": "community_asks_to_wait", "seconds": 3.0, "community": "c"}
    serve(lambda message, reply: reply({"id": message["id"], "trouble": trouble}) if "id" in message else None)
    heard: list[object] = []
    client.picture("c", "https://c.example/a.png", heard.append)
    until(lambda: heard)
    [error] = heard
    assert isinstance(error, MarqueeError)
    assert (error.code, error.facts) == ("community_asks_to_wait", {"community": "c", "seconds": 3.0})


def test_without_an_engine_it_is_heard_at_once(client: EngineClient) -> None:
    heard: list[Any] = []
    client.picture("c", "https://c.example/a.png", heard.append)
    until(lambda: heard)
    assert [error.code for error in heard] == ["picture_no_engine"]


def test_an_engine_that_ends_answers_nothing_more(serve: Callable[[Answers], Server], client: EngineClient) -> None:
    asked: list[dict[str, Any]] = []
    server = serve(lambda message, _: asked.append(message))
    heard: list[Any] = []
    client.picture("c", "https://c.example/a.png", heard.append)
    until(lambda: asked)
    server.close()
    until(lambda: heard)
    assert [error.code for error in heard] == ["picture_no_engine"]


def test_what_is_given_up_is_told_and_not_heard(serve: Callable[[Answers], Server], client: EngineClient) -> None:
    asked: list[dict[str, Any]] = []
    replies: list[Reply] = []
    serve(lambda message, reply: (asked.append(message), replies.append(reply))[0])
    heard: list[Any] = []
    give_up = client.picture("c", "https://c.example/a.png", heard.append)
    until(lambda: asked)
    give_up()
    until(lambda: len(asked) == 2)
    assert asked[1] == {"do": "no_picture", "id": asked[0]["id"]}
    in_two_parts(asked[0], replies[0])
    client.picture("c", "https://c.example/b.png", heard.append)
    until(lambda: len(asked) == 3)
    in_two_parts(asked[2], replies[2])
    until(lambda: heard)
    assert heard == [PictureFile("png", PICTURE)]
    give_up()


def test_an_answer_that_is_no_picture_ends_it() -> None:
    said: list[dict[str, Any]] = []
    calls, heard = PictureCalls(said.append), list[Any]()
    for number, part in enumerate(("not base64!", b64encode(bytes(13_000_000)).decode())):
        calls.ask("c", "https://c.example/a.png", heard.append)
        calls.take({"id": said[number]["id"], "part": part})
        calls.take({"id": said[number]["id"], "picture": "png"})
    assert [error.code for error in heard] == ["picture_no_engine"] * 2
