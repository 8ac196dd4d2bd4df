"""Claims, which are per topic, and notes on what is under review (API.md section 2).

A claim is the assignment of the topic's open reports; what has none, like a held post, is claimed here alone.
"""

from sync.sandbox.discourse import queue_state
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, not_found, ok, success
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import PENDING, Line, Queued, extras
from sync.sandbox.discourse.review_lists import demand_reviewer, reviewable
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.show_reviews import note as written
from sync.sandbox.discourse.wire import number
from sync.sandbox.state import items, rights
from sync.sandbox.state.store import State


@route("POST", "/reviewable_claimed_topics", "reviewable_claimed_topics/create", login=True)
def claim(call: Call) -> Answer:
    """Take a topic; one that somebody took is refused, also to whoever took it."""
    demand_reviewer(call)
    thread = number(call.inner("reviewable_claimed_topic").get("topic_id"))
    if thread not in call.state.tables.threads:
        return not_found(call)
    if call.settings.claiming == "disabled":
        raise FORBIDDEN
    if queue_state.claimer(call.state, thread):
        raise Problem(409, "conflict")
    take(call.state, call.uid, thread)
    return success()


@route("DELETE", "/reviewable_claimed_topics/#id", "reviewable_claimed_topics/destroy", login=True)
def unclaim(call: Call) -> Answer:
    """Release a topic, also one that somebody else took."""
    demand_reviewer(call)
    if call.id_of("id") not in call.state.tables.threads:
        return not_found(call)
    release(call.state, call.uid, call.id_of("id"))
    return success()


@route("POST", "/review/#id/notes", "reviewable_notes/create", login=True)
@route("POST", "/reviewables/#id/notes", "reviewable_notes/create", login=True)
def note(call: Call) -> Answer:
    """Write a note; the same text twice is two notes. The first release that had notes had another path."""
    if call.path.startswith("/reviewables/") is not (call.settings.release == "2025"):
        return not_found(call)
    one, text = reviewable(call), str(call.inner("reviewable_note").get("content") or "").strip()
    if not text:
        raise Problem(422, "note_blank")
    at = call.state.clock.tick()
    if isinstance(one, Queued):
        one.notes.append((at, call.uid, text))
        call.state.effect(call.uid, "note", f"held:{one.held.id}", text=text, at=at)
    else:
        items.note(call.state, call.uid, one, text)
        at = one.notes[0].at
    return ok(written(call.state, at, call.uid, text))


@route("DELETE", "/review/#id/notes/#note", "reviewable_notes/destroy", login=True)
def unnote(call: Call) -> Answer:
    """Take back a note: its author, and administrators."""
    one, at = reviewable(call), call.id_of("note")
    notes = [(n.at, n.by) for n in one.notes] if not isinstance(one, Queued) else [(n[0], n[1]) for n in one.notes]
    by = dict(notes).get(at)
    if by is None:
        return not_found(call)
    if by != call.uid and not rights.is_admin(call.state, call.uid):
        raise FORBIDDEN
    if isinstance(one, Queued):
        one.notes = [n for n in one.notes if n[0] != at]
    else:
        items.unnote(call.state, by, one, at)
    return success()


def take(state: State, by: int, thread: int) -> None:
    """Claim a topic."""
    extras(state).claims[thread] = (by, state.clock.now())
    for item in queue_state.pending_in(state, thread):
        items.change(state, by, item, None, str(by))
    _tell(state, by, thread, queue_state.CLAIMED)
    state.effect(by, "claim", f"thread:{thread}")


def release(state: State, by: int, thread: int, acting: bool = False) -> None:
    """End the claim on a topic, if there is one. What was just decided keeps its assignee."""
    held = queue_state.claimer(state, thread)
    taken = extras(state).claims.pop(thread, None)
    for item in queue_state.pending_in(state, thread):
        if item.assignee:
            items.change(state, by, item, None, "")
    if held or (taken and not acting):
        _tell(state, by, thread, queue_state.UNCLAIMED)
        state.effect(by, "unclaim", f"thread:{thread}")


def demand_claim(call: Call, thread: int) -> None:
    """Refuse while somebody else works on the topic, and without a claim where the site requires one."""
    if call.settings.claiming == "disabled" or not thread:
        return
    by = queue_state.claimer(call.state, thread)
    if by and by != call.uid:
        raise Problem(422, "claimed_by_other")
    if not by and call.settings.claiming == "required":
        raise Problem(422, "must_claim")


def _tell(state: State, by: int, thread: int, kind: int) -> None:
    """A line in the history of what waits there and has no report of its own."""
    for one in extras(state).queued.values():
        if one.held.thread == thread and one.status == PENDING:
            one.history.append(Line(kind, by, state.clock.tick(), PENDING))
