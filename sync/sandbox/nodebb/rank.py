"""Community-wide rights as NodeBB 4.15.1 lists them on moderation pages (recordings)."""

from sync.sandbox.nodebb.wire import Json
from sync.sandbox.state import rights
from sync.sandbox.state.store import State

_MEMBERS = (
    "chat",
    "upload:post:image",
    "upload:post:file",
    "signature",
    "search:content",
    "search:users",
    "search:tags",
    "view:users",
    "view:tags",
    "view:groups",
    "local:login",
)
_ADMINS = (
    "chat:privileged",
    "invite",
    "group:create",
    "mute",
    "admin:dashboard",
    "admin:categories",
    "admin:privileges",
    "admin:admins-mods",
    "admin:users",
    "admin:groups",
    "admin:tags",
    "admin:settings",
    "superadmin",
)


def privileges(state: State, uid: int) -> Json:
    """Global and administrative rights of an account: by default only administrators may mute."""
    admin, above = rights.is_admin(state, uid), rights.is_above(state, uid)
    return {
        **dict.fromkeys(_MEMBERS, True),
        **dict.fromkeys(("ban", "view:users:info"), above),
        **dict.fromkeys(_ADMINS, admin),
    }
