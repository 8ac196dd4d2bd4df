"""Pages as people get them (NodeBB 4.15.1, observed): drawn on the server, with the data of the page beneath."""

import html
import json

from sync.sandbox.nodebb import federation, markup
from sync.sandbox.nodebb.answers import Answer, body_class, not_found, plain, sent_to
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.feeds import feed, shown
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import number
from sync.sandbox.state import rights
from sync.sandbox.state.records import Thread

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
    """A forum's threads, or its feed; to another server what the category says."""
    if call.params.get("slug") == "outbox" and federation.is_asked(call):
        return federation.outbox(call)
    ident, is_feed = _ident(call, "cid")
    forum = call.state.tables.forums.get(ident)
    if forum is None:
        return not_found(call)
    if not rights.may(call.state, call.uid, forum.id, "topics:read"):
        return _closed(call)
    found = _readable(call, [call.state.tables.threads[i] for i in forum.recent.newest(0, 20)])
    if is_feed:
        posts = [call.state.post(t.posts[0]) for t in found if t.posts]
        return feed(call, forum.name, [post for post in posts if shown(call, post)])
    return _page(call, forum.name, _links(found))


@route("GET", "/topic/:tid")
@route("GET", "/topic/:tid/:slug")
@route("GET", "/topic/:tid/:slug/:index")
def topic(call: Call) -> Answer:
    """A thread's posts, or its feed. An address without the slug leads to the full one."""
    if federation.is_asked(call):
        return federation.topic(call)
    ident, is_feed = _ident(call, "tid")
    thread = call.state.tables.threads.get(ident)
    if thread is None:
        return not_found(call)
    if not rights.readable(call.state, call.uid, thread):
        return _closed(call)
    visible = [p for p in (call.state.post(i) for i in thread.posts) if shown(call, p)]
    if is_feed:
        return feed(call, thread.title, visible)
    if "slug" not in call.params:
        return _moved(f"/topic/{thread.slug}/1")
    first = markup.plain(visible[0].text) if visible else ""
    return _page(call, thread.title, "".join(f"<article>{markup.render(p.text)}</article>" for p in visible), first)


@route("GET", "/post/:pid")
def post(call: Call) -> Answer:
    """Where a post stands; to another server the post itself."""
    if federation.is_asked(call):
        return federation.note(call)
    found = call.state.tables.posts.get(call.id_of("pid"))
    if found is None:
        return not_found(call)
    thread = call.state.thread(found.thread)
    if not rights.may(call.state, call.uid, thread.forum, "topics:read"):
        return _closed(call)
    return _moved(f"/topic/{thread.slug}/{thread.posts.index(found.id) + 1}")


@route("GET", "/post/:pid/replies")
def replies(call: Call) -> Answer:
    """For other servers only."""
    return federation.replies(call) if federation.is_asked(call) else not_found(call)


@route("GET", "/uid/:uid/outbox")
def outbox(call: Call) -> Answer:
    """For other servers only."""
    return federation.outbox(call) if federation.is_asked(call) else not_found(call)


@route("GET", "/sitemap.xml")
def sitemap(call: Call) -> Answer:
    """The chapters of the site map."""
    return _xml(f"<sitemapindex><sitemap><loc>{call.base_url}/sitemap/topics.1.xml</loc></sitemap></sitemapindex>")


@route("GET", "/sitemap/topics.1.xml")
def sitemap_topics(call: Call) -> Answer:
    """Addresses of threads that visitors may read, with their titles in them."""
    found = [t for t in call.state.tables.threads.values() if not t.hidden and rights.readable(call.state, call.uid, t)]
    return _xml(f"<urlset>{''.join(f'<url><loc>{call.base_url}/topic/{t.slug}</loc></url>' for t in found)}</urlset>")


def _moved(path: str) -> Answer:
    answer = plain(308, f"Permanent Redirect. Redirecting to {path}")
    answer.headers["Location"] = path.encode().decode("latin-1")
    return answer


def _xml(body: str) -> Answer:
    return plain(200, f'<?xml version="1.0" encoding="UTF-8"?>{body}', "application/xml; charset=utf-8")


def _ident(call: Call, name: str) -> tuple[int, bool]:
    value = call.params[name]
    return number(value.removesuffix(".rss")), value.endswith(".rss")


def _closed(call: Call) -> Answer:
    if call.logged_in:
        return _page(call, "403", "<p>You do not have enough privileges for this action.</p>", status=403)
    return sent_to(call, "/login")


def _readable(call: Call, threads: list[Thread]) -> list[Thread]:
    return [t for t in threads if not t.hidden and rights.readable(call.state, call.uid, t)]


def _links(threads: list[Thread]) -> str:
    rows = "".join(f'<li><a href="/topic/{t.slug}">{html.escape(t.title)}</a></li>' for t in threads)
    return f"<ul>{rows}</ul>"


def _page(call: Call, title: str, body: str, about: str = "", status: int = 200) -> Answer:
    name = html.escape(call.state.settings.title)
    head = (
        f'<meta charset="utf-8"><title>{html.escape(title)} | {name}</title>'
        f'<meta property="og:description" content="{html.escape(html.unescape(about)[:255])}">'
    )
    data = json.dumps({"title": title, "url": call.path}, ensure_ascii=False).replace("</", "<\\/")
    return plain(
        status,
        f'<!DOCTYPE html><html><head>{head}</head><body class="{body_class(call, status)}">'
        f"<h1>{html.escape(title)}</h1>{body}"
        f'<script id="ajaxify-data" type="application/json">{data}</script></body></html>',
        _HTML,
    )
