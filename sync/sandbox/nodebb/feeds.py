"""Feeds (NodeBB 4.15.1, observed). Feeds of topics tell titles and opening posts, feeds of posts the posts."""

import html
from collections.abc import Iterable
from email.utils import formatdate

from sync.sandbox.nodebb import markup
from sync.sandbox.nodebb.answers import Answer, not_found, plain, sent_to
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.routes import route
from sync.sandbox.state import rights
from sync.sandbox.state.records import Post, Thread

_MOST = 20


@route("GET", "/recentposts.rss")
def recent_posts(call: Call) -> Answer:
    """The newest posts that the caller may read."""
    return feed(call, "Recent Posts", newest_posts(call))


@route("GET", "/recent.rss")
@route("GET", "/topics.rss")
@route("GET", "/popular.rss")
@route("GET", "/top.rss")
def topics(call: Call) -> Answer:
    """Topics by last or first post, or by their success."""
    return feed(call, "Topics", opening_posts(call, call.state.tables.threads.values()))


@route("GET", "/category/:cid/recentposts.rss")
def posts_of_category(call: Call) -> Answer:
    """The newest posts of a category."""
    forum = call.state.tables.forums.get(call.id_of("cid"))
    if forum is None:
        return not_found(call)
    if not rights.may(call.state, call.uid, forum.id, "topics:read"):
        return sent_to(call, "/login")
    return feed(call, forum.name, [p for p in newest_posts(call, 200) if call.state.forum_of_post(p) == forum.id])


@route("GET", "/user/:slug/topics.rss")
def topics_of_member(call: Call) -> Answer:
    """Topics of a member."""
    uid = call.state.tables.slugs.get(call.params["slug"])
    if uid is None:
        return not_found(call)
    found = [t for t in call.state.tables.threads.values() if t.author == uid]
    return feed(call, f"Topics by {call.params['slug']}", opening_posts(call, found))


@route("GET", "/tags/:feed")
def topics_of_tag(call: Call) -> Answer:
    """Topics with a tag; the page of people is not served here."""
    tag, dot, _ = call.params["feed"].partition(".rss")
    if not dot:
        return not_found(call)
    found = [t for t in call.state.tables.threads.values() if tag in t.tags]
    return feed(call, tag, opening_posts(call, found))


def newest_posts(call: Call, most: int = 60) -> list[Post]:
    """The newest posts that the caller may read; feeds leave hidden ones out for everybody but moderators."""
    newest = [call.state.post(ident) for ident in call.state.tables.recent_posts.newest(0, most)]
    return [post for post in newest if shown(call, post)]


def shown(call: Call, post: Post) -> bool:
    """Whether the caller sees the text of a post where hidden ones are left out."""
    if not rights.readable(call.state, call.uid, call.state.thread(post.thread)):
        return False
    return not post.hidden or rights.rules(call.state, call.uid, call.state.forum_of_post(post))


def opening_posts(call: Call, threads: Iterable[Thread]) -> list[Post]:
    """Opening posts of the newest of these threads."""
    readable = [t for t in threads if t.posts and rights.readable(call.state, call.uid, t)]
    newest = sorted(readable, key=lambda t: -t.last_at)
    return [post for t in newest for post in [call.state.post(t.posts[0])] if shown(call, post)][:_MOST]


def feed(call: Call, title: str, posts: list[Post]) -> Answer:
    """Posts as a feed."""
    entries = "".join(
        f"<item><title>{html.escape(call.state.thread(p.thread).title)}</title>"
        f"<description>{html.escape(markup.render(p.text))}</description>"
        f"<link>{call.base_url}/post/{p.id}</link><pubDate>{formatdate(p.at / 1000, usegmt=True)}</pubDate></item>"
        for p in posts[:_MOST]
    )
    channel = f"<channel><title>{html.escape(title)}</title><link>{call.base_url}</link>{entries}</channel>"
    body = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0">{channel}</rss>'
    return plain(200, body, "application/xml; charset=utf-8")
