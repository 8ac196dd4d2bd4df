"""NodeBB's ids as ids of this program.

Ids of local things are numbers. Federated things carry whole addresses (ActivityPub), which do not fit an id of this
program: those are written as ``ap.`` and base64url.
"""

import base64
import binascii
from urllib.parse import quote

from moderation.ids import Kind, Ref

Native = int | str
_AP = "ap."
WORLD = "-1"
"""NodeBB's place for federated topics without a category; it has no list of its own."""
CHATS = "chats"
"""Stands for the chat rooms, which are in no category: a forum that no server lists."""
_ROOM = "chat-"


def safe(native: Native) -> str:
    """The native part of an id: numbers and queue ids as they are, addresses encoded."""
    text = str(native)
    if all(char.isascii() and (char.isalnum() or char in "_.-") for char in text) and not text.startswith(_AP):
        return text
    return _AP + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def native(ref: Ref) -> str:
    """What the server calls it."""
    if not ref.native.startswith(_AP):
        return ref.native
    packed = ref.native[len(_AP) :]
    try:
        return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ref.native


def in_path(ref: Ref) -> str:
    """The native id, ready for a path."""
    return quote(native(ref), safe="")


def room_of(thread: Ref) -> str | None:
    """The chat room that an id of a thread stands for, ``None`` for a topic."""
    return thread.native.removeprefix(_ROOM) if thread.native.startswith(_ROOM) else None


def thread_of_line(post: Ref) -> Ref | None:
    """The thread of a post that stands for a line in a chat room, ``None`` for a post in a topic."""
    return post.sibling(Kind.THREAD, post.native.partition(".")[0]) if post.native.startswith(_ROOM) else None


class Namer:
    """Makes ids of one community."""

    def __init__(self, community: str) -> None:
        self.community = community

    def ref(self, kind: Kind, native: Native) -> Ref:
        """An id of this community."""
        return Ref(self.community, kind, safe(native))

    def maybe(self, kind: Kind, native: Native | None) -> Ref | None:
        """An id, or ``None`` for what NodeBB writes where there is nothing (``null``, ``0``, ``""``)."""
        return None if native in (None, 0, "", "0") else self.ref(kind, native)

    def member(self, uid: Native | None) -> Ref | None:
        """A member; ``None`` for guests (0) and the system (negative)."""
        if uid is None or (str(uid).lstrip("-").isdigit() and int(uid) <= 0):
            return None
        return self.maybe(Kind.MEMBER, uid)

    def room(self, room: Native) -> Ref:
        """The thread that a chat room is."""
        return self.ref(Kind.THREAD, f"{_ROOM}{room}")

    def line(self, room: Native, message: Native) -> Ref:
        """The post that a line in a chat room is."""
        return self.ref(Kind.POST, f"{_ROOM}{room}.{message}")
