"""How the staff follow forums: everybody once a day, few at once, and never what is not known taken for nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moderation.content import Level
from moderation.ids import Kind
from sync.discourse.pull.staff import GROUPS_READ, TODO
from sync.http import Plan, PlannedBudget
from sync.parts.staff import ASKED, PEOPLE
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse import made
from tests.sync.discourse.face import ADMIN, COLLEAGUE, ME, World, small_face
from tests.sync.discourse.scripted import Said, Script
from tests.sync.discourse.test_pull import HORIZON, community, ref

__all__ = ["community"]
LISTS = {
    "watched_category_ids": [5], "tracked_category_ids": [6], "watched_first_post_category_ids": [7],
    "muted_category_ids": [8], "regular_category_ids": [9],
}  # fmt: skip


def staff(script: Script, number: int) -> None:
    """That many members of the staff, each with a profile."""
    members = [{"id": 1000 + each, "username": f"staff_{each}"} for each in range(number)]
    script.on(r"/groups/staff/members", {"members": members, "owners": [], "meta": {"total": number}})
    for member in members:
        script.on(rf"/u/{member['username']}\.json", {"user": member | LISTS})


def profiles(script: Script) -> int:
    return sum(path.startswith("GET /u/staff_") for path in script.paths)


def test_three_hundred_of_the_staff_are_read_within_a_day(community: Script) -> None:
    """Fifteen a walk on a key of one's own, and a walk an hour; then nobody for the rest of the day."""
    now = [datetime.now(UTC)]
    staff(community, 300)
    connection, mirror = community.connect(now=lambda: now[0]), MemoryMirror()
    for hour in range(1, 24):
        mirror.take(connection.catch_up(mirror, HORIZON))
        assert profiles(community) == min(300, hour * 15)
        now[0] += timedelta(minutes=59)
    assert len(mirror.following) == 300
    assert sum("/groups/staff" in path for path in community.paths) == 1
    now[0] += timedelta(hours=3)
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert sum("/groups/staff" in path for path in community.paths) == 2
    assert mirror.following[ref(Kind.MEMBER, 1299)] == {
        ref(Kind.FORUM, 5): Level.WATCHING, ref(Kind.FORUM, 6): Level.TRACKING, ref(Kind.FORUM, 8): Level.MUTED,
        ref(Kind.FORUM, 7): Level.WATCHING_FIRST, ref(Kind.FORUM, 9): Level.NORMAL,
    }  # fmt: skip


def test_it_goes_on_where_it_was_left(community: Script) -> None:
    staff(community, 40)
    mirror = MemoryMirror()
    for _ in range(3):
        mirror.take(community.connect().catch_up(mirror, HORIZON))
    assert len(mirror.following) == profiles(community) == 40


def test_a_poll_does_not_ask_for_it(community: Script) -> None:
    staff(community, 40)
    connection, mirror = community.connect(), MemoryMirror()
    mirror.take(connection.catch_up(mirror, HORIZON))
    mirror.take(connection.poll(mirror))
    before = len(community.paths)
    mirror.take(connection.poll(mirror))
    assert community.paths[before:] == ["GET /review/count.json"]


def test_the_plan_of_the_day_goes_first(community: Script) -> None:
    staff(community, 40)
    budget = PlannedBudget(Plan(1000, 200, at_once=0.08))
    mirror = MemoryMirror()
    mirror.take(community.connect(budget=budget).catch_up(mirror, HORIZON))
    assert 0 < profiles(community) < 15


def test_what_a_profile_does_not_tell_is_unknown(community: Script) -> None:
    staff(community, 3)
    community.on(r"/u/staff_0\.json", {"user": {"id": 1000, "username": "staff_0"}})
    community.on(r"/u/staff_1\.json", {"user": {"id": 1001, "username": "staff_1", "muted_category_ids": []}})
    community.on(r"/u/staff_2\.json", {"user": "?"})
    mirror = MemoryMirror()
    mirror.take(community.connect().catch_up(mirror, HORIZON))
    assert mirror.following == {ref(Kind.MEMBER, 1001): {}}
    assert any("/u/staff_2.json" in problem for problem in mirror.problems)


def test_who_is_no_staff_learns_of_the_own_following_alone(community: Script) -> None:
    staff(community, 3)
    community.on(r"/session/current", made.session(moderator=False, can_review=True))
    community.on(r"/u/mara_vell\.json", {"user": {"id": made.ME, "username": "mara_vell"} | LISTS})
    mirror = MemoryMirror()
    mirror.take(community.connect().catch_up(mirror, HORIZON))
    assert list(mirror.following) == [ref(Kind.MEMBER, made.ME)]
    assert not any("/groups/" in path for path in community.paths)


@pytest.fixture
def world() -> Iterator[World]:
    """The sample community's Discourse face."""
    with small_face() as found:
        yield found


def test_the_sample_tells_what_its_staff_follow(world: World) -> None:
    forum = next(one["id"] for one in world.raw("/site.json")["categories"] if not one["read_restricted"])
    world.raw(f"/u/{COLLEAGUE}.json", COLLEAGUE, "PUT", {"watched_category_ids": [forum]})
    _, mirror = world.pulled()
    who: dict[str, Any] = {name: ref(Kind.MEMBER, world.community.uid(name)) for name in (ME, COLLEAGUE, ADMIN)}
    assert set(who.values()) <= set(mirror.following)
    assert mirror.following[who[COLLEAGUE]][ref(Kind.FORUM, forum)] is Level.WATCHING


def test_who_is_in_the_roster_is_read_and_who_cannot_be_is_named(community: Script) -> None:
    """One person whose page is closed does not spoil the rest."""
    staff(community, 1)
    community.on(r"/u/tamsin\.json", {"user": {"id": 7, "username": "tamsin"} | LISTS})
    community.on(r"/u/shut\.json", Said(403, made.error("invalid_access")))
    community.on(r"/u/silent\.json", {"user": {"id": 9, "username": "silent"}})
    mirror = MemoryMirror()
    mirror.cursors[PEOPLE] = json.dumps({"7": "tamsin", "8": "shut", "9": "silent", "10": "gone"})
    mirror.take(community.connect().catch_up(mirror, HORIZON))
    assert {ref(Kind.MEMBER, 1000), ref(Kind.MEMBER, 7)} == set(mirror.following)
    assert mirror.unreadable == {
        ref(Kind.MEMBER, 8): "right_missing",
        ref(Kind.MEMBER, 9): "right_missing",
        ref(Kind.MEMBER, 10): "not_there",
    }


def test_somebody_new_in_the_roster_is_read_with_the_next_walk(community: Script) -> None:
    staff(community, 2)
    community.on(r"/u/tamsin\.json", {"user": {"id": 7, "username": "tamsin"} | LISTS})
    connection, mirror = community.connect(), MemoryMirror()
    mirror.take(connection.catch_up(mirror, HORIZON))
    mirror.cursors[PEOPLE] = json.dumps({"7": "tamsin"})
    for _ in range(2):
        mirror.take(connection.catch_up(mirror, HORIZON))
    assert ref(Kind.MEMBER, 7) in mirror.following
    assert sum("/u/tamsin" in path for path in community.paths) == 1


def test_groups_come_with_their_members_and_keep_their_id(world: World) -> None:
    _, mirror = world.pulled()
    team = next(group for group in mirror.groups.values() if not group.automatic)
    assert ref(Kind.MEMBER, world.community.uid("edda_birch")) in team.members
    assert team.size == len(team.members)
    assert {"admins", "moderators", "staff"} <= {group.name for group in mirror.groups.values()}


def test_a_person_who_asks_for_everything_gets_it_anew_but_not_at_once(community: Script) -> None:
    now = [datetime.now(UTC)]
    staff(community, 3)
    connection, mirror = community.connect(now=lambda: now[0]), MemoryMirror()
    mirror.take(connection.catch_up(mirror, HORIZON))
    for minutes, asks, read in ((5, True, 3), (11, False, 6), (11, False, 6)):
        now[0] += timedelta(minutes=minutes)
        if asks:
            mirror.cursors[ASKED] = now[0].isoformat()
        mirror.take(connection.catch_up(mirror, HORIZON))
        assert profiles(community) == read


def test_groups_are_listed_once_a_day_however_often_the_staff_is_asked_for(world: World) -> None:
    connection, mirror = world.pulled()
    before = mirror.cursors[GROUPS_READ]
    assert before is not None
    mirror.cursors[TODO] = None
    mirror.take(connection.catch_up(mirror, HORIZON))
    assert mirror.cursors[GROUPS_READ] == before
    assert {"admins", "moderators", "staff"} <= {group.name for group in mirror.groups.values()}
