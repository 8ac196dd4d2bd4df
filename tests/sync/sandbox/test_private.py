"""From a public thread to a private place: moves, a category for one customer, chats, and what outsiders still see
(API.md sections 5 and 12).
"""

from typing import Any

import pytest

SECRET = "My number is 01632 960733"


@pytest.fixture
def case(world: Any, admin: Any) -> int:
    """A private category for maren_oakhollow, below the staff-only one."""
    parent = world.forum("Private cases")
    made = admin.post("/api/v3/categories", {"name": "Maren (private)", "parentCid": parent, "cloneFromCid": parent})
    for right in ("find", "read", "topics:read", "topics:reply", "topics:create"):
        admin.put(
            f"/api/v3/categories/{made['cid']}/privileges/{right}", {"member": world.community.uid("maren_oakhollow")}
        )
    return int(made["cid"])


def test_move_to_the_staff_only_category_locks_the_author_out(world: Any) -> None:
    thread = world.new_thread("maren_oakhollow", "Billing", SECRET)
    author, staff = world.client("maren_oakhollow"), world.client("rolf_quarrier")
    staff.put(f"/api/v3/topics/{thread}/move", {"cid": world.forum("Private cases")})
    assert author("GET", f"/api/topic/{thread}").status_code == 403
    assert author("GET", f"/api/v3/topics/{thread}").status_code == 404
    assert author("POST", f"/api/v3/topics/{thread}", {"content": "Where is my thread?"}).status_code == 403
    assert thread not in [t["tid"] for t in author.get("/api/user/maren_oakhollow/topics")["topics"]]
    event = staff.get(f"/api/v3/topics/{thread}/events")["events"][0]
    assert (event["type"], event["fromCid"]) == ("move", str(world.forum("Billing")))
    staff.put(f"/api/v3/topics/{thread}/move", {"cid": world.forum("Billing")})
    assert author("GET", f"/api/topic/{thread}").status_code == 200


def test_a_category_of_ones_own(world: Any, case: int) -> None:
    thread = world.new_thread("maren_oakhollow", "Billing", SECRET)
    world.client("rolf_quarrier").put(f"/api/v3/topics/{thread}/move", {"cid": case})
    author, stranger = world.client("maren_oakhollow"), world.client("jory_pennyfeather")
    assert author("GET", f"/api/topic/{thread}").status_code == 200
    assert thread in author.get("/api/recent")["tids"]
    assert author("GET", f"/api/category/{world.forum('Private cases')}").status_code == 403
    assert stranger("GET", f"/api/topic/{thread}").status_code == 403
    assert world.guest()("GET", f"/api/topic/{thread}").status_code == 401
    assert thread not in stranger.get("/api/recent")["tids"]
    world.community.clock.advance(60)
    assert author.post(f"/api/v3/topics/{thread}", {"content": "Thank you, private now"})["category"]["cid"] == case


def test_nothing_of_it_is_left_for_outsiders(world: Any, case: int) -> None:
    thread = world.new_thread("maren_oakhollow", "Billing", SECRET)
    post = world.first_post(thread)
    guest, stranger, url = world.guest(), world.client("jory_pennyfeather"), world.server.url
    public = [f"/topic/{thread}.rss", "/recent.rss", f"/category/{world.forum('Billing')}.rss"]
    places = [
        f"/api/v3/posts/{post}",
        f"/api/v3/posts/{post}/raw",
        f"/api/v3/posts/{post}/summary",
        "/api/recent/posts",
    ]
    assert all("01632 960733" in guest("GET", path).text for path in (*public, *places)), url
    assert "01632 960733" in stranger("GET", "/api/search?term=960733").text
    world.client("rolf_quarrier").put(f"/api/v3/topics/{thread}/move", {"cid": case})
    for reader in (guest, stranger):
        for path in (*public, *places, f"/api/topic/teaser/{thread}", f"/api/post/{post}", "/api/search?term=960733"):
            assert "01632 960733" not in reader("GET", path).text, path
    assert guest("GET", "/api/search?term=960733").status_code == 401
    assert guest("GET", f"/topic/{thread}").status_code == 302


def test_uploads_stay_public_whatever_happens(world: Any, moderator: Any) -> None:
    post = next(p for p in world.community.state.tables.posts.values() if "/assets/uploads/" in p.text)
    moderator.delete(f"/api/v3/posts/{post.id}/state")
    picture = world.guest()("GET", "/assets/uploads/files/sample/shelf.png")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")


def test_rights_are_for_administrators(world: Any, case: int, moderator: Any) -> None:
    path = f"/api/v3/categories/{case}/privileges"
    assert moderator("GET", path).status_code == 403
    assert moderator("PUT", f"{path}/read", {"member": 3}).status_code == 403
    assert moderator("POST", "/api/v3/categories", {"name": "Mine"}).status_code == 403


def test_a_right_taken_is_gone_at_once(world: Any, admin: Any, case: int) -> None:
    thread = world.new_thread("maren_oakhollow")
    admin.put(f"/api/v3/topics/{thread}/move", {"cid": case})
    uid = world.community.uid("maren_oakhollow")
    admin.delete(f"/api/v3/categories/{case}/privileges/topics:read/{uid}")
    assert world.client("maren_oakhollow")("GET", f"/api/topic/{thread}").status_code == 403


def test_copying_on_behalf_of_the_customer(world: Any, case: int) -> None:
    body = {"cid": case, "title": "Private case", "content": "Copied from the public thread"}
    customer = world.master("maren_oakhollow")
    assert customer("POST", "/api/v3/topics", {**body, "tags": ["case-4711"]}).status_code == 403  # no right to tag
    made = customer.post("/api/v3/topics", body)
    assert made["user"]["username"] == "maren_oakhollow"
    world.client("rolf_quarrier").put(f"/api/v3/topics/{made['tid']}/tags", {"tags": ["case-4711"]})
    assert world.client("rolf_quarrier").get("/api/tags/case-4711")["topics"][0]["tid"] == made["tid"]
    assert world.client("jory_pennyfeather").get("/api/tags/case-4711")["topics"] == []


def test_moving_a_single_reply_away(world: Any, case: int) -> None:
    staff, thread = world.client("rolf_quarrier"), world.new_thread("tobias_fennimore")
    reply = world.community.reply_as("maren_oakhollow", thread, SECRET).id
    target = world.community.open_thread_as("maren_oakhollow", case, "Case", "A private case here").id
    staff.put(f"/api/v3/posts/{reply}/move", {"tid": target})
    stranger = world.client("jory_pennyfeather")
    assert stranger("GET", f"/api/v3/posts/{reply}").status_code == 404
    assert SECRET not in stranger("GET", f"/api/topic/{thread}").text


def test_chat_rooms(world: Any, admin: Any) -> None:
    agent, customer, late = (world.client(user) for user in ("edda_birch", "maren_oakhollow", "jory_pennyfeather"))
    uids = [world.community.uid("maren_oakhollow"), world.community.uid("rolf_quarrier")]
    room = agent.post("/api/v3/chats", {"uids": uids, "roomName": "Case 4711", "name": "ignored"})
    assert (room["roomName"], room["groupChat"]) == ("Case 4711", True)
    path = f"/api/v3/chats/{room['roomId']}"
    for _ in range(2):
        agent.post(path, {"message": "Two identical lines"})
    heard = [m["content"] for m in customer.get(f"{path}/messages")["messages"]]
    assert heard == ['<p dir="auto">Two identical lines</p>\n'] * 2
    assert admin("GET", f"{path}/messages").status_code == 403
    assert agent("POST", path, {"message": "x" * 1001}).status_code == 400
    customer.post(f"{path}/users", {"uids": [world.community.uid("jory_pennyfeather")]})
    assert late.get(f"{path}/messages")["messages"] == []
    assert room["roomId"] in [r["roomId"] for r in late.get("/api/v3/chats")["rooms"]]


def test_closed_chats_let_moderators_pass(world: Any, moderator: Any) -> None:
    uid = world.community.uid("maren_oakhollow")
    world.community.state.member(uid).chat_closed = True
    assert world.client("edda_birch")("POST", "/api/v3/chats", {"uids": [uid]}).status_code == 400
    assert moderator.post("/api/v3/chats", {"uids": [uid]})["roomId"]
