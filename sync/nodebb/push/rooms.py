"""Chat rooms: making one for a case, who is in it, and saying something there once.

A room is found again by the case's key in its name, among the rooms that this account owns: any member may make a room
of any name, and any member of a room may bring in others, so before anything private is said the room's members are
read. Two identical lines are two lines; each has an id of its own, which is the receipt.
"""

import re
from collections.abc import Mapping
from typing import Any

from moderation.actions import Action
from moderation.errors import NotAllowedError, PayloadError, RefusedError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.canonical import same_text
from sync.nodebb.decode import moment
from sync.nodebb.decoders import (
    CONTENT,
    MESSAGE,
    MESSAGE_ANSWER,
    MESSAGES,
    NOTHING,
    ROOM,
    ROOM_USERS,
    ROOMS,
    USER_ANSWER,
)
from sync.nodebb.ids import in_path, native, room_of
from sync.nodebb.payloads import MessageP
from sync.nodebb.push.tools import Tools
from sync.nodebb.reading import set_aside
from sync.parts.intents import Taken, on

_KEY = re.compile(r"case-\d+(?:-\d+)?")
_MOST_PAGES = 20


class Lines:
    """Reading of a room's messages."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def own(self, room: str) -> list[MessageP]:
        """Own messages among the newest of the room."""
        read = self._tools.context.reader.find(endpoints.chat_messages(room), MESSAGES, Urgency.FLUSH)
        if read.value is None:
            return []
        found, _ = set_aside(read.value.response.messages, MESSAGE, lambda one: one, read.endpoint)
        return [one for one in found if str(one.fromuid) == self._tools.me.native and not one.system]

    def newest(self, room: str) -> int:
        """The number of the newest own message, 0 without any."""
        return max((int(one.mid) for one in self.own(room) if one.mid is not None), default=0)

    def said(self, intent: Intent, room: str | None, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the room has an own message with the intent's text that came after the baseline, or the one
        that the server's answer named; unclear while one of them cannot be read.
        """
        where, unread = ("chat room",), False
        last = int((intent.baseline or {}).get("message", 0))
        for message in sorted(self.own(room) if room is not None else [], key=lambda one: int(one.mid or 0)):
            server_id = f"chat:{room}.{message.mid}"
            if int(message.mid or 0) <= last or taken(server_id):
                continue
            raw = self._raw(str(room), str(message.mid))
            unread |= raw is None
            if hints.get("message") == str(message.mid) or same_text(raw, str(intent.payload.get("text", ""))):
                receipt = Receipt(server_id, str(self._tools.me), moment(message.timestamp))
                return Evidence(Answer.HAPPENED, receipt, where=where)
        unclear = unread or bool(hints.get("message"))  # what the answer named was there
        return Evidence(Answer.UNCLEAR if unclear else Answer.ABSENT, where=where)

    def there(self, room: str, text: str) -> str | None:
        """An own message with this text."""
        return next((str(one.mid) for one in self.own(room) if same_text(self._raw(room, str(one.mid)), text)), None)

    def say(self, room: str, text: str) -> dict[str, Any]:
        """Write once; hints name room and message."""
        answer, _ = self._tools.writer.send("POST", endpoints.chat(room), {"message": text}, MESSAGE_ANSWER)
        mid = answer.response.mid
        return {"room": room, "message": str(mid) if mid is not None else None}

    def _raw(self, room: str, mid: str) -> str | None:
        try:
            read = self._tools.context.reader.find(endpoints.chat_raw(room, mid), CONTENT, Urgency.FLUSH)
        except (NotAllowedError, PayloadError):
            return None
        return read.value.response.content if read.value is not None else None


class Rooms:
    """Reading of rooms and their members."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of_case(self, key: str, customer: str) -> str | None:
        """The own room of a case, with its customer in it: anybody may have made one of that name."""
        for page in range(1, _MOST_PAGES + 1):
            read = self._tools.context.reader.get(endpoints.chats(page), ROOMS, Urgency.FLUSH)
            rooms = read.value.response.rooms
            for room in rooms:
                named = room.roomId and key in _KEY.findall(room.roomName or "")
                if named and self._is_own(str(room.roomId)) and customer in self.members(str(room.roomId)):
                    return str(room.roomId)
            if not rooms:
                break
        return None

    def members(self, room: str) -> frozenset[str]:
        """Native ids of who is in it; raises ``NotAllowedError`` for who is not."""
        read = self._tools.context.reader.find(endpoints.chat_users(room), ROOM_USERS, Urgency.FLUSH)
        if read.value is None:
            raise RefusedError("not_there", room=room)
        return frozenset(str(one.uid) for one in read.value.response.users)

    def _is_own(self, room: str) -> bool:
        try:
            read = self._tools.context.reader.find(endpoints.chat(room), ROOM, Urgency.FLUSH)
        except NotAllowedError:
            return False
        return read.value is not None and read.value.response.isOwner


class MakeRoom:
    """Make a room for the customer and the colleagues of the payload (``readers``), or find it by the case's key."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._rooms = Rooms(tools)

    def before(self, intent: Intent) -> Before:
        """Is the customer there, and is there a room of this case."""
        read = self._tools.context.reader.find(
            endpoints.user(in_path(on(intent, Kind.MEMBER))), USER_ANSWER, Urgency.FLUSH
        )
        if read.value is None:
            return Before(Standing.GONE, {})
        if read.value.response.banned:
            raise RefusedError("customer_banned", member=str(intent.target))
        return Before(Standing.CLEAR, {"room": self._there(intent)})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Make it, unless it is there."""
        if before.baseline.get("room"):
            return {"room": before.baseline["room"]}
        uids = [_number(native(intent.target)), *(_number(one) for one in readers_of(intent))]
        body = {"uids": uids, "roomName": str(intent.payload["title"])}
        answer, _ = self._tools.writer.send("POST", endpoints.CHATS, body, ROOM)
        if not answer.response.roomId:
            raise UnclearError("answer_unfit", endpoint=endpoints.CHATS)
        return {"room": str(answer.response.roomId)}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when there is an own room with the key."""
        room = hints.get("room") or self._there(intent)
        if room is None:
            return Evidence(Answer.ABSENT, where=("chat rooms",))
        thread = self._tools.context.names.room(room)
        receipt = self._tools.receipt(thread, "room", self._tools.context.now(), taken)
        return Evidence(Answer.HAPPENED, receipt, where=("chat rooms",))

    def _there(self, intent: Intent) -> str | None:
        return self._rooms.of_case(str(intent.payload["case"]), native(intent.target))


class AdmitToRoom:
    """Bring a member into the room of the payload (``place``), or put them out."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._rooms = Rooms(tools)

    def before(self, intent: Intent) -> Before:
        """Is the member in it."""
        return Before(Standing.ALREADY if self._stands(intent) else Standing.CLEAR, {})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Bring in or put out."""
        method = "POST" if intent.action is Action.ADMIT else "DELETE"
        body = {"uids": [_number(native(on(intent, Kind.MEMBER)))]}
        self._tools.writer.send(method, endpoints.chat_users(_room(intent)), body, NOTHING)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the list of members says so."""
        if not self._stands(intent):
            return Evidence(Answer.ABSENT, where=("members of the room",))
        effect = f"{'admitted' if intent.action is Action.ADMIT else 'expelled'}.{_place(intent).native}"
        receipt = self._tools.receipt(intent.target, effect, self._tools.context.now(), taken)
        return Evidence(Answer.HAPPENED, receipt, where=("members of the room",))

    def _stands(self, intent: Intent) -> bool:
        inside = native(intent.target) in self._rooms.members(_room(intent))
        return inside is (intent.action is Action.ADMIT)


class Say:
    """Write into a room, where only those are who should read it (``readers`` of the payload)."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._lines = Lines(tools)
        self._rooms = Rooms(tools)

    def before(self, intent: Intent) -> Before:
        """The newest own message, and the one of a case that says this already; raises ``RefusedError``
        ``place_shared`` where somebody else is in the room.
        """
        room = str(room_of(on(intent, Kind.THREAD)))
        wanted = readers_of(intent)
        strangers = self._rooms.members(room) - {self._tools.me.native, *wanted}
        if wanted and strangers:
            raise RefusedError("place_shared", forum=intent.target.native)
        there = self._lines.there(room, str(intent.payload.get("text", ""))) if intent.payload.get("case") else None
        newest = int(there) - 1 if there else self._lines.newest(room)
        return Before(Standing.CLEAR, {"message": newest, "there": there})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write once."""
        text = str(intent.payload.get("text", ""))
        if not text.strip():
            raise RefusedError("text_empty")
        if before.baseline.get("there"):
            return {"message": before.baseline["there"]}
        return self._lines.say(str(room_of(intent.target)), text)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """See :meth:`Lines.said`; unclear where the room cannot be read."""
        try:
            return self._lines.said(intent, room_of(intent.target), hints, taken)
        except (NotAllowedError, PayloadError):
            return Evidence(Answer.UNCLEAR, where=("chat room",))


def readers_of(intent: Intent) -> list[str]:
    """Native ids of the payload's ``readers``."""
    readers = intent.payload.get("readers")
    return [native(Ref.parse(str(one))) for one in readers] if isinstance(readers, list) else []


def _place(intent: Intent) -> Ref:
    return Ref.parse(str(intent.payload.get("place") or ""))


def _room(intent: Intent) -> str:
    room = room_of(_place(intent))
    if room is None:
        raise NotAllowedError("target_missing", action=intent.action.value)
    return room


def _number(uid: str) -> int | str:
    return int(uid) if uid.isdigit() else uid
