"""Everything that is true right now, for invariants; and saved states to go back to."""

import copy
from typing import Any

from sync.sandbox.state.records import Item, Post, Thread
from sync.sandbox.state.store import State, Tables

Json = dict[str, Any]


def snapshot(state: State) -> Json:
    """Counts and full facts: posts, items, threads, held posts, bans, rooms."""
    tables = state.tables
    return {
        "now": state.clock.now(),
        "counts": counts(state),
        "posts": [_post(p) for p in tables.posts.values()],
        "items": [_item(i) for i in tables.items.values()],
        "threads": [_thread(t) for t in tables.threads.values()],
        "held": [{"id": h.id, "uid": h.author, "tid": h.thread, "content": h.text} for h in tables.held.values()],
        "bans": {m.id: m.banned_until for m in tables.members.values() if m.banned_until is not None},
        "mutes": {m.id: m.muted_until for m in tables.members.values() if m.muted_until is not None},
        "rooms": [{"id": r.id, "name": r.name, "members": list(r.members)} for r in tables.rooms.values()],
        "messages": [
            {"id": m.id, "room": m.room, "uid": m.by, "content": m.text}
            for r in tables.rooms.values()
            for m in r.messages
            if not m.system
        ],
    }


def counts(state: State) -> dict[str, int]:
    """How many of each, and items by state."""
    tables = state.tables
    by_state = {name: len(ids) for name, ids in sorted(tables.items_by_state.items())}
    return {
        "members": len(tables.members),
        "forums": len(tables.forums),
        "threads": len(tables.threads),
        "posts": len(tables.posts),
        "items": len(tables.items),
        "held": len(tables.held),
        "effects": len(state.effects),
        **by_state,
    }


def effects(state: State, since: int = 0) -> list[Json]:
    """The ordered log of every change that took effect, after number `since`."""
    return [effect._asdict() for effect in state.effects[since:]]


def save(state: State) -> Tables:
    """A backup: a full copy of the tables; tokens, settings and the effects log are no part of it."""
    return copy.deepcopy(state.tables)


def go_back(state: State, backup: Tables) -> None:
    """Restore a backup: what came later is gone, and its ids will be given out again for other things."""
    state.tables = copy.deepcopy(backup)
    state.version += 1


def _post(post: Post) -> Json:
    return {
        "pid": post.id,
        "tid": post.thread,
        "uid": post.author,
        "content": post.text,
        "deleted": post.hidden,
        "timestamp": post.at,
        "edited": post.edited_at,
        "flag": post.item,
    }


def _item(item: Item) -> Json:
    return {
        "id": item.id,
        "type": item.kind,
        "target": item.target,
        "state": item.state,
        "assignee": item.assignee,
        "reports": [r._asdict() for r in item.reports],
        "notes": [n._asdict() for n in item.notes],
        "history": [e._asdict() for e in item.history],
    }


def _thread(thread: Thread) -> Json:
    return {
        "tid": thread.id,
        "cid": thread.forum,
        "uid": thread.author,
        "title": thread.title,
        "deleted": thread.hidden,
        "locked": thread.locked,
        "pinned": thread.pinned,
        "posts": list(thread.posts),
        "events": [e._asdict() for e in thread.events],
    }
