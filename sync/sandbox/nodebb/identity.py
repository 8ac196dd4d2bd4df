"""Who is calling: bearer tokens, the master token, log-in cookies (NodeBB 4.15.1, observed: API.md section 1)."""

from http.cookies import CookieError, SimpleCookie

from sync.sandbox.nodebb.answers import Answer, broken, error, language, plain
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.site import csrf_token
from sync.sandbox.nodebb.texts import text
from sync.sandbox.nodebb.wire import number

_SAFE = ("GET", "HEAD", "OPTIONS")
_LOGIN = "/api/v3/utilities/login"


def identify(call: Call) -> Answer | None:
    """Set the caller, or answer at once.

    A live cookie wins over the bearer header and needs the CSRF value on writes; without either a write is refused;
    an unknown token makes a guest of the caller.
    """
    if call.path.rstrip("/") == _LOGIN:
        return None
    call.session = _session(call)
    call.uid = call.community.sessions.get(call.session, 0)
    authorization = call.headers.get("authorization")
    if (call.uid or authorization is None) and _forged(call):
        return plain(403, "Forbidden")
    if call.uid or authorization is None:
        return None
    return _by_token(call, authorization)


def _by_token(call: Call, authorization: str) -> Answer | None:
    scheme, _, token = authorization.partition(" ")
    owner = call.state.tokens.get(token.strip()) if scheme.lower() == "bearer" else None
    if owner is None:
        return None
    if owner:
        call.uid = owner
        return None
    named = call.fields.get("_uid") or call.query.get("_uid")
    if named is None:
        if call.is_write_api:
            return error(400, text("api.master-token-no-uid", language(call)))
        return broken(call, "[[error:api.master-token-no-uid]]")
    call.uid = number(named)
    return None


def _session(call: Call) -> str:
    try:
        morsel = SimpleCookie(call.headers.get("cookie", "")).get("express.sid")
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _forged(call: Call) -> bool:
    if call.method in _SAFE or not call.path.startswith("/api/"):
        return False
    return not call.session or call.headers.get("x-csrf-token") != csrf_token(call.session)
