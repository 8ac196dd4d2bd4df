"""Every kind of write with a target in the sample community, for tests that run over all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moderation.actions import Action
from moderation.ids import Kind, Ref
from moderation.items import Item
from tests.conformance.acting import Actor
from tests.conformance.memory import MemoryMirror
from tests.sync.nodebb.world import ADMIN, COLLEAGUE, CUSTOMER, NEWCOMER, World, ref


@dataclass(frozen=True)
class Deed:
    """One write that is about to be made."""

    action: Action
    target: Ref
    item: Item | None
    path: str
    method: str
    payload: dict[str, Any] = field(default_factory=dict)


def _flag(action: Action, state: str | None = None, assignee: str | None = None, **payload: Any) -> "Make":
    def make(world: World, actor: Actor) -> Deed:
        flag, _, _ = world.reported_post()
        if state or assignee:
            world.community.decide_as(COLLEAGUE, int(flag.native), state, assignee)
        path = f"/api/v3/flags/{flag.native}" + ("/notes" if action is Action.NOTE else "")
        method = "POST" if action is Action.NOTE else "PUT"
        return Deed(action, flag, actor.item(flag, MemoryMirror()), path, method, _filled(world, payload))

    return make


def _post(action: Action, method: str, hidden: bool = False, **payload: Any) -> "Make":
    def make(world: World, actor: Actor) -> Deed:
        flag, post, _ = world.reported_post()
        if hidden:
            world.raw(f"/api/v3/posts/{post.native}/state", COLLEAGUE, "DELETE", {})
        path = f"/api/v3/posts/{post.native}" + ("/state" if action in (Action.HIDE, Action.RESTORE) else "")
        return Deed(action, post, actor.item(flag, MemoryMirror()), path, method, payload)

    return make


def _thread(action: Action, method: str, verb: str, first: str = "", hidden: bool = False, **payload: Any) -> "Make":
    def make(world: World, actor: Actor) -> Deed:
        flag, _, thread = world.reported_post()
        if hidden:
            world.raw(f"/api/v3/topics/{thread.native}/state", COLLEAGUE, "DELETE", {})
        if first:
            world.raw(f"/api/v3/topics/{thread.native}/{first}", COLLEAGUE, "PUT", {})
        path = f"/api/v3/topics/{thread.native}/{verb}"
        return Deed(action, thread, actor.item(flag, MemoryMirror()), path, method, _filled(world, payload))

    return make


def _member(action: Action, method: str, verb: str, first: bool = False, **payload: Any) -> "Make":
    def make(world: World, actor: Actor) -> Deed:
        member = ref(Kind.MEMBER, world.community.uid(CUSTOMER))
        path = f"/api/v3/users/{member.native}/{verb}"
        if first:
            world.raw(path, "osric_vale", "PUT", {"reason": "before", "until": 0})
        return Deed(action, member, None, path, method, payload)

    return make


def _held(action: Action, method: str, **payload: Any) -> "Make":
    def make(world: World, actor: Actor) -> Deed:
        held = ref(Kind.HELD, world.community.hold_as(NEWCOMER, world.open_thread(), "A first post, held").id)
        path = f"/api/v3/posts/queue/{held.native}" + ("/notify" if action is Action.NOTIFY else "")
        return Deed(action, held, actor.item(held, MemoryMirror()), path, method, payload)

    return make


def _reply(world: World, actor: Actor) -> Deed:
    thread = ref(Kind.THREAD, world.open_thread())
    return Deed(
        Action.REPLY, thread, None, f"/api/v3/topics/{thread.native}$", "POST", {"text": "An answer of ours  \n"}
    )


def _message(world: World, actor: Actor) -> Deed:
    member = ref(Kind.MEMBER, world.community.uid(CUSTOMER))
    return Deed(Action.MESSAGE, member, None, r"/api/v3/chats/\d+$", "POST", {"text": "About your post in the forum"})


def _case_forum(world: World) -> tuple[Ref, Ref]:
    """The team's private category and the customer's below it, not let in yet."""
    forums = world.raw("/api/v3/categories", ADMIN)["response"]["categories"]
    under = next(f["cid"] for f in forums if f["name"] == "Private cases")
    body = {"name": "Private: Benno", "parentCid": under, "cloneFromCid": under}
    made = world.raw("/api/v3/categories", ADMIN, "POST", body)["response"]["cid"]
    return ref(Kind.FORUM, under), ref(Kind.FORUM, made)


def customer(world: World) -> Ref:
    """The customer of a case."""
    return ref(Kind.MEMBER, world.community.uid(CUSTOMER))


def _place(world: World, actor: Actor) -> Deed:
    forums = world.raw("/api/v3/categories", ADMIN)["response"]["categories"]
    under = ref(Kind.FORUM, next(f["cid"] for f in forums if f["name"] == "Private cases"))
    payload = {"case": "case-1", "place": "category", "under": str(under), "title": "Private: Benno"}
    return Deed(Action.PLACE, customer(world), None, "/api/v3/categories$", "POST", payload)


def _room(world: World, actor: Actor) -> Deed:
    payload = {"case": "case-1", "place": "chat", "title": "case-1: Benno", "readers": []}
    return Deed(Action.PLACE, customer(world), None, "/api/v3/chats$", "POST", payload)


def _made_room(world: World, actor: Actor, *others: str) -> Ref:
    uids = [world.community.uid(name) for name in (COLLEAGUE, *others)]
    made = world.raw("/api/v3/chats", ADMIN, "POST", {"uids": uids, "roomName": "case-1: Benno"})
    return ref(Kind.THREAD, f"chat-{made['response']['roomId']}")


def _admit(world: World, actor: Actor) -> Deed:
    """The last right of four: what breaks off before it has not happened, see test_private_places."""
    place, who = _case_forum(world)[1], customer(world)
    table = f"/api/v3/categories/{place.native}/privileges"
    for right in ("find", "read", "topics:read"):
        world.raw(f"{table}/{right}", ADMIN, "PUT", {"member": int(who.native)})
    return Deed(Action.ADMIT, who, None, f"{table}/topics:reply", "PUT", {"place": str(place)})


def _expel(world: World, actor: Actor) -> Deed:
    place, who = _case_forum(world)[1], customer(world)
    path = f"/api/v3/categories/{place.native}/privileges/topics:read"
    world.raw(path, ADMIN, "PUT", {"member": int(who.native)})
    return Deed(Action.EXPEL, who, None, path, "DELETE", {"place": str(place)})


def _into_room(world: World, actor: Actor) -> Deed:
    place = {"place": str(_made_room(world, actor))}
    return Deed(Action.ADMIT, customer(world), None, r"/api/v3/chats/\d+/users$", "POST", place)


def _out_of_room(world: World, actor: Actor) -> Deed:
    place = {"place": str(_made_room(world, actor, CUSTOMER))}
    return Deed(Action.EXPEL, customer(world), None, r"/api/v3/chats/\d+/users$", "DELETE", place)


def _say(world: World, actor: Actor) -> Deed:
    room, readers = _made_room(world, actor, CUSTOMER), [CUSTOMER, COLLEAGUE]
    payload = {"text": "Said in a room", "readers": [str(ref(Kind.MEMBER, world.community.uid(r))) for r in readers]}
    return Deed(Action.REPLY, room, None, r"/api/v3/chats/\d+$", "POST", payload)


def _open(world: World, actor: Actor) -> Deed:
    payload = {
        "title": "A private copy",
        "text": "What was said in public  \n",
        "tags": ["case-1"],
        "private": True,
        "customer": str(customer(world)),
    }
    return Deed(Action.OPEN, _case_forum(world)[1], None, "/api/v3/topics$", "POST", payload)


def _pointer(world: World, actor: Actor) -> Deed:
    payload = {"title": "Gone on in private", "text": "We go on in private with this one."}
    return Deed(Action.OPEN, ref(Kind.FORUM, world.public_forum()), None, "/api/v3/topics$", "POST", payload)


def _follow(world: World, actor: Actor) -> Deed:
    cid = world.public_forum()
    path, payload = f"/api/v3/categories/{cid}/watch", {"level": "watching"}
    return Deed(Action.FOLLOW, ref(Kind.FORUM, cid), None, path, "PUT", payload)


def _filled(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    """Names of colleagues and forums become ids."""
    filled = dict(payload)
    if filled.get("member") == "colleague":
        filled["member"] = str(ref(Kind.MEMBER, world.community.uid(COLLEAGUE)))
    if filled.get("forum") == "other":
        here = world.public_forum()
        forums = world.raw("/api/v3/categories", None)["response"]["categories"]
        filled["forum"] = str(ref(Kind.FORUM, next(f["cid"] for f in forums if f["cid"] not in (here, -1))))
    return filled


Make = Callable[[World, Actor], Deed]
UNTIL = (datetime.now(UTC) + timedelta(days=3)).isoformat()

DEEDS: dict[str, Make] = {
    "resolve": _flag(Action.RESOLVE),
    "dismiss": _flag(Action.DISMISS),
    "take": _flag(Action.TAKE),
    "reopen": _flag(Action.REOPEN, state="resolved"),
    "assign": _flag(Action.ASSIGN, member="colleague"),
    "release": _flag(Action.RELEASE, state="wip", assignee=COLLEAGUE),
    "note": _flag(Action.NOTE, text="A note of ours"),
    "hide": _post(Action.HIDE, "DELETE"),
    "restore": _post(Action.RESTORE, "PUT", hidden=True),
    "purge": _post(Action.PURGE, "DELETE"),
    "edit": _post(Action.EDIT, "PUT", text="A text that a moderator has edited"),
    "lock": _thread(Action.LOCK, "PUT", "lock"),
    "unlock": _thread(Action.UNLOCK, "DELETE", "lock", first="lock"),
    "pin": _thread(Action.PIN, "PUT", "pin"),
    "unpin": _thread(Action.UNPIN, "DELETE", "pin", first="pin"),
    "move": _thread(Action.MOVE, "PUT", "move", forum="other"),
    "ban": _member(Action.BAN, "PUT", "ban", reason="Spam", until=UNTIL),
    "unban": _member(Action.UNBAN, "DELETE", "ban", first=True),
    "mute": _member(Action.MUTE, "PUT", "mute", reason="Cool down", until=UNTIL),
    "unmute": _member(Action.UNMUTE, "DELETE", "mute", first=True),
    "approve": _held(Action.APPROVE, "POST"),
    "reject": _held(Action.REJECT, "DELETE"),
    "edit held": _held(Action.EDIT, "PUT", text="A held text that a moderator has edited"),
    "notify": _held(Action.NOTIFY, "POST", text="Please say which version"),
    "reply": _reply,
    "message": _message,
    "place": _place,
    "room": _room,
    "admit": _admit,
    "expel": _expel,
    "admit to room": _into_room,
    "expel from room": _out_of_room,
    "say": _say,
    "open": _open,
    "open in public": _pointer,
    "tag": _thread(Action.TAG, "PUT", "tags", tags=["case-1"]),
    "follow": _follow,
    "hide thread": _thread(Action.HIDE, "DELETE", "state"),
    "restore thread": _thread(Action.RESTORE, "PUT", "state", hidden=True),
}
