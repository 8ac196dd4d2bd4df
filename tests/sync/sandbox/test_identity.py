"""Tokens, the master token, cookies, maintenance, unreadable bodies (API.md sections 1 and 9)."""

from typing import Any

import pytest
import requests


def test_a_bad_token_is_a_guest(world: Any, customer: Any) -> None:
    thread = world.new_thread()
    customer.token = "not-a-token"
    own = customer("GET", "/api/self")
    assert (own.status_code, own.json()) == (401, "not-authorized")
    assert customer("GET", f"/api/topic/{thread}").status_code == 200
    assert customer("GET", "/api/flags").status_code == 401
    assert customer("POST", "/api/v3/flags", {"type": "post", "id": 1, "reason": "x"}).status_code == 401
    assert customer("POST", f"/api/v3/topics/{thread}", {"content": "words of nobody"}).status_code == 403


def test_a_revoked_token_is_a_bad_token(world: Any, customer: Any) -> None:
    assert customer.get("/api/self")["username"] == "tobias_fennimore"
    assert world.community.revoke_token(customer.token)
    assert customer("GET", "/api/self").status_code == 401


def test_a_write_without_authorization_is_forged(world: Any) -> None:
    answer = world.guest()("POST", f"/api/v3/topics/{world.new_thread()}", {"content": "words of nobody"})
    assert (answer.status_code, answer.text) == (403, "Forbidden")
    assert answer.headers["content-type"].startswith("text/plain")


def test_the_master_token_acts_as_anybody_named(world: Any) -> None:
    master = world.master("quillby")
    assert master.get("/api/self")["username"] == "quillby"
    posted = master.post(f"/api/v3/topics/{world.new_thread()}", {"content": "The company speaks here"})
    assert posted["user"]["username"] == "quillby"
    unnamed = world.master()
    assert unnamed("GET", "/api/self").status_code == 500
    assert unnamed("GET", "/api/v3/flags/1").status_code == 400
    assert unnamed("GET", "/api/self?_uid=99999").json() is None


def test_a_user_token_ignores_uid(world: Any, customer: Any) -> None:
    other = world.community.uid("maren_oakhollow")
    assert customer.get(f"/api/self?_uid={other}")["username"] == "tobias_fennimore"


def test_cookie_log_in(world: Any) -> None:
    session, url, thread = requests.Session(), world.server.url, world.new_thread()
    login = {"username": "petra_wick", "password": "sample-password"}
    assert session.post(f"{url}/api/v3/utilities/login", json=login, timeout=5).status_code == 200
    assert session.get(f"{url}/api/self", timeout=5).json()["username"] == "petra_wick"
    path = f"{url}/api/v3/topics/{thread}/follow"
    assert session.put(path, json={}, timeout=5).text == "Forbidden"
    token = session.get(f"{url}/api/config", timeout=5).json()["csrf_token"]
    assert session.put(path, json={}, headers={"x-csrf-token": token}, timeout=5).status_code == 200
    bearer = {"Authorization": f"Bearer {world.community.token_for('maren_oakhollow')}"}
    own = session.get(f"{url}/api/self", headers=bearer, timeout=5).json()
    assert own["username"] == "petra_wick"  # the cookie wins


def test_answers_to_tokens_set_a_harmless_cookie(world: Any, customer: Any) -> None:
    answer = customer("GET", "/api/self")
    assert answer.headers["set-cookie"].startswith("express.sid=")
    again = customer("GET", "/api/self", Cookie=answer.headers["set-cookie"].split(";")[0])
    assert again.json()["username"] == "tobias_fennimore"


def test_maintenance_mode(world: Any, customer: Any, moderator: Any) -> None:
    world.community.maintenance(True)
    page = customer("GET", "/api/flags")
    assert (page.status_code, set(page.json())) == (503, {"site_title"})
    assert customer("GET", "/api/v3/topics/1").json()["status"]["code"] == "service-unavailable"
    assert customer.get("/api/config")["maintenanceMode"] is True
    assert customer.get("/api/self")["uid"]
    assert moderator("GET", "/api/flags").status_code == 200
    world.community.maintenance(False)
    assert customer("GET", "/api/recent").status_code == 200


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"content": "abc', "Unterminated string in JSON at position 16 (line 1 column 17)"),
        ('{"content":', "Unexpected end of JSON input"),
        ('{"content":}', 'Unexpected token \'}\', "{"content":}" is not valid JSON'),
        ('{"content":"abc"', "Expected ',' or '}' after property value in JSON at position 16 (line 1 column 17)"),
    ],
)
def test_unreadable_json_is_a_500(world: Any, content: str, message: str) -> None:
    headers = {"Authorization": f"Bearer {world.community.token_for('petra_wick')}", "Content-Type": "application/json"}
    answer = requests.post(f"{world.server.url}/api/v3/topics/1", data=content, headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["status"]["message"]) == (500, message)


def test_forms_are_as_good_as_json(world: Any) -> None:
    headers = {"Authorization": f"Bearer {world.community.token_for('petra_wick')}"}
    url = f"{world.server.url}/api/v3/topics/{world.new_thread()}"
    answer = requests.post(url, data={"content": "words sent as a form"}, headers=headers, timeout=5)
    assert answer.json()["response"]["content"] == '<p dir="auto">words sent as a form</p>\n'


def test_unknown_methods_are_404(world: Any, moderator: Any) -> None:
    assert moderator("PATCH", "/api/flags").status_code == 404
    assert moderator("POST", "/api/recent", {}).status_code == 404
    assert moderator("HEAD", "/api/flags").status_code == 200


@pytest.mark.parametrize("path", ["/api/recent", "/api/flags", "/api/v3/flags/1", "/api/unread/total"])
def test_conditional_get(world: Any, moderator: Any, path: str) -> None:
    first = moderator("GET", path)
    assert first.headers["etag"].startswith('W/"')
    again = moderator("GET", path, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_topic_never_repeats_its_etag(world: Any, moderator: Any) -> None:
    path = f"/api/topic/{world.new_thread()}"
    first = moderator("GET", path)
    assert moderator("GET", path, If_None_Match=first.headers["etag"]).status_code == 200


def test_the_date_is_that_of_the_community(world: Any, moderator: Any) -> None:
    assert moderator("GET", "/api/self").headers["date"] == "Sun, 22 Nov 2026 12:00:00 GMT"
