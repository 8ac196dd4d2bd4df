"""The real clock, and the source of ids."""

import secrets
import time
from datetime import UTC, datetime

from moderation.ids import time_ordered_id


class SystemClock:
    """Implements :class:`moderation.ports.Clock`."""

    def now(self) -> datetime:
        """Wall clock, aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


class TimeIds:
    """Implements :class:`moderation.ports.Ids`."""

    def new(self) -> str:
        """A fresh UUID version 7."""
        return time_ordered_id(time.time_ns() // 1_000_000, secrets.token_bytes(10))
