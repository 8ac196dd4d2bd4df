"""One answer of a server, and the headers that matter."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. ``seq`` was taken when its request began; ``server_time`` is the ``Date`` header (whole seconds).

    ``not_modified`` means that the server answered 304 and ``body`` is what it sent before. The names of ``headers``
    are in lower case.
    """

    status: int
    path: str
    seq: int
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    server_time: datetime | None = None
    not_modified: bool = False
    retry_after: float | None = None
    location: str | None = None
    etag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_json(self) -> bool:
        """True when the server says that the body is JSON; a proxy's error page is HTML."""
        kind = self.content_type.partition(";")[0].strip().lower()
        return kind == "application/json" or kind.endswith("+json")

    @property
    def ok(self) -> bool:
        """True for 2xx (304 arrives as the remembered 200)."""
        return 200 <= self.status < 300

    def header(self, name: str) -> str:
        """A header by its name in lower case, empty where it is missing."""
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True)
class Limited:
    """What a 429 asks for: seconds to wait (``None``: it does not tell).

    ``period`` is the length in seconds of the limit that was reached, where the server names it. ``alone``: it concerns
    this request and not the key (posting too fast), so that others may go on.
    """

    seconds: float | None = None
    period: float | None = None
    alone: bool = False


def plainly_limited(answer: Answer) -> Limited:
    """What every platform can be asked: ``Retry-After``."""
    return Limited(answer.retry_after)


def http_date(text: str | None) -> datetime | None:
    """An HTTP date as aware UTC, ``None`` for anything else."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def retry_after_seconds(text: str | None, now: datetime) -> float | None:
    """``Retry-After`` (seconds or an HTTP date, RFC 9110 section 10.2.3) as seconds from ``now``, at most a day."""
    if not text:
        return None
    try:
        seconds = float(text.strip())
    except ValueError:
        moment = http_date(text)
        if moment is None:
            return None
        seconds = (moment - now).total_seconds()
    return None if math.isnan(seconds) else min(max(seconds, 0.0), 86400.0)
