"""Live push: what it costs, what its messages hint at, and what a message bus can do wrong. All over sockets."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from moderation.errors import MarqueeError, NotAllowedError, PayloadError, TryLaterError
from moderation.ids import Kind
from moderation.intents import Identities
from sync.connector import Account, Heard, Urgency
from sync.discourse import open_connection
from sync.discourse.connection import Discourse
from sync.discourse.limits import ADMIN_KEY, USER_KEY
from sync.http import Limited, Plan, PlannedBudget
from tests.conformance.memory import MemoryMirror
from tests.support.certificate import self_signed, server_tls
from tests.sync.discourse import made
from tests.sync.discourse.face import COLLEAGUE, ME, World, small_face
from tests.sync.discourse.scripted import NAME, Said, Script
from tests.sync.discourse.test_pull import ref
from tests.sync.http.wire import Wire, reply, wire

COUNTS = f"/reviewable_counts/{made.ME}"
MISSED = Heard(queue=True, feed=True)


@dataclass
class Bus:
    """Answers polls in turn, the last for ever; ``asked`` are the forms."""

    answers: list[Said] = field(default_factory=lambda: [Said(document=[])])
    asked: list[dict[str, str]] = field(default_factory=list)

    def tell(self, *messages: tuple[str, int, Any]) -> None:
        """The next answer holds these messages: channel, number, data."""
        document = [{"global_id": 1, "message_id": n, "channel": c, "data": d} for c, n, d in messages]
        self.answers.insert(-1, Said(document=document))

    def status(self, **numbers: int) -> None:
        """The next answer tells where channels stand; ``counts`` is the account's own."""
        data = {COUNTS if name == "counts" else f"/{name}": number for name, number in numbers.items()}
        self.tell(("/__status", -1, data))


@pytest.fixture
def bus(script: Script) -> Bus:
    """A bus at the scripted server."""
    found, plain = Bus(), script.handle

    def handle(heard: Any, sock: Any) -> None:
        if not heard.line.startswith("POST /message-bus/"):
            return plain(heard, sock)
        found.asked.append({name: values[0] for name, values in parse_qs(heard.body.decode()).items()})
        return (found.answers.pop(0) if len(found.answers) > 1 else found.answers[0]).send(sock, {})

    script.server.handle = handle
    return found


@pytest.fixture(autouse=True)
def troubles_are_logged(expected_logs: list[str]) -> None:
    """These tests provoke failures."""
    expected_logs.append(r"^sync\.http\.pacing: ")


def waits(connection: Discourse, count: int) -> list[Heard]:
    """What so many polls tell."""
    return [connection.ear().wait([]) for _ in range(count)]


# what the limits leave


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (USER_KEY, "live_day_too_short"),
        (ADMIN_KEY, ""),
        (Plan(60, 20_000), ""),
        (Plan(60, 11_000), "live_day_too_short"),
        (Plan(10), "live_minute_too_short"),
    ],
)
def test_the_limits_of_the_key_decide(script: Script, plan: Plan, why: str) -> None:
    assert script.connect(budget=PlannedBudget(plan)).ear().hindered(wanted=False) == why


def test_a_limit_that_a_429_teaches_ends_it(script: Script) -> None:
    now = [0.0]
    budget = PlannedBudget(ADMIN_KEY, monotonic=lambda: now[0])
    ear = script.connect(budget=budget).ear()
    for _ in range(5):
        budget.note(Urgency.PERSON)
    budget.told(Limited(None, 60.0))
    assert ear.hindered(wanted=False) == "live_minute_too_short"
    now[0] += 1000.0  # others used the site's minute up, and do so no more
    budget.note(Urgency.PERSON)
    assert ear.hindered(wanted=False) == ""
    budget.told(Limited(None, 86400.0))
    assert ear.hindered(wanted=False) == "live_day_too_short"


def test_who_asks_for_it_has_it_until_the_day_is_nearly_spent(script: Script) -> None:
    now = [0.0]
    budget = PlannedBudget(USER_KEY, monotonic=lambda: now[0], wall=lambda: now[0])
    ear, held = script.connect(budget=budget).ear(), 0
    while not ear.hindered(wanted=True):
        budget.note(Urgency.BACKGROUND)
        held += 1
        now[0] += ear.pause()
    assert ear.hindered(wanted=True) == "live_day_nearly_spent"
    assert 300 < held < 900
    assert not budget.planned_out, "polls go on"
    assert ear.pause() * 20 * 0.2 == pytest.approx(60), "a fifth of the minute, whatever there is to tell"


def test_each_poll_counts_and_takes_nobodys_turn(script: Script, bus: Bus) -> None:
    budget = PlannedBudget(Plan(1000, 20_000), parallel=1)
    connection, release = script.connect(budget=budget), threading.Event()
    connection.identify()
    script.on(r"/review/812", made.shown(made.flagged()))
    plain = script.server.handle

    def held(heard: Any, sock: Any) -> None:
        if "/message-bus/" in heard.line:
            release.wait(20)
        plain(heard, sock)

    script.server.handle = held
    bus.tell((COUNTS, 3, {}))
    waiting = threading.Thread(target=waits, args=(connection, 1))
    waiting.start()
    while not any("/message-bus/" in line for line in script.paths):
        time.sleep(0.005)
    list(connection.fetch([ref(Kind.REVIEW, 812)], MemoryMirror()))
    assert waiting.is_alive(), "the only turn was free"
    release.set()
    waiting.join(20)
    assert connection.budget_left() == 20_000 - 3
    assert connection.usage()["requests"] == 3


def test_without_room_in_the_minute_nobody_waits_for_it(script: Script, bus: Bus) -> None:
    budget = PlannedBudget(Plan(10))
    connection = script.connect(budget=budget)
    connection.identify()
    for _ in range(8):
        budget.note(Urgency.PERSON)
    with pytest.raises(TryLaterError, match="budget_used_up"):
        waits(connection, 1)
    assert bus.asked == []


# what messages hint at


def test_it_listens_from_now_on_and_then_from_the_last_number(script: Script, bus: Bus) -> None:
    bus.status(counts=7, latest=90)
    bus.tell((COUNTS, 8, {"reviewable_count": 4, "updates": {"812": {"status": 1}}, "remove_reviewable_ids": [9]}))
    bus.tell(("/latest", 91, {"topic_id": 5, "message_type": "latest"}))
    news = waits(script.connect(), 3)
    assert news[0] == Heard()
    assert news[1] == Heard(items=frozenset({ref(Kind.REVIEW, 812), ref(Kind.REVIEW, 9)}))
    assert news[2] == Heard(feed=True)
    assert set(bus.asked[0].values()) == {"-1"}
    assert [(form[COUNTS], form["/latest"], form["/new"]) for form in bus.asked] == [
        ("-1", "-1", "-1"), ("7", "90", "-1"), ("8", "90", "-1"),
    ]  # fmt: skip
    assert set(bus.asked[0]) == {COUNTS, "/reviewable_claimed", "/latest", "/new", f"/notification/{made.ME}"}


def test_every_channel_hints_at_its_own_part(script: Script, bus: Bus) -> None:
    bus.tell((COUNTS, 1, {"reviewable_count": 4}), ("/reviewable_claimed", 1, {"topic_id": 301}),
             ("/topic/301", 5, {"type": "created", "id": 9}), (f"/notification/{made.ME}", 1, {}))  # fmt: skip
    topic = ref(Kind.THREAD, 301)
    heard = script.connect().ear().wait([topic])
    assert heard == Heard(threads=frozenset({topic}), claims=frozenset({topic}), queue=True, messages=True)


ODD = (
    {"updates": [1], "remove_reviewable_ids": {}, "topic_id": None},
    {"updates": {"x/../y": {}}, "remove_reviewable_ids": [None], "topic_id": "../1"},
)


@pytest.mark.parametrize("data", [None, 5, [], "x", *ODD])
def test_data_of_any_kind_names_nothing_that_is_none(script: Script, bus: Bus, data: Any) -> None:
    bus.tell((COUNTS, 1, data), ("/reviewable_claimed", 1, data), ("/elsewhere", 1, data))
    assert waits(script.connect(), 1) == [Heard(queue=True)]


def test_twice_out_of_order_and_lost(script: Script, bus: Bus) -> None:
    update = {"updates": {"812": {}}}
    bus.status(counts=7)
    bus.tell((COUNTS, 9, update), (COUNTS, 8, update), (COUNTS, 9, update))
    bus.tell((COUNTS, 9, update))
    bus.tell((COUNTS, 12, update))
    _, mixed, again, gap = waits(script.connect(), 4)
    assert mixed == Heard(items=frozenset({ref(Kind.REVIEW, 812)}))
    assert again == Heard()
    assert gap == mixed | MISSED
    assert [form[COUNTS] for form in bus.asked] == ["-1", "7", "9", "9"]


@pytest.mark.parametrize("how", ["status", "message"])
def test_a_server_that_counts_anew_is_followed_and_everything_read(script: Script, bus: Bus, how: str) -> None:
    bus.status(counts=70)
    if how == "status":
        bus.status(counts=2)
    else:
        bus.tell((COUNTS, 2, {"reviewable_count": 4}))
    _, restarted, _ = waits(script.connect(), 3)
    assert restarted == MISSED
    assert [form[COUNTS] for form in bus.asked] == ["-1", "70", "2"]


def test_an_answer_in_pieces(script: Script, bus: Bus) -> None:
    """From a server, or through a proxy, that does not know ``Dont-Chunk``."""
    one = made.body([{"message_id": 4, "channel": COUNTS, "data": {"updates": {"812": {}}}}])
    two = made.body([{"message_id": 1, "channel": "/latest", "data": {}}])
    raw = b"\r\n|\r\n".join([one, two, b"[]", b""])
    bus.answers = [Said(raw=raw, kind="text/plain; charset=utf-8")]
    assert waits(script.connect(), 1) == [Heard(items=frozenset({ref(Kind.REVIEW, 812)}), feed=True)]
    assert script.server.heard[-1].headers["dont-chunk"] == "true"


# what goes wrong

FAILURES: list[tuple[Said, type[MarqueeError], str]] = [
    (Said(403, raw=b"Forbidden", kind="text/plain"), NotAllowedError, "live_not_allowed"),
    (Said(404, made.error("not_found")), NotAllowedError, "live_not_there"),
    (Said(302, raw=b"", headers={"Location": "/login"}), NotAllowedError, "live_not_there"),
    (Said(429, raw=b"Slow", kind="text/plain", headers={"Retry_After": "90"}), TryLaterError, "too_many_requests"),
    (Said(200, raw=b"<!DOCTYPE html>", kind="text/html"), PayloadError, "live_not_understood"),
    (Said(200, {"failed": "FAILED"}), PayloadError, "live_not_understood"),
    (Said(500, []), PayloadError, "live_not_understood"),
    (Said(502, raw=b"<html>", kind="text/html"), TryLaterError, "gateway_error"),
]


@pytest.mark.parametrize(("said", "kind", "code"), FAILURES, ids=[f"{s.status}-{c}" for s, _, c in FAILURES])
def test_its_failure_holds_nobody_up(script: Script, bus: Bus, said: Said, kind: type[MarqueeError], code: str) -> None:
    bus.answers = [said]
    script.on(r"/review/812", made.shown(made.flagged()))
    connection = script.connect()
    with pytest.raises(kind, match=code) as caught:
        waits(connection, 1)
    if said.status == 429:
        assert caught.value.facts["seconds"] == 90
    assert list(connection.fetch([ref(Kind.REVIEW, 812)], MemoryMirror()))


def test_a_connection_that_is_closed_at_once_is_a_failure(script: Script) -> None:
    plain = script.server.handle
    script.server.handle = lambda heard, sock: sock.close() if "/message-bus/" in heard.line else plain(heard, sock)
    with pytest.raises(TryLaterError, match="answer_broke_off"):
        waits(script.connect(), 1)


def test_a_server_that_holds_nothing_open_is_not_asked_in_circles(script: Script, bus: Bus) -> None:
    connection = script.connect()
    waits(connection, 1)
    for _ in range(2):
        with pytest.raises(TryLaterError, match="live_not_held"):
            waits(connection, 1)
    bus.tell((COUNTS, 1, {}))
    assert waits(connection, 1) == [Heard(queue=True)]


def test_an_overloaded_bus_does_not_hold_up_a_poll(script: Script, bus: Bus) -> None:
    """Of a long queue a poll asks the bus for hints; without them it reads the queue."""
    bus.answers = [Said(429, raw=b"Slow", kind="text/plain", headers={"Retry_After": "150"})]
    script.on(r"/review\.json", made.review(made.flagged()))
    script.on(r"/review/count", {"count": 90})
    script.on(r"/(posts|latest)\.json", {"latest_posts": [], "topic_list": {"topics": []}})
    connection, mirror = script.connect(), MemoryMirror()
    for count in (91, 92):
        mirror.take(connection.poll(mirror))
        script.on(r"/review/count", {"count": count})
    assert ref(Kind.REVIEW, 812) in mirror.items_by_ref
    assert len(bus.asked) == 1, "not again for a while"


@pytest.fixture(params=["http", "https"])
def endless(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """A server that never answers a poll."""
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with wire(_but_who, server_tls(certificate) if request.param == "https" else None) as server:
        yield server


def _but_who(heard: Any, sock: Any) -> None:
    if "/session/" in heard.line:
        reply(sock, made.body(made.session()))


def test_closing_ends_a_wait_in_the_middle(endless: Wire) -> None:
    connection = open_connection(endless.url, NAME, Account(Identities.ME, "key"))
    ended: list[BaseException] = []

    def listen() -> None:
        try:
            connection.ear().wait([])
        except MarqueeError as error:
            ended.append(error)

    waiting = threading.Thread(target=listen)
    waiting.start()
    while len(endless.heard) < 2:
        time.sleep(0.005)
    connection.close()
    waiting.join(10)  # the wait itself has a deadline of forty seconds
    assert not waiting.is_alive()
    assert ended
    with pytest.raises(MarqueeError):
        connection.ear().wait([])


# the sample community


@pytest.fixture
def world() -> Iterator[World]:
    """The sample community's Discourse face."""
    with small_face() as found:
        yield found


@pytest.fixture
def listener(world: World) -> tuple[Discourse, MemoryMirror]:
    """A connection that has read everything and listens from now on."""
    connection, mirror = world.pulled()
    assert connection.ear().wait([]) == Heard()
    return connection, mirror


Change = Callable[[World], None]


def told(world: World, connection: Discourse, change: Change, threads: Any = ()) -> Heard:
    """What a poll that is held open tells of a change."""
    found: list[Heard] = []
    before = world.community.service.requests["POST /message-bus/:client/poll"]
    waiting = threading.Thread(target=lambda: found.append(connection.ear().wait(threads)))
    waiting.start()
    while world.community.service.requests["POST /message-bus/:client/poll"] == before:
        time.sleep(0.005)
    change(world)
    waiting.join(20)
    return found[0]


def test_a_report_arrives_by_the_hint_alone(world: World, listener: tuple[Discourse, MemoryMirror]) -> None:
    connection, mirror = listener
    new: list[Any] = []
    heard = told(world, connection, lambda world: new.extend(world.reported_post()))
    while not heard.queue:
        heard |= connection.ear().wait([])
    mirror.take(connection.read_heard(heard, mirror))
    item, _, thread = new
    assert item in mirror.items_by_ref
    assert thread in mirror.threads_by_ref


def test_what_a_colleague_does_arrives_by_the_hint_alone(world: World) -> None:
    item, _, thread = world.reported_post()
    connection, mirror = world.pulled()
    connection.ear().wait([])
    claimed = told(world, connection, lambda world: world.raw(
        "/reviewable_claimed_topics.json", COLLEAGUE, "POST",
        {"reviewable_claimed_topic": {"topic_id": int(thread.native)}}))  # fmt: skip
    assert claimed.claims == {thread}
    mirror.take(connection.read_heard(claimed, mirror))
    assert mirror.items_by_ref[item].assignee == ref(Kind.MEMBER, world.community.uid(COLLEAGUE))
    decided = told(world, connection, lambda world: world.community.decide_as(COLLEAGUE, int(item.native), "resolved"))
    assert item in decided.items
    mirror.take(connection.read_heard(decided, mirror))
    assert item not in mirror.pending_items()


def test_an_open_thread_and_a_message_arrive_by_the_hint_alone(world: World) -> None:
    *_, thread = world.reported_post()
    connection, mirror = world.pulled()
    connection.ear().wait([thread])
    heard = told(world, connection, lambda world: world.community.reply_as(
        "pippa_thistlewood", int(thread.native), "A reply to be seen at once"), [thread])  # fmt: skip
    assert thread in heard.threads
    before = len(mirror.posts_of(thread))
    mirror.take(connection.read_heard(heard, mirror))
    assert len(mirror.posts_of(thread)) == before + 1
    body = {"archetype": "private_message", "title": "A word in private", "raw": "Could you have a look at this one?",
            "target_recipients": ME}  # fmt: skip
    heard = told(world, connection, lambda world: world.raw("/posts.json", COLLEAGUE, "POST", body), [thread])
    assert heard.messages
    mirror.take(connection.read_heard(heard, mirror))
    assert any(one.title == "A word in private" for one in mirror.threads_by_ref.values())


def test_hints_without_number_do_not_eat_the_budget(script: Script) -> None:
    """Lists are read once a minute by a hint, many named items by their list, and nothing where the minute is full."""
    script.on(r"/review\.json", made.review(made.flagged()))
    script.on(r"/review/count", {"count": 1})
    script.on(r"/(posts|latest)\.json", {"latest_posts": [], "topic_list": {"topics": []}})
    connection, mirror = script.connect(), MemoryMirror()
    many = Heard(items=frozenset(ref(Kind.REVIEW, n) for n in range(500)), feed=True)
    mirror.take(connection.read_heard(many, mirror))
    first = len(script.paths)
    mirror.take(connection.read_heard(many, mirror))
    assert (first, len(script.paths) - first) == (5, 1)
    full = PlannedBudget(Plan(5))
    for _ in range(5):
        full.note(Urgency.PERSON) if full.may(Urgency.PERSON) else None
    assert list(script.connect(budget=full).read_heard(many, mirror)) == []


def test_a_hint_while_a_long_queue_is_walked_reads_its_newest_pages_alone(script: Script) -> None:
    page = made.review(made.flagged(812), more="/review?offset=10")
    script.on(r"/review\.json", page)
    for number in range(1, 40):
        script.on(rf"/review\.json.*offset={number}0", made.review(made.flagged(900 + number), more="/review?offset=x"))
    script.on(r"/review/count", {"count": 9000})
    connection, mirror = script.connect(), MemoryMirror()
    mirror.take(connection.read_heard(Heard(queue=True), mirror))
    assert len(script.paths) == 5, "who it is, the count, three pages"
    assert len(mirror.items_by_ref) == 3
