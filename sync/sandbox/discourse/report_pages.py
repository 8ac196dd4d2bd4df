"""Reports for administrators: figures per day, where a fellow customer counts as an answer (API.md section 6)."""

from collections.abc import Callable
from datetime import UTC, datetime

from sync.sandbox.discourse import access, stream
from sync.sandbox.discourse.answers import Answer, Problem, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json, ms_of, number, username
from sync.sandbox.state import following
from sync.sandbox.state.records import GLOBAL_MODERATORS, Member, Thread

_DAY, _HOUR = 86_400_000, 3_600_000
_TITLES = {
    "time_to_first_response": ("Time to first response", "Average time (hours)"),
    "topics_with_no_response": ("Topics with no response", "Total"),
    "moderators_activity": ("Moderator activity", ""),
}
Make = Callable[[Call, int, int], list[Json]]


@route("GET", "/admin/reports/:type", "admin/reports/show", login=True)
def show(call: Call) -> Answer:
    """One report over some days, by default the last thirty."""
    access.demand_staff(call)
    kind = call.params["type"]
    if kind not in _TITLES:
        raise Problem(404, "not_found", "not_found")
    now = call.state.clock.now()
    start = ms_of(call.text("start_date")) or now - 30 * _DAY
    end = (ms_of(call.text("end_date")) or now) // _DAY * _DAY + _DAY - 1000
    return ok({"report": _report(call, kind, start, end)})


def _report(call: Call, kind: str, start: int, end: int) -> Json:
    data, before = _MAKERS[kind](call, start, end), start - (end - start)
    title, axis = _TITLES[kind]
    span = f"{datetime.fromtimestamp(start / 1000, UTC):%Y%m%d}:{datetime.fromtimestamp(end / 1000, UTC):%Y%m%d}"
    values = [row["y"] for row in _MAKERS[kind](call, start - 30 * _DAY, start) if "y" in row]
    return {
        "type": kind,
        "title": title,
        "xaxis": "Day",
        "yaxis": axis,
        "description": title,
        "description_link": None,
        "data": data,
        "start_date": _second(start),
        "end_date": _second(end),
        "prev_data": None,
        "prev_start_date": _second(before),
        "prev_end_date": _second(start),
        "prev30Days": round(sum(values) / len(values), 2) if values else 0.0,
        "dates_filtering": True,
        "report_key": f"reports:{kind}:{span}",
        "primary_color": "rgba(0,136,204,1)",
        "secondary_color": "rgba(0,136,204,0.1)",
        "available_filters": [{"id": "category", "type": "category", "default": _category(call)}],
        "labels": _labels(kind),
        "average": kind == "time_to_first_response",
        "percent": False,
        "higher_is_better": False,
        "modes": ["table", "chart"],
        "icon": "reply",
    }


def _first_responses(call: Call, start: int, end: int) -> list[Json]:
    """Mean hours until somebody other than the author answered, by the day on which the topic began."""
    found: dict[str, list[float]] = {}
    for thread in _topics(call, start, end):
        first = _first(call, thread)
        if first is not None:
            found.setdefault(_day(thread.at), []).append((first - thread.at) / _HOUR)
    return [{"x": day, "y": round(sum(hours) / len(hours), 2)} for day, hours in sorted(found.items())]


def _unanswered(call: Call, start: int, end: int) -> list[Json]:
    found: dict[str, int] = {}
    for thread in _topics(call, start, end):
        if _first(call, thread) is None:
            found[_day(thread.at)] = found.get(_day(thread.at), 0) + 1
    return [{"x": day, "y": count} for day, count in sorted(found.items())]


def _moderators(call: Call, start: int, end: int) -> list[Json]:
    """Accounts of moderators only; administrators and the team's other accounts are not in it."""
    tables = call.state.tables
    return [_activity(call, tables.members[uid], start, end) for uid in tables.groups[GLOBAL_MODERATORS].members]


def _activity(call: Call, member: Member, start: int, end: int) -> Json:
    tables, uid = call.state.tables, member.id
    decided = [e for e in call.state.effects if e.by == uid and e.verb == "decide" and start <= e.at <= end]
    posts = [post for post in tables.posts.values() if post.author == uid and start <= post.at <= end]
    private = [post for post in posts if extras(call.state).is_private(post.thread)]
    return {
        "user_id": uid,
        "username": username(member),
        "flag_count": len(decided),
        "time_read": 0,
        "topic_count": sum(t.author == uid and start <= t.at <= end for t in tables.threads.values()),
        "post_count": len(posts) - len(private),
        "pm_count": len(private),
        "revision_count": sum(post.edited_by == uid for post in tables.posts.values()),
    }


def _topics(call: Call, start: int, end: int) -> list[Thread]:
    category = _category(call)
    chosen = {category} if category else set(call.state.tables.forums)
    if category and call.inner("filters").get("include_subcategories") == "true":
        chosen = set(following.family(call.state, category))
    threads = call.state.tables.threads.values()
    public = (t for t in threads if not t.hidden and not extras(call.state).is_private(t.id))
    return [thread for thread in public if thread.forum in chosen and start <= thread.at <= end]


def _first(call: Call, thread: Thread) -> int | None:
    ordinary = stream.regular(call.state, stream.everything(call.state, thread))
    return next((post.at for post in ordinary if post.author != thread.author), None)


def _category(call: Call) -> int:
    return number(call.inner("filters").get("category"))


def _labels(kind: str) -> list[Json]:
    if kind == "moderators_activity":
        names = ("username", "flag_count", "time_read", "topic_count", "post_count", "pm_count", "revision_count")
        return [{"type": "number", "property": name, "title": name} for name in names]
    return [
        {"type": "date", "property": "x", "title": "Day"},
        {"type": "number", "property": "y", "title": "Count"},
    ]


def _day(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d}"


def _second(ms: int) -> str:
    """Reports write whole seconds."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%dT%H:%M:%S}Z"


_MAKERS: dict[str, Make] = {
    "time_to_first_response": _first_responses,
    "topics_with_no_response": _unanswered,
    "moderators_activity": _moderators,
}
