"""Sending a write once, and judging its answer.

Texts are in the caller's language, so status and ``error_type`` alone decide: refused or later only where it is certain
that nothing happened, unclear in every other case.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec.json import Decoder

from moderation.errors import MarqueeError, RefusedError, SignInError, TryLaterError, UnclearError
from sync.connector import Urgency
from sync.discourse.context import Context
from sync.discourse.decode import UNFIT, plain, record
from sync.discourse.reading import error_of, is_login
from sync.http import Answer

T = TypeVar("T")
_READ_ONLY_SECONDS = 60.0
_NOT_DONE = {404: "not_there", 410: "not_there", **dict.fromkeys((405, 413, 414, 431), "not_accepted")}
"""Statuses that say by themselves that nothing was done."""
_REFUSED = frozenset({400, 422})


class Writer:
    """Sends as the account of a context."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def send(self, method: str, path: str, body: Mapping[str, Any], decoder: Decoder[T]) -> tuple[T, Answer]:
        """Send once and give the decoded answer.

        Raises ``RefusedError``, ``TryLaterError``, ``SignInError`` only when nothing happened, else ``UnclearError``.
        A 409 is ``TryLaterError`` ``overtaken``: somebody else was first, which the next look shows.
        """
        answer = self._sent(method, path, body, may_be_empty=False)
        try:
            return record(answer.body, decoder), answer
        except UNFIT:
            raise UnclearError("answer_unfit", endpoint=answer.path, status=answer.status) from None

    def do(self, method: str, path: str, body: Mapping[str, Any]) -> Answer:
        """Send once where success may be an empty body."""
        return self._sent(method, path, body, may_be_empty=True)

    def _sent(self, method: str, path: str, body: Mapping[str, Any], *, may_be_empty: bool) -> Answer:
        if self._context.reader.closed:
            raise TryLaterError("connection_closed")
        client = self._context.reader.client
        answer = client.write(method, path, dict(body), Urgency.FLUSH, may_be_empty=may_be_empty)
        if not answer.ok:
            raise self._refusal(answer)
        return answer

    def _refusal(self, answer: Answer) -> MarqueeError:
        if 300 <= answer.status < 400:
            login = is_login(answer.location)
            return SignInError("token_not_accepted", endpoint=answer.path) if login else _not_accepted(answer)
        if answer.status == 409:
            return TryLaterError("overtaken", scope="intent")
        if answer.status in {401, 403}:
            self._context.identity.still_me()  # raises when the key is nobody's any more, as with ["BAD CSRF"]
            return RefusedError("forbidden", endpoint=answer.path)
        return _by_status(answer)


def _by_status(answer: Answer) -> MarqueeError:
    read_only = error_of(answer).error_type == "read_only" or answer.header("discourse-readonly")
    if answer.status == 503 and read_only:
        return TryLaterError("read_only", seconds=answer.retry_after or _READ_ONLY_SECONDS)
    if answer.status in _NOT_DONE:
        return _not_accepted(answer)
    if answer.status in _REFUSED and answer.is_json:
        return RefusedError("server_refused", endpoint=answer.path, said=_said(answer))
    return UnclearError("answer_unknown", endpoint=answer.path, status=answer.status)


def _not_accepted(answer: Answer) -> MarqueeError:
    return RefusedError(_NOT_DONE.get(answer.status, "not_accepted"), endpoint=answer.path, status=answer.status)


def _said(answer: Answer) -> str:
    """The server's own words, in the language of the account, for the person to read."""
    error = error_of(answer)
    return plain(" ".join(error.errors) or error.error, 300)
