"""Which flags a list shows and in which order (NodeBB 4.15.1, observed: API.md section 2).

NodeBB keeps one sorted set per filter value. One set is read newest first by its own time: creation time, or for a
state the moment the flag entered it. Several sets are intersected and ordered by the highest of their times. Filters
with several values are united first and then only narrow the list.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.show_items import WORDS
from sync.sandbox.nodebb.wire import Json, number
from sync.sandbox.state import rights
from sync.sandbox.state.ordered import OrderedIds
from sync.sandbox.state.store import State

_NUMBERS = ("assignee", "reporterId", "targetUid", "cid", "page", "perPage")
_CHOICES = {"state": tuple(WORDS), "type": ("post", "user"), "quick": ("mine",)}
_FIELDS = ("assignee", "state", "reporterId", "type", "targetUid", "cid", "quick", "page", "perPage")
SORTS = ("newest", "oldest", "reports", "upvotes", "downvotes", "replies")


@dataclass(frozen=True, slots=True)
class _Set:
    """A sorted set: its size, all ids newest first, and the time of one id."""

    size: int
    newest: Callable[[], list[int]]
    time: Callable[[int], int | None]


def valid_filters(call: Call) -> Json:
    """The filters that the server understood. Unknown values and a repeated state are dropped silently."""
    filters: Json = {}
    for name in _FIELDS:
        value = call.query.get(name)
        if value is None:
            continue
        if name in _NUMBERS:
            if isinstance(value, list):
                filters[name] = [one for one in value if _is_number(one)]
            elif _is_number(value):
                filters[name] = value
        elif value in _CHOICES[name]:
            filters[name] = value
    return filters


def keep_to_own_forums(state: State, uid: int, filters: Json) -> Json:
    """A moderator of single forums is held to them: the server writes the filter itself."""
    if rights.is_above(state, uid):
        return filters
    own = [str(ident) for ident in rights.moderated_forums(state, uid)]
    asked = filters.get("cid")
    if isinstance(asked, list):
        filters["cid"] = [one for one in asked if one in own]
    elif asked is None or asked not in own:
        filters["cid"] = own
    return filters


def cut(state: State, uid: int, filters: Json, sort: str) -> tuple[list[int], int]:
    """The ids of the page asked for, and how many match in all."""
    page, size = paging(filters)
    start = (page - 1) * size
    relevant = {k: v for k, v in filters.items() if k not in ("page", "perPage")}
    whole = _whole_list(state, relevant) if sort == "newest" else None
    if whole is not None:
        return whole.newest(start, size), len(whole)
    idents = _sorted_ids(state, uid, relevant, sort)
    return idents[start : start + size], len(idents)


def _whole_list(state: State, relevant: Json) -> OrderedIds | None:
    """One kept list that is the answer as it stands: no walk over half a million flags for twenty of them."""
    if not relevant:
        return state.tables.items_by_time
    name = WORDS.get(relevant.get("state", ""), "")
    if set(relevant) == {"state"} and not state.tables.strays.get(name):
        return state.tables.items_by_state.get(name, OrderedIds())
    return None


def _sorted_ids(state: State, uid: int, relevant: Json, sort: str) -> list[int]:
    """All matching flags in order; remembered until anything changes."""
    key = ("flags", uid if "quick" in relevant else 0, sort, repr(sorted(relevant.items())))
    known = state.memo.get(key)
    if known is None or known[0] != state.version:
        if len(state.memo) > 64:
            state.memo.clear()
        known = (state.version, _sort(state, _matching(state, uid, relevant), sort))
        state.memo[key] = known
    return known[1]


def paging(filters: Json) -> tuple[int, int]:
    """Page and page size; both are written back into the filters as numbers, as the server does."""
    page = abs(number(filters.get("page")) or 1)
    size = abs(number(filters.get("perPage")) or 20)
    filters |= {"page": page, "perPage": size}
    return page, size


def _matching(state: State, uid: int, filters: Json) -> list[int]:
    single: list[_Set] = []
    united: list[set[int]] = []
    for name, value in filters.items():
        values = value if isinstance(value, list) else [value]
        if len(values) == 1:
            single.append(_set_for(state, name, values[0], uid))
        elif values:
            united.append({i for one in values for i in _set_for(state, name, one, uid).newest()})
    if not single and not united:
        return state.tables.items_by_time.newest()
    found = _intersect(single) if single else _by_time(state, united[0])
    return [ident for ident in found if all(ident in wanted for wanted in united)]


def _intersect(sets: list[_Set]) -> list[int]:
    smallest = min(sets, key=lambda one: one.size)
    if len(sets) == 1:
        return smallest.newest()
    scored = []
    for ident in smallest.newest():
        times = [one.time(ident) for one in sets]
        if None not in times:
            scored.append((max(t for t in times if t is not None), ident))
    return [ident for _, ident in sorted(scored, reverse=True)]


def _by_time(state: State, idents: Iterable[int]) -> list[int]:
    return sorted(idents, key=lambda ident: (state.tables.items[ident].at, ident), reverse=True)


def _set_for(state: State, name: str, value: str, uid: int) -> _Set:
    tables = state.tables
    if name == "state":
        return _state_set(state, WORDS[value])
    if name == "type":
        return _kind_set(state, value)
    if name == "cid":
        forum = number(value)
        ordered = tables.items_by_forum.get(forum, OrderedIds())
        return _Set(len(ordered), ordered.newest, lambda i: _at(state, i) if tables.items[i].forum == forum else None)
    if name == "quick":
        return _mapped(tables.items_by_assignee.get(uid, {}))
    index = {
        "assignee": tables.items_by_assignee,
        "reporterId": tables.items_by_reporter,
        "targetUid": tables.items_by_author,
    }[name]
    return _mapped(index.get(number(value), {}))


def _state_set(state: State, name: str) -> _Set:
    items, ordered = state.tables.items, state.tables.items_by_state.get(name, OrderedIds())
    strays = state.tables.strays.get(name, {})

    def newest() -> list[int]:
        if not strays:
            return ordered.newest()
        times = {ident: items[ident].entered for ident in ordered.newest()} | strays
        return sorted(times, key=lambda ident: (times[ident], ident), reverse=True)

    def time(ident: int) -> int | None:
        return items[ident].entered if items[ident].state == name else strays.get(ident)

    return _Set(len(ordered) + len(strays), newest, time)


def _kind_set(state: State, kind: str) -> _Set:
    items, ordered = state.tables.items, state.tables.items_by_time

    def newest() -> list[int]:
        return [ident for ident in ordered.newest() if items[ident].kind == kind]

    return _Set(len(ordered), newest, lambda i: items[i].at if items[i].kind == kind else None)


def _mapped(times: dict[int, int]) -> _Set:
    return _Set(len(times), lambda: sorted(times, key=lambda i: (times[i], i), reverse=True), times.get)


def _at(state: State, ident: int) -> int:
    return state.tables.items[ident].at


def _sort(state: State, idents: list[int], sort: str) -> list[int]:
    items = state.tables.items
    if sort == "oldest":
        return idents[::-1]
    if sort == "reports":
        return sorted(idents, key=lambda ident: -len(items[ident].reports))
    if sort in ("upvotes", "downvotes", "replies"):
        about_posts = [ident for ident in idents if items[ident].kind == "post"]
        return sorted(about_posts, key=lambda ident: -_count(state, items[ident].target, sort))
    return idents


def _count(state: State, post_id: int, what: str) -> int:
    post = state.tables.posts.get(post_id)
    if post is None:
        return 0
    return {"upvotes": post.up, "downvotes": post.down, "replies": len(post.answers)}[what]


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
