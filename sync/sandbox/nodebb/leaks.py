"""A place that has forgotten what is hidden and from whom, on order: so that whoever looks for leaks is seen to find
them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sync.sandbox.nodebb.answers import Answer
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.routes import Handler
from sync.sandbox.state import rights
from sync.sandbox.state.records import Post, Thread
from sync.sandbox.state.store import State


def leaking(call: Call, handler: Handler) -> Answer:
    """The answer that an administrator would get if nothing were hidden. Notes kept for other servers stay aside."""
    call.uid = next(uid for uid in call.state.tables.members if rights.is_admin(call.state, uid))
    kept, call.community.service.notes = call.community.service.notes, {}
    try:
        with _nothing_hidden(call.state):
            return handler(call)
    finally:
        call.community.service.notes = kept


@contextmanager
def _nothing_hidden(state: State) -> Iterator[None]:
    things: list[Post | Thread] = [post for post in state.tables.posts.values() if post.hidden]
    things += [thread for thread in state.tables.threads.values() if thread.hidden]
    for thing in things:
        thing.hidden = False
    try:
        yield
    finally:
        for thing in things:
            thing.hidden = True
