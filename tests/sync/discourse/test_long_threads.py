"""Threads of thousands of posts: read a part at a time until they are whole, whatever happens in between."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from moderation.ids import Kind
from sync.connector import Urgency
from sync.discourse.pull.threads import UNFINISHED
from sync.http import Plan, PlannedBudget, Sequence
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse import made
from tests.sync.discourse.face import CUSTOMER, World, small_face
from tests.sync.discourse.scripted import Said, Script
from tests.sync.discourse.test_day import Clock
from tests.sync.discourse.test_pull import HORIZON, community, ref, topics

__all__ = ["community"]
THREAD = ref(Kind.THREAD, 305)


@dataclass
class Long:
    """A thread of many posts on the scripted server; ``most`` a request, ``calls`` for its posts."""

    stream: list[int]
    most: int = 20
    calls: int = 0
    refused: set[int] = field(default_factory=set)

    def post(self, native: int) -> dict[str, Any]:
        return made.post(native, topic_id=305, post_number=native - 20_000)

    def answer(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == "/t/305.json":
            first = map(self.post, self.stream[:20])
            return made.topic_page(first, self.stream, id=305, posts_count=len(self.stream))
        self.calls += 1
        ids = [int(one) for one in query["post_ids[]"] if int(one) in self.stream]
        return {"post_stream": {"posts": [self.post(one) for one in ids[: self.most]]}, "id": 305}


def long(script: Script, count: int, most: int = 20) -> Long:
    """Put it there."""
    found, plain = Long(list(range(20_001, 20_001 + count)), most), script.handle

    def handle(heard: Any, sock: Any) -> None:
        address = urlsplit(heard.line.split(" ")[1])
        if address.path.startswith("/t/305"):
            return Said(document=found.answer(address.path, parse_qs(address.query))).send(sock, {})
        return plain(heard, sock)

    script.server.handle = handle
    script.on(r"/latest\.json", topics(made.topic(), made.topic(305, posts_count=count)))
    return found


def held(mirror: MemoryMirror) -> set[int]:
    """Ids of its posts that are here."""
    return {int(post.id.native) for post in mirror.posts_of(THREAD)}


def test_walk_after_walk_it_becomes_whole_within_the_day(community: Script) -> None:
    """Ten thousand posts on a member's key, a new connection a walk: the polls keep their part of the day."""
    thread, clock, mirror = long(community, 10_000), Clock(), MemoryMirror()
    budget, sequence = PlannedBudget(Plan(100_000, 2880), monotonic=clock, wall=clock), Sequence()
    parts = []
    while not (THREAD in mirror.threads_by_ref and mirror.threads_by_ref[THREAD].complete):
        before = thread.calls
        mirror.take(community.connect(budget=budget, now=clock.wall, sequence=sequence).catch_up(mirror, HORIZON))
        parts.append(thread.calls - before)
        assert budget.left is not None
        assert budget.left > 2880 * 0.5
        assert not budget.planned_out
        clock.now += 3600
        community.server.heard.clear()
    assert held(mirror) == set(thread.stream)
    assert 3 < len(parts) < 12
    assert max(parts) <= 110
    assert thread.calls < 560, "each post once, the newest a few times"
    assert mirror.cursors[UNFINISHED] == "[]"
    before = thread.calls
    mirror.take(community.connect(budget=budget, now=clock.wall, sequence=sequence).catch_up(mirror, HORIZON))
    assert thread.calls == before


def test_the_newest_posts_are_here_at_once(community: Script) -> None:
    thread, mirror = long(community, 3_000), MemoryMirror()
    mirror.take(community.connect().fetch([THREAD], mirror, Urgency.PERSON))
    assert held(mirror) == {*thread.stream[:520], *thread.stream[-20:]}
    assert not mirror.threads_by_ref[THREAD].complete


def test_posts_that_vanish_in_between_shift_nothing_past_the_reader(community: Script) -> None:
    """Where it goes on is a post, not a number: what moves up is not left out."""
    thread, mirror = long(community, 2_000), MemoryMirror()
    connection = community.connect()
    mirror.take(connection.fetch([THREAD], mirror))
    del thread.stream[100:140]
    mirror.take(connection.fetch([THREAD], mirror))
    last = thread.stream.index(max(held(mirror) - set(thread.stream[-20:])))
    del thread.stream[last - 5 : last + 1]  # the one that was read last too
    for _ in range(6):
        mirror.take(connection.fetch([THREAD], mirror))
    assert set(thread.stream) <= held(mirror)
    assert mirror.threads_by_ref[THREAD].complete


def test_posts_that_are_added_in_between_are_read_too(community: Script) -> None:
    thread, mirror = long(community, 1_200), MemoryMirror()
    connection = community.connect()
    mirror.take(connection.fetch([THREAD], mirror))
    thread.stream += range(40_001, 40_101)
    for _ in range(3):
        mirror.take(connection.fetch([THREAD], mirror))
    assert held(mirror) == set(thread.stream)
    thread.stream.append(40_200)
    before = thread.calls
    mirror.take(connection.fetch([THREAD], mirror))
    assert held(mirror) == set(thread.stream)
    assert thread.calls - before <= 5, "of what was read whole, only the end"


@pytest.mark.parametrize("most", [5, 12])
def test_a_server_that_gives_fewer_posts_a_request_is_asked_for_the_others(community: Script, most: int) -> None:
    thread, mirror = long(community, 130, most), MemoryMirror()
    mirror.take(community.connect().fetch([THREAD], mirror))
    assert held(mirror) == set(thread.stream)
    assert mirror.threads_by_ref[THREAD].complete


def test_posts_that_do_not_come_are_not_asked_for_in_circles(community: Script) -> None:
    thread, mirror = long(community, 60), MemoryMirror()
    thread.most = 0
    mirror.take(community.connect().fetch([THREAD], mirror))
    assert thread.calls == 2


def test_a_long_thread_that_is_gone_is_not_asked_for_again(community: Script) -> None:
    thread, mirror = long(community, 2_000), MemoryMirror()
    connection = community.connect()
    mirror.take(connection.fetch([THREAD], mirror))
    assert mirror.cursors[UNFINISHED] == '["305"]'
    community.server.handle = community.handle
    mirror.take(connection.fetch([THREAD], mirror))
    assert (mirror.cursors[UNFINISHED], mirror.cursors["chunks.305"]) == ("[]", None)
    assert THREAD in mirror.gone
    assert thread.calls > 0


def test_a_feed_that_ends_too_early_is_made_up_for_by_the_heads(community: Script) -> None:
    """Older releases look for posts in a window of ids only: a page may be empty though older posts are there."""
    community.on(r"/posts\.json$", {"latest_posts": [made.post(9990, topic_id=301, post_number=3)]})
    community.on(r"/posts\.json\?before=", {"latest_posts": []})
    community.on(r"/latest\.json", topics(made.topic(posts_count=3)))
    stream = [made.post(9901, post_number=1), made.post(), made.post(9990, post_number=3)]
    community.on(r"/t/301\.json", made.topic_page(stream))
    connection, mirror = community.connect(), MemoryMirror()
    mirror.take(connection.catch_up(mirror, HORIZON))
    thread = mirror.threads_by_ref[ref(Kind.THREAD, 301)]
    assert thread.complete
    assert len(mirror.posts_of(thread.id)) == 3


@pytest.fixture
def world() -> Iterator[World]:
    """The sample community's Discourse face."""
    with small_face() as found:
        yield found


def test_a_long_thread_of_the_sample_becomes_whole(world: World) -> None:
    forum = next(one["id"] for one in world.raw("/site.json")["categories"] if not one["read_restricted"])
    thread = world.community.open_thread_as(CUSTOMER, forum, "A thread of many posts", "The first of many posts here")
    for number in range(700):
        world.community.reply_as(CUSTOMER, thread.id, f"Reply number {number} of many")
    mirror, target = MemoryMirror(), ref(Kind.THREAD, thread.id)
    for _ in range(2):
        assert target not in mirror.threads_by_ref or not mirror.threads_by_ref[target].complete
        mirror.take(world.connect().fetch([target], mirror, Urgency.BACKGROUND))
    assert mirror.threads_by_ref[target].complete
    assert len(mirror.posts_of(target)) == 701
