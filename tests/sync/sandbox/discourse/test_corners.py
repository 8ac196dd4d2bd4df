"""Corners: what is not there, who may not, and the less travelled ways."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.sandbox.discourse.conftest import ADMIN, COLLEAGUE, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]
TEXT = "A text that is long enough"


def whisper(client: Client, thread: int) -> int:
    body = {"topic_id": thread, "raw": TEXT, "whisper": True}
    return int(client.post("/posts.json", body)["id"])


def case(client: Client, to: str = CUSTOMER) -> tuple[int, int]:
    body = {"archetype": "private_message", "title": "A case", "raw": TEXT, "target_recipients": to}
    made = client.post("/posts.json", body)
    return made["topic_id"], made["id"]


def test_whispers_are_edited_and_deleted(site: Discourse, mod: Client) -> None:
    post = whisper(mod, site.new_thread())
    edited = mod.put(f"/posts/{post}.json", {"post": {"raw": f"{TEXT} and better", "original_text": TEXT}})["post"]
    assert (edited["raw"], edited["version"], edited["post_type"]) == (f"{TEXT} and better", 2, 4)
    team = site.as_user("sunniva_holt")
    assert team("PUT", f"/posts/{post}.json", {"post": {"raw": f"{TEXT} by another"}}).status_code == 403
    assert mod("DELETE", f"/posts/{post}.json").status_code == 200
    assert mod("GET", f"/posts/{post}.json").status_code == 404


def test_ones_own_message_is_edited_and_ones_own_post_deleted(site: Discourse, customer: Client) -> None:
    _, post = case(customer, MODERATOR)
    assert customer.put(f"/posts/{post}.json", {"post": {"raw": "Shorter text"}})["post"]["raw"] == "Shorter text"
    own = site.community.reply_as(CUSTOMER, site.new_thread("benno_crabtree"), "A reply of my own").id
    assert customer("DELETE", f"/posts/{own}.json").status_code == 200
    assert site.community.state.post(own).hidden


def test_topics_are_deleted_and_come_back(site: Discourse, mod: Client, customer: Client) -> None:
    thread = site.new_thread()
    assert customer("DELETE", f"/t/{thread}.json").status_code == 403
    assert mod("DELETE", f"/t/{thread}.json").status_code == 200
    assert mod.get(f"/t/{thread}.json")["details"].get("can_recover")
    assert mod("PUT", f"/posts/{site.first_post(thread)}/recover.json").status_code == 200
    assert customer.get(f"/t/{thread}.json")["deleted_at"] is None
    assert customer("PUT", f"/t/{thread}/recover.json").status_code == 403


def test_what_the_sample_does_not_remember_answers_all_the_same(site: Discourse, mod: Client, customer: Client) -> None:
    post = site.first_post(site.new_thread())
    for verb in ("wiki", "post_type", "locked"):
        assert mod("PUT", f"/posts/{post}/{verb}.json", {}).content == b""
        assert customer("PUT", f"/posts/{post}/{verb}.json", {}).status_code == 403
    assert customer("PUT", f"/posts/{post}/unhide.json").status_code == 403


def test_a_post_by_its_number(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    reply = site.community.reply_as("benno_crabtree", thread, "The second post")
    assert mod.get(f"/posts/by_number/{thread}/2.json")["id"] == reply.id
    assert mod("GET", f"/posts/by_number/{thread}/9.json").status_code == 404
    near = mod.get(f"/t/a-slug/{thread}/2.json")
    assert (near["current_post_number"], len(near["post_stream"]["posts"])) == (2, 2)


def test_a_category_alone_leaves_its_children_out(site: Discourse, admin: Client) -> None:
    from sync.sandbox.state import forums

    state, parent = site.community.state, site.forum("Billing")
    child = forums.add(state, "Refunds", "Money back", parent).id
    thread = site.community.open_thread_as("benno_crabtree", child, "A refund, please", TEXT).id
    both, alone = (
        admin.get(f"/c/billing/{parent}{end}.json")["topic_list"]["topics"] for end in ("/l/latest", "/none")
    )
    assert thread in [topic["id"] for topic in both]
    assert thread not in [topic["id"] for topic in alone]
    rows = {
        one["id"]: one
        for one in admin.get("/categories.json?include_subcategories=true")["category_list"]["categories"]
    }
    assert child not in rows
    assert rows[parent]["subcategory_ids"] == [child]
    assert [one["parent_category_id"] for one in rows[parent]["subcategory_list"]] == [parent]
    flat = {one["id"]: one for one in admin.get("/site.json")["categories"]}
    assert (flat[child]["parent_category_id"], flat[parent]["has_children"]) == (parent, True)
    assert "parent_category_id" not in flat[parent]


@pytest.mark.parametrize(
    ("query", "key"),
    [("order=posts", "posts_count"), ("order=views", "views"), ("order=category", "category_id")],
)
def test_orders_of_topics(mod: Client, query: str, key: str) -> None:
    rows = [topic[key] for topic in mod.get(f"/latest.json?{query}")["topic_list"]["topics"]]
    assert rows == sorted(rows, reverse=True)


def test_filters_of_topics(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()

    def found(query: str) -> list[int]:
        return [topic["id"] for topic in mod.get(f"/latest.json?{query}")["topic_list"]["topics"]]

    assert thread in found("status=open&max_posts=1")
    assert thread not in found("min_posts=2")
    mod.put(f"/t/{thread}/status.json", {"status": "closed", "enabled": "true"})
    assert thread in found("status=closed")
    mod.put(f"/t/{thread}/status.json", {"status": "visible", "enabled": "false"})
    assert thread not in found("order=created")
    assert thread in found("status=unlisted")
    mod.put(f"/t/{thread}/status.json", {"status": "archived", "enabled": "true"})
    assert mod.get(f"/t/{thread}.json")["archived"]


def test_claims_that_are_refused(site: Discourse, mod: Client, customer: Client) -> None:
    body = {"reviewable_claimed_topic": {"topic_id": 999999}}
    assert mod("POST", "/reviewable_claimed_topics.json", body).status_code == 404
    assert mod("DELETE", "/reviewable_claimed_topics/999999.json").status_code == 404
    assert customer("POST", "/reviewable_claimed_topics.json", body).status_code == 403


def test_a_held_post_is_claimed_with_its_topic_and_has_notes(site: Discourse, mod: Client) -> None:
    held = next(h for h in site.community.state.tables.held.values() if h.thread)
    rows = mod.get("/review.json?type=ReviewableQueuedPost")["reviewables"]
    item = next(row["id"] for row in rows if row["payload"]["raw"] == held.text and row.get("topic_id") == held.thread)
    body: dict[str, Any] = {"reviewable_claimed_topic": {"topic_id": held.thread}}
    mod.post("/reviewable_claimed_topics.json", body)
    page = mod.get(f"/review/{item}.json")
    assert page["claimed_bies"][0]["user_id"] == site.community.uid(MODERATOR)
    assert page["reviewable_histories"][-1]["reviewable_history_type"] == 3
    colleague = site.as_user(COLLEAGUE)
    assert colleague("PUT", f"/review/{item}/perform/approve_post.json?version=0").status_code == 422
    claimed = mod.get("/review.json?claimed_by=ines_lanternby&type=ReviewableQueuedPost")["reviewables"]
    assert item in [row["id"] for row in claimed]
    note = mod.post(f"/review/{item}/notes.json", {"reviewable_note": {"content": "Known to us"}})
    assert mod.get(f"/review/{item}.json")["reviewable"]["reviewable_note_ids"] == [note["id"]]
    assert mod("DELETE", f"/review/{item}/notes/1.json").status_code == 404
    assert mod("DELETE", f"/review/{item}/notes/{note['id']}.json").status_code == 200


def test_a_held_post_is_withdrawn_by_its_author(site: Discourse, mod: Client) -> None:
    held = next(iter(site.community.state.tables.held.values()))
    rows = mod.get("/review.json?type=ReviewableQueuedPost")["reviewables"]
    item = next(row["id"] for row in rows if row["payload"]["raw"] == held.text)
    author = site.community.state.member(held.author).name
    assert site.as_user(author)("DELETE", f"/review/{item}.json").status_code == 200
    assert mod.get(f"/review/{item}.json")["reviewable"]["status"] == 4


def test_the_topic_of_a_held_post_goes(site: Discourse, mod: Client, admin: Client) -> None:
    held = next(h for h in site.community.state.tables.held.values() if h.thread)
    rows = mod.get("/review.json?type=ReviewableQueuedPost")["reviewables"]
    item = next(row["id"] for row in rows if row["payload"]["raw"] == held.text and row.get("topic_id") == held.thread)
    mod("DELETE", f"/t/{held.thread}.json")
    row = mod.get(f"/review/{item}.json")["reviewable"]
    assert (row["status"], row["removed_topic_id"], "topic_id" in row) == (4, held.thread, False)


def test_a_reported_post_that_is_gone_for_good(site: Discourse, mod: Client, fits: Fits) -> None:
    from sync.sandbox.state import posts

    item = site.report()
    state = site.community.state
    posts.purge(state, site.community.uid(ADMIN), state.post(state.item(item).target))
    page = mod.get(f"/review/{item}.json")
    fits("review_show", page)
    assert page["reviewable"]["blank_post"]


def test_deleting_replies_with_a_post(site: Discourse, mod: Client) -> None:
    thread = site.community.open_thread_as("wren_sallowfield", site.forum("Billing"), "A thread", TEXT)
    reported = site.community.reply_as("wren_sallowfield", thread.id, "Something to report here")
    mod.post("/posts.json", {"topic_id": thread.id, "raw": TEXT, "reply_to_post_number": 2})
    item = site.community.report(CUSTOMER, reported.id, "Spam").id
    offered = {one["server_action"]: one for one in mod.get(f"/review/{item}.json")["actions"]}
    assert offered["delete_and_agree_replies"]["confirm_message"]
    mod.put(f"/review/{item}/perform/delete_and_agree_replies.json?version=0")
    assert [site.community.state.post(ident).hidden for ident in thread.posts] == [False, True, True]


def test_restoring_a_post_that_was_wrongly_flagged(site: Discourse, mod: Client, customer: Client) -> None:
    item = site.report()
    mod.put(f"/review/{item}/perform/agree_and_hide.json?version=0")
    post = site.community.state.item(item).target
    from sync.sandbox.state import items

    site.community.state.post(post).hidden = False  # a hidden post takes no flag
    items.report(site.community.state, site.community.uid("benno_crabtree"), "post", post, "Rude")
    site.community.state.post(post).hidden = True
    mod.put(f"/review/{item}/perform/disagree_and_restore.json?version=2")
    assert not customer.get(f"/posts/{post}.json")["hidden"]
    assert mod.get(f"/review/{item}.json")["reviewable"]["status"] == 2


def test_who_is_invited_must_exist_and_who_leaves_be_in(site: Discourse, mod: Client, customer: Client) -> None:
    thread, _ = case(mod)
    assert mod.post(f"/t/{thread}/invite.json", {"email": "somebody@else.example"}) == {"success": "OK"}
    assert mod("POST", f"/t/{thread}/invite.json", {"user": "nobody_at_all"}).status_code == 422
    assert mod("POST", f"/t/{thread}/invite-group.json", {"group": "nobodies"}).status_code == 404
    assert mod("PUT", f"/t/{thread}/remove-allowed-user.json", {"username": COLLEAGUE}).status_code == 422
    assert mod("PUT", f"/t/{thread}/remove-allowed-group.json", {"name": "quillby_team"}).status_code == 422
    assert customer("PUT", f"/t/{thread}/remove-allowed-user.json", {"username": MODERATOR}).status_code == 403
    assert customer("PUT", f"/t/{thread}/remove-allowed-group.json", {"name": "quillby_team"}).status_code == 403
    assert customer.put(f"/t/{thread}/remove-allowed-user.json", {"username": CUSTOMER}) == {"success": "OK"}
    assert mod.get(f"/t/{thread}.json")["post_stream"]["posts"][-1]["action_code"] == "user_left"


def test_conversions_that_are_refused(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    assert mod("PUT", f"/t/{thread}/convert-topic/sideways.json").status_code == 400
    mod.put(f"/t/{thread}/convert-topic/private.json")
    mod.put(f"/t/{thread}/convert-topic/public.json")
    first = min(site.community.state.tables.forums.values(), key=lambda one: one.order)
    assert mod.get(f"/t/{thread}.json")["category_id"] == first.id


def test_timers_are_taken_away_and_open_or_delete_as_well(site: Discourse, mod: Client, customer: Client) -> None:
    thread = site.new_thread()
    path = f"/t/{thread}/timer.json"
    mod.put(f"/t/{thread}/status.json", {"status": "closed", "enabled": "true"})
    mod.post(path, {"status_type": "open", "duration_minutes": 5})
    assert mod("DELETE", path).status_code == 200
    site.community.clock.advance(600)
    assert mod.get(f"/t/{thread}.json")["closed"]
    mod.post(path, {"status_type": "open", "duration_minutes": 5})
    site.community.clock.advance(600)
    assert not mod.get(f"/t/{thread}.json")["closed"]
    mod.post(path, {"status_type": "delete", "duration_minutes": 5})
    site.community.clock.advance(600)
    assert customer("GET", f"/t/{thread}.json").status_code == 404
    assert mod("POST", path, {"status_type": "close", "time": "soon"}).status_code == 400


def test_slow_mode_ends(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    mod("PUT", f"/t/{thread}/slow_mode.json", {"seconds": 60, "enabled_until": "2026-11-23T12:00:00Z"})
    assert mod.get(f"/t/{thread}.json")["slow_mode_enabled_until"] == "2026-11-23T12:00:00.000Z"
    mod("PUT", f"/t/{thread}/slow_mode.json", {"seconds": 0})
    assert mod.get(f"/t/{thread}.json")["slow_mode_seconds"] == 0


def test_heads_that_do_not_change(site: Discourse, mod: Client) -> None:
    thread, _ = case(mod)
    assert mod("PUT", f"/t/-/{thread}.json", {"category_id": site.forum("Billing")}).status_code == 422
    public = site.new_thread()
    assert mod("PUT", f"/t/-/{public}.json", {"category_id": 999}).status_code == 422


def test_lengths(site: Discourse, mod: Client) -> None:
    company = site.as_site(MODERATOR)
    body = {"title": "x" * 256, "raw": TEXT, "category": site.forum("Billing")}
    assert mod("POST", "/posts.json", body).status_code == 422
    assert mod("POST", "/posts.json", body | {"title": ""}).status_code == 422
    short = {"topic_id": site.new_thread(), "raw": "Short text"}
    assert company("POST", "/posts.json", short | {"skip_validations": True}).status_code == 200
    assert mod("POST", "/posts.json", short | {"skip_validations": True}).status_code == 422


def test_a_flag_of_no_kind(site: Discourse, customer: Client) -> None:
    body = {"id": site.post_by("wren_sallowfield"), "post_action_type_id": 77}
    assert customer("POST", "/post_actions.json", body).status_code == 400
    assert customer("POST", "/post_actions.json", {"id": 999999, "post_action_type_id": 8}).status_code == 404


def test_nobody_writes_messages_without_having_posted(site: Discourse) -> None:
    site.community.register("newcomer", joined=0)
    body = {"archetype": "private_message", "title": "Hello", "raw": TEXT, "target_recipients": CUSTOMER}
    assert site.as_user("newcomer")("POST", "/posts.json", body).status_code == 403


def test_pages_for_people(site: Discourse) -> None:
    guest = site.as_nobody()
    assert "login-form" in guest("GET", "/login").text
    assert guest.get("/about.json")["about"]["version"] == "2026.8.0"
    assert guest("GET", "/nonsense.json").json()["error_type"] == "not_found"


def test_bodies_that_cannot_be_read_hold_nothing(site: Discourse, mod: Client) -> None:
    import requests

    for raw in (b"{broken", b"[1]"):
        headers = mod.headers | {"Content-Type": "application/json"}
        answer = requests.post(f"{site.server.url}/posts.json", data=raw, headers=headers, timeout=10)
        assert answer.status_code == 400


def test_levels_that_are_none(site: Discourse, mod: Client) -> None:
    assert mod("POST", "/category/2/notifications.json", {"notification_level": 9}).status_code == 404
    assert mod("POST", "/category/999/notifications.json", {"notification_level": 1}).status_code == 404


def test_a_moderator_of_categories_gets_no_staff_pages(site: Discourse) -> None:
    local = site.as_user("rolf_quarrier")
    assert local.get("/session/current.json")["current_user"]["can_review"]
    assert local("GET", "/admin/users/20.json").status_code == 403
