"""Getting a key: by device code, by pasting, giving it up."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.sync.sandbox.discourse.conftest import CUSTOMER, MODERATOR, Client, Discourse

Fits = Callable[..., None]
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
WISH = {
    "application_name": "Moderation console",
    "client_id": "client-1",
    "nonce": "b7d2",
    "scopes": "read,write,message_bus",
    "public_key": PEM.decode(),
}


def start(site: Discourse, **more: Any) -> requests.Response:
    return site.as_nobody()("POST", "/user-api-key/device.json", WISH | more, Accept="application/json")


def poll(site: Discourse, code: str) -> Any:
    return site.as_nobody().post("/user-api-key/device/poll.json", {"device_code": code})


def opened(payload: str, how: Any = None) -> Any:
    return json.loads(PRIVATE.decrypt(base64.b64decode(payload), how or padding.PKCS1v15()))


def test_features_stand_in_headers(site: Discourse) -> None:
    answer = site.as_nobody()("HEAD", "/user-api-key/new")
    assert (answer.headers["Auth-Api-Version"], answer.headers["Auth-Api-Device-Code"]) == ("4", "true")
    site.settings.device_code = False
    assert "Auth-Api-Device-Code" not in site.as_nobody()("HEAD", "/user-api-key/new").headers
    assert start(site).status_code == 404


def test_by_device_code(site: Discourse, same_keys: Fits, fits: Fits) -> None:
    told = start(site).json()
    same_keys("user_api_device_start_200", told)
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", told["user_code"])
    assert re.fullmatch(r"[0-9a-f]{64}", told["device_code"])
    pending = poll(site, told["device_code"])
    fits("device_poll", pending)
    assert pending == {"status": "authorization_pending"}
    page = requests.get(told["verification_uri_with_request"], timeout=10)
    assert told["user_code"] in page.text
    form = {"user_code": told["user_code"], "username": MODERATOR}
    assert requests.post(told["verification_uri"], data=form, timeout=10).status_code == 200
    answer = poll(site, told["device_code"])
    fits("device_poll", answer)
    key = opened(answer["payload"])
    assert (key["nonce"], key["api"], key["push"]) == ("b7d2", 4, False)
    client = Client(site.server.url, {"User-Api-Key": key["key"]})
    assert client.get("/session/current.json")["current_user"]["username"] == MODERATOR
    assert poll(site, told["device_code"]) == {"status": "expired_token"}


def test_the_payload_is_there_for_a_minute(site: Discourse) -> None:
    code = start(site).json()
    assert site.community.agree_to_key(code["user_code"], MODERATOR)
    site.community.clock.advance(61)
    assert poll(site, code["device_code"]) == {"status": "expired_token"}


def test_a_code_is_there_for_ten_minutes(site: Discourse) -> None:
    code = start(site).json()
    site.community.clock.advance(601)
    assert poll(site, code["device_code"]) == {"status": "expired_token"}
    form = {"user_code": code["user_code"], "username": MODERATOR}
    assert requests.post(code["verification_uri"], data=form, timeout=10).status_code == 403


def test_refusing(site: Discourse) -> None:
    code = start(site).json()
    form = {"user_code": code["user_code"], "username": MODERATOR, "deny": "1"}
    requests.post(code["verification_uri"], data=form, timeout=10)
    assert poll(site, code["device_code"]) == {"status": "access_denied"}
    assert poll(site, "nonsense") == {"status": "expired_token"}
    assert not site.community.agree_to_key("NONE-SUCH", MODERATOR)


def test_oaep_where_it_is_asked_for(site: Discourse) -> None:
    code = start(site, padding="oaep").json()
    site.community.agree_to_key(code["user_code"], CUSTOMER)
    assert opened(poll(site, code["device_code"])["payload"], OAEP)["nonce"] == "b7d2"


def test_body_and_answer_must_be_json(site: Discourse) -> None:
    address = f"{site.server.url}/user-api-key/device.json"
    assert requests.post(address, json=WISH, headers={"Accept": "text/html"}, timeout=10).status_code == 403
    form = requests.post(address, data=WISH, headers={"Accept": "application/json"}, timeout=10)
    assert form.status_code == 403


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"nonce": ""}, 400),
        ({"nonce": "x" * 257}, 400),
        ({"client_id": "x" * 201}, 400),
        ({"public_key": "no key"}, 400),
        ({"padding": "none"}, 400),
        ({"scopes": "read,everything"}, 403),
        ({"scopes": "read,one_time_password"}, 403),
    ],
)
def test_wishes_that_do_not_fit(site: Discourse, wish: dict[str, str], status: int) -> None:
    assert start(site, **wish).status_code == status


def test_a_short_key_is_refused(site: Discourse) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()
    pem = short.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert start(site, public_key=pem.decode()).status_code == 400


def test_by_pasting(site: Discourse) -> None:
    page = requests.get(f"{site.server.url}/user-api-key/new", params=WISH, timeout=10)
    assert "Moderation console" in page.text
    assert "<option>ines_lanternby</option>" in page.text
    answer = requests.post(f"{site.server.url}/user-api-key", data=WISH | {"username": MODERATOR}, timeout=10)
    found = re.search(r"<textarea>(.*?)</textarea>", answer.text, re.DOTALL)
    assert found is not None
    key = opened(found[1])["key"]
    assert Client(site.server.url, {"User-Api-Key": key}).get("/session/current.json")["current_user"]["id"] == 2


def test_a_page_shows_what_was_sent_as_text(site: Discourse) -> None:
    wish = WISH | {"application_name": "<script>x</script>"}
    assert "<script>" not in requests.get(f"{site.server.url}/user-api-key/new", params=wish, timeout=10).text


def test_the_browser_is_sent_only_where_it_may_go(site: Discourse) -> None:
    body = WISH | {"username": MODERATOR, "auth_redirect": "http://127.0.0.1:9/back"}
    address = f"{site.server.url}/user-api-key"
    assert requests.post(address, data=body, timeout=10).status_code == 403
    site.settings.redirects = ("http://127.0.0.1:9/back",)
    answer = requests.post(address, data=body, timeout=10, allow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("http://127.0.0.1:9/back?payload=")


def test_asking_again_with_the_same_client_destroys_the_earlier_key(site: Discourse) -> None:
    keys = []
    for _ in range(2):
        code = start(site).json()
        site.community.agree_to_key(code["user_code"], MODERATOR)
        keys.append(opened(poll(site, code["device_code"])["payload"])["key"])
    states = [Client(site.server.url, {"User-Api-Key": key})("GET", "/latest.json").status_code for key in keys]
    assert states == [403, 200]


def test_a_key_revokes_itself(site: Discourse, mod: Client, fits: Fits) -> None:
    fits("success_ok", mod.post("/user-api-key/revoke.json", {}))
    assert mod("GET", "/latest.json").status_code == 403
    assert site.as_nobody()("POST", "/user-api-key/revoke.json", {}).status_code == 403
    assert site.as_site(MODERATOR)("POST", "/user-api-key/revoke.json", {}).status_code == 403


def test_starts_and_polls_are_limited_by_address(site: Discourse) -> None:
    site.settings.limited = True
    site.settings.ip_ten_seconds = 1000
    assert [start(site).status_code for _ in range(21)] == [200] * 20 + [429]
    answers = [
        site.as_nobody()("POST", "/user-api-key/device/poll.json", {"device_code": "x"}).status_code for _ in range(61)
    ]
    assert answers == [200] * 60 + [429]
