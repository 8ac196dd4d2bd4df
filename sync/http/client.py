"""The client of one account in one community: session, deadline, budget, pacing and conditional GET together."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
import requests

from moderation.errors import NotAllowedError, PayloadError, TryLaterError, UnclearError
from sync.connector import Urgency
from sync.http.answer import Answer, Limited, http_date, plainly_limited, retry_after_seconds
from sync.http.budget import Budget
from sync.http.conditional import Kept, Remembered
from sync.http.counters import Counters, Usage
from sync.http.deadline import Cut, attempting
from sync.http.faults import translated
from sync.http.pacing import LONGEST_SLEEP, Pacing, too_long
from sync.http.sequence import Sequence
from sync.http.session import Session

_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request: total seconds from the first byte sent to the last read, bytes of an unpacked body."""

    seconds: float = 30.0
    body_bytes: int = 64_000_000


class Client:
    """Reads and writes as one account; blocking, usable from several threads.

    Every method raises only errors of :mod:`moderation.errors`. The key never leaves for another host, and no write
    follows a redirect or is repeated. ``limited`` reads what a platform says beside a 429; ``inspect`` sees every
    answer and may refuse it by raising, which must be an ``UnclearError`` where the answer is that of a write. ``cut``
    ends the request under way from another thread.
    """

    def __init__(
        self,
        base_url: str,
        session: Session,
        *,
        account: str,
        sequence: Sequence,
        budget: Budget,
        pacing: Pacing,
        remembered: Remembered,
        counters: Counters,
        limits: Limits = Limits(),
        limited: Callable[[Answer], Limited] = plainly_limited,
        inspect: Callable[[Answer, bool], None] | None = None,
        cut: Cut | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._session = session
        self._account = account
        self._sequence = sequence
        self._budget = budget
        self._pacing = pacing
        self._remembered = remembered
        self._counters = counters
        self._limits = limits
        self._limited = limited
        self._inspect = inspect
        self._cut = cut
        self._host = _host_of(self.base_url)

    @property
    def asked(self) -> int:
        """The start sequence of the newest request; of one that failed it is the best that is known."""
        return self._sequence.last

    def read(self, path: str, urgency: Urgency, *, conditional: bool = False, head: bool = False) -> Answer:
        """GET a path below the base URL. Statuses 429, 502, 503 and 504 raise ``TryLaterError``; others are given
        back for the connector to judge. ``conditional`` asks only for news (ETag), ``head`` only for headers.
        """
        url = self.base_url + path
        for _ in range(4):
            answer = self._get(url, urgency, conditional, "HEAD" if head else "GET")
            if answer.status not in _REDIRECTS:
                return self._judged(answer)
            url = self._same_place(url, answer.location)
        raise NotAllowedError("community_redirects_in_circles", host=self._host)

    def file(self, url: str, urgency: Urgency, headers: Mapping[str, str], limits: Limits) -> Answer:
        """GET a file of this server by its whole address, as it is: redirects are given back, not followed.

        Raises as :meth:`read`, ``NotAllowedError`` ``community_moved`` for an address of any other server, and
        ``PayloadError`` ``answer_too_large`` for what is larger than ``limits``.
        """
        self._pacing.check()
        address = self._same_place(self.base_url, url)
        with self._budget.slot(urgency):
            answer = self._exchange("GET", address, dict(headers), None, limits=limits)
        return answer if answer.status in _REDIRECTS else self._judged(answer)

    def write(
        self,
        method: str,
        path: str,
        body: object,
        urgency: Urgency,
        *,
        may_be_empty: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send once: JSON, or ``bytes`` as ``headers`` name them. Raises ``UnreachableError`` when nothing left,
        ``TryLaterError`` for 429, and ``UnclearError`` for everything without a readable answer after bytes have left.
        ``may_be_empty``: success without a body is one.
        """
        sent = body if isinstance(body, bytes) else msgspec.json.encode(body)
        answer = self._written(method, path, sent, {"Content-Type": "application/json", **(headers or {})}, urgency)
        if answer.status == 429:
            raise self._wait("too_many_requests", answer)
        if answer.status >= 500 and not answer.is_json:
            self._pacing.failed("gateway_error")
            raise UnclearError("gateway_error", host=self._host, status=answer.status)
        if answer.ok and not answer.is_json and not (may_be_empty and not answer.body.strip()):
            raise UnclearError("answer_not_json", endpoint=answer.path, status=answer.status)
        self._pacing.worked()
        return answer

    def ask(self, path: str, form: Mapping[str, str], urgency: Urgency, headers: Mapping[str, str]) -> Answer:
        """POST a form that changes nothing; raises as :meth:`read`."""
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._judged(self._written("POST", path, urlencode(form).encode(), sent, urgency, changes=False))

    def _written(
        self, method: str, path: str, body: bytes, headers: dict[str, str], urgency: Urgency, *, changes: bool = True
    ) -> Answer:
        self._pacing.check()
        with self._budget.slot(urgency):
            return self._exchange(method, self.base_url + path, headers, body, changes=changes)

    @property
    def usage(self) -> Usage:
        """What went over the wire so far, by everybody who shares the counters."""
        return self._counters.usage

    def close(self) -> None:
        """Give up sockets."""
        self._session.close()

    def _get(self, url: str, urgency: Urgency, conditional: bool, method: str = "GET") -> Answer:
        self._pacing.check()
        headers = {"Cache-Control": "max-age=0"}  # "no-cache" would keep Express from answering 304
        kept = self._remembered.get(self._account, url) if conditional else None
        if kept is not None:
            headers["If-None-Match"] = kept.etag
        with self._budget.slot(urgency):
            answer = self._exchange(method, url, headers, None)
        if answer.status == 304 and kept is not None:
            return replace(answer, status=200, body=kept.body, content_type=kept.content_type, not_modified=True)
        if conditional and answer.ok and answer.etag:
            self._remembered.put(self._account, url, Kept(answer.etag, answer.body, answer.content_type))
        return answer

    def _exchange(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        *,
        changes: bool = True,
        limits: Limits | None = None,
    ) -> Answer:
        """One request and its whole answer within the deadline."""
        write = changes and method not in {"GET", "HEAD"}
        limits = limits or self._limits
        seq = self._sequence.next()
        self._counters.add(requests=1)
        try:
            with attempting(limits.seconds, cut=self._cut) as attempt, translated(attempt, self._host, write=write):
                response = self._session.send(method, url, headers=headers, body=body, seconds=limits.seconds)
                with closing(response):
                    whole = self._whole(response, write, limits.body_bytes)
                    answer = _answer(response, seq, urlsplit(url).path, whole)
        except (TryLaterError, UnclearError) as error:
            self._pacing.failed(error.code)
            raise
        if self._inspect is not None:
            self._inspect(answer, write)
        return answer

    def _whole(self, response: requests.Response, write: bool, most: int) -> bytes:
        """The unpacked body, within the bound on its size."""
        parts, size = [], 0
        for part in response.iter_content(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > most:
                too_large = UnclearError if write else PayloadError
                raise too_large("answer_too_large", host=self._host, limit=most)
        self._counters.add(body=response.raw.tell())
        return b"".join(parts)

    def _judged(self, answer: Answer) -> Answer:
        if answer.status == 429:
            raise self._wait("too_many_requests", answer)
        if answer.status == 503:
            raise self._wait("maintenance" if answer.is_json else "server_unavailable", answer)
        if answer.status in {502, 504}:
            self._pacing.failed("gateway_error")
            raise TryLaterError("gateway_error", host=self._host, status=answer.status)
        self._pacing.worked()
        return answer

    def _wait(self, code: str, answer: Answer) -> TryLaterError:
        limited = self._limited(answer) if answer.status == 429 else _back_soon(answer)
        if limited.alone:
            return TryLaterError(code, seconds=limited.seconds or 0.0, scope="intent", host=self._host)
        if answer.status == 429:
            self._budget.told(limited)
        seconds = self._pacing.asked(code, limited.seconds)
        if seconds > LONGEST_SLEEP:
            return too_long(seconds)
        return TryLaterError(code, seconds=round(seconds, 3), host=self._host)

    def _same_place(self, url: str, location: str | None) -> str:
        """Where a redirect leads, if that is the same server: the key goes nowhere else."""
        target = urljoin(url, location or "")
        here, there = urlsplit(self.base_url), urlsplit(target)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise NotAllowedError("community_moved", host=self._host, to=f"{there.scheme}://{there.netloc}")
        return target


def _back_soon(answer: Answer) -> Limited:
    """What a 503 asks for; hours of maintenance are a guess and no limit of the key, so a look comes sooner."""
    return Limited(None if answer.retry_after is None else min(answer.retry_after, LONGEST_SLEEP))


def _host_of(base_url: str) -> str:
    """Host and port; raises ``NotAllowedError`` ``address_malformed`` for what is no address of the web."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        raise NotAllowedError("address_malformed", host=base_url) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise NotAllowedError("address_malformed", host=base_url)
    return parts.netloc


def _answer(response: requests.Response, seq: int, path: str, body: bytes) -> Answer:
    headers = response.headers
    date = http_date(headers.get("Date"))
    return Answer(
        status=response.status_code,
        path=path,
        seq=seq,
        body=body,
        content_type=headers.get("Content-Type", ""),
        server_time=date,
        retry_after=retry_after_seconds(headers.get("Retry-After"), date or datetime.now(UTC)),
        location=headers.get("Location"),
        etag=headers.get("ETag"),
        headers={name.lower(): value for name, value in headers.items()},
    )
