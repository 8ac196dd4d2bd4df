"""The plugin Solved: one post of a topic is its answer (API.md, "Solved plugin")."""

from sync.sandbox.discourse import access, stream
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import REGULAR, extras
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json
from sync.sandbox.state.records import Post, Thread
from sync.sandbox.state.store import State


def shown(state: State, uid: int, one: Post, thread: Thread) -> Json:
    """What the plugin adds to a post."""
    accepted = extras(state).answers.get(thread.id)
    return {
        "accepted_answer": accepted == one.id,
        "can_accept_answer": accepted != one.id and may_accept(state, uid, one, thread),
        "can_unaccept_answer": accepted == one.id and may_accept(state, uid, one, thread),
        "topic_accepted_answer": accepted is not None,
    }


def may_accept(state: State, uid: int, one: Post, thread: Thread) -> bool:
    """Staff and who asked; the opening post is no answer, and messages have none."""
    if not uid or extras(state).is_private(thread.id) or one.id == thread.posts[0]:
        return False
    regular = stream.kind_of(state, one).type == REGULAR
    return regular and not access.is_deleted(state, one) and (access.rules(state, uid, thread) or thread.author == uid)


@route("POST", "/solution/accept", "solution/accept", login=True)
def accept(call: Call) -> Answer:
    """Mark a post; the topic's earlier answer gives way."""
    post = call.state.tables.posts.get(call.whole("id"))
    if not extras(call.state).solved or post is None:
        raise Problem(404, "not_found", "not_found")
    thread = call.state.thread(post.thread)
    if not access.sees_thread(call.state, call.uid, thread) or not may_accept(call.state, call.uid, post, thread):
        raise FORBIDDEN
    extras(call.state).answers[thread.id] = post.id
    call.state.effect(call.uid, "accept", f"post:{post.id}")
    return ok({"success": "OK"})
