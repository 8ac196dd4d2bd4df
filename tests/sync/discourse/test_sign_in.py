"""Signing in by a code and by a pasted text, against a server that encrypts as Discourse does."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from moderation.errors import NotAllowedError, SignInError
from sync.connector import KeyWish
from sync.discourse import CONNECTOR, sign_in
from tests.sync.discourse import made
from tests.sync.discourse.scripted import Said, Script

API = {"Auth_Api_Version": "4", "Auth_Api_Device_Code": "true"}
STARTED = {
    "device_code": "a3" * 32, "user_code": "K7QF-9XMB", "verification_uri": "https://sample/activate",
    "verification_uri_with_request": "https://sample/activate?request=x", "expires_in": 600, "interval": 5,
}  # fmt: skip


def payload(facts: dict[str, Any], **changed: Any) -> str:
    """What the server gives out: base64 with line breaks, encrypted for the key of the wish."""
    key = serialization.load_pem_public_key(facts["public_key"].encode())
    assert isinstance(key, rsa.RSAPublicKey)
    told = {"key": "the-new-key", "nonce": facts["nonce"], "push": False, "api": 4, **changed}
    return base64.encodebytes(key.encrypt(json.dumps(told).encode(), padding.PKCS1v15())).decode()


def begun(script: Script) -> tuple[KeyWish, dict[str, Any]]:
    script.on(r"/user-api-key/new", Said(200, raw=b"", headers=API), "HEAD")
    script.on(r"/user-api-key/device\.json", STARTED, "POST")
    wish = sign_in.start(script.server.url, "marquee-test")
    return wish, json.loads(script.server.heard[-1].body)


def test_a_code_is_shown_and_the_key_fetched_once_the_person_agrees(script: Script) -> None:
    wish, facts = begun(script)
    assert (wish.code, wish.url, wish.by_device) == ("K7QF-9XMB", "https://sample/activate?request=x", True)
    assert (facts["scopes"], facts["client_id"]) == ("read,write,message_bus", "marquee-test")
    assert serialization.load_pem_public_key(facts["public_key"].encode()).key_size >= 2048  # type: ignore[union-attr]
    script.on(r"/device/poll", {"status": "authorization_pending"}, "POST")
    assert sign_in.poll(wish) is None
    script.on(r"/device/poll", {"status": "authorized", "payload": payload(facts)}, "POST")
    assert sign_in.poll(wish) == "the-new-key"
    assert json.loads(script.server.heard[-1].body) == {"device_code": "a3" * 32}


def test_nothing_secret_shows(script: Script) -> None:
    wish, facts = begun(script)
    assert facts["nonce"] not in repr(wish)
    assert "a3a3" not in repr(wish)


@pytest.mark.parametrize(
    ("status", "code"), [("access_denied", "sign_in_denied"), ("expired_token", "sign_in_expired")]
)
def test_the_person_may_refuse(script: Script, status: str, code: str) -> None:
    wish, _ = begun(script)
    script.on(r"/device/poll", {"status": status}, "POST")
    with pytest.raises(SignInError, match=code):
        sign_in.poll(wish)


def test_a_site_may_refuse_to_begin(script: Script) -> None:
    script.on(r"/user-api-key/new", Said(200, raw=b"", headers=API), "HEAD")
    script.on(r"/user-api-key/device\.json", Said(403, made.error("invalid_access")), "POST")
    with pytest.raises(SignInError, match="sign_in_refused"):
        sign_in.start(script.server.url, "marquee-test")


def test_an_older_server_shows_a_text_to_paste(script: Script) -> None:
    script.on(r"/user-api-key/new", Said(200, raw=b"", headers={"Auth_Api_Version": "3"}), "HEAD")
    wish = sign_in.start(script.server.url, "marquee-test")
    assert not wish.by_device
    facts = {name: values[0] for name, values in parse_qs(urlsplit(wish.url).query).items()}
    assert {"application_name", "client_id", "nonce", "scopes", "public_key"} <= facts.keys()
    assert "auth_redirect" not in facts
    text = payload(facts)
    assert sign_in.opened(wish, f"\n  {text[:40]} \n{text[40:]}") == "the-new-key"


@pytest.mark.parametrize("text", ["", "no base64!", "QUJD", "cut"])
def test_a_text_that_is_not_ours(script: Script, text: str) -> None:
    wish, facts = begun(script)
    other = payload({**facts, "nonce": "another"})
    for one in (payload(facts)[:50] if text == "cut" else text, other, payload(facts, key="")):
        with pytest.raises(SignInError, match="payload_not_ours"):
            sign_in.opened(wish, one)


def test_a_text_for_another_key_pair(script: Script) -> None:
    wish, _ = begun(script)
    _, facts = begun(script)
    with pytest.raises(SignInError, match="payload_not_ours"):
        sign_in.opened(wish, payload(facts))


def test_a_site_that_gives_no_keys(script: Script) -> None:
    script.on(r"/user-api-key/new", Said(404, raw=b""), "HEAD")
    with pytest.raises(NotAllowedError, match="no_keys"):
        sign_in.start(script.server.url, "marquee-test")


def test_signing_out_gives_the_key_up(script: Script) -> None:
    script.on(r"/user-api-key/revoke", {"success": "OK"}, "POST")
    assert sign_in.revoke(script.server.url, "the-key")
    assert script.server.heard[-1].headers["user-api-key"] == "the-key"
    script.on(r"/user-api-key/revoke", Said(403, made.error("not_logged_in")), "POST")
    assert not sign_in.revoke(script.server.url, "the-key")


def test_the_door_leads_there() -> None:
    assert CONNECTOR.keys is not None
    assert CONNECTOR.keys() is sign_in
