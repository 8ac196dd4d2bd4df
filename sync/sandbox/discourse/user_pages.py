"""Members: the page with what they follow, changes to it, and what they wrote."""

from sync.sandbox.discourse import access, levels, markup, people, stream
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.identity import by_username
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.show_posts import slug
from sync.sandbox.discourse.show_users import may_edit, profile
from sync.sandbox.discourse.wire import Json, iso, number
from sync.sandbox.state.records import Member, Post

NEW_TOPIC, REPLY = 4, 5
_PAGE = 30
_DIRECTORY = 50
_PERIODS = ("daily", "weekly", "monthly", "quarterly", "yearly", "all")
_ORDERS = ("likes_received", "likes_given", "topics_entered", "topic_count", "post_count", "posts_read", "days_visited")


@route("GET", "/u/:name", "users/show")
@route("GET", "/users/:name", "users/show")
def show(call: Call) -> Answer:
    """A member; what they follow is told to themselves and to staff."""
    return ok({"user_badges": [], "user": profile(call.state, call.uid, member_of(call))})


@route("PUT", "/u/:name", "users/update", login=True)
@route("PUT", "/users/:name", "users/update", login=True)
def update(call: Call) -> Answer:
    """Change an account; each list of categories is replaced as a whole."""
    member = member_of(call)
    if not may_edit(call.state, call.uid, member):
        raise FORBIDDEN
    levels.replace(call.state, call.uid, member.id, call.given)
    changed = {key: call.text(name) for name, key in _FIELDS.items() if name in call.given}
    for key, value in changed.items():
        setattr(member, key, value)
    if changed:
        call.state.effect(call.uid, "profile", f"member:{member.id}", **changed)
    return ok({"success": "OK", "user": profile(call.state, call.uid, member)})


_FIELDS = {"name": "fullname", "bio_raw": "about", "locale": "language"}


@route("GET", "/user_actions", "user_actions/index")
def actions(call: Call) -> Answer:
    """What a member wrote, newest first: topics opened (4), replies (5)."""
    member = by_username(call, call.text("username"))
    if member is None:
        raise Problem(404, "not_found", "not_found")
    wanted = {number(kind) for kind in call.several("filter")} or {NEW_TOPIC, REPLY}
    state, offset, limit = call.state, max(0, call.whole("offset")), min(call.whole("limit", _PAGE), 100)
    own = (post for post in state.tables.posts.values() if post.author == member.id)
    found = [post for post in own if _kind(call, post) in wanted and _readable(call, post)]
    found.sort(key=lambda one: (one.at, one.id), reverse=True)
    return ok({"user_actions": [_action(call, post) for post in found[offset : offset + limit]]})


@route("GET", "/directory_items", "directory_items/index")
def directory(call: Call) -> Answer:
    """Totals of each member; the sample counts since the beginning whatever the period."""
    if call.text("period") not in _PERIODS:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "period")
    group, page = call.text("group"), max(0, call.whole("page"))
    here = people.group(call.state, group) if group else None
    if group and here is None:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "group")
    members = [m for m in call.state.tables.members.values() if here is None or m.id in here.members]
    rows = [_totals(call, member) for member in members]
    order = call.text("order", "likes_received")
    key = order if order in _ORDERS else "likes_received"
    rows.sort(key=lambda row: (row[key], -row["id"]), reverse=not call.yes("asc"))
    meta: Json = {"last_updated_at": iso(call.state.clock.now()), "total_rows_directory_items": len(rows)}
    meta["load_more_directory_items"] = f"/directory_items?order={order}&page={page + 1}&period={call.text('period')}"
    return ok({"directory_items": rows[page * _DIRECTORY : (page + 1) * _DIRECTORY], "meta": meta})


def member_of(call: Call, name: str = "name") -> Member:
    """The member whom the path names; the case does not matter."""
    member = by_username(call, call.params[name])
    if member is None:
        raise Problem(404, "not_found", "not_found")
    return member


def _kind(call: Call, post: Post) -> int:
    return NEW_TOPIC if call.state.thread(post.thread).posts[0] == post.id else REPLY


def _readable(call: Call, post: Post) -> bool:
    thread = call.state.thread(post.thread)
    shown = not access.is_deleted(call.state, post) or access.rules(call.state, call.uid, thread)
    return shown and access.sees_thread(call.state, call.uid, thread)


def _action(call: Call, post: Post) -> Json:
    state, thread = call.state, call.state.thread(post.thread)
    who = people.basic(state, post.author)
    shown: Json = {
        "excerpt": markup.excerpt(post.text),
        "action_type": _kind(call, post),
        "created_at": iso(post.at),
        "slug": slug(thread),
        "topic_id": thread.id,
        "post_number": stream.number_of(state, post),
        "post_id": post.id,
        "title": thread.title,
        "deleted": access.is_deleted(state, post),
        "hidden": post.hidden,
        "post_type": 1,
        "action_code": None,
        "category_id": thread.forum,
        "closed": thread.locked,
        "archived": False,
    }
    for prefix in ("", "acting_", "target_"):
        shown |= {f"{prefix}username": who["username"], f"{prefix}name": who["name"], f"{prefix}user_id": post.author}
    return shown | {"avatar_template": who["avatar_template"], "acting_avatar_template": who["avatar_template"]}


def _totals(call: Call, member: Member) -> Json:
    who = people.basic(call.state, member.id)
    totals: Json = dict.fromkeys(_ORDERS, 0) | {"topic_count": member.threads, "post_count": member.posts}
    return {"id": member.id, **totals, "user": who | {"title": people.title(call.state, member.id)}}
