"""Does the mirror agree with the server? Compared by the server's own snapshot, not through the connector."""

from typing import Any

from moderation.ids import Kind, Ref
from moderation.items import PENDING_STATES, ItemState
from moderation.ports import Mirror
from moderation.queries import QueueQuery
from sync.sandbox import SampleCommunity
from tests.faults.ground import NAME

Json = dict[str, Any]


def differences(mirror: Mirror, community: SampleCommunity, name: str = NAME) -> list[str]:
    """What differs, in words; empty when open items, their facts, and threads with their posts are the same.

    What no feed reports (a post hidden by somebody else) is not compared.
    """
    truth = community.snapshot()
    return [*_queue(mirror, truth, name), *_items(mirror, truth, name), *_threads(mirror, truth, name)]


def _queue(mirror: Mirror, truth: Json, community: str) -> list[str]:
    theirs = {str(_ref(community, Kind.FLAG, item["id"])): item["state"] for item in truth["items"]}
    pending = {name: state for name, state in theirs.items() if ItemState(state) in PENDING_STATES}
    pending |= {str(_ref(community, Kind.HELD, held["id"])): "held" for held in truth["held"]}
    mirror.lay_over(())
    rows = mirror.page(QueueQuery(), limit=10_000)
    ours = {row.id: str(row.state) for row in rows}
    found = [f"queue: {name} here {ours.get(name)}, there {pending.get(name)}" for name in pending.keys() | ours.keys()
             if ours.get(name) != pending.get(name)]  # fmt: skip
    count = mirror.count(QueueQuery())
    return found + ([f"queue: count {count}, rows {len(rows)}"] if count != len(rows) else [])


def _items(mirror: Mirror, truth: Json, community: str) -> list[str]:
    found: list[str] = []
    for item in truth["items"]:
        here = mirror.item(_ref(community, Kind.FLAG, item["id"]))
        if here is None or ItemState(item["state"]) not in PENDING_STATES:
            continue
        facts = {
            "assignee": (here.assignee.native if here.assignee else "", item["assignee"] or ""),
            "reports": (here.report_count, len(item["reports"])),
            "notes": (sorted(note.text for note in here.notes), sorted(n["text"] or "" for n in item["notes"])),
        }
        found += [f"item {item['id']}: {what} here {a}, there {b}" for what, (a, b) in facts.items() if a != b]
    return found


def _threads(mirror: Mirror, truth: Json, community: str) -> list[str]:
    found: list[str] = []
    posts = {post["pid"]: post for post in truth["posts"]}
    for thread in truth["threads"]:
        name = _ref(community, Kind.THREAD, thread["tid"])
        here = mirror.thread(name)
        if here is None:
            found.append(f"thread {thread['tid']}: not here")
            continue
        known = {post.id.native for post in mirror.posts(name, limit=10_000)}
        visible = {str(pid) for pid in thread["posts"] if not posts[pid]["deleted"]}
        if not visible <= known:
            found.append(f"thread {thread['tid']}: posts {sorted(visible - known)} are not here")
        if len(visible) == len(thread["posts"]) and here.post_count != len(visible):
            found.append(f"thread {thread['tid']}: counts {here.post_count}, there {len(visible)}")
    return found


def _ref(community: str, kind: Kind, native: object) -> Ref:
    return Ref(community, kind, str(native))
