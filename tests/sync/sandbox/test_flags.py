"""Flags: what NodeBB 4.15.1 does with them, oddities included (API.md section 2)."""

from typing import Any

import pytest


def _flag(world: Any, forum: str = "Billing") -> int:
    thread = world.new_thread("maren_oakhollow", forum)
    post = world.community.reply_as("tobias_fennimore", thread, "Something that will be reported").id
    return world.community.report("pippa_thistlewood", post, "Spam").id


def _row(moderator: Any, flag: int, query: str = "") -> Any:
    rows = moderator.get(f"/api/flags?perPage=500{query}")["flags"]
    return next((row for row in rows if row["flagId"] == flag), None)


def test_list_knows_one_state_only_and_drops_what_it_does_not_know(world: Any, moderator: Any) -> None:
    everything = moderator.get("/api/flags?perPage=1")["count"]
    one = moderator.get("/api/flags?state=open&perPage=1")
    assert one["filters"] == {"state": "open", "page": 1, "perPage": 1}
    assert one["count"] < everything
    for query in ("state=open&state=wip", "state=closed", "quick=unresolved", "targetId=3"):
        answer = moderator.get(f"/api/flags?{query}&perPage=1")
        assert answer["count"] == everything
        assert answer["filters"] == {"page": 1, "perPage": 1}


def test_list_has_no_upper_page_size_and_an_empty_page_beyond_the_end(moderator: Any) -> None:
    whole = moderator.get("/api/flags?perPage=500")
    assert len(whole["flags"]) == whole["count"]
    assert moderator.get("/api/flags?page=99")["flags"] == []


def test_state_list_is_ordered_by_the_time_of_entering(world: Any, moderator: Any) -> None:
    older, newer = _flag(world), _flag(world)
    moderator.put(f"/api/v3/flags/{newer}", {"state": "wip"})
    world.community.clock.advance(5)
    moderator.put(f"/api/v3/flags/{older}", {"state": "wip"})
    in_progress = [row["flagId"] for row in moderator.get("/api/flags?state=wip&perPage=500")["flags"]]
    assert in_progress[:2] == [older, newer]
    assert [row["flagId"] for row in moderator.get("/api/flags")["flags"]][:2] == [newer, older]


def test_sorts(moderator: Any) -> None:
    newest = [row["flagId"] for row in moderator.get("/api/flags?perPage=500")["flags"]]
    assert [r["flagId"] for r in moderator.get("/api/flags?perPage=500&sort=oldest")["flags"]] == newest[::-1]
    heats = [row["heat"] for row in moderator.get("/api/flags?perPage=500&sort=reports")["flags"]]
    assert heats == sorted(heats, reverse=True)
    by_votes = moderator.get("/api/flags?perPage=500&sort=upvotes")
    assert {row["type"] for row in by_votes["flags"]} == {"post"}
    assert moderator.get("/api/flags?sort=nonsense")["sort"] == "newest"


def test_several_values_of_a_number_filter_are_united(world: Any, moderator: Any) -> None:
    billing, mesh = world.forum("Billing"), world.forum("Mesh")
    counts = [moderator.get(f"/api/flags?cid={cid}")["count"] for cid in (billing, mesh)]
    both = moderator.get(f"/api/flags?cid={billing}&cid={mesh}")
    assert both["count"] == sum(counts)
    assert both["filters"]["cid"] == [str(billing), str(mesh)]


def test_types_are_uneven(world: Any, moderator: Any) -> None:
    flag = _flag(world)
    assert isinstance(_row(moderator, flag)["targetId"], str)
    assert isinstance(moderator.get(f"/api/v3/flags/{flag}")["targetId"], int)
    me = moderator.get("/api/self")["uid"]
    moderator.put(f"/api/v3/flags/{flag}", {"assignee": me})
    assert _row(moderator, flag)["assignee"] == str(me)
    moderator.put(f"/api/v3/flags/{flag}", {"assignee": ""})
    assert _row(moderator, flag)["assignee"] == ""


def test_stale_assignee_filter(world: Any, moderator: Any) -> None:
    flag, me = _flag(world), moderator.get("/api/self")["uid"]
    moderator.put(f"/api/v3/flags/{flag}", {"assignee": str(me)})
    moderator.put(f"/api/v3/flags/{flag}", {"assignee": ""})
    assert _row(moderator, flag, "&quick=mine")["assignee"] == ""
    assert _row(moderator, flag, f"&assignee={me}") is not None


@pytest.mark.parametrize("body", [{"state": "closed"}, {"assignee": "99999"}, {"assignee": "maren"}, {}])
def test_the_impossible_is_answered_with_200_and_nothing_changes(world: Any, moderator: Any, body: Any) -> None:
    flag = _flag(world)
    before = moderator.get(f"/api/flags/{flag}")
    history = moderator.put(f"/api/v3/flags/{flag}", body)["history"]
    after = moderator.get(f"/api/flags/{flag}")
    assert (after["state"], after["assignee"], after["history"]) == ("open", None, before["history"])
    assert history == before["history"]


def test_last_write_wins_and_the_same_state_adds_no_line(world: Any, moderator: Any) -> None:
    flag, colleague = _flag(world), world.client("dagny_pell")
    colleague.put(f"/api/v3/flags/{flag}", {"state": "rejected"})
    lines = len(moderator.put(f"/api/v3/flags/{flag}", {"state": "wip"})["history"])
    assert len(colleague.put(f"/api/v3/flags/{flag}", {"state": "wip"})["history"]) == lines
    states = [line["fields"]["state"] for line in moderator.get(f"/api/flags/{flag}")["history"] if "fields" in line]
    assert states == ["[[flags:state-wip]]", "[[flags:state-rejected]]", "[[flags:state-open]]"]


def test_an_assignee_sent_as_a_number_adds_a_useless_line(world: Any, moderator: Any) -> None:
    flag, me = _flag(world), moderator.get("/api/self")["uid"]
    first = len(moderator.put(f"/api/v3/flags/{flag}", {"assignee": str(me)})["history"])
    assert len(moderator.put(f"/api/v3/flags/{flag}", {"assignee": str(me)})["history"]) == first
    assert len(moderator.put(f"/api/v3/flags/{flag}", {"assignee": me})["history"]) == first + 1


def test_unassigning_reads_as_guest(world: Any, moderator: Any) -> None:
    history = moderator.put(f"/api/v3/flags/{_flag(world)}", {"assignee": ""})["history"]
    assert history[0]["fields"] == {"assignee": "[[global:guest]]"}


def test_a_further_report_opens_again_but_does_not_rise(world: Any, moderator: Any) -> None:
    flag = _flag(world)
    later = _flag(world)
    moderator.put(f"/api/v3/flags/{flag}", {"state": "resolved"})
    before = moderator.get(f"/api/v3/flags/{flag}")
    world.client("jory_pennyfeather").post(
        "/api/v3/flags", {"type": "post", "id": before["targetId"], "reason": "Still here"}
    )
    after = moderator.get(f"/api/flags/{flag}")
    assert (after["state"], after["flagId"], after["datetime"]) == ("open", flag, before["datetime"])
    assert after["history"][0]["fields"] == {"state": "[[flags:state-open]]", "report": "[[flags:report-added]]"}
    assert [row["flagId"] for row in moderator.get("/api/flags")["flags"]][:2] == [later, flag]
    assert _row(moderator, flag)["heat"] == 2


def test_withdrawing_the_last_report_resolves(world: Any, moderator: Any) -> None:
    flag = _flag(world)
    reporter = world.client("pippa_thistlewood")
    reporter.delete(f"/api/v3/flags/{flag}/report")
    assert moderator.get(f"/api/v3/flags/{flag}")["state"] == "resolved"
    assert reporter("DELETE", f"/api/v3/flags/{flag}/report", {}).status_code == 400


def test_notes_belong_to_their_writer_and_may_be_empty(world: Any, moderator: Any) -> None:
    flag, colleague = _flag(world), world.client("dagny_pell")
    note = moderator.post(f"/api/v3/flags/{flag}/notes", {"note": ""})["notes"][0]
    assert note["content"] == ""
    path = f"/api/v3/flags/{flag}/notes"
    edited = moderator.post(path, {"note": "with words", "datetime": note["datetime"]})
    assert [n["content"] for n in edited["notes"]] == ["with words"]
    assert colleague("DELETE", f"{path}/{note['datetime']}", {}).status_code == 403
    assert colleague("POST", path, {"note": "mine", "datetime": note["datetime"]}).status_code == 403
    gone = moderator.delete(f"{path}/{note['datetime']}")
    assert gone["notes"] == []
    assert gone["history"][0]["fields"] == {"notes": "[[flags:note-deleted]]"}


def test_hiding_the_post_resolves_under_the_one_who_hid_it(world: Any, moderator: Any) -> None:
    flag = _flag(world)
    colleague = world.client("dagny_pell")
    moderator.put(f"/api/v3/flags/{flag}", {"state": "rejected"})
    post = moderator.get(f"/api/v3/flags/{flag}")["targetId"]
    colleague.delete(f"/api/v3/posts/{post}/state")
    detail = moderator.get(f"/api/flags/{flag}")
    assert detail["state"] == "resolved"
    assert detail["history"][0]["user"]["username"] == "dagny_pell"
    colleague.put(f"/api/v3/posts/{post}/state")
    assert moderator.get(f"/api/v3/flags/{flag}")["state"] == "resolved"


def test_purging_keeps_the_flag_without_a_target(world: Any, moderator: Any) -> None:
    flag, local = _flag(world), world.client("rolf_quarrier")
    moderator.delete(f"/api/v3/posts/{moderator.get(f'/api/v3/flags/{flag}')['targetId']}")
    detail = moderator.get(f"/api/flags/{flag}")
    assert (detail["state"], detail["target"]) == ("resolved", {})
    assert detail["type_bool"] == {"post": False, "user": False, "empty": True}
    assert local("GET", f"/api/v3/flags/{flag}").status_code == 404


def test_the_category_is_frozen_when_the_topic_moves(world: Any, moderator: Any, admin: Any) -> None:
    flag = _flag(world, "Billing")
    thread = moderator.get(f"/api/v3/flags/{flag}")["target"]["tid"]
    admin.put(f"/api/v3/topics/{thread}/move", {"cid": world.forum("Firmware")})
    old, new = world.client("rolf_quarrier"), world.client("petra_wick")
    assert _row(old, flag) is not None
    assert old("GET", f"/api/v3/flags/{flag}").status_code == 404
    assert _row(new, flag) is None
    assert moderator.get(f"/api/flags?cid={world.forum('Billing')}&perPage=500")["flags"]


def test_moderators_of_single_categories_are_held_to_them(world: Any) -> None:
    local = world.client("petra_wick")
    own = [str(world.forum(name)) for name in ("Router help", "Firmware", "Fibre", "Private cases")]
    assert local.get("/api/flags")["filters"]["cid"] == own
    assert local.get(f"/api/flags?cid={world.forum('Billing')}")["filters"]["cid"] == own


def test_a_flag_may_stand_under_two_states(world: Any, moderator: Any) -> None:
    flag = _flag(world)
    world.community.stray_flag(flag, "dismissed")
    row = _row(moderator, flag, "&state=rejected")
    assert row["state"] == "open"
    assert _row(moderator, flag, "&state=open") is not None
    moderator.put(f"/api/v3/flags/{flag}", {"state": "rejected"})
    rejected = [r["flagId"] for r in moderator.get("/api/flags?state=rejected&perPage=500")["flags"]]
    assert rejected.count(flag) == 1


def test_reports_that_are_refused(world: Any, customer: Any) -> None:
    me, post = customer.get("/api/self")["uid"], world.post_by("maren_oakhollow")

    def refused(**body: Any) -> tuple[int, str]:
        answer = customer("POST", "/api/v3/flags", body)
        return answer.status_code, answer.json()["status"]["message"]

    assert refused(type="user", id=me, reason="x") == (400, "[[error:cant-flag-self]]")
    assert refused(type="post", id=99999, reason="x")[0] == 403
    assert refused(type="post", id=post)[1] == "Invalid Data"
    assert refused(type="post", id=world.post_by("petra_wick"), reason="x")[0] == 400
    assert customer.post("/api/v3/flags", {"type": "post", "id": post, "reason": "x"}) == {}
    assert refused(type="post", id=post, reason="again") == (400, "You have already flagged this post")


def test_ordinary_members_report_ten_posts_a_day(world: Any, customer: Any) -> None:
    thread = world.new_thread("maren_oakhollow")
    posts = [world.community.reply_as("maren_oakhollow", thread, "One post among many").id for _ in range(12)]
    answers = [customer("POST", "/api/v3/flags", {"type": "post", "id": post, "reason": "Spam"}) for post in posts]
    assert [answer.status_code for answer in answers] == [200] * 11 + [400]


def test_removed_for_good(world: Any, moderator: Any) -> None:
    flag = _flag(world)
    moderator.delete(f"/api/v3/flags/{flag}")
    assert moderator("GET", f"/api/v3/flags/{flag}").status_code == 404
    assert moderator("GET", f"/api/flags/{flag}").status_code == 404
    assert _row(moderator, flag) is None


def test_new_flags_notify_moderators(world: Any, moderator: Any) -> None:
    flag = _flag(world)
    newest = moderator.get("/api/notifications")["notifications"][0]
    assert (newest["type"], newest["path"]) == ("new-post-flag", f"/flags/{flag}")
