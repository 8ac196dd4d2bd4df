"""Who is calling: keys of the site, which name the acting account, and keys of a member (API.md section 1)."""

from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, Sent, plain
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.wire import from_header, number
from sync.sandbox.state import rights
from sync.sandbox.state.records import Member
from sync.sandbox.state.store import slug_of

_INVALID_KEY = Problem(403, "invalid_key", "invalid_access")
_READING = ("GET", "HEAD", "OPTIONS")


def identify(call: Call) -> None:
    """Set key and caller; raises for a key that is none, and for one whose account may not enter."""
    admin, user = call.headers.get("api-key"), call.headers.get("user-api-key")
    if admin is not None:
        _by_admin_key(call, admin)
    elif user is not None:
        _by_user_key(call, user)
    if call.uid and rights.is_banned(call.state, call.uid):
        call.uid = 0
        raise FORBIDDEN


def forged(call: Call, keyless: bool) -> Answer | None:
    """A write without any key: neither a browser of this site nor an application."""
    if call.key is not None or keyless or call.method in _READING:
        return None
    return plain(403, '["BAD CSRF"]')


def demand_login(call: Call) -> None:
    """Refuse guests."""
    if not call.uid:
        raise Problem(403, "not_logged_in", "not_logged_in")


def by_username(call: Call, name: str) -> Member | None:
    """The member of a user name, whose case does not matter."""
    return call.state.tables.members.get(call.state.tables.slugs.get(slug_of(name), 0))


def _by_admin_key(call: Call, text: str) -> None:
    key = call.site.admin_keys.get(text)
    if key is None:
        raise _INVALID_KEY
    named = call.headers.get("api-username")
    ident = number(call.headers.get("api-user-id"))
    member = by_username(call, from_header(named)) if named is not None else call.state.tables.members.get(ident)
    if key.user:
        own = call.state.tables.members.get(key.user)
        member = own if member is None or own is member else None
    if member is None:
        raise _INVALID_KEY
    call.key, call.uid = key, member.id


def _by_user_key(call: Call, text: str) -> None:
    key = call.site.user_keys.get(text)
    if key is None or key.user not in call.state.tables.members:
        raise FORBIDDEN
    call.key, call.uid = key, key.user
    if not key.allows(call.method, call.path):
        raise FORBIDDEN


__all__ = ["Sent", "by_username", "demand_login", "forged", "identify"]
