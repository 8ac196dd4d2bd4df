"""Messages and their readers: begun once, and private with exactly those who should read."""

import json
from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import RefusedError, UnclearError
from moderation.ids import Kind, Ref
from sync.connector import Answer, Standing
from tests.conformance.acting import Actor
from tests.sync.discourse import made
from tests.sync.discourse.scripted import NAME, Said, Script

MEMBER = Ref(NAME, Kind.MEMBER, str(made.AUTHOR))
THREAD = Ref(NAME, Kind.THREAD, "301")
WHO = {"id": made.AUTHOR, "username": "piet.oak"}


def private(*readers: int, groups: tuple[str, ...] = (), **facts: Any) -> dict[str, Any]:
    """The thread as a message that these may read."""
    page = made.topic_page([made.post()], archetype="private_message", category_id=None, **facts)
    page["details"] |= {
        "allowed_users": [{"id": one, "username": f"member_{one}"} for one in readers],
        "allowed_groups": [{"id": n, "name": name} for n, name in enumerate(groups, 40)],
    }
    return page


def sent(script: Script) -> list[tuple[str, Any]]:
    """Writes, in order."""
    writes = [heard for heard in script.server.heard if not heard.line.startswith("GET ")]
    return [(heard.line.split(" ")[1], json.loads(heard.body)) for heard in writes]


def test_with_a_key_of_the_site_a_message_has_an_id_of_ours(script: Script) -> None:
    script.on(r"/admin/users/58\.json", WHO)
    script.on(r"/private-posts", {"private_posts": []})
    script.on(
        r"/posts\.json", {"action": "create_post", "post": made.post(9940, topic_id=340), "success": True}, "POST"
    )
    actor = Actor(script.connect(acts_as="4"))
    assert actor.connection.guards_repeats(Action.MESSAGE)
    intent, before = actor.before(actor.intent(Action.MESSAGE, MEMBER, text="About your kettle, in private"))
    hints = actor.connection.push(Action.MESSAGE).send(intent, before)
    ((_, body),) = sent(script)
    assert (body["external_id"], body["target_recipients"]) == (intent.id, "piet.oak")
    assert body["title"] == "About your kettle, in private"
    assert actor.look(intent).answer is Answer.ABSENT
    page = made.topic_page([made.post(9940, user_id=made.ME)], archetype="private_message")
    script.on(rf"/t/external_id/{intent.id}", Said(301, raw=b"", headers={"Location": "/t/340.json"}))
    script.on(r"/t/340\.json", page)
    for known in (hints, {}):
        found = actor.look(intent, known)
        assert (found.answer, found.receipt and found.receipt.server_id) == (Answer.HAPPENED, "post:9940")
    script.on(r"/posts\.json", Said(422, {"action": "create_post", "errors": ["schon vergeben"]}), "POST")
    assert actor.connection.push(Action.MESSAGE).send(intent, before) == {}


def test_with_a_key_of_ones_own_author_time_and_text_are_compared(script: Script) -> None:
    script.on(r"/admin/users/58\.json", WHO)
    old = made.post(9930, user_id=made.ME, post_number=1, raw="About your kettle")
    script.on(r"/private-posts", {"private_posts": [old]})
    actor = Actor(script.connect())
    assert not actor.connection.guards_repeats(Action.MESSAGE)
    intent, _ = actor.before(actor.intent(Action.MESSAGE, MEMBER, text="About your kettle \r\n"))
    assert actor.look(intent).answer is Answer.ABSENT
    assert actor.look(intent, {"post": 9941}).answer is Answer.UNCLEAR, "the server has acknowledged it"
    new = {**old, "id": 9941, "created_at": "2999-01-01T00:00:00.000Z"}
    script.on(r"/private-posts", {"private_posts": [{**new, "user_id": made.COLLEAGUE, "id": 9942}, new, old]})
    found = actor.look(intent)
    assert (found.answer, found.receipt and found.receipt.server_id) == (Answer.HAPPENED, "post:9941")


def test_more_messages_than_are_read_prove_nothing(script: Script) -> None:
    script.on(r"/admin/users/58\.json", WHO)
    script.on(r"/private-posts", {"private_posts": []})
    actor = Actor(script.connect())
    intent, _ = actor.before(actor.intent(Action.MESSAGE, MEMBER, text="About your kettle"))
    late = {"post_number": 1, "created_at": "2999-01-01T00:00:00.000Z", "user_id": made.COLLEAGUE}
    script.on(r"/private-posts", {"private_posts": [made.post(9950 + number, **late) for number in range(20)]})
    assert actor.look(intent).answer is Answer.UNCLEAR


def test_a_member_who_is_not_there(script: Script) -> None:
    actor = Actor(script.connect())
    assert actor.before(actor.intent(Action.MESSAGE, MEMBER, text="Hello"))[1].standing is Standing.GONE


def test_converting_ends_with_the_right_readers(script: Script) -> None:
    """The asker was shut out, a bystander let in, and the team is missing."""
    script.on(r"/t/301\.json", made.topic_page([made.post()]))
    script.on(r"/admin/users/58\.json", WHO)
    actor = Actor(script.connect())
    intent = actor.intent(Action.CONVERT, THREAD, readers=[f"{NAME}:member:{made.COLLEAGUE}"], groups=["team"])
    with pytest.raises(RefusedError, match="may_not_convert"):
        actor.before(intent)
    public = made.topic_page([made.post()])
    public["details"]["can_convert_topic"] = True
    script.on(r"/t/301\.json", public)
    intent, before = actor.before(intent)
    script.on(r"/t/301\.json", private(made.ME, made.REPORTER, made.COLLEAGUE))
    script.on(r"/t/301/", {"success": True}, "PUT")
    script.on(r"/t/301/", {"success": True}, "POST")
    actor.connection.push(Action.CONVERT).send(intent, before)
    assert sent(script) == [
        ("/t/301/convert-topic/private.json", {}),
        ("/t/301/invite.json", {"user": "piet.oak"}),
        ("/t/301/invite-group.json", {"group": "team", "should_notify": True}),
        ("/t/301/remove-allowed-user.json", {"username": f"member_{made.REPORTER}"}),
    ]
    assert actor.look(intent).answer is Answer.ABSENT
    script.on(r"/t/301\.json", private(made.ME, made.AUTHOR, made.COLLEAGUE, groups=("team",)))
    assert actor.look(intent).answer is Answer.HAPPENED
    assert actor.before(intent)[1].standing is Standing.ALREADY


def test_a_repair_that_breaks_off_is_gone_on_with(script: Script) -> None:
    public = made.topic_page([made.post()])
    public["details"]["can_convert_topic"] = True
    script.on(r"/t/301\.json", public)
    actor = Actor(script.connect())
    intent, before = actor.before(actor.intent(Action.CONVERT, THREAD))
    script.on(r"/t/301\.json", private(made.ME, made.AUTHOR, made.REPORTER))
    script.on(r"/convert-topic", {"success": True}, "PUT")
    script.on(r"/remove-allowed-user", Said(422, made.error()), "PUT")
    with pytest.raises(UnclearError, match="readers_not_repaired"):
        actor.connection.push(Action.CONVERT).send(intent, before)
    assert actor.look(intent).answer is Answer.ABSENT
    script.on(r"/remove-allowed-user", {"success": "OK"}, "PUT")
    intent, before = actor.before(intent)
    actor.connection.push(Action.CONVERT).send(intent, before)
    assert [path for path, _ in sent(script)].count("/t/301/convert-topic/private.json") == 1


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_whatever_breaks_the_repair_the_thread_counts_as_converted(script: Script, status: int) -> None:
    """Refused would say that it is still public."""
    public = made.topic_page([made.post()])
    public["details"]["can_convert_topic"] = True
    script.on(r"/t/301\.json", public)
    actor = Actor(script.connect())
    intent, before = actor.before(actor.intent(Action.CONVERT, THREAD))
    script.on(r"/convert-topic", {"success": True}, "PUT")
    script.on(r"/t/301\.json", Said(status, made.error("not_found")))
    with pytest.raises(UnclearError):
        actor.connection.push(Action.CONVERT).send(intent, before)


def test_a_public_thread_takes_no_guests(script: Script) -> None:
    script.on(r"/t/301\.json", made.topic_page([made.post()]))
    actor = Actor(script.connect())
    with pytest.raises(RefusedError, match="not_a_message"):
        actor.before(actor.intent(Action.INVITE, THREAD, group="team"))


def test_who_is_in_already_is_not_invited_again(script: Script) -> None:
    script.on(r"/t/301\.json", private(made.ME, made.AUTHOR, groups=("team",)))
    actor = Actor(script.connect())
    for payload in ({"group": "team"}, {"member": str(MEMBER)}):
        assert actor.before(actor.intent(Action.INVITE, THREAD, **payload))[1].standing is Standing.ALREADY
        assert actor.before(actor.intent(Action.UNINVITE, THREAD, **payload))[1].standing is Standing.CLEAR
