"""The real connector against the sample community over real sockets: each fault for a pull, a decision and a reply."""

import contextlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import (
    MarqueeError,
    NotAllowedError,
    PayloadError,
    RefusedError,
    SignInError,
    TryLaterError,
    UnclearError,
    UnreachableError,
)
from moderation.ids import Ref
from moderation.intents import Intent
from moderation.queries import QueueQuery
from sync import sandbox
from sync.connector import Answer, Before, Evidence, Push
from sync.nodebb.connection import NodeBB
from sync.sandbox.state.refusal import Refused
from sync.vault import Vault
from tests.fakes import factory
from tests.fakes.clock import FakeClock
from tests.faults.agreement import differences
from tests.faults.ground import COLLEAGUE, NAME, Copy, Ground, pull, row_of, vault_in
from tests.faults.kinds import ACTED, LATER, Chance
from tests.faults.kinds import Kind as Fault

TEXT = "Thank you, this is mended now."
PATHS = (
    r"^/api/flags\?",
    r"^/api(/v3)?/flags/\d",
    r"^/api/post-queue",
    r"^/api/recent",
    r"^/api(/v3)?/topic",
    r"^/api/notifications",
    r"^/api/self",
)
SLOW = frozenset({Fault.DELAY, Fault.DRIP})


@dataclass
class Place:
    """A community, a mirror that has read it, and a connection through the proxy."""

    ground: Ground
    copy: Copy
    connection: NodeBB

    def open_flag(self) -> tuple[Ref, str]:
        """An open item and its version."""
        rows = self.copy.reader.page(QueueQuery())
        row = next(row for row in rows if row.state == "open" and ":flag:" in row.id)
        return Ref.parse(row.id), row.version

    def intent(self, action: Action) -> Intent:
        """A decision on an open item, or a reply in its thread."""
        flag, version = self.open_flag()
        item = self.copy.reader.item(flag)
        assert item is not None
        assert item.thread is not None
        facts: dict[str, Any] = {"community": NAME, "account": str(self.ground.me), "action": action}
        if action is Action.REPLY:
            facts |= {"target": item.thread, "item": None, "thread": item.thread, "payload": {"text": TEXT}}
        else:
            facts |= {"target": flag, "item": flag, "seen_version": version, "payload": {"text": TEXT}}
        return factory.intent(**facts)

    def effects(self) -> list[str]:
        """Verbs of what the person did on the server."""
        me = int(self.ground.me.native)
        return [effect["verb"] for effect in self.ground.community.effects() if effect["by"] == me]


@pytest.fixture
def place(tmp_path: Path, expected_logs: list[str]) -> Iterator[Place]:
    """Everything read once, nothing gone wrong yet."""
    expected_logs.append(r"^sync\.http\.pacing: ")
    clock = FakeClock()
    with (
        closing(Ground(clock)) as ground,
        closing(Copy(vault_in(tmp_path, 7), clock)) as copy,
        closing(ground.connect(copy.writer.next_seq)) as connection,
    ):
        connection.identify()
        yield Place(ground, copy, connection)


class Attempt:
    """One send under one fault."""

    def __init__(
        self, place: Place, action: Action, fault: Fault, seconds: float = 0.0, connection: NodeBB | None = None
    ) -> None:
        self.push: Push = (connection or place.connection).push(action)
        self.intent = place.intent(action)
        self.before: Before = self.push.before(self.intent)
        self.sending = replace(self.intent, baseline=self.before.baseline, attempts=1)
        self.hints: dict[str, Any] = {}
        self.error: MarqueeError | None = None
        place.ground.proxy.order(fault, method="PUT|POST|DELETE", seconds=seconds)
        try:
            self.hints = self.push.send(self.sending, self.before)
        except MarqueeError as error:
            self.error = error
        place.ground.proxy.calm()

    def look(self) -> Evidence:
        """Did it happen? Without the hints of the answer, as after a crash."""
        return self.push.look(self.sending, {}, lambda server_id: False)


@pytest.mark.parametrize("fault", sorted(set(Fault) - {Fault.SILENCE_LATE}))
@pytest.mark.parametrize("action", [Action.RESOLVE, Action.REPLY, Action.NOTE])
def test_what_a_send_says_is_true_and_a_look_finds_out_the_rest(place: Place, action: Action, fault: Fault) -> None:
    tried = Attempt(place, action, fault, seconds=0.0 if fault in SLOW else 7.0)
    done = place.effects()
    assert len(done) == (1 if fault in ACTED else 0)
    if isinstance(tried.error, (RefusedError, TryLaterError, SignInError, NotAllowedError)):
        assert done == [], f"{tried.error} is certain, and it happened"
    elif fault not in SLOW:
        assert isinstance(tried.error, UnclearError), tried.error
    else:
        assert tried.error is None

    place.ground.pass_time(1.0 if fault in LATER else 8.0)
    evidence = tried.look()
    assert evidence.answer is (Answer.HAPPENED if fault in ACTED else Answer.ABSENT)
    if fault in LATER:
        place.ground.pass_time(7.0)
        evidence = tried.look()
        assert evidence.answer is Answer.HAPPENED
    if evidence.receipt is not None:
        again = tried.push.look(tried.sending, {}, lambda server_id: True)
        assert again.answer is not Answer.HAPPENED or again.receipt != evidence.receipt
    assert len(place.effects()) == (1 if fault in ACTED | LATER else 0)


@pytest.mark.parametrize(
    ("fault", "seconds"), [(Fault.TOO_MANY, 2.0), (Fault.TOO_MANY_SECONDS, 7.0), (Fault.TOO_MANY_DATE, 7.0)]
)
def test_429_says_how_long_and_nothing_goes_out_until_then(place: Place, fault: Fault, seconds: float) -> None:
    tried = Attempt(place, Action.RESOLVE, fault, seconds=7.0)
    assert isinstance(tried.error, TryLaterError)
    assert tried.error.seconds == pytest.approx(seconds)
    asked = len(place.ground.proxy.seen)
    place.ground.pass_time(seconds - 0.5)
    with pytest.raises(TryLaterError):
        place.connection.identify()
    assert len(place.ground.proxy.seen) == asked
    place.ground.pass_time(0.6)
    place.connection.identify()
    assert tried.push.send(tried.sending, tried.before)


@pytest.mark.parametrize("action", [Action.RESOLVE, Action.REPLY])
@pytest.mark.parametrize("fault", [Fault.SILENCE_LATE, Fault.DRIP])
def test_a_total_deadline_ends_silence_and_a_slow_drip(place: Place, action: Action, fault: Fault) -> None:
    with closing(place.ground.connect(place.copy.writer.next_seq, patience=0.4)) as impatient:
        impatient.identify()
        tried = Attempt(
            place, action, fault, seconds=7.0 if fault is Fault.SILENCE_LATE else 0.05, connection=impatient
        )
    assert isinstance(tried.error, UnclearError)
    assert tried.error.code == "answer_timed_out"
    assert len(place.effects()) == (1 if fault is Fault.DRIP else 0)


def test_nobody_listens_is_unreachable_and_certain(place: Place) -> None:
    tried = Attempt(place, Action.RESOLVE, Fault.DELAY)
    assert tried.error is None
    place.ground.proxy.close()
    with pytest.raises((UnreachableError, TryLaterError)):
        place.connection.identify()


@pytest.mark.parametrize("fault", sorted(set(Fault) - LATER))
def test_a_pull_survives_each_fault_at_each_page_and_comes_to_agree(place: Place, fault: Fault) -> None:
    """The change is lost on the way once at each kind of page; afterwards mirror and server are the same."""
    community = place.ground.community
    for number, path in enumerate(PATHS):
        news(place, number)
        place.ground.proxy.order(fault, path, "GET", seconds=0.0 if fault in SLOW else 3.0)
        outcome = read(place)
        assert outcome is None or isinstance(outcome, (TryLaterError, PayloadError)), outcome
        place.ground.proxy.calm()
        place.ground.pass_time(3700.0)
    assert read(place) is None
    assert differences(place.copy.reader, community) == []


@pytest.mark.parametrize("fault", [Fault.SILENCE_LATE, Fault.DRIP])
def test_a_pull_gives_up_at_its_deadline(place: Place, fault: Fault) -> None:
    with closing(place.ground.connect(place.copy.writer.next_seq, patience=0.3)) as impatient:
        place.ground.proxy.order(fault, r"^/api/flags\?", "GET", seconds=0.05)
        with pytest.raises(TryLaterError) as late:
            place.copy.write(impatient.poll(place.copy.known))
    assert late.value.code == "answer_timed_out"


def test_random_faults_at_every_third_request_never_make_the_mirror_lie(place: Place) -> None:
    """Whatever is read under faults: after them one pull makes both sides the same."""

    for seed in range(12):
        news(place, seed)
        place.ground.proxy.chance = Chance(seed, reads=0.3, writes=0.0)
        for _ in range(3):
            read(place)
            place.ground.pass_time(61.0)
    place.ground.proxy.calm()
    place.ground.pass_time(3700.0)
    assert read(place) is None
    assert differences(place.copy.reader, place.ground.community) == []


def news(place: Place, number: int) -> None:
    """A colleague decides, a customer reports, somebody answers."""
    community = place.ground.community
    items, posts = sorted(community.state.tables.items), sorted(community.state.tables.posts)
    states = ("resolved", "wip", "rejected", "open")
    community.decide_as(COLLEAGUE, items[number % len(items)], states[number % len(states)])
    with contextlib.suppress(Refused):
        community.report(COLLEAGUE, posts[number % len(posts)], f"Spam {number}")
    community.reply_as(COLLEAGUE, 1 + number % len(community.state.tables.threads), f"News number {number}")


def read(place: Place) -> MarqueeError | None:
    """One pull; the error that ended it."""
    try:
        pull(place.connection, place.copy, place.ground.clock.now())
    except MarqueeError as error:
        return error
    return None


@pytest.mark.parametrize("fault", [Fault.WRONG_JSON, Fault.TRUNCATED])
def test_a_threads_page_that_did_not_fit_once_is_read_at_the_next_poll(place: Place, fault: Fault) -> None:
    """The poll as such went well, so its cursor moves on; the thread is not forgotten."""
    place.ground.community.reply_as(COLLEAGUE, 9, "An answer that must arrive")
    place.ground.proxy.order(fault, r"^/api/topic/9", "GET", times=2)
    place.copy.write(place.connection.poll(place.copy.known))
    assert differences(place.copy.reader, place.ground.community) != []
    place.ground.proxy.calm()
    place.ground.pass_time(60.0)
    place.copy.write(place.connection.poll(place.copy.known))
    assert differences(place.copy.reader, place.ground.community) == []
    place.ground.pass_time(60.0)
    place.copy.write(place.connection.poll(place.copy.known))
    before = len(place.ground.proxy.seen)
    place.copy.write(place.connection.poll(place.copy.known))
    assert len(place.ground.proxy.seen) - before <= 8


@pytest.mark.parametrize("fault", [Fault.WRONG_JSON, Fault.TRUNCATED, Fault.DROP_AFTER, Fault.HTML_502])
def test_a_first_walk_that_meets_garbage_is_completed_by_the_next(
    tmp_path: Path, fault: Fault, expected_logs: list[str]
) -> None:
    """Each forum's first page does not fit once: nothing of it may count as read."""
    expected_logs.append(r"^sync\.http\.pacing: ")
    clock = FakeClock()
    with (
        closing(Ground(clock)) as ground,
        closing(Copy(Vault(tmp_path, b"k" * 32), clock)) as copy,
        closing(ground.connect(copy.writer.next_seq)) as connection,
    ):
        copy.writer.put_community(row_of(connection, connection.identify(), ground.server.url))
        here = Place(ground, copy, connection)
        ground.proxy.order(fault, r"^/api/category/\d+", "GET", times=6)
        for _ in range(8):
            read(here)
            ground.pass_time(61.0)
        ground.proxy.calm()
        assert read(here) is None
        assert differences(copy.reader, ground.community) == []
        (row,) = copy.reader.communities()
        assert row.complete_since is not None


@pytest.mark.parametrize(
    "kind", ["drop_before", "drop_after", "proxy_502", "proxy_504", "stored_400", "garbage", "status"]
)
@pytest.mark.parametrize("action", [Action.RESOLVE, Action.REPLY])
def test_the_servers_own_faults_are_told_apart_as_well(place: Place, action: Action, kind: str) -> None:
    """Without a proxy: the sample community itself loses answers, and says 400 to what it has stored."""
    push, intent = place.connection.push(action), place.intent(action)
    before = push.before(intent)
    place.ground.community.fault(sandbox.Fault(kind, path=r"^/api/v3/(flags|topics)/", method="PUT|POST"))
    with pytest.raises(UnclearError):
        push.send(replace(intent, baseline=before.baseline, attempts=1), before)
    done = kind in {"drop_after", "proxy_504", "stored_400", "garbage"}
    assert len(place.effects()) == int(done)
    evidence = push.look(replace(intent, baseline=before.baseline, attempts=1), {}, lambda server_id: False)
    assert evidence.answer is (Answer.HAPPENED if done else Answer.ABSENT)
