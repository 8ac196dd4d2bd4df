"""The page of one topic with its posts (NodeBB 4.15.1, observed: API.md sections 4, 5, 8)."""

from sync.sandbox.nodebb import show_forums, show_members, show_posts, show_threads
from sync.sandbox.nodebb.answers import Answer, bare, broken, forbidden, not_found, redirect
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.page import page
from sync.sandbox.nodebb.paging import page_count, pagination
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json, number
from sync.sandbox.state import rights, threads
from sync.sandbox.state.records import Thread

SORTS = ("oldest_to_newest", "newest_to_oldest", "most_votes")


@route("GET", "/api/topic/teaser/:tid")
def teaser(call: Call) -> Answer:
    """The newest visible post of a topic."""
    thread = call.state.tables.threads.get(call.id_of("tid"))
    if thread is None or not rights.may(call.state, call.uid, thread.forum, "topics:read"):
        return bare("[[error:no-privileges]]", 403)
    post = show_threads.newest_visible(call.state, thread)
    if post is None:
        return bare("not-found", 404)
    return bare(show_posts.summary(call.state, post, call.uid, call.base_url))


@route("GET", "/api/topic/pagination/:tid")
def topic_pagination(call: Call) -> Answer:
    """How many pages a topic has."""
    thread = call.state.tables.threads.get(call.id_of("tid"))
    if thread is None:
        return not_found(call)
    if not rights.readable(call.state, call.uid, thread):
        return forbidden(call)
    return bare({"pagination": pagination(call.page(), page_count(len(thread.posts), per_page(call)))})


@route("GET", "/api/topic/:tid")
@route("GET", "/api/topic/:tid/:slug")
@route("GET", "/api/topic/:tid/:slug/:index")
def topic(call: Call) -> Answer:
    """Topic and a page of posts. Reading counts a view, so the answer never repeats its ETag."""
    state = call.state
    thread = state.tables.threads.get(call.id_of("tid"))
    if thread is None or state.tables.forums[thread.forum].disabled:
        return not_found(call)
    if not rights.readable(state, call.uid, thread):
        return forbidden(call)
    sort = call.asked("sort") or SORTS[0]
    if sort not in SORTS:
        return broken(call, "Cannot read properties of undefined (reading 'replace')")
    thread.views += 1
    threads.mark_read(state, call.uid, thread)
    return page(call, "topic", _data(call, thread, sort))


@route("GET", "/api/post/:pid")
def post(call: Call) -> Answer:
    """Where a post is shown; 200 with the path instead of a redirect."""
    found = call.state.tables.posts.get(call.id_of("pid"))
    if found is None:
        return not_found(call)
    thread = call.state.thread(found.thread)
    if not rights.may(call.state, call.uid, thread.forum, "topics:read"):
        return forbidden(call)
    return redirect(call, f"/topic/{thread.slug}/{thread.posts.index(found.id) + 1}")


def per_page(call: Call) -> int:
    """Posts a page: the account's setting, at most the community's."""
    most = call.state.settings.posts_per_page
    chosen = call.me.posts_per_page if call.logged_in else 0
    return min(chosen or most, most)


def _data(call: Call, thread: Thread, sort: str) -> Json:
    state = call.state
    count = page_count(len(thread.posts), per_page(call))
    current = call.page() if "page" in call.query else 1 + (_index(call) - 1) // per_page(call)
    data = show_threads.base(state, thread) | {
        "posts": _posts(call, thread, sort, current),
        "category": show_forums.full(state, state.forum(thread.forum)),
        "tagWhitelist": [],
        "minTags": 0,
        "maxTags": state.settings.most_tags,
        "isFollowing": call.uid in thread.followers,
        "isNotFollowing": call.uid not in thread.followers | thread.ignorers,
        "isIgnoring": call.uid in thread.ignorers,
        "bookmark": None,
        "deleter": show_members.brief(state, thread.hidden_by) if thread.hidden else None,
        "merger": None,
        "forker": None,
        "related": [],
        "unreplied": len(thread.posts) <= 1,
        "icons": [],
        "thread_tools": [],
        "postSharing": [],
        "privileges": show_threads.privileges(state, thread, call.uid),
        "sortOption": sort,
        "sortOptionLabel": f"[[topic:{sort.replace('_', '-')}]]",
        "rssFeedUrl": f"/topic/{thread.id}.rss",
        "postIndex": max(1, _index(call)),
        "author": _author(call, thread),
        "crossposts": [],
        "pagination": pagination(current, count, call.query),
        "breadcrumbs": _breadcrumbs(call, thread),
        **_site_settings(),
    }
    if thread.old_forum in state.tables.forums and rights.rules(state, call.uid, thread.forum):
        data["oldCategory"] = _old_category(call, thread)
    return data


def _posts(call: Call, thread: Thread, sort: str, current: int) -> list[Json]:
    """The opening post comes first on page 1 whatever the order; events hang on the post before them."""
    state, size = call.state, per_page(call)
    first, rest = thread.posts[:1], thread.posts[1:]
    if sort == "newest_to_oldest":
        rest = rest[::-1]
    elif sort == "most_votes":
        rest = sorted(rest, key=lambda ident: -(state.post(ident).up - state.post(ident).down))
    start = max(0, (current - 1) * size)
    chosen = list(enumerate(first + rest))[start : start + size]
    shown = [show_posts.in_topic(state, state.post(ident), thread, call.uid, index) for index, ident in chosen]
    _hang_events(call, thread, shown, sort)
    return shown


def _hang_events(call: Call, thread: Thread, shown: list[Json], sort: str) -> None:
    if sort != SORTS[0] or not shown:
        return
    for entry in show_threads.events(call.state, thread, call.uid):
        before = [one for one in shown if one["timestamp"] <= entry["timestamp"]]
        if before:
            before[-1]["events"].append(entry)


def _index(call: Call) -> int:
    return number(call.params.get("index")) or 1


def _author(call: Call, thread: Thread) -> Json:
    shown = show_members.brief(call.state, thread.author)
    return {key: shown[key] for key in ("username", "userslug", "uid", "displayname", "isLocal")}


def _old_category(call: Call, thread: Thread) -> Json:
    forum = call.state.forum(thread.old_forum)
    colours = {"icon": forum.icon, "bgColor": forum.colour, "color": "#ffffff"}
    return {"cid": forum.id, "name": forum.name, **colours, "slug": forum.slug}


def _breadcrumbs(call: Call, thread: Thread) -> list[Json]:
    forum = call.state.forum(thread.forum)
    place = {"text": forum.name, "url": f"{call.base_url}/category/{forum.slug}", "cid": forum.id}
    return [{"text": "[[global:home]]", "url": call.base_url}, place, {"text": thread.title}]


def _site_settings() -> Json:
    return {
        "topicStaleDays": 60,
        "reputation:disabled": 0,
        "downvote:disabled": 0,
        "upvoteVisibility": "all",
        "downvoteVisibility": "privileged",
        "feeds:disableRSS": 0,
        "signatures:hideDuplicates": 0,
        "bookmarkThreshold": 5,
        "necroThreshold": 7,
        "postEditDuration": 0,
        "postDeleteDuration": 0,
        "scrollToMyPost": True,
        "updateUrlWithPostIndex": True,
        "allowMultipleBadges": True,
        "privateUploads": False,
        "showPostPreviewsOnHover": True,
    }
