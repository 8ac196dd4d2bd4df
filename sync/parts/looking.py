"""Looking at a community as somebody else would: one request, what came back, and nothing of it trusted.

A look shares nothing with the connection that asks for it: no remembered answers, no pause that a failure would put on
the community, and no header that would make a cache between here and there fetch anew, for an outsider sends none.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from moderation.errors import MarqueeError
from sync.connector import Urgency
from sync.http.budget import Budget
from sync.http.counters import Counters
from sync.http.deadline import attempting
from sync.http.faults import translated
from sync.http.session import Session

SECONDS = 20.0
MOST_BYTES = 8_000_000
_CHUNK = 65536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 4
_GATEWAYS = frozenset({502, 504, 520, 521, 522, 523, 524, 525, 526, 530})


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back: ``trouble`` is a code when it was no answer of the community. ``hops`` are the places that
    redirects led to, in order; header names are in lower case.
    """

    request: str
    status: int = 0
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    hops: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def media_type(self) -> str:
        """What the server says that the body is, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def digest(self) -> str:
        """SHA-256 of the body."""
        return hashlib.sha256(self.body).hexdigest() if self.body else ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        """The body's JSON, ``None`` where it is none."""
        if "json" not in self.media_type:
            return None
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Looker:
    """The eyes of one viewer. ``key`` are the headers of the viewer's key, ``None`` for a visitor without one."""

    def __init__(self, base_url: str, key: Mapping[str, str] | None, budget: Budget, counters: Counters) -> None:
        self._base = base_url.rstrip("/")
        self._session = Session(key)
        self._stranger = Session(None)
        self._budget = budget
        self._counters = counters

    def get(self, path: str, accept: str = "application/json") -> Seen:
        """One place below the base URL or, without the key, at a full address elsewhere; redirects are followed."""
        url = self._base + path if path.startswith("/") else path
        hops: list[str] = []
        request = f"GET {path}"
        for _ in range(_MOST_HOPS):
            seen = self._once(request, url, accept, tuple(hops))
            location = seen.headers.get("location")
            if seen.trouble or seen.status not in _REDIRECTS or not location:
                return seen
            url = urljoin(url, _in_unicode(location))
            hops.append(url.removeprefix(self._base))
        return Seen(request, trouble="redirects_in_circles", hops=tuple(hops))

    def close(self) -> None:
        """Give up sockets."""
        self._session.close()
        self._stranger.close()

    def _once(self, request: str, url: str, accept: str, hops: tuple[str, ...]) -> Seen:
        try:
            with self._budget.slot(Urgency.BACKGROUND):
                self._counters.add(requests=1)
                status, headers, body = self._exchange(url, accept)
        except MarqueeError as error:
            return Seen(request, trouble=error.code, hops=hops)
        return Seen(request, status, body, headers, hops, _trouble(status, headers))

    def _exchange(self, url: str, accept: str) -> tuple[int, dict[str, str], bytes]:
        with attempting(SECONDS) as attempt, translated(attempt, urlsplit(url).netloc, write=False):
            session = self._session if self._is_here(url) else self._stranger
            response = session.send("GET", url, headers={"Accept": accept}, body=None, seconds=SECONDS)
            with closing(response):
                headers = {name.lower(): value for name, value in response.headers.items()}
                return response.status_code, headers, self._beginning(response)

    def _is_here(self, url: str) -> bool:
        here, there = urlsplit(self._base), urlsplit(url)
        return (here.scheme, here.netloc) == (there.scheme, there.netloc)

    def _beginning(self, response: requests.Response) -> bytes:
        """The body; of a very large one the beginning is enough to know that it can be read."""
        parts, size = [], 0
        for part in response.iter_content(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                break
        self._counters.add(body=size)
        return b"".join(parts)


def _in_unicode(location: str) -> str:
    """A header that holds UTF-8 without percent signs arrives as if it were Latin-1."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location


def _trouble(status: int, headers: Mapping[str, str]) -> str:
    """A code for what is no answer of the community itself."""
    if status == 429:
        return "too_many_requests"
    if status == 503:
        return "maintenance" if "json" in headers.get("content-type", "") else "server_unavailable"
    if status in _GATEWAYS:
        return "gateway_error"
    if status >= 500:
        return "server_error"
    if headers.get("cf-mitigated") == "challenge":
        return "challenge"
    return ""


def rows_of(value: object) -> list[dict[str, Any]]:
    """The objects of a JSON list; none of what is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def strings(value: object, *, without: frozenset[str] = frozenset()) -> Iterator[str]:
    """All texts of a JSON value, also of JSON within a text; keys in ``without`` are passed over."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            todo.extend(inner for key, inner in one.items() if key not in without)
        elif isinstance(one, list):
            todo.extend(one)
