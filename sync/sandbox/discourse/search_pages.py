"""Full-text search: fifty a page, and no feed of data."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.sandbox.discourse import access, markup, people, show_topics, stream
from sync.sandbox.discourse.answers import Answer, Problem, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.identity import by_username
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json, iso, ms_of
from sync.sandbox.state import following
from sync.sandbox.state.records import Post, Thread

_PAGE = 50
_SHORTEST = 3
_PRIVATE = ("in:messages", "in:personal", "in:private")
Test = Callable[[Post, Thread], bool]


@dataclass(slots=True)
class Wanted:
    """A query taken apart: words, conditions, order, and whether messages are meant."""

    words: list[str] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    latest: bool = False
    private: bool = False


@route("GET", "/search", "search/show")
def search(call: Call) -> Answer:
    """Posts with every word, one of a topic; `topics` is absent where nothing was found."""
    if not call.text("q").strip():
        raise Problem(400, "invalid_parameters", "invalid_parameters", "q")
    wanted, page = _parse(call, call.text("q")), max(1, call.whole("page", 1))
    found = _find(call, wanted) if wanted.tests or any(len(w) >= _SHORTEST for w in wanted.words) else []
    shown = found[(page - 1) * _PAGE : page * _PAGE]
    body: Json = {"posts": [_row(call, post) for post in shown], "users": [], "categories": [], "tags": []}
    threads = {post.thread: call.state.thread(post.thread) for post in shown}
    if threads:
        body["topics"] = [show_topics.row(call.state, call.uid, thread) for thread in threads.values()]
    more = True if len(found) > page * _PAGE else None
    return ok(body | {"groups": [], "grouped_search_result": _result(call, shown, more)})


def _parse(call: Call, query: str) -> Wanted:
    wanted = Wanted()
    for part in query.split():
        test = _condition(call, part)
        if part == "order:latest":
            wanted.latest = True
        elif part in _PRIVATE:
            wanted.private = True
        elif test is not None:
            wanted.tests.append(test)
        else:
            wanted.words.append(part.lower())
    return wanted


def _condition(call: Call, part: str) -> Test | None:
    """What a part of the query demands of a post; None for a word to look for."""
    name, _, value = part.partition(":")
    if part.startswith("@"):
        member = by_username(call, part[1:])
        return lambda post, thread: member is not None and post.author == member.id
    if name == "category" and value:
        inside = _categories(call, value)
        return lambda post, thread: thread.forum in inside
    day = ms_of(value) if name in ("after", "before") else None
    if day is not None:
        return lambda post, thread: (post.at >= day) is (name == "after")
    if name == "status":
        states = {"open": False, "closed": True}
        return lambda post, thread: thread.locked is states.get(value, thread.locked)
    return None


def _categories(call: Call, value: str) -> set[int]:
    """A category by slug with those below it, after `=` alone."""
    forums = call.state.tables.forums.values()
    slug = value.removeprefix("=")
    found = [forum.id for forum in forums if forum.handle == slug or str(forum.id) == slug]
    return set(found) if value.startswith("=") else {i for one in found for i in following.family(call.state, one)}


def _find(call: Call, wanted: Wanted) -> list[Post]:
    """The best post of each topic: more of the words in its text first, or the newest."""
    best: dict[int, Post] = {}
    for post in sorted(call.state.tables.posts.values(), key=lambda one: (one.at, one.id), reverse=True):
        thread = call.state.thread(post.thread)
        if post.thread not in best and _fits(call, post, thread, wanted):
            best[post.thread] = post
    found = list(best.values())
    if not wanted.latest:
        found.sort(key=lambda post: -sum(post.text.lower().count(word) for word in wanted.words))
    return found


def _fits(call: Call, post: Post, thread: Thread, wanted: Wanted) -> bool:
    words = f"{thread.title}\n{post.text}".lower()
    return (
        not post.hidden
        and extras(call.state).is_private(thread.id) is wanted.private
        and all(word in words for word in wanted.words)
        and all(test(post, thread) for test in wanted.tests)
        and access.sees_thread(call.state, call.uid, thread)
    )


def _row(call: Call, post: Post) -> Json:
    return people.basic(call.state, post.author) | {
        "id": post.id,
        "created_at": iso(post.at),
        "like_count": post.up,
        "blurb": markup.excerpt(post.text, 200),
        "post_number": stream.number_of(call.state, post),
        "topic_title_headline": call.state.thread(post.thread).title,
        "topic_id": post.thread,
    }


def _result(call: Call, shown: list[Post], more: bool | None) -> Json:
    return {
        "more_posts": None,
        "more_users": None,
        "more_categories": None,
        "more_full_page_results": more,
        "term": call.text("q"),
        "search_log_id": 1,
        "can_create_topic": call.uid > 0,
        "error": None,
        "extra": {"categories": None},
        "post_ids": [post.id for post in shown],
        "user_ids": [],
        "category_ids": [],
        "tag_ids": [],
        "group_ids": [],
    }
