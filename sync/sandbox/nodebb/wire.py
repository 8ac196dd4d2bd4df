"""Bytes on the wire: compact JSON, weak ETags as Express makes them, times as NodeBB writes them."""

import base64
import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

Json = dict[str, Any]

_encoder = msgspec.json.Encoder()


def encode(payload: object) -> bytes:
    """Compact JSON in UTF-8, keys in the order given."""
    return _encoder.encode(payload)


def etag(body: bytes) -> str:
    """The weak tag that Express computes: length in hexadecimal and the first 27 characters of a SHA-1."""
    digest = base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest())[:27]
    return f'W/"{len(body):x}-{digest.decode()}"'


@lru_cache(1 << 14)
def iso(ms: int) -> str:
    """`2026-11-22T00:52:05.938Z`, or nothing for no time."""
    if not ms:
        return ""
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


def number(value: object) -> int:
    """What JavaScript's parseInt makes of it, with 0 for no number."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, int | float):
        return int(value)
    text = str(value or "").strip()
    digits = len(text) - len(text.lstrip("-0123456789"))
    try:
        return int(text[:digits] or 0)
    except ValueError:
        return 0
