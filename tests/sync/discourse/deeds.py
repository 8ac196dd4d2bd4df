"""Every kind of write with a target in a small Discourse, for tests that run over all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moderation.actions import Action
from moderation.ids import Kind, Ref
from moderation.items import Item
from tests.sync.conformance.acting import Actor
from tests.sync.conformance.memory import MemoryMirror
from tests.sync.discourse.small import COLLEAGUE, MEMBER, MODERATOR, OTHER, Small

NAME = "sample"
UNTIL = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Deed:
    """One write that is about to be made; ``method`` of the request that has the effect."""

    target: Ref
    item: Item | None
    method: str
    payload: dict[str, Any] = field(default_factory=dict)


Make = Callable[[Small, Actor], Deed]


def ref(kind: Kind, native: object) -> Ref:
    """An id in the small community."""
    return Ref(NAME, kind, str(native))


def _on_item(method: str = "PUT", claimed: int | None = None, held: bool = False, **payload: Any) -> Make:
    def make(small: Small, actor: Actor) -> Deed:
        item = small.held() if held else small.reported()
        item["claimed"] = claimed
        target = ref(Kind.REVIEW, item["id"])
        return Deed(target, actor.item(target, MemoryMirror()), method, payload)

    return make


def _on_post(method: str, hidden: bool = False, **payload: Any) -> Make:
    def make(small: Small, actor: Actor) -> Deed:
        post = small.reported()["post"]
        post["hidden"] = hidden
        return Deed(ref(Kind.POST, post["id"]), None, method, payload)

    return make


def _on_thread(method: str = "PUT", first: str = "", private: bool = False, **payload: Any) -> Make:
    def make(small: Small, actor: Actor) -> Deed:
        post = small.message(MODERATOR, OTHER, "A message") if private else small.reported()["post"]
        if first:
            small.topics[post["topic_id"]][first] = True
        return Deed(ref(Kind.THREAD, post["topic_id"]), None, method, payload)

    return make


def _on_member(method: str = "PUT", first: str = "", **payload: Any) -> Make:
    def make(small: Small, actor: Actor) -> Deed:
        if first:
            small.people[MEMBER] |= {f"{first}_at": UNTIL, f"{first}_till": UNTIL, f"{first}_by": {"id": COLLEAGUE}}
        return Deed(ref(Kind.MEMBER, MEMBER), None, method, payload)

    return make


_A = Action
_WHO = str(ref(Kind.MEMBER, COLLEAGUE))
DEEDS: dict[Action, Make] = {
    _A.RESOLVE: _on_item(),
    _A.DISMISS: _on_item(),
    _A.TAKE: _on_item("POST"),
    _A.ASSIGN: _on_item("POST"),
    _A.RELEASE: _on_item("DELETE", claimed=MODERATOR),
    _A.NOTE: _on_item("POST", text="A note of ours"),
    _A.APPROVE: _on_item(held=True),
    _A.REJECT: _on_item(held=True),
    _A.HIDE: _on_item(),
    _A.RESTORE: _on_post("PUT", hidden=True),
    _A.EDIT: _on_post("PUT", text="A text that a moderator has edited"),
    _A.LOCK: _on_thread(),
    _A.UNLOCK: _on_thread(first="closed"),
    _A.ARCHIVE: _on_thread(),
    _A.UNARCHIVE: _on_thread(first="archived"),
    _A.PIN: _on_thread(),
    _A.UNPIN: _on_thread(first="pinned"),
    _A.MOVE: _on_thread(forum="6"),
    _A.SLOW: _on_thread(seconds=600),
    _A.TIMER: _on_thread("POST", until=UNTIL),
    _A.TAG: _on_thread(tags=["kettles"]),
    _A.BAN: _on_member(reason="Spam", until=UNTIL),
    _A.UNBAN: _on_member(first="suspended"),
    _A.MUTE: _on_member(reason="Cool down", until=UNTIL),
    _A.UNMUTE: _on_member(first="silenced"),
    _A.MESSAGE: _on_member("POST", text="About your post in the forum"),
    _A.REPLY: _on_thread("POST", text="An answer of ours  \n"),
    _A.WHISPER: _on_thread("POST", text="A word among us"),
    _A.INVITE: _on_thread("POST", private=True, member=_WHO),
    _A.UNINVITE: _on_thread(private=True, member=str(ref(Kind.MEMBER, OTHER))),
    _A.CONVERT: _on_thread(),
}
