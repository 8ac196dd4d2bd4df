"""What was closed, moved, deleted or made private on a Discourse without a new post is noticed by its lists."""

from collections.abc import Iterator

import pytest

from moderation.ids import Kind, Ref
from sync.discourse.connection import Discourse
from sync.http import Plan, PlannedBudget
from sync.sandbox.state import threads
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse.face import ADMIN, CUSTOMER, HORIZON, World, ref, small_face


@pytest.fixture
def world() -> Iterator[World]:
    with small_face() as found:
        yield found


def lists_alone(world: World, connection: Discourse, mirror: MemoryMirror) -> bool:
    """Look, and see that only lists were read."""
    asked = dict(world.community.service.requests)
    mirror.take(connection.look_again(mirror, HORIZON))
    news = {path for path, count in world.community.service.requests.items() if count != asked.get(path, 0)}
    return bool(news) and all("latest" in path for path in news)


def test_what_no_feed_reports_is_noticed(world: World) -> None:
    state, admin = world.community.state, world.community.uid(ADMIN)
    forums = {forum.name: forum.id for forum in state.tables.forums.values()}
    topics = {
        name: world.community.open_thread_as(CUSTOMER, forums["Mesh"], f"Thread {name} of ours", "Words of ours").id
        for name in ("closed", "moved", "deleted", "private", "left")
    }

    def at(name: str) -> Ref:
        return ref(Kind.THREAD, topics[name])

    connection, mirror = world.pulled(ADMIN)
    assert lists_alone(world, connection, mirror)
    with state.lock:
        threads.set_locked(state, admin, state.thread(topics["closed"]), True)
        threads.move(state, admin, state.thread(topics["moved"]), forums["Fibre"])
        threads.hide(state, admin, state.thread(topics["deleted"]))
    world.raw(f"/t/{topics['private']}/convert-topic/private", ADMIN, "PUT")
    mirror.take(connection.look_again(mirror, HORIZON))
    kept = mirror.threads_by_ref
    assert kept[at("closed")].locked
    assert kept[at("moved")].forum == ref(Kind.FORUM, forums["Fibre"])
    assert kept[at("deleted")].hidden or at("deleted") in mirror.gone
    assert kept[at("private")].forum == ref(Kind.FORUM, "messages")
    assert not kept[at("left")].locked
    assert lists_alone(world, connection, mirror), "nothing is read twice for the same change"


def test_nothing_is_asked_where_the_plan_of_the_day_leaves_nothing(world: World) -> None:
    budget = PlannedBudget(Plan(100_000))
    connection, mirror = world.connect(budget=budget), MemoryMirror()
    mirror.take(connection.catch_up(mirror, HORIZON))
    spent = connection.usage()["requests"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PlannedBudget, "planned_out", property(lambda self: True))
        assert list(connection.look_again(mirror, HORIZON)) == []
    assert connection.usage()["requests"] == spent
