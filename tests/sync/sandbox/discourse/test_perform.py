"""Deciding: order of checks, effects on the common state, claims, notes, histories, versions."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sync.sandbox import serve
from sync.sandbox.state import members
from tests.sync.sandbox.conftest import Client as NodebbClient
from tests.sync.sandbox.discourse.conftest import ADMIN, COLLEAGUE, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]


@pytest.fixture
def nodebb(site: Discourse) -> Iterator[NodebbClient]:
    """The same community as a NodeBB, as its administrator."""
    with serve(site.community) as server:
        yield NodebbClient(server, site.community.token_for(ADMIN))


def perform(client: Client, item: int, action: str, version: int | None = 0, **body: Any) -> Any:
    query = "" if version is None else f"?version={version}"
    return client("PUT", f"/review/{item}/perform/{action}.json{query}", body)


def result(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()["reviewable_perform_result"]


@pytest.mark.parametrize(
    ("action", "status", "state", "deleted"),
    [
        ("agree_and_keep", "approved", "resolved", False),
        ("agree_and_hide", "approved", "resolved", True),
        ("agree_and_edit", "approved", "resolved", False),
        ("agree_and_suspend", "approved", "resolved", False),
        ("delete_and_agree", "approved", "resolved", True),
        ("disagree", "rejected", "rejected", False),
        ("ignore_and_do_nothing", "ignored", "rejected", False),
        ("delete_and_ignore", "ignored", "rejected", True),
    ],
)
def test_a_decision_here_is_one_in_the_other_face(
    site: Discourse, mod: Client, nodebb: NodebbClient, fits: Fits,
    action: str, status: str, state: str, deleted: bool,
) -> None:  # fmt: skip
    item = site.report()
    count, since = mod.get("/review/count.json")["count"], len(site.community.effects())
    answer = perform(mod, item, action)
    fits("review_perform", answer.json())
    told = result(answer)
    assert (told["transition_to"], told["version"], told["reviewable_count"]) == (status, 1, count - 1)
    assert told["remove_reviewable_ids"] == [item]
    flag = nodebb.get(f"/api/v3/flags/{item}")
    assert (flag["state"], bool(flag["target"]["deleted"])) == (state, deleted)
    verbs = [effect["verb"] for effect in site.community.effects(since)]
    assert verbs.count("decide") == 1
    row = mod.get(f"/review/{item}.json")["reviewable"]
    assert row["status"] == told["transition_to_id"]
    assert row["bundled_action_ids"] == []


def test_a_decision_of_the_other_face_is_one_here(site: Discourse, mod: Client) -> None:
    item = site.report()
    site.community.decide_as(COLLEAGUE, item, "resolved")
    page = mod.get(f"/review/{item}.json")
    assert (page["reviewable"]["status"], page["reviewable"]["version"]) == (1, 1)
    last = max(page["reviewable_histories"], key=lambda line: line["id"])
    assert (last["reviewable_history_type"], last["created_by_id"]) == (1, site.community.uid(COLLEAGUE))


def test_a_hidden_post_is_hidden_and_not_deleted(site: Discourse, mod: Client, customer: Client) -> None:
    item = site.report()
    perform(mod, item, "agree_and_hide")
    post = mod.get(f"/review/{item}.json")["reviewable"]["post_id"]
    shown = mod.get(f"/posts/{post}.json")
    assert (shown["hidden"], shown["deleted_at"]) == (True, None)
    assert "cheap" not in customer.get(f"/posts/{post}.json")["cooked"]
    assert site.community.state.post(post).hidden


def test_deleting_the_first_post_deletes_the_topic(site: Discourse, mod: Client, customer: Client) -> None:
    thread = site.new_thread("wren_sallowfield")
    site.community.reply_as(CUSTOMER, thread, "An answer that goes as well")
    item = site.community.report(CUSTOMER, site.first_post(thread), "Spam").id
    perform(mod, item, "delete_and_agree")
    assert customer("GET", f"/t/{thread}.json").status_code == 404
    assert mod.get(f"/t/{thread}.json")["deleted_at"]


def test_missing_version(site: Discourse, mod: Client, fits: Fits) -> None:
    answer = perform(mod, site.report(), "agree_and_keep", None)
    assert answer.status_code == 422
    fits("error", answer.json())


def test_the_order_of_checks(site: Discourse, mod: Client, customer: Client) -> None:
    item = site.report()
    site.community.decide_as(ADMIN, item, "resolved", COLLEAGUE)
    assert perform(mod, 999999, "agree_and_keep", 7).status_code == 404
    taken = site.report(author="benno_crabtree")
    site.community.decide_as(ADMIN, taken, assignee=COLLEAGUE)
    assert perform(mod, taken, "nonsense", 7).status_code == 422
    handled = perform(mod, item, "agree_and_keep", 0)
    assert (handled.status_code, handled.json()["error_type"]) == (403, "invalid_access")
    changed = site.report(author="odette_marrowby")
    site.community.decide_as(COLLEAGUE, changed, "in_progress")
    stale = perform(mod, changed, "agree_and_keep", 0)
    assert (stale.status_code, "error_type" in stale.json()) == (409, False)
    assert result(perform(mod, changed, "agree_and_keep", 1))["version"] == 2


def test_a_new_flag_reopens_the_same_item_with_a_higher_version(site: Discourse, mod: Client) -> None:
    item = site.report()
    perform(mod, item, "disagree")
    post = site.community.state.item(item).target
    again = site.community.report("benno_crabtree", post, "Spam").id
    row = mod.get(f"/review/{item}.json")["reviewable"]
    assert (again, row["status"], row["version"], len(row["reviewable_score_ids"])) == (item, 0, 2, 2)
    assert perform(mod, item, "disagree", 0).status_code == 409


def test_one_action_settles_all_flags(site: Discourse, mod: Client) -> None:
    item = site.report()
    site.community.report("benno_crabtree", site.community.state.item(item).target, "Rude")
    perform(mod, item, "agree_and_keep")
    scores = mod.get(f"/review/{item}.json")["reviewable_scores"]
    assert [(one["status"], bool(one["reviewed_at"])) for one in scores] == [(1, True), (1, True)]


def test_claims_are_per_topic(site: Discourse, mod: Client, fits: Fits) -> None:
    item = site.report()
    thread = mod.get(f"/review/{item}.json")["reviewable"]["topic_id"]
    body = {"reviewable_claimed_topic": {"topic_id": thread}}
    fits("success_ok", mod.post("/reviewable_claimed_topics.json", body))
    colleague = site.as_user(COLLEAGUE)
    taken = colleague("POST", "/reviewable_claimed_topics.json", body)
    assert taken.status_code == 409
    fits("error", taken.json())
    assert perform(colleague, item, "agree_and_keep").status_code == 422
    assert colleague("DELETE", f"/reviewable_claimed_topics/{thread}.json").json() == {"success": "OK"}
    assert colleague("POST", "/reviewable_claimed_topics.json", body).status_code == 200
    kinds = [one["reviewable_history_type"] for one in mod.get(f"/review/{item}.json")["reviewable_histories"]]
    assert kinds == [0, 3, 4, 3]
    verbs = [e["verb"] for e in site.community.effects() if e["verb"] in ("claim", "unclaim")]
    assert verbs == ["claim", "unclaim", "claim"]


def test_a_claim_is_an_assignment_in_the_other_face(site: Discourse, mod: Client, nodebb: NodebbClient) -> None:
    item = site.report()
    thread = mod.get(f"/review/{item}.json")["reviewable"]["topic_id"]
    mod.post("/reviewable_claimed_topics.json", {"reviewable_claimed_topic": {"topic_id": thread}})
    assert int(nodebb.get(f"/api/v3/flags/{item}")["assignee"]) == site.community.uid(MODERATOR)


def test_acting_releases_the_claim(site: Discourse, mod: Client) -> None:
    item = site.report()
    state = site.community.state
    thread = state.post(state.item(item).target).thread
    other = site.community.report("benno_crabtree", state.thread(thread).posts[0], "Spam").id
    mod.post("/reviewable_claimed_topics.json", {"reviewable_claimed_topic": {"topic_id": thread}})
    perform(mod, item, "agree_and_keep")
    assert mod.get(f"/review/{other}.json")["reviewable"]["claimed_by_id"] is None
    assert perform(site.as_user(COLLEAGUE), other, "agree_and_keep").status_code == 200


def test_claims_may_be_required_or_off(site: Discourse, mod: Client) -> None:
    item = site.report()
    thread = mod.get(f"/review/{item}.json")["reviewable"]["topic_id"]
    site.settings.claiming = "required"
    assert perform(mod, item, "agree_and_keep").status_code == 422
    body = {"reviewable_claimed_topic": {"topic_id": thread}}
    mod.post("/reviewable_claimed_topics.json", body)
    site.settings.claiming = "disabled"
    assert mod("POST", "/reviewable_claimed_topics.json", body).status_code == 403
    assert perform(site.as_user(COLLEAGUE), item, "agree_and_keep").status_code == 200


def test_notes(site: Discourse, mod: Client, same_keys: Fits) -> None:
    item = site.report()
    body = {"reviewable_note": {"content": "Asked @quillby to check."}}
    first, second = (mod.post(f"/review/{item}/notes.json", body) for _ in range(2))
    same_keys("review_note_create_200", first)
    assert first["id"] != second["id"]
    assert mod("POST", f"/review/{item}/notes.json", {"reviewable_note": {"content": " "}}).status_code == 422
    assert mod.get(f"/review/{item}.json")["reviewable"]["reviewable_note_ids"] == [first["id"], second["id"]]
    colleague, admin = site.as_user(COLLEAGUE), site.as_user(ADMIN)
    assert colleague("DELETE", f"/review/{item}/notes/{first['id']}.json").status_code == 403
    assert mod("DELETE", f"/review/{item}/notes/{first['id']}.json").status_code == 200
    assert admin("DELETE", f"/review/{item}/notes/{second['id']}.json").status_code == 200
    assert len(site.community.state.item(item).notes) == 0


def held(site: Discourse, mod: Client, topic: bool = False) -> tuple[int, Any]:
    record = next(h for h in site.community.state.tables.held.values() if bool(h.title) is topic)
    for offset in (0, 10):
        page = mod.get(f"/review.json?type=ReviewableQueuedPost&offset={offset}")["reviewables"]
        for row in page:
            if row["payload"]["raw"] == record.text and row["topic_tags"] == [] and _same(row, record):
                return row["id"], record
    raise AssertionError("not in the queue")


def _same(row: Any, record: Any) -> bool:
    return row.get("topic_id", 0) == record.thread


@pytest.mark.parametrize("topic", [False, True])
def test_approving_a_held_post_publishes_it(site: Discourse, mod: Client, fits: Fits, topic: bool) -> None:
    ident, record = held(site, mod, topic)
    answer = perform(mod, ident, "approve_post")
    fits("review_perform", answer.json())
    told = result(answer)
    assert site.community.state.post(told["created_post_id"]).text == record.text
    assert told["created_post_topic_id"] == site.community.state.post(told["created_post_id"]).thread
    assert record.id not in site.community.state.tables.held
    assert [e["verb"] for e in site.community.effects()].count("accept") == 1
    assert perform(mod, ident, "approve_post", 1).status_code == 403


def test_a_rejected_post_can_still_be_approved(site: Discourse, mod: Client) -> None:
    ident, record = held(site, mod)
    assert result(perform(mod, ident, "reject_post"))["transition_to"] == "rejected"
    assert record.id not in site.community.state.tables.held
    assert mod.get("/review.json?status=rejected&type=ReviewableQueuedPost")["reviewables"][0]["id"] == ident
    assert result(perform(mod, ident, "approve_post", 1))["transition_to"] == "approved"


def test_revising_tells_the_author(site: Discourse, mod: Client) -> None:
    ident, record = held(site, mod)
    perform(mod, ident, "revise_and_reject_post", revise_reason="Too short", revise_feedback="Say more")
    notices = site.community.state.tables.notices[record.author]
    assert "Too short Say more" in notices[0].short


def test_held_posts_decided_by_the_other_face_are_decided_here(site: Discourse, mod: Client) -> None:
    from sync.sandbox.state import held as state_held

    first, record = held(site, mod)
    state_held.accept(site.community.state, site.community.uid(COLLEAGUE), record.id)
    page = mod.get(f"/review/{first}.json")
    assert (page["reviewable"]["status"], bool(page["reviewable"]["post_id"])) == (1, True)
    assert page["reviewable_histories"][-1]["created_by_id"] == site.community.uid(COLLEAGUE)


def test_editing_a_held_post(site: Discourse, mod: Client, same_keys: Fits) -> None:
    ident, record = held(site, mod)
    body = {"reviewable": {"payload": {"raw": "A text that was made better"}}}
    assert mod("PUT", f"/review/{ident}.json", body).status_code == 422
    same_keys("review_update_200", mod.put(f"/review/{ident}.json?version=0", body))
    assert record.text == "A text that was made better"
    assert mod("PUT", f"/review/{ident}.json?version=0", body).status_code == 409
    assert perform(mod, ident, "approve_post", 0).status_code == 409
    forbidden = {"reviewable": {"payload": {"title": "New"}}}
    assert mod("PUT", f"/review/{ident}.json?version=1", forbidden).status_code == 403
    assert mod("PUT", f"/review/{site.report()}.json?version=0", body).status_code == 403


def test_what_a_plugin_offers_can_be_done(site: Discourse, mod: Client) -> None:
    ident = mod.get("/review.json?type=ReviewablePictureScan")["reviewables"][0]["id"]
    assert result(perform(mod, ident, "dismiss_match"))["transition_to"] == "rejected"
    assert perform(mod, ident, "dismiss_match", 1).status_code == 403


def test_deleting_a_user_takes_posts_along(site: Discourse, admin: Client) -> None:
    newcomer = site.community.register("spam.seller", reputation=5)
    members.seen(site.community.state, newcomer)
    thread = site.community.open_thread_as("spam.seller", site.forum("Billing"), "Cheap", "Buy here, really cheap")
    item = site.community.report(CUSTOMER, thread.posts[0], "Spam").id
    body = {"reject_reason": "Advertising only", "send_email": False}
    assert result(perform(admin, item, "delete_user_block", **body))["transition_to"] == "approved"
    assert site.community.state.thread(thread.id).hidden
    assert site.community.state.member(newcomer).banned_until == 0


def test_withdrawing_a_flag(site: Discourse, customer: Client, mod: Client) -> None:
    item = site.report()
    assert site.as_user("benno_crabtree")("DELETE", f"/review/{item}.json").status_code == 404
    assert customer("DELETE", f"/review/{item}.json").status_code == 200
    assert mod.get(f"/review/{item}.json")["reviewable"]["status"] == 1


def test_a_restored_backup_forgets_decisions_on_held_posts(site: Discourse, mod: Client) -> None:
    ident, _ = held(site, mod)
    site.community.save_backup()
    perform(mod, ident, "reject_post")
    site.community.restore_backup()
    row = mod.get(f"/review/{ident}.json")["reviewable"]
    assert (row["status"], row["version"]) == (0, 0)
