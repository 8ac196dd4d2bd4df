"""How a member lets an application have a key: by device code, or by a text to paste (API.md section 1).

The pages are for people; in the place of a sign-in they ask which member of the sample agrees.
"""

import html
from urllib.parse import urlencode

from sync.sandbox.discourse import key_wishes, limits
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, not_found, ok, page, success
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.identity import by_username
from sync.sandbox.discourse.keys import UserKey
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.site import Device
from sync.sandbox.discourse.wire import Json

_VERSION = "4"
_FIELDS = ("application_name", "client_id", "scopes", "public_key", "nonce", "auth_redirect", "padding")


@route("GET", "/user-api-key/new", "user_api_keys/new", text=True)
def new(call: Call) -> Answer:
    """What the server can do about keys, in headers, and a page that asks whether to agree."""
    body = "<p>Nothing asks for a key.</p>"
    if call.query.get("public_key"):
        key_wishes.check(call, call.query)
        body = _form(call, "/user-api-key", {name: str(call.query.get(name, "")) for name in _FIELDS})
    answer = page("Authorize application", body)
    answer.headers["Auth-Api-Version"] = _VERSION
    if call.settings.device_code:
        answer.headers["Auth-Api-Device-Code"] = "true"
    return answer


@route("POST", "/user-api-key", "user_api_keys/create", text=True, keyless=True)
def create(call: Call) -> Answer:
    """The member agreed: the encrypted key is shown for pasting, or goes where the browser is sent."""
    wish = {name: call.text(name) for name in _FIELDS}
    key_wishes.check(call, wish)
    member = by_username(call, call.text("username"))
    if member is None:
        raise FORBIDDEN
    payload = key_wishes.sealed(call.site, member.id, wish)
    if wish["auth_redirect"]:
        answer = page("Authorized", status=302)
        mark = "&" if "?" in wish["auth_redirect"] else "?"
        answer.headers["Location"] = f"{wish['auth_redirect']}{mark}{urlencode({'payload': payload})}"
        return answer
    return page("Authorized", f"<p>Paste this into the application:</p><textarea>{html.escape(payload)}</textarea>")


@route("POST", "/user-api-key/device", "user_api_keys/device", text=True, keyless=True)
def device(call: Call) -> Answer:
    """Begin the way by device code; body and answer must both be JSON."""
    if not call.settings.device_code:
        return not_found(call)
    as_json = "application/json" in call.headers.get("accept", "")
    if not as_json or "application/json" not in call.headers.get("content-type", ""):
        raise FORBIDDEN
    over = limits.once_more(call, "device starts", key_wishes.STARTS)
    if over is not None:
        return over
    key_wishes.check(call, call.given, by_device=True)
    wish = key_wishes.begin(call.site, call.state.clock.now(), dict(call.given))
    where = f"{call.base_url}/user-api-key/activate"
    shown: Json = {"device_code": wish.code, "user_code": wish.user_code, "verification_uri": where}
    shown["verification_uri_with_request"] = f"{where}?request={wish.request}"
    return ok(shown | {"expires_in": key_wishes.EXPIRES, "interval": key_wishes.INTERVAL})


@route("GET", "/user-api-key/activate", "user_api_keys/activate", text=True)
def activate(call: Call) -> Answer:
    """The page where the code is compared and somebody agrees or refuses."""
    wish = next((one for one in call.site.devices.values() if one.request == call.text("request")), None)
    name = str(wish.wish["application_name"]) if wish else ""
    fields = {"user_code": wish.user_code if wish else "", "application_name": name}
    return page("Activate device", _form(call, "/user-api-key/activate", fields))


@route("POST", "/user-api-key/activate", "user_api_keys/activate", text=True, keyless=True)
def activated(call: Call) -> Answer:
    """Somebody agreed or refused."""
    wish, member = key_wishes.by_user_code(call.site, call.text("user_code")), by_username(call, call.text("username"))
    if wish is None or member is None:
        raise FORBIDDEN
    _decide(call, wish, member.id if call.text("deny") == "" else 0)
    return page("Activate device", "<p>You may close this page and go back to the application.</p>")


@route("POST", "/user-api-key/device/poll", "user_api_keys/device_poll", text=True, keyless=True)
def poll(call: Call) -> Answer:
    """How it stands, always with 200; the payload is handed out once."""
    over = limits.once_more(call, "device polls", key_wishes.POLLS)
    if over is not None:
        return over
    return ok(key_wishes.standing(call.site, call.state.clock.now(), call.text("device_code")))


@route("POST", "/user-api-key/revoke", "user_api_keys/revoke", login=True, text=True)
def revoke(call: Call) -> Answer:
    """Give up the key that was used."""
    if not isinstance(call.key, UserKey):
        raise FORBIDDEN
    call.site.revoke(call.headers["user-api-key"])
    return success()


def _decide(call: Call, wish: Device, uid: int) -> None:
    now = call.state.clock.now()
    if key_wishes.is_over(wish, now):
        raise Problem(403, "invalid_access", "invalid_access")
    key_wishes.decide(call.site, now, wish, uid)


def _form(call: Call, path: str, fields: dict[str, str]) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in fields.items()
    )
    names = "".join(f"<option>{html.escape(name)}</option>" for name in call.community.named_accounts())
    asks = html.escape(fields["application_name"] or "An application")
    code = f"<p>Code: <strong>{html.escape(fields['user_code'])}</strong></p>" if fields.get("user_code") else ""
    buttons = '<button name="allow" value="1">Authorize</button>'
    if code:
        buttons += '<button name="deny" value="1">Cancel</button>'
    target = f"{call.base_url}{path}"
    select = f'<select name="username">{names}</select>'
    return f'<p>{asks} asks for access.</p>{code}<form method="post" action="{target}">{hidden}{select}{buttons}</form>'
