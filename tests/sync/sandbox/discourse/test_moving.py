"""Moving posts, earlier versions, levels on topics, and whose work a topic is."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.sandbox.discourse.conftest import ADMIN, COLLEAGUE, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]
_BYSTANDER = "benno_crabtree"


@pytest.fixture
def thread(site: Discourse) -> int:
    """A topic of a customer with two replies."""
    opened = site.community.open_thread_as(CUSTOMER, site.forum("Billing"), "A topic to move", "With my account number")
    site.community.reply_as(_BYSTANDER, opened.id, "The same with me, number 1234")
    site.community.reply_as("quillby", opened.id, "We are looking into it")
    return opened.id


def _stream(client: Client, thread: int) -> list[int]:
    return list(client.get(f"/t/{thread}.json")["post_stream"]["stream"])


def _readers(client: Client, thread: int) -> list[str]:
    details: dict[str, Any] = client.get(f"/t/{thread}.json")["details"]
    return [one["username"] for one in details["allowed_users"]]


def _message(client: Client, thread: int, posts: list[int], **more: Any) -> int:
    body = {"post_ids": posts, "title": "Follow-up on your router", "archetype": "private_message", **more}
    answer = client.post(f"/t/{thread}/move-posts.json", body)
    return int(answer["url"].rpartition("/")[2])


def test_a_moved_reply_leaves_a_whisper_and_lets_in_its_author_alone(
    site: Discourse, mod: Client, admin: Client, customer: Client, thread: int, same_keys: Fits
) -> None:
    first, reply, last = _stream(mod, thread)
    body = {"post_ids": [reply], "title": "Follow-up on your router", "archetype": "private_message"}
    answer = mod.post(f"/t/{thread}/move-posts.json", body | {"participants": CUSTOMER})
    same_keys("move_posts_to_message_200", answer)
    message = int(answer["url"].rpartition("/")[2])
    assert _readers(admin, message) == [_BYSTANDER]
    assert admin.get(f"/t/{message}.json")["user_id"] == site.community.uid(_BYSTANDER)
    assert mod("GET", f"/t/{message}.json").status_code == 404
    assert _stream(customer, thread) == [first, last]
    whisper = mod.get(f"/t/{thread}.json")["post_stream"]["posts"][-1]
    assert (whisper["post_type"], whisper["username"]) == (4, MODERATOR)


def test_the_first_post_is_copied_and_stays_public(
    site: Discourse, mod: Client, admin: Client, customer: Client, thread: int
) -> None:
    first = _stream(mod, thread)[0]
    message = _message(mod, thread, [first])
    assert customer.get(f"/posts/{first}.json")["topic_id"] == thread
    copy = admin.get(f"/t/{message}.json?include_raw=1")["post_stream"]["posts"][0]
    assert (copy["username"], copy["raw"], copy["id"] == first) == (CUSTOMER, "With my account number", False)


def test_moving_everything_closes_the_topic(mod: Client, thread: int) -> None:
    _message(mod, thread, _stream(mod, thread))
    shown = mod.get(f"/t/{thread}.json")
    assert (shown["closed"], shown["posts_count"]) == (True, 1)


def test_posts_go_into_a_topic_that_exists(site: Discourse, mod: Client, thread: int) -> None:
    other, reply = site.new_thread(), _stream(mod, thread)[1]
    mod.post(f"/t/{thread}/move-posts.json", {"post_ids": [reply], "destination_topic_id": other})
    assert mod.get(f"/posts/{reply}.json")["topic_id"] == other
    snapshot = {row["pid"]: row["tid"] for row in site.community.snapshot()["posts"]}
    assert snapshot[reply] == other


def test_a_topic_is_merged_into_another(site: Discourse, mod: Client, thread: int, fits: Fits) -> None:
    other = site.new_thread()
    answer = mod.post(f"/t/{thread}/merge-topic.json", {"destination_topic_id": other})
    fits("topic_changes", answer)
    assert len(_stream(mod, other)) == 4
    assert mod.get(f"/t/{thread}.json")["closed"]


def test_moving_is_for_staff_and_needs_posts(mod: Client, customer: Client, thread: int) -> None:
    reply = _stream(mod, thread)[1]
    path = f"/t/{thread}/move-posts.json"
    assert customer("POST", path, {"post_ids": [reply], "title": "A title"}).status_code == 403
    assert mod("POST", path, {"post_ids": [reply]}).status_code == 400
    assert mod("POST", path, {"post_ids": [], "title": "A title"}).status_code == 422
    assert mod("POST", path, {"post_ids": [1], "title": "A title"}).status_code == 422


def test_only_administrators_change_the_author(mod: Client, admin: Client, thread: int) -> None:
    reply, body = _stream(mod, thread)[1], {"username": "quillby"}
    path = f"/t/{thread}/change-owner.json"
    assert mod("POST", path, body | {"post_ids": [reply]}).status_code == 403
    assert admin.post(path, body | {"post_ids": [reply]}) == {"success": "OK"}
    assert mod.get(f"/posts/{reply}.json")["username"] == "quillby"


def test_earlier_versions_are_numbered_from_two(mod: Client, customer: Client, thread: int) -> None:
    post = _stream(mod, thread)[0]
    for raw in ("With my account number 77", "Without any number in it now"):
        customer.put(f"/posts/{post}.json", {"post": {"raw": raw}})
    latest = mod.get(f"/posts/{post}/revisions/latest.json")
    assert (latest["current_revision"], latest["previous_revision"], latest["next_revision"]) == (3, 2, None)
    first = mod.get(f"/posts/{post}/revisions/2.json")
    assert "<ins>77</ins>" in first["body_changes"]["inline"]
    assert first["username"] == CUSTOMER
    for number in (1, 4):
        assert mod("GET", f"/posts/{post}/revisions/{number}.json").status_code == 404


def test_a_post_that_was_never_edited_has_no_versions(mod: Client, thread: int) -> None:
    assert mod("GET", f"/posts/{_stream(mod, thread)[0]}/revisions/latest.json").status_code == 404


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_the_level_on_a_topic_is_the_caller_s_own(mod: Client, customer: Client, thread: int, level: int) -> None:
    assert mod.post(f"/t/{thread}/notifications.json", {"notification_level": str(level)}) == {"success": "OK"}
    assert mod.get(f"/t/{thread}.json")["details"]["notification_level"] == level
    assert customer.get(f"/t/{thread}.json")["details"]["notification_level"] == 1


def test_an_unknown_level_is_refused(mod: Client, thread: int) -> None:
    assert mod("POST", f"/t/{thread}/notifications.json", {"notification_level": 4}).status_code == 400


def test_whoever_is_let_into_a_message_watches_it(mod: Client, admin: Client, customer: Client, thread: int) -> None:
    admin.put(f"/t/{thread}/convert-topic/private.json")
    assert customer.get(f"/t/{thread}.json")["details"]["notification_level"] == 3
    admin.post(f"/t/{thread}/invite.json", {"user": MODERATOR})
    assert mod.get(f"/t/{thread}.json")["details"]["notification_level"] == 3


def test_work_is_assigned_to_the_team_and_its_members(mod: Client, thread: int, same_keys: Fits) -> None:
    body = {"target_id": thread, "target_type": "Topic"}
    same_keys("assign_200", mod.put("/assign/assign.json", body | {"username": COLLEAGUE}))
    assert mod.get(f"/t/{thread}.json")["assigned_to_user"]["username"] == COLLEAGUE
    mod.put("/assign/assign.json", body | {"group_name": "quillby_team"})
    assert mod.get(f"/t/{thread}.json")["assigned_to_group"]["name"] == "quillby_team"
    mod.put("/assign/unassign.json", body)
    assert "assigned_to_group" not in mod.get(f"/t/{thread}.json")


def test_refusals_of_the_plugin_have_a_key_of_their_own(
    mod: Client, customer: Client, thread: int, same_keys: Fits
) -> None:
    body = {"target_id": thread, "target_type": "Topic"}
    answer = mod("PUT", "/assign/assign.json", body | {"username": CUSTOMER})
    assert answer.status_code == 400
    same_keys("assign_400", answer.json())
    mod.put("/assign/assign.json", body | {"username": ADMIN})
    assert "error" in mod("PUT", "/assign/assign.json", body | {"username": ADMIN}).json()
    assert customer("PUT", "/assign/assign.json", body | {"username": ADMIN}).status_code == 403
