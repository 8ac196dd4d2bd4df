"""Replies and new topics: limits, delays, repeats, language (API.md section 6)."""

import threading
from typing import Any

import pytest


def _message(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["status"]["message"]


def test_a_repeat_makes_two_posts(world: Any) -> None:
    thread, staff = world.new_thread(), world.client("rolf_quarrier")
    path = f"/api/v3/topics/{thread}"
    first = staff.post(path, {"content": "The same words twice", "idempotencyKey": "a", "timestamp": 1700000000000})
    second = staff.post(path, {"content": "The same words twice", "idempotencyKey": "a"})
    assert first["pid"] != second["pid"]
    assert first["timestamp"] > 1700000000000


def test_text_is_trimmed_at_the_right_only(world: Any, moderator: Any) -> None:
    pid = moderator.post(f"/api/v3/topics/{world.new_thread()}", {"content": "  words between spaces \n\n"})["pid"]
    assert moderator.get(f"/api/v3/posts/{pid}/raw")["content"] == "  words between spaces"


def test_length_limits(world: Any, moderator: Any, customer: Any) -> None:
    path = f"/api/v3/topics/{world.new_thread('maren_oakhollow')}"
    assert _message(moderator("POST", path, {"content": "1234567"}))[1].startswith("Please enter a longer post.")
    assert _message(customer("POST", path, {"content": "x" * 32768}))[1].startswith("Please enter a shorter post.")
    assert _message(customer("POST", path, {"content": ""})) == (400, "Invalid Data")


def test_one_post_at_a_time_per_account(world: Any) -> None:
    thread, staff = world.new_thread(), world.client("rolf_quarrier")
    world.community.service.posting_time_ms = 500
    answers: list[Any] = []

    def send() -> None:
        answers.append(staff("POST", f"/api/v3/topics/{thread}", {"content": "at the same time"}))

    at_once = [threading.Thread(target=send) for _ in range(4)]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()
    statuses = sorted(answer.status_code for answer in answers)
    stored = [p for p in world.community.snapshot()["posts"] if p["content"] == "at the same time"]
    assert statuses == [200, 400, 400, 400]
    assert len(stored) == 1
    assert _message(next(a for a in answers if a.status_code == 400))[1] == "You are already posting"


def test_two_accounts_post_at_the_same_time(world: Any) -> None:
    thread, answers = world.new_thread(), []
    world.community.service.posting_time_ms = 100

    def send(user: str) -> None:
        answers.append(world.client(user)("POST", f"/api/v3/topics/{thread}", {"content": "at the same time"}))

    at_once = [threading.Thread(target=send, args=(user,)) for user in ("rolf_quarrier", "petra_wick")]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()
    assert [answer.status_code for answer in answers] == [200, 200]


def test_delay_between_posts_spares_moderators_of_the_category(world: Any, customer: Any) -> None:
    path = f"/api/v3/topics/{world.new_thread('maren_oakhollow')}"
    customer.post(path, {"content": "my first answer here"})
    assert _message(customer("POST", path, {"content": "my second answer here"})) == (
        400,
        "You can only post once every 10 second(s) - please wait before posting again",
    )
    world.community.clock.advance(11)
    customer.post(path, {"content": "my second answer here"})
    local = world.client("rolf_quarrier")
    for _ in range(2):
        local.post(path, {"content": "a moderator of this forum"})


def test_newcomers_wait_and_are_held(world: Any) -> None:
    world.community.register("quite_fresh")
    client, path = world.client("quite_fresh"), f"/api/v3/topics/{world.new_thread()}"
    assert (
        "wait 10 second(s) before making your first post"
        in _message(client("POST", path, {"content": "a b c d e f"}))[1]
    )
    world.community.clock.advance(200)
    answer = client("POST", path, {"content": "my very first words"})
    assert answer.status_code == 200
    assert answer.json()["response"]["queued"] is True
    assert "pid" not in answer.json()["response"]
    topic = client("POST", "/api/v3/topics", {"cid": 2, "title": "A title", "content": "my very first words"})
    assert topic.status_code == 400  # the delay for newcomers counts held posts too
    world.community.clock.advance(200)
    topic = client("POST", "/api/v3/topics", {"cid": 2, "title": "A title", "content": "my very first words"})
    assert (topic.status_code, topic.json()["status"]["code"]) == (202, "accepted")


def test_muted_and_banned(world: Any, customer: Any, admin: Any, moderator: Any) -> None:
    uid, now = customer.get("/api/self")["uid"], world.community.clock.now()
    path = f"/api/v3/topics/{world.new_thread('maren_oakhollow')}"
    admin.put(f"/api/v3/users/{uid}/mute", {"until": now + 5 * 3_600_000, "reason": "Cool down"})
    assert _message(customer("POST", path, {"content": "words of a muted one"}))[1].endswith("post in 5 hour(s)")
    admin.delete(f"/api/v3/users/{uid}/mute")
    moderator.put(f"/api/v3/users/{uid}/ban", {"reason": "Advertising"})
    assert _message(customer("POST", path, {"content": "words of a banned one"}))[0] == 403


@pytest.mark.parametrize(("place", "status"), [("99999", 404), ("staff", 403), ("deleted", 400)])
def test_where_nobody_may_reply(world: Any, customer: Any, admin: Any, place: str, status: int) -> None:
    thread = place
    if place == "staff":
        thread = world.community.open_thread_as(
            "rolf_quarrier", world.forum("Staff room"), "Inside", "For staff only"
        ).id
    if place == "deleted":
        thread = world.new_thread("maren_oakhollow")
        admin.delete(f"/api/v3/topics/{thread}/state")
    assert customer("POST", f"/api/v3/topics/{thread}", {"content": "may I say this here"}).status_code == status


def test_errors_arrive_in_the_language_asked_for(world: Any, customer: Any) -> None:
    path = f"/api/v3/topics/{world.new_thread('maren_oakhollow')}"
    japanese = "もっと長い投稿を入力してください。投稿には少なくとも8文字必要です。"
    assert _message(customer("POST", path, {"content": "hi"}, Accept_Language="ja,en;q=0.5"))[1] == japanese
    assert _message(customer("POST", f"{path}?lang=ja", {"content": "hi"}))[1] == japanese
    asked = customer("POST", f"{path}?lang=en-GB", {"content": "hi"}, Accept_Language="ja")
    assert _message(asked)[1].startswith("Please enter")
    assert _message(customer("POST", path, {"content": "hi"}))[1].startswith("Please enter")


def test_a_reply_counts_everywhere(world: Any, customer: Any) -> None:
    thread = world.new_thread("maren_oakhollow")
    before = customer.get("/api/self")["postcount"]
    posted = customer.post(
        f"/api/v3/topics/{thread}", {"content": "an answer that counts", "toPid": world.first_post(thread)}
    )
    assert posted["toPid"] == world.first_post(thread)
    topic = customer.get(f"/api/topic/{thread}")
    assert (topic["postcount"], topic["teaserPid"]) == (2, str(posted["pid"]))
    assert topic["posts"][1]["toPid"] == str(world.first_post(thread))
    assert topic["posts"][0]["replies"]["count"] == 1
    assert customer.get("/api/self")["postcount"] == before + 1
    assert customer.get("/api/recent")["topics"][0]["tid"] == thread
    assert customer.get("/api/recent/posts")[0]["pid"] == posted["pid"]


def test_a_new_topic(world: Any, customer: Any) -> None:
    cid = world.forum("Mesh")
    body = {
        "cid": cid,
        "title": "A question about nodes",
        "content": "Two or three nodes for a house?",
        "tags": ["house"],
    }
    made = customer.post("/api/v3/topics", body)
    assert made["mainPost"]["pid"] == made["mainPid"]
    assert made["teaserPid"] is None
    assert made["teaser"]["pid"] == made["mainPid"]
    assert customer.get("/api/tags/house")["topics"][0]["tid"] == made["tid"]
    assert customer("POST", "/api/v3/topics", {**body, "cid": world.forum("Staff room")}).status_code == 403
    assert customer("POST", "/api/v3/topics", {**body, "cid": 99999}).status_code == 400
