"""The thread that listens: when it listens at all, what it makes of failures, and that it stops."""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from moderation.changes import ChangeRecord
from moderation.errors import MarqueeError, NotAllowedError, PayloadError, SignInError, TryLaterError
from moderation.ids import Kind, Ref
from moderation.records import Batch
from sync.connector import Heard, Known
from sync.engine.community import Community
from sync.engine.connections import Connections
from sync.engine.live import LONGEST_PAUSE, LivePush
from sync.engine.standing import Standing
from sync.http import Plan, PlannedBudget
from sync.outbox import Timing
from sync.sandbox import Fault
from tests.conformance.memory import MemoryMirror
from tests.fakes.engine import Household, PullingConnection
from tests.fakes.factory import NAME, flag
from tests.sync.discourse.face import World, small_face
from tests.sync.engine.conftest import decide, state, until

BUS = "POST /message-bus/:client/poll"
ITEM = Heard(items=frozenset({flag(3)}))


class Ear:
    """An ear whose hints and failures a test orders; without any it ends the loop."""

    def __init__(self) -> None:
        self.why = ""
        self.says: list[Heard | MarqueeError] = []
        self.threads: list[list[Ref]] = []
        self.wanted: list[bool] = []
        self.closed = threading.Event()

    def hindered(self, wanted: bool) -> str:
        """What a test says."""
        self.wanted.append(wanted)
        return self.why

    def wait(self, threads: Sequence[Ref]) -> Heard:
        """The next of what is ordered."""
        self.threads.append(list(threads))
        if not self.says:
            self.closed.wait(20)
            raise TryLaterError("answer_broke_off")
        said = self.says.pop(0)
        if isinstance(said, MarqueeError):
            raise said
        return said

    def pause(self) -> float:
        """Long enough to be told from nothing."""
        return 7.0

    def close(self) -> None:
        """Ends a wait."""
        self.closed.set()


class Listening(PullingConnection):
    """A connection with an ear."""

    def __init__(self, house: Household) -> None:
        super().__init__(house.server)
        self.own_ear = Ear()
        self.read: list[Heard] = []

    def ear(self) -> Ear:
        """The ear."""
        return self.own_ear

    def read_heard(self, heard: Heard, known: Known) -> Iterator[Batch]:
        """Note it."""
        self.read.append(heard)
        yield Batch((), {})


class Rests(threading.Event):
    """Notes how long the loop would rest, and ends it after so many times."""

    def __init__(self, push: LivePush, most: int) -> None:
        super().__init__()
        self.push, self.most, self.rests = push, most, list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        """Rests are over at once."""
        self.rests.append(timeout or 0.0)
        if len(self.rests) >= self.most:
            self.push._stopping = True
        return True


class Bench:
    """The thread's work without a thread: its turns, rests and what it tells."""

    def __init__(self, house: Household) -> None:
        self.house, self.connection = house, Listening(house)
        house.connection = self.connection
        self.ear, self.hints, self.choice = self.connection.own_ear, list[Heard](), "auto"
        house.stores.live = lambda name: self.choice
        self.standing = Standing(NAME, house.stores, house.statuses.append)
        connections = Connections(house.rows[0], house.stores)
        self.push = LivePush(NAME, house.stores, connections, self.standing, self.hints.append)
        self.connections = connections

    def turns(self, count: int) -> list[float]:
        """So many turns; gives the rests after each, to whole seconds."""
        self.push._stopping = False
        self.push._now = Rests(self.push, count)
        self.push.loop()
        return [round(rest) for rest in self.push._now.rests]


@pytest.fixture
def bench(house: Household) -> Bench:
    """A community that was read."""
    made = Bench(house)
    made.standing.well(None)
    return made


def test_it_hands_on_what_it_hears_and_keeps_the_pace(bench: Bench) -> None:
    bench.ear.says = [Heard(), ITEM, Heard(queue=True)]
    assert bench.turns(3) == [7, 7, 7]
    assert bench.hints == [ITEM, Heard(queue=True)]
    assert bench.standing.status.live == "on"


def test_a_platform_that_tells_nothing_is_not_asked(house: Household) -> None:
    standing = Standing(NAME, house.stores, house.statuses.append)
    standing.well(None)
    push = LivePush(NAME, house.stores, Connections(house.rows[0], house.stores), standing, lambda heard: None)
    assert push._turn() == 60.0
    assert standing.status.live == ""


@pytest.mark.parametrize(("choice", "wanted"), [("auto", False), ("on", True)])
def test_the_limits_have_the_last_word(bench: Bench, choice: str, wanted: bool) -> None:
    bench.choice, bench.ear.why = choice, "live_day_too_short"
    assert bench.turns(2) == [60, 60]
    assert bench.ear.wanted == [wanted] * 2
    assert bench.standing.status.live == "live_day_too_short"
    assert bench.ear.threads == []


def test_switched_off_is_off_until_it_is_switched_on(bench: Bench) -> None:
    bench.choice, bench.ear.says = "off", [ITEM]
    bench.turns(1)
    assert (bench.standing.status.live, bench.ear.threads) == ("live_setting_off", [])
    bench.choice = "auto"
    bench.turns(1)
    assert (bench.standing.status.live, bench.hints) == ("on", [ITEM])


def test_before_the_first_reading_and_while_it_is_away_nothing_is_asked(house: Household) -> None:
    bench = Bench(house)
    bench.turns(2)
    bench.standing.unwell(TryLaterError("gateway_error"), 1.0)
    bench.turns(2)
    assert bench.ear.threads == []


def test_failures_pause_ever_longer_and_success_forgets_them(bench: Bench, expected_logs: list[str]) -> None:
    broken = TryLaterError("answer_broke_off")
    bench.ear.says = [broken] * 12 + [ITEM, broken]
    rests = bench.turns(14)
    assert rests[:4] == [2, 4, 8, 16]
    assert rests[9:12] == [LONGEST_PAUSE] * 3
    assert rests[12:] == [7, 2]
    assert bench.standing.status.live == "live_trouble"


def test_what_the_server_asks_for_is_kept(bench: Bench) -> None:
    bench.ear.says = [TryLaterError("too_many_requests", seconds=90.0), PayloadError("live_not_understood")]
    assert bench.turns(2) == [90, 4]
    assert bench.standing.status.live == "live_not_understood"


def test_a_key_without_the_right_is_said_once_and_a_new_key_is_tried(bench: Bench, expected_logs: list[str]) -> None:
    expected_logs.append("no live push")
    bench.ear.says = [NotAllowedError("live_not_allowed"), ITEM]
    assert bench.turns(4) == [60] * 4
    assert (bench.standing.status.live, len(bench.ear.threads)) == ("live_not_allowed", 1)
    bench.house.connection = Listening(bench.house)
    bench.house.connection.own_ear.says = [ITEM]
    bench.connections.renew()
    bench.turns(1)
    assert (bench.standing.status.live, bench.hints) == ("on", [ITEM])
    assert bench.ear.closed.is_set()


def test_without_a_key_it_waits(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(row: Any, identity: Any) -> Any:
        raise SignInError("token_missing")

    monkeypatch.setattr(bench.house.stores, "connect", none)
    assert bench.turns(2) == [2, 4]


def test_the_threads_that_are_open_are_those_looked_at_last(bench: Bench) -> None:
    threads = [Ref(NAME, Kind.THREAD, str(number)) for number in range(5)]
    bench.push.opened([*threads, threads[2], flag(1)])
    bench.ear.says = [Heard()]
    bench.turns(1)
    assert set(bench.ear.threads[0]) == {threads[2], threads[3], threads[4]}


# inside a community


@pytest.fixture
def community(house: Household) -> Iterator[Community]:
    """Polls so seldom that a hint alone can bring anything."""
    house.connection = Listening(house)
    made = Community(house.rows[0], house.stores, house.told.extend, house.statuses.append, Timing(), poll_every=3600.0)
    yield made
    made.stop()


def ear_of(house: Household) -> Ear:
    assert isinstance(house.connection, Listening)
    return house.connection.own_ear


def test_a_hint_is_read_at_once_by_the_thread_that_pulls(house: Household, community: Community) -> None:
    ear_of(house).says = [Heard(), ITEM, Heard(queue=True)]
    ear_of(house).pause = lambda: 0.0  # type: ignore[method-assign]
    community.start()
    read: list[Heard] = house.connection.read  # type: ignore[attr-defined]
    until(lambda: any(one.items for one in read) and any(one.queue for one in read))
    assert house.connection.polls <= 1


def test_a_held_wait_stops_neither_pulls_nor_decisions_nor_the_end(house: Household, community: Community) -> None:
    community.start()
    until(lambda: ear_of(house).threads)
    intent = decide(house)
    community.wake()
    until(lambda: state(house, intent).value == "confirmed")
    polls = house.connection.polls
    community.refresh()
    until(lambda: house.connection.polls > polls)
    community.stop()
    assert ear_of(house).closed.is_set()
    until(lambda: not any(thread.is_alive() for thread in community._threads))


def test_hints_during_an_outage_do_not_shorten_the_pause(house: Household, community: Community) -> None:
    house.connection.failing = [TryLaterError("gateway_error")]
    pulling = community._pulling
    with pytest.raises(TryLaterError):
        pulling._turn()
    pulling._failed(TryLaterError("gateway_error"))
    pulling._now.clear()
    pulling.heard(ITEM)
    assert not pulling._now.is_set()
    assert pulling._heard == ITEM


# over the wire, with the sample community


class SharedMirror(MemoryMirror):
    """One for all threads of a community; the engine writes from one of them at a time."""

    def _own_thread(self) -> None:
        """Any may ask."""


class MemoryWriter:
    """The mirror of one community, in memory, for the engine."""

    def __init__(self, house: Household) -> None:
        self.mirror, self._lock = SharedMirror(), threading.Lock()
        self._writer = house.writer
        house.stores.writer = self  # type: ignore[assignment]
        house.stores.known = lambda community: self.mirror

    def apply(self, batch: Batch, community: str) -> list[ChangeRecord]:
        """Into the mirror."""
        with self._lock:
            self.mirror.apply(batch)
        return []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


@pytest.fixture
def world() -> Iterator[World]:
    """The sample community's Discourse face."""
    with small_face() as found:
        yield found


def connected(house: Household, world: World, **facts: Any) -> tuple[Community, MemoryMirror]:
    """A community of the engine that is connected to the sample, polling seldom."""
    connection = world.connect(**facts)
    row = house.rows[0]
    me = connection.identify()
    changed = {"name": "sample", "identity": me, "url": world.server.url}
    house.rows[0] = type(row)(**{name: changed.get(name, getattr(row, name)) for name in type(row).__slots__})
    house.stores.connect = lambda row, identity: connection
    mirror = MemoryWriter(house).mirror
    community = Community(
        house.rows[0], house.stores, house.told.extend, house.statuses.append, Timing(), poll_every=3600.0
    )
    return community, mirror


def polls_of(world: World) -> int:
    return world.community.service.requests[BUS]


def test_with_a_key_of_the_site_a_report_shows_without_a_poll(house: Household, world: World) -> None:
    community, mirror = connected(house, world, admin_key=True)
    try:
        community.start()
        until(lambda: community.status.live == "on" and polls_of(world) >= 2 and community._pulling._walk is None)
        item, *_ = world.reported_post()
        until(lambda: item in mirror.items_by_ref)
    finally:
        world.settings.bus_wait = 600.0
        community.stop()
    until(lambda: not any(thread.is_alive() for thread in community._threads))


def test_with_a_members_key_it_is_off_and_costs_nothing(house: Household, world: World) -> None:
    community, mirror = connected(house, world, budget=PlannedBudget(Plan(1000, 2880)))
    try:
        community.start()
        until(lambda: community.status.live == "live_day_too_short" and mirror.items_by_ref)
        told = community.sync(lambda progress: None)
    finally:
        community.stop()
    assert told["live"] == "live_day_too_short"
    assert polls_of(world) == 0


def test_a_server_that_hangs_up_at_once_is_left_alone(house: Household, world: World, expected_logs: list[str]) -> None:
    expected_logs.append(r"^sync\.http\.pacing: ")
    community, mirror = connected(house, world, admin_key=True)
    world.community.fault(Fault("drop_before", "/message-bus/", "POST", times=1000))
    try:
        community.start()
        until(lambda: community.status.live == "live_trouble" and mirror.items_by_ref)
        left = world.community.faults.orders[0].times
        ends = time.monotonic() + 1.0
        while time.monotonic() < ends:
            threading.Event().wait(0.05)
        assert left - world.community.faults.orders[0].times <= 2
    finally:
        community.stop()
