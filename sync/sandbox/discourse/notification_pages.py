"""What is new for an account: replies in topics it follows, messages, and what became of held posts."""

from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

from sync.sandbox.discourse import people, stream
from sync.sandbox.discourse.answers import Answer, ok, success
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.show_posts import slug
from sync.sandbox.discourse.wire import Json, iso
from sync.sandbox.state.records import Notice
from sync.sandbox.state.store import State

POSTED, MESSAGE, APPROVED = 9, 6, 20
_KINDS = {"new-reply": POSTED, "post-queue-accepted": APPROVED}
_NAME = "discourse notifications"
_MOST, _RECENT = 60, 30


@dataclass(slots=True)
class Seen:
    """Until when each account has seen everything, and single notifications beyond that."""

    until: dict[int, int] = field(default_factory=dict)
    single: dict[int, set[int]] = field(default_factory=dict)


class New(NamedTuple):
    """Something new about a post."""

    id: int
    kind: int
    at: int
    by: int
    post: int


@route("GET", "/notifications", "notifications/index", login=True)
def index(call: Call) -> Answer:
    """Newest first, sixty a page; the queue of reviews is no part of it."""
    found = _everything(call.state, call.uid)
    seen = found[0].id if found else 0
    if call.yes("recent"):
        rows = [_row(call, one) for one in found[: call.whole("limit", _RECENT)]]
        return ok({"notifications": rows, "seen_notification_id": seen})
    wanted = call.text("filter")
    kept = [
        n for n in found if wanted not in ("read", "unread") or _read(call.state, call.uid, n) is (wanted == "read")
    ]
    offset, limit = max(0, call.whole("offset")), min(call.whole("limit", _MOST), _MOST)
    rows = [_row(call, one) for one in kept[offset : offset + limit]]
    name = people.basic(call.state, call.uid)["username"]
    further = f"/notifications?offset={offset + limit}&username={name}"
    total: Json = {"total_rows_notifications": len(kept), "seen_notification_id": seen}
    return ok({"notifications": rows, **total, "load_more_notifications": further})


@route("PUT", "/notifications/mark-read", "notifications/mark_read", login=True)
def mark_read(call: Call) -> Answer:
    """All, or the one whose id is sent."""
    seen = _seen(call.state)
    if call.whole("id"):
        seen.single.setdefault(call.uid, set()).add(call.whole("id"))
    else:
        seen.until[call.uid] = call.state.clock.tick()
    call.state.effect(call.uid, "seen", f"member:{call.uid}")
    return success()


def _everything(state: State, uid: int) -> list[New]:
    posts = state.tables.posts
    notices = [_told(notice) for notice in state.tables.notices.get(uid, []) if notice.kind in _KINDS]
    found = [one for one in notices if one.post in posts] + _messages(state, uid)
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def _told(notice: Notice) -> New:
    post = int(notice.path.rpartition("/")[2])
    return New(crc32(notice.id.encode()), _KINDS[notice.kind], notice.at, notice.by, post)


def _messages(state: State, uid: int) -> list[New]:
    """Messages that others began with the account."""
    found = []
    for ident, readers in extras(state).readers.items():
        thread = state.tables.threads.get(ident)
        if thread is not None and uid in readers.users and thread.author != uid and thread.posts:
            new = crc32(f"message {ident}".encode())
            found.append(New(new, MESSAGE, thread.at, thread.author, thread.posts[0]))
    return found


def _row(call: Call, one: New) -> Json:
    state, post = call.state, call.state.post(one.post)
    thread, by = state.thread(post.thread), people.basic(state, one.by or post.author)
    return {
        "id": one.id,
        "user_id": call.uid,
        "external_id": None,
        "notification_type": one.kind,
        "read": _read(state, call.uid, one),
        "high_priority": one.kind == MESSAGE,
        "created_at": iso(one.at),
        "post_number": stream.number_of(state, post),
        "topic_id": thread.id,
        "fancy_title": thread.title,
        "slug": slug(thread),
        "data": {
            "topic_title": thread.title,
            "original_post_id": post.id,
            "original_post_type": 1,
            "original_username": by["username"],
            "revision_number": None,
            "display_username": by["username"],
        },
    }


def _read(state: State, uid: int, one: New) -> bool:
    seen = _seen(state)
    return one.at <= seen.until.get(uid, 0) or one.id in seen.single.get(uid, ())


def _seen(state: State) -> Seen:
    found = state.tables.faces.get(_NAME)
    if not isinstance(found, Seen):
        found = state.tables.faces[_NAME] = Seen()
    return found
