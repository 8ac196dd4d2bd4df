"""The message bus: numbers per channel, what each caller hears, waiting, and overload."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sync.sandbox.state import notices, posts
from tests.sync.sandbox.discourse.conftest import ADMIN, COLLEAGUE, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]
Poll = Callable[..., Any]


@pytest.fixture
def poll(site: Discourse) -> Poll:
    """One poll that answers at once."""

    def ask(client: Client, channels: dict[str, int], query: str = "?dlp=t") -> Any:
        answer = _poll(site, client, channels, query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


def _poll(site: Discourse, client: Client, channels: dict[str, int], query: str = "", **headers: str) -> Any:
    url = f"{site.server.url}/message-bus/0f9c8b7a/poll{query}"
    sent = {**client.headers, "Dont-Chunk": "true", **headers}
    return requests.post(url, data=channels, headers=sent, timeout=10)


def test_asking_from_now_on_tells_the_present_number(site: Discourse, mod: Client, poll: Poll, fits: Fits) -> None:
    counts = f"/reviewable_counts/{site.community.uid(MODERATOR)}"
    found = poll(mod, {counts: -1, "/latest": -1})
    fits("message_bus", found)
    assert found == [{"global_id": -1, "message_id": -1, "channel": "/__status", "data": {counts: 0, "/latest": 0}}]


def test_a_report_changes_the_counts_of_everybody_who_reviews(
    site: Discourse, mod: Client, poll: Poll, fits: Fits
) -> None:
    counts = f"/reviewable_counts/{site.community.uid(MODERATOR)}"
    before = mod.get("/review/count.json")["count"]
    site.report()
    found = [one for one in poll(mod, {counts: 0}) if one["channel"] == counts]
    fits("message_bus", found)
    assert found[-1]["data"] == {"reviewable_count": before + 1, "unseen_reviewable_count": before + 1}
    assert poll(mod, {counts: found[-1]["message_id"]}) == []


def test_a_decision_of_either_face_names_who_made_it(
    site: Discourse, mod: Client, poll: Poll, same_keys: Callable[..., None]
) -> None:
    counts = f"/reviewable_counts/{site.community.uid(MODERATOR)}"
    item = site.report()
    site.community.decide_as(COLLEAGUE, item, "resolved")
    last = poll(mod, {counts: 0})[-1]
    assert last["data"]["updates"] == {str(item): {"last_performing_username": COLLEAGUE, "status": 1}}
    other = site.report()
    site.as_user(ADMIN).put(f"/review/{other}/perform/agree_and_keep.json?version=0")
    assert poll(mod, {counts: last["message_id"]})[-1]["data"]["updates"][str(other)]["status"] == 1


def test_counts_of_others_and_claims_are_not_for_customers(
    site: Discourse, mod: Client, customer: Client, poll: Poll
) -> None:
    counts = f"/reviewable_counts/{site.community.uid(MODERATOR)}"
    item = site.report()
    thread = mod.get(f"/review/{item}.json")["reviewable"]["topic_id"]
    mod.post("/reviewable_claimed_topics.json", {"reviewable_claimed_topic": {"topic_id": thread}})
    assert poll(customer, {counts: 0, "/reviewable_claimed": 0}) == []
    assert poll(site.as_user(COLLEAGUE), {counts: 0}) == []
    claimed = poll(mod, {"/reviewable_claimed": 0})[-1]["data"]
    assert (claimed["topic_id"], claimed["user"]["username"]) == (thread, MODERATOR)
    mod("DELETE", f"/reviewable_claimed_topics/{thread}.json")
    assert "user" not in poll(mod, {"/reviewable_claimed": 0})[-1]["data"]


def test_topics_tell_of_posts_to_those_who_may_read_them(
    site: Discourse, mod: Client, customer: Client, poll: Poll
) -> None:
    state = site.community.state
    thread, secret = site.new_thread(), site.new_thread("rolf_quarrier", "Private cases")
    reply = site.community.reply_as(CUSTOMER, thread, "A reply to hear about")
    posts.edit(state, reply.author, reply, "A reply to hear about, better")
    posts.hide(state, site.community.uid(MODERATOR), reply)
    told = [one["data"]["type"] for one in poll(mod, {f"/topic/{thread}": 0})]
    assert told == ["created", "created", "revised", "deleted"]
    assert poll(customer, {f"/topic/{secret}": 0}) == []
    assert poll(mod, {f"/topic/{secret}": 0})
    seen = {one["data"]["topic_id"] for one in poll(customer, {"/latest": 0, "/new": 0})}
    assert thread in seen
    assert secret not in seen


def test_whoever_is_ahead_of_the_bus_is_told_where_it_stands(site: Discourse, mod: Client, poll: Poll) -> None:
    site.new_thread()
    poll(mod, {"/latest": -1})
    site.community.discourse.bus.restart()
    assert poll(mod, {"/latest": 7})[-1]["data"] == {"/latest": 0}


def test_only_a_hundred_messages_are_kept(site: Discourse, mod: Client, poll: Poll) -> None:
    thread = site.new_thread()
    for number in range(120):
        site.community.reply_as(CUSTOMER, thread, f"Reply number {number}")
    kept = poll(mod, {f"/topic/{thread}": 0})
    assert [one["message_id"] for one in kept] == list(range(22, 122))


def test_a_poll_is_held_open_until_something_comes(site: Discourse, mod: Client) -> None:
    now = _poll(site, mod, {"/latest": -1}).json()[-1]["data"]["/latest"]
    done: list[Any] = []
    waiting = threading.Thread(target=lambda: done.append(_poll(site, mod, {"/latest": now})))
    waiting.start()
    while site.community.service.requests["POST /message-bus/:client/poll"] < 2:
        time.sleep(0.01)
    site.new_thread()
    waiting.join(10)
    assert done[0].json()[0]["channel"] == "/latest"


def test_a_poll_with_nothing_to_tell_ends_empty(site: Discourse, mod: Client) -> None:
    site.settings.bus_wait = 0.2
    assert _poll(site, mod, {"/latest": 0}).json() == []


def test_closing_the_server_ends_a_held_poll(site: Discourse, mod: Client) -> None:
    failed: list[BaseException] = []

    def hold() -> None:
        try:
            _poll(site, mod, {"/latest": 0})
        except requests.ConnectionError as trouble:
            failed.append(trouble)

    waiting = threading.Thread(target=hold)
    waiting.start()
    while not site.community.service.requests["POST /message-bus/:client/poll"]:
        time.sleep(0.01)
    site.server.close()
    waiting.join(10)
    assert failed


def test_without_asking_for_plain_json_the_answer_is_chunked_text(site: Discourse, mod: Client) -> None:
    url = f"{site.server.url}/message-bus/0f9c8b7a/poll"
    answer = requests.post(url, data={"/latest": -1}, headers=mod.headers, timeout=10)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.endswith("]\r\n|\r\n")


def test_an_overloaded_bus_answers_429_in_words(site: Discourse, mod: Client) -> None:
    site.settings.bus_overload = 45
    answer = _poll(site, mod, {"/latest": -1})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "45")
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_bad_key_is_refused_in_words_where_the_site_requires_a_login(site: Discourse) -> None:
    site.settings.login_required = True
    answer = _poll(site, Client(site.server.url, {"User-Api-Key": "bad"}), {"/latest": -1})
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert _poll(site, site.as_nobody(), {"/latest": -1}).status_code == 403


def test_the_scope_for_polling_polls_and_does_not_write(site: Discourse) -> None:
    key = site.community.discourse.fresh_user_key(2, "listener", frozenset({"message_bus"}))
    client = Client(site.server.url, {"User-Api-Key": key})
    assert _poll(site, client, {"/latest": -1}).status_code == 200
    assert client("POST", "/category/2/notifications.json", {"notification_level": 1}).status_code == 403


def test_a_message_notifies_those_who_were_written_to(site: Discourse, mod: Client, poll: Poll) -> None:
    mine, other = (f"/notification/{site.community.uid(name)}" for name in (MODERATOR, COLLEAGUE))
    body = {"archetype": "private_message", "title": "A word in private", "raw": "Could you have a look at this one?"}
    site.as_user(COLLEAGUE).post("/posts.json", body | {"target_recipients": MODERATOR})
    assert [one["channel"] for one in poll(mod, {mine: 0, other: 0})] == [mine]
    assert poll(site.as_user(COLLEAGUE), {other: 0}) == []


def test_who_follows_a_thread_is_notified_of_a_reply(site: Discourse, mod: Client, poll: Poll) -> None:
    mine = f"/notification/{site.community.uid(MODERATOR)}"
    thread = site.new_thread()
    followed = site.community.state.thread(thread)
    followed.followers |= {site.community.uid(MODERATOR)}
    now = poll(mod, {mine: -1})[-1]["data"][mine]
    notices.new_reply(
        site.community.state, followed, site.community.reply_as(CUSTOMER, thread, "A reply to hear about")
    )
    assert [one["message_id"] for one in poll(mod, {mine: now})] == [now + 1]
