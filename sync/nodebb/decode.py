"""Basic values: times, and the page address of things."""

from datetime import UTC, datetime

from moderation.errors import PayloadError


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
