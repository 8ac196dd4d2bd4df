"""Lists of topics, thirty a page. A page that is not the last carries an address of the next, without `.json`."""

from collections.abc import Iterable
from urllib.parse import urlencode

from sync.sandbox.discourse import access, people
from sync.sandbox.discourse.answers import Answer, Problem, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.categories import forum_of
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.show_topics import row
from sync.sandbox.discourse.wire import Json
from sync.sandbox.state import following
from sync.sandbox.state.records import Thread

PAGE = 30
_DAY = 86_400_000
_ORDERS = ("default", "activity", "created", "posts", "views", "likes", "op_likes", "posters", "category")
_STATES = ("open", "closed", "archived", "unlisted", "listed")


@route("GET", "/latest", "list/latest")
def latest(call: Call) -> Answer:
    """All that the caller may read; by activity the pinned ones stand on top, and muted categories are left out."""
    found = (call.state.tables.threads[ident] for ident in call.state.tables.recent_threads.newest())
    chosen = [one for one in found if not following.ignores(call.state, call.uid, one.forum)]
    return answer(call, chosen, "/latest")


@route("GET", "/c/#id", "list/category_default")
@route("GET", "/c/:slug/#id", "list/category_default")
@route("GET", "/c/#id/l/latest", "list/category_latest")
@route("GET", "/c/:slug/#id/l/latest", "list/category_latest")
def of_category(call: Call) -> Answer:
    """One category with its subcategories, unless without them."""
    forum = forum_of(call)
    inside = {forum.id} if call.yes("no_subcategories") else set(following.family(call.state, forum.id))
    return answer(call, _in(call, inside), f"/c/{forum.handle}/{forum.id}/l/latest")


@route("GET", "/c/:slug/#id/none", "list/category_none")
@route("GET", "/c/:slug/#id/none/l/latest", "list/category_none_latest")
def without_children(call: Call) -> Answer:
    """One category alone."""
    forum = forum_of(call)
    return answer(call, _in(call, {forum.id}), f"/c/{forum.handle}/{forum.id}/none/l/latest")


def answer(call: Call, found: Iterable[Thread], path: str, private: bool = False) -> Answer:
    """A page of the topics that the caller may read, in the order asked for."""
    state, uid, page = call.state, call.uid, max(0, call.whole("page"))
    kept = [one for one in found if _fits(call, one, private) and access.sees_thread(state, uid, one)]
    kept = _ordered(call, kept, private)
    shown = kept[page * PAGE : (page + 1) * PAGE]
    listed: Json = {"can_create_topic": uid > 0, "draft": None, "draft_key": "new_topic", "draft_sequence": 0}
    if len(kept) > (page + 1) * PAGE:
        listed["more_topics_url"] = f"{path}?{_again(call, page + 1)}"
    listed |= {"per_page": PAGE, "topics": [row(state, uid, one) for one in shown]}
    users = dict.fromkeys(poster["user_id"] for one in listed["topics"] for poster in one["posters"])
    primary = {"id": 41, "name": people.team_name()}
    here = [people.basic(state, ident) for ident in users]
    teams = any(people.flair(state, ident)["flair_group_id"] for ident in users)
    return ok({"users": here, "primary_groups": [primary] if teams else [], "topic_list": listed})


def _in(call: Call, forums: set[int]) -> list[Thread]:
    recent = call.state.tables.recent_threads.newest()
    return [one for one in map(call.state.tables.threads.__getitem__, recent) if one.forum in forums]


def _fits(call: Call, thread: Thread, private: bool) -> bool:
    """Whether the topic belongs into the list: deleted and unlisted ones do not, messages only in lists of messages."""
    more, asked = extras(call.state), call.text("status")
    if asked and asked not in _STATES:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "status")
    if more.is_private(thread.id) is not private or thread.hidden:
        return False
    if (thread.id in more.unlisted) is not (asked == "unlisted"):
        return False
    if not _in_time(call, thread) or not set(map(str, call.several("tags"))) <= set(thread.tags):
        return False
    count = len(thread.posts)
    if not call.whole("min_posts", 0) <= count <= call.whole("max_posts", count):
        return False
    states = {"open": not thread.locked, "closed": thread.locked, "archived": thread.id in more.archived}
    return states.get(asked, True)


def _in_time(call: Call, thread: Thread) -> bool:
    """`before` and `bumped_before` count days back."""
    now = call.state.clock.now()
    days = {"before": thread.at, "bumped_before": thread.last_at}
    return all(at < now - call.whole(name) * _DAY for name, at in days.items() if call.whole(name) > 0)


def _ordered(call: Call, threads: list[Thread], private: bool) -> list[Thread]:
    order = call.text("order", "activity")
    if order not in _ORDERS:
        order = "activity"
    posts = call.state.tables.posts
    keys = {
        "created": lambda one: (one.at, one.id),
        "posts": lambda one: (sum(not posts[ident].hidden for ident in one.posts), one.id),
        "views": lambda one: (one.views, one.id),
        "category": lambda one: (one.forum, one.id),
    }
    by_time = order in ("activity", "default")
    found = sorted(threads, key=keys.get(order, lambda one: (one.last_at, one.id)), reverse=not call.yes("ascending"))
    if by_time and not private:
        found.sort(key=lambda one: not one.pinned)
    return found


def _again(call: Call, page: int) -> str:
    kept = {name: value for name, value in call.query.items() if name != "page" and isinstance(value, str)}
    return urlencode({**kept, "page": page})
