"""Messages that clients poll for, derived from what took effect by any face (API.md section 8). They are hints only."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.sandbox.discourse import people, queue_state
from sync.sandbox.discourse.extras import PENDING, extras
from sync.sandbox.discourse.wire import Json, iso
from sync.sandbox.state.records import Effect
from sync.sandbox.state.store import State

BACKLOG = 100
COUNTS, CLAIMED, LATEST, NEW = "/reviewable_counts", "/reviewable_claimed", "/latest", "/new"
NOTIFICATION = "/notification"
_REVIEWED = ("report", "decide", "resolve_by_hiding", "withdraw", "erase", "hold", "accept", "reject", "edit_held")
_ON_POSTS = {"edit": "revised", "hide": "deleted", "restore": "recovered", "purge": "deleted", "move_post": "deleted"}
_ON_THREADS = ("lock", "unlock", "pin", "unpin", "move", "delete", "restore", "tag", "rename")


class Sent(NamedTuple):
    """A message: its number on the whole bus, its number in its channel, and what it says."""

    world: int
    id: int
    data: Json


@dataclass
class Bus:
    """All channels since the server started; the counters restart with it. `read` effects have become messages, and of
    `noticed` each member's newest notice is the one that was told last.
    """

    channels: dict[str, deque[Sent]] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    world: int = 0
    read: int = 0
    noticed: dict[int, str] = field(default_factory=dict)

    def follow(self, state: State) -> None:
        """Take in what took effect since the last time."""
        for effect in state.effects[self.read :]:
            for channel, data in _messages(state, effect):
                self.publish(channel, data)
        if self.read < len(state.effects):
            self._notify(state)
        self.read = len(state.effects)

    def _notify(self, state: State) -> None:
        """Tell each member who has a new notice; how many there are is for the list to say."""
        for member, notices in state.tables.notices.items():
            newest = notices[0].id if notices else ""
            if newest and self.noticed.get(member) != newest:
                self.noticed[member] = newest
                if self.read:  # what was there when the server started is no news
                    self.publish(f"{NOTIFICATION}/{member}", {})

    def publish(self, channel: str, data: Json) -> None:
        """Send to everybody who listens or comes back soon."""
        self.world += 1
        self.last[channel] = self.last.get(channel, 0) + 1
        kept = self.channels.setdefault(channel, deque(maxlen=BACKLOG))
        kept.append(Sent(self.world, self.last[channel], data))

    def since(self, channel: str, ident: int) -> list[Sent]:
        """What came in a channel after a number, as far as it is kept."""
        return [sent for sent in self.channels.get(channel, ()) if sent.id > ident]

    def restart(self) -> None:
        """Begin to count anew, as a server that lost its memory does."""
        self.channels.clear()
        self.last.clear()


def _messages(state: State, effect: Effect) -> Iterator[tuple[str, Json]]:
    kind, _, ident = effect.target.partition(":")
    if effect.verb in _REVIEWED or kind == "scan":
        yield from _about_review(state, effect, kind, ident)
    if effect.verb in ("claim", "unclaim"):
        yield CLAIMED, _claim(state, int(ident), effect.by if effect.verb == "claim" else 0)
    if effect.verb == "message":
        known = extras(state).readers.get(int(ident))  # gone where a backup was put back, or a message became public
        readers = known.users if known is not None else []
        yield from ((f"{NOTIFICATION}/{reader}", {}) for reader in readers if reader != effect.by)
    post = effect.detail.get("post")
    if effect.verb in ("reply", "thread", "accept") and isinstance(post, int) and post in state.tables.posts:
        yield from _about_post(state, post, "created")
        if effect.verb == "thread":
            yield NEW, _topic(state, state.post(post).thread, "new_topic")
    if kind == "post" and effect.verb in _ON_POSTS and int(ident) in state.tables.posts:
        yield from _about_post(state, int(ident), _ON_POSTS[effect.verb])
    if kind == "thread" and effect.verb in _ON_THREADS:
        yield f"/topic/{ident}", {"reload_topic": True, "refresh_stream": effect.verb in ("delete", "restore")}


def _about_review(state: State, effect: Effect, kind: str, ident: str) -> Iterator[tuple[str, Json]]:
    """The counts of everybody who reviews change; a decision also names who made it."""
    number = int(ident) if kind in ("item", "scan") else extras(state).queued_ids.get(ident, 0)
    data: Json = {}
    item = state.tables.items.get(number)
    if effect.verb == "erase":
        data["remove_reviewable_ids"] = [number]
    elif number and effect.verb not in ("report", "hold"):
        queued = extras(state).queued.get(number)
        status = queue_state.status_of(state, item) if item else queued.status if queued else PENDING
        by = people.basic(state, effect.by)["username"]
        data["updates"] = {str(number): {"last_performing_username": by, "status": status}}
    yield COUNTS, data
    if item is not None and "assignee" in effect.detail:
        thread = queue_state.thread_of(state, item)
        assignee = effect.detail["assignee"]
        if thread is not None:
            yield CLAIMED, _claim(state, thread.id, int(str(assignee)) if assignee else 0)


def _about_post(state: State, post: int, what: str) -> Iterator[tuple[str, Json]]:
    one = state.post(post)
    when = iso(max(one.at, one.edited_at))
    yield f"/topic/{one.thread}", {"type": what, "id": one.id, "user_id": one.author, "updated_at": when}
    if what == "created" and not extras(state).is_private(one.thread):
        yield LATEST, _topic(state, one.thread, "latest")


def _topic(state: State, ident: int, what: str) -> Json:
    thread = state.thread(ident)
    payload = {"category_id": thread.forum, "archetype": "regular", "bumped_at": iso(thread.last_at)}
    return {"topic_id": ident, "message_type": what, "payload": payload}


def _claim(state: State, thread: int, uid: int) -> Json:
    """Somebody took a topic; without a user it was released."""
    shown: Json = {"topic_id": thread, "automatic": False}
    return shown | ({"user": people.basic(state, uid)} if uid else {})
