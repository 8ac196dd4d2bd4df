"""Items of every release and type; what is absent is tolerated, what is unknown shown plainly."""

import json
import random
from typing import Any

import pytest

from moderation.content import Identity
from moderation.ids import Kind
from moderation.items import Change, Item, ItemState, Weight
from sync.discourse.decode_review import item_of, sides_of
from sync.discourse.decoders import REVIEW, REVIEWABLE
from sync.discourse.ids import Namer
from sync.discourse.rights import Rights, may, roles_of
from sync.discourse.versions import ReviewVersion, entries_after
from tests.sync.discourse import made

NAMES = Namer("sample")
ROLES = roles_of(admin=False, moderator=True, can_review=True)
RIGHTS = Rights(Identity(NAMES.ref(Kind.MEMBER, made.ME), "mara_vell", ROLES, None, may(ROLES)), "mara_vell")


def items(answer: dict[str, Any]) -> list[Item]:
    found = REVIEW.decode(made.body(answer))
    sides = sides_of(found, "/review.json")
    return [item_of(REVIEWABLE.decode(bytes(raw)), sides, NAMES, RIGHTS) for raw in found.reviewables]


def one(part: dict[str, Any], **meta: Any) -> Item:
    (found,) = items(made.review(part, **meta))
    return found


def test_a_flagged_post() -> None:
    item = one(made.flagged())
    assert str(item.id) == "sample:review:812"
    assert (item.state, item.report_count, item.detail) == (ItemState.OPEN, 1, True)
    refs = [str(ref) for ref in (item.forum, item.thread, item.post, item.author)]
    assert refs == ["sample:forum:5", "sample:thread:301", "sample:post:9902", f"sample:member:{made.AUTHOR}"]
    assert (item.author_name, item.thread_title) == ("piet.oak", "Kettle keeps dropping the line")
    assert (item.body, item.body_html) == ("Buy my beans", "<p>Buy my beans</p>")
    (report,) = item.reports
    assert (report.text, report.reporter_name) == ("It's spam", "rosa_finch")
    (note,) = item.notes
    assert (note.id, note.author_name, note.text) == ("8121", "tom_brine", "Ask him first")
    assert {key: entry.changes for key, entry in ((e.key, e) for e in item.history)} == {
        "h8122": {Change.CREATED: ""},
        "s8120": {Change.REPORT: "It's spam"},
    }
    assert ReviewVersion.parse(item.version) == ReviewVersion(3, 8122, 8120, "", 2)


def test_offers_have_our_slugs_where_one_fits_and_the_servers_labels() -> None:
    item = one(made.flagged())
    assert item.offers is not None
    assert [(offer.name, offer.slug, offer.label) for offer in item.offers] == [
        ("agree_and_hide", "hide", "Hide post"),
        ("agree_and_keep", "resolve", "Keep post"),
        ("agree_and_edit", "edit", "Edit post"),
        ("delete_and_agree", "x:delete_and_agree", "Delete post"),
        ("agree_and_silence", "mute", "Silence user"),
        ("agree_and_suspend", "ban", "Suspend user"),
        ("disagree", "dismiss", "The flag was wrong"),
        ("ignore_and_do_nothing", "x:ignore_and_do_nothing", "Ignore"),
    ]
    assert [offer.client_action for offer in item.offers if offer.client_action] == ["edit", "silence", "suspend"]
    ends = {offer.name: offer.leads_to for offer in item.offers}
    assert ends["agree_and_keep"] is ItemState.RESOLVED
    assert ends["ignore_and_do_nothing"] is ends["disagree"] is ItemState.DISMISSED


@pytest.mark.parametrize(
    ("name", "slug", "weight"),
    [
        ("a_new_one", "x:a_new_one", Weight.TAKES_AWAY),
        ("note", "x:do_note", Weight.TAKES_AWAY),
        ("delete_user", "x:delete_user", Weight.FINAL),
        ("ignore", "x:ignore", Weight.HARMLESS),
    ],
)
def test_names_that_are_not_known_are_kept(name: str, slug: str, weight: Weight) -> None:
    item = one(made.flagged(actions=[(name, "<b>New</b> &amp; <i>odd</i>", None)]))
    assert item.offers is not None
    (offer,) = item.offers
    assert (offer.slug, offer.label, offer.weight) == (slug, "New & odd", weight)


def test_a_name_that_could_not_be_asked_for_is_left_out() -> None:
    assert one(made.flagged(actions=[("../../admin", "Evil", None), ("", "Empty", None)])).offers == ()


def test_two_that_fit_one_slug() -> None:
    item = one(made.flagged(actions=[("agree_and_keep", "Keep", None), ("agree_and_keep_hidden", "Keep hidden", None)]))
    assert [offer.slug for offer in item.offers or ()] == ["resolve", "x:agree_and_keep_hidden"]


def test_confirm_texts_and_reject_reasons() -> None:
    part = made.flagged(actions=[("delete_user", "Delete", None)])
    part["actions"][0] |= {"confirm_message": "<p>Sure?</p>", "require_reject_reason": True, "description": "All of it"}
    (offer,) = one(part).offers or ()
    assert (offer.confirm, offer.needs_reject_reason, offer.description) == ("Sure?", True, "All of it")


def test_a_queued_post_is_held_and_may_be_edited() -> None:
    item = one(made.queued())
    assert (item.state, item.body, item.post) == (ItemState.HELD, "Same here", None)
    assert [offer.slug for offer in item.offers or ()] == ["approve", "reject"]
    assert item.actions is not None
    assert "edit" in item.actions
    assert {offer.leads_to for offer in item.offers or ()} == {ItemState.RESOLVED}


@pytest.mark.parametrize(
    ("status", "flagged", "held"),
    [
        (0, ItemState.OPEN, ItemState.HELD),
        (1, ItemState.RESOLVED, ItemState.RESOLVED),
        (2, ItemState.DISMISSED, ItemState.RESOLVED),
        (3, ItemState.DISMISSED, ItemState.RESOLVED),
        (4, ItemState.GONE, ItemState.GONE),
        (77, ItemState.OPEN, ItemState.HELD),
    ],
)
def test_states(status: int, flagged: ItemState, held: ItemState) -> None:
    assert one(made.flagged(status=status)).state is flagged
    assert one(made.queued(status=status)).state is held


def test_a_new_member() -> None:
    payload = {"username": "newbie", "email": "n@example.org", "bio": "Hello"}
    part = made.flagged(
        type="ReviewableUser", target_type="User", target_id=61, post_id=None, topic_id=None, raw=None, cooked=None,
        category_id=None, payload=payload, target_created_by_id=None,
    )  # fmt: skip
    item = one(part)
    assert (str(item.author), item.author_name, item.post, item.thread) == ("sample:member:61", "newbie", None, None)
    assert item.body == "username: newbie\nemail: n@example.org\nbio: Hello"


def test_a_type_that_is_not_known_is_shown_plainly() -> None:
    part = made.flagged(
        type="ReviewableChatMessage", target_type="Chat::Message", post_id=None, raw=None, cooked=None, payload=["odd"],
        actions=[("agree_and_keep_message", "Keep message", None)],
    )  # fmt: skip
    item = one(part)
    assert (item.state, item.extra["type"], item.body) == (ItemState.OPEN, "ReviewableChatMessage", None)
    assert [offer.label for offer in item.offers or ()] == ["Keep message"]


def test_a_message_under_review_is_private() -> None:
    part = made.flagged(category_id=None)
    part["topics"] = [made.topic(archetype="private_message", category_id=None)]
    assert str(one(part).forum) == "sample:forum:messages"


def test_older_shapes() -> None:
    part = made.flagged(claimed_by_id=made.COLLEAGUE, topic_tags=["kettles"])
    part["reviewable_scores"][0] |= {"reason": "Auto: <a href='/x'>watched word</a> &lt;beans&gt;"}
    for name in ("claimed_bies", "reviewable_notes"):
        del part[name]
    for name in ("reviewable_note_ids", "type_source", "post_version"):
        del part["reviewable"][name]
    part["actions"][0]["id"], part["bundled_actions"][0]["action_ids"] = "agree_and_hide", ["agree_and_hide"]
    item = one(part, types={"claimed_by": "user"})
    assert (item.claimed_by, item.assignee_name) == (NAMES.ref(Kind.MEMBER, made.COLLEAGUE), "tom_brine")
    assert item.reports[0].text == "It's spam · Auto: watched word <beans>"
    assert [offer.slug for offer in item.offers or ()] == ["hide"]
    assert item.notes == ()


def test_claims_of_newer_releases() -> None:
    part = made.flagged(claimed_by_id=33)
    part["claimed_bies"] = [{"id": 33, "user_id": made.COLLEAGUE, "automatic": False}]
    assert one(part).claimed_by == NAMES.ref(Kind.MEMBER, made.COLLEAGUE)
    del part["claimed_bies"]
    assert one(part).claimed_by is None


def test_a_reason_by_name_and_a_conversation() -> None:
    part = made.queued()
    part["reviewable_scores"][0] |= {
        "reason_type": "watched_word", "reason_data": {"word": "beans"}, "reviewable_conversation_id": 70,
    }  # fmt: skip
    part["reviewable_conversations"] = [{"id": 70, "permalink": "/t/70", "conversation_post_ids": [71, 72]}]
    part["conversation_posts"] = [{"id": 71, "excerpt": "He <b>sells</b>"}, {"id": 72, "excerpt": "Indeed"}]
    item = one(part)
    assert item.reports[0].text == "It's spam · watched word beans · He sells / Indeed"
    assert item.extra["conversations"] == "70"


def test_what_was_not_seen() -> None:
    part = made.flagged(reviewable_history_ids=[8122, 8130], status=1)
    part["reviewable_histories"].append(
        {
            "id": 8130,
            "created_at": made.LATER,
            "reviewable_history_type": 1,
            "status": 1,
            "created_by_id": made.COLLEAGUE,
        }
    )
    item = one(part)
    (entry,) = entries_after(ReviewVersion(3, 8122, 8120), item.history)
    assert (entry.by_name, entry.changes) == ("tom_brine", {Change.STATE: "resolved"})
    claimed = {"id": 8131, "created_at": made.LATER, "reviewable_history_type": 3, "created_by_id": made.COLLEAGUE}
    part["reviewable_histories"].append(claimed)
    part["reviewable"]["reviewable_history_ids"].append(8131)
    assert one(part).history[0].changes == {Change.ASSIGNEE: "tom_brine"}
    assert entries_after(None, item.history) == ()


def test_an_empty_page_lacks_all_lists() -> None:
    assert items({"reviewables": [], "meta": {}}) == []
    assert items({"reviewables": []}) == []


def test_fields_added_absent_and_in_another_order() -> None:
    """What the item says does not depend on what else is there, nor in which order; what is absent is only missing."""
    chance = random.Random(7)
    plain = made.review(made.flagged())
    wanted = items(plain)
    needed = {"id", "created_at", "reviewables"}

    def shaken(value: Any) -> Any:
        if isinstance(value, dict):
            rows = [(name, shaken(inner)) for name, inner in value.items()] + [("added_later", {"x": [1, None]})]
            chance.shuffle(rows)
            return dict(rows)
        if isinstance(value, list):
            return [shaken(inner) for inner in value]
        return value

    def thinned(value: Any) -> Any:
        if isinstance(value, dict):
            return {n: thinned(v) for n, v in value.items() if n in needed or chance.random() > 0.3}
        return [thinned(inner) for inner in value] if isinstance(value, list) else value

    for _ in range(50):
        assert items(shaken(plain)) == wanted
        (item,) = items(thinned(plain))
        assert item.id == wanted[0].id
        json.dumps(item.extra)


@pytest.mark.parametrize("where", ["users", "topics", "reviewable_scores", "actions", "reviewable_histories"])
def test_a_record_that_does_not_fit_is_told_and_the_rest_kept(where: str) -> None:
    answer = made.review(made.flagged())
    answer[where] = [*answer[where], {"id": "no number"}, None]
    found = REVIEW.decode(made.body(answer))
    assert sides_of(found, "/review.json").problems.count(f"/review.json {where}") >= 1
    assert len(items(answer)) == 1
