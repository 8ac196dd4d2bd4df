"""Queries in words, reports, stored queries and uploads."""

import json
from collections.abc import Callable

import pytest
import requests

from tests.sync.sandbox.discourse.conftest import ADMIN, COLLEAGUE, CUSTOMER, Client, Discourse

Fits = Callable[..., None]
_EXPLORER = "/admin/plugins/discourse-data-explorer/queries"
_FOLLOWERS = "SELECT cu.category_id FROM category_users cu"
_ANSWERS = "SELECT t.id FROM topics t LEFT JOIN LATERAL (SELECT 1) p ON true"


def _query(admin: Client, sql: str, groups: tuple[int, ...] = ()) -> int:
    body = {"query": {"name": "a query", "description": "", "sql": sql, "group_ids": list(groups)}}
    return int(admin.post(f"{_EXPLORER}.json", body)["query"]["id"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category:billing", True),
        ("category:hello", False),
        ("=category:billing,hello", True),
        ("status:open posts-max:1 posters-max:1", True),
        ("status:closed", False),
        ("posts-min:2", False),
        (f"created-by:@{CUSTOMER}", True),
        (f"created-by:@{ADMIN}", False),
        ("tag:wifi", True),
        ("tag:other", False),
        ("created-after:2026-11-22", True),
        ("created-before:2026-11-22", False),
        ("latest-post-after:2026-11-23", False),
        ("order:created-asc nonsense:1", True),
    ],
)
def test_topics_by_a_query_in_words(site: Discourse, mod: Client, query: str, found: bool) -> None:
    thread = site.community.open_thread_as(CUSTOMER, site.forum("Billing"), "A topic to find", "With nothing said yet")
    thread.tags = ("wifi",)
    pages = [mod.get(f"/filter.json?q={query}&page={page}")["topic_list"]["topics"] for page in range(4)]
    assert (thread.id in [row["id"] for rows in pages for row in rows]) is found


def test_an_order_can_go_the_other_way_round(mod: Client) -> None:
    rows = mod.get("/filter.json?q=order:created-asc")["topic_list"]["topics"]
    times = [row["created_at"] for row in rows]
    assert times == sorted(times)


def test_a_fellow_customer_s_answer_counts_as_a_response(site: Discourse, mod: Client) -> None:
    path = f"/admin/reports/time_to_first_response.json?start_date=2026-11-22&filters[category]={site.forum('Billing')}"
    site.community.open_thread_as(CUSTOMER, site.forum("Billing"), "A topic", "A question nobody answered")
    before = mod.get(path)["report"]["data"]
    thread = site.community.open_thread_as(CUSTOMER, site.forum("Billing"), "A topic", "A question somebody answered")
    site.community.clock.advance(3600)
    site.community.reply_as("benno_crabtree", thread.id, "The same with me")
    report = mod.get(path)["report"]
    assert report["data"] != before
    assert report["start_date"] == "2026-11-22T00:00:00Z"
    silent = mod.get(path.replace("time_to_first_response", "topics_with_no_response"))["report"]["data"]
    assert silent[-1]["y"] >= 1


def test_activity_is_of_moderators_alone(mod: Client, customer: Client) -> None:
    rows = mod.get("/admin/reports/moderators_activity.json")["report"]["data"]
    names = {row["username"] for row in rows}
    assert COLLEAGUE in names
    assert ADMIN not in names
    assert customer("GET", "/admin/reports/moderators_activity.json").status_code == 403
    assert mod("GET", "/admin/reports/nonsense.json").status_code == 404


def test_a_stored_query_tells_who_follows_a_category(site: Discourse, admin: Client, fits: Fits) -> None:
    firmware = site.forum("Firmware")
    params = json.dumps({"category_ids": str(firmware)})
    answer = admin.post(f"{_EXPLORER}/{_query(admin, _FOLLOWERS)}/run.json", {"params": params})
    fits("data_explorer_run", answer)
    assert [firmware, site.community.uid(COLLEAGUE), COLLEAGUE, 3] in answer["rows"]
    assert answer["columns"] == ["category_id", "user_id", "username", "notification_level"]


def test_a_stored_query_tells_when_the_team_first_answered(site: Discourse, admin: Client) -> None:
    thread = site.community.open_thread_as(CUSTOMER, site.forum("Billing"), "A topic", "A question to be answered")
    site.community.reply_as("benno_crabtree", thread.id, "The same with me")
    site.community.reply_as("quillby", thread.id, "We are looking into it")
    params = json.dumps({"from_date": "2026-11-22", "group_name": "quillby_team"})
    path = f"{_EXPLORER}/{_query(admin, _ANSWERS)}/run.json"
    row = next(row for row in admin.post(path, {"params": params})["rows"] if row[0] == thread.id)
    assert row[4] == site.community.uid("quillby")
    admin.put(f"/t/{thread.id}/convert-topic/private.json")
    assert all(row[0] != thread.id for row in admin.post(path, {"params": params})["rows"])


def test_values_of_parameters_are_text(admin: Client) -> None:
    path = f"{_EXPLORER}/{_query(admin, _FOLLOWERS)}/run.json"
    answer = admin("POST", path, {"params": json.dumps({"category_ids": 2})})
    assert (answer.status_code, answer.json()["success"]) == (422, False)


def test_queries_are_for_administrators_and_those_they_are_shared_with(
    site: Discourse, mod: Client, admin: Client, customer: Client
) -> None:
    team = mod.get("/groups/quillby_team.json")["group"]["id"]
    ident = _query(admin, _FOLLOWERS, (team,))
    params = json.dumps({"category_ids": "2"})
    assert mod("POST", f"{_EXPLORER}/{ident}/run.json", {"params": params}).status_code == 403
    assert mod.post(f"/g/quillby_team/reports/{ident}/run.json", {"params": params})["success"]
    assert mod.get(f"/data-explorer/queries/{ident}/run.json?params={params}")["success"]
    assert customer("GET", f"/data-explorer/queries/{ident}/run.json").status_code == 404
    older = f"/admin/plugins/explorer/queries/{ident}/run.json"
    assert admin.post(older, {"params": params})["success"]
    site.settings.explorer = False
    assert admin("POST", f"{_EXPLORER}/{ident}/run.json", {"params": params}).status_code == 404


def test_a_file_is_sent_in_parts_and_kept_once(site: Discourse, mod: Client, fits: Fits) -> None:
    url, form = f"{site.server.url}/uploads.json", {"type": "composer"}
    file = {"file": ("shed.png", b"\x89PNG\r\n\x1a\n--not a boundary", "image/png")}
    first, second = (requests.post(url, data=form, files=file, headers=mod.headers, timeout=10) for _ in range(2))
    fits("upload_create", first.json())
    assert first.json() == second.json()
    assert first.json()["short_url"].startswith("upload://")
    assert mod("GET", first.json()["url"]).content == file["file"][1]


def test_other_files_are_refused(site: Discourse, mod: Client) -> None:
    url, file = f"{site.server.url}/uploads.json", {"file": ("run.exe", b"MZ", "application/octet-stream")}
    refused = requests.post(url, data={"type": "composer"}, files=file, headers=mod.headers, timeout=10)
    assert refused.status_code == 422
    assert requests.post(url, files=file, headers=mod.headers, timeout=10).status_code == 400
    assert mod("POST", "/uploads.json", {"type": "composer"}).status_code == 400


def test_posts_may_come_as_a_form_in_parts(site: Discourse, mod: Client) -> None:
    parts = {
        "topic_id": (None, str(site.new_thread())),
        "raw": (None, "日本語の返信をここに書きます。どうぞよろしく。"),
    }
    answer = requests.post(f"{site.server.url}/posts.json", files=parts, headers=mod.headers, timeout=10)
    assert answer.status_code == 200, answer.text
    assert answer.json()["raw"] == "日本語の返信をここに書きます。どうぞよろしく。"
