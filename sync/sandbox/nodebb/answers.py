"""Answers in the shapes that NodeBB 4.15.1 gives them (recordings; API.md section 9)."""

from dataclasses import dataclass, field

from sync.sandbox.nodebb import texts
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.wire import Json, encode, iso
from sync.sandbox.state.refusal import Reason, Refused

_CODES = {
    400: "bad-request",
    401: "not-authorised",
    403: "forbidden",
    404: "not-found",
    429: "too-many-requests",
    500: "internal-server-error",
    503: "service-unavailable",
}
_JSON = "application/json; charset=utf-8"


@dataclass(slots=True)
class Answer:
    """Status, body and headers; `tagged` answers carry an ETag and may become 304."""

    status: int
    body: bytes
    content_type: str = _JSON
    headers: dict[str, str] = field(default_factory=dict)
    tagged: bool = True


def ok(payload: object = None, status: int = 200) -> Answer:
    """The write API's envelope around a result; nothing becomes an empty object."""
    code, message = ("accepted", "Accepted") if status == 202 else ("ok", "OK")
    body = {"status": {"code": code, "message": message}, "response": payload or {}}
    return Answer(status, encode(body), headers={"cache-control": "private"})


def error(status: int, message: str, response: Json | None = None) -> Answer:
    """The write API's envelope around a refusal."""
    body = {"status": {"code": _CODES.get(status, _CODES[500]), "message": message}, "response": response or {}}
    return Answer(status, encode(body))


def bare(payload: object, status: int = 200) -> Answer:
    """JSON without envelope."""
    return Answer(status, encode(payload))


def plain(status: int, words: str, content_type: str = "text/plain; charset=utf-8") -> Answer:
    """Words for people, or for nobody."""
    return Answer(status, words.encode(), content_type)


def redirect(call: Call, path: str) -> Answer:
    """The page API does not redirect: it answers 200 with the path and a header."""
    from urllib.parse import quote

    answer = bare(path)
    answer.headers["X-Redirect"] = quote(path, safe="!*'()")
    return answer


def sent_to(call: Call, path: str) -> Answer:
    """A real redirect, for people."""
    answer = plain(302, f"Found. Redirecting to {path}")
    answer.headers["Location"] = path
    return answer


def not_logged_in(call: Call) -> Answer:
    """401 in the envelope, on both APIs."""
    return error(401, texts.text("api.401", language(call)))


def forbidden(call: Call) -> Answer:
    """403: an envelope on the write API, a small page on the page API, 401 for guests there."""
    if call.is_write_api:
        return error(403, texts.text("no-privileges", language(call)))
    if not call.logged_in:
        return not_logged_in(call)
    page = {"path": call.page_path, "loggedIn": True, "title": "[[global:403.title]]"}
    return bare(page | {"bodyClass": body_class(call, 403)}, 403)


def not_found(call: Call, message: str | None = None) -> Answer:
    """404 in the shape of the API called."""
    if call.is_write_api:
        return error(404, message or texts.text("api.404", language(call)))
    if not call.path.startswith("/api/"):
        return plain(404, "Not Found")
    page = {"path": call.page_path, "title": "[[global:404.title]]", "bodyClass": body_class(call, 404)}
    return bare(page, 404)


def broken(call: Call, message: str) -> Answer:
    """500 with an internal text."""
    if call.is_write_api:
        return error(500, message)
    return bare({"path": call.path, "error": message, "bodyClass": body_class(call, 500)}, 500)


def refusal(call: Call, refused: Refused) -> Answer:
    """A refusal of the community in the shape of the API called."""
    status = texts.status_of(refused)
    if refused.reason is Reason.NOT_ALLOWED:
        return forbidden(call)
    message = texts.sentence_of(refused, language(call))
    if call.is_write_api:
        return error(status, message, _ban_of(call) if refused.reason is Reason.REPORTER_BANNED else None)
    return not_found(call) if status in (404, 400) else broken(call, message)


def _ban_of(call: Call) -> Json:
    shown: Json = {"reason": call.me.ban_reason}
    until = call.me.banned_until
    return shown | ({"expiry": until, "expiryISO": iso(until)} if until else {})


def missing(call: Call, names: list[str]) -> Answer:
    """400 for required parameters that were not sent."""
    message = texts.text("required-parameters-missing", language(call), " ".join(names))
    return error(400, message, {"params": names})


def language(call: Call) -> str:
    """The language of error texts."""
    return texts.language_of(call.asked("lang"), call.headers.get("accept-language", ""))


def body_class(call: Call, status: int = 200) -> str:
    """The class list of a page's body element."""
    parts = [part for part in call.page_path.split("/") if part]
    pages = [f"page-{'-'.join(parts[: depth + 1])}" for depth in range(len(parts))]
    user = "user-loggedin" if call.logged_in else "user-guest"
    return " ".join((*pages, f"page-status-{status}", "theme-harmony", user))
