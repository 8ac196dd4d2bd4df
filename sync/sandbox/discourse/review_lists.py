"""Reading the review queue: ten a page, filters, counts, one item (API.md section 2)."""

from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from sync.sandbox.discourse import access, people, queue_state, show_reviews
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import APPROVED, DELETED, IGNORED, PENDING, REJECTED, Queued
from sync.sandbox.discourse.identity import by_username
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.show_reviews import Page
from sync.sandbox.discourse.show_topics import brief
from sync.sandbox.discourse.wire import Json, ms_of, number
from sync.sandbox.state.records import Item

PAGE = 10
_MOST_REMEMBERED = 200
STATUSES = {
    "pending": {PENDING},
    "approved": {APPROVED},
    "rejected": {REJECTED},
    "ignored": {IGNORED},
    "deleted": {DELETED},
    "reviewed": {APPROVED, REJECTED, IGNORED},
    "all": {PENDING, APPROVED, REJECTED, IGNORED, DELETED},
}
FLOORS = {"low": 0.0, "medium": 5.0, "high": 10.0}
_ORDERS = ("score", "score_asc", "created_at", "created_at_asc")
_ECHOED = (
    "ids", "status", "category_id", "topic_id", "additional_filters", "priority", "username", "reviewed_by",
    "claimed_by", "from_date", "to_date", "type", "sort_order", "flagged_by", "score_type",
)  # fmt: skip

One = Item | Queued
Test = Callable[[One], bool]


@route("GET", "/review", "reviewables/index", login=True)
def index(call: Call) -> Answer:
    """A page of the queue; a user name that nobody has gives an empty one."""
    demand_reviewer(call)
    status, kind = _status(call), call.text("type")
    if kind and kind not in (*show_reviews.TYPES, queue_state.PLUGIN_TYPE):
        raise Problem(400, "invalid_parameters", "invalid_parameters", "type")
    kept = chosen(call, status)
    offset = max(0, call.whole("offset"))
    page = Page(call)
    for ident in kept[offset : offset + PAGE]:
        found = queue_state.find(call.state, call.uid, ident, call.settings.plugin_item)
        if found is not None:
            page.add(found)
    body: Json = {"reviewables": page.rows, "meta": _meta(call, status, len(kept))}
    if len(kept) > offset + PAGE:
        body["meta"]["load_more_reviewables"] = f"/review?{_further(call, offset + PAGE)}"
    return ok(body | page.sides())


@route("GET", "/review/count", "reviewables/count", login=True)
def count(call: Call) -> Answer:
    """How many wait for the caller."""
    demand_reviewer(call)
    return ok({"count": waiting(call)})


@route("GET", "/review/topics", "reviewables/topics", login=True)
def topics(call: Call) -> Answer:
    """Topics with something that waits, and who claims them."""
    demand_reviewer(call)
    state, counts = call.state, dict[int, list[int]]()
    for item in queue_state.pending(state, call.settings.plugin_item):
        thread = queue_state.thread_of(state, item) if isinstance(item, Item) else None
        if isinstance(item, Item) and thread is not None and queue_state.sees(state, call.uid, item):
            counts.setdefault(thread.id, []).extend(report.by for report in item.reports)
    rows, users = [], dict[int, Json]()
    for ident, reporters in counts.items():
        by = queue_state.claimer(state, ident)
        head = brief(state, state.thread(ident))
        row = {key: head[key] for key in ("id", "title", "fancy_title", "slug", "archived", "closed", "visible")}
        row |= {"archetype": head["archetype"], "relative_url": f"/t/{head['slug']}/{ident}"}
        row |= {"stats": {"count": len(reporters), "unique_users": len(set(reporters))}, "claimed_by_id": by or None}
        rows.append(row)
        if by:
            users[by] = people.basic(state, by)
    types = {"meta": {"types": _types(call)}}
    return ok({"reviewable_topics": rows, "users": list(users.values()), **types, "__rest_serializer": "1"})


@route("GET", "/review/#id", "reviewables/show", login=True)
def show(call: Call) -> Answer:
    """One reviewable."""
    one = reviewable(call)
    page = Page(call)
    return ok({"reviewable": page.add(one), "meta": {"types": _types(call)}} | page.sides())


@route("GET", "/review/#id/explain", "reviewables/explain", login=True)
def explain(call: Call) -> Answer:
    """How its score came about."""
    one = reviewable(call)
    page = Page(call)
    page.add(one)
    scores = page.sides()["reviewable_scores"]
    total = {"id": one.id, "total_score": show_reviews.score(call.state, one), "scores": scores}
    return ok({"reviewable_explanation": total | {"min_score_visibility": _floor(call), "hide_post_score": 12.0}})


def demand_reviewer(call: Call) -> None:
    """Refuse whoever may not see the queue at all."""
    if not access.may_review(call.state, call.uid):
        raise FORBIDDEN


def reviewable(call: Call) -> One:
    """The reviewable that the path names; 404 where it is not for the caller."""
    demand_reviewer(call)
    one = queue_state.find(call.state, call.uid, call.id_of("id"), call.settings.plugin_item)
    if one is None:
        raise Problem(404, "not_found", "not_found")
    return one


def waiting(call: Call) -> int:
    """How many the caller has to look at, by the floor of the site."""
    state, uid, floor = call.state, call.uid, call.settings.floor
    queue_state.queued(state, call.settings.plugin_item)

    def count() -> list[int]:
        found, least = queue_state.pending(state, call.settings.plugin_item), FLOORS[floor]
        seen = (one for one in found if queue_state.sees(state, uid, one))
        return [one.id for one in seen if not least or _high_enough(call, one, least)]

    return len(_remembered(call, ("waiting", uid, floor), count))


def chosen(call: Call, status: str) -> list[int]:
    """Ids of all that the filters leave, in the order asked for; kept until something changes."""
    queue_state.queued(call.state, call.settings.plugin_item)
    asked = tuple((name, str(call.get(name))) for name in _ECHOED if call.get(name) is not None)
    if call.several("ids"):
        return _choose(call, status)
    return _remembered(call, ("review", call.uid, call.settings.floor, asked), lambda: _choose(call, status))


def _remembered(call: Call, key: object, make: Callable[[], list[int]]) -> list[int]:
    """A list that holds until the state changes; many of them are not kept."""
    memo, version = call.state.memo, call.state.version
    known = memo.get(key)
    if known is None or known[0] != version:
        if len(memo) > _MOST_REMEMBERED:
            memo.clear()
        known = memo[key] = (version, make())
    return known[1]


def _choose(call: Call, status: str) -> list[int]:
    state, uid, wanted, tests = call.state, call.uid, STATUSES[status], _tests(call)
    order, least = call.text("sort_order", "score"), _floor(call)
    found = [one for one in _source(call, wanted) if _status_of(call, one) in wanted]
    kept = [one for one in found if queue_state.sees(state, uid, one) and all(test(one) for test in tests)]
    kept = [one for one in kept if not least or _high_enough(call, one, least)]
    if order.startswith("created_at"):
        kept.sort(key=lambda one: (at(one), one.id))
    else:
        kept.sort(key=lambda one: (show_reviews.score(state, one), at(one)))
    return [one.id for one in (kept if order.endswith("_asc") else reversed(kept))]


def _source(call: Call, wanted: set[int]) -> Iterable[One]:
    """Where to look: those of the ids that were sent, those that wait, or all."""
    state, plugin = call.state, call.settings.plugin_item
    ids = [number(ident) for ident in call.several("ids")]
    if ids:
        found = (queue_state.find(state, call.uid, ident, plugin) for ident in dict.fromkeys(ids))
        return [one for one in found if one is not None]
    return queue_state.pending(state, plugin) if wanted == {PENDING} else queue_state.everything(state, plugin)


def at(one: One) -> int:
    """When it came."""
    return one.at if isinstance(one, Item) else one.held.at


def _tests(call: Call) -> list[Test]:
    """The filters that were given."""
    state = call.state
    named: dict[str, Callable[[str], Test]] = {
        "type": lambda text: lambda one: type_of(one) == text,
        "topic_id": lambda text: lambda one: topic_of(call, one) == number(text),
        "category_id": lambda text: lambda one: _category(one) == number(text),
        "username": lambda text: lambda one: author(one) == _id(call, text),
        "flagged_by": lambda text: lambda one: isinstance(one, Item) and _id(call, text) in {r.by for r in one.reports},
        "reviewed_by": lambda text: lambda one: _id(call, text) == _decider(one),
        "claimed_by": lambda text: lambda one: queue_state.claimer(state, topic_of(call, one)) == _id(call, text),
        "score_type": lambda text: lambda one: number(text) in _score_types(one),
        "from_date": lambda text: lambda one: at(one) >= (ms_of(text) or 0),
        "to_date": lambda text: lambda one: at(one) <= (ms_of(text) or at(one)),
    }
    return [make(call.text(name)) for name, make in named.items() if call.text(name)]


def type_of(one: One) -> str:
    """The name of its type."""
    if isinstance(one, Queued):
        return one.type
    return queue_state.USER if one.kind == "user" else queue_state.FLAGGED


def topic_of(call: Call, one: One) -> int:
    """The topic it stands in, 0 for none."""
    if isinstance(one, Queued):
        return one.held.thread
    thread = queue_state.thread_of(call.state, one)
    return thread.id if thread else 0


def author(one: One) -> int:
    """Who wrote what is under review."""
    return one.held.author if isinstance(one, Queued) else one.author


def _category(one: One) -> int:
    """Where it stood when it was reported; subcategories are others."""
    return one.held.forum if isinstance(one, Queued) else one.forum


def _score_types(one: One) -> set[int]:
    return {9} if isinstance(one, Queued) else {show_reviews.score_type(report.reason) for report in one.reports}


def _decider(one: One) -> int:
    if isinstance(one, Queued):
        return one.history[-1].by if one.status != PENDING else 0
    return next((entry.by for entry in one.history if "state" in entry.changes), 0)


def _status_of(call: Call, one: One) -> int:
    return one.status if isinstance(one, Queued) else queue_state.status_of(call.state, one)


def _high_enough(call: Call, one: One, least: float) -> bool:
    """Low scores are hidden below the floor; held posts are forced and ignore it while they wait."""
    return isinstance(one, Queued) or show_reviews.score(call.state, one) >= least


def _floor(call: Call) -> float:
    asked = call.text("priority") or call.settings.floor
    if asked not in FLOORS:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "priority")
    return FLOORS[asked]


def _id(call: Call, name: str) -> int:
    member = by_username(call, name)
    return member.id if member is not None else -2


def _status(call: Call) -> str:
    status = call.text("status") or "pending"
    if status not in STATUSES:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "status")
    if call.text("sort_order", "score") not in _ORDERS:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "sort_order")
    return status


def _types(call: Call) -> Json:
    roles = ("created_by", "target_created_by", "target_deleted_by", "reviewed_by")
    claims = "user" if call.settings.release == "2025" else "claimed_by"
    return dict.fromkeys(roles, "user") | {"claimed_by": claims}


def _meta(call: Call, status: str, total: int) -> Json:
    meta: Json = {name: call.get(name) for name in _ECHOED}
    meta |= {"status": status, "additional_filters": {}, "sort_order": call.get("sort_order")}
    plugin = call.settings.plugin_item
    unknown = [{"type": queue_state.PLUGIN_TYPE, "source": "quillby-picture-scan"}] if plugin else []
    count = waiting(call)
    return meta | {
        "total_rows_reviewables": total,
        "types": _types(call),
        "reviewable_types": list(show_reviews.TYPES),
        "unknown_reviewable_types_and_sources": unknown,
        "score_types": show_reviews.score_types(call.language),
        "reviewable_count": count,
        "unseen_reviewable_count": count,
    }


def _further(call: Call, offset: int) -> str:
    kept = {"offset": offset} | {name: value for name, value in call.query.items() if isinstance(value, str)}
    return urlencode(kept | {"offset": offset})
