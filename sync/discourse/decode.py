"""Basic values: records, times, and the server's texts without markup."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any, TypeVar

import msgspec
from msgspec import MsgspecError
from msgspec.json import Decoder

from moderation.text import neutralise

T = TypeVar("T")
UNFIT = (MsgspecError, ValueError, RecursionError)
"""What :func:`record` raises for what does not fit."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)


def record(body: bytes, decoder: Decoder[T]) -> T:
    """Decode. Where a field is null that should not be, it counts as absent; raises :data:`UNFIT`."""
    try:
        return decoder.decode(body)
    except MsgspecError:
        if b"null" not in body:
            raise
        return decoder.decode(msgspec.json.encode(_without_nulls(msgspec.json.decode(body))))


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value


def utc(time: datetime) -> datetime:
    """A time of the server as aware UTC, in whole milliseconds; what lies beyond all use is the nearest of use."""
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    aware = min(max(aware, _EARLIEST), _LATEST).astimezone(UTC)
    return aware.replace(microsecond=aware.microsecond // 1000 * 1000)


def maybe_utc(time: datetime | None) -> datetime | None:
    """The same; ``None`` stays."""
    return None if time is None else utc(time)


def plain(text: str | None, limit: int = 500) -> str:
    """A label or reason of the server, which may hold HTML, as one line of text."""
    bare = unescape(_TAG.sub(" ", (text or "")[: limit * 8]))
    line = " ".join(neutralise(bare).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
