"""Flags: the moderation queue (NodeBB 4.15.1, observed: API.md section 2)."""

from sync.sandbox.nodebb import show_forums, show_items, show_members
from sync.sandbox.nodebb.answers import Answer, forbidden, not_found, ok
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.flag_lists import SORTS, cut, keep_to_own_forums, valid_filters
from sync.sandbox.nodebb.page import page
from sync.sandbox.nodebb.paging import pagination
from sync.sandbox.nodebb.rank import privileges
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json, number
from sync.sandbox.state import items, rights
from sync.sandbox.state.records import Item


@route("GET", "/api/flags")
def flag_list(call: Call) -> Answer:
    """The list: one state value only, no text, no upper limit to the page size."""
    state = call.state
    if not rights.is_privileged(state, call.uid):
        return forbidden(call)
    filters = valid_filters(call)
    has_filter = bool(set(filters) - {"page", "perPage"}) or "perPage" in filters
    filters = keep_to_own_forums(state, call.uid, filters)
    sort = call.asked("sort") if call.asked("sort") in SORTS else "newest"
    idents, count = cut(state, call.uid, filters, sort)
    rows = [show_items.row(state.tables.items[ident]) for ident in idents]
    _, selected = show_forums.selected(state, [number(cid) for cid in _listed(filters.get("cid"))], call.uid)
    data = {
        "flags": rows,
        "count": count,
        "analytics": [0] * 29 + [len(state.tables.items)],
        "selectedCategory": selected,
        "selected": {name: _members(call, filters.get(name)) for name in ("assignee", "reporterId", "targetUid")},
        "hasFilter": has_filter or sort != "newest",
        "filters": filters,
        "expanded": any(filters.get(name) for name in ("assignee", "reporterId", "targetUid")),
        "sort": sort,
        "title": "[[pages:flags]]",
        "pagination": pagination(filters["page"], -(-count // filters["perPage"]), call.query),
    }
    return page(call, "flags/list", data, "[[pages:flags]]")


@route("GET", "/api/flags/:flagId")
def flag_page(call: Call) -> Answer:
    """The detail with history and those who may be assigned. Not allowed looks the same as missing."""
    state = call.state
    item = state.tables.items.get(call.id_of("flagId"))
    if item is None or not rights.is_privileged(state, call.uid) or not rights.sees_item(state, call.uid, item):
        return not_found(call)
    data = show_items.detail(state, item)
    title = f"[[pages:flag-details, {item.id}]]"
    data |= {
        "history": show_items.history(state, item),
        "type_path": "post" if item.kind == "post" else "uid",
        "assignees": [show_members.full(state, state.member(m)) for m in items.assignable(state, item)],
        "type_bool": _type_bool(data),
        "states": show_items.states(),
        "title": title,
        "privileges": privileges(state, call.uid),
    }
    return page(call, "flags/detail", data, "[[pages:flags]]", title)


@route("POST", "/api/v3/flags", login=True)
def create(call: Call) -> Answer:
    """Report; moderators get the flag back, others an empty answer."""
    kind, reason = str(call.unpacked("type") or ""), str(call.fields.get("reason") or "")
    item = items.report(call.state, call.uid, kind, number(call.fields.get("id")), reason)
    if rights.is_privileged(call.state, call.uid):
        return ok(show_items.detail(call.state, item))
    return ok()


@route("GET", "/api/v3/flags/:flagId", login=True)
def get(call: Call) -> Answer:
    """The detail without history."""
    return ok(show_items.detail(call.state, call.item()))


@route("PUT", "/api/v3/flags/:flagId", login=True)
def update(call: Call) -> Answer:
    """Change state or assignee. What is impossible is dropped with a 200; `{}` just gives the history."""
    item = call.item()
    wanted, assignee = call.unpacked("state"), call.fields.get("assignee")
    named = None if assignee is None else str(assignee)
    # A number is never equal to the stored text: one useless line of history.
    by_number = isinstance(assignee, int)
    items.change(call.state, call.uid, item, show_items.WORDS.get(str(wanted)), named, repeat=by_number)
    return ok({"history": show_items.history(call.state, item)})


@route("DELETE", "/api/v3/flags/:flagId", login=True)
def delete(call: Call) -> Answer:
    """Remove for good; whoever may see the flag may do it."""
    items.erase(call.state, call.uid, call.item())
    return ok()


@route("DELETE", "/api/v3/flags/:flagId/report", login=True)
def rescind(call: Call) -> Answer:
    """Take back one's own report."""
    items.withdraw(call.state, call.uid, call.state.item(call.id_of("flagId")))
    return ok()


@route("POST", "/api/v3/flags/:flagId/notes", login=True)
def add_note(call: Call) -> Answer:
    """Add a note, or edit an own one named by its time. An empty note is accepted."""
    item, text = call.item(), call.unpacked("note")
    written = None if text is None else str(text)
    items.note(call.state, call.uid, item, written, number(call.fields.get("datetime")) or None)
    return ok(_notes_and_history(call, item))


@route("DELETE", "/api/v3/flags/:flagId/notes/:datetime", login=True)
def delete_note(call: Call) -> Answer:
    """Delete an own note."""
    item = call.item()
    items.unnote(call.state, call.uid, item, call.id_of("datetime"))
    return ok(_notes_and_history(call, item))


def _notes_and_history(call: Call, item: Item) -> Json:
    return {"notes": show_items.notes(call.state, item), "history": show_items.history(call.state, item)}


def _type_bool(data: Json) -> Json:
    has_target = bool(data["target"])
    return {kind: data["type"] == kind and has_target for kind in ("post", "user")} | {"empty": not has_target}


def _members(call: Call, value: object) -> list[Json]:
    return [show_members.brief(call.state, number(one)) for one in _listed(value)]


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
