"""Lists of personal messages: an account's own, and those of a group's inbox."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sync.sandbox.discourse import people
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import Readers, extras
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.topic_lists import answer
from sync.sandbox.discourse.user_pages import member_of
from sync.sandbox.state import rights
from sync.sandbox.state.records import Member, Thread
from sync.sandbox.state.store import State

_NAME = "discourse inboxes"


@dataclass(slots=True)
class Filed:
    """What lies in the archive of an inbox, by the time of its newest post then: a later one brings it back."""

    inboxes: dict[str, dict[int, int]] = field(default_factory=dict)


@route("GET", "/topics/private-messages/:name", "list/private_messages", login=True)
def inbox(call: Call) -> Answer:
    """Messages to and from an account, for itself and administrators."""
    member = _owner(call)
    mine = _of_member(call.state, member)
    return _list(call, [one for one in mine if not _lies(call.state, _inbox_of(member.id), one)])


@route("GET", "/topics/private-messages-sent/:name", "list/private_messages_sent", login=True)
def sent(call: Call) -> Answer:
    """Messages that the account began."""
    member = _owner(call)
    return _list(call, [one for one in _of_member(call.state, member) if one.author == member.id])


@route("GET", "/topics/private-messages-archive/:name", "list/private_messages_archive", login=True)
def archive(call: Call) -> Answer:
    """Messages that the account is done with."""
    member = _owner(call)
    return _list(call, [m for m in _of_member(call.state, member) if _lies(call.state, _inbox_of(member.id), m)])


@route("GET", "/topics/private-messages-new/:name", "list/private_messages_new", login=True)
@route("GET", "/topics/private-messages-unread/:name", "list/private_messages_unread", login=True)
def unread(call: Call) -> Answer:
    """Messages with something that the account has not seen."""
    member = _owner(call)
    return _list(call, _unseen(call.state, member, _of_member(call.state, member)))


@route("GET", "/topics/private-messages-group/:name/:group", "list/private_messages_group", login=True)
@route("GET", "/topics/private-messages-group/:name/:group/:part", "list/private_messages_group", login=True)
def of_group(call: Call) -> Answer:
    """A group's inbox, or with a part its archive, or what is new in it; for its members and administrators."""
    member, group = _owner(call), people.group(call.state, call.params["group"])
    if group is None:
        raise Problem(404, "not_found", "not_found")
    if member.id not in group.members and not rights.is_admin(call.state, call.uid):
        raise FORBIDDEN
    found = [one for one, readers in _messages(call.state) if group.source in readers.groups]
    part = call.params.get("part", "")
    if part in ("new", "unread"):
        return _list(call, _unseen(call.state, member, found))
    box = f"group {group.source}"
    return _list(call, [one for one in found if _lies(call.state, box, one) is (part == "archive")])


def file_away(state: State, uid: int, thread: Thread, away: bool) -> None:
    """Put a message into the archive or back: of the groups through which it is read, else of the account."""
    readers = extras(state).readers[thread.id]
    mine = [name for name in readers.groups if uid in state.tables.groups[name].members]
    for box in [f"group {name}" for name in mine] or [_inbox_of(uid)]:
        kept = _filed(state).inboxes.setdefault(box, {})
        kept.pop(thread.id, None)
        if away:
            kept[thread.id] = thread.last_at
    state.effect(uid, "archive_message" if away else "move_to_inbox", f"thread:{thread.id}")


def _owner(call: Call) -> Member:
    member = member_of(call)
    if member.id != call.uid and not rights.is_admin(call.state, call.uid):
        raise FORBIDDEN
    return member


def _messages(state: State) -> Iterable[tuple[Thread, Readers]]:
    threads = state.tables.threads
    return [(threads[ident], readers) for ident, readers in extras(state).readers.items() if ident in threads]


def _of_member(state: State, member: Member) -> list[Thread]:
    return [thread for thread, readers in _messages(state) if member.id in readers.users]


def _unseen(state: State, member: Member, threads: list[Thread]) -> list[Thread]:
    seen = state.tables.reads.get(member.id, {})
    return [one for one in threads if one.last_at > seen.get(one.id, 0)]


def _list(call: Call, threads: list[Thread]) -> Answer:
    threads.sort(key=lambda one: (one.last_at, one.id), reverse=True)
    return answer(call, threads, call.path, private=True)


def _lies(state: State, box: str, thread: Thread) -> bool:
    return _filed(state).inboxes.get(box, {}).get(thread.id, -1) >= thread.last_at


def _inbox_of(uid: int) -> str:
    return f"user {uid}"


def _filed(state: State) -> Filed:
    found = state.tables.faces.get(_NAME)
    if not isinstance(found, Filed):
        found = state.tables.faces[_NAME] = Filed()
    return found
