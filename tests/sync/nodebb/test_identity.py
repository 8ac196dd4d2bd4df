"""Who a key speaks for: NodeBB takes a wrong one for a guest's, and says so at one place only."""

import pytest

from moderation.actions import Action
from moderation.errors import NotAllowedError, RefusedError, SignInError, TryLaterError
from moderation.ids import Kind
from moderation.items import ItemState
from sync.nodebb import recognise
from sync.nodebb.connection import NodeBB
from sync.sandbox.state.records import GLOBAL_MODERATORS
from tests.conformance.memory import MemoryMirror
from tests.sync.nodebb.world import ADMIN, COMPANY, CUSTOMER, FORUM_MODERATOR, HORIZON, ME, NEWCOMER, World, ref


def test_roles_are_read_from_the_server(world: World) -> None:
    roles = {user: world.connect(user).identify().roles for user in (ADMIN, ME, FORUM_MODERATOR, CUSTOMER)}
    assert roles == {
        ADMIN: {"administrator", "member"},
        ME: {"moderator", "member"},
        FORUM_MODERATOR: {"forum_moderator", "member"},
        CUSTOMER: {"member"},
    }


def test_rights_of_the_whole_community_are_read_not_guessed(world: World) -> None:
    may = {user: world.connect(user).identify().may or frozenset() for user in (ADMIN, ME, CUSTOMER)}
    assert "mute" in may[ADMIN]
    assert "mute" not in may[ME], "a global moderator may not mute by default"
    assert "ban" in may[ME]
    assert may[CUSTOMER] == {"x:reply", "x:message", "x:follow"}


def test_a_forum_moderators_forums_come_from_the_filters_of_the_flags(world: World) -> None:
    me = world.connect(FORUM_MODERATOR).identify()
    expected = world.raw("/api/flags?perPage=1", FORUM_MODERATOR)["filters"]["cid"]
    assert me.forums == {ref(Kind.FORUM, cid) for cid in expected}


def test_a_wrong_token_is_a_guest_and_found_out(world: World) -> None:
    with pytest.raises(SignInError, match="token_not_accepted"):
        world.connect(token="11111111-1111-4111-8111-111111111111").identify()


def test_a_master_token_without_uid_is_named(world: World) -> None:
    with pytest.raises(SignInError, match="master_token_needs_member"):
        world.connect(token=world.community.master_token()).identify()


def test_a_master_token_for_nobody_answers_null(world: World) -> None:
    with pytest.raises(SignInError, match="member_unknown"):
        world.connect(token=world.community.master_token(), acts_as="987654").identify()


def test_a_users_token_ignores_uid_which_is_found_out(world: World) -> None:
    with pytest.raises(SignInError, match="not_a_master_token"):
        world.connect(ME, acts_as=str(world.community.uid(COMPANY))).identify()


def test_a_master_token_speaks_for_the_company_on_every_call(world: World) -> None:
    uid = str(world.community.uid(COMPANY))
    connection = world.connect(token=world.community.master_token(), acts_as=uid)
    assert connection.identify().name == COMPANY
    batches = list(connection.fetch([ref(Kind.MEMBER, uid)], MemoryMirror()))
    assert batches[0].records[0].members[0].name


@pytest.mark.parametrize("action", [Action.RESOLVE, Action.REPLY])
def test_a_revoked_token_stops_a_write_with_sign_in(world: World, action: Action) -> None:
    flag, _, thread = world.reported_post()
    actor = world.actor()
    target = thread if action is Action.REPLY else flag
    intent, before = actor.before(actor.intent(action, target, text="An answer of ours"))
    world.community.revoke_token(world.community.token_for(ME))
    with pytest.raises(SignInError, match="token_not_accepted"):
        actor.connection.push(action).send(intent, before)
    assert not [e for e in world.effects("reply") if e["by"] == world.community.uid(ME)]


@pytest.mark.parametrize("kind", [Kind.FLAG, Kind.POST])
def test_with_a_revoked_token_nothing_is_taken_for_gone(world: World, kind: Kind) -> None:
    """NodeBB answers 404 to guests, for a report as for a post that only staff can read."""
    flag, post, thread = world.reported_post()
    private = next(f["cid"] for f in world.raw("/api/v3/categories")["response"]["categories"] if "Staff" in f["name"])
    world.raw(f"/api/v3/topics/{thread.native}/move", ADMIN, "PUT", {"cid": private})
    actor, mirror = world.actor(), MemoryMirror()
    target, action = (flag, Action.RESOLVE) if kind is Kind.FLAG else (post, Action.PURGE)
    mirror.take(actor.connection.fetch([target], mirror))
    intent, _ = actor.before(actor.intent(action, target))
    world.community.revoke_token(world.community.token_for(ME))
    with pytest.raises(SignInError):
        mirror.take(actor.connection.fetch([target], mirror))
    with pytest.raises(SignInError):
        actor.before(intent)
    if action is Action.PURGE:
        with pytest.raises(SignInError):
            actor.look(intent)
    assert mirror.gone == set()


def test_who_moderates_single_forums_from_now_on_takes_nothing_for_gone(world: World) -> None:
    flag, _, _ = world.reported_post()
    held = ref(Kind.HELD, world.community.hold_as(NEWCOMER, world.open_thread(), "A first post of mine").id)
    connection, mirror = world.connect(), MemoryMirror()
    mirror.take(connection.fetch([flag, held], mirror))
    me = world.community.state.member(world.community.uid(ME))
    me.groups = tuple(group for group in me.groups if group != GLOBAL_MODERATORS)
    mirror.take(connection.fetch([held], mirror))
    mirror.take(connection.fetch([flag], mirror))
    assert mirror.gone == set()
    assert mirror.items_by_ref[held].state is ItemState.HELD


def test_a_right_that_is_lacking_is_a_refusal_and_no_sign_in(world: World) -> None:
    actor = world.actor(FORUM_MODERATOR)
    intent, before = actor.before(actor.intent(Action.BAN, ref(Kind.MEMBER, world.community.uid(CUSTOMER))))
    with pytest.raises(RefusedError, match="forbidden"):
        actor.connection.push(Action.BAN).send(intent, before)


def test_an_ordinary_member_is_told_to_use_another_token(world: World) -> None:
    connection, mirror = world.connect(CUSTOMER), MemoryMirror()
    with pytest.raises(NotAllowedError, match="may_not_moderate"):
        mirror.take(connection.catch_up(mirror, HORIZON))
    with pytest.raises(NotAllowedError, match="may_not_moderate"):
        mirror.take(connection.poll(mirror))


def test_maintenance_lets_moderators_in_and_says_so_to_others(world: World, expected_logs: list[str]) -> None:
    expected_logs.append("maintenance")
    thread = world.open_thread()
    customer = world.actor(CUSTOMER)
    intent, before = customer.before(customer.intent(Action.REPLY, ref(Kind.THREAD, thread), text="In maintenance?"))
    world.community.maintenance(True)
    assert world.connect().info().extra["maintenance"] == "on"
    assert world.connect().identify().name == ME
    with pytest.raises(TryLaterError, match="maintenance"):
        customer.connection.push(Action.REPLY).send(intent, before)


def test_what_is_no_nodebb_is_not_recognised(world: World) -> None:
    assert recognise(world.server.url)
    assert not recognise(f"{world.server.url}/some/other/path")
    with pytest.raises(NotAllowedError, match="not_a_community"):
        _elsewhere(world).info()


def _elsewhere(world: World) -> NodeBB:
    from moderation.intents import Identities
    from sync.connector import Account
    from sync.nodebb import open_connection

    world.opened.append(open_connection(f"{world.server.url}/elsewhere", "x", Account(Identities.ME, "t")))
    return world.opened[-1]
