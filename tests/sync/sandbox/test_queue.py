"""The post queue (API.md section 3)."""

from typing import Any

import pytest


@pytest.fixture
def held(world: Any) -> str:
    """A held reply of a newcomer in Router help, an hour old."""
    thread = world.new_thread(forum="Router help")
    ident = world.community.hold_as("fresh_larkspur", thread, "Hello, my first words here   \n").id
    world.community.clock.advance(3600)
    return ident


def test_accepted_posts_keep_their_time_and_stand_behind_newer_ones(world: Any, moderator: Any, held: str) -> None:
    thread = world.community.state.tables.held[held].thread
    newer = world.community.reply_as("maren_oakhollow", thread, "Written while the other waited").id
    accepted = moderator.post(f"/api/v3/posts/queue/{held}")["post"]
    assert (accepted["type"], accepted["tid"]) == ("reply", thread)
    posts = [post["pid"] for post in moderator.get(f"/api/topic/{thread}")["posts"]]
    assert posts[-2:] == [accepted["pid"], newer]
    assert moderator.get(f"/api/v3/topics/{thread}")["lastposttime"] > world.community.state.post(accepted["pid"]).at
    assert world.client("fresh_larkspur").get(f"/api/v3/posts/{accepted['pid']}/raw")["content"] == (
        "Hello, my first words here"
    )


def test_handled_already(world: Any, moderator: Any, held: str) -> None:
    moderator.post(f"/api/v3/posts/queue/{held}")
    second = world.client("dagny_pell")
    path = f"/api/v3/posts/queue/{held}"
    assert second("POST", path, {}).json()["status"]["message"] == "Post does not exist"
    assert second("DELETE", path, {}).json()["status"]["message"] == "Post does not exist"
    without_body = second("DELETE", path)
    assert without_body.status_code == 400
    assert without_body.json()["status"]["message"] == "Cannot read properties of undefined (reading 'message')"


def test_moderators_of_categories_see_nothing_but_may_decide(world: Any, held: str) -> None:
    local = world.client("petra_wick")
    assert local.get("/api/post-queue")["posts"] == []
    assert local.post(f"/api/v3/posts/queue/{held}")["post"]["pid"]


def test_ordinary_members_see_their_own_only(world: Any, customer: Any, held: str) -> None:
    assert customer.get("/api/post-queue")["posts"] == []
    author = world.client("fresh_larkspur")
    own = [post["id"] for post in author.get("/api/post-queue")["posts"]]
    assert held in own
    assert customer("POST", f"/api/v3/posts/queue/{held}", {}).status_code == 403
    assert author.delete(f"/api/v3/posts/queue/{held}") == {}


def test_edit_and_notify(world: Any, moderator: Any, held: str) -> None:
    path = f"/api/v3/posts/queue/{held}"
    assert moderator("PUT", path, {}).status_code == 400
    assert moderator.put(path, {"content": "Edited before approval"})["postData"]["id"] == held
    assert moderator.get(f"/api/post-queue/{held}")["posts"][0]["data"]["rawContent"] == "Edited before approval"
    moderator.post(f"{path}/notify", {"message": "Please add the model"})
    told = world.client("fresh_larkspur").get("/api/notifications")["notifications"][0]
    assert (told["type"], told["bodyShort"]) == ("post-queue-notify", "Please add the model")


def test_rejected_posts_are_gone_and_the_author_is_told(world: Any, moderator: Any, held: str) -> None:
    moderator.delete(f"/api/v3/posts/queue/{held}", {"message": "Advertising"})
    assert moderator.get(f"/api/post-queue/{held}")["posts"] == []
    told = world.client("fresh_larkspur").get("/api/notifications")["notifications"][0]
    assert told["type"] == "post-queue-rejected-for-reason"


def test_twenty_a_page(world: Any, moderator: Any) -> None:
    for n in range(25):
        member = world.community.state.member(world.community.register(f"fresh_{n}"))
        member.joined -= 86_400_000
        world.community.hold_as(f"fresh_{n}", world.new_thread(), "One of very many held posts")
    first = moderator.get("/api/post-queue")
    assert len(first["posts"]) == 20
    assert first["pagination"]["pageCount"] == 2
    assert len(moderator.get("/api/post-queue?page=2")["posts"]) == 25 + 4 - 20


def test_a_newcomer_is_held_no_more_after_the_first_accepted_post(world: Any, moderator: Any, held: str) -> None:
    moderator.post(f"/api/v3/posts/queue/{held}")
    world.community.clock.advance(600)
    author = world.client("fresh_larkspur")
    assert "pid" in author.post(f"/api/v3/topics/{world.new_thread()}", {"content": "My second words here"})
