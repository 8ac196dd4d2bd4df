"""Telling a member something in private: a chat room of two.

Two identical messages are two messages; each has an id of its own, which is the receipt.
"""

from collections.abc import Mapping
from typing import Any

from moderation.errors import NotAllowedError, PayloadError, RefusedError, TryLaterError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.decoders import ROOM, USER_ANSWER
from sync.nodebb.ids import in_path, native
from sync.nodebb.push.rooms import Lines
from sync.nodebb.push.tools import Tools
from sync.parts.intents import Taken, on


class Message:
    """Write to a member in the room of two that NodeBB has for them and this account, made where there is none."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._lines = Lines(tools)

    def before(self, intent: Intent) -> Before:
        """Does the member exist; the room and its newest message."""
        reader = self._tools.context.reader
        user = reader.find(endpoints.user(in_path(on(intent, Kind.MEMBER))), USER_ANSWER, Urgency.FLUSH)
        if user.value is None:
            return Before(Standing.GONE, {})
        room = self._room(intent.target)
        newest = self._lines.newest(room) if room is not None else 0
        return Before(Standing.CLEAR, {"room": room, "message": newest})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Make the room if there is none (which nobody is told of), then write once."""
        text = str(intent.payload.get("text", ""))
        if not text.strip():
            raise RefusedError("text_empty")
        room = before.baseline.get("room") or self._made(intent.target)
        return self._lines.say(str(room), text)

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the room has such a message; see :meth:`~sync.nodebb.push.rooms.Lines.said`."""
        try:
            room = hints.get("room") or (intent.baseline or {}).get("room") or self._room(intent.target)
            return self._lines.said(intent, str(room) if room is not None else None, hints, taken)
        except (NotAllowedError, PayloadError):
            return Evidence(Answer.UNCLEAR, where=("chat room",))

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
