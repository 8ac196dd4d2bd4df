"""Changing topics: title, category and tags with a look at what they replace; status, timer, slow mode."""

from sync.sandbox.discourse import access
from sync.sandbox.discourse.access import thread_of
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, empty, error, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import SMALL_ACTION, Kind, add_post, extras
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.show_topics import brief
from sync.sandbox.discourse.stream import tell
from sync.sandbox.discourse.wire import Json, iso, ms_of
from sync.sandbox.state import posting, threads
from sync.sandbox.state.records import Thread
from sync.sandbox.state.store import State

STATUSES = ("closed", "archived", "visible", "pinned", "pinned_globally")
TIMERS = ("close", "open", "delete", "bump", "publish_to_category", "delete_replies", "silent_close", "reminder")
_MINUTE = 60_000


@route("PUT", "/t/-/#id", "topics/update", login=True)
@route("PUT", "/t/#id", "topics/update", login=True)
@route("PUT", "/t/:slug/#id", "topics/update", login=True)
def update(call: Call) -> Answer:
    """Title, category or tags; refused where one that is sent as replaced is stale."""
    thread = thread_of(call)
    own = call.uid == thread.author
    if not (access.rules(call.state, call.uid, thread) or own):
        raise FORBIDDEN
    _check_fresh(call, thread)
    if call.get("category_id") is not None:
        _move(call, thread)
    if call.get("tags") is not None:
        _tag(call, thread, tuple(names_of(call.several("tags"))))
    title = call.text("title").strip()
    if title and title != thread.title:
        if len(title) < call.settings.shortest_title:
            raise Problem(422, "title_too_short", "", call.settings.shortest_title)
        threads.rename(thread, title)
        call.state.effect(call.uid, "rename", f"thread:{thread.id}", title=title)
    head = brief(call.state, thread)
    return ok({"basic_topic": {key: head[key] for key in ("id", "title", "fancy_title", "slug", "posts_count")}})


@route("PUT", "/t/#id/status", "topics/status", login=True)
def status(call: Call) -> Answer:
    """Close, archive, list, pin. `enabled` is the word true or false; what stands already changes nothing."""
    thread, name = _ruled(call), call.text("status")
    if name not in STATUSES:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "status")
    if call.get("enabled") is None:
        return error(call, 400, "missing_parameter", "", "enabled")
    if call.get("enabled") not in ("true", "false", True, False):
        raise Problem(400, "invalid_parameters", "invalid_parameters", "enabled")
    on = call.yes("enabled")
    if status_of(call.state, thread, name) is not on:
        _set(call, thread, name, on)
    return ok({"success": "OK", "topic_status_update": None})


@route("POST", "/t/#id/timer", "topics/timer", login=True)
def timer(call: Call) -> Answer:
    """Do something to the topic later; without a time the timer goes away."""
    thread, kind = _ruled(call), call.text("status_type")
    if kind not in TIMERS:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "status_type")
    state, minutes = call.state, call.whole("duration_minutes")
    at = ms_of(call.text("time")) if call.text("time") else None
    at = state.clock.now() + minutes * _MINUTE if minutes else at
    if at is None and call.text("time"):
        raise Problem(400, "invalid_parameters", "invalid_parameters", "time")
    if at is None:
        extras(state).timers.pop(thread.id, None)
        state.effect(call.uid, "no_timer", f"thread:{thread.id}")
        return ok(_timed(call, thread, None, minutes))
    if at <= state.clock.now():
        raise Problem(422, "bad_date")
    timed = {"id": state.number("timer"), "execute_at": iso(at), "duration_minutes": minutes or None}
    timed |= {"based_on_last_post": call.yes("based_on_last_post"), "status_type": kind}
    timed |= {"category_id": call.whole("category_id") or None, "by": call.uid}
    extras(state).timers[thread.id] = timed
    state.effect(call.uid, "timer", f"thread:{thread.id}", kind=kind, at=at)
    return ok(_timed(call, thread, iso(at), minutes))


@route("DELETE", "/t/#id/timer", "topics/timer", login=True)
def no_timer(call: Call) -> Answer:
    """Take a timer away."""
    thread = _ruled(call)
    if extras(call.state).timers.pop(thread.id, None) is not None:
        call.state.effect(call.uid, "no_timer", f"thread:{thread.id}")
    return empty()


@route("PUT", "/t/#id/slow_mode", "topics/set_slow_mode", login=True)
def slow_mode(call: Call) -> Answer:
    """Let everybody wait between two posts; nothing comes back."""
    thread, seconds = _ruled(call), call.whole("seconds")
    until = ms_of(call.text("enabled_until")) or 0
    if seconds > 0:
        extras(call.state).slow[thread.id] = (seconds, until)
    else:
        extras(call.state).slow.pop(thread.id, None)
    call.state.effect(call.uid, "slow", f"thread:{thread.id}", seconds=seconds)
    return empty()


def run_timers(state: State) -> None:
    """Do what was ordered for a time that has passed."""
    more, now = extras(state), iso(state.clock.now())
    for ident, timed in list(more.timers.items()):
        thread = state.tables.threads.get(ident)
        if timed["execute_at"] > now:
            continue
        del more.timers[ident]
        if thread is None:
            continue
        if timed["status_type"] in ("close", "silent_close", "open"):
            threads.set_locked(state, timed["by"], thread, timed["status_type"] != "open")
        elif timed["status_type"] == "delete" and not thread.hidden:
            threads.hide(state, timed["by"], thread)


def status_of(state: State, thread: Thread, name: str) -> bool:
    """Whether a status is on."""
    more = extras(state)
    on = {
        "closed": thread.locked,
        "archived": thread.id in more.archived,
        "visible": thread.id not in more.unlisted,
        "pinned": thread.pinned and thread.id not in more.pinned_globally,
        "pinned_globally": thread.pinned and thread.id in more.pinned_globally,
    }
    return on[name]


def names_of(tags: list[object]) -> list[str]:
    """Names of tags, which come as text or, since 2026, with an id."""
    return [str(one.get("name") or "") if isinstance(one, dict) else str(one) for one in tags]


def _set(call: Call, thread: Thread, name: str, on: bool) -> None:
    state, more = call.state, extras(call.state)
    if name == "closed":
        threads.set_locked(state, call.uid, thread, on)
        tell(state, thread)
    elif name in ("pinned", "pinned_globally"):
        until = ms_of(call.text("until")) or 0
        threads.set_pinned(state, call.uid, thread, on, until)
        _mark(more.pinned_globally, thread.id, on and name == "pinned_globally")
        tell(state, thread)
    else:
        marked = more.archived if name == "archived" else more.unlisted
        _mark(marked, thread.id, on is (name == "archived"))
        code = f"{name}.{'enabled' if on else 'disabled'}"
        add_post(state, thread.id, call.uid, "", Kind(SMALL_ACTION, code))
        state.effect(call.uid, code, f"thread:{thread.id}")


def _tag(call: Call, thread: Thread, tags: tuple[str, ...]) -> None:
    """Those of a message are left as they are where the site does not have them (``can_tag_pms``)."""
    if not extras(call.state).is_private(thread.id):
        threads.set_tags(call.state, call.uid, thread, tags)
    elif call.settings.tag_messages:
        thread.tags = posting.kept_tags(call.state, tags)
        call.state.effect(call.uid, "tag", f"thread:{thread.id}", tags=list(thread.tags))


def _mark(marked: set[int], thread: int, on: bool) -> None:
    marked.add(thread) if on else marked.discard(thread)


def _check_fresh(call: Call, thread: Thread) -> None:
    seen = call.get("original_title")
    if seen is not None and str(seen) != thread.title:
        raise Problem(409, "topic_conflict")
    if call.get("original_tags") is not None and set(names_of(call.several("original_tags"))) != set(thread.tags):
        raise Problem(409, "topic_conflict")


def _move(call: Call, thread: Thread) -> None:
    forum = call.state.tables.forums.get(call.whole("category_id"))
    if forum is None or extras(call.state).is_private(thread.id):
        raise Problem(422, "category_blank")
    if not access.sees_forum(call.state, call.uid, forum):
        raise FORBIDDEN
    if forum.id != thread.forum:
        threads.move(call.state, call.uid, thread, forum.id)


def _timed(call: Call, thread: Thread, at: str | None, minutes: int) -> Json:
    return {
        "success": "OK",
        "execute_at": at,
        "duration_minutes": minutes or None,
        "based_on_last_post": call.yes("based_on_last_post"),
        "closed": thread.locked,
        "category_id": call.whole("category_id") or None,
    }


def _ruled(call: Call) -> Thread:
    """The topic, for those who moderate it."""
    thread = thread_of(call)
    if not access.rules(call.state, call.uid, thread):
        raise FORBIDDEN
    return thread
