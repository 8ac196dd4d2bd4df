"""Keys, proof of the acting account, errors and their languages, and what answers carry."""

from collections.abc import Callable

import pytest

from sync.sandbox.discourse import texts
from tests.sync.sandbox.discourse.conftest import ADMIN, CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]


def test_every_answer_names_account_and_route(site: Discourse, mod: Client) -> None:
    answer = mod("GET", "/t/5.json")
    assert answer.headers["X-Discourse-Username"] == MODERATOR
    assert answer.headers["X-Discourse-Route"] == "topics/show"
    assert "X-Discourse-Username" not in site.as_nobody()("GET", "/t/5.json").headers


def test_nothing_is_cached(mod: Client) -> None:
    answer = mod("GET", "/t/5.json", If_None_Match="*")
    assert answer.status_code == 200
    assert "ETag" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_site_key_acts_as_whom_the_call_names(site: Discourse) -> None:
    assert site.as_site(CUSTOMER).get("/session/current.json")["current_user"]["username"] == CUSTOMER
    assert site.as_site(CUSTOMER.upper()).get("/session/current.json")["current_user"]["username"] == CUSTOMER
    by_id = Client(site.server.url, {"Api-Key": site.community.admin_key(), "Api-User-Id": "2"})
    assert by_id.get("/session/current.json")["current_user"]["username"] == MODERATOR


def test_a_site_key_of_one_account_acts_as_that_alone(site: Discourse) -> None:
    key = site.community.admin_key(MODERATOR)
    assert key != site.community.admin_key()
    assert Client(site.server.url, {"Api-Key": key}).get("/session/current.json")
    other = Client(site.server.url, {"Api-Key": key, "Api-Username": ADMIN})
    assert other("GET", "/latest.json").status_code == 403


@pytest.mark.parametrize("headers", [{"Api-Key": "bad", "Api-Username": "nobody"}, {"User-Api-Key": "bad"}])
def test_a_wrong_key_is_invalid_access(site: Discourse, fits: Fits, headers: dict[str, str]) -> None:
    answer = Client(site.server.url, headers)("GET", "/latest.json")
    assert (answer.status_code, answer.json()["error_type"]) == (403, "invalid_access")
    assert "X-Discourse-Username" not in answer.headers
    fits("error", answer.json())


def test_a_key_in_the_address_is_no_key(site: Discourse) -> None:
    path = f"/session/current.json?api_key={site.community.admin_key()}&api_username={ADMIN}"
    assert site.as_nobody()("GET", path).status_code == 404


def test_without_a_key_reading_private_things_needs_a_login(site: Discourse, fits: Fits) -> None:
    answer = site.as_nobody()("GET", "/private-posts.json")
    assert (answer.status_code, answer.json()["error_type"]) == (403, "not_logged_in")
    fits("error", answer.json())


def test_without_a_key_writing_is_forged(site: Discourse) -> None:
    answer = site.as_nobody()("POST", "/category/2/notifications.json", {"notification_level": 1})
    assert (answer.status_code, answer.text) == (403, '["BAD CSRF"]')
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_revoked_key_is_worthless(site: Discourse, mod: Client) -> None:
    assert mod.get("/session/current.json")
    assert site.community.revoke_token(mod.headers["User-Api-Key"])
    assert mod("GET", "/session/current.json").status_code == 403


def test_a_suspended_account_is_shut_out(site: Discourse, customer: Client) -> None:
    from sync.sandbox.state import members

    members.ban(site.community.state, site.community.uid(ADMIN), site.community.uid(CUSTOMER), 0, "")
    assert customer("GET", "/latest.json").status_code == 403


def test_scopes_are_kept(site: Discourse) -> None:
    key = site.community.discourse.fresh_user_key(2, "reader", frozenset({"read"}))
    client = Client(site.server.url, {"User-Api-Key": key})
    assert client.get("/latest.json")
    assert client("POST", "/category/2/notifications.json", {"notification_level": 1}).status_code == 403


def test_forbidden_looks_like_missing(site: Discourse, customer: Client, same_keys: Fits) -> None:
    thread = site.new_thread("rolf_quarrier", "Private cases")
    answer = customer("GET", f"/t/{thread}.json")
    assert answer.status_code == 404
    same_keys("topic_show_404", answer.json())
    assert customer("GET", "/t/999999.json").json() == answer.json()
    site.settings.detailed_404 = True
    assert customer("GET", f"/t/{thread}.json").json()["error_type"] == "invalid_access"


def test_a_deleted_topic_is_410_where_the_site_tells(site: Discourse, customer: Client) -> None:
    from sync.sandbox.state import threads

    thread = site.new_thread()
    state = site.community.state
    threads.hide(state, site.community.uid(ADMIN), state.thread(thread))
    assert customer("GET", f"/t/{thread}.json").status_code == 404
    site.settings.detailed_404 = True
    answer = customer("GET", f"/t/{thread}.json")
    assert (answer.status_code, answer.json()["error_type"]) == (410, "not_found")


def test_texts_are_in_the_language_of_the_account(site: Discourse) -> None:
    english, japanese = (site.as_user(n)("GET", "/t/999999.json").json() for n in (CUSTOMER, "mizuno_akari"))
    assert english["error_type"] == japanese["error_type"] == "not_found"
    assert english["errors"] != japanese["errors"]


def test_both_languages_have_the_same_texts() -> None:
    english, japanese = texts.names()
    assert english == japanese


def test_without_json_a_page_for_people_comes(mod: Client) -> None:
    for path in ("/latest", "/t/5", "/", "/t/nowhere/999999"):
        answer = mod("GET", path)
        assert answer.headers["Content-Type"].startswith("text/html"), path
    assert mod("GET", "/latest", Accept="application/json").json()["topic_list"]


def test_a_subfolder_is_part_of_every_address(site: Discourse, mod: Client) -> None:
    site.settings.subfolder = "/forum"
    assert mod.get("/forum/latest.json")["topic_list"]
    assert mod("GET", "/latest.json").status_code == 404
    assert mod.get("/forum/session/current.json")["current_user"]


def test_where_login_is_required_guests_read_only_the_basics(site: Discourse) -> None:
    site.settings.login_required = True
    guest = site.as_nobody()
    assert guest("GET", "/latest.json").json()["error_type"] == "not_logged_in"
    page = guest("GET", "/latest")
    assert (page.status_code, page.headers["Location"]) == (302, f"{site.server.url}/login")
    assert guest.get("/site/basic-info.json")["login_required"] is True
    assert guest("GET", "/srv/status").text == "ok"


def test_read_only_answers_503_on_writes(site: Discourse, mod: Client, fits: Fits) -> None:
    site.settings.read_only = True
    answer = mod("POST", "/category/2/notifications.json", {"notification_level": 1})
    assert (answer.status_code, answer.json()["error_type"]) == (503, "read_only")
    assert answer.headers["Discourse-Readonly"] == "true"
    fits("error", answer.json())
    assert mod.get("/latest.json")


def test_names_with_pictures_become_names_for_addresses(site: Discourse) -> None:
    shown = site.as_user("🐌 slowline").get("/session/current.json")["current_user"]
    assert (shown["username"], shown["name"]) == ("slowline", "🐌 slowline")
    answer = site.as_user("柏木澪")("GET", "/latest.json")
    assert answer.headers["X-Discourse-Username"] == "%E6%9F%8F%E6%9C%A8%E6%BE%AA"
    site.settings.encoded_names = False
    answer = site.as_user("柏木澪")("GET", "/latest.json")
    assert answer.headers["X-Discourse-Username"].encode("latin-1").decode() == "柏木澪"
    for name in ("柏木澪".encode().decode("latin-1"), "%E6%9F%8F%E6%9C%A8%E6%BE%AA"):
        assert site.as_site(name).get("/session/current.json")["current_user"]["username"] == "柏木澪"
