"""Chat rooms (NodeBB 4.15.1, observed: API.md section 5 b)."""

from sync.sandbox.state import rights
from sync.sandbox.state.records import Message, Room
from sync.sandbox.state.refusal import Absent, Reason, Refused
from sync.sandbox.state.store import State


def create(state: State, by: int, members: list[int], name: str) -> Room:
    """Open a room; a member who closed their chats refuses ordinary members."""
    if not members:
        raise Refused(Reason.NOBODY_CHOSEN)
    for member in members:
        _check_open(state, by, member)
    now = state.clock.tick()
    room = Room(state.number("room"), now, name, members=dict.fromkeys((by, *members), 0))
    state.tables.rooms[room.id] = room
    # Between two people both own the room.
    room.owners = (by, *members) if len(members) == 1 else (by,)
    state.effect(by, "room", f"room:{room.id}", members=members)
    return room


def say(state: State, by: int, room: Room, text: str) -> Message:
    """Send a line; two identical lines are two lines."""
    if not text.strip():
        raise Refused(Reason.EMPTY_MESSAGE)
    if len(text.strip()) > state.settings.longest_message:
        raise Refused(Reason.MESSAGE_TOO_LONG, state.settings.longest_message)
    message = _add(state, room, by, text)
    state.effect(by, "say", f"room:{room.id}", message=message.id)
    return message


def invite(state: State, by: int, room: Room, members: list[int]) -> None:
    """Any member of the room may bring in anybody; they do not see what was said before."""
    for member in members:
        _check_open(state, by, member)
    for member in members:
        if member not in room.members:
            room.members[member] = state.clock.tick()
    state.effect(by, "invite", f"room:{room.id}", members=members)


def put_out(state: State, by: int, room: Room, members: list[int]) -> None:
    """An owner puts members out, other owners too."""
    rights.demand(by in room.owners)
    for member in members:
        room.members.pop(member, None)
    room.owners = tuple(owner for owner in room.owners if owner not in members)
    state.effect(by, "put_out", f"room:{room.id}", members=members)


def rename(state: State, by: int, room: Room, name: str) -> None:
    """Give the room a name; owners only, and everybody sees a line about it."""
    rights.demand(by in room.owners)
    room.name = name.strip()
    _add(state, room, by, room.name, kind="room-rename")
    state.effect(by, "rename_room", f"room:{room.id}", name=room.name)


def heard(room: Room, member: int) -> list[Message]:
    """What the member may read, oldest first."""
    since = room.members.get(member, 0)
    return [m for m in room.messages if m.at >= since]


def entered(state: State, by: int, ident: int) -> Room:
    """The room if the member is in it; even administrators stay outside."""
    room = state.tables.rooms.get(ident)
    if room is None:
        raise Absent(Reason.NO_ROOM)
    rights.demand(by in room.members)
    return room


def _add(state: State, room: Room, by: int, text: str, kind: str = "") -> Message:
    message = Message(state.number("message"), room.id, by, state.clock.tick(), text.rstrip(), bool(kind), kind)
    room.messages.append(message)
    return message


def _check_open(state: State, by: int, member: int) -> None:
    if state.member(member).chat_closed and not rights.is_privileged(state, by):
        raise Refused(Reason.CHAT_CLOSED)
