"""Reading categories, topics and posts: shapes, chunks, and the oddities of lists."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.sandbox.discourse.conftest import ADMIN, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("site", "/site.json"),
        ("site_basic_info", "/site/basic-info.json"),
        ("categories_list", "/categories.json"),
        ("category_show", "/c/2/show.json"),
        ("category_topics", "/c/billing/2.json"),
        ("latest_topics", "/latest.json?order=created"),
        ("latest_posts", "/posts.json"),
        ("topic_show", "/t/5.json"),
        ("topic_posts", "/t/5/posts.json"),
        ("post_show", "/posts/5.json"),
        ("post_replies", "/posts/5/replies.json"),
    ],
)
def test_answers_fit_the_published_schemas(mod: Client, fits: Fits, schema: str, path: str) -> None:
    fits(schema, mod.get(path))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("latest_200", "/latest.json?order=created"),
        ("posts_latest_200", "/posts.json"),
        ("topic_show_public_200", "/t/{0}.json"),
        ("topic_posts_by_id_200", "/t/{0}/posts.json"),
    ],
)
def test_answers_have_what_the_examples_have(
    site: Discourse, admin: Client, same_keys: Fits, name: str, path: str
) -> None:
    thread = site.new_thread()
    site.community.reply_as("quillby", thread, "The team answers this one.")
    site.community.state.thread(thread).tags = ("wifi",)
    same_keys(name, admin.get(path.format(thread)))


def test_latest_is_paged_by_thirty_and_its_last_page_names_no_further_one(mod: Client) -> None:
    first = mod.get("/latest.json?order=created")["topic_list"]
    assert len(first["topics"]) == 30
    assert first["more_topics_url"] == "/latest?order=created&page=1"
    last = mod.get("/latest.json?order=created&page=1")["topic_list"]
    assert "more_topics_url" not in last
    ids = [topic["id"] for topic in first["topics"] + last["topics"]]
    assert len(ids) == len(set(ids))
    assert mod.get("/latest.json?page=9")["topic_list"]["topics"] == []


def test_pinned_topics_stand_on_top_by_activity_only(site: Discourse, mod: Client) -> None:
    oldest = mod.get("/latest.json?order=created&ascending=true")["topic_list"]["topics"][0]["id"]
    from sync.sandbox.state import threads

    with site.community.state.lock:
        state = site.community.state
        threads.set_pinned(state, site.community.uid(ADMIN), state.thread(oldest), True)
    assert mod.get("/latest.json")["topic_list"]["topics"][0]["id"] == oldest
    assert mod.get("/latest.json?order=created")["topic_list"]["topics"][0]["id"] != oldest


def test_muted_categories_are_left_out_of_latest(site: Discourse, customer: Client) -> None:
    billing = site.forum("Billing")
    assert any(topic["category_id"] == billing for topic in _all_topics(customer))
    customer.post(f"/category/{billing}/notifications.json", {"notification_level": 0})
    assert not any(topic["category_id"] == billing for topic in _all_topics(customer))
    assert customer.get(f"/c/{billing}/show.json")["category"]["notification_level"] == 0


def test_a_long_topic_comes_by_chunks(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    for number in range(44):
        site.community.reply_as(CUSTOMER, thread, f"Reply number {number} of a long topic")
    page = mod.get(f"/t/{thread}.json")
    stream = page["post_stream"]["stream"]
    assert (len(stream), len(page["post_stream"]["posts"]), page["chunk_size"]) == (45, 20, 20)
    asked = "&".join(f"post_ids[]={ident}" for ident in stream[20:45])
    chunk = mod.get(f"/t/{thread}/posts.json?{asked}")["post_stream"]["posts"]
    assert [post["id"] for post in chunk] == stream[20:40]
    assert "raw" not in chunk[0]
    assert mod.get(f"/t/{thread}/posts.json?{asked}&include_raw=1")["post_stream"]["posts"][0]["raw"]


def test_a_page_past_the_end_leads_back(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    answer = mod("GET", f"/t/{thread}.json?page=9")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(f"/t/a-thread-for-one-test/{thread}.json")


def test_a_stream_can_be_narrowed_to_authors(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    reply = site.community.reply_as("benno_crabtree", thread, "An answer by somebody else").id
    assert mod.get(f"/t/{thread}/post_ids.json?username_filters=Benno_Crabtree")["post_ids"] == [reply]


def test_locking_stands_in_the_stream_as_a_small_action(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    from sync.sandbox.state import threads

    state = site.community.state
    threads.set_locked(state, site.community.uid(MODERATOR), state.thread(thread), True)
    page = mod.get(f"/t/{thread}.json")
    last = page["post_stream"]["posts"][-1]
    assert (last["post_type"], last["action_code"], last["username"]) == (3, "closed.enabled", MODERATOR)
    assert page["closed"]
    assert page["posts_count"] == 1
    assert page["highest_post_number"] == 2


def test_the_feed_walks_down_by_id(mod: Client) -> None:
    first = mod.get("/posts.json")["latest_posts"]
    assert len(first) == 50
    assert [post["id"] for post in first] == sorted((post["id"] for post in first), reverse=True)
    second = mod.get(f"/posts.json?before={first[-1]['id']}")["latest_posts"]
    assert second[0]["id"] < first[-1]["id"]
    assert {"raw", "topic_title", "category_id", "staff"} <= set(second[0])


def test_raw_is_plain_text(site: Discourse, mod: Client) -> None:
    thread = site.new_thread(text="Something **bold** to read")
    for path in (f"/raw/{thread}", f"/raw/{thread}/1", f"/posts/{site.first_post(thread)}/raw"):
        answer = mod("GET", path)
        assert (answer.text, answer.headers["Content-Type"]) == (
            "Something **bold** to read",
            "text/plain; charset=utf-8",
        )
    assert "<strong>bold</strong>" in mod.get(f"/posts/{site.first_post(thread)}.json")["cooked"]


def test_a_wrong_status_is_an_invalid_parameter(mod: Client, fits: Fits) -> None:
    answer = mod("GET", "/latest.json?status=nonsense")
    assert (answer.status_code, answer.json()["error_type"]) == (400, "invalid_parameters")
    fits("error", answer.json())


def test_a_deleted_post_stays_for_staff_alone(site: Discourse, mod: Client, customer: Client) -> None:
    from sync.sandbox.state import posts

    thread = site.new_thread()
    reply = site.community.reply_as("benno_crabtree", thread, "An answer by somebody else")
    posts.hide(site.community.state, site.community.uid(MODERATOR), reply)
    shown = mod.get(f"/t/{thread}.json")["post_stream"]["posts"][-1]
    assert (shown["id"], bool(shown["deleted_at"]), shown["hidden"]) == (reply.id, True, False)
    assert customer.get(f"/t/{thread}.json")["post_stream"]["stream"] == [site.first_post(thread)]
    assert customer("GET", f"/posts/{reply.id}.json").status_code == 404


def _all_topics(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for page in range(5):
        found += client.get(f"/latest.json?page={page}")["topic_list"]["topics"]
    return found
