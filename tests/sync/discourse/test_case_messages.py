"""The message of a case: made once, read by exactly those who should, and never public again with private words."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import RefusedError
from moderation.ids import Kind, Ref
from sync.connector import Answer, Standing
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.people import team_name
from sync.sandbox.state import members
from tests.conformance.acting import Actor
from tests.sync.discourse import made
from tests.sync.discourse.face import ADMIN, COLLEAGUE, COMPANY, CUSTOMER, OTHER_CUSTOMER, World, ref, small_face
from tests.sync.discourse.scripted import NAME, Script

TEXT = "From the public thread: what was said there so far, as quotes"
NUMBERS = count(900)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with small_face() as found:
        yield found


def member(world: World, user: str) -> Ref:
    return ref(Kind.MEMBER, world.community.uid(user))


def payload(world: World, key: str) -> dict[str, Any]:
    """What a plan writes into the step that makes the message."""
    team = [member(world, user) for user in (ADMIN, COMPANY)]
    names = {str(member(world, user)): user for user in (ADMIN, COMPANY, CUSTOMER)}
    readers = {"readers": [str(one) for one in team], "groups": [team_name()], "names": names}
    return {"case": key, "title": f"Private: a question ({key})", "text": TEXT, "made": "thread", **readers}


def key() -> str:
    return f"case-{next(NUMBERS)}"


@pytest.mark.parametrize("site_key", [True, False])
def test_a_message_is_made_once_whoever_asks_again(world: World, site_key: bool) -> None:
    actor, case = Actor(world.connect(COMPANY, admin_key=site_key)), key()
    customer, given = member(world, CUSTOMER), payload(world, case)
    first = actor.act(Action.PLACE, customer, **given)
    assert first.evidence.receipt is not None
    server_id = first.evidence.receipt.server_id
    assert server_id.startswith("thread:")
    again = actor.act(Action.PLACE, customer, **given)
    assert again.hints == {"thread": server_id.partition("@")[0].removeprefix("thread:")}, "it was found"
    readers = extras(world.community.state).readers[int(again.hints["thread"])]
    assert set(readers.users) == {world.community.uid(user) for user in (ADMIN, COMPANY, CUSTOMER)}
    assert len(readers.groups) == 1
    lost = actor.intent(Action.PLACE, customer, **given)
    assert actor.look(lost).answer is Answer.HAPPENED, "an answer that was lost"
    other = actor.intent(Action.PLACE, customer, **payload(world, key()))
    assert actor.look(other).answer is Answer.ABSENT


def test_an_id_of_ours_that_leads_to_something_else_is_not_taken(world: World) -> None:
    case = key()
    stranger = Actor(world.connect(COLLEAGUE, admin_key=True))
    stranger.act(Action.PLACE, member(world, OTHER_CUSTOMER), **{**payload(world, case), "readers": [], "groups": []})
    actor = Actor(world.connect(ADMIN, admin_key=True))
    with pytest.raises(RefusedError, match="place_taken"):
        actor.before(actor.intent(Action.PLACE, member(world, CUSTOMER), **payload(world, case)))


def test_an_ordinary_company_account_finds_members_by_name_and_only_with_the_same_id(world: World) -> None:
    actor, given = Actor(world.connect(OTHER_CUSTOMER)), payload(world, key())
    wrong = {str(member(world, CUSTOMER)): COLLEAGUE}
    assert actor.before(actor.intent(Action.PLACE, member(world, CUSTOMER), **given))[1].standing is Standing.CLEAR
    renamed = actor.intent(Action.PLACE, member(world, CUSTOMER), **{**given, "names": wrong})
    assert actor.before(renamed)[1].standing is Standing.GONE


def test_a_suspended_customer_is_not_written_to(world: World) -> None:
    state, uid = world.community.state, world.community.uid(CUSTOMER)
    actor = Actor(world.connect(ADMIN))
    with state.lock:
        members.ban(state, world.community.uid(ADMIN), uid, 0, "")
    intent = actor.intent(Action.PLACE, member(world, CUSTOMER), **payload(world, key()))
    with pytest.raises(RefusedError, match="customer_banned"):
        actor.before(intent)
    with state.lock:
        members.unban(state, world.community.uid(ADMIN), uid, "")
    assert actor.before(intent)[1].standing is Standing.CLEAR


def test_a_stranger_in_the_message_hears_nothing_and_who_is_missing_is_let_in(world: World) -> None:
    actor, case = Actor(world.connect(COMPANY)), key()
    customer, given = member(world, CUSTOMER), payload(world, case)
    place = actor.act(Action.PLACE, customer, **given).hints["thread"]
    readers, thread = extras(world.community.state).readers[int(place)], ref(Kind.THREAD, place)
    people = {"place": str(thread), "ensure": True, **given}
    assert actor.before(actor.intent(Action.ADMIT, customer, **people))[1].standing is Standing.ALREADY
    readers.users.remove(world.community.uid(CUSTOMER))
    readers.groups.clear()
    assert actor.act(Action.ADMIT, customer, **people).evidence.answer is Answer.HAPPENED
    assert world.community.uid(CUSTOMER) in readers.users
    assert readers.groups
    more = {"text": "(2/2) and this was said as well", "customer": str(customer), **given}
    assert actor.before(actor.intent(Action.REPLY, thread, **more))[1].standing is Standing.CLEAR
    readers.users.append(world.community.uid(OTHER_CUSTOMER))
    for intent in (actor.intent(Action.REPLY, thread, **more), actor.intent(Action.ADMIT, customer, **people)):
        with pytest.raises(RefusedError, match="place_shared"):
            actor.before(intent)
    assert actor.act(Action.EXPEL, customer, place=str(thread)).evidence.answer is Answer.HAPPENED
    assert world.community.uid(CUSTOMER) not in readers.users


def test_a_colleague_who_was_quicker_to_delete_is_not_undone(world: World) -> None:
    forum = next(one["id"] for one in world.raw("/site.json")["categories"] if not one["read_restricted"])
    thread = world.community.open_thread_as(CUSTOMER, forum, "A thread with replies", "What was asked in this thread")
    post = ref(Kind.POST, world.community.reply_as(CUSTOMER, thread.id, "My number is QX-7718-4402").id)
    actor = Actor(world.connect(ADMIN))
    intent, _ = actor.before(actor.intent(Action.HIDE, post, ensure=True))
    world.raw(f"/posts/{post.native}.json", COLLEAGUE, "DELETE")
    assert actor.look(intent).answer is Answer.ABSENT, "it is away, by somebody else"
    assert actor.before(intent)[1].standing is Standing.ALREADY


def test_a_pointer_that_is_a_topic_is_opened_once(world: World) -> None:
    forum = next(one["id"] for one in world.raw("/site.json")["categories"] if not one["read_restricted"])
    case = key()
    words = {"case": case, "title": f"A question goes on in private ({case})", "text": "We go on with this in private."}
    for connection in (world.connect(COMPANY, admin_key=True), world.connect(COMPANY)):
        actor = Actor(connection)
        found = actor.act(Action.OPEN, ref(Kind.FORUM, forum), **words)
        assert found.evidence.answer is Answer.HAPPENED
    topics = [one for one in world.community.state.tables.threads.values() if case in one.title]
    assert len(topics) == 1


def test_a_thread_is_not_public_again_while_private_words_stand_in_it(world: World) -> None:
    community = world.community
    forum = next(one["id"] for one in world.raw("/site.json")["categories"] if not one["read_restricted"])
    asked = community.open_thread_as(CUSTOMER, forum, "A thread that leaves", "My number is QX-7718, said in public")
    thread, actor = ref(Kind.THREAD, asked.id), Actor(world.connect(ADMIN))
    actor.act(Action.CONVERT, thread, readers=[str(member(world, CUSTOMER))], groups=[team_name()])
    said = world.raw("/posts.json", CUSTOMER, "POST", {"topic_id": asked.id, "raw": "My other number is YZ-1"})
    back = {"public": True, "forum": f"{NAME}:forum:{forum}", "ensure": True}
    refused = actor.before(actor.intent(Action.CONVERT, thread, **back))[1].refused
    assert refused is not None
    assert refused.code == "private_words_there"
    actor.act(Action.HIDE, ref(Kind.POST, said["id"]), ensure=True)
    assert actor.act(Action.CONVERT, thread, **back).evidence.answer is Answer.HAPPENED
    page = world.raw(f"/t/{asked.id}.json", OTHER_CUSTOMER)
    assert (page["archetype"], page["category_id"]) == ("regular", forum)
    assert "YZ-1" not in str(page)
    assert actor.before(actor.intent(Action.CONVERT, thread, **back))[1].standing is Standing.ALREADY


def test_a_message_that_waits_for_approval_is_no_place_yet(script: Script) -> None:
    script.on(r"/admin/users/58\.json", {"id": made.AUTHOR, "username": "piet.oak"})
    script.on(r"/topics/private-messages-sent/", {"topic_list": {"topics": []}})
    script.on(r"/posts\.json", {"action": "enqueued", "success": True, "pending_post": {"id": 5}}, "POST")
    script.on(r"/review\.json", made.review())
    actor = Actor(script.connect())
    given = {"case": "case-301", "title": "Private: kettle (case-301)", "text": TEXT, "readers": [], "groups": []}
    customer = Ref(NAME, Kind.MEMBER, str(made.AUTHOR))
    intent, before = actor.before(actor.intent(Action.PLACE, customer, **given))
    with pytest.raises(RefusedError, match="message_held"):
        actor.connection.push(Action.PLACE).send(intent, before)
    waiting = made.queued(payload={"raw": TEXT}, created_by_id=made.ME, target_created_by_id=made.ME)
    script.on(r"/review\.json", made.review(waiting))
    with pytest.raises(RefusedError, match="message_held"):
        actor.before(actor.intent(Action.PLACE, customer, **given))
