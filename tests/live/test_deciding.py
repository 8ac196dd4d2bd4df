"""Decisions of every kind, read back through the server's own API."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import RefusedError, TryLaterError
from moderation.ids import Kind, Ref
from moderation.items import Change, ItemState
from sync.connector import Answer, Standing
from sync.nodebb.connection import NodeBB
from tests.conformance.acting import Actor, patiently
from tests.conformance.memory import MemoryMirror
from tests.live.conftest import COMMUNITY
from tests.live.place import Place, word

Connect = Callable[..., NodeBB]
Need = Callable[..., None]
pytestmark = pytest.mark.timeout(600)
Json = dict[str, Any]


def ref(kind: Kind, native: object) -> Ref:
    return Ref(COMMUNITY, kind, str(native))


def native_state(place: Place, flag: Json) -> tuple[str, str]:
    page = place.raw().get(f"/api/flags/{flag['id']}")
    return page["state"], str(page["assignee"] or "")


def test_a_report_is_taken_released_noted_resolved_reopened_dismissed(place: Place, actor: Actor, flag: Json) -> None:
    target, mirror = ref(Kind.FLAG, flag["id"]), MemoryMirror()
    me = actor.me.member.native
    for action, state, assignee in (
        (Action.TAKE, "wip", me),
        (Action.RELEASE, "open", ""),
        (Action.RESOLVE, "resolved", ""),
        (Action.REOPEN, "open", ""),
        (Action.DISMISS, "rejected", ""),
        (Action.REOPEN, "open", ""),
    ):
        done = actor.act(action, target, actor.item(target, mirror))
        assert done.evidence.answer is Answer.HAPPENED
        assert done.evidence.receipt is not None
        assert done.evidence.receipt.by == str(actor.me.member)
        assert native_state(place, flag) == (state, assignee)
    text = f"A note {word()}"
    done = actor.act(Action.NOTE, target, actor.item(target, mirror), text=text)
    assert done.evidence.answer is Answer.HAPPENED
    assert [n["content"] for n in place.raw().get(f"/api/flags/{flag['id']}")["notes"]].count(text) == 1


def test_a_report_is_assigned_to_a_colleague_and_not_to_a_customer(
    place: Place, actor: Actor, flag: Json, need: Need
) -> None:
    need("SECOND_GMOD", "CUSTOMER")
    target, mirror = ref(Kind.FLAG, flag["id"]), MemoryMirror()
    colleague, customer = (place.raw(role).me()["uid"] for role in ("SECOND_GMOD", "CUSTOMER"))
    done = actor.act(Action.ASSIGN, target, actor.item(target, mirror), member=str(ref(Kind.MEMBER, colleague)))
    assert done.evidence.answer is Answer.HAPPENED
    assert native_state(place, flag)[1] == str(colleague)
    intent, before = actor.before(
        actor.intent(Action.ASSIGN, target, actor.item(target, mirror), member=str(ref(Kind.MEMBER, customer)))
    )
    with pytest.raises(RefusedError, match="silently_ignored"):
        actor.connection.push(Action.ASSIGN).send(intent, before)
    assert native_state(place, flag)[1] == str(colleague)


def test_a_colleagues_decision_is_seen_before_sending(place: Place, actor: Actor, flag: Json, need: Need) -> None:
    need("SECOND_GMOD")
    target = ref(Kind.FLAG, flag["id"])
    seen = actor.item(target, MemoryMirror())
    place.raw("SECOND_GMOD").call("PUT", f"/api/v3/flags/{flag['id']}", {"state": "rejected"})
    _, before = actor.before(actor.intent(Action.RESOLVE, target, seen))
    assert before.state is ItemState.DISMISSED
    assert [entry.changes.get(Change.STATE) for entry in before.entries] == ["dismissed"]
    assert before.entries[0].by != actor.me.member
    _, same = actor.before(actor.intent(Action.DISMISS, target, seen))
    assert same.standing is Standing.ALREADY


def test_a_colleague_between_look_and_write_is_shown_afterwards(
    place: Place, actor: Actor, flag: Json, need: Need
) -> None:
    need("SECOND_GMOD")
    target = ref(Kind.FLAG, flag["id"])
    intent, before = actor.before(actor.intent(Action.RESOLVE, target, actor.item(target, MemoryMirror())))
    place.raw("SECOND_GMOD").call("PUT", f"/api/v3/flags/{flag['id']}", {"state": "wip"})
    hints = actor.connection.push(Action.RESOLVE).send(intent, before)
    evidence = actor.look(intent, hints)
    assert evidence.answer is Answer.HAPPENED
    assert [entry.changes[Change.STATE] for entry in evidence.entries] == ["resolved", "in_progress"]


def test_a_post_is_hidden_restored_edited_and_purged(place: Place, actor: Actor, fresh_flag: Json) -> None:
    flag = fresh_flag
    pid, target, item_ref = flag["pid"], ref(Kind.POST, flag["pid"]), ref(Kind.FLAG, flag["id"])
    mirror, raw = MemoryMirror(), place.raw()
    done = actor.act(Action.HIDE, target, actor.item(item_ref, mirror))
    assert done.evidence.answer is Answer.HAPPENED
    assert raw.get(f"/api/v3/posts/{pid}")["response"]["deleted"]
    assert native_state(place, flag)[0] == "resolved"
    assert {e.by for e in done.evidence.entries} == {actor.me.member}
    _, again = actor.before(actor.intent(Action.HIDE, target, actor.item(item_ref, mirror)))
    assert again.standing is Standing.ALREADY
    done = actor.act(Action.RESTORE, target, actor.item(item_ref, mirror))
    assert done.evidence.answer is Answer.HAPPENED
    assert not raw.get(f"/api/v3/posts/{pid}")["response"]["deleted"]
    assert native_state(place, flag)[0] == "resolved"
    text = f"Edited for the live check {word()}"
    done = actor.act(Action.EDIT, target, actor.item(item_ref, mirror), text=text)
    assert done.evidence.answer is Answer.HAPPENED
    assert raw.get(f"/api/v3/posts/{pid}")["response"]["content"] == text
    done = actor.act(Action.PURGE, target, actor.item(item_ref, mirror))
    assert done.evidence.answer is Answer.HAPPENED
    assert raw.status(f"/api/v3/posts/{pid}") == 404
    assert raw.get(f"/api/flags/{flag['id']}")["target"] == {}
    item = actor.item(item_ref, mirror)
    assert item.extra["target"] == "gone"
    assert "hide" not in (item.actions or ())


def test_a_first_post_is_not_purged(actor: Actor, ground: Json) -> None:
    actor.act(Action.REPLY, ref(Kind.THREAD, ground["tid"]), text=f"So that the first is not the last {word()}")
    intent, before = actor.before(actor.intent(Action.PURGE, ref(Kind.POST, ground["main"])))
    with pytest.raises(RefusedError, match="first_post_stays"):
        actor.connection.push(Action.PURGE).send(intent, before)


def test_a_colleagues_edit_is_seen(place: Place, actor: Actor, flag: Json, need: Need) -> None:
    need("SECOND_GMOD")
    seen = actor.item(ref(Kind.FLAG, flag["id"]), MemoryMirror())
    place.raw("SECOND_GMOD").call("PUT", f"/api/v3/posts/{flag['pid']}", {"content": f"A colleague's text {word()}"})
    _, before = actor.before(actor.intent(Action.EDIT, ref(Kind.POST, flag["pid"]), seen, text="Mine, too late"))
    assert "edited" in before.changed


def test_a_thread_is_locked_pinned_moved_and_back(place: Place, actor: Actor, ground: Json) -> None:
    target, raw = ref(Kind.THREAD, ground["tid"]), place.raw()

    def head() -> Json:
        found: Json = raw.get(f"/api/v3/topics/{ground['tid']}")["response"]
        return found

    for action, field, value in (
        (Action.LOCK, "locked", 1), (Action.UNLOCK, "locked", 0), (Action.PIN, "pinned", 1), (Action.UNPIN, "pinned", 0)
    ):  # fmt: skip
        done = actor.act(action, target)
        assert done.evidence.answer is Answer.HAPPENED
        assert done.evidence.receipt is not None
        assert done.evidence.receipt.server_id.startswith("event:")
        assert int(head()[field]) == value
    others = [
        c["cid"] for c in raw.get("/api/v3/categories")["response"]["categories"] if c["cid"] not in (-1, ground["cid"])
    ]
    other = next((cid for cid in others if raw.get(f"/api/category/{cid}")["privileges"].get("isAdminOrMod")), None)
    if other is None:
        pytest.skip("no second forum that this moderator looks after")
    for cid in (other, ground["cid"]):
        done = actor.act(Action.MOVE, target, forum=str(ref(Kind.FORUM, cid)))
        assert done.evidence.answer is Answer.HAPPENED
        assert str(head()["cid"]) == str(cid)


def test_a_thread_is_never_moved_to_a_forum_that_is_not_there(place: Place, actor: Actor, ground: Json) -> None:
    intent, before = actor.before(actor.intent(Action.MOVE, ref(Kind.THREAD, ground["tid"]), forum="987654"))
    with pytest.raises(RefusedError, match="forum_unknown"):
        actor.connection.push(Action.MOVE).send(intent, before)
    assert place.raw().get(f"/api/v3/topics/{ground['tid']}")["response"]["cid"] == ground["cid"]


def test_a_member_is_banned_and_unbanned(place: Place, connect: Connect, need: Need) -> None:
    need("SECOND_CUSTOMER")
    actor = Actor(connect())
    if "ban" not in (actor.me.may or ()):
        pytest.skip("this moderator may not ban")
    uid = place.raw("SECOND_CUSTOMER").me()["uid"]
    target = ref(Kind.MEMBER, uid)
    until = datetime.now(UTC) + timedelta(days=2)
    done = actor.act(Action.BAN, target, reason="A live check", until=until.isoformat())
    assert done.evidence.answer is Answer.HAPPENED
    user = place.raw().get(f"/api/v3/users/{uid}")["response"]
    assert user["banned"]
    assert abs(user["banned_until"] - until.timestamp() * 1000) < 2
    done = actor.act(Action.UNBAN, target, reason="It was one")
    assert done.evidence.answer is Answer.HAPPENED
    assert not place.raw().get(f"/api/v3/users/{uid}")["response"]["banned"]


def test_an_end_in_the_past_does_not_ban_for_ever(place: Place, actor: Actor, need: Need) -> None:
    need("SECOND_CUSTOMER")
    uid = place.raw("SECOND_CUSTOMER").me()["uid"]
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    intent, before = actor.before(actor.intent(Action.BAN, ref(Kind.MEMBER, uid), until=yesterday))
    with pytest.raises(RefusedError, match="end_date_wrong"):
        actor.connection.push(Action.BAN).send(intent, before)
    assert not place.raw().get(f"/api/v3/users/{uid}")["response"]["banned"]


def test_a_member_is_muted_and_unmuted_where_the_right_is_given(place: Place, connect: Connect, need: Need) -> None:
    need("SECOND_CUSTOMER")
    actor = Actor(connect())
    uid = place.raw("SECOND_CUSTOMER").me()["uid"]
    target = ref(Kind.MEMBER, uid)
    if "mute" not in (actor.me.may or ()):
        intent, before = actor.before(actor.intent(Action.MUTE, target, reason="No right"))
        with pytest.raises(RefusedError, match="forbidden"):
            actor.connection.push(Action.MUTE).send(intent, before)
        need("ADMIN")
        actor = Actor(connect("ADMIN"))
    until = datetime.now(UTC) + timedelta(hours=3)
    done = actor.act(Action.MUTE, target, reason="A live check", until=until.isoformat())
    assert done.evidence.answer is Answer.HAPPENED
    assert place.raw().get(f"/api/v3/users/{uid}")["response"]["muted"]
    done = actor.act(Action.UNMUTE, target)
    assert done.evidence.answer is Answer.HAPPENED
    assert not place.raw().get(f"/api/v3/users/{uid}")["response"]["muted"]


@pytest.fixture
def held(place: Place, connect: Connect, ground: Json, need: Need) -> Json:
    """A held reply, written by a newcomer through the connector."""
    need("NEWBIE")
    newcomer, text = Actor(connect("NEWBIE")), f"A newcomer's words {word()}"
    done = patiently(lambda: newcomer.act(Action.REPLY, ref(Kind.THREAD, ground["tid"]), text=text))
    assert done.evidence.answer is Answer.HAPPENED
    if done.evidence.held_id is None:
        place.raw().call("DELETE", f"/api/v3/posts/{done.hints['post']}")
        pytest.skip("this newcomer's posts are held no more")
    return {"id": Ref.parse(done.evidence.held_id).native, "text": text, "done": done, "newcomer": newcomer}


def test_a_held_post_is_edited_answered_and_rejected(place: Place, actor: Actor, held: Json) -> None:
    evidence = held["done"].evidence
    assert evidence.receipt.server_id == f"held:{held['id']}"
    blind = held["newcomer"].connection.push(Action.REPLY).look(held["done"].intent, {}, lambda _: False)
    assert (blind.held_id, blind.receipt) == (evidence.held_id, evidence.receipt)
    target, mirror = ref(Kind.HELD, held["id"]), MemoryMirror()
    item = actor.item(target, mirror)
    assert item.body == held["text"]
    text = f"{held['text']}, corrected"
    done = actor.act(Action.EDIT, target, item, text=text)
    assert done.evidence.answer is Answer.HAPPENED
    assert next(p for p in place.raw().held() if p["id"] == held["id"])["data"]["rawContent"] == text
    _, stale = actor.before(actor.intent(Action.APPROVE, target, item))
    assert stale.changed == {"text": "edited"}
    done = actor.act(Action.NOTIFY, target, actor.item(target, mirror), text="Please say which version")
    assert done.evidence.answer is Answer.HAPPENED
    done = actor.act(Action.REJECT, target, actor.item(target, mirror), message="Not like this")
    assert done.evidence.answer is Answer.HAPPENED
    assert held["id"] not in {post["id"] for post in place.raw().held()}
    _, gone = actor.before(actor.intent(Action.APPROVE, target, item))
    assert gone.standing is Standing.GONE
    assert actor.item(target, mirror).state is ItemState.RESOLVED


def test_a_held_post_is_approved_and_found_again_without_hints(place: Place, actor: Actor, held: Json) -> None:
    target = ref(Kind.HELD, held["id"])
    done = actor.act(Action.APPROVE, target, actor.item(target, MemoryMirror()))
    assert done.evidence.answer is Answer.HAPPENED
    blind = actor.look(done.intent)
    assert blind.answer is Answer.HAPPENED
    assert blind.receipt is not None
    assert done.evidence.receipt is not None
    assert blind.receipt.server_id == done.evidence.receipt.server_id
    pid = done.hints["post"]
    assert place.raw().get(f"/api/v3/posts/{pid}")["response"]["content"] == held["text"]
    actor.act(Action.PURGE, ref(Kind.POST, pid))


def test_a_held_post_that_a_colleague_decided_first_is_seen(place: Place, actor: Actor, held: Json, need: Need) -> None:
    need("SECOND_GMOD")
    target = ref(Kind.HELD, held["id"])
    item = actor.item(target, MemoryMirror())
    wishes = [actor.before(actor.intent(action, target, item)) for action in (Action.REJECT, Action.APPROVE)]
    place.raw("SECOND_GMOD").call("DELETE", f"/api/v3/posts/queue/{held['id']}")
    for intent, before in wishes:
        with pytest.raises(TryLaterError, match="overtaken"):
            actor.connection.push(intent.action).send(intent, before)
        _, gone = actor.before(intent)
        assert gone.standing is Standing.GONE
