"""Locks, deletions, moves and purges of topics that nobody wrote in since are noticed by looking at lists again."""

from datetime import UTC, datetime, timedelta

from moderation.ids import Kind, Ref
from sync.nodebb.connection import NodeBB
from sync.sandbox.state import threads
from sync.sandbox.state.records import Thread
from tests.conformance.memory import MemoryMirror
from tests.sync.nodebb.world import CUSTOMER, HORIZON, World, ref


def made(world: World, names: str) -> dict[str, Thread]:
    forum = next(forum.id for forum in world.community.state.tables.forums.values() if forum.name == "Mesh")
    return {name: world.community.open_thread_as(CUSTOMER, forum, f"Thread {name}", "Words") for name in names.split()}


def look(connection: NodeBB, mirror: MemoryMirror, horizon: datetime = HORIZON) -> int:
    before = connection.usage()["requests"]
    mirror.take(connection.look_again(mirror, horizon))
    return connection.usage()["requests"] - before


def test_what_no_feed_reports_is_noticed(world: World) -> None:
    state, admin = world.community.state, world.community.uid("osric_vale")
    topics = made(world, "locked hidden moved taken purged left")
    forums = {forum.name: forum.id for forum in state.tables.forums.values()}
    connection, mirror = world.pulled()
    quiet = look(connection, mirror)
    with state.lock:
        threads.set_locked(state, admin, topics["locked"], True)
        threads.hide(state, admin, topics["hidden"])
        threads.move(state, admin, topics["moved"], forums["Fibre"])
        threads.move(state, admin, topics["taken"], forums["Private cases"])
        threads.purge(state, admin, topics["purged"])
    assert look(connection, mirror) > quiet

    def at(name: str) -> Ref:
        return ref(Kind.THREAD, topics[name].id)

    kept = mirror.threads_by_ref
    assert (kept[at("locked")].locked, kept[at("hidden")].hidden) == (True, True)
    assert kept[at("moved")].forum == ref(Kind.FORUM, forums["Fibre"])
    assert kept[at("taken")].forum == ref(Kind.FORUM, forums["Private cases"])
    assert at("purged") in mirror.gone
    assert not kept[at("left")].locked
    assert lists_alone(world, connection, mirror), "nothing is read twice for the same change"


def lists_alone(world: World, connection: NodeBB, mirror: MemoryMirror) -> bool:
    """Look, and see that only lists were read."""
    asked = dict(world.community.service.requests)
    look(connection, mirror)
    news = {path for path, count in world.community.service.requests.items() if count != asked.get(path, 0)}
    return bool(news) and all("category" in path for path in news)


def test_a_quiet_look_reads_lists_alone_down_to_the_horizon(world: World) -> None:
    connection, mirror = world.pulled()
    pages = look(connection, mirror)
    assert lists_alone(world, connection, mirror)
    assert look(connection, mirror, datetime.now(UTC) + timedelta(days=1)) <= pages
