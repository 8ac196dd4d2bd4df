"""Sending a write once, and judging its answer.

NodeBB's status tells little (a 400 may have stored the post, texts are translated), so the rule is: refused or later
only where it is certain that nothing happened, unclear in every other case.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import MsgspecError
from msgspec.json import Decoder

from moderation.errors import MarqueeError, RefusedError, TryLaterError, UnclearError
from sync.connector import Urgency
from sync.http.answer import Answer
from sync.nodebb.context import Context
from sync.nodebb.decoders import REFUSAL
from sync.nodebb.push.refusals import meaning

T = TypeVar("T")
_LANGUAGE = "lang=en-GB"
_NOT_DONE = {404: "not_there", **dict.fromkeys((405, 413, 414, 431), "not_accepted")}
"""Statuses that say by themselves that nothing was done."""


class Writer:
    """Sends as the account of a context."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def send(
        self, method: str, path: str, body: Mapping[str, Any], decoder: Decoder[T], overtaken: str = ""
    ) -> tuple[T, Answer]:
        """Send once and give the decoded answer. ``overtaken`` is a pattern of texts that mean, at this endpoint,
        that somebody else was first.

        Raises ``RefusedError``, ``TryLaterError``, ``SignInError`` only when nothing happened, else ``UnclearError``.
        """
        address = f"{path}?{_LANGUAGE}"
        payload = dict(body)
        if self._context.account.acts_as is not None:
            payload["_uid"] = _number(self._context.account.acts_as)
        answer = self._context.reader.client.write(method, address, payload, Urgency.FLUSH)
        if not answer.ok:
            raise self._refusal(answer, overtaken)
        try:
            return decoder.decode(answer.body), answer
        except (MsgspecError, ValueError):
            raise UnclearError("answer_unfit", endpoint=answer.path, status=answer.status) from None

    def _refusal(self, answer: Answer, overtaken: str) -> MarqueeError:
        code, text = _status(answer)
        if overtaken and answer.status == 400 and re.search(overtaken, text):
            return TryLaterError("overtaken", scope="intent")
        if answer.status in {401, 403}:
            self._context.identity.still_me()
            return RefusedError("forbidden", endpoint=answer.path)
        if answer.status == 503 and code == "service-unavailable":
            return TryLaterError("maintenance", seconds=60.0)
        if answer.status in _NOT_DONE or 300 <= answer.status < 400:
            return RefusedError(
                _NOT_DONE.get(answer.status, "not_accepted"), endpoint=answer.path, status=answer.status
            )
        known = meaning(text) if answer.status < 500 else None
        return known or UnclearError("answer_unknown", endpoint=answer.path, status=answer.status)


def _status(answer: Answer) -> tuple[str, str]:
    try:
        status = REFUSAL.decode(answer.body).status
    except (MsgspecError, ValueError):
        return "", ""
    return status.code, status.message


def _number(uid: str) -> int | str:
    return int(uid) if uid.isdigit() else uid
