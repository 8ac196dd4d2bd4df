"""The assign plugin: a topic or a post is somebody's work. Its errors have a key of their own, `error`."""

from dataclasses import dataclass, field

from sync.sandbox.discourse import access, people
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, success
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.identity import by_username
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json, encode
from sync.sandbox.state import rights
from sync.sandbox.state.records import STAFF
from sync.sandbox.state.store import State

_NAME = "discourse assignments"
_KINDS = ("Topic", "Post")


@dataclass(slots=True)
class Assigned:
    """Whose work a target is: a member's id or a group's name, by kind and id of the target."""

    to: dict[tuple[str, int], int | str] = field(default_factory=dict)


@route("PUT", "/assign/assign", "discourse_assign/assign", login=True)
def assign(call: Call) -> Answer:
    """Give a topic or a post to somebody of the team, or to the team."""
    target, state = _target(call), call.state
    to = _assignee(call)
    if isinstance(to, Answer):
        return to
    if _kept(state).to.get(target) == to:
        return _refused(f"'{call.text('username') or call.text('group_name')}' is already assigned to this topic.")
    _kept(state).to[target] = to
    state.effect(call.uid, "assign", f"{_word(target)}:{target[1]}", to=to, note=call.text("note"))
    return success()


@route("PUT", "/assign/unassign", "discourse_assign/unassign", login=True)
def unassign(call: Call) -> Answer:
    """Take the work back."""
    target = _target(call)
    if _kept(call.state).to.pop(target, None) is not None:
        call.state.effect(call.uid, "unassign", f"{_word(target)}:{target[1]}")
    return success()


def shown(state: State, thread: int) -> Json:
    """What a topic's page says of it; nothing where it is nobody's."""
    to = _kept(state).to.get(("Topic", thread))
    if isinstance(to, int):
        return {"assigned_to_user": people.basic(state, to)}
    group = people.group(state, to) if to else None
    return {"assigned_to_group": people.basic_group(group)} if group else {}


def _target(call: Call) -> tuple[str, int]:
    kind, ident = call.text("target_type"), call.whole("target_id")
    if not access.may_whisper(call.state, call.uid):
        raise FORBIDDEN
    if kind not in _KINDS:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "target_type")
    post = access.find_post(call.state, ident) if kind == "Post" else None
    thread = call.state.tables.threads.get(post.thread if post else ident if kind == "Topic" else 0)
    if thread is None or not access.sees_thread(call.state, call.uid, thread):
        raise Problem(404, "not_found", "not_found")
    return kind, ident


def _assignee(call: Call) -> int | str | Answer:
    """The member or group, or the refusal of those who are not of the team."""
    name, group = call.text("username"), people.group(call.state, call.text("group_name"))
    if group is not None:
        return group.name
    member = by_username(call, name)
    if member is None:
        raise Problem(404, "not_found", "not_found")
    if STAFF not in member.groups and not rights.is_above(call.state, member.id):
        return _refused(
            f"'{name}' cannot be assigned to this topic because they don't belong to any of the allowed groups."
        )
    return member.id


def _refused(words: str) -> Answer:
    return Answer(400, encode({"error": words}))


def _word(target: tuple[str, int]) -> str:
    return "thread" if target[0] == "Topic" else "post"


def _kept(state: State) -> Assigned:
    found = state.tables.faces.get(_NAME)
    if not isinstance(found, Assigned):
        found = state.tables.faces[_NAME] = Assigned()
    return found
