"""Accounts, groups, watch levels, bans (API.md sections 1, 4, 7)."""

from typing import Any

import pytest


def test_ranks(world: Any) -> None:
    ranks = {
        user: tuple(world.client(user).get("/api/self")[key] for key in ("isAdmin", "isGlobalModerator", "isModerator"))
        for user in ("osric_vale", "ines_lanternby", "rolf_quarrier", "sunniva_holt", "maren_oakhollow")
    }
    assert ranks == {
        "osric_vale": (True, False, False),
        "ines_lanternby": (False, True, True),
        "rolf_quarrier": (False, False, True),
        "sunniva_holt": (False, False, False),
        "maren_oakhollow": (False, False, False),
    }


def test_moderators_of_a_category_are_public(world: Any, customer: Any) -> None:
    names = [m["username"] for m in customer.get(f"/api/categories/{world.forum('Billing')}/moderators")["moderators"]]
    assert names == ["quillby", "rolf_quarrier"]


def test_watch_levels_of_others_are_for_those_above(world: Any, moderator: Any, admin: Any) -> None:
    path = "/api/user/petra_wick/categories"
    watched = [c["name"] for c in moderator.get(path)["categories"] if c["isWatched"]]
    assert watched == ["Router help", "Firmware"]
    assert world.client("petra_wick").get(path)["categories"]
    assert world.client("sunniva_holt")("GET", path).status_code == 403
    assert moderator("GET", "/api/user/osric_vale/categories").status_code == 403
    assert admin("GET", "/api/user/osric_vale/categories").status_code == 200


def test_a_moderator_sets_the_level_of_another(world: Any, moderator: Any, customer: Any) -> None:
    uid, cid = world.community.uid("edda_birch"), world.forum("Fibre")
    assert moderator.put(f"/api/v3/categories/{cid}/watch", {"state": "watching", "uid": uid}) == {
        "modified": [str(cid)]
    }
    assert customer("PUT", f"/api/v3/categories/{cid}/watch", {"state": "watching", "uid": uid}).status_code == 403
    rows = moderator.get("/api/user/edda_birch/categories")["categories"]
    assert next(row for row in rows if row["cid"] == cid)["isWatched"]


def test_group_members_by_pages(world: Any, customer: Any) -> None:
    first = customer.get("/api/v3/groups/staff/members")
    assert first["users"][0]["isOwner"] is True
    assert {"quillby", "ines_lanternby"} <= {user["username"] for user in first["users"]}
    assert customer.get("/api/v3/groups/staff/members?after=20")["users"] == []
    assert customer.get("/api/groups/staff")["group"]["memberCount"] == len(first["users"])


def test_ban_needs_rank_and_unban_a_body(world: Any, moderator: Any, customer: Any, admin: Any) -> None:
    uid, now = customer.get("/api/self")["uid"], world.community.clock.now()
    path = f"/api/v3/users/{uid}/ban"
    assert world.client("rolf_quarrier")("PUT", path, {"reason": "x"}).status_code == 403
    assert moderator("PUT", f"/api/v3/users/{world.community.uid('osric_vale')}/ban", {}).status_code == 400
    moderator.put(path, {"until": now + 3_600_000, "reason": "Repeated advertising"})
    assert customer.get("/api/self")["banned"] is True
    assert customer("GET", "/api/recent").status_code == 302
    without = moderator("DELETE", path)
    assert without.json()["status"]["message"] == "Cannot read properties of undefined (reading 'reason')"
    moderator.delete(path)
    assert customer.get("/api/recent")["topics"]


def test_bans_end_by_themselves(world: Any, moderator: Any, customer: Any) -> None:
    uid, now = customer.get("/api/self")["uid"], world.community.clock.now()
    moderator.put(f"/api/v3/users/{uid}/ban", {"until": now + 60_000, "reason": "Short"})
    world.community.clock.advance(61)
    assert customer.get("/api/recent")["topics"]


def test_mute_is_for_administrators(world: Any, moderator: Any, admin: Any) -> None:
    path = f"/api/v3/users/{world.community.uid('hollis_vane')}/mute"
    assert moderator("PUT", path, {"reason": "x"}).status_code == 403
    admin.put(path, {"reason": "x"})
    assert moderator.get("/api/user/hollis_vane")["muted"] is True


def test_history_of_an_account(world: Any, moderator: Any) -> None:
    uid = world.community.uid("ysolde-marsh")
    moderator.put(f"/api/v3/users/{uid}/ban", {"reason": "Advertising"})
    moderator.delete(f"/api/v3/users/{uid}/ban")
    info = moderator.get("/api/user/ysolde-marsh/info")
    assert [ban["type"] for ban in info["history"]["bans"]] == ["unban", "ban"]
    assert info["history"]["flags"][0]["reports"]
    assert info["ips"]
    assert "ips" not in world.guest().get("/api/user/ysolde-marsh")
    about = moderator.get("/api/flags?type=user")["flags"][0]["flagId"]
    keys = [entry["meta"][0]["key"] for entry in moderator.get(f"/api/flags/{about}")["history"] if "meta" in entry]
    assert "[[user:change-username]]" in keys


def test_a_taken_name_gets_a_number(admin: Any, customer: Any) -> None:
    body = {"username": "tobias_fennimore", "password": "long-enough-password"}
    assert admin.post("/api/v3/users", body)["username"] == "tobias_fennimore 0"
    assert customer("POST", "/api/v3/users", body).status_code == 403


@pytest.mark.parametrize("name", ["北条つばさ", "🐌 slowline", "ysolde-marsh", "bram.tanglewood"])
def test_names_of_any_script(world: Any, moderator: Any, name: str) -> None:
    from urllib.parse import quote

    slug = world.client(name).get("/api/self")["userslug"]
    assert moderator.get(f"/api/user/{quote(slug)}")["username"] == name
    assert moderator.get(f"/api/user/username/{quote(name)}")["userslug"] == slug


def test_full_names_are_shown(moderator: Any) -> None:
    own = moderator.get("/api/self")
    assert (own["username"], own["displayname"]) == ("ines_lanternby", "Ines Lanternby")
