"""Telling a member something in private: a chat room of two.

Two identical messages are two messages; each has an id of its own, which is the receipt.
"""

from collections.abc import Mapping
from typing import Any

from moderation.errors import NotAllowedError, PayloadError, RefusedError, TryLaterError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.canonical import same_text
from sync.nodebb.decode import moment
from sync.nodebb.decoders import CONTENT, MESSAGE, MESSAGE_ANSWER, MESSAGES, ROOM, USER_ANSWER
from sync.nodebb.ids import in_path, native
from sync.nodebb.payloads import MessageP
from sync.nodebb.push.tools import Tools
from sync.nodebb.reading import set_aside
from sync.parts.intents import Taken, on


class Message:
    """Write to a member in the room of two that NodeBB has for them and this account, made where there is none."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Does the member exist; the room and its newest message."""
        reader = self._tools.context.reader
        user = reader.find(endpoints.user(in_path(on(intent, Kind.MEMBER))), USER_ANSWER, Urgency.FLUSH)
        if user.value is None:
            return Before(Standing.GONE, {})
        room = self._room(intent.target)
        messages = self._own(room) if room is not None else []
        newest = max((int(one.mid) for one in messages if one.mid is not None), default=0)
        return Before(Standing.CLEAR, {"room": room, "message": newest})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Make the room if there is none (which nobody is told of), then write once."""
        text = str(intent.payload.get("text", ""))
        if not text.strip():
            raise RefusedError("text_empty")
        room = before.baseline.get("room") or self._made(intent.target)
        answer, _ = self._tools.writer.send("POST", endpoints.chat(str(room)), {"message": text}, MESSAGE_ANSWER)
        mid = answer.response.mid
        return {"room": str(room), "message": str(mid) if mid is not None else None}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the room has an own message with this text that came after the baseline, or the one that the
        server's answer named; unclear while one of them cannot be read.
        """
        baseline = intent.baseline or {}
        where = ("chat room",)
        try:
            room = hints.get("room") or baseline.get("room") or self._room(intent.target)
            messages = self._own(str(room)) if room is not None else []
        except (NotAllowedError, PayloadError):
            return Evidence(Answer.UNCLEAR, where=where)
        last = int(baseline.get("message", 0))
        text = str(intent.payload.get("text", ""))
        unread = False
        for message in sorted(messages, key=lambda one: int(one.mid or 0)):
            server_id = f"chat:{room}.{message.mid}"
            if int(message.mid or 0) <= last or taken(server_id):
                continue
            raw = self._raw(str(room), str(message.mid))
            unread |= raw is None
            if hints.get("message") == str(message.mid) or same_text(raw, text):
                receipt = Receipt(server_id, str(self._tools.me), moment(message.timestamp))
                return Evidence(Answer.HAPPENED, receipt, where=where)
        return Evidence(Answer.UNCLEAR if unread else Answer.ABSENT, where=where)

    def _room(self, member: Ref) -> str | None:
        read = self._tools.context.reader.find(endpoints.user_chat(in_path(member)), ROOM, Urgency.FLUSH)
        room = read.value.response.roomId if read.value is not None else None
        return str(room) if room else None

    def _made(self, member: Ref) -> str:
        """A new room. An unclear answer may leave an empty room behind, which says nothing to anybody."""
        uid = native(member)
        try:
            answer, _ = self._tools.writer.send(
                "POST", endpoints.CHATS, {"uids": [int(uid) if uid.isdigit() else uid]}, ROOM
            )
        except UnclearError as error:
            raise TryLaterError("room_not_made", scope="intent", cause=error.code) from None
        if not answer.response.roomId:
            raise TryLaterError("room_not_made", scope="intent")
        return str(answer.response.roomId)

    def _own(self, room: str) -> list[MessageP]:
        """Own messages among the newest of the room."""
        read = self._tools.context.reader.find(endpoints.chat_messages(room), MESSAGES, Urgency.FLUSH)
        if read.value is None:
            return []
        found, _ = set_aside(read.value.response.messages, MESSAGE, lambda one: one, read.endpoint)
        return [one for one in found if str(one.fromuid) == self._tools.me.native and not one.system]

    def _raw(self, room: str, mid: str) -> str | None:
        try:
            read = self._tools.context.reader.find(endpoints.chat_raw(room, mid), CONTENT, Urgency.FLUSH)
        except (NotAllowedError, PayloadError):
            return None
        return read.value.response.content if read.value is not None else None
