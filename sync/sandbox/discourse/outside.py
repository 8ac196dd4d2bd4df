"""What people, feed readers and search engines see beside the lists: feeds, drawn pages, what members wrote."""

import html
import json
from collections.abc import Iterable
from email.utils import formatdate

from sync.sandbox.discourse import access, categories, show_posts, stream, topic_lists
from sync.sandbox.discourse.access import post_of, thread_of
from sync.sandbox.discourse.answers import Answer, Problem, Sent, ok, page, plain, redirect
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.markup import excerpt, render
from sync.sandbox.discourse.routes import Route, route
from sync.sandbox.discourse.user_pages import member_of
from sync.sandbox.state.records import Post, Thread

_MOST = 25


@route("GET", "/posts/#id/cooked", "posts/cooked")
def cooked(call: Call) -> Answer:
    """A post as it is rendered."""
    return ok({"cooked": render(post_of(call).text)})


@route("GET", "/posts/#id/reply-history", "posts/reply_history")
def reply_history(call: Call) -> Answer:
    """The posts that a post answers, the first of them first."""
    one, before = post_of(call), list[Post]()
    while (parent := call.state.tables.posts.get(one.reply_to)) is not None:
        before.insert(0, parent)
        one = parent
    shown = [p for p in before if not access.is_deleted(call.state, p)]
    return ok([show_posts.alone(call.state, call.uid, p) for p in shown])


@route("GET", "/t/#id/wordpress", "topics/wordpress")
def best_posts(call: Call) -> Answer:
    """Posts of a topic for a page elsewhere."""
    thread = thread_of(call)
    posts = stream.regular(call.state, stream.visible(call.state, call.uid, thread))[: call.whole("best") or 5]
    shown = [show_posts.post(call.state, call.uid, one) for one in posts]
    return ok({"id": thread.id, "title": thread.title, "posts": shown})


@route("GET", "/top", "list/top")
def top(call: Call) -> Answer:
    """Topics by likes and posts."""
    known = call.state.tables.posts
    found = [t for t in call.state.tables.threads.values() if t.posts]
    found.sort(key=lambda t: (-known[t.posts[0]].up, -len(t.posts)))
    return topic_lists.answer(call, found, "/top")


@route("GET", "/tag/:tag", "tags/show", text=True)
def tagged(call: Call) -> Answer:
    """Topics with a tag, or their feed."""
    tag, dot, _ = call.params["tag"].partition(".rss")
    found = [t for t in call.state.tables.threads.values() if tag in t.tags]
    if dot:
        return _feed(call, tag, _openings(call, found))
    return topic_lists.answer(call, found, f"/tag/{tag}") if call.as_json else page(tag)


@route("GET", "/topics/created-by/:name", "list/topics_by")
def opened_by(call: Call) -> Answer:
    """Topics of a member."""
    member = member_of(call)
    found = [t for t in call.state.tables.threads.values() if t.author == member.id]
    return topic_lists.answer(call, found, f"/topics/created-by/{member.name}")


@route("GET", "/u/:name/summary", "users/summary")
def summary(call: Call) -> Answer:
    """A member's best topics and replies."""
    member, state = member_of(call), call.state
    threads = [t for t in state.tables.threads.values() if t.author == member.id and _is_public(call, t)]
    topics = [{"id": t.id, "title": t.title, "slug": show_posts.slug(t)} for t in threads]
    posts = [p for p in state.tables.posts.values() if p.author == member.id and _shown(call, p)]
    rows = [
        {"post_number": stream.number_of(state, p), "topic_id": p.thread, "excerpt": excerpt(p.text)} for p in posts
    ]
    return ok({"topics": topics, "user_summary": {"topic_ids": [t["id"] for t in topics], "replies": rows}})


@route("GET", "/t/#id.rss", "topics/feed", text=True)
def topic_feed(call: Call) -> Answer:
    """A topic's posts as a feed."""
    thread = thread_of(call)
    posts = stream.regular(call.state, stream.visible(call.state, call.uid, thread))
    return _feed(call, thread.title, [one for one in posts if _shown(call, one)])


@route("GET", "/c/#id.rss", "list/category_feed", text=True)
def category_feed(call: Call) -> Answer:
    """Topics of a category as a feed."""
    forum = categories.forum_of(call)
    found = [t for t in call.state.tables.threads.values() if t.forum == forum.id]
    return _feed(call, forum.name, _openings(call, found))


@route("GET", "/latest.rss", "list/latest_feed", text=True)
@route("GET", "/top.rss", "list/top_feed", text=True)
def topics_feed(call: Call) -> Answer:
    """Topics as a feed."""
    return _feed(call, call.state.settings.title, _openings(call, call.state.tables.threads.values()))


@route("GET", "/posts.rss", "posts/latest_feed", text=True)
def posts_feed(call: Call) -> Answer:
    """Posts as a feed."""
    return _feed(call, call.state.settings.title, _newest(call, call.state.tables.posts.values()))


@route("GET", "/u/:name/activity.rss", "posts/user_posts_feed", text=True)
def member_feed(call: Call) -> Answer:
    """What a member wrote as a feed."""
    member = member_of(call)
    own = [post for post in call.state.tables.posts.values() if post.author == member.id]
    return _feed(call, member.name, _newest(call, own))


@route("GET", "/sitemap_recent.xml", "sitemap/recent", text=True)
def sitemap(call: Call) -> Answer:
    """Addresses of topics with their titles in them."""
    found = [t for t in call.state.tables.threads.values() if _is_public(call, t)]
    rows = "".join(f"<url><loc>{call.base_url}/t/{show_posts.slug(t)}/{t.id}</loc></url>" for t in found)
    return plain(200, f'<?xml version="1.0" encoding="UTF-8"?><urlset>{rows}</urlset>', "text/xml; charset=utf-8")


def drawn(call: Call, found: Route) -> Answer:
    """A page for people, with the data of the topic that it shows beneath."""
    if found.name != "topics/show":
        return page(call.state.settings.title, '<div id="main-outlet"></div>')
    try:
        thread = thread_of(call)
    except (Sent, Problem) as trouble:
        status = trouble.answer.status if isinstance(trouble, Sent) else trouble.status
        return page("Not found", status=status)
    if len(found.pattern) == 2:
        return redirect(call, f"/t/{show_posts.slug(thread)}/{thread.id}")
    told = json.loads(found.handler(call).body)
    data = html.escape(json.dumps({f"topic_{thread.id}": json.dumps(told, ensure_ascii=False)}, ensure_ascii=False))
    return page(html.escape(thread.title), f'<div class="hidden" id="data-preloaded" data-preloaded="{data}"></div>')


def _is_public(call: Call, thread: Thread) -> bool:
    private = extras(call.state).is_private(thread.id)
    return not private and not thread.hidden and access.sees_thread(call.state, call.uid, thread)


def _shown(call: Call, post: Post) -> bool:
    return not post.hidden and _is_public(call, call.state.thread(post.thread))


def _openings(call: Call, threads: Iterable[Thread]) -> list[Post]:
    newest = sorted((t for t in threads if t.posts and _is_public(call, t)), key=lambda t: -t.last_at)
    return [post for t in newest for post in [call.state.post(t.posts[0])] if not post.hidden][:_MOST]


def _newest(call: Call, posts: Iterable[Post]) -> list[Post]:
    return sorted((p for p in posts if _shown(call, p)), key=lambda p: -p.at)[:_MOST]


def _feed(call: Call, title: str, posts: list[Post]) -> Answer:
    entries = "".join(
        f"<item><title>{html.escape(call.state.thread(p.thread).title)}</title>"
        f"<description><![CDATA[{render(p.text)}]]></description>"
        f"<link>{call.base_url}/t/{p.thread}</link><pubDate>{formatdate(p.at / 1000, usegmt=True)}</pubDate></item>"
        for p in posts
    )
    channel = f"<channel><title>{html.escape(title)}</title><link>{call.base_url}</link>{entries}</channel>"
    body = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0">{channel}</rss>'
    return plain(200, body, "application/rss+xml; charset=utf-8")
