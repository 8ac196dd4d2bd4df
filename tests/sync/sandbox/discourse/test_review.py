"""The review queue: pages, filters, what stands beside, and offers."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.sandbox.discourse.conftest import ADMIN, COLLEAGUE, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]
SIDES = {
    "users",
    "topics",
    "reviewable_scores",
    "bundled_actions",
    "actions",
    "reviewable_notes",
    "reviewable_histories",
}


def test_a_page_fits_the_schema_and_has_what_the_example_has(
    site: Discourse, mod: Client, fits: Fits, same_keys: Fits
) -> None:
    item = site.report()
    site.community.state.thread(_thread(site, item)).tags = ("wifi",)
    page = mod.get("/review.json?status=pending&sort_order=created_at")
    fits("review_list", page)
    absent = {"topic_id", "topic_url", "post_id", "cooked", "raw", "reply_count", "post_updated_at", "post_version"}
    same_keys("review_list_200", page, frozenset(absent | {"target_url", "target_created_at"}))
    for one in page["reviewables"]:
        fits("review_show", mod.get(f"/review/{one['id']}.json"))


def test_ten_a_page_and_an_address_of_the_rest(site: Discourse, mod: Client) -> None:
    total = mod.get("/review/count.json")["count"]
    first = mod.get("/review.json?status=pending&sort_order=score")
    assert (len(first["reviewables"]), first["meta"]["total_rows_reviewables"]) == (10, total)
    path, seen = "/review.json?status=pending&sort_order=score", list[int]()
    while path:
        page = mod("GET", path, Accept="application/json").json()
        seen += [one["id"] for one in page["reviewables"]]
        path = page["meta"].get("load_more_reviewables", "")
    assert len(seen) == len(set(seen)) == total


def test_an_empty_page_has_nothing_beside(mod: Client, fits: Fits) -> None:
    page = mod.get("/review.json?username=nobody_at_all")
    assert page["reviewables"] == []
    assert not SIDES & set(page)
    assert "load_more_reviewables" not in page["meta"]
    fits("review_list", page)


@pytest.mark.parametrize("query", ["status=nonsense", "type=Nonsense", "priority=much", "sort_order=up"])
def test_wrong_filters_are_refused(mod: Client, fits: Fits, query: str) -> None:
    answer = mod("GET", f"/review.json?{query}")
    assert (answer.status_code, answer.json()["error_type"]) == (400, "invalid_parameters")
    fits("error", answer.json(), "400")


def test_filters(site: Discourse, mod: Client) -> None:
    item = site.report(CUSTOMER, "Harassment", "wren_sallowfield")
    thread = _thread(site, item)

    def found(query: str) -> list[int]:
        return [one["id"] for one in mod.get(f"/review.json?{query}")["reviewables"]]

    assert found(f"topic_id={thread}") == [item]
    assert item in found("username=Wren_Sallowfield&sort_order=created_at")
    assert item in found(f"flagged_by={CUSTOMER}&sort_order=created_at")
    assert found(f"ids[]={item}&ids[]=999999") == [item]
    assert item in found(f"score_type=4&category_id={site.forum('Billing')}&sort_order=created_at")
    assert found(f"topic_id={thread}&score_type=8") == []
    assert found("from_date=2026-11-22T12:00:00Z&type=ReviewableFlaggedPost") == [item]
    assert found("to_date=2000-01-01T00:00:00Z") == []
    site.community.decide_as(COLLEAGUE, item, "resolved")
    assert found(f"topic_id={thread}") == []
    for status in ("approved", "reviewed", "all"):
        assert found(f"topic_id={thread}&status={status}") == [item]
    assert item in found(f"status=approved&reviewed_by={COLLEAGUE}&sort_order=created_at")


def test_orders(site: Discourse, mod: Client) -> None:
    down = [one["score"] for one in mod.get("/review.json?sort_order=score")["reviewables"]]
    assert down == sorted(down, reverse=True)
    times = [one["created_at"] for one in mod.get("/review.json?sort_order=created_at_asc")["reviewables"]]
    assert times == sorted(times)


def test_a_floor_hides_low_scores_but_not_held_posts(site: Discourse, mod: Client) -> None:
    everything = mod.get("/review.json?priority=low")["meta"]["total_rows_reviewables"]
    high = mod.get("/review.json?priority=high")
    assert high["meta"]["total_rows_reviewables"] < everything
    assert "ReviewableQueuedPost" in {one["type"] for one in high["reviewables"]} | _types(mod, "priority=high")
    assert high["meta"]["reviewable_count"] == mod.get("/review/count.json")["count"] == everything
    site.settings.floor = "high"
    assert mod.get("/review/count.json")["count"] == high["meta"]["total_rows_reviewables"]
    assert mod.get("/review.json?priority=low")["meta"]["total_rows_reviewables"] == everything


def test_only_those_who_review_get_in(site: Discourse, customer: Client, fits: Fits) -> None:
    for path in ("/review.json", "/review/count.json", "/review/1.json"):
        answer = customer("GET", path)
        assert (answer.status_code, answer.json()["error_type"]) == (403, "invalid_access")
    assert site.as_nobody()("GET", "/review.json").json()["error_type"] == "not_logged_in"


def test_a_category_moderator_sees_what_stands_there(site: Discourse) -> None:
    own = site.as_user("rolf_quarrier")
    forums = {site.forum(name) for name in ("Billing", "Contracts", "Private cases")}
    item = site.report()
    rows = [one for page in range(0, 40, 10) for one in own.get(f"/review.json?offset={page}")["reviewables"]]
    assert item in [one["id"] for one in rows]
    assert {one["category_id"] for one in rows} <= forums
    other = next(i for i in site.community.state.tables.items.values() if i.forum not in forums)
    assert own("GET", f"/review/{other.id}.json").status_code == 404


def test_what_the_flagger_said_stands_in_a_conversation(site: Discourse, mod: Client) -> None:
    item = site.report(reason="Please look, I am worried")
    page = mod.get(f"/review/{item}.json")
    score = page["reviewable_scores"][0]
    talk = next(t for t in page["reviewable_conversations"] if t["id"] == score["reviewable_conversation_id"])
    post = next(p for p in page["conversation_posts"] if p["id"] in talk["conversation_post_ids"])
    assert post["excerpt"] == "Please look, I am worried"
    assert (score["score_type_id"], score["user_id"]) == (7, site.community.uid(CUSTOMER))


def test_the_shapes_of_2025(site: Discourse, mod: Client, fits: Fits) -> None:
    site.settings.release = "2025"
    item = site.report(reason="<b>Spam</b>")
    site.community.state.thread(_thread(site, item)).tags = ("wifi",)
    site.community.decide_as(MODERATOR, item, assignee=COLLEAGUE)
    page = mod.get(f"/review/{item}.json")
    fits("review_show", page)
    assert page["reviewable"]["bundled_action_ids"][:3] == [f"{item}-agree", f"{item}-disagree", f"{item}-ignore"]
    assert f"{item}-agree_and_hide" in [action["id"] for action in page["actions"]]
    assert page["reviewable_scores"][0]["reason"] == "&lt;b&gt;Spam&lt;/b&gt;"
    assert page["reviewable"]["topic_tags"] == ["wifi"]
    assert page["reviewable"]["claimed_by_id"] == site.community.uid(COLLEAGUE)
    assert "claimed_bies" not in page
    body = {"reviewable_note": {"content": "Known to us"}}
    assert mod("POST", f"/review/{item}/notes.json", body).status_code == 404
    note = mod.post(f"/reviewables/{item}/notes.json", body)
    assert mod.get(f"/review/{item}.json")["reviewable"]["reviewable_note_ids"] == [note["id"]]


def test_claims_stand_in_a_list_of_their_own(site: Discourse, mod: Client) -> None:
    item = site.report()
    site.community.decide_as(MODERATOR, item, assignee=COLLEAGUE)
    page = mod.get(f"/review/{item}.json")
    claim = page["claimed_bies"][0]
    assert page["reviewable"]["claimed_by_id"] == claim["id"]
    assert claim["user_id"] == site.community.uid(COLLEAGUE)
    assert page["meta"]["types"]["claimed_by"] == "claimed_by"


def test_labels_are_in_the_language_of_the_account_and_actions_are_not(site: Discourse) -> None:
    item = site.report()
    site.community.state.by_name(COLLEAGUE).language = "ja"
    english, japanese = (site.as_user(name).get(f"/review/{item}.json")["actions"] for name in (MODERATOR, COLLEAGUE))
    assert [one["server_action"] for one in english] == [one["server_action"] for one in japanese]
    assert [one["label"] for one in english] != [one["label"] for one in japanese]


def test_offers_follow_post_and_author(site: Discourse, mod: Client) -> None:
    item = site.report()
    plain = _offers(mod, item)
    assert {"agree_and_hide", "agree_and_keep", "agree_and_edit", "delete_and_agree", "disagree"} <= plain
    assert {"agree_and_suspend", "agree_and_silence", "ignore_and_do_nothing", "delete_and_ignore"} <= plain
    actions = {one["server_action"]: one for one in mod.get(f"/review/{item}.json")["actions"]}
    assert actions["agree_and_suspend"]["client_action"] == "suspend"
    assert "client_action" not in actions["agree_and_hide"]
    of_staff = site.report(MODERATOR, author="quillby")
    assert "delete_user" not in _offers(mod, of_staff)
    assert "agree_and_suspend" not in _offers(site.as_user("rolf_quarrier"), item)


def test_a_hidden_post_offers_to_restore_and_not_to_ignore(site: Discourse, mod: Client) -> None:
    from sync.sandbox.discourse import deeds

    item = site.report()
    state = site.community.state
    deeds.veil(state, site.community.uid(ADMIN), state.post(state.item(item).target))
    offered = _offers(mod, item)
    assert {"agree_and_keep_hidden", "disagree_and_restore"} <= offered
    assert not {"agree_and_hide", "disagree", "ignore_and_do_nothing"} & offered
    deeds.show_again(state, site.community.uid(ADMIN), state.post(state.item(item).target))
    deeds.delete(state, site.community.uid(ADMIN), state.post(state.item(item).target))
    assert {"agree_and_keep_deleted", "agree_and_restore", "disagree_and_keep_deleted"} <= _offers(mod, item)


def test_a_held_post_fits_the_example(site: Discourse, mod: Client, same_keys: Fits, fits: Fits) -> None:
    held = next(h for h in site.community.state.tables.held.values() if h.thread)
    page = mod.get("/review.json?type=ReviewableQueuedPost&sort_order=created_at")
    one = next(row for row in page["reviewables"] if row["payload"]["raw"] == held.text)
    shown = mod.get(f"/review/{one['id']}.json")
    same_keys("review_show_queued_200", shown, frozenset({"reply_to_post_number", "composer_open_duration_msecs"}))
    fits("review_show", shown)
    assert shown["reviewable"]["created_by_id"] == -1
    assert shown["reviewable"]["editable_fields"] == [{"id": "payload.raw", "type": "editor"}]
    assert {"approve_post", "reject_post", "revise_and_reject_post", "delete"} <= _offers(mod, one["id"])


def test_a_reported_account_is_a_user_under_review(site: Discourse, mod: Client) -> None:
    from sync.sandbox.state import items

    state = site.community.state
    target = site.community.uid("corvin_brackwater")
    item = items.report(state, site.community.uid(CUSTOMER), "user", target, "Insults in every thread")
    page = mod.get(f"/review/{item.id}.json")
    row = page["reviewable"]
    assert (row["type"], row["target_type"], row["target_id"]) == ("ReviewableUser", "User", target)
    assert _offers(mod, item.id) == {"approve_user", "delete_user", "delete_user_block"}
    assert all(one["require_reject_reason"] for one in page["actions"] if one["server_action"] != "approve_user")


def test_what_a_plugin_adds_has_a_type_that_nobody_knows(site: Discourse, mod: Client, fits: Fits) -> None:
    page = mod.get("/review.json?type=ReviewablePictureScan")
    fits("review_list", page)
    (one,) = page["reviewables"]
    assert page["meta"]["unknown_reviewable_types_and_sources"][0]["type"] == one["type"]
    assert one["payload"]["file"] == "IMG_2041.jpeg"
    assert one["type"] not in page["meta"]["reviewable_types"]
    site.settings.plugin_item = False
    assert mod("GET", "/review.json?type=ReviewableNonsense").status_code == 400


def test_topics_under_review_and_explanations(site: Discourse, mod: Client, same_keys: Fits) -> None:
    item = site.report()
    site.community.decide_as(MODERATOR, item, assignee=COLLEAGUE)
    same_keys("review_topics_200", mod.get("/review/topics.json"))
    told = mod.get(f"/review/{item}/explain.json")["reviewable_explanation"]
    assert told["total_score"] == mod.get(f"/review/{item}.json")["reviewable"]["score"]


def _offers(client: Client, item: int) -> set[str]:
    return {one["server_action"] for one in client.get(f"/review/{item}.json")["actions"]}


def _types(client: Client, query: str) -> set[str]:
    offsets = range(0, 60, 10)
    return {one["type"] for o in offsets for one in client.get(f"/review.json?{query}&offset={o}")["reviewables"]}


def _thread(site: Discourse, item: int) -> int:
    state: Any = site.community.state
    return int(state.post(state.item(item).target).thread)
