"""Replies and messages: posted once, found again when the answer was lost."""

from collections.abc import Callable
from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import RefusedError
from moderation.ids import Kind, Ref
from moderation.intents import Identities
from sync.connector import Answer
from sync.nodebb.connection import NodeBB
from tests.conformance.acting import Actor, patiently
from tests.live.conftest import COMMUNITY
from tests.live.place import Place, word

Connect = Callable[..., NodeBB]
Need = Callable[..., None]
pytestmark = pytest.mark.timeout(600)
Json = dict[str, Any]


def ref(kind: Kind, native: object) -> Ref:
    return Ref(COMMUNITY, kind, str(native))


def written(place: Place, ground: Json, marker: str) -> list[Json]:
    """Posts of our thread that hold this word."""
    page = place.raw().get(f"/api/topic/{ground['tid']}?sort=newest_to_oldest")
    return [post for post in page["posts"] if marker in post["content"]]


def test_a_reply_is_posted_once_and_found_without_hints(place: Place, actor: Actor, ground: Json) -> None:
    marker = word()
    done = actor.act(Action.REPLY, ref(Kind.THREAD, ground["tid"]), text=f"An answer {marker}  \n")
    assert done.evidence.answer is Answer.HAPPENED
    assert done.evidence.receipt is not None
    [post] = written(place, ground, marker)
    assert done.evidence.receipt.server_id == f"post:{post['pid']}"
    again = Actor(actor.connection)
    blind = again.look(done.intent)
    assert blind.receipt == done.evidence.receipt
    assert actor.look(done.intent).answer is Answer.ABSENT, "a receipt is that of one intent only"
    actor.act(Action.PURGE, ref(Kind.POST, post["pid"]))


def test_an_identical_reply_before_the_baseline_does_not_count(place: Place, actor: Actor, ground: Json) -> None:
    marker = word()
    first = actor.act(Action.REPLY, ref(Kind.THREAD, ground["tid"]), text=f"The same {marker}")
    intent, _ = actor.before(actor.intent(Action.REPLY, ref(Kind.THREAD, ground["tid"]), text=f"The same {marker}"))
    assert Actor(actor.connection).look(intent).answer is Answer.ABSENT
    assert first.evidence.receipt is not None
    actor.act(Action.PURGE, ref(Kind.POST, first.evidence.receipt.server_id.partition(":")[2]))


def test_a_reply_to_a_post_stands_under_it(place: Place, actor: Actor, ground: Json) -> None:
    marker = word()
    parent = str(ref(Kind.POST, ground["main"]))
    actor.act(Action.REPLY, ref(Kind.THREAD, ground["tid"]), text=f"To that {marker}", to_post=parent)
    [post] = written(place, ground, marker)
    assert str(post["toPid"]) == str(ground["main"])
    actor.act(Action.PURGE, ref(Kind.POST, post["pid"]))


def test_too_short_a_reply_is_refused(actor: Actor, ground: Json) -> None:
    if actor.connection.info().min_post_length < 2:
        pytest.skip("this community takes posts of one character")
    intent, before = actor.before(actor.intent(Action.REPLY, ref(Kind.THREAD, ground["tid"]), text="a"))
    with pytest.raises(RefusedError, match="text_too_short"):
        actor.connection.push(Action.REPLY).send(intent, before)


def test_the_company_replies_by_its_own_key(place: Place, connect: Connect, ground: Json, need: Need) -> None:
    need("COMPANY")
    official = Actor(connect("COMPANY", identity=Identities.OFFICIAL), Identities.OFFICIAL)
    _reply_as_company(place, official, ground)


def test_the_company_replies_by_a_master_key(place: Place, connect: Connect, ground: Json, need: Need) -> None:
    need("COMPANY", "MASTER")
    uid = str(place.raw("COMPANY").me()["uid"])
    official = Actor(connect("MASTER", acts_as=uid, identity=Identities.OFFICIAL), Identities.OFFICIAL)
    _reply_as_company(place, official, ground)


def _reply_as_company(place: Place, official: Actor, ground: Json) -> None:
    marker = word()
    done = patiently(lambda: official.act(Action.REPLY, ref(Kind.THREAD, ground["tid"]), text=f"We answer {marker}"))
    assert done.evidence.answer is Answer.HAPPENED
    [post] = written(place, ground, marker)
    assert post["user"]["username"] == place.company
    place.raw().call("DELETE", f"/api/v3/posts/{post['pid']}")


def test_a_message_reaches_the_author_once(place: Place, actor: Actor, need: Need) -> None:
    need("CUSTOMER")
    if "x:message" not in (actor.me.may or ()):
        pytest.skip("this moderator may not write messages")
    uid, marker = place.raw("CUSTOMER").me()["uid"], word()
    done = actor.act(Action.MESSAGE, ref(Kind.MEMBER, uid), text=f"About your post {marker}")
    assert done.evidence.answer is Answer.HAPPENED
    room = done.hints["room"]
    heard = place.raw("CUSTOMER").get(f"/api/v3/chats/{room}/messages")["response"]["messages"]
    assert sum(marker in message["content"] for message in heard) == 1
    assert Actor(actor.connection).look(done.intent).receipt == done.evidence.receipt
    second = actor.act(Action.MESSAGE, ref(Kind.MEMBER, uid), text=f"And once more {marker}")
    assert second.hints["room"] == room


def test_too_long_a_message_is_refused(place: Place, actor: Actor, need: Need) -> None:
    need("CUSTOMER")
    longest = int(actor.connection.info().extra["max_message_length"])
    target = ref(Kind.MEMBER, place.raw("CUSTOMER").me()["uid"])
    intent, before = actor.before(actor.intent(Action.MESSAGE, target, text="x" * (longest + 1)))
    with pytest.raises(RefusedError, match="message_too_long"):
        actor.connection.push(Action.MESSAGE).send(intent, before)
