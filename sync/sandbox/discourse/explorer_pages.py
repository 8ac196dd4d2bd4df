"""The Data Explorer plugin: stored queries. The sample runs no SQL but knows what the two of API.md answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from sync.sandbox.discourse import levels, stream
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.people import group, groups_of
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json, encode, iso, ms_of, number, username
from sync.sandbox.state import rights
from sync.sandbox.state.store import State

_NAME = "discourse queries"
_PATH, _OLDER_PATH = "/admin/plugins/discourse-data-explorer", "/admin/plugins/explorer"
_CONTROLLER = "discourse_data_explorer/query"
_ROWS = 1000
_FOLLOWERS = ("category_id", "user_id", "username", "notification_level")
_ANSWERS = ("topic_id", "category_id", "created_at", "first_reply_at", "responder_id")
Rows = list[list[object]]


@dataclass(slots=True)
class Query:
    """A stored query, and the groups that may run it."""

    id: int
    name: str
    description: str
    sql: str
    groups: tuple[int, ...] = ()


@dataclass(slots=True)
class Queries:
    """All of them by id."""

    stored: dict[int, Query] = field(default_factory=dict)


@route("GET", f"{_PATH}/queries", f"{_CONTROLLER}/index", login=True)
def index(call: Call) -> Answer:
    """All stored queries."""
    _demand_admin(call)
    return ok({"queries": [_written(one) for one in _kept(call.state).stored.values()]})


@route("POST", f"{_PATH}/queries", f"{_CONTROLLER}/create", login=True)
def create(call: Call) -> Answer:
    """Store a query."""
    _demand_admin(call)
    given = call.inner("query")
    if not given.get("name"):
        return Answer(422, encode({"errors": ["Name can't be blank"]}))
    groups = tuple(number(ident) for ident in given.get("group_ids") or ())
    name, about, sql = (str(given.get(key) or "") for key in ("name", "description", "sql"))
    one = Query(call.state.number("query"), name, about, sql, groups)
    _kept(call.state).stored[one.id] = one
    call.state.effect(call.uid, "query", f"query:{one.id}", name=one.name)
    return ok({"query": _written(one)})


@route(
    "POST", "/admin/plugins/discourse-data-explorer/queries/#id/run", "discourse_data_explorer/query/run", login=True
)
@route("POST", "/admin/plugins/explorer/queries/#id/run", "discourse_data_explorer/query/run", login=True)
def run(call: Call) -> Answer:
    """Run a query as an administrator."""
    _demand_admin(call)
    return _ran(call, _query(call))


@route("GET", "/data-explorer/queries/#id/run", f"{_CONTROLLER}/public_run", login=True)
@route("POST", "/g/:group/reports/#id/run", f"{_CONTROLLER}/group_reports_run", login=True)
def run_as_member(call: Call) -> Answer:
    """Run a query that is shared with a group of the caller."""
    one = _query(call)
    mine = {here.id for here in groups_of(call.state, call.uid)}
    if not mine & set(one.groups) and not rights.is_admin(call.state, call.uid):
        raise Problem(404, "not_found", "not_found")
    return _ran(call, one)


def _ran(call: Call, one: Query) -> Answer:
    params = _params(call)
    kinds: tuple[tuple[str, tuple[str, ...], Callable[[State, Json], Rows]], ...] = (
        ("category_users", _FOLLOWERS, _followers),
        ("FROM topics", _ANSWERS, _first_answers),
    )
    for mark, columns, make in kinds:
        if mark in one.sql:
            try:
                rows = make(call.state, params)[: call.whole("limit", _ROWS)]
            except KeyError as missing:
                return _fault(f"Missing parameter {missing.args[0]}")
            return ok(_result(params, columns, rows))
    return _fault('PG::SyntaxError: ERROR:  syntax error at or near "sample"')


def _params(call: Call) -> Json:
    """Parameters are JSON in text, each value text as well; anything else is as if it was not sent."""
    try:
        given = json.loads(call.text("params") or "{}")
    except ValueError:
        given = {}
    return {key: value for key, value in given.items() if isinstance(value, str)} if isinstance(given, dict) else {}


def _followers(state: State, params: Json) -> Rows:
    wanted = [number(part) for part in params["category_ids"].split(",")]
    rows: Rows = []
    for forum in wanted:
        for member in state.tables.members.values():
            level = levels.level(state, member.id, forum) if forum in member.watches else 1
            if level >= 2:
                rows.append([forum, member.id, username(member), level])
    return rows


def _first_answers(state: State, params: Json) -> Rows:
    since, named = ms_of(params["from_date"]) or 0, group(state, params["group_name"])
    rows: Rows = []
    for thread in state.tables.threads.values():
        if thread.hidden or thread.at < since or extras(state).is_private(thread.id):
            continue
        ordinary = stream.regular(state, stream.everything(state, thread))
        team = [p for p in ordinary if named and p.author in named.members and p.author != thread.author]
        first = (iso(team[0].at), team[0].author) if team else (None, None)
        rows.append([thread.id, thread.forum, iso(thread.at), *first])
    return rows


def _result(params: Json, columns: tuple[str, ...], rows: Rows) -> Json:
    return {
        "success": True,
        "errors": [],
        "duration": 12.4,
        "result_count": len(rows),
        "params": params,
        "columns": list(columns),
        "default_limit": _ROWS,
        "relations": {},
        "colrender": {},
        "rows": rows,
    }


def _fault(words: str) -> Answer:
    return Answer(422, encode({"success": False, "errors": [words]}))


def _query(call: Call) -> Query:
    one = _kept(call.state).stored.get(call.id_of("id"))
    if one is None or not call.settings.explorer:
        raise Problem(404, "not_found", "not_found")
    return one


def _demand_admin(call: Call) -> None:
    if not call.settings.explorer:
        raise Problem(404, "not_found", "not_found")
    if not rights.is_admin(call.state, call.uid):
        raise FORBIDDEN


def _written(one: Query) -> Json:
    shown: Json = {"id": one.id, "name": one.name, "description": one.description, "sql": one.sql}
    return shown | {"group_ids": list(one.groups), "param_info": [], "hidden": False, "user_id": -1}


def _kept(state: State) -> Queries:
    found = state.tables.faces.get(_NAME)
    if not isinstance(found, Queries):
        found = state.tables.faces[_NAME] = Queries()
    return found
