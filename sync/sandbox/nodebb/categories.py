"""Categories: the list, single ones, watch levels, rights (NodeBB 4.15.1, observed: API.md sections 1, 5, 7)."""

from sync.sandbox.nodebb import show_forums, show_members
from sync.sandbox.nodebb.answers import Answer, bare, ok
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.page import page
from sync.sandbox.nodebb.paging import page_count, pagination
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json, number
from sync.sandbox.state import following, forums, rights
from sync.sandbox.state.records import GLOBAL_MODERATORS, Forum
from sync.sandbox.state.refusal import Reason, Refused

_PER_PAGE = 50
_VIEWING = ("find", "read", "topics:read")
_MODERATION = ("posts:view_deleted", "purge", "moderate")


@route("GET", "/api/categories")
@route("GET", "/api", open=False)
def categories(call: Call) -> Answer:
    """Top categories with their children and newest posts; no watch levels here."""
    state = call.state
    top = [f for f in show_forums.ordered(state) if not f.parent and rights.may(state, call.uid, f.id, "find")]
    start = (call.page() - 1) * _PER_PAGE
    unread = show_forums.unread_forums(state, call.uid)
    shown = [show_forums.with_teaser(state, forum, call.uid, unread) for forum in top[start : start + _PER_PAGE]]
    for row in shown:
        for child in row["children"]:
            child["parent"] = {k: v for k, v in row.items() if k not in ("children", "posts", "teaser", "unread")}
    data = {
        "title": "[[pages:categories]]",
        "selectCategoryLabel": "[[pages:categories]]",
        "categories": shown,
        "pagination": pagination(call.page(), page_count(len(top), _PER_PAGE)),
        "firstRun": False,
    }
    return page(call, "categories", data)


@route("GET", "/api/categories/:cid/moderators")
def moderators(call: Call) -> Answer:
    """Members who moderate the category by name; global moderators are not among them."""
    idents = (
        rights.moderators_of(call.state, call.id_of("cid")) if call.id_of("cid") in call.state.tables.forums else []
    )
    return bare({"moderators": [show_members.brief(call.state, ident) for ident in idents]})


@route("GET", "/api/v3/categories")
def category_list(call: Call) -> Answer:
    """Every category that the caller may find, flat; those that are disabled only for administrators."""
    found = [f for f in show_forums.ordered(call.state) if rights.may(call.state, call.uid, f.id, "find")]
    shown = [f for f in found if not f.disabled or rights.is_admin(call.state, call.uid)]
    return ok({"categories": [show_forums.full(call.state, forum) for forum in shown]})


@route("POST", "/api/v3/categories", login=True)
def create(call: Call) -> Answer:
    """An administrator makes a category; a clone takes over rights and moderators."""
    call.required("name")
    fields = call.fields
    parent, clone = number(fields.get("parentCid")), number(fields.get("cloneFromCid"))
    described = fields.get("description")
    made = forums.create(call.state, call.uid, str(fields["name"]), parent, clone, described and str(described))
    return ok(show_forums.full(call.state, made))


@route("GET", "/api/v3/categories/:cid")
def get(call: Call) -> Answer:
    """One category. Missing or unreadable is a 200 with an empty object."""
    forum = call.state.tables.forums.get(call.id_of("cid"))
    if forum is None or not rights.may(call.state, call.uid, forum.id, "read"):
        return ok()
    return ok(show_forums.full(call.state, forum))


@route("PUT", "/api/v3/categories/:cid", login=True)
def describe(call: Call) -> Answer:
    """An administrator gives a category another name or description."""
    name, described = call.fields.get("name"), call.fields.get("description")
    forum = call.forum()
    forums.describe(call.state, call.uid, forum, name and str(name), None if described is None else str(described))
    return ok(show_forums.full(call.state, forum))


@route("DELETE", "/api/v3/categories/:cid", login=True)
def delete(call: Call) -> Answer:
    """An administrator removes a category with everything in it."""
    forums.purge(call.state, call.uid, call.forum())
    return ok()


@route("GET", "/api/v3/categories/:cid/count")
def count(call: Call) -> Answer:
    """How many topics it has."""
    forum = call.forum()
    rights.demand(rights.may(call.state, call.uid, forum.id, "find"))
    return ok({"count": len(forum.created)})


@route("GET", "/api/v3/categories/:cid/children")
def children(call: Call) -> Answer:
    """Subcategories with newest posts."""
    forum = call.forum()
    rights.demand(rights.may(call.state, call.uid, forum.id, "read"))
    return ok({"categories": children_of(call, forum)})


@route("PUT", "/api/v3/categories/:cid/watch", login=True)
def watch(call: Call) -> Answer:
    """Set a watch level, one's own or by a global moderator another's; subcategories go along."""
    forum, wanted = call.forum(), str(call.fields.get("state") or "")
    if wanted not in following.LEVELS:
        raise Refused(Reason.INVALID)
    target = number(call.fields.get("uid"))
    changed = following.choose(call.state, call.uid, forum.id, following.LEVELS[wanted], target)
    return ok({"modified": [str(ident) for ident in changed]})


@route("DELETE", "/api/v3/categories/:cid/watch", login=True)
def unwatch(call: Call) -> Answer:
    """Back to not watching."""
    changed = following.choose(call.state, call.uid, call.forum().id, following.LEVELS["notwatching"])
    return ok({"modified": [str(ident) for ident in changed]})


@route("GET", "/api/v3/categories/:cid/privileges", login=True)
def privileges(call: Call) -> Answer:
    """The table of rights; administrators only."""
    rights.demand(rights.is_admin(call.state, call.uid))
    return ok(_table(call, call.forum()))


@route("PUT", "/api/v3/categories/:cid/privileges/:right", login=True)
def grant(call: Call) -> Answer:
    """Give a right to a member (by id) or a group (by name)."""
    call.required("member")
    return _set_right(call, call.fields["member"], True)


@route("DELETE", "/api/v3/categories/:cid/privileges/:right/:member", login=True)
def revoke(call: Call) -> Answer:
    """Take a right from a member or a group."""
    return _set_right(call, call.params["member"], False)


@route("DELETE", "/api/v3/categories/:cid/privileges/:right", login=True)
def revoke_in_body(call: Call) -> Answer:
    """The same with the member in the body."""
    return _set_right(call, call.fields.get("member"), False)


@route("PUT", "/api/v3/categories/:cid/moderator/:uid", login=True)
def make_moderator(call: Call) -> Answer:
    """Give a member every right in the category."""
    return _set_every_right(call, True)


@route("DELETE", "/api/v3/categories/:cid/moderator/:uid", login=True)
def unmake_moderator(call: Call) -> Answer:
    """Take every right from a member."""
    return _set_every_right(call, False)


def children_of(call: Call, forum: Forum) -> list[Json]:
    """Subcategories with newest posts."""
    found = show_forums.children(call.state, forum, call.uid)
    unread = show_forums.unread_forums(call.state, call.uid) if found else frozenset[int]()
    return [show_forums.with_teaser(call.state, child, call.uid, unread) for child in found]


def _set_right(call: Call, holder: object, on: bool) -> Answer:
    forum = call.forum()
    forums.set_right(call.state, call.uid, forum.id, call.params["right"], _holder(call, holder), on)
    return ok(_table(call, forum))


def _set_every_right(call: Call, on: bool) -> Answer:
    forum = call.forum()
    for right in rights.EVERY_RIGHT:
        forums.set_right(call.state, call.uid, forum.id, right, call.id_of("uid"), on)
    return ok(_table(call, forum))


def _holder(call: Call, named: object) -> str | int:
    ident = number(named)
    return ident if ident in call.state.tables.members else str(named)


def _table(call: Call, forum: Forum) -> Json:
    state = call.state
    members = sorted({h for holders in forum.grants.values() for h in holders if isinstance(h, int)})
    common = [rights.EVERY_MEMBER, rights.VERIFIED, rights.UNVERIFIED, rights.GUESTS, GLOBAL_MODERATORS]
    named = {h for holders in forum.grants.values() for h in holders if isinstance(h, str)}
    groups = common + sorted(named - set(common))
    return {
        "labelData": [
            {"label": f"[[admin/manage/privileges:{_label(r)}]]", "type": _type(r)} for r in rights.EVERY_RIGHT
        ],
        "users": [show_members.thread_author(state, m) | _rights_of(forum, m, "") for m in members],
        "groups": [_group(forum, name) for name in groups],
        "keys": {"users": list(rights.EVERY_RIGHT), "groups": [f"groups:{right}" for right in rights.EVERY_RIGHT]},
        "columnCountUserOther": 0,
        "columnCountGroupOther": 0,
    }


def _group(forum: Forum, name: str) -> Json:
    system = name not in ("staff",)
    return {"name": name, **_rights_of(forum, name, "groups:"), "isPrivate": True, "isSystem": system}


def _rights_of(forum: Forum, holder: str | int, prefix: str) -> Json:
    held = {f"{prefix}{right}": holder in forum.grants.get(right, set()) for right in rights.EVERY_RIGHT}
    return {"privileges": held, "types": {f"{prefix}{right}": _type(right) for right in rights.EVERY_RIGHT}}


def _type(right: str) -> str:
    if right in _VIEWING:
        return "viewing"
    return "moderation" if right in _MODERATION else "posting"


def _label(right: str) -> str:
    words = {"find": "find-category", "read": "access-category", "topics:read": "access-topics"}
    return words.get(right, right.replace(":", "-"))
