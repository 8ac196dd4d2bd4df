"""A walk over everything, again and again by an engine that runs for weeks."""

from moderation.ids import Kind
from sync.nodebb.pull.details import FlagDetails
from sync.nodebb.pull.everything import Pull
from tests.conformance.memory import MemoryMirror
from tests.sync.nodebb.world import COLLEAGUE, CUSTOMER, HORIZON, World, ref


def test_where_reported_posts_stand_is_remembered_until_it_was_looked_at(world: World) -> None:
    pull, mirror = Pull(world.connect()._context), MemoryMirror()
    details: FlagDetails = pull._details
    walk = pull.catch_up(mirror, HORIZON)
    for batch in walk:
        mirror.apply(batch)
        if details.threads:
            break
    assert details.threads, "reports have been read by then"
    mirror.take(walk)
    assert not details.threads


def test_a_forum_that_is_but_a_link_keeps_no_walk_from_its_end(world: World) -> None:
    """NodeBB answers with the address that it leads to, and counts a click."""
    forums = world.community.state.tables.forums
    empty = next(forum for forum in forums.values() if not forum.created)
    empty.link = "https://downloads.example.net/"
    _, mirror = world.pulled()
    assert mirror.problems == []
    assert mirror.complete_since == HORIZON


def test_a_profile_that_does_not_fit_is_set_aside_and_the_next_one_read(world: World) -> None:
    odd, good = (ref(Kind.MEMBER, world.community.uid(name)) for name in (CUSTOMER, COLLEAGUE))
    world.fault("garbage", f"/api/v3/users/{odd.native}$")
    mirror = MemoryMirror()
    mirror.take(world.connect().fetch([odd, good], mirror))
    assert set(mirror.members_by_ref) == {good}
    assert mirror.problems == [f"/api/v3/users/{odd.native} $"]
