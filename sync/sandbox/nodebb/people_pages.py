"""What people and feed readers see without an API: small HTML pages, RSS feeds, uploaded files, search
(NodeBB 4.15.1, observed: API.md sections 11 and 12). A proof that something is private has to look here too.
"""

import html
from email.utils import formatdate

from sync.sandbox.nodebb import markup, show_posts
from sync.sandbox.nodebb.answers import Answer, not_found, not_logged_in, plain, sent_to
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.page import page
from sync.sandbox.nodebb.paging import page_count, pagination
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json, number
from sync.sandbox.pictures import picture
from sync.sandbox.state import rights
from sync.sandbox.state.records import Post, Thread

_HTML = "text/html; charset=utf-8"


@route("GET", "/")
def home(call: Call) -> Answer:
    """The list of forums."""
    forums = [f for f in call.state.tables.forums.values() if rights.may(call.state, call.uid, f.id, "find")]
    links = "".join(f'<li><a href="/category/{f.slug}">{html.escape(f.name)}</a></li>' for f in forums)
    return _page(call, call.state.settings.title, f"<ul>{links}</ul>")


@route("GET", "/category/:cid")
@route("GET", "/category/:cid/:slug")
def category(call: Call) -> Answer:
    """A forum's threads, or its feed."""
    ident, feed = _ident(call, "cid")
    forum = call.state.tables.forums.get(ident)
    if forum is None:
        return not_found(call)
    if not rights.may(call.state, call.uid, forum.id, "topics:read"):
        return _closed(call)
    found = _readable(call, [call.state.tables.threads[i] for i in forum.recent.newest(0, 20)])
    if feed:
        return _feed(call, forum.name, [call.state.post(t.posts[0]) for t in found])
    return _page(call, forum.name, _links(found))


@route("GET", "/topic/:tid")
@route("GET", "/topic/:tid/:slug")
@route("GET", "/topic/:tid/:slug/:index")
def topic(call: Call) -> Answer:
    """A thread's posts, or its feed. An address without the slug leads to the full one."""
    ident, feed = _ident(call, "tid")
    thread = call.state.tables.threads.get(ident)
    if thread is None:
        return not_found(call)
    if not rights.readable(call.state, call.uid, thread):
        return _closed(call)
    visible = [p for p in (call.state.post(i) for i in thread.posts) if not p.hidden]
    if feed:
        return _feed(call, thread.title, visible)
    if "slug" not in call.params:
        answer = plain(308, f"Permanent Redirect. Redirecting to /topic/{thread.slug}/1")
        answer.headers["Location"] = f"/topic/{thread.slug}/1".encode().decode("latin-1")
        return answer
    return _page(call, thread.title, "".join(f"<article>{markup.render(p.text)}</article>" for p in visible))


@route("GET", "/recent.rss")
@route("GET", "/recentposts.rss")
def recent_feed(call: Call) -> Answer:
    """The feed of everything new that a guest may read."""
    newest = [call.state.post(i) for i in call.state.tables.recent_posts.newest(0, 60)]
    visible = [p for p in newest if not p.hidden and rights.readable(call.state, call.uid, call.state.thread(p.thread))]
    return _feed(call, "Recent", visible[:20])


@route("GET", "/api/search")
def search(call: Call) -> Answer:
    """Posts that contain all words; guests are not allowed to search."""
    if not call.logged_in:
        return not_logged_in(call)
    words = call.asked("term").lower().split()
    found = [p for p in call.state.tables.posts.values() if words and _matches(call, p, words)]
    found.sort(key=lambda p: -p.at)
    start = (call.page() - 1) * 10
    pages = page_count(len(found), 10)
    data = {
        "posts": [_found(call, post) for post in found[start : start + 10]],
        "matchCount": len(found),
        "pageCount": pages,
        "time": "0.01",
        "pagination": pagination(call.page(), pages, call.query),
        "multiplePages": pages > 1,
        "search_query": html.escape(call.asked("term")),
        "term": call.asked("term"),
        "searchDefaultSortBy": "relevance",
        "searchDefaultIn": "titlesposts",
        "showAsPosts": True,
        "showAsTopics": False,
        "title": "[[global:header.search]]",
    }
    return page(call, "search", data, "[[search:search]]")


@route("GET", "/assets/uploads/files/:folder/:name")
def upload(call: Call) -> Answer:
    """An uploaded picture. Uploads stay public whatever happens to their post."""
    answer = plain(200, "", "image/png")
    answer.body = picture(call.params["name"])
    return answer


def _ident(call: Call, name: str) -> tuple[int, bool]:
    value = call.params[name]
    return number(value.removesuffix(".rss")), value.endswith(".rss")


def _closed(call: Call) -> Answer:
    if call.logged_in:
        return _page(call, "403", "<p>You do not have enough privileges for this action.</p>", 403)
    return sent_to(call, "/login")


def _readable(call: Call, threads: list[Thread]) -> list[Thread]:
    return [t for t in threads if not t.hidden and rights.readable(call.state, call.uid, t)]


def _links(threads: list[Thread]) -> str:
    rows = "".join(f'<li><a href="/topic/{t.slug}">{html.escape(t.title)}</a></li>' for t in threads)
    return f"<ul>{rows}</ul>"


def _matches(call: Call, post: Post, words: list[str]) -> bool:
    thread = call.state.thread(post.thread)
    text = f"{thread.title} {post.text}".lower() if thread.posts[0] == post.id else post.text.lower()
    return not post.hidden and all(w in text for w in words) and rights.readable(call.state, call.uid, thread)


def _found(call: Call, post: Post) -> Json:
    return show_posts.summary(call.state, post, call.uid, call.base_url) | {"attachments": []}


def _page(call: Call, title: str, body: str, status: int = 200) -> Answer:
    name = html.escape(call.state.settings.title)
    head = f'<meta charset="utf-8"><title>{html.escape(title)} | {name}</title>'
    return plain(
        status,
        f"<!doctype html><html><head>{head}</head><body><h1>{html.escape(title)}</h1>{body}</body></html>",
        _HTML,
    )


def _feed(call: Call, title: str, posts: list[Post]) -> Answer:
    entries = "".join(
        f"<item><title>{html.escape(call.state.thread(p.thread).title)}</title>"
        f"<description>{html.escape(markup.render(p.text))}</description>"
        f"<link>{call.base_url}/post/{p.id}</link><pubDate>{formatdate(p.at / 1000, usegmt=True)}</pubDate></item>"
        for p in posts
    )
    channel = f"<channel><title>{html.escape(title)}</title><link>{call.base_url}</link>{entries}</channel>"
    body = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0">{channel}</rss>'
    return plain(200, body, "application/xml; charset=utf-8")
