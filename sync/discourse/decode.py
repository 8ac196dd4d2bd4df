"""Basic values: times, and the server's texts without markup."""

import re
from datetime import UTC, datetime
from html import unescape

from moderation.text import neutralise

_TAG = re.compile(r"<[^<>]{0,2000}>")


def utc(time: datetime) -> datetime:
    """A time of the server as aware UTC, in whole milliseconds."""
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    aware = aware.astimezone(UTC)
    return aware.replace(microsecond=aware.microsecond // 1000 * 1000)


def maybe_utc(time: datetime | None) -> datetime | None:
    """The same; ``None`` stays."""
    return None if time is None else utc(time)


def plain(text: str | None, limit: int = 500) -> str:
    """A label or reason of the server, which may hold HTML, as one line of text."""
    bare = unescape(_TAG.sub(" ", (text or "")[: limit * 8]))
    line = " ".join(neutralise(bare).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
