"""Which threads somebody follows: pages of a list, and only those that the account may read."""

import pytest

from moderation.ids import Kind, Ref
from sync.connector import TellsThreads, ThreadsTold
from sync.nodebb.pull import followed
from tests.conformance.memory import MemoryMirror
from tests.sync.nodebb.world import ADMIN, COLLEAGUE, FORUM_MODERATOR, ME, World, ref


def member(world: World, name: str) -> Ref:
    return ref(Kind.MEMBER, world.community.uid(name))


def told(world: World, name: str, by: str = ME, mirror: MemoryMirror | None = None) -> ThreadsTold:
    connection = world.connect(by)
    assert isinstance(connection, TellsThreads)
    return connection.threads_followed(member(world, name), name, mirror or MemoryMirror())


def own(world: World, name: str) -> list[Ref]:
    """Those that the member follows and the moderator may read, the last activity first."""
    uid, threads = world.community.uid(name), world.community.state.tables.threads.values()
    mine = sorted((thread for thread in threads if uid in thread.followers), key=lambda thread: -thread.last_at)
    return [ref(Kind.THREAD, thread.id) for thread in mine]


def requests(world: World) -> int:
    return int(world.community.service.requests.get("GET /api/user/:slug/watched", 0))


def test_the_list_comes_page_by_page_and_no_further_than_is_worth_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = list(world.community.state.tables.threads.values())[:45]
    uid = world.community.uid(COLLEAGUE)
    for thread in threads:
        thread.followers |= {uid}
    assert len(threads) > 20
    before, found = requests(world), told(world, COLLEAGUE)
    assert list(found.threads) == own(world, COLLEAGUE)
    assert found.whole
    assert requests(world) - before == -(-len(found.threads) // 20)
    monkeypatch.setattr(followed, "MOST_PAGES", 1)
    cut = told(world, COLLEAGUE)
    assert (cut.threads, cut.whole) == (found.threads[:20], False)


def test_heads_come_along_of_threads_that_are_not_known(world: World) -> None:
    number = world.open_thread()
    thread = world.community.state.thread(number)
    thread.followers |= {world.community.uid(ME)}
    found = told(world, ME)
    heads = {head.id: head for records in found.records for head in records.threads}
    assert set(heads) == set(found.threads)
    assert (heads[ref(Kind.THREAD, number)].title, heads[ref(Kind.THREAD, number)].complete) == (thread.title, False)
    mirror = MemoryMirror()
    mirror.threads_by_ref = heads
    again = told(world, ME, mirror=mirror)
    assert (again.threads, again.records) == (found.threads, ())


def test_of_whom_it_may_not_be_read_that_is_said(world: World) -> None:
    assert told(world, ADMIN) == ThreadsTold(why="right_missing")
    assert told(world, ADMIN, ADMIN).why == ""
    before = requests(world)
    assert told(world, ME, FORUM_MODERATOR) == ThreadsTold(why="right_missing")
    assert requests(world) == before
    assert told(world, FORUM_MODERATOR, FORUM_MODERATOR).why == ""
    connection = world.connect()
    gone = connection.threads_followed(ref(Kind.MEMBER, 987654), "nobody-here", MemoryMirror())
    assert gone == ThreadsTold(why="not_there")
