"""Reading topics and posts."""

from collections.abc import Iterable, Iterator

from sync.sandbox.discourse import access, show_posts, show_topics, stream
from sync.sandbox.discourse.access import post_of, thread_of
from sync.sandbox.discourse.answers import Answer, not_found, ok, plain, redirect
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.identity import by_username
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import number
from sync.sandbox.state import threads
from sync.sandbox.state.records import Post, Thread

FEED = 50


@route("GET", "/t/external_id/:name", "topics/show_by_external_id")
def by_external_id(call: Call) -> Answer:
    """Leads to the topic of that id."""
    thread = call.state.tables.threads.get(extras(call.state).external.get(call.params["name"], 0))
    if thread is None or not access.sees_thread(call.state, call.uid, thread):
        return not_found(call)
    suffix = ".json" if call.as_json else ""
    return redirect(call, f"/t/{show_posts.slug(thread)}/{thread.id}{suffix}")


@route("GET", "/t/#id", "topics/show")
@route("GET", "/t/:slug/#id", "topics/show")
def show(call: Call) -> Answer:
    """The whole stream by id, and the first chunk of posts."""
    return _page(call, thread_of(call, with_page=True), 1)


@route("GET", "/t/#id/posts", "topics/posts")
def posts_by_id(call: Call) -> Answer:
    """Posts of a topic by id, twenty at a time."""
    thread = thread_of(call)
    wanted = [number(ident) for ident in call.several("post_ids")]
    shown = [one for one in _filtered(call, thread) if not wanted or one.id in wanted]
    places, raw = stream.numbers(call.state, thread), call.yes("include_raw")
    chunk = shown[: show_topics.CHUNK]
    posts = [show_posts.post(call.state, call.uid, one, places, raw) for one in chunk]
    return ok({"post_stream": {"posts": posts}, "id": thread.id})


@route("GET", "/t/#id/post_ids", "topics/post_ids")
def post_ids(call: Call) -> Answer:
    """Ids of a topic's posts."""
    return ok({"post_ids": [one.id for one in _filtered(call, thread_of(call))]})


@route("GET", "/t/:slug/#id/#near", "topics/show")
@route("GET", "/t/#id/#near", "topics/show")
def show_near(call: Call) -> Answer:
    """The topic around one of its posts."""
    return _page(call, thread_of(call, with_page=True), call.id_of("near"))


@route("GET", "/posts/#id", "posts/show")
def post(call: Call) -> Answer:
    """A post with what was typed."""
    return ok(show_posts.alone(call.state, call.uid, post_of(call)))


@route("GET", "/posts/by_number/#topic/#number", "posts/by_number")
def post_by_number(call: Call) -> Answer:
    """A post by its number in a topic."""
    thread = thread_of(call, "topic")
    places = stream.numbers(call.state, thread)
    found = next((one for one in stream.visible(call.state, call.uid, thread)
                  if places[one.id] == call.id_of("number")), None)  # fmt: skip
    return ok(show_posts.alone(call.state, call.uid, found)) if found else not_found(call)


@route("GET", "/posts/#id/raw", "posts/markdown_id", text=True)
@route("GET", "/raw-post/#id", "posts/markdown_id", text=True)
def raw_post(call: Call) -> Answer:
    """What was typed, as plain text."""
    return plain(200, post_of(call).text)


@route("GET", "/raw/#id", "posts/markdown_num", text=True)
@route("GET", "/raw/#id/#number", "posts/markdown_num", text=True)
def raw_topic(call: Call) -> Answer:
    """A topic, or one post of it by number, as plain text."""
    thread = thread_of(call)
    places, wanted = stream.numbers(call.state, thread), call.id_of("number")
    shown = stream.regular(call.state, stream.visible(call.state, call.uid, thread))
    return plain(200, "\n\n".join(one.text for one in shown if not wanted or places[one.id] == wanted))


@route("GET", "/posts/#id/replies", "posts/replies")
def replies(call: Call) -> Answer:
    """Direct answers to a post."""
    one = post_of(call)
    found = [call.state.tables.posts[ident] for ident in one.answers if ident in call.state.tables.posts]
    return ok([show_posts.alone(call.state, call.uid, answer) for answer in found if not answer.hidden])


@route("GET", "/posts", "posts/latest")
def feed(call: Call) -> Answer:
    """The newest public posts below an id, fifty of them."""
    return ok({"latest_posts": _feed(call, private=False)})


@route("GET", "/private-posts", "posts/latest", login=True)
def private_feed(call: Call) -> Answer:
    """The same of messages that the caller takes part in."""
    return ok({"private_posts": _feed(call, private=True)})


def _page(call: Call, thread: Thread, near: int) -> Answer:
    """A page past the end leads back to the topic."""
    wanted = call.whole("page")
    if wanted > 1:
        near = (wanted - 1) * show_topics.CHUNK + 1
        if near > len(stream.visible(call.state, call.uid, thread)):
            return redirect(call, f"/t/{show_posts.slug(thread)}/{thread.id}{'.json' if call.as_json else ''}")
    threads.mark_read(call.state, call.uid, thread)
    thread.views += 1
    call.site.bus.follow(call.state)
    heard = {"message_bus_last_id": call.site.bus.last.get(f"/topic/{thread.id}", 0)}
    return ok(show_topics.page(call.state, call.uid, thread, call.yes("include_raw"), max(1, near)) | heard)


def _filtered(call: Call, thread: Thread) -> list[Post]:
    """The stream, narrowed to some authors where that was asked for."""
    found = stream.visible(call.state, call.uid, thread)
    names = call.several("username_filters")
    if not names:
        return found
    members = {member.id for name in names if (member := by_username(call, str(name))) is not None}
    return [one for one in found if one.author in members]


def _feed(call: Call, private: bool) -> list[dict[str, object]]:
    state, shown = call.state, list[Post]()
    more = extras(state)
    for one in _below(call, call.whole("before"), private):
        thread = state.thread(one.thread)
        mine = not private or call.uid in more.readers[thread.id].users or _in_group(call, thread.id)
        if not one.hidden and mine and access.sees_thread(state, call.uid, thread):
            shown.append(one)
        if len(shown) == FEED:
            break
    return show_posts.feed(state, call.uid, shown)


def _below(call: Call, before: int, private: bool) -> Iterator[Post]:
    """Posts below an id, the greatest first; ids are given out in order, so that nothing needs sorting."""
    tables, readers = call.state.tables, extras(call.state).readers
    last = tables.counters.get("post", 0)
    ids: Iterable[int] = range(min(before - 1, last) if before else last, 0, -1)
    if private:
        inside = [i for thread in readers if thread in tables.threads for i in tables.threads[thread].posts]
        ids = sorted((i for i in inside if not before or i < before), reverse=True)
    for ident in ids:
        one = tables.posts.get(ident)
        if one is not None and (one.thread in readers) is private:
            yield one


def _in_group(call: Call, thread: int) -> bool:
    names = extras(call.state).readers[thread].groups
    return any(call.uid in call.state.tables.groups[name].members for name in names)
