"""Posting: replies, whispers, topics, messages, what is held, refusals, and the memory of a site's key."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.sandbox.discourse.conftest import ADMIN, COLLEAGUE, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]
TEXT = "Thanks, a colleague will contact you."


def reply(client: Client, thread: int, raw: str = TEXT, **more: Any) -> Any:
    return client("POST", "/posts.json", {"topic_id": thread, "raw": raw, "nested_post": True, **more})


def message(client: Client, **more: Any) -> Any:
    body = {"archetype": "private_message", "title": "About your router", "raw": TEXT, "target_recipients": CUSTOMER}
    return client("POST", "/posts.json", body | more)


def test_a_reply_is_the_post_itself(site: Discourse, mod: Client, fits: Fits, same_keys: Fits) -> None:
    thread = site.new_thread()
    answer = mod.post("/posts.json", {"topic_id": thread, "raw": TEXT, "reply_to_post_number": 1})
    fits("post_create", answer)
    same_keys("post_create_200", answer)
    assert (answer["reply_to_post_number"], answer["post_number"], answer["raw"]) == (1, 2, TEXT)
    assert site.community.state.post(answer["id"]).text == TEXT
    nested = reply(mod, thread, f"{TEXT} Again.").json()
    assert (nested["action"], nested["success"], nested["post"]["post_number"]) == ("create_post", True, 3)


def test_a_form_is_as_good_as_json(site: Discourse, mod: Client) -> None:
    import requests

    thread = site.new_thread()
    form = {"topic_id": str(thread), "raw": TEXT, "nested_post": "true"}
    answer = requests.post(f"{site.server.url}/posts.json", data=form, headers=mod.headers, timeout=10)
    assert answer.json()["success"] is True


@pytest.mark.parametrize("raw", ["ok", "   ", "x" * 32_001])
def test_validations_apply_to_staff_too(site: Discourse, mod: Client, fits: Fits, raw: str) -> None:
    answer = reply(mod, site.new_thread(), raw)
    assert (answer.status_code, answer.json()["action"], "success" in answer.json()) == (422, "create_post", False)
    fits("post_refused", answer.json(), "422")


def test_the_similar_check_spares_staff(site: Discourse, mod: Client, customer: Client) -> None:
    thread = site.new_thread("benno_crabtree")
    site.community.state.settings.post_delay = 0
    assert [reply(customer, thread).status_code for _ in range(2)] == [200, 422]
    assert [reply(mod, thread).status_code for _ in range(2)] == [200, 200]
    site.community.clock.advance(301)
    assert reply(customer, thread).status_code == 200


def test_a_missing_text_is_a_missing_parameter(mod: Client) -> None:
    answer = mod("POST", "/posts.json", {"topic_id": 1})
    assert (answer.status_code, "error_type" in answer.json()) == (400, False)


def test_a_topic_that_is_not_for_the_caller_does_not_exist(site: Discourse, customer: Client) -> None:
    thread = site.new_thread("rolf_quarrier", "Private cases")
    assert reply(customer, thread).status_code == 422
    assert reply(customer, 999999).json() == reply(customer, thread).json()


def test_a_closed_topic_takes_posts_of_staff_alone(site: Discourse, mod: Client, customer: Client) -> None:
    thread = site.new_thread("benno_crabtree")
    mod.put(f"/t/{thread}/status.json", {"status": "closed", "enabled": "true"})
    assert reply(customer, thread).status_code == 422
    assert reply(mod, thread).status_code == 200


def test_posting_too_fast_is_a_429_without_the_header_of_a_key(site: Discourse, customer: Client, fits: Fits) -> None:
    thread = site.new_thread("benno_crabtree")
    assert reply(customer, thread).status_code == 200
    answer = reply(customer, thread, f"{TEXT} And more.")
    assert (answer.status_code, answer.json()["error_type"]) == (429, "rate_limit")
    assert "Discourse-Rate-Limit-Error-Code" not in answer.headers
    assert int(answer.headers["Retry-After"]) == answer.json()["extras"]["wait_seconds"]
    fits("error_429", answer.json(), "429")


def test_what_a_newcomer_writes_is_held(site: Discourse, mod: Client, fits: Fits, same_keys: Fits) -> None:
    site.community.register("newcomer", joined=0)
    answer = reply(site.as_user("newcomer"), site.new_thread(), "Hello everyone, I am new here").json()
    fits("post_enqueued", answer)
    same_keys("post_create_enqueued_200", answer)
    assert (answer["action"], answer["success"], answer["pending_count"], "post" in answer) == (
        "enqueued",
        True,
        1,
        False,
    )
    row = mod.get(f"/review/{answer['pending_post']['id']}.json")["reviewable"]
    assert (row["type"], row["payload"]["raw"]) == ("ReviewableQueuedPost", "Hello everyone, I am new here")


def test_whispers_are_for_the_team(site: Discourse, mod: Client, customer: Client, same_keys: Fits) -> None:
    thread = site.new_thread()
    made = reply(mod, thread, "A word among the team alone", whisper=True).json()["post"]
    assert made["post_type"] == 4
    assert made["id"] in mod.get(f"/t/{thread}.json")["post_stream"]["stream"]
    assert made["id"] not in customer.get(f"/t/{thread}.json")["post_stream"]["stream"]
    assert customer("GET", f"/posts/{made['id']}.json").status_code == 404
    assert made["id"] not in [post["id"] for post in mod.get("/posts.json")["latest_posts"]]
    refused = reply(customer, thread, whisper=True)
    assert (refused.status_code, refused.json()["error_type"]) == (403, "invalid_access")
    assert [e["verb"] for e in site.community.effects()].count("whisper") == 1
    assert made["id"] not in site.community.state.thread(thread).posts


def test_a_topic(site: Discourse, mod: Client, fits: Fits) -> None:
    body = {"title": "A topic by the team", "raw": TEXT, "category": site.forum("Billing"), "tags": ["wifi"]}
    made = mod.post("/posts.json", body)
    fits("post_create", made)
    page = mod.get(f"/t/{made['topic_id']}.json")
    assert (page["title"], page["category_id"]) == ("A topic by the team", site.forum("Billing"))
    assert [tag["name"] for tag in page["tags"]] == ["wifi"]
    assert mod("POST", "/posts.json", body | {"title": "Short"}).status_code == 422
    assert mod("POST", "/posts.json", body | {"category": 999}).status_code == 422


def test_a_message_is_for_those_in_it(site: Discourse, mod: Client, customer: Client, fits: Fits) -> None:
    made = message(mod).json()
    fits("post_create", made)
    thread = made["topic_id"]
    page = customer.get(f"/t/{thread}.json")
    fits("topic_show", page)
    assert (page["archetype"], page["category_id"]) == ("private_message", None)
    assert [user["username"] for user in page["details"]["allowed_users"]] == [MODERATOR, CUSTOMER]
    assert site.as_user(COLLEAGUE)("GET", f"/t/{thread}.json").status_code == 404
    assert site.as_user(ADMIN).get(f"/t/{thread}.json")["id"] == thread
    assert [post["id"] for post in customer.get("/private-posts.json")["private_posts"]] == [made["id"]]
    assert made["id"] not in [post["id"] for post in customer.get("/posts.json")["latest_posts"]]
    assert thread not in [topic["id"] for topic in customer.get("/latest.json")["topic_list"]["topics"]]
    answer = reply(customer, thread, "Thank you!!").json()["post"]
    assert answer["post_number"] == 2


def test_a_message_to_a_group_is_for_its_members(site: Discourse, mod: Client) -> None:
    thread = message(mod, target_recipients=f"{CUSTOMER},quillby_team").json()["topic_id"]
    page = site.as_user("rolf_quarrier").get(f"/t/{thread}.json")
    assert [group["name"] for group in page["details"]["allowed_groups"]] == ["quillby_team"]
    assert message(mod, target_recipients="nobody_at_all").status_code == 422
    assert message(mod, target_recipients="moderators").status_code == 422


def test_the_place_of_messages_is_no_category(site: Discourse, admin: Client) -> None:
    before = [one["id"] for one in admin.get("/site.json")["categories"]]
    message(admin)
    assert [one["id"] for one in admin.get("/site.json")["categories"]] == before
    private = site.community.state.tables.faces["discourse"].private_forum  # type: ignore[attr-defined]
    assert admin("GET", f"/c/{private}/show.json").status_code == 404


def test_an_external_id_is_unique_and_leads_to_the_first(site: Discourse) -> None:
    company = site.as_site("quillby")
    made = message(company, external_id="case-20261122-0007").json()
    site.community.clock.advance(121)
    again = message(company, external_id="case-20261122-0007")
    assert again.status_code == 422
    found = company("GET", "/t/external_id/case-20261122-0007.json")
    assert (found.status_code, found.headers["Location"]) == (
        301, f"{site.server.url}/t/about-your-router/{made['topic_id']}.json",
    )  # fmt: skip
    assert company.get(f"/t/{made['topic_id']}.json")["external_id"] == "case-20261122-0007"
    assert company("GET", "/t/external_id/nothing.json").status_code == 404
    assert message(company, external_id="not an id").status_code == 422


def test_a_user_key_gives_no_external_id(mod: Client) -> None:
    made = message(mod, external_id="mine").json()
    assert mod.get(f"/t/{made['topic_id']}.json")["external_id"] is None


def test_a_site_key_remembers_for_two_minutes_refusals_included(site: Discourse) -> None:
    site.settings.unique_minutes = 0
    company, thread = site.as_site("quillby"), site.new_thread()
    first, second = reply(company, thread), reply(company, thread)
    assert first.json() == second.json()
    assert reply(site.as_site(MODERATOR), thread).json()["post"]["id"] != first.json()["post"]["id"]
    site.community.clock.advance(121)
    assert reply(company, thread).json()["post"]["id"] != first.json()["post"]["id"]
    other = site.new_thread()
    refused = reply(company, other, "Short text")
    site.settings.shortest_post = 1
    assert reply(company, other, "Short text").json() == refused.json()
    site.community.clock.advance(121)
    assert reply(company, other, "Short text").status_code == 200


def test_a_user_key_remembers_nothing(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    assert len({reply(mod, thread).json()["post"]["id"] for _ in range(2)}) == 2


def test_slow_mode_keeps_members_waiting(site: Discourse, mod: Client, customer: Client) -> None:
    site.community.state.settings.post_delay = 0
    thread = site.new_thread("benno_crabtree")
    answer = mod("PUT", f"/t/{thread}/slow_mode.json", {"seconds": 600})
    assert (answer.status_code, answer.content) == (200, b"")
    assert mod.get(f"/t/{thread}.json")["slow_mode_seconds"] == 600
    assert reply(customer, thread).status_code == 200
    assert reply(customer, thread, f"{TEXT} And more.").json()["extras"]["wait_seconds"] == 600
    site.community.clock.advance(601)
    assert reply(customer, thread, f"{TEXT} And more.").status_code == 200


def test_flagging(site: Discourse, customer: Client, mod: Client, fits: Fits) -> None:
    post = site.post_by("wren_sallowfield")
    made = customer.post("/post_actions.json", {"id": post, "post_action_type_id": 8})
    fits("post_action_create", made)
    assert mod.get(f"/posts/{post}.json")["reviewable_id"]
    again = customer("POST", "/post_actions.json", {"id": post, "post_action_type_id": 8})
    assert again.status_code == 422
