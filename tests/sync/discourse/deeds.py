"""Every kind of write with a target in the sample community's Discourse face, for tests that run over all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moderation.actions import Action
from moderation.ids import Kind, Ref
from moderation.items import Item, ItemState
from tests.conformance.acting import Actor
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse.face import ADMIN, COLLEAGUE, CUSTOMER, ME, OTHER_CUSTOMER, World, ref

UNTIL = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="milliseconds")
LONG = "An answer of ours that is long enough for everybody"


@dataclass(frozen=True)
class Deed:
    """One write that is about to be made, and the request that has the effect."""

    target: Ref
    item: Item | None
    path: str
    method: str
    payload: dict[str, Any] = field(default_factory=dict)


Make = Callable[[World, Actor], Deed]


def _item(method: str, path: str, claimed: bool = False, **payload: Any) -> Make:
    def make(world: World, actor: Actor) -> Deed:
        target, _, thread = world.reported_post()
        if claimed:
            body = {"reviewable_claimed_topic": {"topic_id": int(thread.native)}}
            world.raw("/reviewable_claimed_topics.json", ME, "POST", body)
        return Deed(target, actor.item(target, MemoryMirror()), path, method, payload)

    return make


def _held(name: str) -> Make:
    def make(world: World, actor: Actor) -> Deed:
        rows = world.raw("/review.json?type=ReviewableQueuedPost&priority=low")["reviewables"]
        target = ref(Kind.REVIEW, rows[0]["id"])
        item = actor.item(target, MemoryMirror())
        assert item.state is ItemState.HELD
        return Deed(target, item, f"/review/{target.native}/perform/{name}", "PUT")

    return make


def _post(method: str, verb: str = "", hidden: bool = False, **payload: Any) -> Make:
    def make(world: World, actor: Actor) -> Deed:
        _, post, _ = world.reported_post()
        if hidden:
            world.raw(f"/posts/{post.native}.json", COLLEAGUE, "DELETE")
        return Deed(post, None, f"/posts/{post.native}{verb}", method, payload)

    return make


def _thread(method: str, verb: str, first: str = "", **payload: Any) -> Make:
    def make(world: World, actor: Actor) -> Deed:
        _, _, thread = world.reported_post()
        path = f"/t/{thread.native}"
        if first:
            world.raw(f"{path}/status.json", ADMIN, "PUT", {"status": first, "enabled": "true"})
        return Deed(thread, None, verb or path, method, _filled(world, payload))

    return make


def _message(method: str, verb: str, who: str) -> Make:
    def make(world: World, actor: Actor) -> Deed:
        body = {"archetype": "private_message", "title": "About a router of yours", "raw": LONG,
                "target_recipients": OTHER_CUSTOMER}  # fmt: skip
        topic = world.raw("/posts.json", ME, "POST", body)["topic_id"]
        member = str(ref(Kind.MEMBER, world.community.uid(who)))
        return Deed(ref(Kind.THREAD, topic), None, f"/t/{topic}/{verb}", method, {"member": member})

    return make


def _member(verb: str, first: str = "", **payload: Any) -> Make:
    def make(world: World, actor: Actor) -> Deed:
        member = ref(Kind.MEMBER, world.community.uid(CUSTOMER))
        if first:
            end = {"suspend": "suspend_until", "silence": "silenced_till"}[first]
            world.raw(f"/admin/users/{member.native}/{first}.json", ADMIN, "PUT", {end: UNTIL, "reason": "before"})
        return Deed(member, None, f"/admin/users/{member.native}/{verb}", "PUT", payload)

    return make


def _mail(world: World, actor: Actor) -> Deed:
    return Deed(ref(Kind.MEMBER, world.community.uid(CUSTOMER)), None, "/posts", "POST", {"text": LONG})


def _filled(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    """Names of forums become ids."""
    if payload.get("forum") != "other":
        return payload
    forums = [one for one in world.raw("/site.json")["categories"] if not one["read_restricted"]]
    return {**payload, "forum": str(ref(Kind.FORUM, forums[-1]["id"]))}


def _place(world: World, actor: Actor) -> Deed:
    customer, case = ref(Kind.MEMBER, world.community.uid(CUSTOMER)), f"case-{world.community.state.number('case')}"
    payload = {"case": case, "title": f"Private: a router ({case})", "text": LONG, "made": "thread"}
    return Deed(customer, None, "/posts", "POST", payload)


def _reader(method: str, verb: str, who: str) -> Make:
    def make(world: World, actor: Actor) -> Deed:
        message = _message(method, verb, who)(world, actor)
        member = ref(Kind.MEMBER, world.community.uid(who))
        readers = [str(ref(Kind.MEMBER, world.community.uid(OTHER_CUSTOMER)))]
        return Deed(member, None, message.path, method, {"place": str(message.target), "readers": readers})

    return make


def _open(world: World, actor: Actor) -> Deed:
    case = f"case-{world.community.state.number('case')}"
    forum = next(one["id"] for one in world.raw("/site.json")["categories"] if not one["read_restricted"])
    payload = {"case": case, "title": f"A question goes on in private ({case})", "text": LONG}
    return Deed(ref(Kind.FORUM, forum), None, "/posts", "POST", payload)


def _answer(world: World, actor: Actor) -> Deed:
    _, _, thread = world.reported_post()
    body = {"topic_id": int(thread.native), "raw": LONG}
    post = world.raw("/posts.json", OTHER_CUSTOMER, "POST", body)["id"]
    return Deed(ref(Kind.POST, post), None, "/solution/accept", "POST")


def _follow(world: World, actor: Actor) -> Deed:
    forums = world.raw("/site.json")["categories"]
    free = next(one["id"] for one in forums if not one["read_restricted"])
    return Deed(ref(Kind.FORUM, free), None, f"/category/{free}/notifications", "POST", {"level": "watching_first"})


_A = Action
DEEDS: dict[Action, Make] = {
    _A.RESOLVE: _item("PUT", "/perform/"),
    _A.DISMISS: _item("PUT", "/perform/"),
    _A.HIDE: _item("PUT", "/perform/"),
    _A.TAKE: _item("POST", "/reviewable_claimed_topics"),
    _A.ASSIGN: _item("POST", "/reviewable_claimed_topics"),
    _A.RELEASE: _item("DELETE", "/reviewable_claimed_topics", claimed=True),
    _A.NOTE: _item("POST", "/notes", text="A note of ours"),
    _A.APPROVE: _held("approve_post"),
    _A.REJECT: _held("reject_post"),
    _A.RESTORE: _post("PUT", "/recover", hidden=True),
    _A.EDIT: _post("PUT", text="A text that a moderator has edited"),
    _A.LOCK: _thread("PUT", "/status"),
    _A.UNLOCK: _thread("PUT", "/status", first="closed"),
    _A.ARCHIVE: _thread("PUT", "/status"),
    _A.UNARCHIVE: _thread("PUT", "/status", first="archived"),
    _A.PIN: _thread("PUT", "/status"),
    _A.UNPIN: _thread("PUT", "/status", first="pinned"),
    _A.MOVE: _thread("PUT", "/t/-/", forum="other"),
    _A.SLOW: _thread("PUT", "/slow_mode", seconds=600),
    _A.TIMER: _thread("POST", "/timer", until=UNTIL),
    _A.TAG: _thread("PUT", "/t/-/", tags=["router", "wifi"]),
    _A.BAN: _member("suspend", reason="Spam", until=UNTIL),
    _A.UNBAN: _member("unsuspend", first="suspend"),
    _A.MUTE: _member("silence", reason="Cool down", until=UNTIL),
    _A.UNMUTE: _member("unsilence", first="silence"),
    _A.MESSAGE: _mail,
    _A.REPLY: _thread("POST", "/posts", text=LONG + "  \n"),
    _A.WHISPER: _thread("POST", "/posts", text="A word among us, whispered"),
    _A.INVITE: _message("POST", "invite", CUSTOMER),
    _A.UNINVITE: _message("PUT", "remove-allowed-user", OTHER_CUSTOMER),
    _A.MARK_ANSWER: _answer,
    _A.CONVERT: _thread("PUT", "/convert-topic/private"),
    _A.PLACE: _place,
    _A.ADMIT: _reader("POST", "invite", CUSTOMER),
    _A.EXPEL: _reader("PUT", "remove-allowed-user", OTHER_CUSTOMER),
    _A.OPEN: _open,
    _A.FOLLOW: _follow,
}
