"""The engine seen from outside: messages may be lost, an engine that dies comes back, nobody waits for it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from console import engine_client
from console.credentials import ForThisRun
from console.engine_client import ANOTHER_RUNS, EngineClient
from console.home import Home
from moderation.changes import ChangeRecord, Table
from moderation.errors import StoreError
from moderation.ids import Ref
from sync.engine.protocol import changes_out
from sync.engine.server import Reply, Server


class FakeProcess:
    """Stands for the process that would be started; ``code`` is what it ended with, ``None`` while it runs."""

    def __init__(self, code: int | None = None) -> None:
        self.code = self.returncode = code

    def poll(self) -> int | None:
        return self.code


class FakeEngine:
    """A real socket server that remembers what it was asked."""

    def __init__(self, home: Path) -> None:
        self.asked: list[dict[str, Any]] = []
        self._home = home
        self.server: Server | None = None

    def up(self) -> None:
        self.server = Server(self._home, self._handle)
        self.server.start()

    def down(self) -> None:
        assert self.server is not None
        self.server.close()

    def _handle(self, message: dict[str, Any], reply: Reply) -> None:
        self.asked.append(message)
        if message["do"] == "sync":
            reply({"id": message["id"], "progress": {"community": "c", "requests": 1}})
            reply({"id": message["id"], "done": [{"community": "c", "trouble": None}]})
        if message["do"] == "status":
            reply({"status": [{"community": "c", "state": "connected", "read_at": "2026-11-22T10:00:00+00:00"}]})

    def verbs(self) -> list[str]:
        return [message["do"] for message in self.asked]


@pytest.fixture
def home(home_folder: Path) -> Home:
    home = Home(home_folder)
    home.prepare()
    return home


@pytest.fixture
def engine(home: Home) -> Iterator[FakeEngine]:
    engine = FakeEngine(home.root)
    yield engine
    if engine.server is not None:
        engine.down()


@pytest.fixture
def client_of(home: Home) -> Iterator[Callable[[], EngineClient]]:
    made: list[EngineClient] = []

    def make(**options: Any) -> EngineClient:
        made.append(EngineClient(home, ForThisRun, **options))
        return made[-1]

    yield make
    for client in made:
        client.close()


def until(true: Callable[[], object]) -> None:
    limit = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit, "it never came"
        time.sleep(0.01)


def starts(monkeypatch: pytest.MonkeyPatch, start: Callable[[], FakeProcess]) -> list[int]:
    """Replace starting a process; gives the list of starts."""
    counted: list[int] = []

    def start_engine(home: Home, secrets: ForThisRun) -> FakeProcess:
        counted.append(len(counted))
        return start()

    monkeypatch.setattr(engine_client, "start_engine", start_engine)
    return counted


def test_what_is_asked_arrives_in_order(engine: FakeEngine, client_of: Callable[[], EngineClient]) -> None:
    engine.up()
    client = client_of()
    client.wake("decided")
    client.want([Ref.parse("c:flag:1")])
    client.refresh("c")
    until(lambda: len(engine.asked) == 3)
    assert engine.asked[1]["refs"] == ["c:flag:1"]
    assert engine.verbs() == ["wake", "want", "refresh"]


def test_changes_and_standing_are_heard(engine: FakeEngine, client_of: Callable[[], EngineClient]) -> None:
    engine.up()
    client, heard = client_of(), []
    client.listen(heard.extend)
    until(client.status)
    assert engine.server is not None
    record = ChangeRecord(Table.ITEM, ("c:flag:1",))
    engine.server.broadcast(changes_out([record]))
    until(lambda: heard)
    assert heard == [record]
    assert client.status()[0].state == "connected"


def test_a_sync_reports_its_progress(engine: FakeEngine, client_of: Callable[[], EngineClient]) -> None:
    engine.up()
    told = list(client_of().sync(["c"]))
    assert [sorted(message) for message in told] == [["id", "progress"], ["done", "id"]]


def test_an_engine_is_started_when_it_is_needed(
    engine: FakeEngine, client_of: Callable[[], EngineClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def start() -> FakeProcess:
        threading.Timer(0.1, engine.up).start()
        return FakeProcess()

    counted = starts(monkeypatch, start)
    client_of().wake()
    until(lambda: engine.verbs() == ["wake"])
    assert len(counted) == 1


def test_only_who_may_starts_one(
    engine: FakeEngine, client_of: Callable[..., EngineClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = starts(monkeypatch, FakeProcess)
    client = client_of(may_start=False)
    client.wake()
    client.close()
    assert counted == []
    with pytest.raises(StoreError, match="engine_unreachable"):
        list(client.sync(None))


def test_another_engine_that_is_just_ending_is_waited_for(
    engine: FakeEngine, client_of: Callable[[], EngineClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def start() -> FakeProcess:
        if len(counted) < 3:
            return FakeProcess(ANOTHER_RUNS)
        engine.up()
        return FakeProcess()

    counted = starts(monkeypatch, start)
    client_of().wake()
    until(lambda: engine.verbs() == ["wake"])
    assert len(counted) == 3


def test_one_that_cannot_start_is_not_started_in_a_loop(
    home: Home, client_of: Callable[[], EngineClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = starts(monkeypatch, lambda: FakeProcess(1))
    client = client_of()
    for _ in range(20):
        client.wake()
    client.close()
    assert len(counted) == 1
    with pytest.raises(StoreError, match="engine_unreachable"):
        list(client_of().sync(None))


def test_an_engine_that_dies_comes_back_while_somebody_listens(
    engine: FakeEngine, client_of: Callable[[], EngineClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def start() -> FakeProcess:
        engine.up()
        return FakeProcess()

    counted = starts(monkeypatch, start)
    client = client_of()
    client.listen(lambda records: None)
    until(lambda: engine.verbs() == ["status"])
    engine.down()
    until(lambda: engine.verbs() == ["status", "wake"])
    assert len(counted) == 2


def test_it_is_left_alone_when_nobody_listens(
    engine: FakeEngine, client_of: Callable[[], EngineClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = starts(monkeypatch, FakeProcess)
    engine.up()
    client = client_of()
    client.wake()
    until(lambda: engine.verbs() == ["wake"])
    engine.down()
    client.close()
    assert counted == []


def test_a_sync_whose_engine_dies_says_so(
    engine: FakeEngine, client_of: Callable[[], EngineClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.up()
    asked = threading.Event()
    monkeypatch.setattr(engine, "_handle", lambda message, reply: asked.set())
    engine.down()
    engine.up()
    starts(monkeypatch, lambda: FakeProcess(1))
    answers = client_of().sync(["c"])
    threading.Thread(target=lambda: (asked.wait(20), engine.down())).start()
    with pytest.raises(StoreError, match="engine_lost"):
        list(answers)


def test_a_sync_whose_engine_is_replaced_says_so(
    engine: FakeEngine, client_of: Callable[[], EngineClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next engine knows nothing of the question."""
    engine.up()
    asked = threading.Event()
    monkeypatch.setattr(engine, "_handle", lambda message, reply: asked.set() if message["do"] == "sync" else None)
    engine.down()
    engine.up()
    starts(monkeypatch, lambda: FakeProcess(1))
    client = client_of()
    client.listen(lambda records: None)
    threading.Thread(target=lambda: (asked.wait(20), engine.down(), engine.up(), client.wake())).start()
    with pytest.raises(StoreError, match="engine_lost"):
        list(client.sync(["c"]))


def test_an_engine_that_cannot_even_be_started(
    home: Home, client_of: Callable[[], EngineClient], expected_logs: list[str]
) -> None:
    """No room for its log, no memory for its process: said in words, and tried again later."""
    expected_logs.append("the engine could not be started")
    home.logs.rmdir()
    home.logs.write_text("in the way")
    client = client_of()
    client.wake()
    with pytest.raises(StoreError, match="engine_unreachable"):
        list(client.sync(["c"]))


def test_rubbish_on_the_line_harms_nobody(home: Home, client_of: Callable[[], EngineClient]) -> None:
    from sync.engine.protocol import socket_path

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(socket_path(home.root)))
        listener.listen()
        heard: list[ChangeRecord] = []
        client = client_of()
        client.listen(heard.extend)
        line, _ = listener.accept()
        with line:
            line.sendall(
                b'not json\n[1]\n{"changes": [{"table": "unknown"}, {"table": "item", "ids": ["c:flag:1"]}]}\n'
            )
            until(lambda: heard)
        assert heard == [ChangeRecord(Table.ITEM, ("c:flag:1",))]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_who_listens_and_fails_does_not_make_it_deaf(
    engine: FakeEngine, client_of: Callable[..., EngineClient]
) -> None:
    """The fault is reported (``threading.excepthook``); what comes later is heard on another line."""
    heard: list[ChangeRecord] = []

    def fails_once(records: list[ChangeRecord]) -> None:
        heard.extend(records)
        if len(heard) == 1:
            raise RuntimeError("deleted")

    engine.up()
    client = client_of(may_start=False)
    client.listen(fails_once)
    until(client.status)
    assert engine.server is not None
    engine.server.broadcast(changes_out([ChangeRecord(Table.ITEM, ("c:flag:1",))]))
    until(lambda: engine.verbs()[-1] == "wake")
    engine.server.broadcast(changes_out([ChangeRecord(Table.ITEM, ("c:flag:2",))]))
    until(lambda: len(heard) == 2)


def test_secrets_go_through_a_pipe_and_not_the_environment(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nenv > {seen}.env\necho "$@" > {seen}.arguments\ncat > {seen}.stdin\n')
    program.chmod(0o700)
    monkeypatch.setattr(engine_client.sys, "executable", str(program))
    monkeypatch.setenv("MARQUEE_TOKEN", "t0ken-hush")
    monkeypatch.setenv("MARQUEE_STORE_KEY", "k3y-hush")
    monkeypatch.setenv("MARQUEE_TICKET_TOKEN", "t1cket-hush")
    started = engine_client.start_engine(home, ForThisRun("k3y-hush", "t0ken-hush"))
    assert started.wait(20) == 0
    assert "hush" not in seen.with_suffix(".env").read_text() + seen.with_suffix(".arguments").read_text()
    assert ForThisRun.parse(seen.with_suffix(".stdin").read_text()) == ForThisRun("k3y-hush", "t0ken-hush")


def test_a_home_deep_down_has_a_socket_all_the_same(home_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = Home(home_folder / ("deep" * 40) / "home")
    deep.prepare()
    monkeypatch.setenv("TMPDIR", str(deep.root))
    engine = FakeEngine(deep.root)
    engine.up()
    client = EngineClient(deep, ForThisRun, may_start=False)
    client.wake()
    until(lambda: engine.verbs() == ["wake"])
    client.close()
    engine.down()
