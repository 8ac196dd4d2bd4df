"""What a server names itself: exactly that is permitted, under its label, and asked for by its name."""

from dataclasses import replace

import msgspec
import pytest

from moderation.actions import SPECS, Action
from moderation.desk.permissions import PermittedAction
from moderation.errors import NotAllowedError
from moderation.ids import Kind
from moderation.intents import Intent, IntentState
from moderation.items import Item, ItemState, Offer, Weight
from moderation.queries import QueueQuery
from tests.fakes import factory
from tests.fakes.factory import ref
from tests.moderation.desk.conftest import Room

KEEP = Offer("agree_and_keep", "resolve", "Keep post", weight=Weight.HARMLESS, leads_to=ItemState.RESOLVED)
IGNORE = Offer("ignore_and_do_nothing", "x:ignore_and_do_nothing", "Ignore flag", leads_to=ItemState.DISMISSED)
HIDE = Offer("agree_and_hide", "hide", "Hide post", leads_to=ItemState.RESOLVED)
SUSPEND = Offer("agree_and_suspend", "ban", "Suspend user", client_action="suspend", leads_to=ItemState.RESOLVED)
REWRITE = Offer("agree_and_edit", "edit", "Edit post", client_action="edit", leads_to=ItemState.RESOLVED)
SCRUB = Offer("scrub", "x:scrub", "Scrub", client_action="scrub")
REVIEW = ref(Kind.REVIEW, 812)


@pytest.fixture
def item(room: Room) -> Item:
    """An item of a platform that names its decisions."""
    found = factory.item(
        id=REVIEW, offers=(KEEP, IGNORE, HIDE, SUSPEND, REWRITE, SCRUB), actions=("lock", "take", "x:note")
    )
    room.mirror.add(found)
    return found


def chosen(room: Room, action: str, **facts: object) -> list[Intent]:
    plan = room.desk.triage.decide(REVIEW, action, **facts)  # type: ignore[arg-type]
    return list(plan.intents)


def test_exactly_what_is_offered_is_permitted(room: Room, item: Item) -> None:
    entries = room.desk.triage.permitted(item)
    allowed = [(str(entry.action), entry.label) for entry in entries if entry.allowed]
    assert allowed == [
        ("resolve", "Keep post"),
        ("x:ignore_and_do_nothing", "Ignore flag"),
        ("hide", "Hide post"),
        ("ban", "Suspend user"),
        ("edit", "Edit post"),
        ("take", None),
        ("lock", None),
    ]
    assert not {"dismiss", "approve", "purge", "x:reopen"} & {str(entry.action) for entry in entries}


def test_what_is_left_to_the_client_and_not_known_is_for_the_browser(room: Room, item: Item) -> None:
    (entry,) = [entry for entry in room.desk.triage.permitted(item) if entry.action == "x:scrub"]
    assert entry == PermittedAction(Action("x:scrub"), False, "only_in_browser", "Scrub", SCRUB)
    with pytest.raises(NotAllowedError, match="only_in_browser"):
        room.desk.triage.decide(REVIEW, "x:scrub")


def test_a_decision_goes_by_the_servers_name(room: Room, item: Item) -> None:
    (intent,) = chosen(room, "x:ignore_and_do_nothing")
    assert (intent.target, intent.item, intent.seen_version) == (REVIEW, REVIEW, "v0")
    assert intent.payload == {"offer": "ignore_and_do_nothing", "leads_to": "dismissed"}
    assert intent.leads_to is ItemState.DISMISSED
    kept = room.journal.intent(intent.id)
    assert kept is not None
    assert kept.action is Action("x:ignore_and_do_nothing")


def test_it_leaves_the_queue_at_once(room: Room, item: Item) -> None:
    before = room.desk.triage.count(QueueQuery())
    chosen(room, "x:ignore_and_do_nothing")
    assert room.desk.triage.count(QueueQuery()) == before - 1


def test_hiding_is_asked_of_the_item(room: Room, item: Item) -> None:
    hide, message, note = chosen(room, "hide", message="for you", note="for us")
    assert (hide.action, hide.target, hide.payload["offer"]) == (Action.HIDE, REVIEW, "agree_and_hide")
    assert [message.action, note.action] == [Action.MESSAGE, Action.NOTE]


def test_suspending_comes_before_the_decision(room: Room, item: Item) -> None:
    ban, decide = chosen(room, "ban", reason="Spam", payload={"until": "2030-01-01T00:00:00Z"})
    assert (ban.action, ban.target) == (Action.BAN, item.author)
    assert ban.payload == {"reason": "Spam", "until": "2030-01-01T00:00:00Z", "prepares": "agree_and_suspend"}
    assert (decide.action, decide.target, decide.state) == ("x:agree_and_suspend", REVIEW, IntentState.BLOCKED)
    assert decide.payload == {"reason": "Spam", "offer": "agree_and_suspend", "leads_to": "resolved"}


def test_editing_needs_its_text_and_comes_before_the_decision(room: Room, item: Item) -> None:
    with pytest.raises(NotAllowedError, match="payload_missing"):
        chosen(room, "edit")
    edit, decide = chosen(room, "edit", payload={"text": "Better"})
    assert (edit.action, edit.target, decide.action) == (Action.EDIT, item.post, "x:agree_and_edit")


@pytest.mark.parametrize("action", ["x:teleport", "dismiss", "approve"])
def test_what_is_not_offered_is_refused(room: Room, item: Item, action: str) -> None:
    with pytest.raises(NotAllowedError, match="action_not_offered"):
        room.desk.triage.decide(REVIEW, action)


def test_a_name_of_a_server_is_an_action_of_its_own() -> None:
    made = Action("x:delete_and_agree")
    assert made is Action("x:delete_and_agree")
    assert (made.value, made.is_servers_own, Action.REOPEN.is_servers_own) == ("x:delete_and_agree", True, False)
    assert made not in SPECS
    assert SPECS[made].kinds == {Kind.REVIEW}
    for text in ("delete_and_agree", "x:", "x:Bad name", "x:" + "a" * 80):
        with pytest.raises(ValueError):
            Action(text)


def test_an_item_without_a_post_says_what_is_missing(room: Room, item: Item) -> None:
    lacking = replace(item, post=None, author=None)
    found = {str(entry.action): entry.why_not for entry in room.desk.triage.permitted(lacking)}
    assert (found["ban"], found["edit"]) == ("nothing_to_act_on", "nothing_to_act_on")


def test_a_gone_item_offers_nothing(room: Room, item: Item) -> None:
    gone = replace(item, state=ItemState.GONE)
    assert not any(entry.allowed for entry in room.desk.triage.permitted(gone))


def test_offers_are_kept_with_the_item() -> None:
    from sync.mirror.codec import Cold, decode_cold, encode

    assert decode_cold(encode(Cold(offers=(SUSPEND,)))).offers == (SUSPEND,)
    assert decode_cold(msgspec.json.encode({"body": "from an older file"})).offers is None
