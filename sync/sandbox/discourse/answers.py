"""Answers in the shapes of Discourse: JSON, or an error with a list of sentences and a kind."""

from dataclasses import dataclass, field

from sync.sandbox.discourse import texts
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.wire import Json, encode
from sync.sandbox.state.refusal import Absent, Reason, Refused

_JSON = "application/json; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"
_HTML = "text/html; charset=utf-8"
_MISSING = (Reason.NO_THREAD, Reason.NO_POST, Reason.NO_ITEM, Reason.NO_MEMBER, Reason.NO_FORUM, Reason.NO_GROUP)
_TOO_SOON = (Reason.TOO_SOON, Reason.NEWCOMER_TOO_SOON, Reason.JUST_REGISTERED)
_SENTENCES = {
    Reason.TOO_SHORT: "too_short",
    Reason.TOO_LONG: "too_long",
    Reason.TITLE_TOO_LONG: "title_too_long",
    Reason.LOCKED: "closed",
    Reason.POST_REPORTED_BEFORE: "already_flagged",
    Reason.REPORTER_BANNED: "suspended",
}


@dataclass(slots=True)
class Answer:
    """Status, body and headers."""

    status: int
    body: bytes
    content_type: str = _JSON
    headers: dict[str, str] = field(default_factory=dict)


class Problem(Exception):  # noqa: N818 - reads as what happened
    """An answer that is an error: status, the name of its sentence, and a kind where there is one."""

    def __init__(self, status: int, name: str, kind: str = "", *values: object) -> None:
        super().__init__(status, name, kind, *values)
        self.status = status
        self.name = name
        self.kind = kind
        self.values = values


class Sent(Exception):  # noqa: N818 - reads as what happened
    """An answer that a look-up on the way to the handler has already decided."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def ok(payload: object) -> Answer:
    """200 with JSON."""
    return Answer(200, encode(payload))


def success() -> Answer:
    """200 for a write that has nothing to tell."""
    return ok({"success": "OK"})


def empty() -> Answer:
    """200 without a body, as several writes answer."""
    return Answer(200, b"", _PLAIN)


def plain(status: int, words: str, content_type: str = _PLAIN) -> Answer:
    """Words."""
    return Answer(status, words.encode(), content_type)


def page(title: str, body: str = "", status: int = 200) -> Answer:
    """The HTML shell that people get."""
    head = f'<head><meta charset="utf-8"><title>{title}</title><meta name="generator" content="Discourse"></head>'
    return plain(status, f"<!DOCTYPE html><html>{head}<body>{body}</body></html>", _HTML)


def redirect(call: Call, path: str, status: int = 301) -> Answer:
    """Somewhere else on this site."""
    answer = plain(status, "", _HTML)
    answer.headers["Location"] = f"{call.base_url}{path}"
    return answer


def error(call: Call, status: int, name: str, kind: str = "", *values: object) -> Answer:
    """An error with one sentence."""
    body: Json = {"errors": [texts.text(name, call.language, *values)]}
    if kind:
        body["error_type"] = kind
    return Answer(status, encode(body))


def not_found(call: Call, with_page: bool = False) -> Answer:
    """404, also for what is not for the caller; reading a topic adds a page."""
    answer = error(call, 404, "not_found", "not_found")
    if with_page:
        title = texts.text("page_not_found", call.language)
        extras = {"title": title, "html": f'<div class="page-not-found">{title}</div>', "group": None}
        body = {"errors": [texts.text("not_found", call.language)], "error_type": "not_found", "extras": extras}
        answer = Answer(404, encode(body))
    return answer


def too_many(call: Call, wait: int, code: str = "") -> Answer:
    """429 with the seconds to wait; the header names the limit of a key, and is absent for limits on actions."""
    words = texts.text("rate_limit", call.language, wait)
    extras = {"wait_seconds": wait, "time_left": texts.text("seconds", call.language, wait)}
    answer = Answer(429, encode({"errors": [words], "error_type": "rate_limit", "extras": extras}))
    answer.headers["Retry-After"] = str(wait)
    if code:
        answer.headers["Discourse-Rate-Limit-Error-Code"] = code
    return answer


def problem(call: Call, trouble: Problem) -> Answer:
    """The answer for a problem."""
    if trouble.status == 429:
        return too_many(call, int(str(trouble.values[0])))
    return error(call, trouble.status, trouble.name, trouble.kind, *trouble.values)


def refusal(call: Call, refused: Refused) -> Answer:
    """A refusal of the community."""
    if isinstance(refused, Absent) or refused.reason in _MISSING:
        return not_found(call)
    if refused.reason in _TOO_SOON:
        return too_many(call, int(str(refused.values[0])))
    if refused.reason in _SENTENCES:
        return error(call, 422, _SENTENCES[refused.reason], "", *refused.values)
    return error(call, 403, "invalid_access", "invalid_access")


FORBIDDEN = Problem(403, "invalid_access", "invalid_access")
