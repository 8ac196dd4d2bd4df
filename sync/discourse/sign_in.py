"""Getting a key of one's own, as on a phone app: the site shows who asks, the person agrees in the browser.

Newer servers (2026) take a device: a code is shown here and confirmed there, and the key is fetched by asking again and
again. Older ones show an encrypted text to be pasted. Either way the key arrives encrypted for a key pair that was made
for this once and is never written down.
"""

import base64
import binascii
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from moderation.errors import NotAllowedError, PayloadError, SignInError, TryLaterError
from sync.connector import KeyWish, Urgency
from sync.discourse import endpoints
from sync.discourse.decode import UNFIT, record
from sync.discourse.decoders import DEVICE, DEVICE_POLL, KEY
from sync.discourse.limits import limited
from sync.discourse.payloads import DeviceP
from sync.discourse.reading import error_of
from sync.http import Answer, Budget, Client, Counters, Limits, Pacing, Remembered, Sequence, Session

APPLICATION = "Marquee"
SCOPES = "read,write,message_bus"
_BITS = 2048
_PENDING, _AUTHORIZED, _DENIED, _EXPIRED = "authorization_pending", "authorized", "access_denied", "expired_token"


@dataclass(frozen=True, slots=True)
class Features:
    """What a server can do about keys. ``version`` of that part of it, 0 where there is none."""

    version: int
    device: bool


@dataclass(frozen=True, slots=True)
class _Secret:
    """What only this process knows of a wish; ``device`` is the code by which the server knows it."""

    nonce: str
    private: rsa.RSAPrivateKey
    device: str = ""


def features(base_url: str) -> Features:
    """What the server says of itself in ``Auth-Api-*``; raises ``NotAllowedError`` ``no_keys`` where it gives none."""
    with _client(base_url) as client:
        answer = client.read(endpoints.KEY_NEW, Urgency.PERSON, head=True)
    told = answer.header("auth-api-version")
    if not told.isdigit():
        raise NotAllowedError("no_keys", url=base_url)
    return Features(int(told), answer.header("auth-api-device-code").lower() == "true")


def start(base_url: str, client_id: str) -> KeyWish:
    """Ask for a key. ``client_id`` (at most 200 characters) stays the same on this machine: asking again with it takes
    the earlier key away.
    """
    by_device = features(base_url).device
    private = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    nonce = secrets.token_hex(16)
    facts = {
        "application_name": APPLICATION,
        "client_id": client_id[:200],
        "nonce": nonce,
        "scopes": SCOPES,
        "public_key": _pem(private),
    }
    if not by_device:
        url = f"{base_url.rstrip('/')}{endpoints.KEY_NEW}?{urlencode(facts)}"
        return KeyWish(base_url, url, _Secret(nonce, private))
    device = _device(base_url, facts)
    return KeyWish(
        base_url,
        device.verification_uri_with_request or device.verification_uri,
        _Secret(nonce, private, device.device_code),
        device.user_code,
        True,
        float(device.interval),
        float(device.expires_in),
    )


def poll(wish: KeyWish) -> str | None:
    """Ask once whether the person has agreed: the key, or ``None`` while not. Ask every ``interval`` seconds.

    Raises ``SignInError``: ``sign_in_denied``, ``sign_in_expired``.
    """
    with _client(wish.base_url) as client:
        answer = client.write("POST", endpoints.KEY_POLL, {"device_code": wish.secret.device}, Urgency.PERSON)
    if not answer.ok:
        raise _refused(answer)
    try:
        told = record(answer.body, DEVICE_POLL)
    except UNFIT:
        raise PayloadError("payload_unfit", connector="discourse", endpoint=answer.path, field="$") from None
    if told.status == _PENDING:
        return None
    if told.status == _AUTHORIZED and told.payload:
        return opened(wish, told.payload)
    raise SignInError("sign_in_denied" if told.status == _DENIED else "sign_in_expired")


def opened(wish: KeyWish, text: str) -> str:
    """The key from an encrypted text, pasted or fetched; raises ``SignInError`` ``payload_not_ours``.

    PKCS#1 v1.5 is what every server knows. A text that was made for another key pair may decrypt to nonsense instead of
    failing; the nonce proves that it answers this wish and no other.
    """
    secret: _Secret = wish.secret
    try:
        packed = base64.b64decode("".join(text.split()), validate=True)
        told = record(secret.private.decrypt(packed, padding.PKCS1v15()), KEY)
    except (binascii.Error, *UNFIT):
        raise SignInError("payload_not_ours") from None
    if not secrets.compare_digest(told.nonce.encode(), secret.nonce.encode()) or not told.key:
        raise SignInError("payload_not_ours")
    return told.key


def revoke(base_url: str, token: str) -> bool:
    """Give a key up on the server; ``False`` where it was none any more."""
    with _client(base_url, {"User-Api-Key": token}) as client:
        answer = client.write("POST", endpoints.KEY_REVOKE, {}, Urgency.PERSON, may_be_empty=True)
    if answer.status >= 500:
        raise TryLaterError("server_error", status=answer.status, endpoint=answer.path)
    return answer.ok


def _device(base_url: str, facts: dict[str, str]) -> DeviceP:
    with _client(base_url) as client:
        answer = client.write("POST", endpoints.KEY_DEVICE, facts, Urgency.PERSON)
    if not answer.ok:
        raise _refused(answer)
    try:
        return record(answer.body, DEVICE)
    except UNFIT:
        raise PayloadError("payload_unfit", connector="discourse", endpoint=answer.path, field="$") from None


def _refused(answer: Answer) -> SignInError | TryLaterError:
    if answer.status >= 500:
        return TryLaterError("server_error", status=answer.status, endpoint=answer.path)
    return SignInError("sign_in_refused", endpoint=answer.path, status=answer.status, kind=error_of(answer).error_type)


def _pem(private: rsa.RSAPrivateKey) -> str:
    encoded = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoded.decode("ascii")


@contextmanager
def _client(base_url: str, key: dict[str, str] | None = None) -> Iterator[Client]:
    client = Client(
        base_url,
        Session(key),
        account="sign in",
        sequence=Sequence(),
        budget=Budget(1),
        pacing=Pacing("sign in"),
        remembered=Remembered(),
        counters=Counters(),
        limits=Limits(20.0),
        limited=limited,
    )
    try:
        yield client
    finally:
        client.close()
