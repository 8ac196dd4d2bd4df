"""The text of an opening post goes away with its history and comes back, on the sample community."""

from collections.abc import Iterator

import pytest
import requests

from moderation.actions import Action
from moderation.ids import Kind, Ref
from sync.connector import Answer, Standing
from sync.discourse.push.redacting import Redaction
from tests.conformance.acting import Actor
from tests.sync.discourse.face import COLLEAGUE, CUSTOMER, ME, OTHER_CUSTOMER, World, ref, small_face

NOTICE = "(Private details were taken out of this post.)"
FIRST, SECOND = "My number is QX-7718-4402, said at first", "My number is QX-7718-4402, said more clearly"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with small_face() as made:
        yield made


@pytest.fixture
def post(world: World) -> Ref:
    """An opening post that its author has edited once."""
    forum = next(one["id"] for one in world.raw("/site.json")["categories"] if not one["read_restricted"])
    thread = world.community.open_thread_as(CUSTOMER, forum, "A number in a question", FIRST)
    world.raw(f"/posts/{thread.posts[0]}.json", CUSTOMER, "PUT", {"post": {"raw": SECOND}})
    return ref(Kind.POST, thread.posts[0])


def shown_to(world: World, user: str, post: Ref) -> list[int]:
    """Edits that somebody can open."""
    key = {"User-Api-Key": world.community.user_key_for(user)}
    pages = {n: f"{world.server.url}/posts/{post.native}/revisions/{n}.json" for n in range(2, 7)}
    return [number for number, page in pages.items() if requests.get(page, headers=key, timeout=20).ok]


def redacted(actor: Actor, post: Ref) -> str:
    """Take the text away; gives the receipt."""
    done = actor.act(Action.HIDE, post, redact=NOTICE, ensure=True)
    assert done.evidence.receipt is not None
    return done.evidence.receipt.server_id


def test_no_version_shows_the_text_and_the_way_back_restores_all(world: World, post: Ref) -> None:
    actor = world.actor()
    assert shown_to(world, OTHER_CUSTOMER, post) == [2]
    receipt = redacted(actor, post)
    assert Redaction.parse(receipt) == Redaction(3, (2, 3))
    assert world.raw(f"/posts/{post.native}.json")["raw"] == NOTICE
    assert shown_to(world, OTHER_CUSTOMER, post) == []
    assert shown_to(world, ME, post) == [2, 3]
    again = actor.intent(Action.HIDE, post, redact=NOTICE, ensure=True)
    assert actor.before(again)[1].standing is Standing.ALREADY
    back = actor.act(Action.RESTORE, post, redacted=receipt, ensure=True)
    assert back.evidence.answer is Answer.HAPPENED
    assert world.raw(f"/posts/{post.native}.json")["raw"] == SECOND
    assert shown_to(world, OTHER_CUSTOMER, post) == [2, 3, 4]


def test_what_somebody_else_had_hidden_stays_hidden(world: World, post: Ref) -> None:
    world.raw(f"/posts/{post.native}/revisions/2/hide.json", COLLEAGUE, "PUT", {})
    actor = world.actor()
    receipt = redacted(actor, post)
    assert Redaction.parse(receipt) == Redaction(3, (3,))
    actor.act(Action.RESTORE, post, redacted=receipt)
    assert shown_to(world, OTHER_CUSTOMER, post) == [3, 4]


def test_a_redaction_that_broke_off_after_the_edit_is_gone_on_with(world: World, post: Ref) -> None:
    world.raw(f"/posts/{post.native}.json", ME, "PUT", {"post": {"raw": NOTICE}})
    actor = world.actor()
    intent, before = actor.before(actor.intent(Action.HIDE, post, redact=NOTICE, ensure=True))
    assert before.standing is Standing.CLEAR, "the history still shows it"
    assert actor.look(intent).answer is Answer.ABSENT
    actor.connection.push(Action.HIDE).send(intent, before)
    assert actor.look(intent).answer is Answer.HAPPENED
    assert world.raw(f"/posts/{post.native}.json")["version"] == 3, "it was not edited twice"
    assert shown_to(world, OTHER_CUSTOMER, post) == []


def test_what_somebody_wrote_into_it_since_is_not_overwritten(world: World, post: Ref) -> None:
    actor = world.actor()
    receipt = redacted(actor, post)
    world.raw(f"/posts/{post.native}.json", COLLEAGUE, "PUT", {"post": {"raw": "A colleague's words, added later"}})
    _, before = actor.before(actor.intent(Action.RESTORE, post, redacted=receipt))
    assert "edited" in before.changed
    assert before.standing is Standing.CLEAR


def test_a_way_back_that_broke_off_is_not_taken_for_a_strangers_edit(world: World, post: Ref) -> None:
    actor = world.actor()
    receipt = redacted(actor, post)
    world.raw(f"/posts/{post.native}/revisions/3/revert.json", ME, "PUT", {})
    intent, before = actor.before(actor.intent(Action.RESTORE, post, redacted=receipt, ensure=True))
    assert (before.standing, before.changed) == (Standing.CLEAR, {})
    actor.connection.push(Action.RESTORE).send(intent, before)
    assert actor.look(intent).answer is Answer.HAPPENED
    assert world.raw(f"/posts/{post.native}.json")["raw"] == SECOND


@pytest.mark.parametrize("receipt", ["", "post:9@hidden.17", "post:9@redacted.x", "post:9"])
def test_other_receipts_are_none_of_a_redaction(receipt: str) -> None:
    assert Redaction.parse(receipt) is None
