"""Rate limits by key and by address, in both forms."""

from collections.abc import Callable

import pytest

from tests.sync.sandbox.discourse.conftest import COLLEAGUE, MODERATOR, Client, Discourse

Fits = Callable[..., None]
CODE = "Discourse-Rate-Limit-Error-Code"


@pytest.fixture(autouse=True)
def limited(site: Discourse) -> None:
    """With limits."""
    site.settings.limited = True


def codes(client: Client, times: int) -> list[int]:
    return [client("GET", "/session/current.json").status_code for _ in range(times)]


def test_a_user_key_has_twenty_a_minute(site: Discourse, mod: Client, fits: Fits) -> None:
    assert codes(mod, 21) == [200] * 20 + [429]
    answer = mod("GET", "/session/current.json")
    assert answer.headers[CODE] == "user_api_key_limiter_60_secs"
    assert answer.json()["extras"]["wait_seconds"] == int(answer.headers["Retry-After"]) == 60
    fits("error_429", answer.json(), "429")
    assert codes(site.as_user(COLLEAGUE), 1) == [200]
    site.community.clock.advance(60)
    assert codes(mod, 1) == [200]


def test_what_is_refused_does_not_count(site: Discourse, mod: Client) -> None:
    codes(mod, 40)
    site.community.clock.advance(60)
    assert codes(mod, 21) == [200] * 20 + [429]


def test_a_user_key_has_a_day_and_then_waits_for_hours(site: Discourse, mod: Client) -> None:
    site.settings.user_key_day = 30
    codes(mod, 20)
    site.community.clock.advance(3600)
    assert codes(mod, 11) == [200] * 10 + [429]
    answer = mod("GET", "/session/current.json")
    assert answer.headers[CODE] == "user_api_key_limiter_1_day"
    assert answer.json()["extras"]["wait_seconds"] == 23 * 3600
    site.community.clock.advance(23 * 3600)
    assert codes(mod, 1) == [200]


def test_keys_of_the_site_share_one_bucket_and_spare_the_address(site: Discourse) -> None:
    company, own = site.as_site("quillby"), site.community.admin_key(MODERATOR)
    assert set(codes(company, 55)) == {200}
    other = Client(site.server.url, {"Api-Key": own})
    assert codes(other, 6) == [200] * 5 + [429]
    assert other("GET", "/latest.json").headers[CODE] == "admin_api_key_rate_limit"
    assert codes(site.as_user(MODERATOR), 1) == [200]


def test_an_address_is_told_in_words(site: Discourse) -> None:
    guest = site.as_nobody()
    for _ in range(50):
        assert guest("GET", "/site/basic-info.json").status_code == 200
    answer = guest("GET", "/site/basic-info.json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "text/plain")
    assert (answer.headers[CODE], answer.headers["Retry-After"]) == ("ip_10_secs_limit", "10")
    assert answer.text.endswith("Error code: ip_10_secs_limit.\n")


def test_an_address_has_a_minute_as_well(site: Discourse) -> None:
    guest = site.as_nobody()
    site.settings.ip_minute = 30
    for _ in range(30):
        assert guest("GET", "/site/basic-info.json").status_code == 200
        site.community.clock.advance(1)
    assert guest("GET", "/site/basic-info.json").headers[CODE] == "ip_60_secs_limit"


def test_a_poll_that_is_held_open_counts_once(site: Discourse, mod: Client) -> None:
    site.settings.bus_wait = 0.2
    site.settings.user_key_minute = 2
    mod("POST", "/message-bus/me/poll", {"/latest": "0"}, Dont_Chunk="true")
    assert codes(mod, 2) == [200, 429]


def test_without_the_setting_nothing_is_limited(site: Discourse, mod: Client) -> None:
    site.settings.limited = False
    assert set(codes(mod, 60)) == {200}
