"""The control endpoint: only with a secret, and every verb."""

from typing import Any

import pytest
import requests

from sync.sandbox import SampleCommunity, Size, serve
from sync.sandbox.control import VERBS


def test_it_does_not_exist_without_a_secret() -> None:
    with serve(SampleCommunity.seeded(7, Size.small())) as server:
        answer = requests.post(f"{server.url}/sandbox/control", json={"do": "counts"}, timeout=5)
        assert (answer.status_code, answer.text) == (404, "Not Found")


def test_it_wants_the_secret(world: Any) -> None:
    url = f"{world.server.url}/sandbox/control"
    assert requests.post(url, json={"do": "counts"}, timeout=5).status_code == 404
    assert requests.post(url, json={"do": "counts"}, headers={"X-Control-Secret": "no"}, timeout=5).status_code == 404


def _ordered(world: Any, **order: Any) -> Any:
    answer = world.control(**order)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_events_behind_the_clients_back(world: Any, moderator: Any) -> None:
    thread = world.new_thread("maren_oakhollow")
    reply = _ordered(world, do="reply_as", user="tobias_fennimore", thread=thread, text="Something bad")["pid"]
    flag = _ordered(world, do="report", user="jory_pennyfeather", post=reply, reason="Rude")["flag"]
    _ordered(world, do="decide_as", user="dagny_pell", flag=flag, state="rejected", assignee="dagny_pell")
    detail = moderator.get(f"/api/flags/{flag}")
    assert (detail["state"], detail["history"][0]["user"]["username"]) == ("rejected", "dagny_pell")
    made = _ordered(world, do="thread_as", user="hollis_vane", forum=2, title="One more", text="One more question")
    assert moderator.get(f"/api/v3/topics/{made['tid']}")["mainPid"] == made["pid"]
    held = _ordered(world, do="hold_as", user="quiet_wisp", thread=thread, text="My very first words")["id"]
    assert held in [post["id"] for post in moderator.get("/api/post-queue")["posts"]]
    _ordered(world, do="stray", flag=flag, state="open")
    assert flag in [row["flagId"] for row in moderator.get("/api/flags?state=open&perPage=500")["flags"]]


def test_accounts_and_tokens(world: Any) -> None:
    uid = _ordered(world, do="register", user="brand_new", fullname="Brand New", reputation=9)["uid"]
    token = _ordered(world, do="token", user="brand_new")["token"]
    client = world.client("brand_new")
    assert (client.token, client.get("/api/self")["uid"]) == (token, uid)
    assert _ordered(world, do="revoke_token", user="brand_new") == {"revoked": True}
    assert client("GET", "/api/self").status_code == 401
    assert _ordered(world, do="token")["token"] == world.community.master_token()
    _ordered(world, do="ban_as", user="ines_lanternby", member="hollis_vane", reason="Spam")
    assert world.client("hollis_vane").get("/api/self")["banned"] is True
    _ordered(world, do="ban_as", user="ines_lanternby", member="hollis_vane", on=False)
    assert world.client("hollis_vane").get("/api/self")["banned"] is False


def test_effects_count_exactly_what_happened(world: Any, moderator: Any) -> None:
    start = _ordered(world, do="counts")["effects"]
    thread = world.new_thread("maren_oakhollow")
    reply = moderator.post(f"/api/v3/topics/{thread}", {"content": "The one and only answer"})["pid"]
    moderator("POST", f"/api/v3/topics/{thread}", {"content": "short"})
    moderator.delete(f"/api/v3/posts/{reply}/state")
    moderator("DELETE", f"/api/v3/posts/{reply}/state")
    done = _ordered(world, do="effects", since=start)["effects"]
    assert [(one["verb"], one["target"]) for one in done] == [
        ("thread", f"thread:{thread}"),
        ("reply", f"thread:{thread}"),
        ("hide", f"post:{reply}"),
    ]
    assert done[1]["by"] == moderator.get("/api/self")["uid"]
    assert done[1]["detail"] == {"post": reply}
    assert [one["n"] for one in done] == [start + 1, start + 2, start + 3]


def test_the_staff_is_told_with_names(world: Any, moderator: Any) -> None:
    told = {one["user"]: one for one in _ordered(world, do="staff")["staff"]}
    assert told["ines_lanternby"] == {
        "uid": moderator.get("/api/self")["uid"], "user": "ines_lanternby", "name": "Ines Lanternby",
    }  # fmt: skip
    assert "maren_oakhollow" not in told


def test_snapshot_holds_the_facts(world: Any) -> None:
    facts = _ordered(world, do="snapshot")
    assert len(facts["posts"]) == facts["counts"]["posts"]
    assert {"pid", "tid", "uid", "content", "deleted"} <= set(facts["posts"][0])
    assert {"state", "assignee", "notes", "history"} <= set(facts["items"][0])
    assert {"locked", "pinned", "cid"} <= set(facts["threads"][0])
    assert facts["bans"] == {}


def test_a_restored_backup_gives_ids_out_again(world: Any, moderator: Any) -> None:
    _ordered(world, do="save_backup")
    thread = world.new_thread("maren_oakhollow")
    first = moderator.post(f"/api/v3/topics/{thread}", {"content": "An answer that will be lost"})["pid"]
    _ordered(world, do="restore_backup")
    assert moderator("GET", f"/api/v3/posts/{first}").status_code == 404
    again = world.new_thread("jory_pennyfeather")
    assert again == thread
    world.community.reply_as("hollis_vane", again, "Another post under a known id")
    assert moderator.get(f"/api/v3/posts/{first}")["uid"] == world.community.uid("hollis_vane")


def test_clock_settings_and_service(world: Any, moderator: Any) -> None:
    before = world.community.clock.now()
    assert _ordered(world, do="advance", seconds=90)["now"] == before + 90_000
    _ordered(world, do="settings", longest_post=50, title="Another name")
    assert moderator.get("/api/config")["maximumPostLength"] == 50
    assert world.control(do="settings", nonsense=1).status_code == 400
    assert _ordered(world, do="service", service_time_ms=40)["service_time_ms"] == 40
    assert moderator("GET", "/api/self").elapsed.total_seconds() >= 0.04
    _ordered(world, do="maintenance", on=True)
    assert world.client("maren_oakhollow")("GET", "/api/recent").status_code == 503


def test_requests_are_counted_by_path(world: Any, moderator: Any) -> None:
    _ordered(world, do="requests", reset=True)
    for flag in (1, 2):
        moderator("GET", f"/api/v3/flags/{flag}")
    moderator("GET", "/api/nothing")
    counted = _ordered(world, do="requests")
    assert counted == {"total": 3, "by_path": {"GET /api/v3/flags/:flagId": 2, "GET /api/nothing": 1}}


@pytest.mark.parametrize("order", [{"do": "dance"}, {"do": "report"}, {"do": "reply_as", "user": "nobody"}, {}])
def test_bad_orders_are_told(world: Any, order: dict[str, Any]) -> None:
    answer = world.control(**order)
    assert (answer.status_code, "error" in answer.json()) == (400, True)


def test_every_verb_is_tried_here() -> None:
    from pathlib import Path

    tried = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
    assert [verb for verb in VERBS if f'do="{verb}"' not in tried] == []
