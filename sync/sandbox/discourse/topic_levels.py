"""The caller's own level on a topic: 0 muted, 1 normal, 2 tracking, 3 watching."""

from dataclasses import dataclass, field

from sync.sandbox.discourse.access import thread_of
from sync.sandbox.discourse.answers import Answer, Problem, success
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.routes import route
from sync.sandbox.state.records import Thread
from sync.sandbox.state.store import State

MUTED, NORMAL, TRACKING, WATCHING = range(4)
_NAME = "discourse topic levels"


@dataclass(slots=True)
class Tracked:
    """Topics that a member tracks without watching; watching and muting are known to every face."""

    topics: dict[int, set[int]] = field(default_factory=dict)


@route("POST", "/t/#id/notifications", "topics/set_notifications", login=True)
def set_level(call: Call) -> Answer:
    """The caller's own level on a topic."""
    thread, new = thread_of(call), call.whole("notification_level", -1)
    if not MUTED <= new <= WATCHING:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "notification_level")
    choose(call.state, call.uid, thread, new)
    return success()


def level(state: State, uid: int, thread: Thread) -> int:
    """The level of a member, normal if nothing was chosen."""
    if uid in thread.followers:
        return WATCHING
    if uid in thread.ignorers:
        return MUTED
    return TRACKING if thread.id in _tracked(state).topics.get(uid, ()) else NORMAL


def choose(state: State, uid: int, thread: Thread, new: int) -> None:
    """Set the level of a member."""
    one, tracked = frozenset((uid,)), _tracked(state).topics.setdefault(uid, set())
    thread.followers = thread.followers | one if new == WATCHING else thread.followers - one
    thread.ignorers = thread.ignorers | one if new == MUTED else thread.ignorers - one
    tracked.discard(thread.id)
    if new == TRACKING:
        tracked.add(thread.id)
    state.effect(uid, "topic_level", f"thread:{thread.id}", level=new)


def _tracked(state: State) -> Tracked:
    found = state.tables.faces.get(_NAME)
    if not isinstance(found, Tracked):
        found = state.tables.faces[_NAME] = Tracked()
    return found
