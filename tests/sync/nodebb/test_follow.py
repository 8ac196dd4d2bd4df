"""Changing how the own account follows a category: looked at before, read back after, those below go along."""

import pytest

from moderation.actions import Action
from moderation.content import Level
from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from sync.connector import Answer, Evidence, Standing
from tests.conformance.acting import Actor
from tests.sync.nodebb.world import ADMIN, CUSTOMER, World, ref


def forum(world: World) -> Ref:
    return ref(Kind.FORUM, world.public_forum())


def levels(evidence: Evidence) -> dict[str, Level]:
    return {one.forum.native: one.level for records in evidence.records for one in records.following}


def changed(world: World) -> int:
    return len(world.effects("watch"))


@pytest.mark.parametrize("level", [Level.TRACKING, Level.NORMAL, Level.MUTED, Level.WATCHING])
def test_each_level_is_set_and_read_back(world: World, level: Level) -> None:
    actor, here = world.actor(), forum(world)
    world.raw(f"/api/v3/categories/{here.native}/watch", actor.me.name, "PUT", {"state": "watching"})
    if level is Level.WATCHING:
        world.raw(f"/api/v3/categories/{here.native}/watch", actor.me.name, "PUT", {"state": "ignoring"})
    done = actor.act(Action.FOLLOW, here, level=level.value)
    assert done.evidence.answer is Answer.HAPPENED
    assert levels(done.evidence)[here.native] is level


def test_what_is_so_already_is_seen_before_anything_is_sent(world: World) -> None:
    actor, here = world.actor(), forum(world)
    actor.act(Action.FOLLOW, here, level="watching")
    _, before = actor.before(actor.intent(Action.FOLLOW, here, level="watching"))
    assert before.standing is Standing.ALREADY


def test_a_level_that_changed_meanwhile_is_told(world: World) -> None:
    actor, here = world.actor(), forum(world)
    actor.act(Action.FOLLOW, here, level="muted")
    _, before = actor.before(actor.intent(Action.FOLLOW, here, level="watching", **{"from": "tracking"}))
    assert before.changed == {"level": "muted"}
    _, before = actor.before(actor.intent(Action.FOLLOW, here, level="muted", **{"from": "tracking"}))
    assert (before.changed, before.standing) == ({}, Standing.ALREADY)


def test_forums_below_go_along(world: World) -> None:
    below = world.raw("/api/v3/categories", ADMIN, "POST", {"name": "Below", "parentCid": forum(world).native})
    actor = world.actor()
    done = actor.act(Action.FOLLOW, forum(world), level="muted")
    assert levels(done.evidence)[str(below["response"]["cid"])] is Level.MUTED


def test_a_member_may_too_and_nobody_elses_level_is_touched(world: World) -> None:
    actor = Actor(world.connect(CUSTOMER))
    assert actor.act(Action.FOLLOW, forum(world), level="watching").evidence.answer is Answer.HAPPENED
    assert {effect["by"] for effect in world.effects("watch")} == {world.community.uid(CUSTOMER)}


def test_a_forum_that_is_not_there_any_more_is_gone(world: World) -> None:
    actor = world.actor()
    _, before = actor.before(actor.intent(Action.FOLLOW, ref(Kind.FORUM, 4711), level="watching"))
    assert before.standing is Standing.GONE


@pytest.mark.parametrize(("level", "code"), [("watching_first", "level_not_here"), ("", "payload_missing")])
def test_a_level_that_it_does_not_have_is_refused(world: World, level: str, code: str) -> None:
    actor = world.actor()
    with pytest.raises(NotAllowedError, match=code):
        actor.before(actor.intent(Action.FOLLOW, forum(world), level=level))
    assert changed(world) == 0


# Topics


@pytest.mark.parametrize("level", [Level.NORMAL, Level.MUTED, Level.WATCHING])
def test_a_thread_is_followed_ignored_or_neither(world: World, level: Level) -> None:
    actor, here = world.actor(), ref(Kind.THREAD, world.open_thread())
    first = Level.MUTED if level is not Level.MUTED else Level.WATCHING
    actor.act(Action.FOLLOW, here, level=first.value)
    done = actor.act(Action.FOLLOW, here, level=level.value)
    assert done.evidence.answer is Answer.HAPPENED
    page = world.raw(f"/api/topic/{here.native}", actor.me.name)
    assert (page["isFollowing"], page["isIgnoring"]) == (level is Level.WATCHING, level is Level.MUTED)
    _, before = actor.before(actor.intent(Action.FOLLOW, here, level=level.value))
    assert before.standing is Standing.ALREADY
    _, before = actor.before(actor.intent(Action.FOLLOW, here, level=first.value, **{"from": "tracking"}))
    assert before.changed == {"level": level.value}


def test_a_thread_that_is_gone_and_a_level_of_categories_are_told(world: World) -> None:
    actor = world.actor()
    _, before = actor.before(actor.intent(Action.FOLLOW, ref(Kind.THREAD, 4711), level="watching"))
    assert before.standing is Standing.GONE
    with pytest.raises(NotAllowedError, match="level_not_here"):
        actor.before(actor.intent(Action.FOLLOW, ref(Kind.THREAD, world.open_thread()), level="tracking"))
