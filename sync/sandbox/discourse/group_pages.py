"""Groups: the list, one of them, its members, and what they wrote."""

from collections.abc import Callable

from sync.sandbox.discourse import access, people, show_posts
from sync.sandbox.discourse.answers import Answer, Problem, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.people import GroupHere
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json, iso, maybe_iso, username
from sync.sandbox.state import rights
from sync.sandbox.state.records import Member, Post

_LIST = 36
_MEMBERS, _MOST_MEMBERS = 50, 1000
_POSTS = 20
Key = Callable[[Member], tuple[int, int] | tuple[str, int]]


@route("GET", "/groups", "groups/index")
@route("GET", "/g", "groups/index")
def index(call: Call) -> Answer:
    """All groups, thirty-six a page."""
    found, page = people.groups(call.state), max(0, call.whole("page"))
    shown = [_listed(call, one) for one in found[page * _LIST : (page + 1) * _LIST]]
    body: Json = {"groups": shown, "extras": {"type_filters": ["my", "owner", "public", "close", "automatic"]}}
    return ok(body | {"total_rows_groups": len(found), "load_more_groups": f"/groups?page={page + 1}"})


@route("GET", "/groups/:name", "groups/show")
@route("GET", "/g/:name", "groups/show")
def show(call: Call) -> Answer:
    """One group. The lists of categories are what new members get, not what members have; owners and staff see them."""
    one = _group(call)
    owner = call.uid in one.owners or rights.is_admin(call.state, call.uid)
    shown = _listed(call, one) | {
        "is_group_owner_display": call.uid in one.owners,
        "mentionable": not one.automatic,
        "messageable": not one.automatic and access.may_message(call.state, call.uid),
        "message_count": 0,
        **_MAIL,
    }
    if owner:
        shown |= {f"{word}_category_ids": [] for word in _WORDS} | _SMTP
    return ok({"group": shown, "extras": {"visible_group_names": [g.name for g in people.groups(call.state)]}})


@route("GET", "/groups/:name/members", "groups/members")
@route("GET", "/g/:name/members", "groups/members")
def members(call: Call) -> Answer:
    """Members of a group, owners first."""
    one, limit, offset = _group(call), call.whole("limit", _MEMBERS), call.whole("offset")
    if not 0 <= limit <= _MOST_MEMBERS:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "limit")
    if offset < 0:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "offset")
    found = [call.state.member(uid) for uid in one.members]
    wanted = call.text("filter").lower()
    found = [m for m in found if wanted in username(m).lower() or wanted in m.fullname.lower()]
    found.sort(key=_order(call), reverse=not call.yes("asc") and call.text("order") != "")
    found.sort(key=lambda member: member.id not in one.owners)
    owners = [_member(call, call.state.member(uid)) for uid in one.owners]
    meta = {"total": len(found), "limit": limit, "offset": offset}
    rows = [_member(call, member) for member in found[offset : offset + limit]]
    return ok({"members": rows, "owners": owners, "meta": meta})


@route("GET", "/groups/:name/posts", "groups/posts")
@route("GET", "/g/:name/posts", "groups/posts")
def posts(call: Call) -> Answer:
    """Public posts of a group's members below an id, newest first."""
    one, before = _group(call), call.whole("before_post_id")
    found: list[Post] = []
    for post in sorted(call.state.tables.posts.values(), key=lambda p: p.id, reverse=True):
        if post.author in one.members and (not before or post.id < before) and _public(call, post):
            found.append(post)
        if len(found) == _POSTS:
            break
    return ok({"posts": [_post(call, post) for post in found]})


def _group(call: Call) -> GroupHere:
    found = people.group(call.state, call.params["name"])
    if found is None:
        raise Problem(404, "not_found", "not_found")
    return found


def _listed(call: Call, one: GroupHere) -> Json:
    shown = people.basic_group(one, call.uid) | {"incoming_email": None, "bio_raw": None}
    return shown | {"is_group_user": call.uid in one.members, "is_group_owner": call.uid in one.owners}


def _order(call: Call) -> Key:
    """By name, unless another order of those that exist was asked for."""
    keys: dict[str, Key] = {
        "last_posted_at": lambda member: (member.last_post, member.id),
        "last_seen_at": lambda member: (member.last_online, member.id),
        "added_at": lambda member: (member.joined, member.id),
    }
    return keys.get(call.text("order"), lambda member: (username(member).lower(), member.id))


def _member(call: Call, member: Member) -> Json:
    return people.basic(call.state, member.id) | {
        "title": people.title(call.state, member.id),
        "last_posted_at": maybe_iso(member.last_post),
        "last_seen_at": maybe_iso(member.last_online),
        "added_at": iso(member.joined),
        "timezone": "UTC",
    }


def _public(call: Call, post: Post) -> bool:
    viewer = call.uid if call.community.service.leaks_at(call.path) else 0
    return not post.hidden and access.sees_thread(call.state, viewer, call.state.thread(post.thread))


def _post(call: Call, post: Post) -> Json:
    feed = show_posts.in_feed(call.state, call.uid, post)
    keys = ("id", "cooked", "created_at", "post_number", "post_type", "topic_id", "category_id", "excerpt", "truncated")
    topic = {"id": feed["topic_id"], "title": feed["topic_title"], "slug": feed["topic_slug"]}
    row: Json = {key: feed[key] for key in keys} | {"title": feed["topic_title"], "url": feed["post_url"]}
    user = people.basic(call.state, post.author) | {"title": people.title(call.state, post.author)}
    return row | {"topic_slug": feed["topic_slug"], "topic": topic, "user_id": post.author, "user": user}


_WORDS = ("watching", "tracking", "watching_first_post", "regular", "muted")
_MAIL: Json = {"automatic_membership_email_domains": None, "allow_unknown_sender_topic_replies": False}
_SMTP: Json = dict.fromkeys(("smtp_server", "smtp_port", "smtp_ssl_mode", "email_username", "email_password"))
