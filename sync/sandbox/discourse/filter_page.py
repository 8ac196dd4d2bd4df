"""Topics by a query in words, `/filter?q=category:billing posts-max:1 status:open` (API.md section 6)."""

from collections.abc import Callable

from sync.sandbox.discourse import stream
from sync.sandbox.discourse.answers import Answer
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.categories import visible
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.identity import by_username
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.topic_levels import MUTED, NORMAL, TRACKING, WATCHING, level
from sync.sandbox.discourse.topic_lists import answer
from sync.sandbox.discourse.wire import ms_of, number
from sync.sandbox.state import following
from sync.sandbox.state.records import Post, Thread

Test = Callable[[Thread], bool]
_DAY = 86_400_000


@route("GET", "/filter", "list/filter")
def by_query(call: Call) -> Answer:
    """Conditions that are not known are passed over; `order:` ends in `-asc` for the other way round."""
    tests: list[Test] = []
    for part in call.text("q").split():
        name, _, value = part.partition(":")
        if name == "order":
            call.query |= {"order": value.removesuffix("-asc"), "ascending": str(value.endswith("-asc")).lower()}
        elif (test := _test(call, name, value)) is not None:
            tests.append(test)
    tables = call.state.tables
    found = (tables.threads[ident] for ident in tables.recent_threads.newest())
    return answer(call, [one for one in found if all(test(one) for test in tests)], "/filter")


def _test(call: Call, name: str, value: str) -> Test | None:
    makers: dict[str, Callable[[Call, str], Test]] = {
        "category": lambda c, v: _inside(c, v, alone=False),
        "=category": lambda c, v: _inside(c, v, alone=True),
        "status": _status,
        "in": _followed,
        "tag": lambda c, v: lambda one: v in one.tags,
        "created-by": _author,
        "posts-max": lambda c, v: lambda one: len(_ordinary(c, one)) <= number(v),
        "posts-min": lambda c, v: lambda one: len(_ordinary(c, one)) >= number(v),
        "posters-max": lambda c, v: lambda one: len({post.author for post in _ordinary(c, one)}) <= number(v),
        "created-after": lambda c, v: lambda one: one.at >= _day(v),
        "created-before": lambda c, v: lambda one: one.at < _day(v),
        "activity-after": lambda c, v: lambda one: one.last_at >= _day(v),
        "activity-before": lambda c, v: lambda one: one.last_at < _day(v),
        "latest-post-after": lambda c, v: lambda one: one.last_at >= _day(v),
        "latest-post-before": lambda c, v: lambda one: one.last_at < _day(v),
    }
    return makers[name](call, value) if name in makers else None


def _inside(call: Call, value: str, alone: bool) -> Test:
    """Several categories stand side by side with commas; by slug, or `parent/child` for a subcategory."""
    names = {part.rpartition("/")[2] for part in value.split(",")}
    found = [forum.id for forum in visible(call) if forum.handle in names]
    inside = set(found) if alone else {i for one in found for i in following.family(call.state, one)}
    return lambda one: one.forum in inside


def _status(call: Call, value: str) -> Test:
    archived = extras(call.state).archived
    states: dict[str, Test] = {
        "open": lambda one: not one.locked and one.id not in archived,
        "closed": lambda one: one.locked,
        "archived": lambda one: one.id in archived,
    }
    return states.get(value, lambda one: True)


def _followed(call: Call, value: str) -> Test:
    """Topics that the caller follows at these levels, with commas; another word finds nothing out."""
    names = {"muted": MUTED, "regular": NORMAL, "tracking": TRACKING, "watching": WATCHING}
    wanted = {names[part] for part in value.split(",") if part in names}
    return lambda one: not wanted or level(call.state, call.uid, one) in wanted


def _author(call: Call, value: str) -> Test:
    member = by_username(call, value.removeprefix("@"))
    return lambda one: member is not None and one.author == member.id


def _ordinary(call: Call, thread: Thread) -> list[Post]:
    return stream.regular(call.state, stream.everything(call.state, thread))


def _day(value: str) -> int:
    """Whole days, in UTC; a number counts days back."""
    return ms_of(value) or 0
