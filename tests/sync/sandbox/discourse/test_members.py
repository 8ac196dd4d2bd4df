"""Members, what they follow, groups and penalties: shapes, and who may read and change what."""

from collections.abc import Callable

import pytest

from sync.sandbox.state import following, forums
from tests.sync.sandbox.discourse.conftest import ADMIN, COLLEAGUE, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]
_SPAMMER = "wren_sallowfield"
_LATER = "2027-06-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("user_tracking", f"/u/{COLLEAGUE}.json"),
        ("groups_list", "/groups.json"),
        ("group", "/groups/quillby_team.json"),
        ("admin_users_list", "/admin/users/list/staff.json"),
        ("directory_items", "/directory_items.json?period=weekly&order=post_count&group=quillby_team"),
    ],
)
def test_answers_fit_the_published_schemas(admin: Client, fits: Fits, schema: str, path: str) -> None:
    fits(schema, admin.get(path))


def test_members_of_a_group_fit_once_all_of_them_have_posted(site: Discourse, admin: Client, fits: Fits) -> None:
    for member in admin.get("/groups/quillby_team/members.json")["members"]:
        site.community.open_thread_as(member["username"], site.forum("Billing"), "A thread", "With something in it")
    fits("group_members", admin.get("/groups/quillby_team/members.json"))


def test_a_page_of_one_s_own_has_all_that_the_schema_names(mod: Client) -> None:
    from tests.sync.sandbox.discourse.conftest import faults

    found = faults("user_show", mod.get(f"/u/{MODERATOR}.json"))
    # The document was written from an account with a featured topic and a title, which are null for others.
    assert [line for line in found if not line.startswith("user.featured_topic")] == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("user_show_staff_view_200", f"/u/{COLLEAGUE}.json"),
        ("group_members_200", "/groups/quillby_team/members.json?limit=50&offset=0&order=last_seen_at"),
    ],
)
def test_answers_have_what_the_examples_have(
    site: Discourse, admin: Client, same_keys: Fits, name: str, path: str
) -> None:
    for place, level in (("Hello", 1), ("Contracts", 4)):
        colleague = site.as_user(COLLEAGUE)
        colleague.post(f"/category/{site.forum(place)}/notifications.json", {"notification_level": level})
    same_keys(name, admin.get(path))


def test_what_a_member_follows_is_told_to_staff_and_to_themselves(mod: Client, customer: Client, admin: Client) -> None:
    lists = {"watched_category_ids", "tracked_category_ids", "regular_category_ids", "muted_category_ids"}
    for client, path in ((mod, COLLEAGUE), (admin, COLLEAGUE), (customer, CUSTOMER)):
        assert lists <= set(client.get(f"/u/{path}.json")["user"])
    assert not lists & set(customer.get(f"/u/{COLLEAGUE}.json")["user"])


def test_the_lists_are_what_the_other_face_knows(site: Discourse, admin: Client) -> None:
    shown = admin.get(f"/u/{COLLEAGUE}.json")["user"]
    assert set(shown["watched_category_ids"]) == {site.forum("Firmware"), site.forum("Mesh")}
    assert shown["tracked_category_ids"] == [site.forum("Billing")]


def test_names_are_found_in_any_case_and_unknown_ones_are_missing(mod: Client) -> None:
    assert mod.get(f"/u/{COLLEAGUE.upper()}.json")["user"]["username"] == COLLEAGUE
    assert mod("GET", "/u/nobody_at_all.json").status_code == 404


def test_a_list_is_replaced_as_a_whole_and_subcategories_do_not_inherit(site: Discourse, mod: Client) -> None:
    parent = site.forum("Fibre")
    forums.add(site.community.state, "Cables", "", parent)
    answer = mod.put(f"/u/{COLLEAGUE}.json", {"watched_category_ids": [parent]})
    assert answer["success"] == "OK"
    assert answer["user"]["watched_category_ids"] == [parent]
    assert mod.put(f"/u/{COLLEAGUE}.json", {"watched_category_ids": []})["user"]["watched_category_ids"] == []
    assert answer["user"]["tracked_category_ids"] == [site.forum("Billing")]
    verbs = {effect["verb"] for effect in site.community.effects()}
    assert verbs == {"watch"}


def test_a_form_says_the_same_as_json(site: Discourse, mod: Client) -> None:
    import requests

    url = f"{site.server.url}/u/{COLLEAGUE}.json"
    body = {"watched_category_ids[]": [str(site.forum("Billing"))]}
    assert requests.put(url, data=body, headers=mod.headers, timeout=10).status_code == 200
    assert mod.get(f"/u/{COLLEAGUE}.json")["user"]["watched_category_ids"] == [site.forum("Billing")]


def test_watching_first_posts_is_a_level_of_its_own(site: Discourse, mod: Client) -> None:
    forum = site.forum("Fibre")
    mod.post(f"/category/{forum}/notifications.json", {"notification_level": 4})
    shown = mod.get(f"/u/{MODERATOR}.json")["user"]
    assert shown["watched_first_post_category_ids"] == [forum]
    assert forum not in shown["watched_category_ids"]
    assert (
        following.level(site.community.state, site.community.uid(MODERATOR), forum) == following.LEVELS["notwatching"]
    )


def test_others_may_not_change_an_account(customer: Client) -> None:
    assert customer("PUT", f"/u/{COLLEAGUE}.json", {"watched_category_ids": []}).status_code == 403
    assert customer.put(f"/u/{CUSTOMER}.json", {"watched_category_ids": []})


def test_members_of_a_group_come_by_pages(mod: Client) -> None:
    whole = mod.get("/groups/quillby_team/members.json")
    assert whole["meta"]["total"] == len(whole["members"]) > 3
    assert whole["owners"][0] == whole["members"][0]
    second = mod.get("/groups/quillby_team/members.json?limit=2&offset=2")
    assert second["members"] == whole["members"][2:4]
    assert mod("GET", "/groups/quillby_team/members.json?limit=1001").status_code == 400
    assert mod("GET", "/groups/nobody/members.json").status_code == 404
    assert {m["username"] for m in mod.get("/groups/staff/members.json")["members"]} >= {MODERATOR, ADMIN}


def test_a_group_says_whether_it_can_be_written_to(mod: Client) -> None:
    team, staff = (mod.get(f"/groups/{name}.json")["group"] for name in ("quillby_team", "moderators"))
    assert (team["is_group_user"], team["messageable"], team["automatic"]) == (True, True, False)
    assert (staff["messageable"], staff["automatic"]) == (False, True)
    assert "watching_category_ids" not in team


def test_posts_of_a_team_are_public_ones_newest_first(site: Discourse, mod: Client) -> None:
    site.community.open_thread_as(
        "rolf_quarrier", site.forum("Private cases"), "Kept apart", "Nobody outside reads this"
    )
    found = mod.get("/groups/quillby_team/posts.json")["posts"]
    assert [post["id"] for post in found] == sorted((post["id"] for post in found), reverse=True)
    assert not any(post["category_id"] == site.forum("Private cases") for post in found)
    older = mod.get(f"/groups/quillby_team/posts.json?before_post_id={found[-1]['id']}")["posts"]
    assert all(post["id"] < found[-1]["id"] for post in older)


def test_what_a_member_wrote(site: Discourse, mod: Client) -> None:
    thread = site.community.open_thread_as(CUSTOMER, site.forum("Billing"), "A thread of mine", "With a text").id
    reply = site.community.reply_as(CUSTOMER, thread, "And a reply to it").id
    found = mod.get(f"/user_actions.json?username={CUSTOMER}&filter=4,5")["user_actions"]
    assert [(one["action_type"], one["post_id"]) for one in found[:2]] == [(5, reply), (4, site.first_post(thread))]
    assert mod.get(f"/user_actions.json?username={CUSTOMER}&filter=4")["user_actions"][0]["topic_id"] == thread
    assert mod("GET", "/user_actions.json?username=nobody_at_all").status_code == 404


def test_suspending_shuts_out_until_a_time(site: Discourse, mod: Client, fits: Fits) -> None:
    uid = site.community.uid(_SPAMMER)
    body = {"suspend_until": _LATER, "reason": "Spam", "message": "You may come back in June."}
    answer = mod.put(f"/admin/users/{uid}/suspend.json", body)
    fits("admin_user_suspend", answer)
    assert answer["suspension"]["suspended_till"] == _LATER
    assert site.community.snapshot()["bans"][uid]
    assert site.as_user(_SPAMMER)("GET", "/latest.json").status_code == 403
    assert mod.get(f"/u/{_SPAMMER}.json")["user"]["suspended_till"] == _LATER
    assert mod("PUT", f"/admin/users/{uid}/suspend.json", body).status_code == 409
    assert mod.put(f"/admin/users/{uid}/unsuspend.json")["suspension"] == {"suspended_till": None, "suspended_at": None}
    assert site.as_user(_SPAMMER).get("/latest.json")


def test_silencing_needs_no_administrator(site: Discourse, mod: Client, fits: Fits) -> None:
    uid = site.community.uid(_SPAMMER)
    answer = mod.put(f"/admin/users/{uid}/silence.json", {"silenced_till": _LATER, "reason": "Rude"})
    fits("admin_user_silence", answer)
    assert answer["silence"]["silenced"] is True
    assert mod.get(f"/admin/users/{uid}.json")["silenced_till"] == _LATER
    assert [one["id"] for one in mod.get("/admin/users/list/silenced.json")] == [uid]
    assert mod.put(f"/admin/users/{uid}/unsilence.json")["unsilence"]["silenced"] is False
    assert [effect["verb"] for effect in site.community.effects()] == ["mute", "unmute"]


def test_for_good_is_written_as_a_far_year(site: Discourse, mod: Client) -> None:
    uid = site.community.uid(_SPAMMER)
    body = {"suspend_until": "3026-01-01T00:00:00.000Z", "reason": "Spam"}
    shown = mod.put(f"/admin/users/{uid}/suspend.json", body)["suspension"]
    assert shown["suspended_till"].startswith("9999-")
    assert site.community.snapshot()["bans"][uid] == 0


def test_suspending_decides_nothing(site: Discourse, mod: Client) -> None:
    """A client performs the action afterwards: until then what is under review waits."""
    from sync.sandbox.state import items

    state, uid = site.community.state, site.community.uid(_SPAMMER)
    item = items.report(state, site.community.uid(CUSTOMER), "user", uid, "Spam account").id
    mod.put(f"/admin/users/{uid}/suspend.json", {"suspend_until": _LATER, "reason": "Spam"})
    shown = mod.get(f"/review/{item}.json")["reviewable"]
    assert (shown["status"], shown["version"]) == (0, 0)


def test_penalties_are_for_staff_and_not_for_those_of_the_house(site: Discourse, mod: Client, customer: Client) -> None:
    body = {"suspend_until": _LATER, "reason": "Spam"}
    spammer, colleague = site.community.uid(_SPAMMER), site.community.uid(ADMIN)
    assert customer("PUT", f"/admin/users/{spammer}/suspend.json", body).status_code == 403
    assert mod("PUT", f"/admin/users/{colleague}/suspend.json", body).json()["error_type"] == "invalid_access"
    assert mod("PUT", "/admin/users/999999/suspend.json", body).status_code == 404
    for missing in ("suspend_until", "reason"):
        answer = mod("PUT", f"/admin/users/{spammer}/suspend.json", {k: v for k, v in body.items() if k != missing})
        assert (answer.status_code, "error_type" in answer.json()) == (400, False)
    past = mod("PUT", f"/admin/users/{spammer}/suspend.json", body | {"suspend_until": "2001-01-01"})
    assert (past.status_code, past.json()["error_type"]) == (400, "invalid_parameters")
    assert site.community.effects() == []
