"""Notifications (NodeBB 4.15.1, observed: API.md section 8; shapes from the recordings)."""

from sync.sandbox.nodebb import markup, show_members
from sync.sandbox.nodebb.answers import Answer, not_logged_in, ok
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.page import page
from sync.sandbox.nodebb.paging import page_count, pagination
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json, iso
from sync.sandbox.state import rights
from sync.sandbox.state.records import Notice

_PER_PAGE = 20
_REGULAR = (
    ("[[notifications:all]]", ""),
    ("[[global:topics]]", "new-topic"),
    ("[[notifications:replies]]", "new-reply"),
    ("[[notifications:chat]]", "new-chat"),
    ("[[notifications:mentions]]", "mention"),
)
_MODERATOR = (
    ("[[notifications:new-flags]]", "new-post-flag"),
    ("[[notifications:my-flags]]", "my-flags"),
    ("[[notifications:bans]]", "ban"),
)


@route("GET", "/api/notifications")
def notifications(call: Call) -> Answer:
    """What is new for the account: flags, held posts, replies, assignments."""
    if not call.logged_in:
        return not_logged_in(call)
    everything = call.state.tables.notices.get(call.uid, [])
    wanted = call.asked("filter")
    matching = [notice for notice in everything if not wanted or notice.kind == wanted]
    start = (call.page() - 1) * _PER_PAGE
    regular, moderator = _filters(_REGULAR, everything, wanted), _filters(_MODERATOR, everything, wanted)
    everywhere = regular + (moderator if rights.is_privileged(call.state, call.uid) else [])
    data = {
        "notifications": [_notice(call, notice) for notice in matching[start : start + _PER_PAGE]],
        "unreadNids": [notice.id for notice in everything],
        "pagination": pagination(call.page(), page_count(len(matching), _PER_PAGE), call.query),
        "filters": everywhere,
        "regularFilters": regular,
        "moderatorFilters": moderator,
        "selectedFilter": next((one for one in everywhere if one["selected"]), regular[0]),
        "title": "[[pages:notifications]]",
    }
    return page(call, "notifications", data, "[[pages:notifications]]")


@route("GET", "/api/v3/notifications/count", login=True)
def count(call: Call) -> Answer:
    """How many are unread."""
    return ok({"unread": len(call.state.tables.notices.get(call.uid, []))})


def _notice(call: Call, notice: Notice) -> Json:
    long = markup.render(notice.long) if notice.kind != "post-queue" or notice.short == "reply" else notice.long
    return {
        "type": notice.kind,
        "nid": notice.id,
        "mergeId": notice.merge,
        "bodyShort": _short(call, notice),
        "bodyLong": long,
        "path": notice.path,
        "from": notice.by,
        "importance": 5,
        "datetime": notice.at,
        "datetimeISO": iso(notice.at),
        "user": show_members.brief(call.state, notice.by),
        "image": None,
        "read": False,
        "readClass": "unread",
    }


def _short(call: Call, notice: Notice) -> str:
    who = f"<strong>{show_members.brief(call.state, notice.by)['displayname']}</strong>"
    if notice.kind == "post-queue":
        return "Post awaiting review" if notice.short == "reply" else "Topic awaiting review"
    if notice.kind == "my-flags":
        return f"<strong>Flag {notice.short}</strong> has been assigned to you"
    if notice.kind == "new-reply":
        return f"{who} has posted a reply to: <strong>{notice.short}</strong>"
    if notice.kind == "new-user-flag":
        return f"{who} flagged a user profile"
    if notice.kind == "new-post-flag":
        return f"{who} flagged a post in <strong>{notice.short}</strong>"
    return notice.short or f"[[notifications:{notice.kind}]]"


def _filters(known: tuple[tuple[str, str], ...], notices: list[Notice], wanted: str) -> list[Json]:
    shown: list[Json] = []
    for name, kind in known:
        one: Json = {"name": name, "filter": kind, "selected": kind == wanted}
        shown.append(one | ({"count": sum(n.kind == kind for n in notices)} if kind else {}))
    return shown
