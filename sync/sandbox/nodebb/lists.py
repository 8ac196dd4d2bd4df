"""Recent topics and posts, unread, one category, tags (NodeBB 4.15.1, observed: API.md section 8)."""

from sync.sandbox.nodebb import show_forums, show_posts, show_threads
from sync.sandbox.nodebb.answers import (
    Answer,
    bare,
    broken,
    forbidden,
    language,
    not_found,
    not_logged_in,
    ok,
    redirect,
)
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.categories import children_of
from sync.sandbox.nodebb.feeds import newest_posts
from sync.sandbox.nodebb.page import page
from sync.sandbox.nodebb.paging import page_count, pagination
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json, number
from sync.sandbox.state import following, rights, threads
from sync.sandbox.state.records import Forum, Thread

_DAY = 86_400_000
_TERMS = {
    "daily": ("day", _DAY),
    "weekly": ("week", 7 * _DAY),
    "monthly": ("month", 30 * _DAY),
    "alltime": ("alltime", 0),
}
_POST_TERMS = {"day": _DAY, "week": 7 * _DAY, "month": 30 * _DAY}
_SORTS = ("recently_replied", "recently_created", "most_posts", "most_votes", "most_views")
_POSTS_A_PAGE = 20
_FILTERS = (
    ("", "[[unread:all-topics]]", "fa-book"),
    ("new", "[[unread:new-topics]]", "fa-clock-o"),
    ("watched", "[[unread:watched-topics]]", "fa-bell-o"),
    ("unreplied", "[[unread:unreplied-topics]]", "fa-reply"),
)


@route("GET", "/api/recent")
def recent(call: Call) -> Answer:
    """Topics by last post. Reaches back 200 topics; categories that the account ignores are missing."""
    if "term" in call.query and call.asked("term") not in _TERMS:
        return not_found(call)
    cids = [number(cid) for cid in _listed(call.query.get("cid"))]
    matching = [t for t in _candidates(call, cids) if _shown(call, t, cids)]
    size = threads_per_page(call)
    start = max(0, (call.page() - 1) * size)
    data = {
        "nextStart": start + size,
        "topicCount": len(matching),
        "topics": _rows(call, matching[start : start + size], start),
        "tids": [t.id for t in matching],
        "title": "[[pages:recent]]",
        "topic_count": len(matching),
        "pagination": pagination(call.page(), page_count(len(matching), size), call.query),
        "rssFeedUrl": "/recent.rss",
        "reputation:disabled": 0,
        **_chosen_terms(call),
        **_around(call, "recent", cids),
    }
    return page(call, "recent", data, "[[recent:title]]")


@route("GET", "/api/recent/posts")
@route("GET", "/api/recent/posts/:term")
def recent_posts(call: Call) -> Answer:
    """The newest posts. Page N gives N x 20 posts from offset (N-1) x 20: pages overlap, as on the platform.

    Ignored categories are not left out here (observed on a NodeBB 4.15.1; `/api/recent` leaves them out).
    """
    state, term = call.state, _POST_TERMS.get(call.params.get("term", ""))
    start = max(0, (call.page() - 1) * _POSTS_A_PAGE)
    stop = start + _POSTS_A_PAGE - 1
    since = state.clock.now() - term if term else 0
    idents = state.tables.recent_posts.newest_since(since, start, stop + 1)
    shown = []
    for ident in idents:
        post = state.post(ident)
        thread = state.thread(post.thread)
        hidden = post.hidden or thread.hidden
        right = "posts:view_deleted" if hidden else "topics:read"
        if rights.may(state, call.uid, thread.forum, right):
            shown.append(show_posts.summary(state, post, call.uid, call.base_url))
    return bare(shown)


@route("GET", "/api/popular")
@route("GET", "/api/top")
def successful(call: Call) -> Answer:
    """Topics by number of posts or votes."""
    found = [t for t in call.state.tables.threads.values() if t.posts and _shown(call, t, [])]
    name, known = call.path.removeprefix("/api/"), call.state.tables.posts
    found.sort(key=lambda t: -len(t.posts) if name == "popular" else -known[t.posts[0]].up)
    size = threads_per_page(call)
    start = max(0, (call.page() - 1) * size)
    data = {
        "topics": _rows(call, found[start : start + size], start),
        "nextStart": start + size,
        "topicCount": len(found),
        "title": f"[[pages:{name}-alltime]]",
        "pagination": pagination(call.page(), page_count(len(found), size), call.query),
        "rssFeedUrl": f"/{name}.rss",
        **_chosen_terms(call),
        **_around(call, name, []),
    }
    return page(call, name, data, f"[[global:header.{name}]]")


@route("GET", "/api/world")
def world(call: Call) -> Answer:
    """What the community and others connected to it wrote lately."""
    newest = newest_posts(call)[:_POSTS_A_PAGE]
    shown = [show_posts.summary(call.state, post, call.uid, call.base_url) for post in newest]
    return page(call, "world", {"cid": -1, "posts": shown, "title": "[[pages:world]]"}, "[[pages:world]]")


@route("GET", "/api/unread/total")
def unread_total(call: Call) -> Answer:
    """A bare number."""
    return bare(len(following.unread(call.state, call.uid))) if call.logged_in else not_logged_in(call)


@route("GET", "/api/unread")
def unread(call: Call) -> Answer:
    """Unread topics of the calling account."""
    if not call.logged_in:
        return not_logged_in(call)
    idents = following.unread(call.state, call.uid)
    size = threads_per_page(call)
    start = max(0, (call.page() - 1) * size)
    pages = page_count(len(idents), size)
    found = [call.state.thread(ident) for ident in idents[start : start + size]]
    data = {
        "nextStart": start + size,
        "topics": _rows(call, found, start),
        "topicCount": len(idents),
        "topic_count": len(idents),
        "pageCount": pages,
        "title": "[[pages:unread]]",
        "pagination": pagination(call.page(), pages, call.query),
        "selectCategoryLabel": "[[unread:mark-as-read]]",
        "selectCategoryIcon": "fa-inbox",
        "showCategorySelectLabel": True,
        "reputation:disabled": 0,
        **_around(call, "unread", []),
    }
    return page(call, "unread", data, "[[unread:title]]")


@route("GET", "/api/category/:cid")
@route("GET", "/api/category/:cid/:slug")
@route("GET", "/api/category/:cid/:slug/:index")
def category(call: Call) -> Answer:
    """One category with a page of topics, pinned first; where it leads to, if it is but a link. An unknown order is a
    500.
    """
    state = call.state
    forum = state.tables.forums.get(call.id_of("cid"))
    if forum is None:
        return not_found(call)
    if not rights.may(state, call.uid, forum.id, "read"):
        return forbidden(call)
    if forum.link:
        return redirect(call, forum.link)
    sort = call.asked("sort") or _SORTS[0]
    if sort not in _SORTS:
        return broken(call, "Cannot read properties of undefined (reading 'replace')")
    size = threads_per_page(call)
    start = max(0, (call.page() - 1) * size)
    data = show_forums.full(state, forum) | show_forums.watch(state, forum.id, call.uid)
    rules = rights.rules(state, call.uid, forum.id)
    data |= {
        "url": f"/category/{call.params['cid']}",
        "children": children_of(call, forum),
        "topics": _rows(call, _in_category(call, forum, sort)[start : start + size], start),
        "nextStart": start + size,
        "hasFollowers": None,
        "unread": False,
        "unread-class": "",
        "title": forum.name,
        "selectCategoryLabel": "[[category:subcategories]]",
        "privileges": show_forums.privileges(state, forum.id, call.uid),
        "showSelect": rules,
        "showTopicTools": rules,
        "topicIndex": 0,
        "selectedTag": None,
        "selectedTags": [],
        "sortOption": sort,
        "sortOptionLabel": f"[[topic:{sort.replace('_', '-')}]]",
        "rssFeedUrl": f"{call.base_url}/category/{forum.id}.rss",
        "feeds:disableRSS": 0,
        "reputation:disabled": 0,
        "pagination": pagination(call.page(), page_count(len(forum.created), size), call.query),
        "handleFull": f"{forum.handle}@{call.base_url.partition('//')[2]}",
    }
    return page(call, "category", data, forum.name)


@route("GET", "/api/v3/categories/:cid/topics")
def category_topics(call: Call) -> Answer:
    """The same topics, from an offset `after`."""
    state, forum = call.state, call.forum()
    rights.demand(rights.may(state, call.uid, forum.id, "read"))
    start, size = max(0, number(call.asked("after"))), threads_per_page(call)
    sort = call.asked("sort") if call.asked("sort") in _SORTS else _SORTS[0]
    rows = _rows(call, _in_category(call, forum, sort)[start : start + size], start)
    privileges = show_forums.privileges(state, forum.id, call.uid)
    return ok({"topics": rows, "nextStart": start + size, "privileges": privileges})


@route("GET", "/api/tags")
def tags(call: Call) -> Answer:
    """All tags of readable topics with their counts."""
    counts: dict[str, int] = {}
    for thread in call.state.tables.threads.values():
        if thread.tags and rights.readable(call.state, call.uid, thread):
            for name in thread.tags:
                counts[name] = counts.get(name, 0) + 1
    shown = [show_threads.tag(name) | {"score": n} for name, n in sorted(counts.items(), key=lambda pair: -pair[1])]
    data = {"tags": shown, "displayTagSearch": True, "nextStart": 100, "title": "[[pages:tags]]"}
    return page(call, "tags", data, "[[tags:tags]]")


@route("GET", "/api/tags/:tag")
def tagged(call: Call) -> Answer:
    """Topics with a tag, as far as the caller may read them."""
    name = call.params["tag"]
    found = [t for t in call.state.tables.threads.values() if name in t.tags]
    matching = sorted((t for t in found if rights.readable(call.state, call.uid, t)), key=lambda t: -t.last_at)
    size = threads_per_page(call)
    start = max(0, (call.page() - 1) * size)
    data = {
        "topics": _rows(call, matching[start : start + size], start),
        "tag": name,
        "title": f"[[pages:tag, {name}]]",
        "isFollowing": False,
        "pagination": pagination(call.page(), page_count(len(matching), size), call.query),
        "rssFeedUrl": f"/tags/{name}.rss",
        **_around(call, f"tags/{name}", []),
    }
    return page(call, "tag", data, "[[tags:tags]]", name)


def threads_per_page(call: Call) -> int:
    """Topics a page: the account's setting, at most the community's."""
    most = call.state.settings.threads_per_page
    chosen = call.me.topics_per_page if call.logged_in else 0
    return min(chosen or most, most)


def rows(call: Call, found: list[Thread], start: int = 0) -> list[Json]:
    """Topics as rows of a list."""
    return _rows(call, found, start)


def _candidates(call: Call, cids: list[int]) -> list[Thread]:
    state, most = call.state, call.state.settings.recent_threads
    known = state.tables.threads
    term = _TERMS[call.asked("term") or "alltime"][1]
    if term:
        found = sorted(known.values(), key=lambda t: -t.at)
        since = state.clock.now() - term
        found = sorted((t for t in found if t.at >= since), key=lambda t: -t.last_at)
    elif cids:
        found = []
        for cid in cids:
            forum = state.tables.forums.get(cid)
            found += [known[i] for i in (*forum.pinned, *forum.recent.newest(0, most))] if forum else []
        found.sort(key=lambda t: -t.last_at)
    else:
        found = [known[i] for i in state.tables.recent_threads.newest(0, most)]
    return found[:most]


def _shown(call: Call, thread: Thread, cids: list[int]) -> bool:
    state, wanted = call.state, call.asked("filter")
    if not cids and following.ignores(state, call.uid, thread.forum):
        return False
    if thread.hidden and not rights.may(state, call.uid, thread.forum, "posts:view_deleted"):
        return False
    matches = {
        "new": thread.id not in state.tables.reads.get(call.uid, {}),
        "watched": call.uid in thread.followers,
        "unreplied": len(thread.posts) <= 1,
    }.get(wanted, call.uid not in thread.ignorers)
    return matches and rights.may(state, call.uid, thread.forum, "topics:read")


def _rows(call: Call, found: list[Thread], start: int) -> list[Json]:
    return [show_threads.in_list(call.state, t, call.uid, start + place) for place, t in enumerate(found)]


def _in_category(call: Call, forum: Forum, sort: str) -> list[Thread]:
    state = call.state
    threads.end_old_pins(state, forum.id)
    known = state.tables.threads
    pinned = [known[ident] for ident in forum.pinned]
    if sort == "recently_replied":
        return pinned + [known[ident] for ident in forum.recent.newest()]
    rest = [known[ident] for ident in forum.created.newest() if not known[ident].pinned]
    if sort == "most_posts":
        rest.sort(key=lambda t: -len(t.posts))
    elif sort == "most_views":
        rest.sort(key=lambda t: -t.views)
    elif sort == "most_votes":
        rest.sort(key=lambda t: -state.tables.posts[t.posts[0]].up)
    return pinned + rest


def _around(call: Call, base: str, cids: list[int]) -> Json:
    state = call.state
    privileged = rights.is_privileged(state, call.uid)
    selected_cids, selected = show_forums.selected(state, cids, call.uid)
    url = f"{base}?lang={language(call)}"
    wanted = call.asked("filter")
    filters = [
        {
            "name": name,
            "url": url + (f"&filter={key}" if key else ""),
            "selected": key == wanted,
            "filter": key,
            "icon": icon,
        }
        for key, name, icon in _FILTERS
    ]
    return {
        "canPost": call.logged_in,
        "showSelect": privileged,
        "showTopicTools": privileged,
        "allCategoriesUrl": url,
        "selectedCategory": selected,
        "selectedCids": selected_cids,
        "selectedTag": None,
        "selectedTags": [],
        "feeds:disableRSS": 0,
        "filters": filters,
        "selectedFilter": next((one for one in filters if one["selected"]), filters[0]),
    }


def _chosen_terms(call: Call) -> Json:
    asked = call.asked("term") or "alltime"
    url = f"recent?lang={language(call)}"
    terms = [
        {"name": f"[[recent:{term}]]", "url": f"{url}&term={key}", "selected": key == asked, "term": term}
        for key, (term, _) in reversed(_TERMS.items())
    ]
    return {"terms": terms, "selectedTerm": next(term for term in terms if term["selected"])}


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
