"""How the staff follow forums: a few requests now and then, and only for those who may look."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from moderation.content import Level
from moderation.ids import Kind, Ref
from sync.nodebb.pull import following
from sync.parts.staff import ASKED, PEOPLE
from tests.conformance.memory import MemoryMirror
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


def rostered(world: World, *names: str, **others: str) -> MemoryMirror:
    """A mirror in which the engine has kept who is in the roster."""
    people = {str(world.community.uid(name)): name for name in names}
    mirror = MemoryMirror()
    mirror.cursors[PEOPLE] = json.dumps(people | {uid.removeprefix("u"): slug for uid, slug in others.items()})
    return mirror


def test_who_is_in_the_roster_is_read_and_who_cannot_be_is_named(world: World) -> None:
    """One person whose page is closed does not spoil the rest."""
    mirror = rostered(world, "petra_wick", ADMIN, u987654="nobody-here")
    mirror.take(world.connect().catch_up(mirror, HORIZON))
    assert member(world, "petra_wick") in mirror.following
    assert mirror.unreadable == {
        member(world, ADMIN): "right_missing",
        ref(Kind.MEMBER, 987654): "not_there",
    }


def test_somebody_new_in_the_roster_is_read_with_the_next_walk(world: World) -> None:
    mirror = rostered(world)
    connection = world.connect()
    mirror.take(connection.catch_up(mirror, HORIZON))
    before = profiles(world)
    mirror.cursors[PEOPLE] = rostered(world, "aizawa_kaoru").cursors[PEOPLE]
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert member(world, "aizawa_kaoru") in mirror.following
    after = profiles(world)
    assert after > before
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert profiles(world) == after


def test_groups_come_with_their_members(world: World) -> None:
    _, mirror = world.pulled()
    assert {"staff", "administrators", "global-moderators"} <= set(mirror.groups)
    staff = mirror.groups["staff"]
    assert member(world, "edda_birch") in staff.members
    assert (staff.size, staff.automatic) == (len(staff.members), False)
    assert mirror.groups["administrators"].automatic
    assert mirror.members_by_ref[member(world, "edda_birch")].slug == "edda_birch"


def test_a_group_that_was_renamed_is_another_one_to_nodebb(world: World) -> None:
    _, mirror = world.pulled()
    group = world.community.state.tables.groups["staff"]
    group.slug, group.name = "crew", "The crew"
    world.community.state.tables.groups["administrators"].members.clear()
    late = (datetime.now(UTC) - timedelta(hours=7)).isoformat()
    mirror.cursors[following.GROUPS_READ] = late
    mirror.take(world.connect().catch_up(mirror, HORIZON))
    assert "staff" not in mirror.groups
    assert mirror.groups["crew"].name == "The crew"
    assert mirror.groups["administrators"].members == ()


def test_a_person_who_asks_for_everything_gets_it_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_AT_ONCE", 2)
    connection, mirror = world.pulled()
    while json.loads(mirror.cursors[following.TODO] or "")["left"]:
        mirror.take(connection.catch_up(mirror, HORIZON))
    cid = world.public_forum()
    world.raw(f"/api/v3/categories/{cid}/watch", COLLEAGUE, "PUT", {"state": "ignoring"})
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert mirror.following[member(world, COLLEAGUE)][ref(Kind.FORUM, cid)] is not Level.MUTED
    mirror.cursors[ASKED] = datetime.now(UTC).isoformat()
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert mirror.following[member(world, COLLEAGUE)][ref(Kind.FORUM, cid)] is Level.MUTED
    assert json.loads(mirror.cursors[following.TODO] or "")["left"] == []
    before = profiles(world)
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert profiles(world) == before


def test_a_team_lead_without_further_rights_reads_groups(world: World) -> None:
    _, mirror = world.pulled(FORUM_MODERATOR)
    assert member(world, "edda_birch") in mirror.groups["staff"].members
