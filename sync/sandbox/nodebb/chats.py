"""Chat rooms (NodeBB 4.15.1, observed: API.md section 5 b; shapes from the recordings)."""

from sync.sandbox.nodebb import markup, show_members
from sync.sandbox.nodebb.answers import Answer, ok
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json, iso, number
from sync.sandbox.state import rights, rooms
from sync.sandbox.state.records import Message, Room
from sync.sandbox.state.refusal import Reason, Refused

_PER_PAGE = 20
_NEW_SET = 180_000


@route("GET", "/api/v3/chats", login=True)
def chats(call: Call) -> Answer:
    """Own rooms, newest first."""
    size = number(call.asked("perPage")) or _PER_PAGE
    own = [room for room in call.state.tables.rooms.values() if call.uid in room.members]
    own.sort(key=lambda room: -(room.messages[-1].at if room.messages else room.at))
    start = (call.page() - 1) * size
    return ok({"rooms": [_listed(call, room) for room in own[start : start + size]], "nextStart": start + size})


@route("POST", "/api/v3/chats", login=True)
def create(call: Call) -> Answer:
    """Open a room with others; `roomName` names it, `name` is ignored."""
    call.required("uids")
    uids = call.fields["uids"]
    if not isinstance(uids, list):
        raise Refused(Reason.INVALID)
    name = str(call.fields.get("roomName") or "")
    room = rooms.create(call.state, call.uid, [number(uid) for uid in uids], name)
    return ok(_room(room))


@route("GET", "/api/v3/chats/:roomId", login=True)
def get(call: Call) -> Answer:
    """A room with members and messages."""
    room = _entered(call)
    shown = _room(room) | {"users": _users(call, room), "messages": _messages(call, room)}
    return ok(shown | {"owner": room.owners[0], "isOwner": call.uid in room.owners})


@route("PUT", "/api/v3/chats/:roomId", login=True)
def rename(call: Call) -> Answer:
    """Rename the room."""
    room = _entered(call)
    if call.fields.get("name"):
        rooms.rename(call.state, call.uid, room, str(call.fields["name"]))
    return get(call)


@route("POST", "/api/v3/chats/:roomId", login=True)
def say(call: Call) -> Answer:
    """Send a line."""
    room = _entered(call)
    call.required("message")
    message = rooms.say(call.state, call.uid, room, str(call.fields["message"]))
    shown = _message(call, room, message, None)
    before = room.messages[-2] if len(room.messages) > 1 else None
    follows = before is not None and before.by == call.uid and message.at - before.at <= _NEW_SET
    return ok(shown | {"newSet": not follows})


@route("GET", "/api/v3/chats/:roomId/messages", login=True)
def messages(call: Call) -> Answer:
    """What the caller may read, oldest first; `start` skips the newest ones."""
    return ok({"messages": _messages(call, _entered(call))})


@route("GET", "/api/v3/chats/:roomId/messages/:mid/raw", login=True)
def raw(call: Call) -> Answer:
    """A message as it was typed."""
    heard = rooms.heard(_entered(call), call.uid)
    found = next((m for m in heard if m.id == call.id_of("mid") and not m.system), None)
    if found is None:
        raise Refused(Reason.INVALID)
    return ok({"content": found.text})


@route("GET", "/api/v3/users/:uid/chat", login=True)
def room_with(call: Call) -> Answer:
    """The room of two that the caller has with somebody, the most recently used one; `null` without one."""
    both = {call.uid, call.id_of("uid")}
    own = [room for room in call.state.tables.rooms.values() if set(room.members) == both]
    newest = max(own, key=lambda room: room.messages[-1].at if room.messages else room.at, default=None)
    return ok({"roomId": newest.id if newest is not None else None})


@route("GET", "/api/v3/chats/:roomId/users", login=True)
def users(call: Call) -> Answer:
    """Who is in the room."""
    return ok({"users": _users(call, _entered(call))})


@route("POST", "/api/v3/chats/:roomId/users", login=True)
def invite(call: Call) -> Answer:
    """Any member of the room may invite anybody."""
    room = _entered(call)
    call.required("uids")
    rooms.invite(call.state, call.uid, room, [number(uid) for uid in call.fields["uids"]])
    return ok({"users": _users(call, room)})


@route("DELETE", "/api/v3/chats/:roomId/users", login=True)
def put_out(call: Call) -> Answer:
    """An owner of the room puts members out."""
    room = _entered(call)
    call.required("uids")
    rooms.put_out(call.state, call.uid, room, [number(uid) for uid in call.fields["uids"]])
    return ok({"users": _users(call, room)})


def _entered(call: Call) -> Room:
    return rooms.entered(call.state, call.uid, call.id_of("roomId"))


def _room(room: Room) -> Json:
    return {
        "roomId": room.id,
        "timestamp": room.at,
        "notificationSetting": 3,
        "messageCount": sum(not message.system for message in room.messages),
        "joinLeaveMessages": 0,
        "roomName": room.name,
        "groupChat": len(room.members) > 2,
        "userCount": len(room.members),
        "public": False,
        "groups": [],
    }


def _listed(call: Call, room: Room) -> Json:
    heard = [m for m in rooms.heard(room, call.uid) if not m.system]
    teaser = None
    if heard:
        newest = heard[-1]
        user = show_members.brief(call.state, newest.by)
        times = {"timestamp": newest.at, "timestampISO": iso(newest.at)}
        teaser = {"fromuid": newest.by, "content": markup.plain(newest.text), **times, "user": user}
    others = [show_members.with_status(call.state, m) for m in room.members if m != call.uid]
    return _room(room) | {"users": others, "unread": False, "teaser": teaser}


def _users(call: Call, room: Room) -> list[Json]:
    own = call.uid in room.owners
    shown = []
    for index, member in enumerate(reversed(room.members)):
        owner = member in room.owners
        flags = {"isOwner": owner, "canKick": own and not owner, "canToggleOwner": own and not owner, "online": False}
        brief = {k: v for k, v in show_members.with_status(call.state, member).items() if k != "userslug"}
        shown.append(brief | {"index": index} | flags)
    return shown


def _messages(call: Call, room: Room) -> list[Json]:
    heard = rooms.heard(room, call.uid)
    end = len(heard) - number(call.asked("start"))
    return [_message(call, room, m, i) for i, m in enumerate(heard[:end])][-50:]


def _message(call: Call, room: Room, message: Message, index: int | None) -> Json:
    shown: Json = {
        "timestamp": message.at,
        "roomId": str(room.id),
        "mid": message.id,
        "content": _content(call, message),
        "fromuid": message.by,
        "edited": 0,
        "deleted": 0,
        "system": int(message.system),
        "timestampISO": iso(message.at),
        "editedISO": "",
        "messageId": message.id,
        "isOwner": message.by in room.owners,
        "fromUser": _author(call, message.by),
        "self": int(message.by == call.uid),
        "newSet": True,
    }
    shown |= {} if index is None else {"index": index}
    return shown | ({"type": message.kind} if message.system else {})


def _content(call: Call, message: Message) -> str:
    if not message.system:
        return markup.render(message.text)
    name = show_members.brief(call.state, message.by)["username"]
    stamp = f'<span class="timeago" title="{iso(message.at)}"></span>'
    if message.kind == "room-rename":
        return f'{name} has renamed this room to "{message.text}" {stamp}'
    return f"{name} has joined the room {stamp}"


def _author(call: Call, uid: int) -> Json:
    shown = show_members.thread_author(call.state, uid)
    return {k: v for k, v in shown.items() if k not in ("reputation", "postcount")} | {"deleted": False}


def may_chat(call: Call) -> bool:
    """Everybody who is not banned."""
    return not rights.is_banned(call.state, call.uid)
