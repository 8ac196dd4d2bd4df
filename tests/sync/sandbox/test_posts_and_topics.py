"""Acting on posts and topics (API.md sections 4 and 12)."""

from typing import Any

import pytest


@pytest.fixture
def post(world: Any) -> int:
    """A reply by a customer in a customer's thread."""
    thread = world.new_thread("maren_oakhollow", "Mesh")
    return world.community.reply_as("tobias_fennimore", thread, "My number is 01632 960118").id


def test_who_reads_a_hidden_post(world: Any, customer: Any, moderator: Any, post: int) -> None:
    moderator.delete(f"/api/v3/posts/{post}/state")
    stranger = world.client("jory_pennyfeather")
    for reader, shown in ((customer, "My number is 01632 960118"), (stranger, "[[topic:post-is-deleted]]")):
        assert reader.get(f"/api/v3/posts/{post}")["content"] == shown
    assert world.guest().get(f"/api/v3/posts/{post}")["content"] == "[[topic:post-is-deleted]]"
    assert customer("GET", f"/api/v3/posts/{post}/raw").status_code == 404  # not even the author
    assert moderator.get(f"/api/v3/posts/{post}/raw")["content"] == "My number is 01632 960118"
    thread = world.community.state.post(post).thread
    page = stranger.get(f"/api/topic/{thread}")
    assert page["posts"][1]["content"] == "[[topic:post-is-deleted]]"
    assert page["teaserPid"] is None


def test_hiding_twice_and_showing_again(moderator: Any, customer: Any, post: int) -> None:
    path = f"/api/v3/posts/{post}/state"
    moderator.delete(path)
    assert moderator("DELETE", path).json()["status"]["message"] == "This post has already been deleted"
    assert customer("PUT", path, {}).status_code == 403  # hidden by somebody else
    moderator.put(path)
    assert moderator("PUT", path, {}).json()["status"]["message"] == "This post has already been restored"
    customer.delete(path)
    customer.put(path)


def test_earlier_versions_stay_readable_for_members(world: Any, customer: Any, moderator: Any, post: int) -> None:
    customer.put(f"/api/v3/posts/{post}", {"content": "My number is gone now"})
    reader = world.client("jory_pennyfeather")
    times = reader.get(f"/api/v3/posts/{post}/diffs")["timestamps"]
    assert len(times) == 2
    assert "01632 960118" in reader.get(f"/api/v3/posts/{post}/diffs/{times[-1]}")["content"]
    assert world.guest()("GET", f"/api/v3/posts/{post}/diffs").status_code == 403
    assert reader("DELETE", f"/api/v3/posts/{post}/diffs/{times[-1]}", {}).status_code == 403
    moderator.delete(f"/api/v3/posts/{post}/diffs/{times[-1]}")
    times = reader.get(f"/api/v3/posts/{post}/diffs")["timestamps"]
    assert len(times) == 1
    assert "01632" not in reader.get(f"/api/v3/posts/{post}/diffs/{times[0]}")["content"]


def test_a_stale_edit_overwrites(customer: Any, moderator: Any, post: int) -> None:
    moderator.put(f"/api/v3/posts/{post}", {"content": "Edited by a moderator"})
    answer = customer.put(f"/api/v3/posts/{post}", {"content": "Edited by the author, unseen"})
    assert (answer["changed"], answer["oldContent"]) == (True, "Edited by a moderator")
    assert customer.get(f"/api/v3/posts/{post}")["content"] == "Edited by the author, unseen"
    same = customer.put(f"/api/v3/posts/{post}", {"content": "Edited by the author, unseen"})
    assert same["changed"] is False


def test_the_first_edit_may_rename_the_topic(world: Any) -> None:
    thread, author = world.new_thread("maren_oakhollow"), world.client("maren_oakhollow")
    pid = world.first_post(thread)
    author.put(f"/api/v3/posts/{pid}", {"content": "A fresh question here.", "title": "A better title"})
    assert author.get(f"/api/v3/topics/{thread}")["title"] == "A better title"


def test_purge_belongs_to_moderators(world: Any, customer: Any, moderator: Any, post: int) -> None:
    assert customer("DELETE", f"/api/v3/posts/{post}").status_code == 403
    moderator.delete(f"/api/v3/posts/{post}")
    assert moderator("GET", f"/api/v3/posts/{post}").status_code == 404
    opening = world.first_post(world.new_thread())
    world.community.reply_as("maren_oakhollow", world.community.state.post(opening).thread, "One answer to it")
    assert moderator("DELETE", f"/api/v3/posts/{opening}").status_code == 400


def test_hiding_a_lone_opening_post_hides_the_topic(world: Any, moderator: Any) -> None:
    thread = world.new_thread("maren_oakhollow")
    moderator.delete(f"/api/v3/posts/{world.first_post(thread)}/state")
    assert moderator.get(f"/api/v3/topics/{thread}")["deleted"] == 1


def test_change_of_author(world: Any, moderator: Any, post: int) -> None:
    company = world.community.uid("quillby")
    assert world.client("hollin_marsh")("PUT", f"/api/v3/posts/{post}/owner", {"uid": company}).status_code == 403
    moderator.put(f"/api/v3/posts/{post}/owner", {"uid": company})
    assert moderator.get(f"/api/v3/posts/{post}")["uid"] == company
    moderator.post("/api/v3/posts/owner", {"pids": [post], "uid": world.community.uid("edda_birch")})
    assert moderator.get(f"/api/v3/posts/{post}")["uid"] == world.community.uid("edda_birch")


def test_moving_posts(world: Any, moderator: Any, post: int) -> None:
    target = world.new_thread("jory_pennyfeather")
    moderator.put(f"/api/v3/posts/{post}/move", {"tid": target})
    assert moderator.get(f"/api/v3/posts/{post}")["tid"] == target
    first = moderator("PUT", f"/api/v3/posts/{world.first_post(target)}/move", {"tid": world.new_thread()})
    assert first.json()["status"]["message"] == "[[error:cant-move-mainpost]]"


def test_locking_twice_leaves_two_events(world: Any, moderator: Any, customer: Any) -> None:
    thread = world.new_thread("maren_oakhollow")
    for _ in range(2):
        moderator.put(f"/api/v3/topics/{thread}/lock")
    moderator.delete(f"/api/v3/topics/{thread}/lock")
    kinds = [event["type"] for event in customer.get(f"/api/v3/topics/{thread}/events")["events"]]
    assert kinds == ["lock", "lock", "unlock"]
    assert customer("PUT", f"/api/v3/topics/{thread}/lock", {}).status_code == 403


def test_pins_come_first_and_end(world: Any, moderator: Any) -> None:
    thread, cid = world.new_thread("maren_oakhollow", "Mesh"), world.forum("Mesh")
    world.community.clock.advance(60)
    world.new_thread("maren_oakhollow", "Mesh")
    moderator.put(f"/api/v3/topics/{thread}/pin", {"expiry": world.community.clock.now() + 60_000})
    rows = moderator.get(f"/api/category/{cid}")["topics"]
    assert (rows[0]["tid"], rows[0]["pinned"]) == (thread, 1)
    world.community.clock.advance(120)
    rows = moderator.get(f"/api/category/{cid}")["topics"]
    assert (rows[0]["tid"] != thread, [r["pinned"] for r in rows if r["tid"] == thread]) == (True, [0])
    past = moderator("PUT", f"/api/v3/topics/{thread}/pin", {"expiry": 5})
    assert past.status_code == 400


def test_a_deleted_topic_is_for_author_and_moderators(world: Any, moderator: Any) -> None:
    thread = world.new_thread("maren_oakhollow")
    moderator.delete(f"/api/v3/topics/{thread}/state")
    seen = {user: world.client(user)("GET", f"/api/topic/{thread}").status_code for user in _READERS}
    assert seen == {"maren_oakhollow": 200, "ines_lanternby": 200, "jory_pennyfeather": 403}
    assert world.guest()("GET", f"/api/topic/{thread}").status_code == 401
    assert thread not in world.client("jory_pennyfeather").get("/api/recent")["tids"]
    moderator.put(f"/api/v3/topics/{thread}/state")
    assert world.guest()("GET", f"/api/topic/{thread}").status_code == 200


_READERS = ("maren_oakhollow", "ines_lanternby", "jory_pennyfeather")


def test_topic_sorts_keep_the_opening_post_first(world: Any, moderator: Any) -> None:
    thread = world.new_thread("maren_oakhollow")
    replies = [world.community.reply_as("tobias_fennimore", thread, f"Reply number {n}").id for n in range(30)]
    page = moderator.get(f"/api/topic/{thread}?sort=newest_to_oldest")
    assert [p["pid"] for p in page["posts"]][:3] == [world.first_post(thread), replies[-1], replies[-2]]
    assert [p["index"] for p in page["posts"]][:3] == [0, 1, 2]
    assert page["pagination"]["pageCount"] == 2
    second = moderator.get(f"/api/topic/{thread}?page=2")
    assert [p["pid"] for p in second["posts"]] == replies[19:]
    assert second["posts"][0]["index"] == 20


def test_authors_move_small_topics_of_their_own(world: Any) -> None:
    author = world.client("maren_oakhollow")
    thread = world.new_thread("maren_oakhollow")
    author.put(f"/api/v3/topics/{thread}/move", {"cid": world.forum("Mesh")})
    same = author("PUT", f"/api/v3/topics/{thread}/move", {"cid": world.forum("Mesh")})
    assert same.json()["status"]["message"] == "Can't move topic to the same category!"
    for n in range(5):
        world.community.reply_as("tobias_fennimore", thread, f"Reply number {n}")
    many = author("PUT", f"/api/v3/topics/{thread}/move", {"cid": world.forum("Fibre")})
    assert many.json()["status"]["message"] == "Cannot move a topic with more than 5 posts."
