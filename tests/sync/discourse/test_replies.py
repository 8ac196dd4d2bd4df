"""Replies, whispers and edits: posted once, held, lost and found again."""

import json
from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import RefusedError, TryLaterError
from moderation.ids import Kind, Ref
from sync.connector import Answer, Standing
from tests.conformance.acting import Actor
from tests.sync.discourse import made
from tests.sync.discourse.scripted import NAME, Said, Script

THREAD, POST = Ref(NAME, Kind.THREAD, "301"), Ref(NAME, Kind.POST, "9902")
TEXT = "An answer of ours  \r\n\r\n"


@pytest.fixture
def thread(script: Script) -> Script:
    """A thread with one post, and an empty queue."""
    script.on(r"/t/301\.json", made.topic_page([made.post()]))
    script.on(r"/review\.json", {"reviewables": [], "meta": {}})
    script.on(r"/posts/9902\.json", made.post())
    return script


def came(script: Script, *posts: dict[str, Any]) -> None:
    """These posts are in the thread now."""
    script.on(r"/t/301\.json", made.topic_page([made.post()], [9902, *(post["id"] for post in posts)]))
    script.on(r"/t/301/posts\.json", {"post_stream": {"posts": list(posts)}, "id": 301})


def own(native: int = 9931, **facts: Any) -> dict[str, Any]:
    return made.post(native, **{"user_id": made.ME, "raw": "An answer of ours", "post_number": 3} | facts)


def test_a_reply_asks_for_the_nested_form(thread: Script) -> None:
    actor = Actor(thread.connect())
    thread.on(r"/posts\.json", {"action": "create_post", "post": own(), "success": True}, "POST")
    intent, before = actor.before(actor.intent(Action.REPLY, THREAD, text=TEXT, to_post=str(POST)))
    assert before.baseline["post"] == 9902
    hints = actor.connection.push(Action.REPLY).send(intent, before)
    assert json.loads(thread.server.heard[-1].body) == {
        "topic_id": 301, "raw": TEXT, "nested_post": True, "reply_to_post_number": 2,
    }  # fmt: skip
    came(thread, own())
    for known in (hints, {}):
        found = actor.look(intent, known)
        assert (found.answer, found.receipt and found.receipt.server_id) == (Answer.HAPPENED, "post:9931")
        assert [post.body for records in found.records for post in records.posts] == ["An answer of ours"]


def test_only_an_own_later_post_with_this_text_counts(thread: Script) -> None:
    actor = Actor(thread.connect())
    intent, _ = actor.before(actor.intent(Action.REPLY, THREAD, text=TEXT))
    came(thread, own(user_id=made.COLLEAGUE), own(9932, raw="Something else"), own(9933, post_type=4))
    assert actor.look(intent).answer is Answer.ABSENT
    came(thread, own(9934), own(9935))
    first = actor.look(intent)
    assert first.receipt is not None
    assert first.receipt.server_id == "post:9934"
    actor.receipts.add("post:9934")
    second = actor.look(intent)
    assert second.receipt is not None
    assert second.receipt.server_id == "post:9935"


def test_an_own_post_that_cannot_be_read_is_not_proven_absent(thread: Script) -> None:
    """It would be sent a second time."""
    actor = Actor(thread.connect())
    intent, _ = actor.before(actor.intent(Action.REPLY, THREAD, text=TEXT))
    came(thread, own(created_at="?"))
    assert actor.look(intent).answer is Answer.UNCLEAR


def test_a_held_reply_is_a_success_without_a_post(thread: Script) -> None:
    actor = Actor(thread.connect())
    pending = {"action": "enqueued", "success": True, "pending_count": 1, "pending_post": {"id": 821}}
    thread.on(r"/posts\.json", pending, "POST")
    intent, before = actor.before(actor.intent(Action.REPLY, THREAD, text=TEXT))
    hints = actor.connection.push(Action.REPLY).send(intent, before)
    part = made.queued(821, payload={"raw": "An answer of ours"}, target_created_by_id=made.ME)
    part["reviewable"]["created_at"] = "2999-01-01T00:00:00.000Z"
    thread.on(r"/review\.json.*type=ReviewableQueuedPost", made.review(part))
    for known in (hints, {}):
        found = actor.look(intent, known)
        assert (found.answer, found.held_id) == (Answer.HAPPENED, "sample:review:821")
        assert found.receipt is not None
        assert found.receipt.server_id == "held:821"
    assert "username=mara_vell" in thread.paths[-1]


def test_a_held_reply_that_may_not_be_seen_is_known_from_the_answer(thread: Script) -> None:
    thread.on(r"/session/current", made.session(moderator=False, can_review=False))
    actor = Actor(thread.connect())
    thread.on(r"/posts\.json", {"action": "enqueued", "success": True}, "POST")
    intent, before = actor.before(actor.intent(Action.REPLY, THREAD, text=TEXT))
    hints = actor.connection.push(Action.REPLY).send(intent, before)
    assert actor.look(intent, hints).answer is Answer.HAPPENED
    assert actor.look(intent).answer is Answer.UNCLEAR, "it may wait where this account cannot see it"


def test_absence_is_proven_only_by_places_that_could_be_read(thread: Script) -> None:
    actor = Actor(thread.connect())
    intent, _ = actor.before(actor.intent(Action.REPLY, THREAD, text=TEXT))
    assert actor.look(intent).answer is Answer.ABSENT
    assert actor.look(intent, {"post": 9931}).answer is Answer.UNCLEAR, "the server has acknowledged it"
    thread.on(r"/review\.json", Said(500, made.error()))
    assert actor.look(intent).answer is Answer.UNCLEAR


def test_among_more_posts_than_are_read_it_may_be_one_of_the_others(thread: Script) -> None:
    actor = Actor(thread.connect())
    intent, _ = actor.before(actor.intent(Action.REPLY, THREAD, text=TEXT))
    for many, answer in ((200, Answer.ABSENT), (201, Answer.UNCLEAR)):
        stream = [9902, *range(10_000, 10_000 + many)]
        thread.on(r"/t/301\.json", made.topic_page([made.post()], stream))
        thread.on(r"/t/301/posts\.json", {"post_stream": {"posts": [made.post(10_100)]}, "id": 301})
        assert actor.look(intent).answer is answer


def test_the_company_account_does_not_track_every_thread(thread: Script) -> None:
    actor = Actor(thread.connect(acts_as="4"))
    thread.on(r"/posts\.json", {"action": "create_post", "post": own(), "success": True}, "POST")
    intent, before = actor.before(actor.intent(Action.REPLY, THREAD, text=TEXT))
    actor.connection.push(Action.REPLY).send(intent, before)
    assert json.loads(thread.server.heard[-1].body)["auto_track"] is False
    assert actor.connection.guards_repeats(Action.REPLY)
    assert not actor.connection.guards_repeats(Action.NOTE)
    assert not thread.connect().guards_repeats(Action.REPLY)


def test_a_whisper(thread: Script) -> None:
    actor = Actor(thread.connect())
    thread.on(r"/posts\.json", Said(403, made.error("invalid_access")), "POST")
    intent, before = actor.before(actor.intent(Action.WHISPER, THREAD, text=TEXT))
    with pytest.raises(RefusedError, match="forbidden"):
        actor.connection.push(Action.WHISPER).send(intent, before)
    assert [json.loads(heard.body)["whisper"] for heard in thread.server.heard if heard.body] == [True]
    came(thread, own(9931), own(9932, post_type=4))
    found = actor.look(intent)
    assert found.receipt is not None
    assert found.receipt.server_id == "post:9932"
    assert all(post.staff_only for records in found.records for post in records.posts)


def test_an_empty_reply_and_a_thread_that_is_gone(thread: Script) -> None:
    actor = Actor(thread.connect())
    intent, before = actor.before(actor.intent(Action.REPLY, THREAD, text=" \n"))
    with pytest.raises(RefusedError, match="text_empty"):
        actor.connection.push(Action.REPLY).send(intent, before)
    thread.on(r"/t/301\.json", Said(404, made.error("not_found")))
    assert actor.before(intent)[1].standing is Standing.GONE
    assert actor.look(actor.intent(Action.REPLY, THREAD, text=TEXT)).answer is Answer.UNCLEAR


def test_an_edit_carries_the_text_that_it_replaces(thread: Script) -> None:
    actor = Actor(thread.connect())
    thread.on(r"/posts/9902\.json", {"post": {}}, "PUT")
    intent, before = actor.before(actor.intent(Action.EDIT, POST, text="Better", reason="Prices"))
    assert (before.standing, before.changed) == (Standing.CLEAR, {})
    actor.connection.push(Action.EDIT).send(intent, before)
    body = json.loads(thread.server.heard[-1].body)
    assert body == {"post": {"raw": "Better", "original_text": "Buy my beans", "edit_reason": "Prices"}}
    assert actor.look(intent).answer is Answer.ABSENT
    thread.on(r"/posts/9902\.json", made.post(raw="Better", version=2, updated_at=made.LATER))
    assert actor.look(intent).answer is Answer.HAPPENED
    assert actor.before(intent)[1].standing is Standing.ALREADY


def test_an_edit_of_somebody_else_is_a_conflict(thread: Script) -> None:
    actor = Actor(thread.connect())
    intent, before = actor.before(actor.intent(Action.EDIT, POST, text="Better"))
    thread.on(r"/posts/9902\.json", Said(409, made.error()), "PUT")
    with pytest.raises(TryLaterError, match="overtaken"):
        actor.connection.push(Action.EDIT).send(intent, before)
    later = "2999-01-01T00:00:00.000Z"
    thread.on(r"/posts/9902\.json", made.post(raw="Theirs", version=2, updated_at=later))
    assert actor.before(intent)[1].changed == {"edited": "2999-01-01T00:00:00+00:00"}


def test_a_post_that_cannot_be_seen_any_more_does_not_prove_that_it_was_hidden(thread: Script) -> None:
    """Discourse says 404 for what it forbids: the thread may have gone where this account has no business."""
    actor = Actor(thread.connect())
    intent, _ = actor.before(actor.intent(Action.HIDE, POST))
    thread.on(r"/posts/9902\.json", Said(404, made.error("not_found")))
    assert actor.look(intent).answer is Answer.ABSENT
    assert actor.look(intent, {"done": True}).answer is Answer.HAPPENED


def test_an_answer_in_a_message_does_not_follow_it_into_public(thread: Script) -> None:
    actor = Actor(thread.connect())
    meant = f"{NAME}:forum:messages"
    _, before = actor.before(actor.intent(Action.REPLY, THREAD, text="For you alone", only_in=meant))
    assert before.changed == {"forum": f"{NAME}:forum:5"}
    thread.on(r"/t/301\.json", made.topic_page([made.post()], archetype="private_message", category_id=None))
    _, before = actor.before(actor.intent(Action.REPLY, THREAD, text="For you alone", only_in=meant))
    assert before.changed == {}
