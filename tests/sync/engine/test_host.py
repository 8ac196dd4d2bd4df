"""The engine process: one a home, woken over its socket, ending when it is not needed."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from moderation.intents import IntentState
from moderation.ports import CommunityRow
from sync.engine import host
from sync.engine.host import Engine, Options
from sync.engine.lock import NAME, holder
from sync.engine.protocol import encode, messages, socket_path
from sync.outbox import Timing
from tests.factory import plan
from tests.fakes import factory
from tests.fakes.engine import Household
from tests.fakes.factory import flag
from tests.sync.engine.conftest import decide, state, until

S = IntentState


class Client:
    """A window or a command, as far as the socket goes."""

    def __init__(self, home: Path) -> None:
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.line.settimeout(20)
        self.line.connect(str(socket_path(home)))
        self.heard = messages(self.line)

    def say(self, **message: Any) -> None:
        self.line.sendall(encode(message))

    def next_with(self, field: str) -> dict[str, Any]:
        return next(message for message in self.heard if field in message)

    def close(self) -> None:
        self.line.close()


class Running:
    """An engine that waits on a thread of its own."""

    def __init__(self, house: Household, idle: float | None = None, poll_every: float = 0.05) -> None:
        self.kept: list[tuple[str, str, str, str | None]] = []
        options = Options(idle=idle, poll_every=poll_every, timing=Timing(settle=0.5))
        self.engine = Engine(house.home, house.stores, options, self._keep)
        self.started = self.engine.start()
        self.thread = threading.Thread(target=self.engine.wait)
        self.thread.start()

    def _keep(self, *key: Any) -> bool:
        self.kept.append(key)
        return True

    def end(self) -> None:
        self.engine.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()


@pytest.fixture
def running(house: Household) -> Iterator[Running]:
    made = Running(house)
    assert made.started
    yield made
    made.end()


def test_a_second_engine_does_not_start(house: Household, running: Running) -> None:
    assert not Engine(house.home, house.stores).start()


def test_a_client_wakes_it_and_hears_what_changed(house: Household, running: Running) -> None:
    with closing(Client(house.home)) as client:
        client.say(do="status", id=1)
        client.next_with("id")
        intent = decide(house)
        client.say(do="wake")
        until(lambda: state(house, intent) is S.CONFIRMED)
        while not any(entry["table"] == "intent" for entry in client.next_with("changes")["changes"]):
            pass


def test_it_fetches_wishes_and_passes_over_what_is_no_id(house: Household, running: Running) -> None:
    with closing(Client(house.home)) as client:
        client.say(do="want", refs=[str(flag(3)), "nonsense", 7, "other.example:flag:1"])
        until(lambda: house.connection.fetched == [flag(3)])


def test_a_sync_is_answered_when_it_is_done(house: Household, running: Running) -> None:
    with closing(Client(house.home)) as client:
        client.say(do="sync", id=5, communities=None)
        done = client.next_with("done")
    assert done["id"] == 5
    assert [(one["community"], one["trouble"]) for one in done["done"]] == [(factory.NAME, None)]


def test_a_sync_that_breaks_is_answered_too(house: Household, running: Running, expected_logs: list[str]) -> None:
    expected_logs.append("a sync broke|a loop of the engine broke")
    until(lambda: house.connection.polls)
    house.connection.failing.extend(KeyError("a bug") for _ in range(3))
    with closing(Client(house.home)) as client:
        client.say(do="sync", id=5, communities=None)
        done = client.next_with("done")
    assert done["done"][0]["trouble"] == {"code": "our_bug", "kind": "KeyError"}


def test_it_tells_how_communities_stand(house: Household, running: Running) -> None:
    until(lambda: house.connection.polls)
    with closing(Client(house.home)) as client:
        client.say(do="status", id=2)
        answer = next(message for message in client.heard if message.get("id") == 2)
    assert [(one["community"], one["state"]) for one in answer["status"]] == [(factory.NAME, "connected")]


def test_a_key_that_a_client_hands_over_is_kept_in_memory(house: Household, running: Running) -> None:
    opened = len(house.opened)
    with closing(Client(house.home)) as client:
        client.say(do="credentials", community=factory.NAME, identity="me", token="a-token", acts_as=None)
        client.say(do="credentials", community=factory.NAME, token="")
        until(lambda: len(house.opened) > opened)
    assert running.kept == [(factory.NAME, "me", "a-token", None)]


def test_unknown_requests_of_a_newer_client_are_passed_over(house: Household, running: Running) -> None:
    with closing(Client(house.home)) as client:
        client.say(do="surprise")
        client.say(nothing=True)
        client.say(do="status", id=3)
        assert client.next_with("id")["id"] == 3


def test_communities_connected_meanwhile_are_met_once_however_many_ask(house: Household, running: Running) -> None:
    until(lambda: house.connection.polls)
    second: CommunityRow = factory.community(name="second.example")
    house.rows.append(second)
    clients = [Client(house.home) for _ in range(6)]
    opened = len(house.opened)
    for client in clients:
        client.say(do="wake")
        client.say(do="status", id=1)
    for client in clients:
        client.next_with("id")
        client.close()
    until(lambda: len(house.opened) > opened)
    assert sorted(running.engine._communities) == [factory.NAME, "second.example"]
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("send ")]
    assert sorted(names) == [f"send {factory.NAME}", "send second.example"]


def test_it_ends_when_nobody_needs_it_and_gives_back_the_lock(house: Household) -> None:
    run = Running(house, idle=0.05)
    run.thread.join(20)
    assert not run.thread.is_alive()
    assert holder(house.home) is None
    assert not socket_path(house.home).exists()
    run.end()


def test_it_does_not_end_while_something_waits_to_be_sent(house: Household) -> None:
    intent = decide(house, hold=1.2)
    run = Running(house, idle=0.05)
    until(lambda: state(house, intent) is S.CONFIRMED)
    run.thread.join(20)
    assert not run.thread.is_alive()


def test_it_ends_when_its_home_is_gone(house: Household, expected_logs: list[str]) -> None:
    expected_logs.append("the home is gone")
    run = Running(house)
    (house.home / NAME).unlink()
    run.thread.join(20)
    assert not run.thread.is_alive()


def test_a_client_can_end_it(house: Household) -> None:
    run = Running(house)
    with closing(Client(house.home)) as client:
        client.say(do="stop")
        run.thread.join(20)
    assert not run.thread.is_alive()


def test_what_was_over_long_ago_leaves_the_journal_once_a_day(
    house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "FORGET_EVERY", 0.1)
    old, doubtful = plan(1, state=S.CANCELLED), plan(2, state=S.IN_DOUBT, question="unclear")
    later = plan(3, state=S.CANCELLED)
    house.journal.add(old, doubtful, later)
    fresh = decide(house)
    running = Running(house)
    until(lambda: house.journal.plan(old.id) is None)
    house.journal.add(again := plan(0, state=S.CANCELLED))
    until(lambda: house.journal.plan(again.id) is None)
    running.end()
    assert {one.id for one in house.journal.plans()} == {doubtful.id, later.id, fresh.plan}
