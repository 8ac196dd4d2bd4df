"""A walk over everything, again and again by an engine that runs for weeks."""

from moderation.ids import Kind
from sync.nodebb.pull.details import FlagDetails
from sync.nodebb.pull.everything import Pull
from tests.conformance.memory import MemoryMirror
from tests.sync.nodebb.world import ADMIN, COLLEAGUE, CUSTOMER, HORIZON, World, ref


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


def test_a_post_and_a_thread_without_a_time_are_set_aside_and_all_others_read(world: World) -> None:
    thread, lost = world.open_thread(), world.open_thread()
    odd = world.community.reply_as(CUSTOMER, thread, "From an import that lost its time")
    good = world.community.reply_as(CUSTOMER, thread, "One after it")
    tables = world.community.state.tables
    tables.posts[odd.id].at = tables.threads[lost].at = 0
    connection, mirror = world.pulled()
    mirror.take(connection.fetch([ref(Kind.THREAD, lost)], mirror))
    assert ref(Kind.POST, good.id) in mirror.posts_by_ref
    assert ref(Kind.POST, odd.id) not in mirror.posts_by_ref
    assert ref(Kind.THREAD, lost) not in mirror.threads_by_ref
    assert {problem.rpartition(".")[2] for problem in mirror.problems} == {"timestamp"}


def test_what_is_in_a_forum_that_was_switched_off_is_not_gone(world: World) -> None:
    """The server answers 404 for it, and a draft about it would go with it."""
    thread = ref(Kind.THREAD, world.open_thread())
    connection, mirror = world.pulled()
    forum = mirror.threads_by_ref[thread].forum
    assert forum is not None
    world.community.state.tables.forums[int(forum.native)].disabled = True
    mirror.take(connection.fetch([thread], mirror))
    mirror.take(world.connect().fetch([thread], mirror))
    assert thread not in mirror.gone
    world.raw(f"/api/v3/topics/{thread.native}", ADMIN, "DELETE", {})
    world.community.state.tables.forums[int(forum.native)].disabled = False
    mirror.take(connection.fetch([thread], mirror))
    assert thread in mirror.gone
