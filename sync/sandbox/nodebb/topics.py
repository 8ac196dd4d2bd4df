"""Topics on the write API (NodeBB 4.15.1, observed: API.md sections 4, 5, 6)."""

from sync.sandbox.nodebb import show_posts, show_threads
from sync.sandbox.nodebb.answers import Answer, error, language, ok
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.queue import waiting_answer
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.texts import text
from sync.sandbox.nodebb.wire import number
from sync.sandbox.state import posting, rights, threads
from sync.sandbox.state.records import Held
from sync.sandbox.state.refusal import Absent, Reason, Refused


@route("POST", "/api/v3/topics", posts=True)
def create(call: Call) -> Answer:
    """Open a topic, or 202 if it is held."""
    call.required("cid", "content")
    fields, state = call.fields, call.state
    tags = tuple(str(tag) for tag in fields.get("tags") or ())
    title, content = str(fields.get("title") or ""), str(fields.get("content") or "")
    rights.demand(call.logged_in)
    made = posting.open_thread(state, call.uid, number(fields["cid"]), title, content, tags)
    if isinstance(made, Held):
        return waiting_answer(call, made)
    opening = show_posts.just_posted(state, state.post(made.posts[0]), call.uid, call.base_url)
    row = show_threads.in_list(state, made, call.uid, 0)
    threads.mark_read(state, call.uid, made)
    return ok(row | {"unread": False, "unreplied": True, "followed": False, "mainPost": opening})


@route("GET", "/api/v3/topics/:tid")
def get(call: Call) -> Answer:
    """A topic's own fields; unreadable is the same as missing."""
    thread = call.thread()
    if not rights.readable(call.state, call.uid, thread):
        raise Absent(Reason.NO_THREAD)
    return ok(show_threads.base(call.state, thread))


@route("POST", "/api/v3/topics/:tid", posts=True)
def reply(call: Call) -> Answer:
    """Reply; a held reply is 200 without `pid`. `timestamp` and unknown fields are ignored."""
    call.required("content")
    thread = call.thread()
    content, to = str(call.fields.get("content") or ""), number(call.fields.get("toPid"))
    if not content:
        raise Refused(Reason.INVALID)
    rights.demand(call.logged_in)
    made = posting.reply(call.state, call.uid, thread.id, content, to)
    if isinstance(made, Held):
        return waiting_answer(call, made)
    threads.mark_read(call.state, call.uid, thread)
    return ok(show_posts.just_posted(call.state, made, call.uid, call.base_url))


@route("DELETE", "/api/v3/topics/:tid", login=True)
def purge(call: Call) -> Answer:
    """Remove for good."""
    threads.purge(call.state, call.uid, call.thread())
    return ok()


@route("DELETE", "/api/v3/topics/:tid/state", login=True)
def delete(call: Call) -> Answer:
    """Hide."""
    threads.hide(call.state, call.uid, call.thread())
    return ok()


@route("PUT", "/api/v3/topics/:tid/state", login=True)
def restore(call: Call) -> Answer:
    """Show again."""
    threads.restore(call.state, call.uid, call.thread())
    return ok()


@route("PUT", "/api/v3/topics/:tid/lock", login=True)
def lock(call: Call) -> Answer:
    """Lock; twice is 200 and a second event."""
    threads.set_locked(call.state, call.uid, call.thread(), True)
    return ok()


@route("DELETE", "/api/v3/topics/:tid/lock", login=True)
def unlock(call: Call) -> Answer:
    """Unlock."""
    threads.set_locked(call.state, call.uid, call.thread(), False)
    return ok()


@route("PUT", "/api/v3/topics/:tid/pin", login=True)
def pin(call: Call) -> Answer:
    """Pin, for a time if `expiry` is given."""
    thread = call.thread()
    threads.set_pinned(call.state, call.uid, thread, True, number(call.unpacked("expiry")))
    return ok()


@route("DELETE", "/api/v3/topics/:tid/pin", login=True)
def unpin(call: Call) -> Answer:
    """Unpin."""
    threads.set_pinned(call.state, call.uid, call.thread(), False)
    return ok()


@route("PUT", "/api/v3/topics/:tid/move", login=True)
def move(call: Call) -> Answer:
    """Move to another category."""
    thread = call.thread()
    threads.move(call.state, call.uid, thread, number(call.unpacked("cid")))
    return ok()


@route("GET", "/api/v3/topics/:tid/events")
def events(call: Call) -> Answer:
    """The trail of what was done to the topic."""
    thread = call.thread()
    rights.demand(rights.readable(call.state, call.uid, thread))
    return ok({"events": show_threads.events(call.state, thread, call.uid)})


@route("PUT", "/api/v3/topics/:tid/tags", login=True)
def tag(call: Call) -> Answer:
    """Replace the tags."""
    call.required("tags")
    thread = call.thread()
    threads.set_tags(call.state, call.uid, thread, tuple(str(one) for one in call.fields["tags"]))
    return ok([show_threads.tag(name) for name in thread.tags])


@route("PUT", "/api/v3/topics/:tid/follow", login=True)
def follow(call: Call) -> Answer:
    """Follow the topic."""
    threads.follow(call.state, call.uid, call.thread(), "follow")
    return ok()


@route("PUT", "/api/v3/topics/:tid/ignore", login=True)
def ignore(call: Call) -> Answer:
    """Ignore the topic."""
    threads.follow(call.state, call.uid, call.thread(), "ignore")
    return ok()


@route("DELETE", "/api/v3/topics/:tid/ignore", login=True)
@route("DELETE", "/api/v3/topics/:tid/follow", login=True)
def unfollow(call: Call) -> Answer:
    """Neither follow nor ignore."""
    threads.follow(call.state, call.uid, call.thread(), "unfollow")
    return ok()


@route("PUT", "/api/v3/topics/:tid/read", login=True)
def read(call: Call) -> Answer:
    """Mark as read."""
    threads.mark_read(call.state, call.uid, call.thread())
    return ok()


def already_posting(call: Call) -> Answer:
    """400 for the second of two posts that one account sends at once."""
    return error(400, text("already-posting", language(call)))
