"""Deciding: an action that the server offered, on the version that was seen (API.md section 2)."""

from collections.abc import Callable
from typing import Any

from sync.sandbox.discourse import deeds, offers, queue_state
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, ok, success
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.claims import demand_claim, release
from sync.sandbox.discourse.extras import APPROVED, DELETED, REJECTED, Queued
from sync.sandbox.discourse.review_lists import reviewable, topic_of, waiting
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json, number
from sync.sandbox.state import held as state_held
from sync.sandbox.state import items, notices
from sync.sandbox.state.records import DISMISSED, RESOLVED, Item, Post
from sync.sandbox.state.store import State

_NAMES = ("pending", "approved", "rejected", "ignored", "deleted")


@route("PUT", "/review/#id/perform/:action", "reviewables/perform", login=True)
def perform(call: Call) -> Answer:
    """Checks in the platform's order: visible, claimed, offered, version. The version must be there at all."""
    one, action = reviewable(call), call.params["action"]
    if call.get("version") is None:
        raise Problem(422, "missing_version")
    demand_claim(call, topic_of(call, one))
    if action not in offers.names(offers.offered(call.state, call.uid, one)):
        raise FORBIDDEN
    if number(call.get("version"), -1) != version(one):
        raise Problem(409, "conflict")
    made = _decide_queued(call, one, action) if isinstance(one, Queued) else _decide(call, one, action)
    release(call.state, call.uid, topic_of(call, one), acting=True)
    return ok({"reviewable_perform_result": _result(call, one) | made})


@route("PUT", "/review/#id", "reviewables/update", login=True)
def update(call: Call) -> Answer:
    """Change the fields of a held post that may be edited; anything else is forbidden."""
    one = reviewable(call)
    if call.get("version") is None:
        raise Problem(422, "missing_version")
    demand_claim(call, topic_of(call, one))
    wanted = call.inner("reviewable")
    payload: Json = wanted.get("payload", {}) if isinstance(wanted.get("payload", {}), dict) else {}
    waits = isinstance(one, Queued) and one.type == queue_state.QUEUED and one.status == 0
    if not isinstance(one, Queued) or not waits or not set(wanted) <= {"payload", "category_id"}:
        raise FORBIDDEN
    if not set(payload) <= ({"raw"} if one.held.thread else {"raw", "title"}):
        raise FORBIDDEN
    if number(call.get("version"), -1) != version(one):
        raise Problem(409, "conflict")
    forum = number(wanted["category_id"]) if "category_id" in wanted else None
    state_held.edit(call.state, call.uid, one.held.id, payload.get("raw"), payload.get("title"), forum)
    queue_state.queued(call.state, call.settings.plugin_item)
    return ok(wanted | {"version": one.version})


@route("DELETE", "/review/#id", "reviewables/destroy", login=True)
def destroy(call: Call) -> Answer:
    """Whoever flagged takes it back, or an author the own held post."""
    ident = call.id_of("id")
    item = call.state.tables.items.get(ident)
    one = queue_state.queued(call.state, call.settings.plugin_item).get(ident)
    if item is not None and any(report.by == call.uid for report in item.reports):
        items.withdraw(call.state, call.uid, item)
    elif one is not None and one.held.author == call.uid and one.held.id in call.state.tables.held:
        queue_state.settle(call.state, one, call.uid, DELETED)
        state_held.reject(call.state, call.uid, one.held.id, "")
    else:
        raise Problem(404, "not_found", "not_found")
    return success()


def version(one: Item | Queued) -> int:
    """What a client must have seen."""
    return one.version if isinstance(one, Queued) else queue_state.version_of(one)


def _result(call: Call, one: Item | Queued) -> Json:
    status = one.status if isinstance(one, Queued) else queue_state.status_of(call.state, one)
    count = waiting(call)
    return {
        "success": True,
        "transition_to": _NAMES[status],
        "transition_to_id": status,
        "remove_reviewable_ids": [one.id],
        "version": version(one),
        "reviewable_count": count,
        "unseen_reviewable_count": count,
    }


def _decide(call: Call, item: Item, action: str) -> Json:
    state, by = call.state, call.uid
    post = state.tables.posts.get(item.target) if item.kind == "post" else None
    if action in ("delete_user", "delete_user_block"):
        deeds.delete_member(state, by, item.author)
    elif post is not None and action in _ON_POSTS:
        for deed in _ON_POSTS[action]:
            deed(state, by, post)
    if action.startswith("disagree"):
        deeds.unsilence(state, by, item.author)
    outcome, ignored = _outcome(action)
    deeds.settle(state, by, item, outcome, ignored)
    return {}


def _outcome(action: str) -> tuple[str, bool]:
    """Whom an action agrees with: state of the report, and whether it was ignored."""
    if "ignore" in action:
        return DISMISSED, True
    return (DISMISSED, False) if action.startswith("disagree") else (RESOLVED, False)


Deed = Callable[[State, int, Post], None]
_ON_POSTS: dict[str, tuple[Deed, ...]] = {
    "agree_and_hide": (deeds.veil,),
    "agree_and_restore": (deeds.show_again,),
    "delete_and_agree": (deeds.delete,),
    "delete_and_agree_replies": (deeds.delete_answers, deeds.delete),
    "delete_and_ignore": (deeds.delete,),
    "delete_and_ignore_replies": (deeds.delete_answers, deeds.delete),
    "disagree_and_restore": (deeds.show_again,),
}


def _decide_queued(call: Call, one: Queued, action: str) -> Json:
    state, by = call.state, call.uid
    if one.type == queue_state.PLUGIN_TYPE:
        queue_state.settle(state, one, by, APPROVED if action == "confirm_match" else REJECTED)
        state.effect(by, action, f"scan:{one.id}")
        return {}
    if action.startswith("approve"):
        return _publish(call, one)
    if action in ("delete_user", "delete_user_block"):
        deeds.delete_member(state, by, one.held.author)
    status = DELETED if action in ("delete", "delete_user", "delete_user_block") else REJECTED
    message = " ".join(call.text(f"revise_{part}") for part in ("reason", "feedback", "custom_reason")).strip()
    queue_state.settle(state, one, by, status)
    if one.held.id in state.tables.held:
        state_held.reject(state, by, one.held.id, message)
    return {}


def _publish(call: Call, one: Queued) -> Json:
    """A rejected post can still be approved: it goes back into the queue of the common state for that moment."""
    state, waits = call.state, call.state.tables.held
    if one.held.thread:
        state.thread(one.held.thread)
    waits.setdefault(one.held.id, one.held)
    post = state_held.accept(state, call.uid, one.held.id)
    queue_state.settle(state, one, call.uid, APPROVED)
    one.post = post.id
    notices.waited(state, one.held)
    made: dict[str, Any] = {"created_post_id": post.id, "created_post_topic_id": post.thread}
    return made
