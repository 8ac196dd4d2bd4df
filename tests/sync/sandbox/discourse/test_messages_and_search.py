"""Lists of messages, notifications and search."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.sandbox.discourse.conftest import ADMIN, COLLEAGUE, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]


def _message(client: Client, to: str, title: str = "About your router") -> int:
    body = {"archetype": "private_message", "title": title, "raw": "Let us sort this out here.", "nested_post": True}
    made: dict[str, Any] = client.post("/posts.json", body | {"target_recipients": to})
    return int(made["post"]["topic_id"])


def _ids(client: Client, path: str) -> list[int]:
    return [topic["id"] for topic in client.get(path)["topic_list"]["topics"]]


def test_an_inbox_holds_what_came_and_what_was_sent(mod: Client, customer: Client, fits: Fits) -> None:
    first, second = _message(mod, CUSTOMER), _message(mod, f"{CUSTOMER},quillby_team", "A second one")
    listed = customer.get(f"/topics/private-messages/{CUSTOMER}.json")
    fits("private_messages", listed)
    assert [topic["id"] for topic in listed["topic_list"]["topics"]] == [second, first]
    assert {topic["archetype"] for topic in listed["topic_list"]["topics"]} == {"private_message"}
    assert _ids(mod, f"/topics/private-messages-sent/{MODERATOR}.json") == [second, first]
    assert _ids(customer, f"/topics/private-messages-sent/{CUSTOMER}.json") == []


def test_an_inbox_is_for_its_owner_and_for_administrators(mod: Client, admin: Client, customer: Client) -> None:
    message = _message(mod, CUSTOMER)
    path = f"/topics/private-messages/{CUSTOMER}.json"
    assert _ids(admin, path) == [message]
    assert mod("GET", path).status_code == 403
    assert customer("GET", f"/topics/private-messages/{MODERATOR}.json").status_code == 403


def test_a_group_s_inbox_is_for_its_members(site: Discourse, mod: Client, customer: Client) -> None:
    message = _message(mod, f"{CUSTOMER},quillby_team")
    colleague = site.as_user(COLLEAGUE)
    path = f"/topics/private-messages-group/{COLLEAGUE}/quillby_team.json"
    assert _ids(colleague, path) == [message]
    assert _ids(colleague, f"/topics/private-messages-group/{COLLEAGUE}/quillby_team/unread.json") == [message]
    assert customer("GET", f"/topics/private-messages-group/{CUSTOMER}/quillby_team.json").status_code == 403
    assert mod("GET", f"/topics/private-messages-group/{MODERATOR}/nobody.json").status_code == 404


def test_done_with_a_message_files_it_away_until_somebody_answers(
    site: Discourse, mod: Client, customer: Client
) -> None:
    message = _message(mod, f"{CUSTOMER},quillby_team")
    inbox = f"/topics/private-messages-group/{MODERATOR}/quillby_team"
    answer = mod("PUT", f"/t/{message}/archive-message.json")
    assert (answer.status_code, answer.content) == (200, b"")
    assert (_ids(mod, f"{inbox}.json"), _ids(mod, f"{inbox}/archive.json")) == ([], [message])
    assert _ids(customer, f"/topics/private-messages/{CUSTOMER}.json") == [message]
    customer.post("/posts.json", {"topic_id": message, "raw": "One more question from my side"})
    assert _ids(mod, f"{inbox}.json") == [message]
    mod("PUT", f"/t/{message}/archive-message.json")
    assert mod("PUT", f"/t/{message}/move-to-inbox.json").content == b""
    assert _ids(mod, f"{inbox}.json") == [message]


def test_a_message_is_news_for_whoever_gets_it(mod: Client, customer: Client, fits: Fits) -> None:
    message = _message(mod, CUSTOMER)
    answer = customer.get("/notifications.json")
    fits("notifications", answer)
    first = answer["notifications"][0]
    assert (first["notification_type"], first["topic_id"], first["read"]) == (6, message, False)
    assert first["data"]["display_username"] == MODERATOR
    customer.put("/notifications/mark-read.json", {"id": first["id"]})
    assert customer.get("/notifications.json")["notifications"][0]["read"] is True
    assert customer.get("/notifications.json?filter=unread")["total_rows_notifications"] == 0


def test_replies_in_a_followed_topic_are_news_and_reports_are_not(site: Discourse, mod: Client) -> None:
    thread = mod.post(
        "/posts.json", {"title": "A topic of the team here", "raw": "With a text of its own", "category": 2}
    )
    site.as_user(COLLEAGUE).post("/posts.json", {"topic_id": thread["topic_id"], "raw": "An answer by a colleague"})
    site.report()
    kinds = [one["notification_type"] for one in mod.get("/notifications.json?recent=true")["notifications"]]
    assert kinds == [9]
    mod.put("/notifications/mark-read.json")
    assert all(one["read"] for one in mod.get("/notifications.json")["notifications"])


def test_search_finds_posts_of_readable_topics(site: Discourse, mod: Client, customer: Client, fits: Fits) -> None:
    secret = site.community.open_thread_as("rolf_quarrier", site.forum("Private cases"), "Zanzibar", "zanzibar inside")
    open_one = site.community.open_thread_as(CUSTOMER, site.forum("Billing"), "Zanzibar", "zanzibar outside")
    found = customer.get("/search.json?q=zanzibar")
    fits("search", found)
    assert [post["topic_id"] for post in found["posts"]] == [open_one.id]
    assert {post["topic_id"] for post in mod.get("/search.json?q=zanzibar")["posts"]} == {open_one.id, secret.id}
    assert found["grouped_search_result"]["more_full_page_results"] is None


def test_search_without_a_hit_has_no_topics(mod: Client) -> None:
    found = mod.get("/search.json?q=nothingofthiskind")
    assert found["posts"] == []
    assert "topics" not in found
    assert mod("GET", "/search.json?q=").status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"zanzibar @{CUSTOMER}", True),
        (f"zanzibar @{ADMIN}", False),
        ("zanzibar category:billing", True),
        ("zanzibar category:=hello", False),
        ("zanzibar after:2001-01-01", True),
        ("zanzibar before:2001-01-01", False),
        ("zanzibar status:closed", False),
        ("zanzibar order:latest", True),
        ("zanzibar in:messages", False),
    ],
)
def test_search_understands_conditions(site: Discourse, mod: Client, query: str, found: bool) -> None:
    site.community.open_thread_as(CUSTOMER, site.forum("Billing"), "Zanzibar", "zanzibar outside")
    assert bool(mod.get(f"/search.json?q={query}")["posts"]) is found


def test_search_is_paged_by_fifty(site: Discourse, mod: Client) -> None:
    for number in range(52):
        site.community.open_thread_as(CUSTOMER, site.forum("Billing"), f"Zanzibar {number}", "zanzibar outside")
    first = mod.get("/search.json?q=zanzibar")
    assert len(first["posts"]) == 50
    assert first["grouped_search_result"]["more_full_page_results"] is True
    assert len(mod.get("/search.json?q=zanzibar&page=2")["posts"]) == 2


def test_search_reaches_messages_only_where_they_are_asked_for(mod: Client, customer: Client) -> None:
    message = _message(mod, CUSTOMER, "Zanzibar between us")
    assert mod.get("/search.json?q=zanzibar")["posts"] == []
    found = customer.get("/search.json?q=zanzibar in:messages")["posts"]
    assert [post["topic_id"] for post in found] == [message]


def test_the_sample_tells_of_messages_once_and_without_effects(site: Discourse, mod: Client, customer: Client) -> None:
    site.community.add_messages()
    found = customer.get(f"/topics/private-messages/{CUSTOMER}.json")["topic_list"]["topics"]
    assert len(found) == 1
    assert mod.get(f"/topics/private-messages-group/{MODERATOR}/quillby_team.json")["topic_list"]["topics"]
    site.community.add_messages()
    assert customer.get(f"/topics/private-messages/{CUSTOMER}.json")["topic_list"]["topics"] == found
    assert site.community.effects() == []


def test_not_even_administrators_meet_messages_in_the_other_face(site: Discourse, admin: Client) -> None:
    from sync.sandbox import serve

    site.community.add_messages()
    private = admin.get(f"/topics/private-messages-group/{ADMIN}/quillby_team.json")["topic_list"]["topics"]
    headers = {"Authorization": f"Bearer {site.community.token_for(ADMIN)}"}
    with serve(site.community, face="nodebb") as server:
        other = Client(server.url, headers)
        assert "Personal messages" not in other("GET", "/api/categories").text
        assert other("GET", f"/api/topic/{private[0]['id']}").status_code in (403, 404)
        assert private[0]["title"] not in other("GET", "/api/recent").text
        assert private[0]["title"] not in other("GET", "/api/recent/posts/day").text
