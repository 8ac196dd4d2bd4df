"""Changing how the own account follows a category: looked at before, read back after, this one alone."""

from collections.abc import Iterator

import pytest

from moderation.actions import Action
from moderation.content import Level
from moderation.ids import Kind, Ref
from sync.connector import Answer, Evidence, Standing, ThreadsTold
from sync.discourse import endpoints
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse.face import CUSTOMER, ME, World, ref, small_face


@pytest.fixture
def world() -> Iterator[World]:
    """The sample community's Discourse face."""
    with small_face() as found:
        yield found


def forum(world: World) -> Ref:
    forums = world.raw("/site.json")["categories"]
    return ref(Kind.FORUM, next(one["id"] for one in forums if not one["read_restricted"]))


def levels(evidence: Evidence) -> dict[str, Level]:
    return {one.forum.native: one.level for records in evidence.records for one in records.following}


@pytest.mark.parametrize("level", list(Level))
def test_each_level_is_set_and_read_back(world: World, level: Level) -> None:
    actor, here = world.actor(), forum(world)
    first = Level.MUTED if level is not Level.MUTED else Level.WATCHING
    actor.act(Action.FOLLOW, here, level=first.value)
    done = actor.act(Action.FOLLOW, here, level=level.value)
    assert done.evidence.answer is Answer.HAPPENED
    assert levels(done.evidence)[here.native] is level


def test_what_is_so_already_is_seen_before_anything_is_sent(world: World) -> None:
    actor, here = world.actor(), forum(world)
    _, before = actor.before(actor.intent(Action.FOLLOW, here, level="normal"))
    assert before.standing is Standing.ALREADY
    actor.act(Action.FOLLOW, here, level="watching")
    _, before = actor.before(actor.intent(Action.FOLLOW, here, level="watching"))
    assert before.standing is Standing.ALREADY


def test_a_level_that_changed_meanwhile_is_told(world: World) -> None:
    actor, here = world.actor(), forum(world)
    actor.act(Action.FOLLOW, here, level="muted")
    _, before = actor.before(actor.intent(Action.FOLLOW, here, level="watching", **{"from": "tracking"}))
    assert before.changed == {"level": "muted"}


def test_a_member_may_too(world: World) -> None:
    actor, here = world.actor(CUSTOMER), forum(world)
    assert actor.act(Action.FOLLOW, here, level="tracking").evidence.answer is Answer.HAPPENED


def test_a_forum_that_is_not_there_any_more_is_gone(world: World) -> None:
    actor = world.actor()
    _, before = actor.before(actor.intent(Action.FOLLOW, ref(Kind.FORUM, 4711), level="watching"))
    assert before.standing is Standing.GONE
    assert before.records is not None
    assert before.records.gone == (ref(Kind.FORUM, 4711),)


@pytest.mark.parametrize("level", [Level.MUTED, Level.NORMAL, Level.TRACKING, Level.WATCHING])
def test_a_thread_has_a_level_of_its_own(world: World, level: Level) -> None:
    actor = world.actor()
    here = ref(Kind.THREAD, world.raw("/latest.json")["topic_list"]["topics"][0]["id"])
    first = Level.MUTED if level is not Level.MUTED else Level.WATCHING
    actor.act(Action.FOLLOW, here, level=first.value)
    done = actor.act(Action.FOLLOW, here, level=level.value)
    assert done.evidence.answer is Answer.HAPPENED
    _, before = actor.before(actor.intent(Action.FOLLOW, here, level=level.value))
    assert before.standing is Standing.ALREADY
    _, before = actor.before(actor.intent(Action.FOLLOW, ref(Kind.THREAD, 987654), level=level.value))
    assert before.standing is Standing.GONE


def test_the_own_watched_threads_are_told_and_nobody_elses(world: World) -> None:
    connection, mirror, state = world.connect(), MemoryMirror(), world.community.state
    me = ref(Kind.MEMBER, world.community.uid(ME))
    mine = {str(one.id) for one in state.tables.threads.values() if int(me.native) in one.followers and not one.hidden}
    told = connection.threads_followed(me, ME, mirror)
    assert told is not None
    assert {one.native for one in told.threads} == mine
    assert len(mine) > 0
    assert {head.id for records in told.records for head in records.threads} == set(told.threads)
    before = connection.usage()["requests"]
    assert connection.threads_followed(ref(Kind.MEMBER, 4711), "somebody", mirror) == ThreadsTold(why="own_only")
    assert connection.usage()["requests"] == before


def test_a_site_that_does_not_know_the_condition_is_not_believed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "watched", lambda page: "/filter.json?q=created-after:2000-01-01")
    me = ref(Kind.MEMBER, world.community.uid(ME))
    for thread in world.community.state.tables.threads.values():
        thread.followers -= {int(me.native)}
    assert world.connect().threads_followed(me, ME, MemoryMirror()) == ThreadsTold(why="page_unfit")
