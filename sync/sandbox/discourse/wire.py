"""Bytes and values on the wire: JSON, times with milliseconds, user names that fit into an address."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from sync.sandbox.state.records import Member

Json = dict[str, Any]
FOR_GOOD = 253_370_764_800_000
"""1 January 9999: how an end without end is written, in milliseconds."""

_encoder = msgspec.json.Encoder()
_USERNAME = re.compile(r"[\w.-]+")


def encode(payload: object) -> bytes:
    """Compact JSON in UTF-8, keys in the order given."""
    return _encoder.encode(payload)


@lru_cache(1 << 14)
def iso(ms: int) -> str:
    """`2026-11-22T00:52:05.938Z`."""
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


def maybe_iso(ms: int | None) -> str | None:
    """A time, or null for none."""
    return iso(ms) if ms else None


def until_iso(ms: int | None) -> str | None:
    """The end of a penalty, which is 0 for good and None for no penalty."""
    return None if ms is None else iso(ms or FOR_GOOD)


def ms_of(text: str) -> int | None:
    """A time that was sent, in milliseconds; None where it is none. Without a zone it counts as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def number(text: object, otherwise: int = 0) -> int:
    """A whole number that was sent as number or text."""
    if isinstance(text, bool):
        return otherwise
    try:
        return int(str(text))
    except ValueError:
        return otherwise


def username(member: Member) -> str:
    """The account's name, or the part of an address made from it where the name has blanks or pictures."""
    return member.name if _USERNAME.fullmatch(member.name) else member.slug


def in_header(name: str, encoded: bool = True) -> str:
    """A name as a header carries it: percent-encoded beyond ASCII, or raw UTF-8 as the socket writes it."""
    return quote(name) if encoded and not name.isascii() else name.encode().decode("latin-1")


def from_header(name: str) -> str:
    """A name that came in a header, either way."""
    with suppress(UnicodeError):
        name = name.encode("latin-1").decode()
    return unquote(name)
