"""Accounts: pages, history, watch levels, bans and mutes (NodeBB 4.15.1, observed: API.md sections 1, 4, 7)."""

from typing import TypeVar

from sync.sandbox.nodebb import show_forums, show_members, show_posts
from sync.sandbox.nodebb.answers import Answer, bare, forbidden, not_found, ok
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.lists import rows, threads_per_page
from sync.sandbox.nodebb.page import page
from sync.sandbox.nodebb.paging import page_count, pagination
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.show_items import detail
from sync.sandbox.nodebb.wire import Json, iso, number
from sync.sandbox.state import members, rights
from sync.sandbox.state.records import Member, Penalty, Post, Thread
from sync.sandbox.state.refusal import Reason, Refused

_T = TypeVar("_T")
_PER_PAGE = 20
_FORUMS_A_PAGE = 50


@route("GET", "/api/user/uid/:uid")
def by_uid(call: Call) -> Answer:
    """An account by id. Nobody's id is 200 with a former user."""
    member = call.state.tables.members.get(call.id_of("uid"))
    if member is None:
        return bare(show_members.former(call.id_of("uid")))
    return bare(show_members.full(call.state, member))


@route("GET", "/api/user/username/:name")
def by_username(call: Call) -> Answer:
    """An account by name."""
    member = _named(call, call.params["name"])
    return bare(show_members.full(call.state, member)) if member else not_found(call)


@route("GET", "/api/user/:slug")
def profile(call: Call) -> Answer:
    """The account's page with its latest posts."""
    member = _named(call, call.params["slug"])
    if member is None:
        return not_found(call)
    latest = [show_posts.summary(call.state, p, call.uid, call.base_url) for p in _posts(call, member)[:10]]
    data = show_members.account(call.state, member, call.uid)
    best = sorted(latest, key=lambda post: -int(post["votes"]))
    data |= {"customUserFields": [], "posts": latest, "latestPosts": latest, "bestPosts": best, "title": member.name}
    return page(call, "account/profile", data, member.name)


@route("GET", "/api/user/:slug/info")
def info(call: Call) -> Answer:
    """History of flags, bans and mutes, names; for the account itself, global moderators and administrators."""
    member = _named(call, call.params["slug"])
    if member is None:
        return not_found(call)
    if not _may_look(call, member):
        return forbidden(call)
    data = show_members.account(call.state, member, call.uid) | {
        "sessions": [],
        "usernames": _names(member),
        "emails": [],
        "invitedBy": None,
        "title": "[[pages:account/info]]",
    }
    if rights.is_privileged(call.state, call.uid):
        single = pagination(1, 1) | {"last": {"page": 1, "active": False}}
        data |= {"history": _history(call, member), "moderationNotes": [], "pagination": single}
    return page(call, "account/info", data, member.name, "[[user:account-info]]")


@route("GET", "/api/user/:slug/categories")
def watched_categories(call: Call) -> Answer:
    """Watch levels of all categories that the account may find."""
    member = _named(call, call.params["slug"])
    if member is None:
        return not_found(call)
    if not _may_look(call, member):
        return forbidden(call)
    state, everything = call.state, show_forums.tree(call.state, member.id)
    pages = page_count(len(everything), _FORUMS_A_PAGE)
    current = min(call.page(), pages)
    shown = everything[(current - 1) * _FORUMS_A_PAGE : current * _FORUMS_A_PAGE]
    data = show_members.account(state, member, call.uid)
    data |= {
        "categories": [show_forums.watched(state, forum, depth, member.id) for forum, depth in shown],
        "title": f"[[pages:account/watched-categories, {member.name}]]",
        "pagination": pagination(current, pages, call.query),
    }
    return page(call, "account/categories", data, member.name, "[[pages:categories]]")


@route("GET", "/api/user/:slug/watched")
def watched_topics(call: Call) -> Answer:
    """Followed topics, 20 a page."""
    member = _named(call, call.params["slug"])
    if member is None:
        return not_found(call)
    if not _may_look(call, member):
        return forbidden(call)
    found = [t for t in call.state.tables.threads.values() if member.id in t.followers]
    found = sorted((t for t in found if rights.readable(call.state, call.uid, t)), key=lambda t: -t.last_at)
    return _account_topics(call, member, "watched", found)


@route("GET", "/api/user/:slug/posts")
def posts(call: Call) -> Answer:
    """The account's posts, newest first, as far as the caller may read them."""
    member = _named(call, call.params["slug"])
    if member is None:
        return not_found(call)
    found = _posts(call, member)
    shown = [show_posts.summary(call.state, p, call.uid, call.base_url) for p in _cut(call, found, _PER_PAGE)]
    return _account_list(call, member, "posts", {"posts": shown}, len(found))


@route("GET", "/api/user/:slug/best")
@route("GET", "/api/user/:slug/controversial")
def voted_posts(call: Call) -> Answer:
    """The account's posts by votes for or against them."""
    member = _named(call, call.params["slug"])
    if member is None:
        return not_found(call)
    found = sorted(_posts(call, member), key=lambda p: -(p.up - p.down))
    shown = [show_posts.summary(call.state, p, call.uid, call.base_url) for p in _cut(call, found, _PER_PAGE)]
    return _account_list(call, member, call.path.rpartition("/")[2], {"posts": shown}, len(found))


@route("GET", "/api/user/:slug/groups")
def groups_of_member(call: Call) -> Answer:
    """The account's groups that have a page."""
    member = _named(call, call.params["slug"])
    if member is None:
        return not_found(call)
    groups = [show_members.group(call.state, g) for g in call.state.tables.groups.values() if member.id in g.members]
    return _account_list(call, member, "groups", {"groups": groups}, len(groups))


@route("GET", "/api/user/:slug/topics")
def topics(call: Call) -> Answer:
    """The account's topics, newest first, as far as the caller may read them."""
    member = _named(call, call.params["slug"])
    if member is None:
        return not_found(call)
    found = [t for t in call.state.tables.threads.values() if t.author == member.id]
    found = sorted((t for t in found if rights.readable(call.state, call.uid, t)), key=lambda t: -t.at)
    return _account_topics(call, member, "topics", found)


@route("GET", "/api/v3/users/:uid")
def get(call: Call) -> Answer:
    """An account by id, on the write API."""
    return ok(show_members.full(call.state, call.member()))


@route("POST", "/api/v3/users", login=True)
def create(call: Call) -> Answer:
    """An administrator adds an account. A taken name does not fail: it gets a number."""
    rights.demand(rights.is_admin(call.state, call.uid))
    made = members.register(call.state, str(call.fields.get("username") or "member"))
    made.password = str(call.fields.get("password") or "")
    return ok(show_members.full(call.state, made))


@route("PUT", "/api/v3/users/:uid/settings", login=True)
def settings(call: Call) -> Answer:
    """Page sizes of the account, at most the community's."""
    member = call.member()
    rights.demand(member.id == call.uid or rights.is_above(call.state, call.uid))
    wanted = call.fields.get("settings") or {}
    most = call.state.settings
    member.topics_per_page = min(number(wanted.get("topicsPerPage")) or member.topics_per_page, most.threads_per_page)
    member.posts_per_page = min(number(wanted.get("postsPerPage")) or member.posts_per_page, most.posts_per_page)
    return ok({"uid": member.id, "topicsPerPage": threads_per_page(call), "postsPerPage": member.posts_per_page})


@route("PUT", "/api/v3/users/:uid/ban", login=True)
def ban(call: Call) -> Answer:
    """Ban, until a time or for good."""
    members.ban(call.state, call.uid, *_target(call))
    return ok()


@route("DELETE", "/api/v3/users/:uid/ban", login=True)
def unban(call: Call) -> Answer:
    """End a ban. Without a JSON body an internal error comes out."""
    target, _, reason = _target(call)
    members.unban(call.state, call.uid, target, reason)
    return ok()


@route("PUT", "/api/v3/users/:uid/mute", login=True)
def mute(call: Call) -> Answer:
    """Mute; by default administrators only."""
    members.mute(call.state, call.uid, *_target(call))
    return ok()


@route("DELETE", "/api/v3/users/:uid/mute", login=True)
def unmute(call: Call) -> Answer:
    """End a mute."""
    target, _, reason = _target(call)
    members.unmute(call.state, call.uid, target, reason)
    return ok()


def _target(call: Call) -> tuple[int, int, str]:
    target = call.member().id
    return target, number(call.fields.get("until")), str(call.read("reason") or "")


def _named(call: Call, name: str) -> Member | None:
    try:
        return call.state.by_name(name)
    except Refused as refused:
        if refused.reason is Reason.NO_MEMBER:
            return None
        raise


def _may_look(call: Call, member: Member) -> bool:
    """The account itself and those above it; a global moderator may not look at an administrator."""
    if call.uid == member.id or rights.is_admin(call.state, call.uid):
        return True
    return rights.is_above(call.state, call.uid) and not rights.is_admin(call.state, member.id)


def _posts(call: Call, member: Member) -> list[Post]:
    found = [p for p in call.state.tables.posts.values() if p.author == member.id and not p.hidden]
    readable = [p for p in found if rights.readable(call.state, call.uid, call.state.thread(p.thread))]
    return sorted(readable, key=lambda p: -p.at)


def _cut(call: Call, found: list[_T], size: int) -> list[_T]:
    start = (call.page() - 1) * size
    return found[start : start + size]


def _account_topics(call: Call, member: Member, name: str, found: list[Thread]) -> Answer:
    return _account_list(
        call, member, name, {"topics": rows(call, _cut(call, found, threads_per_page(call)))}, len(found)
    )


def _account_list(call: Call, member: Member, name: str, listed: Json, total: int) -> Answer:
    data = show_members.account(call.state, member, call.uid) | listed
    data |= {
        "nextStart": call.page() * _PER_PAGE,
        "pagination": pagination(call.page(), page_count(total, _PER_PAGE), call.query),
        "noItemsFoundKey": f"[[user:has-no-{name}]]",
        "title": f"[[pages:account/{name}, {member.name}]]",
        "showSort": False,
        "sortOptions": _sort_options(member, name),
    }
    return page(call, f"account/{name}", data, member.name, f"[[global:{name}]]")


def _sort_options(member: Member, name: str) -> list[Json]:
    url = f"/user/{member.slug}/{name}?sort="
    words = ("votes", "posts", "views", "lastpost", "firstpost")
    return [{"url": url + word, "name": f"[[global:{word}]]", "selected": False} for word in words]


def _names(member: Member) -> list[Json]:
    everything = [*member.former_names, (member.joined, member.name)]
    return [{"value": name, "timestamp": at, "timestampISO": iso(at), "byUid": ""} for at, name in everything]


def _history(call: Call, member: Member) -> Json:
    state = call.state
    about = state.tables.items_by_author.get(member.id, {})
    newest = sorted(about, key=lambda ident: -about[ident])[:20]
    return {
        "flags": [_past_flag(call, ident) for ident in newest],
        "bans": [_penalty(call, member.id, p) for p in member.penalties if p.kind in ("ban", "unban")],
        "mutes": [_penalty(call, member.id, p) for p in member.penalties if p.kind in ("mute", "unmute")],
    }


def _past_flag(call: Call, ident: int) -> Json:
    item = call.state.item(ident)
    shown: Json = {"flagId": str(ident), "type": item.kind, "targetId": str(item.target), "datetime": str(item.at)}
    shown |= {"timestamp": item.at, "timestampISO": iso(item.at), "reports": detail(call.state, item)["reports"]}
    if item.kind == "post":
        post = call.state.tables.posts.get(item.target)
        shown["pid"] = item.target
        shown |= {"title": call.state.thread(post.thread).title} if post else {"targetPurged": True}
    return shown


def _penalty(call: Call, uid: int, penalty: Penalty) -> Json:
    """As the database has it: text for every number that is not computed."""
    shown = {
        "type": penalty.kind,
        "uid": str(uid),
        "fromUid": str(penalty.by),
        "timestamp": str(penalty.at),
        "timestampISO": iso(penalty.at),
        "reason": penalty.reason or f"[[user:info.{'muted' if 'mute' in penalty.kind else 'banned'}-no-reason]]",
        "user": show_members.brief(call.state, penalty.by),
    }
    if penalty.kind in ("ban", "mute"):
        return shown | {"expire": str(penalty.until), "until": penalty.until, "untilISO": iso(penalty.until)}
    return shown | {"until": None, "untilISO": ""}
