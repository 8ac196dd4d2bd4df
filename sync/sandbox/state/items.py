"""What is under review: reports, decisions, notes and history (NodeBB 4.15.1, observed: API.md section 2).

There is no conflict detection on purpose: the last write wins, an impossible value is dropped without a word, and the
assignee's list is never cleaned. A client has to cope, so the sample must behave the same.
"""

from sync.sandbox.state import notices, rights
from sync.sandbox.state.ordered import OrderedIds
from sync.sandbox.state.records import ITEM_STATES, OPEN, RESOLVED, Entry, Item, Note, Post, Report
from sync.sandbox.state.refusal import Reason, Refused
from sync.sandbox.state.store import State

_DAY = 86_400_000


def report(state: State, by: int, kind: str, target: int, reason: str, limited: bool = True) -> Item:
    """File a report; a second one on the same target joins the item and opens it again.

    Without `limited` the number of reports a day is not looked at.
    """
    _check_report(state, by, kind, target, reason)
    if limited:
        _check_day(state, by)
    now = state.clock.tick()
    item = _item_about(state, kind, target)
    if item is None:
        item = _new_item(state, kind, target, now)
        _file(state, item, Report(by, reason, now))
        _apply(state, item, by, now, {"state": OPEN})
    else:
        _file(state, item, Report(by, reason, now))
        _apply(state, item, by, now, {"state": OPEN, "report": "added"})
    state.effect(by, "report", f"item:{item.id}", kind=kind, about=target, reason=reason)
    notices.new_report(state, item, by, now)
    return item


def change(
    state: State, by: int, item: Item, new_state: str | None, assignee: str | None, repeat: bool = False
) -> None:
    """Set state and assignee. What is unknown, unchanged or not assignable is dropped silently.

    With `repeat` an assignee that is unchanged still writes a line of history.
    """
    wanted: dict[str, str | None] = {}
    if new_state in ITEM_STATES:
        wanted["state"] = new_state
    if assignee is not None and (assignee == "" or may_be_assigned(state, item, assignee)):
        wanted["assignee"] = assignee
    done = _apply(state, item, by, state.clock.tick(), wanted, repeat)
    if done:
        state.effect(by, "decide", f"item:{item.id}", **done)


def may_be_assigned(state: State, item: Item, assignee: str) -> bool:
    """Whether the member of that id (as text) may take the item."""
    if not assignee.isdigit():
        return False
    member = int(assignee)
    post = state.tables.posts.get(item.target) if item.kind == "post" else None
    own_forum = post is not None and rights.moderates(state, member, state.forum_of_post(post))
    return rights.is_above(state, member) or own_forum


def assignable(state: State, item: Item) -> list[int]:
    """Who may be assigned: administrators, global moderators, then the forum's moderators."""
    members = state.tables.members
    admins = [m for m in members if rights.is_admin(state, m)]
    if item.kind != "post":
        return admins
    above = admins + [m for m in members if rights.is_global_moderator(state, m) and m not in admins]
    post = state.tables.posts.get(item.target)
    local = rights.moderators_of(state, state.forum_of_post(post)) if post else []
    return above + [m for m in local if m not in above]


def resolve_about(state: State, by: int, post: Post) -> None:
    """Hiding a post resolves its item, with an entry under the one who hid it (API.md section 12)."""
    item = state.tables.items.get(post.item)
    if item is not None:
        done = _apply(state, item, by, state.clock.tick(), {"state": RESOLVED})
        if done:
            state.effect(by, "resolve_by_hiding", f"item:{item.id}", **done)


def note(state: State, by: int, item: Item, text: str | None, edits: int | None = None) -> None:
    """Add a note, or replace an own one written at `edits`; an empty text is accepted."""
    at = edits or state.clock.tick()
    if edits:
        _demand_own_note(item, by, edits, missing_is_fine=True)
        item.notes = tuple(n for n in item.notes if n.at != edits)
    item.notes = tuple(sorted((*item.notes, Note(by, text, at)), key=lambda n: -n.at))
    _remember(item, Entry(by, at, {"notes": None}))
    state.effect(by, "note", f"item:{item.id}", text=text, at=at)


def unnote(state: State, by: int, item: Item, at: int) -> None:
    """Delete an own note."""
    _demand_own_note(item, by, at, missing_is_fine=False)
    item.notes = tuple(n for n in item.notes if n.at != at)
    _remember(item, Entry(by, state.clock.tick(), {"notes": "deleted"}))
    state.effect(by, "unnote", f"item:{item.id}", at=at)


def withdraw(state: State, by: int, item: Item) -> None:
    """Take back one's own report; with none left the item becomes resolved."""
    if all(r.by != by for r in item.reports):
        raise Refused(Reason.NOT_REPORTED)
    item.reports = tuple(r for r in item.reports if r.by != by)
    state.tables.items_by_reporter.get(by, {}).pop(item.id, None)
    state.effect(by, "withdraw", f"item:{item.id}")
    if not item.reports:
        _apply(state, item, by, state.clock.tick(), {"state": RESOLVED, "report": "rescinded"})


def erase(state: State, by: int, item: Item) -> None:
    """Remove the item for good, from every list."""
    tables = state.tables
    tables.items.pop(item.id, None)
    tables.items_by_time.discard(item.at, item.id)
    tables.items_by_state.get(item.state, OrderedIds()).discard(item.entered, item.id)
    tables.items_by_forum.get(item.forum, OrderedIds()).discard(item.at, item.id)
    for index in (tables.items_by_author, tables.items_by_reporter, tables.items_by_assignee):
        for members in index.values():
            members.pop(item.id, None)
    for strays in tables.strays.values():
        strays.pop(item.id, None)
    _unlink(state, item)
    state.effect(by, "erase", f"item:{item.id}")


def stray(state: State, item: Item, also_in: str) -> None:
    """Test hook: list the item under a second state as after racing writes (API.md section 12)."""
    state.tables.strays.setdefault(also_in, {})[item.id] = state.clock.tick()
    state.version += 1


def adopt(state: State, item: Item, reports: tuple[Report, ...], history: tuple[Entry, ...]) -> None:
    """Put a ready-made item into every list; the generator of sample content uses this."""
    tables = state.tables
    tables.items[item.id] = item
    item.history = history
    for filed in reports:
        _file(state, item, filed)
    tables.items_by_time.add(item.at, item.id)
    _index(tables.items_by_state, item.state).add(item.entered, item.id)
    if item.forum:
        _index_forum(state, item.forum).add(item.at, item.id)
    tables.items_by_author.setdefault(item.author, {})[item.id] = item.at
    if item.assignee:
        tables.items_by_assignee.setdefault(int(item.assignee), {})[item.id] = item.entered
    _link(state, item)


def _check_report(state: State, by: int, kind: str, target: int, reason: str) -> None:
    if kind not in ("post", "user") or not target or not reason:
        raise Refused(Reason.INVALID)
    state.member(by)
    if rights.is_banned(state, by):
        raise Refused(Reason.REPORTER_BANNED)
    _check_target(state, by, kind, target)
    item = _item_about(state, kind, target)
    if item is not None and any(r.by == by for r in item.reports):
        raise Refused(Reason.POST_REPORTED_BEFORE if kind == "post" else Reason.MEMBER_REPORTED_BEFORE)


def _check_day(state: State, by: int) -> None:
    since = state.clock.now() - _DAY
    lately = sum(at >= since for at in state.reported.get(by, ()))
    state.reported.setdefault(by, []).append(state.clock.now())
    if lately > state.settings.reports_a_day and not rights.is_privileged(state, by):
        raise Refused(Reason.TOO_MANY_REPORTS, state.settings.reports_a_day)


def _check_target(state: State, by: int, kind: str, target: int) -> None:
    if kind == "post":
        post = state.tables.posts.get(target)
        if post is None:
            raise Refused(Reason.NOT_ALLOWED)
        author = post.author
        if post.hidden:
            raise Refused(Reason.HIDDEN_TARGET)
    else:
        author = state.member(target).id
    if rights.is_privileged(state, author) and not rights.is_privileged(state, by):
        raise Refused(Reason.PRIVILEGED_TARGET)
    if kind == "user" and author == by:
        raise Refused(Reason.OWN_ACCOUNT)
    if kind == "post":
        rights.demand(rights.may(state, by, state.forum_of_post(state.post(target)), "topics:read"))


def _item_about(state: State, kind: str, target: int) -> Item | None:
    about = state.tables.posts.get(target) if kind == "post" else state.tables.members.get(target)
    return state.tables.items.get(about.item) if about else None


def _new_item(state: State, kind: str, target: int, now: int) -> Item:
    post = state.tables.posts.get(target) if kind == "post" else None
    author, forum = (post.author, state.forum_of_post(post)) if post else (target, 0)
    item = Item(state.number("item"), kind, target, author, forum, now)
    tables = state.tables
    tables.items[item.id] = item
    tables.items_by_time.add(now, item.id)
    tables.items_by_author.setdefault(author, {})[item.id] = now
    if forum:
        _index_forum(state, forum).add(now, item.id)
    if post is not None:
        state.member(author).reported += 1
    _link(state, item)
    return item


def _file(state: State, item: Item, filed: Report) -> None:
    item.reports = (filed, *item.reports)
    state.tables.items_by_reporter.setdefault(filed.by, {})[item.id] = filed.at


def _apply(
    state: State, item: Item, by: int, now: int, wanted: dict[str, str | None], repeat: bool = False
) -> dict[str, str | None]:
    """Set what differs, move the item between the lists, and write one line of history."""
    current = {"state": item.state} | ({} if repeat else {"assignee": item.assignee})
    changes = {key: value for key, value in wanted.items() if key not in current or current[key] != value}
    if "state" in changes:
        _enter(state, item, str(changes["state"]), now)
    if "assignee" in changes:
        item.assignee = changes["assignee"]
        if item.assignee:
            state.tables.items_by_assignee.setdefault(int(item.assignee), {})[item.id] = now
            notices.assigned(state, item, by)
    item.mark = changes.get("report", item.mark)
    if changes:
        _remember(item, Entry(by, now, changes))
        state.version += 1
    return changes


def _enter(state: State, item: Item, new: str, now: int) -> None:
    if item.state:
        _index(state.tables.items_by_state, item.state).discard(item.entered, item.id)
    state.tables.strays.get(new, {}).pop(item.id, None)
    item.state, item.entered = new, now
    _index(state.tables.items_by_state, new).add(now, item.id)


def _remember(item: Item, entry: Entry) -> None:
    item.history = (entry, *item.history)


def _index(lists: dict[str, OrderedIds], key: str) -> OrderedIds:
    return lists.setdefault(key, OrderedIds())


def _index_forum(state: State, forum: int) -> OrderedIds:
    return state.tables.items_by_forum.setdefault(forum, OrderedIds())


def _link(state: State, item: Item) -> None:
    about = state.tables.posts.get(item.target) if item.kind == "post" else state.tables.members.get(item.target)
    if about is not None:
        about.item = item.id


def _unlink(state: State, item: Item) -> None:
    about = state.tables.posts.get(item.target) if item.kind == "post" else state.tables.members.get(item.target)
    if about is not None:
        about.item = 0


def _demand_own_note(item: Item, by: int, at: int, missing_is_fine: bool) -> None:
    found = next((n for n in item.notes if n.at == at), None)
    if found is None:
        if not missing_is_fine:
            raise Refused(Reason.INVALID)
    else:
        rights.demand(found.by == by)
