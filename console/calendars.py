"""Fetching a person's calendar: a file, an address, or standard input. What an address holds is often a secret, so only
its host is kept and shown; it may be given on standard input instead of as an argument.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

from moderation.errors import NotAllowedError, StoreError, TryLaterError
from sync.calendars import LARGEST
from sync.http.outside import Outside

SECONDS = 20.0
_MOST_REDIRECTS = 5
_ACCEPT = "text/calendar, text/plain;q=0.5, */*;q=0.1"
_WEB = {"webcal": "https", "webcals": "https", "http": "http", "https": "https"}
_OURS = {
    "picture_address": "calendar_address",
    "picture_too_large": "calendar_too_large",
    "picture_not_one": "calendar_broken",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A calendar as it is. ``shown`` names where it came from; ``made_at`` is how old a file is."""

    data: bytes = field(repr=False)
    shown: str
    made_at: datetime | None = None


def shown_as(source: str) -> str:
    """How a source is named: the host of an address, the name of a file."""
    parts = urlsplit(source)
    return (parts.hostname or "") if parts.scheme in _WEB else Path(source).name or source


def fetch(source: str, standard_input: Callable[[], BinaryIO]) -> Fetched:
    """Read it whole; ``-``: standard input holds the calendar itself, or its address in one line.

    Raises ``StoreError`` ``file_unreadable``, ``TryLaterError`` ``calendar_unreachable`` and its kin,
    ``NotAllowedError`` ``calendar_address``, ``calendar_too_large``, ``calendar_broken``.
    """
    if source == "-":
        data = standard_input().read(LARGEST + 1)
        address = data.strip()
        if b"\n" in address or urlsplit(address.decode("utf-8", "replace")).scheme not in _WEB:
            return Fetched(data, "-")
        source = address.decode("utf-8", "replace")
    return _from_web(source) if urlsplit(source).scheme in _WEB else _from_file(Path(source))


def _from_file(path: Path) -> Fetched:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        return Fetched(data, path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise StoreError("file_unreadable", path=path.name, why=why) from None


def _from_web(address: str) -> Fetched:
    """A person named it, so a host of the company's own network is as good as any."""
    host = urlsplit(address).hostname or ""
    outside = Outside(public=lambda each: True)
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            parts = urlsplit(address)
            url = parts._replace(scheme=_WEB.get(parts.scheme, parts.scheme)).geturl()
            answer = outside.get(url, seconds=SECONDS, most=LARGEST, accept=_ACCEPT)
            if not (300 <= answer.status < 400 and answer.location):
                break
            address = urljoin(url, answer.location)
    except NotAllowedError as error:
        facts = {"limit": LARGEST // 1_000_000} if error.code == "picture_too_large" else {}
        raise NotAllowedError(_OURS.get(error.code, "calendar_address"), **facts) from None
    finally:
        outside.close()
    if not answer.ok:
        raise TryLaterError("calendar_unreachable", host=host, status=answer.status)
    return Fetched(answer.body, host)
