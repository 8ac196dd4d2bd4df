"""What goes wrong on order: lost answers, proxies' pages, slow answers."""

from typing import Any

import pytest
import requests

from sync.sandbox import Fault


def _stored(world: Any, text: str) -> int:
    return sum(post["content"] == text for post in world.community.snapshot()["posts"])


@pytest.mark.parametrize(
    ("kind", "status", "stored"),
    [
        ("stored_400", 400, 1),
        ("proxy_502", 502, 0),
        ("proxy_504", 504, 1),
        ("too_many", 429, 0),
        ("status", 500, 0),
    ],
)
def test_answers_of_trouble(world: Any, moderator: Any, kind: str, status: int, stored: int) -> None:
    thread = world.new_thread()
    world.community.fault(Fault(kind, path="/api/v3/topics/", method="POST"))
    answer = moderator("POST", f"/api/v3/topics/{thread}", {"content": "words in trouble"})
    assert (answer.status_code, _stored(world, "words in trouble")) == (status, stored)
    assert ("html" in answer.headers["content-type"]) == kind.startswith("proxy")
    moderator.post(f"/api/v3/topics/{thread}", {"content": "no more trouble"})


@pytest.mark.parametrize(("kind", "stored"), [("drop_before", 0), ("drop_after", 1)])
def test_lost_connections(world: Any, moderator: Any, kind: str, stored: int) -> None:
    thread = world.new_thread()
    world.community.fault(Fault(kind, path="/api/v3/topics/", method="POST"))
    with pytest.raises(requests.ConnectionError):
        moderator("POST", f"/api/v3/topics/{thread}", {"content": "words that got lost"})
    assert _stored(world, "words that got lost") == stored
    moderator.post(f"/api/v3/topics/{thread}", {"content": "no more trouble"})


def test_half_an_answer(world: Any, moderator: Any) -> None:
    world.community.fault(Fault("garbage", path="/api/flags$"))
    with pytest.raises(requests.JSONDecodeError):
        moderator("GET", "/api/flags").json()


def test_slow_answers(world: Any, moderator: Any) -> None:
    assert world.control(do="fault", kind="delay", path="/api/self", seconds=0.1).status_code == 200
    assert moderator("GET", "/api/self").elapsed.total_seconds() >= 0.1
    assert moderator("GET", "/api/self").elapsed.total_seconds() < 0.1


def test_orders_are_counted_and_taken_back(world: Any, moderator: Any) -> None:
    me = moderator.get("/api/self")["uid"]
    world.community.fault(Fault("proxy_502", path="/api/recent", times=2, skip=1, user=me))
    other = world.client("dagny_pell")
    assert other("GET", "/api/recent").status_code == 200
    assert [moderator("GET", "/api/recent").status_code for _ in range(4)] == [200, 502, 502, 200]
    world.community.fault(Fault("proxy_502", times=9))
    assert world.control(do="no_faults").status_code == 200
    assert moderator("GET", "/api/recent").status_code == 200


def test_unknown_kinds_are_refused(world: Any) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        world.community.fault(Fault("earthquake"))
