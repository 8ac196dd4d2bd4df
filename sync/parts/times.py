"""The wall clock, and times as numbers."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def in_ms(time: datetime) -> int:
    """Unix time in ms."""
    return round(time.timestamp() * 1000)
