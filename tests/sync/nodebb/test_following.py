"""How the staff follow forums: a few requests now and then, and only for those who may look."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from moderation.content import Level
from moderation.ids import Kind, Ref
from sync.nodebb.pull import following
from tests.sync.nodebb.world import ADMIN, COLLEAGUE, FORUM_MODERATOR, HORIZON, ME, World, ref


def member(world: World, name: str) -> Ref:
    return ref(Kind.MEMBER, world.community.uid(name))


def profiles(world: World) -> int:
    return int(world.community.service.requests.get("GET /api/user/:slug/categories", 0))


def test_everybody_of_the_staff_is_read(world: World) -> None:
    forums = [one["cid"] for one in world.raw("/api/v3/categories")["response"]["categories"]]
    for cid, state in zip(forums, ("watching", "tracking", "notwatching", "ignoring"), strict=False):
        world.raw(f"/api/v3/categories/{cid}/watch", COLLEAGUE, "PUT", {"state": state})
    _, mirror = world.pulled()
    told = mirror.following[member(world, COLLEAGUE)]
    levels = [told[ref(Kind.FORUM, cid)] for cid in forums[:4]]
    assert levels == [Level.WATCHING, Level.TRACKING, Level.NORMAL, Level.MUTED]
    assert {member(world, name) for name in (ME, COLLEAGUE, FORUM_MODERATOR)} <= set(mirror.following)
    assert member(world, ADMIN) not in mirror.following  # who stands above is unknown, which is not nothing
    _, mirror = world.pulled(ADMIN)
    assert {member(world, name) for name in (ME, ADMIN, COLLEAGUE, FORUM_MODERATOR)} <= set(mirror.following)


def test_it_costs_nothing_until_it_is_due_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_AT_ONCE", 2)
    connection, mirror = world.pulled()
    assert json.loads(mirror.cursors[following.TODO] or "")["left"]
    while json.loads(mirror.cursors[following.TODO] or "")["left"]:
        mirror.take(connection.catch_up(mirror, HORIZON))
    before = profiles(world)
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert profiles(world) == before
    late = (datetime.now(UTC) - timedelta(hours=7)).isoformat()
    mirror.cursors[following.TODO] = json.dumps({"at": late, "left": []})
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert profiles(world) == before + 2


def test_a_forum_moderator_learns_of_the_own_following_alone(world: World) -> None:
    _, mirror = world.pulled(FORUM_MODERATOR)
    assert list(mirror.following) == [member(world, FORUM_MODERATOR)]
    assert following.TODO not in mirror.cursors
