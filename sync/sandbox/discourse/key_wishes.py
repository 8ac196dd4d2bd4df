"""Wishes for keys: what they must hold, and the encrypted answer that only whoever asked can read."""

import base64
import json
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sync.sandbox.discourse.answers import FORBIDDEN, Problem
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.site import Device, Site
from sync.sandbox.discourse.wire import Json

EXPIRES, INTERVAL = 600, 5
STARTS, POLLS = 20, 60
_KEPT = 60
_API = 4
_SMALLEST, _LARGEST = 2048, 8192
_ONE_TIME = "one_time_password"


def check(call: Call, wish: Json, by_device: bool = False) -> None:
    """Refuse a wish that lacks something, asks for too much, or wants to be answered where it may not."""
    for name, most in (("application_name", 300), ("client_id", 200), ("nonce", 256), ("scopes", 300)):
        given = str(wish.get(name) or "")
        if not given:
            raise Problem(400, "missing_parameter", "", name)
        if len(given) > most:
            raise Problem(400, "invalid_parameters", "invalid_parameters", name)
    wanted = set(str(wish["scopes"]).split(","))
    if not wanted <= set(call.settings.scopes) or (by_device and _ONE_TIME in wanted):
        raise FORBIDDEN
    if str(wish.get("padding") or "pkcs1") not in ("pkcs1", "oaep") or _public(str(wish.get("public_key"))) is None:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "public_key")
    redirect = str(wish.get("auth_redirect") or "")
    if redirect and redirect not in call.settings.redirects:
        raise FORBIDDEN


def begin(site: Site, now: int, wish: dict[str, Any]) -> Device:
    """A wish by device code."""
    user_code = f"{site.letters(4)}-{site.letters(4)}"
    device = Device(site.token(), user_code, site.letters(8), now, wish)
    site.devices[device.code] = device
    return device


def by_user_code(site: Site, user_code: str) -> Device | None:
    """The wish of the code that a person reads; case and hyphen do not matter."""
    wanted = user_code.replace("-", "").upper()
    return next((one for one in site.devices.values() if one.user_code.replace("-", "") == wanted), None)


def decide(site: Site, now: int, device: Device, uid: int) -> None:
    """A member agrees; 0 refuses."""
    device.answer, device.answered_at = ("authorized" if uid else "access_denied"), now
    device.payload = sealed(site, uid, device.wish) if uid else ""


def is_over(device: Device, now: int) -> bool:
    """Whether nobody can agree any more."""
    return now - device.at > EXPIRES * 1000


def standing(site: Site, now: int, code: str) -> Json:
    """How a wish stands; an answer is there for a minute and is given once."""
    device = site.devices.get(code)
    if device is None or is_over(device, now):
        return {"status": "expired_token"}
    if device.answer is None:
        return {"status": "authorization_pending"}
    del site.devices[code]
    if device.answer != "authorized":
        return {"status": device.answer}
    if now - device.answered_at > _KEPT * 1000:
        return {"status": "expired_token"}
    return {"status": "authorized", "payload": device.payload}


def sealed(site: Site, uid: int, wish: Json) -> str:
    """A fresh key, encrypted for whoever asked; base64 with line breaks."""
    scopes = frozenset(str(wish["scopes"]).split(","))
    key = site.fresh_user_key(uid, str(wish["client_id"]), scopes)
    told = {"key": key, "nonce": str(wish["nonce"]), "push": False, "api": _API}
    public = _public(str(wish["public_key"]))
    if public is None:
        raise ValueError("the key was checked before")
    chosen: padding.AsymmetricPadding = padding.PKCS1v15()
    if wish.get("padding") == "oaep":
        chosen = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 - the platform's default
    return base64.encodebytes(public.encrypt(json.dumps(told).encode(), chosen)).decode()


def _public(text: str) -> rsa.RSAPublicKey | None:
    """The key of a PEM, if it is of a kind and size that is accepted."""
    try:
        found = serialization.load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    fits = isinstance(found, rsa.RSAPublicKey) and _SMALLEST <= found.key_size <= _LARGEST
    return found if fits and isinstance(found, rsa.RSAPublicKey) else None
