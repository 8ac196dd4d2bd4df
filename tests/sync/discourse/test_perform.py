"""Deciding what the server offers: by its name and version, and what each of its noes means."""

from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import ConflictError, RefusedError, TryLaterError
from moderation.ids import Kind, Ref
from moderation.items import Change, Item
from sync.connector import Answer, Before, Standing
from tests.conformance.acting import Actor
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse import made
from tests.sync.discourse.scripted import NAME, Said, Script

ITEM = Ref(NAME, Kind.REVIEW, "812")
DONE = {"reviewable_perform_result": {"success": True, "transition_to": "approved", "version": 4}}
RESOLVE = {"offer": "agree_and_keep", "leads_to": "resolved"}


def moved(by: int, number: int = 8130, status: int = 1) -> dict[str, Any]:
    """The item after somebody's decision."""
    part = made.flagged(status=status, version=4, reviewable_history_ids=[8122, number], bundled_action_ids=[])
    part["reviewable_histories"].append(
        {"id": number, "created_at": made.LATER, "reviewable_history_type": 1, "status": status, "created_by_id": by}
    )
    return made.shown(part)


def seen(script: Script) -> tuple[Actor, Item]:
    script.on(r"/review/812\.json", made.shown(made.flagged()))
    actor = Actor(script.connect())
    return actor, actor.item(ITEM, MemoryMirror())


def test_it_goes_by_name_and_version_and_leaves_a_receipt(script: Script) -> None:
    actor, item = seen(script)
    intent, before = actor.before(actor.intent(Action.RESOLVE, ITEM, item, **RESOLVE))
    assert (before.standing, before.entries) == (Standing.CLEAR, ())
    script.on(r"/perform/", DONE, "PUT")
    hints = actor.connection.push(Action.RESOLVE).send(intent, before)
    assert script.paths[-1] == "PUT /review/812/perform/agree_and_keep.json?version=3"
    script.on(r"/review/812\.json", moved(made.ME))
    found = actor.look(intent, hints)
    assert (found.answer, found.receipt and found.receipt.server_id) == (Answer.HAPPENED, "review:812@h8130")
    assert actor.look(intent).answer is Answer.HAPPENED
    actor.receipts.add("review:812@h8130")
    assert actor.look(intent).answer is Answer.ABSENT


def test_without_a_journalled_name_the_slug_tells(script: Script) -> None:
    actor, item = seen(script)
    script.on(r"/perform/", DONE, "PUT")
    intent, before = actor.before(actor.intent(Action.DISMISS, ITEM, item))
    actor.connection.push(Action.DISMISS).send(intent, before)
    assert script.paths[-1] == "PUT /review/812/perform/disagree.json?version=3"


def test_a_servers_own_action(script: Script) -> None:
    actor, item = seen(script)
    script.on(r"/perform/", DONE, "PUT")
    action = Action("x:delete_and_agree")
    intent, before = actor.before(actor.intent(action, ITEM, item, offer="delete_and_agree", leads_to="resolved"))
    actor.connection.push(action).send(intent, before)
    assert script.paths[-1] == "PUT /review/812/perform/delete_and_agree.json?version=3"


def test_a_decision_of_a_colleague_is_seen_before_and_after(script: Script) -> None:
    actor, item = seen(script)
    script.on(r"/review/812\.json", moved(made.COLLEAGUE, status=2))
    intent, before = actor.before(actor.intent(Action.RESOLVE, ITEM, item, **RESOLVE))
    assert [(entry.by_name, entry.changes) for entry in before.entries] == [("tom_brine", {Change.STATE: "dismissed"})]
    assert actor.look(intent).answer is Answer.ABSENT


def told_no(script: Script, said: Said, after: dict[str, Any]) -> tuple[Actor, Any, Before]:
    """The item changes between look and write."""
    actor, item = seen(script)
    intent, before = actor.before(actor.intent(Action.RESOLVE, ITEM, item, **RESOLVE))
    script.on(r"/perform/", said, "PUT")
    script.on(r"/review/812\.json", after)
    return actor, intent, before


@pytest.mark.parametrize(
    "said", [Said(403, made.error("invalid_access")), Said(409, made.error()), Said(422, made.error())]
)
def test_a_colleague_who_was_first_is_read_again(script: Script, said: Said) -> None:
    actor, intent, before = told_no(script, said, moved(made.COLLEAGUE))
    with pytest.raises(TryLaterError, match="overtaken") as caught:
        actor.connection.push(Action.RESOLVE).send(intent, before)
    assert caught.value.facts["scope"] == "intent"
    _, again = actor.before(intent)
    assert [entry.by_name for entry in again.entries] == ["tom_brine"]
    assert again.standing is Standing.ALREADY


def test_a_claim_of_a_colleague_is_a_conflict(script: Script) -> None:
    claimed = made.flagged(claimed_by_id=33)
    claimed["claimed_bies"] = [{"id": 33, "user_id": made.COLLEAGUE}]
    script.on(r"/review/812\.json", made.shown(claimed))
    actor = Actor(script.connect())
    item = actor.item(ITEM, MemoryMirror())
    intent, before = actor.before(actor.intent(Action.RESOLVE, ITEM, item, **RESOLVE))
    script.on(r"/perform/", Said(422, made.error(text="Ist vergeben")), "PUT")
    with pytest.raises(ConflictError, match="claimed_by_other") as caught:
        actor.connection.push(Action.RESOLVE).send(intent, before)
    assert caught.value.facts["by_name"] == "tom_brine"


def test_a_right_that_was_lost_is_a_refusal(script: Script) -> None:
    without = made.shown(made.flagged(bundled_action_ids=[]))
    actor, intent, before = told_no(script, Said(403, made.error("invalid_access")), without)
    with pytest.raises(RefusedError, match="action_not_offered"):
        actor.connection.push(Action.RESOLVE).send(intent, before)
    with pytest.raises(RefusedError, match="action_not_offered"):
        actor.before(intent)


def test_a_no_with_nothing_changed_is_the_servers_no(script: Script) -> None:
    actor, intent, before = told_no(script, Said(422, made.error(text="Geht nicht")), made.shown(made.flagged()))
    with pytest.raises(RefusedError, match="server_refused"):
        actor.connection.push(Action.RESOLVE).send(intent, before)


def test_an_item_that_its_decision_takes_away(script: Script) -> None:
    actor, item = seen(script)
    intent, before = actor.before(actor.intent(Action.RESOLVE, ITEM, item, **RESOLVE))
    script.on(r"/perform/", DONE, "PUT")
    hints = actor.connection.push(Action.RESOLVE).send(intent, before)
    script.on(r"/review/812\.json", Said(404, made.error("not_found")))
    assert actor.look(intent, hints).answer is Answer.HAPPENED
    assert actor.look(intent).answer is Answer.UNCLEAR
    assert actor.before(intent)[1].standing is Standing.GONE


def test_a_reason_goes_where_the_server_wants_one(script: Script) -> None:
    part = made.flagged(actions=[("delete_user", "Delete", None)])
    part["actions"][0]["require_reject_reason"] = True
    script.on(r"/review/812\.json", made.shown(part))
    script.on(r"/perform/", DONE, "PUT")
    actor = Actor(script.connect())
    action = Action("x:delete_user")
    intent, before = actor.before(actor.intent(action, ITEM, None, offer="delete_user", reason="Spam " * 200))
    actor.connection.push(action).send(intent, before)
    assert b'"reject_reason":"Spam Spam' in script.server.heard[-1].body
    assert len(script.server.heard[-1].body) < 600


def test_the_same_decision_of_a_colleague_is_not_ones_own(script: Script) -> None:
    actor, item = seen(script)
    intent, _ = actor.before(actor.intent(Action.RESOLVE, ITEM, item, **RESOLVE))
    for by, answer in ((made.COLLEAGUE, Answer.ABSENT), (made.ME, Answer.HAPPENED)):
        script.on(r"/review/812\.json", moved(by))
        assert actor.look(intent).answer is answer


@pytest.mark.parametrize(("action", "named", "ends"), [
    (Action.BAN, "suspended_by", "suspended_till"), (Action.MUTE, "silenced_by", "silenced_till"),
])  # fmt: skip
def test_the_same_sanction_of_a_colleague_is_not_ones_own(
    script: Script, action: Action, named: str, ends: str
) -> None:
    member, until = Ref(NAME, Kind.MEMBER, str(made.AUTHOR)), "2999-01-01T00:00:00.000Z"
    user = {"id": made.AUTHOR, "username": "piet.oak"}
    script.on(r"/admin/users/58\.json", user)
    actor = Actor(script.connect())
    intent, _ = actor.before(actor.intent(action, member, until=until))
    since = ends.partition("_")[0] + "_at"
    for by, answer in ((made.COLLEAGUE, Answer.ABSENT), (made.ME, Answer.HAPPENED)):
        script.on(r"/admin/users/58\.json", {**user, since: made.LATER, ends: until, named: {"id": by}})
        assert actor.look(intent).answer is answer
