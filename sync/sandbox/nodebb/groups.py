"""Groups and their members (NodeBB 4.15.1, observed: API.md section 7)."""

from sync.sandbox.nodebb import show_members, show_posts
from sync.sandbox.nodebb.answers import Answer, not_found, ok
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.page import page
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json, number
from sync.sandbox.state import members, rights
from sync.sandbox.state.records import Group
from sync.sandbox.state.refusal import Absent, Reason

_PER_PAGE = 20


@route("GET", "/api/v3/groups")
def groups(call: Call) -> Answer:
    """All groups."""
    shown = [_preview(call, group) for group in call.state.tables.groups.values()]
    return ok({"groups": shown, "nextStart": 15})


@route("GET", "/api/v3/groups/:slug/members", login=True)
def group_members(call: Call) -> Answer:
    """Members, owners first, 20 from the offset `after`."""
    group = _group(call)
    start = number(call.asked("after"))
    ordered = [*group.owners, *(m for m in group.members if m not in group.owners)]
    shown = [show_members.group_member(call.state, m, group) for m in ordered[start : start + _PER_PAGE]]
    return ok({"users": shown, "nextStart": start + _PER_PAGE, "matchCount": None, "timing": None})


@route("PUT", "/api/v3/groups/:slug/membership/:uid", login=True)
def join(call: Call) -> Answer:
    """An administrator or an owner adds a member."""
    group = _group(call)
    rights.demand(rights.is_admin(call.state, call.uid) or call.uid in group.owners)
    members.join(call.state, call.member(), group.name)
    call.state.effect(call.uid, "join", f"group:{group.slug}", member=call.id_of("uid"))
    return ok()


@route("GET", "/api/groups/:slug")
def group_page(call: Call) -> Answer:
    """A group's page with its first members."""
    try:
        group = _group(call)
    except Absent:
        return not_found(call)
    state = call.state
    shown = show_members.group(state, group) | {
        "isOwner": call.uid in group.owners or rights.is_above(state, call.uid),
        "pending": [],
        "invited": [],
        "members": [show_members.group_member(state, m, group) for m in group.members[:_PER_PAGE]],
        "membersNextStart": _PER_PAGE,
        "isMember": call.uid in group.members,
        "isPending": False,
        "isInvited": False,
    }
    data = {
        "title": f"[[pages:group, {group.name}]]",
        "group": shown,
        "posts": _newest_posts(call, group),
        "isAdmin": rights.is_admin(state, call.uid),
        "isGlobalMod": rights.is_global_moderator(state, call.uid),
        "allowPrivateGroups": 1,
    }
    return page(call, "groups/details", data, "[[pages:groups]]", group.name)


def _preview(call: Call, group: Group) -> Json:
    first = [show_members.brief(call.state, member) for member in group.members[:4]]
    return show_members.group(call.state, group) | {"members": first, "truncated": len(group.members) > 4}


def _newest_posts(call: Call, group: Group) -> list[Json]:
    state = call.state
    newest = [state.post(ident) for ident in state.tables.recent_posts.newest(0, 500)]
    by_members = [p for p in newest if p.author in group.members and not p.hidden]
    readable = [p for p in by_members if rights.readable(state, call.uid, state.thread(p.thread))]
    return [show_posts.summary(state, p, call.uid, call.base_url) for p in readable[:10]]


def _group(call: Call) -> Group:
    wanted = call.params["slug"]
    found = next((g for g in call.state.tables.groups.values() if g.slug == wanted), None)
    if found is None:
        raise Absent(Reason.NO_GROUP)
    return found
