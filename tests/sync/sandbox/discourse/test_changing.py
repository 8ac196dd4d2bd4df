"""Changing posts and topics: conflicts, empty bodies, small actions, timers, and topics that become messages."""

from collections.abc import Callable

import pytest

from tests.sync.sandbox.discourse.conftest import ADMIN, COLLEAGUE, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]
TEXT = "A text that a moderator made better"


def test_editing_compares_what_was_seen(site: Discourse, mod: Client, fits: Fits) -> None:
    post = site.first_post(site.new_thread(text="A text as it was written."))
    seen = mod.get(f"/posts/{post}.json")["raw"]
    answer = mod.put(f"/posts/{post}.json", {"post": {"raw": TEXT, "original_text": seen, "edit_reason": "Names"}})
    fits("post_update", answer)
    assert (answer["post"]["raw"], answer["post"]["version"]) == (TEXT, 2)
    stale = mod("PUT", f"/posts/{post}.json", {"post": {"raw": "Another text of somebody", "original_text": seen}})
    assert (stale.status_code, "error_type" in stale.json()) == (409, False)
    fits("error", stale.json())
    assert mod("PUT", f"/posts/{post}.json", {"post": {"raw": "ok"}}).status_code == 422
    assert mod("PUT", f"/posts/{post}.json", {}).status_code == 400
    assert site.as_user("benno_crabtree")("PUT", f"/posts/{post}.json", {"post": {"raw": TEXT}}).status_code == 403


def test_deleting_and_recovering_answer_with_nothing(site: Discourse, mod: Client, customer: Client) -> None:
    thread = site.new_thread()
    post = site.community.reply_as("wren_sallowfield", thread, "A reply that goes and comes").id
    for method, path, deleted in (
        ("DELETE", f"/posts/{post}.json", True),
        ("PUT", f"/posts/{post}/recover.json", False),
    ):
        answer = mod(method, path)
        assert (answer.status_code, answer.content) == (200, b"")
        assert bool(mod.get(f"/posts/{post}.json")["deleted_at"]) is deleted
        assert site.community.state.post(post).hidden is deleted
    assert customer("DELETE", f"/posts/{post}.json").status_code == 403


def test_unhiding(site: Discourse, mod: Client, customer: Client) -> None:
    item = site.report()
    mod.put(f"/review/{item}/perform/agree_and_hide.json?version=0")
    post = site.community.state.item(item).target
    answer = mod("PUT", f"/posts/{post}/unhide.json")
    assert (answer.status_code, answer.content) == (200, b"")
    assert not mod.get(f"/posts/{post}.json")["hidden"]


def test_a_topic_and_its_first_post_go_together(site: Discourse, mod: Client, customer: Client) -> None:
    thread = site.new_thread()
    site.community.reply_as("wren_sallowfield", thread, "A reply that goes and comes")
    mod("DELETE", f"/posts/{site.first_post(thread)}.json")
    assert customer("GET", f"/t/{thread}.json").status_code == 404
    assert mod("PUT", f"/t/{thread}/recover.json").status_code == 200
    assert customer("GET", f"/t/{thread}.json").status_code == 200


def test_changing_the_head_of_a_topic(site: Discourse, mod: Client, fits: Fits, same_keys: Fits) -> None:
    thread, mesh = site.new_thread(), site.forum("Mesh")
    title = "A thread for one test"
    moved = mod.put(f"/t/-/{thread}.json", {"category_id": mesh, "original_title": title})
    fits("topic_update", moved)
    same_keys("topic_update_category_200", moved)
    assert site.community.state.thread(thread).forum == mesh
    tags = {"tags": [{"id": 1, "name": "wifi"}, "router"], "original_tags": []}
    mod.put(f"/t/-/{thread}.json", tags)
    assert site.community.state.thread(thread).tags == ("wifi", "router")
    for stale in ({"title": "Another title for it", "original_title": "Old"}, tags):
        assert mod("PUT", f"/t/-/{thread}.json", stale).status_code == 409
    assert mod.put(f"/t/some-slug/{thread}.json", {"title": "Another title for it"})["basic_topic"]["slug"]
    assert mod("PUT", f"/t/-/{thread}.json", {"title": "Short"}).status_code == 422


def test_who_may_not_move_is_refused(site: Discourse) -> None:
    thread = site.new_thread()
    body = {"category_id": site.forum("Mesh")}
    assert site.as_user("benno_crabtree")("PUT", f"/t/-/{thread}.json", body).status_code == 403
    assert site.as_user("rolf_quarrier")("PUT", f"/t/-/{thread}.json", body).status_code == 403


@pytest.mark.parametrize("status", ["closed", "archived", "visible", "pinned", "pinned_globally"])
def test_a_status_leaves_a_small_action(site: Discourse, mod: Client, fits: Fits, same_keys: Fits, status: str) -> None:
    thread = site.new_thread()
    on = "false" if status == "visible" else "true"
    answer = mod.put(f"/t/{thread}/status.json", {"status": status, "enabled": on})
    fits("topic_status", answer)
    same_keys("topic_status_200", answer)
    mod.put(f"/t/{thread}/status.json", {"status": status, "enabled": on})
    page = mod.get(f"/t/{thread}.json")
    assert page["pinned" if "pinned" in status else status] is (on == "true")
    small = [post["action_code"] for post in page["post_stream"]["posts"] if post["post_type"] == 3]
    code = status.removesuffix("_globally")
    assert small == [f"{code}.{'enabled' if on == 'true' else 'disabled'}"]
    ids = page["post_stream"]["stream"]
    assert ids == sorted(ids)


def test_small_actions_are_older_than_what_is_posted_later(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    mod.put(f"/t/{thread}/status.json", {"status": "closed", "enabled": "true"})
    mod.post("/posts.json", {"topic_id": thread, "raw": TEXT})
    ids = mod.get(f"/t/{thread}.json")["post_stream"]["stream"]
    assert ids == sorted(ids)


def test_wrong_statuses(site: Discourse, mod: Client, customer: Client) -> None:
    thread = site.new_thread()
    path = f"/t/{thread}/status.json"
    assert mod("PUT", path, {"status": "nonsense", "enabled": "true"}).status_code == 400
    assert mod("PUT", path, {"status": "closed"}).status_code == 400
    assert mod("PUT", path, {"status": "closed", "enabled": "yes"}).status_code == 400
    assert customer("PUT", path, {"status": "closed", "enabled": "true"}).status_code == 403


def test_timers(site: Discourse, mod: Client, fits: Fits) -> None:
    thread = site.new_thread()
    path = f"/t/{thread}/timer.json"
    fits("topic_timer", mod.post(path, {"status_type": "close", "time": "2026-11-23T12:00:00Z"}))
    assert mod.get(f"/t/{thread}.json")["topic_timer"]["status_type"] == "close"
    mod.post(path, {"status_type": "close", "time": ""})
    assert mod.get(f"/t/{thread}.json")["topic_timer"] is None
    mod.post(path, {"status_type": "close", "duration_minutes": 30})
    assert not mod.get(f"/t/{thread}.json")["closed"]
    site.community.clock.advance(1801)
    page = mod.get(f"/t/{thread}.json")
    assert (page["closed"], page["topic_timer"]) == (True, None)
    assert mod("POST", path, {"status_type": "nonsense"}).status_code == 400
    assert mod("POST", path, {"status_type": "open", "time": "2020-01-01T00:00:00Z"}).status_code == 422


def test_converting_lets_every_author_in(site: Discourse, mod: Client, same_keys: Fits, fits: Fits) -> None:
    thread = site.new_thread()
    site.community.reply_as("wren_sallowfield", thread, "A bystander says something")
    whisper = {"topic_id": thread, "raw": "A word among the team", "whisper": True}
    site.as_user("sunniva_holt").post("/posts.json", whisper)
    assert mod.get(f"/t/{thread}.json")["details"]["can_convert_topic"]
    answer = mod.put(f"/t/{thread}/convert-topic/private.json")
    same_keys("topic_convert_private_200", answer)
    fits("topic_changes", answer)
    page = mod.get(f"/t/{thread}.json")
    assert [u["username"] for u in page["details"]["allowed_users"]] == [CUSTOMER, "wren_sallowfield", MODERATOR]
    assert page["post_stream"]["posts"][-1]["action_code"] == "private_topic"
    assert (page["archetype"], page["category_id"]) == ("private_message", None)
    assert site.as_user("benno_crabtree")("GET", f"/t/{thread}.json").status_code == 404
    assert thread not in [t["id"] for t in mod.get("/c/2.json")["topic_list"]["topics"]]


def test_above_the_limit_only_the_caller_is_let_in(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    site.settings.most_recipients = 1
    mod.put(f"/t/{thread}/convert-topic/private.json")
    assert [u["username"] for u in mod.get(f"/t/{thread}.json")["details"]["allowed_users"]] == [MODERATOR]
    assert site.as_user(CUSTOMER)("GET", f"/t/{thread}.json").status_code == 404


def test_the_way_back_shows_everything_to_everyone(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    mod.put(f"/t/{thread}/convert-topic/private.json")
    mod.put(f"/t/{thread}/convert-topic/public.json", {"category_id": site.forum("Mesh")})
    page = site.as_user("benno_crabtree").get(f"/t/{thread}.json")
    assert (page["archetype"], page["category_id"]) == ("regular", site.forum("Mesh"))


def test_only_staff_converts(site: Discourse, customer: Client, fits: Fits) -> None:
    thread = site.new_thread()
    answer = customer("PUT", f"/t/{thread}/convert-topic/private.json")
    assert (answer.status_code, answer.json()["error_type"]) == (403, "invalid_access")
    assert "can_convert_topic" not in customer.get(f"/t/{thread}.json")["details"]


def test_inviting_and_removing(site: Discourse, mod: Client, fits: Fits, same_keys: Fits) -> None:
    body = {
        "archetype": "private_message",
        "title": "A case",
        "raw": "About your contract",
        "target_recipients": CUSTOMER,
    }
    thread = mod.post("/posts.json", body)["topic_id"]
    invited = mod.post(f"/t/{thread}/invite.json", {"user": COLLEAGUE})
    fits("topic_invite", invited)
    same_keys("topic_invite_user_200", invited)
    again = mod("POST", f"/t/{thread}/invite.json", {"user": COLLEAGUE})
    assert again.status_code == 422
    group = mod.post(f"/t/{thread}/invite-group.json", {"group": "quillby_team", "should_notify": False})
    fits("topic_invite_group", group)
    same_keys("topic_invite_group_200", group)
    assert mod("POST", f"/t/{thread}/invite-group.json", {"group": "quillby_team"}).status_code == 422
    fits("success_ok", mod.put(f"/t/{thread}/remove-allowed-user.json", {"username": CUSTOMER}))
    assert site.as_user(CUSTOMER)("GET", f"/t/{thread}.json").status_code == 404
    fits("success_ok", mod.put(f"/t/{thread}/remove-allowed-group.json", {"name": "quillby_team"}))
    codes = [post.get("action_code") for post in mod.get(f"/t/{thread}.json")["post_stream"]["posts"]]
    assert codes == [None, "invited_user", "invited_group", "removed_user", "removed_group"]
    for path in ("archive-message", "move-to-inbox"):
        assert mod("PUT", f"/t/{thread}/{path}.json").content == b""


def test_a_topic_is_no_message(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    assert mod("POST", f"/t/{thread}/invite.json", {"user": COLLEAGUE}).status_code == 422
    assert mod("POST", f"/t/{thread}/invite-group.json", {"group": "quillby_team"}).status_code == 422


def test_the_other_face_knows_nothing_of_whispers_and_sees_no_messages(site: Discourse, mod: Client) -> None:
    from sync.sandbox import serve
    from tests.sync.sandbox.conftest import Client as NodebbClient

    thread = site.new_thread()
    mod.post("/posts.json", {"topic_id": thread, "raw": "A word among the team", "whisper": True})
    with serve(site.community) as server:
        customer = NodebbClient(server, site.community.token_for("benno_crabtree"))
        admin = NodebbClient(server, site.community.token_for(ADMIN))
        posts = admin.get(f"/api/topic/{thread}")["posts"]
        mod.put(f"/t/{thread}/convert-topic/private.json")
        for client in (customer, admin):
            assert client("GET", f"/api/topic/{thread}").status_code in (403, 404)
            assert "Personal messages" not in client("GET", "/api/categories").text
        assert [post["content"] for post in posts] == ['<p dir="auto">A fresh question here.</p>\n']
