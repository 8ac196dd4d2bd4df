"""What waits for review, seen as this platform does: reported posts, held posts, accounts, and what plugins add.

Reports and held posts are those of the common state, so whatever any face decides is decided here. Ids: a reported
post or account keeps the community's own; held posts are numbered from `FIRST_QUEUED`.
"""

from collections.abc import Iterator

from sync.sandbox.discourse import people
from sync.sandbox.discourse.extras import (
    APPROVED,
    DELETED,
    IGNORED,
    PENDING,
    REJECTED,
    Extras,
    Line,
    Queued,
    extras,
)
from sync.sandbox.state import rights
from sync.sandbox.state.records import DISMISSED, RESOLVED, Effect, Held, Item, Thread
from sync.sandbox.state.store import State

FIRST_QUEUED = 30_000_000
PLUGIN_TYPE = "ReviewablePictureScan"
FLAGGED, QUEUED, USER = "ReviewableFlaggedPost", "ReviewableQueuedPost", "ReviewableUser"
CREATED, MOVED, EDITED, CLAIMED, UNCLAIMED = range(5)
_OUTCOMES = {"accept": APPROVED, "reject": REJECTED}
_STATES = {RESOLVED: APPROVED, DISMISSED: REJECTED}


def queued(state: State, plugin: bool = True) -> dict[int, Queued]:
    """Held posts, also those that were decided, by id; with `plugin` what a plugin found is there from the start."""
    more = extras(state)
    for held in state.tables.held.values():
        if held.id not in more.queued_ids:
            _register(state, more, Queued(0, held))
    if plugin and "scan" not in more.queued_ids:
        _register(state, more, _found_by_plugin(state))
    for effect in state.effects[more.seen_effects :]:
        _follow(state, more, effect)
    more.seen_effects = len(state.effects)
    for one in more.queued.values():
        gone = one.type == QUEUED and one.status == PENDING and one.held.id not in state.tables.held
        if gone:
            settle(state, one, people.SYSTEM, DELETED)
    return more.queued


def settle(state: State, one: Queued, by: int, status: int) -> None:
    """Write down that a held post was decided."""
    one.status, one.version = status, one.version + 1
    one.history.append(Line(MOVED, by, state.clock.tick(), status))


def status_of(state: State, item: Item) -> int:
    """Where a reported post stands."""
    if item.state == DISMISSED and extras(state).ignored.get(item.id) == item.entered:
        return IGNORED
    return _STATES.get(item.state, PENDING)


def version_of(item: Item) -> int:
    """How often it changed its state since it came."""
    return max(0, sum("state" in entry.changes for entry in item.history) - 1)


def lines_of(state: State, item: Item) -> list[Line]:
    """The item's history in this platform's words, oldest first, with its place as the key of each line."""
    found: list[Line] = []
    status = PENDING
    for place, entry in enumerate(reversed(item.history)):
        if "state" in entry.changes:
            status = _STATES.get(str(entry.changes["state"]), PENDING)
            ignored = extras(state).ignored.get(item.id) == entry.at
            status = IGNORED if status == REJECTED and ignored else status
            found.append(Line(MOVED if place else CREATED, entry.by, entry.at, status))
        if "assignee" in entry.changes:
            found.append(Line(CLAIMED if entry.changes["assignee"] else UNCLAIMED, entry.by, entry.at, status))
    return found


def thread_of(state: State, item: Item) -> Thread | None:
    """The topic of a reported post, unless the post is gone."""
    post = state.tables.posts.get(item.target) if item.kind == "post" else None
    return state.tables.threads.get(post.thread) if post else None


def pending_in(state: State, thread: int) -> list[Item]:
    """Reported posts of a topic that are still open."""
    found = state.tables.threads.get(thread)
    ids = [state.tables.posts[ident].item for ident in found.posts] if found else []
    items = (state.tables.items[ident] for ident in ids if ident in state.tables.items)
    return [item for item in items if status_of(state, item) == PENDING]


def claimer(state: State, thread: int) -> int:
    """Who claims a topic: whoever its open reports are assigned to; 0 for nobody."""
    pending = pending_in(state, thread)
    assigned = (int(item.assignee) for item in pending if item.assignee)
    return next(assigned, 0) if pending else extras(state).claims.get(thread, (0, 0))[0]


def sees(state: State, uid: int, one: Item | Queued) -> bool:
    """Whether the reviewable is for this account: staff all, moderators of categories what stands in theirs."""
    if isinstance(one, Item):
        return rights.sees_item(state, uid, one)
    return rights.rules(state, uid, one.held.forum)


def find(state: State, uid: int, ident: int, plugin: bool) -> Item | Queued | None:
    """A reviewable by id, if it is for this account."""
    one: Item | Queued | None = queued(state, plugin).get(ident) or state.tables.items.get(ident)
    return one if one is not None and sees(state, uid, one) else None


def everything(state: State, plugin: bool) -> Iterator[Item | Queued]:
    """All reviewables."""
    yield from queued(state, plugin).values()
    yield from state.tables.items.values()


def pending(state: State, plugin: bool) -> Iterator[Item | Queued]:
    """Those that wait."""
    yield from (one for one in queued(state, plugin).values() if one.status == PENDING)
    for name in ("open", "in_progress"):
        ids = state.tables.items_by_state.get(name)
        yield from (state.tables.items[ident] for ident in (ids.newest() if ids else ()))


def _register(state: State, more: Extras, one: Queued) -> None:
    one.id = FIRST_QUEUED + state.number("queued")
    one.history.append(Line(CREATED, people.SYSTEM, one.held.at, PENDING))
    more.queued[one.id], more.queued_ids[one.held.id] = one, one.id


def _follow(state: State, more: Extras, effect: Effect) -> None:
    """Something was done to a held post by any face."""
    kind, _, ident = effect.target.partition(":")
    one = more.queued.get(more.queued_ids.get(ident, 0)) if kind == "held" else None
    if one is None or one.status != PENDING:
        return
    if effect.verb == "edit_held":
        one.version += 1
        one.history.append(Line(EDITED, effect.by, effect.at, PENDING))
    elif effect.verb in _OUTCOMES and one.held.id not in state.tables.held:
        post = effect.detail.get("post", 0)
        one.post = post if isinstance(post, int) else 0
        settle(state, one, effect.by, _OUTCOMES[effect.verb])


def _found_by_plugin(state: State) -> Queued:
    """One thing under review whose type no client can know."""
    ident = next(iter(state.tables.recent_threads.newest(3, 1)), 0)
    thread = state.tables.threads.get(ident)
    forum, author = (thread.forum, thread.author) if thread else (0, 0)
    held = Held("scan", author, forum, ident, state.clock.now() - 3_600_000, "", "")
    payload = {"file": "IMG_2041.jpeg", "match": 0.93, "list": "invoices of others"}
    return Queued(0, held, PLUGIN_TYPE, payload=payload)
