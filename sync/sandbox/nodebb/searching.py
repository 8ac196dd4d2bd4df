"""Search (NodeBB 4.15.1, observed): closed to guests unless the community opens it."""

import html

from sync.sandbox.nodebb import show_posts
from sync.sandbox.nodebb.answers import Answer, not_logged_in
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.feeds import shown
from sync.sandbox.nodebb.page import page
from sync.sandbox.nodebb.paging import page_count, pagination
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json
from sync.sandbox.state.records import Post


@route("GET", "/api/search")
def search(call: Call) -> Answer:
    """Posts that contain all words."""
    if not call.logged_in and not call.state.settings.guests_search:
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


def _matches(call: Call, post: Post, words: list[str]) -> bool:
    thread = call.state.thread(post.thread)
    text = f"{thread.title} {post.text}".lower() if thread.posts[0] == post.id else post.text.lower()
    return all(word in text for word in words) and shown(call, post)


def _found(call: Call, post: Post) -> Json:
    return show_posts.summary(call.state, post, call.uid, call.base_url) | {"attachments": []}
