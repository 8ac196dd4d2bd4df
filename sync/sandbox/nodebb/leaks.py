"""A place of this face that leaks on order."""

from sync.sandbox.leaks import an_administrator, nothing_hidden
from sync.sandbox.nodebb.answers import Answer
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.routes import Handler


def leaking(call: Call, handler: Handler) -> Answer:
    """The answer that an administrator would get if nothing were hidden. Notes kept for other servers stay aside."""
    call.uid = an_administrator(call.state)
    kept, call.community.service.notes = call.community.service.notes, {}
    try:
        with nothing_hidden(call.state):
            return handler(call)
    finally:
        call.community.service.notes = kept
