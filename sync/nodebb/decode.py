"""Basic values: times, and texts that older versions escape."""

import re
from datetime import UTC, datetime
from html import unescape

from moderation.errors import PayloadError
from sync.nodebb.payloads import TopicP

_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|lsqb|rsqb|#x27|#x2f|#x5c|#96|#37|#44|#123|#125);", re.IGNORECASE)
"""What NodeBB before 4.14 makes of single characters in names and titles, and nothing else that looks like it."""


def moment(ms: float | None, field: str = "$") -> datetime:
    """A time in ms as aware UTC; ``PayloadError`` where it is missing or no time at all."""
    try:
        if not ms:
            raise ValueError
        return datetime.fromtimestamp(ms / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise PayloadError("payload_unfit", connector="nodebb", endpoint="", field=field) from None


def maybe_moment(ms: float | None) -> datetime | None:
    """A time, or ``None`` where NodeBB has none (``0``, ``null``, negative for "never")."""
    if not ms or ms < 0:
        return None
    try:
        return datetime.fromtimestamp(ms / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def dated(topic: TopicP) -> TopicP:
    """The topic; raises ``PayloadError`` for one without a time of its own."""
    moment(topic.timestamp, "$.timestamp")
    return topic


def unescaped(text: str) -> str:
    """A name as it was typed, whichever version tells it."""
    return _ESCAPED.sub(lambda found: unescape(found[0]), text)


def title_of(topic: TopicP) -> str:
    """A title as it was typed: NodeBB escapes it where it tells a raw one beside it (before 4.14)."""
    return topic.title if topic.titleRaw is None else unescaped(topic.title)
