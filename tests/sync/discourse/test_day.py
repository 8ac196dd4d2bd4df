"""A working day with several hundred reports on a member's key: 20 requests a minute, 2,880 a day, not one too many."""

import random
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from moderation.errors import TryLaterError
from moderation.ids import Kind, Ref
from moderation.items import PENDING_STATES, ItemState
from sync.connector import Urgency
from sync.discourse.connection import Discourse
from sync.discourse.limits import USER_KEY
from sync.discourse.live import HELD_SECONDS
from sync.http import PlannedBudget
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse import made
from tests.sync.discourse.scripted import NAME, Said, Script

START = datetime(2026, 6, 1, tzinfo=UTC)
HORIZON = START - timedelta(days=90)
A_POLL, AN_HOUR, A_DAY = 15.0, 3600.0, 86400.0


class Clock:
    """All clocks of a simulated day: seconds since its start."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def wall(self) -> datetime:
        return START + timedelta(seconds=self.now)


class WaitingBudget(PlannedBudget):
    """Where a request has to wait, time passes at once; how long people waited is kept."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(USER_KEY, monotonic=clock, wall=lambda: START.timestamp() + clock.now)
        self._clock = clock
        self.waited = 0.0

    def _enter(self, urgency: Urgency) -> None:
        while (wait := self.wait(urgency)) > 0:
            self._clock.now += wait
            self.waited += wait if urgency is Urgency.PERSON else 0.0
        super()._enter(urgency)


class Busy:
    """A server with a queue, a colleague, and limits that it keeps to the request."""

    def __init__(self, script: Script, clock: Clock) -> None:
        self.clock = clock
        self.arrived: dict[int, float] = {}
        self.decided: dict[int, float] = {}
        self.refused = 0
        self._told = 0.0
        self._sent: deque[float] = deque()
        self._plain = script.handle
        script.server.handle = self.handle
        script.on(r"/site\.json", {"categories": []})
        script.on(r"/posts\.json", {"latest_posts": []})
        script.on(r"/latest\.json", {"topic_list": {"topics": []}})
        script.on(r"/topics/private", {"topic_list": {"topics": []}})
        script.on(r"/t/\d+\.json", made.topic_page([made.post()]))

    def report(self) -> None:
        """Somebody reports something."""
        self.arrived[len(self.arrived) + 1] = self.clock.now

    def decide(self, number: int) -> None:
        """A colleague decides it in the browser."""
        self.decided.setdefault(number, self.clock.now)

    @property
    def pending(self) -> list[int]:
        """What waits, newest first."""
        return [number for number in sorted(self.arrived, reverse=True) if number not in self.decided]

    def handle(self, heard: Any, sock: Any) -> None:
        if self._too_many():
            self.refused += 1
            Said(429, made.error("rate_limit", wait_seconds=30)).send(sock, {})
        elif (answer := self._answer(heard.line.split(" ")[1])) is not None:
            Said(document=answer).send(sock, {})
        else:
            self._plain(heard, sock)

    def _too_many(self) -> bool:
        now = self.clock.now
        while self._sent and self._sent[0] <= now - A_DAY:
            self._sent.popleft()
        self._sent.append(now)
        return len(self._sent) > 2880 or sum(at > now - 60 for at in list(self._sent)[-21:]) > 20

    def _answer(self, address: str) -> Any:
        if address.startswith("/message-bus/"):
            return self._bus()
        path, asked = urlsplit(address).path, parse_qs(urlsplit(address).query)
        if path == "/review/count.json":
            return {"count": len(self.pending)}
        if path.startswith("/review/"):
            return made.shown(self._part(int(path.split("/")[2].partition(".")[0])))
        if path != "/review.json":
            return None
        offset = int(asked.get("offset", ["0"])[0])
        numbers = [int(one) for one in asked.get("ids[]", [])] or self.pending
        if asked["status"] == ["reviewed"]:
            numbers = sorted(self.decided, reverse=True)
        page = numbers[offset : offset + 10]
        more = "/review?offset" if len(numbers) > offset + 10 else None
        return made.review(*map(self._part, page), more=more)

    def _bus(self) -> Any:
        """What changed since the bus was asked last."""
        changed = [number for number, at in (self.arrived | self.decided).items() if at >= self._told]
        self._told, channel = self.clock.now, f"/reviewable_counts/{made.ME}"
        data = {"updates": {str(number): {"status": 1} for number in changed}}
        return [{"channel": channel, "message_id": int(self.clock.now), "global_id": 1, "data": data}]

    def _part(self, number: int) -> dict[str, Any]:
        gone = number in self.decided
        at = (START + timedelta(seconds=self.arrived[number])).isoformat()
        return made.flagged(number, made.ACTIONS[:2], status=int(gone), version=int(gone), created_at=at)


def lateness(busy: Busy, mirror: MemoryMirror, seen: dict[int, float]) -> None:
    """Note what the mirror learned."""
    for item in mirror.items_by_ref.values():
        seen.setdefault(int(item.id.native), busy.clock.now)


def hours(chance: random.Random, count: int) -> Iterator[float]:
    """Times of the day, most of them in working hours."""
    for _ in range(count):
        yield chance.uniform(8 * AN_HOUR, 18 * AN_HOUR) if chance.random() < 0.8 else chance.uniform(0, A_DAY)


def listened(connection: Discourse, mirror: MemoryMirror, *, wanted: bool) -> bool:
    """One poll of live push and what it makes the engine read, where the limits leave it; false where they do not."""
    ear = connection.ear()
    if ear.hindered(wanted):
        return False
    with suppress(TryLaterError):  # the minute or the pace of the day has no room: a poll of the bus waits for nothing
        mirror.take(connection.read_heard(ear.wait([]), mirror))
    return True


@pytest.mark.slow
@pytest.mark.parametrize("live", ["auto", "on"])
def test_the_budget_lasts_the_day(script: Script, live: str) -> None:
    """With live push off by itself, as the limits of such a key have it, and with a person's wish to have it on."""
    chance, clock = random.Random(11), Clock()
    busy, budget = Busy(script, clock), WaitingBudget(clock)
    for _ in range(120):
        busy.report()
    connection, mirror = script.connect(budget=budget, now=clock.wall), MemoryMirror()
    reports, decisions, clicks = (sorted(hours(chance, count)) for count in (400, 380, 250))
    seen: dict[int, float] = {}
    next_poll = next_walk = next_wait = 0.0
    waits = 0
    while clock.now < A_DAY:
        while reports and reports[0] <= clock.now:
            busy.report()
            reports.pop(0)
        while decisions and decisions[0] <= clock.now and busy.pending:
            busy.decide(chance.choice(busy.pending))
            decisions.pop(0)
        while clicks and clicks[0] <= clock.now:
            clicks.pop(0)
            ref = Ref(NAME, Kind.REVIEW, str(chance.choice(busy.pending or [1])))
            mirror.take(connection.fetch([ref, Ref(NAME, Kind.THREAD, "301")], mirror, Urgency.PERSON))
        if clock.now >= next_walk:
            mirror.take(connection.catch_up(mirror, HORIZON))
            next_walk = clock.now + AN_HOUR
        if clock.now >= next_poll:
            mirror.take(connection.poll(mirror))
            next_poll = clock.now + max(A_POLL, connection.poll_pause())
        if clock.now >= next_wait:
            heard = listened(connection, mirror, wanted=live == "on")
            waits += heard
            next_wait = clock.now + (HELD_SECONDS if heard else AN_HOUR)
        lateness(busy, mirror, seen)
        clock.now = max(clock.now + 0.5, min(next_poll, next_walk, next_wait))

    assert busy.refused == 0
    assert waits == 0 if live == "auto" else waits > 20
    assert budget.waited < 60
    left = connection.budget_left()
    assert left is not None
    assert left > 100
    late = sorted(seen.get(number, A_DAY) - at for number, at in busy.arrived.items() if at < A_DAY - 600)
    assert late[len(late) // 2] < 120, "half of all reports within two minutes"
    longest = 600 if live == "auto" else 900  # what listening took, the polls of the evening lack
    assert late[int(len(late) * 0.99)] < longest, "nearly all within ten minutes, within fifteen"
    waiting = {int(ref.native) for ref, item in mirror.items_by_ref.items() if item.state in PENDING_STATES}
    settled = {number for number, at in busy.decided.items() if at < A_DAY - 2 * AN_HOUR}
    assert not waiting & settled, "what a colleague decided leaves within two hours"
    assert mirror.items_by_ref[Ref(NAME, Kind.REVIEW, str(min(settled)))].state is ItemState.RESOLVED
