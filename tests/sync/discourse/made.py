"""Answers of a Discourse, made up for the tests: every shape of a release that the connector must read."""

import json
from collections.abc import Iterable
from typing import Any

AT = "2026-03-01T10:20:30.400Z"
LATER = "2026-03-01T11:00:00.000Z"
ME, AUTHOR, REPORTER, COLLEAGUE = 4, 58, 57, 9
USERS = [
    {"id": ME, "username": "mara_vell", "name": "Mara Vell"},
    {"id": AUTHOR, "username": "piet.oak", "name": None, "created_at": AT, "post_count": 2, "trust_level": 1},
    {"id": REPORTER, "username": "rosa_finch"},
    {"id": COLLEAGUE, "username": "tom_brine"},
    {"id": -1, "username": "system"},
]
ACTIONS = (
    ("agree_and_hide", "Hide post", None),
    ("agree_and_keep", "Keep post", None),
    ("agree_and_edit", "Edit post", "edit"),
    ("delete_and_agree", "Delete post", None),
    ("agree_and_silence", "Silence user", "silence"),
    ("agree_and_suspend", "Suspend user", "suspend"),
    ("disagree", "The flag was wrong", None),
    ("ignore_and_do_nothing", "Ignore", None),
)


def body(document: Any) -> bytes:
    """As it goes over the wire."""
    return json.dumps(document).encode()


def topic(native: int = 301, **facts: Any) -> dict[str, Any]:
    """A topic as it stands beside items and in lists."""
    return {
        "id": native, "title": "Kettle keeps dropping the line", "slug": "kettle", "posts_count": 2,
        "created_at": AT, "last_posted_at": LATER, "bumped_at": LATER, "archetype": "regular", "category_id": 5,
        "pinned": False, "visible": True, "closed": False, "archived": False,
        "posters": [{"user_id": AUTHOR, "extras": "latest single"}], **facts,
    }  # fmt: skip


def post(native: int = 9902, **facts: Any) -> dict[str, Any]:
    """A post."""
    return {
        "id": native, "topic_id": 301, "topic_slug": "kettle", "post_number": 2, "post_type": 1, "user_id": AUTHOR,
        "username": "piet.oak", "created_at": AT, "updated_at": AT, "cooked": "<p>Buy my beans</p>",
        "raw": "Buy my beans", "version": 1, "category_id": 5, "hidden": False, "deleted_at": None, **facts,
    }  # fmt: skip


def topic_page(posts: Iterable[dict[str, Any]], stream: Iterable[int] | None = None, **facts: Any) -> dict[str, Any]:
    """A topic's page."""
    shown = list(posts)
    ids = list(stream) if stream is not None else [one["id"] for one in shown]
    details = {"created_by": {"id": AUTHOR, "username": "piet.oak"}, "can_create_post": True, "can_edit": True}
    page = topic(**{"posts_count": len(ids), "user_id": AUTHOR, "details": details, **facts})
    return {**page, "post_stream": {"posts": shown, "stream": ids}}


def flagged(
    native: int = 812, actions: Iterable[tuple[str, str, str | None]] = ACTIONS, **facts: Any
) -> dict[str, Any]:
    """One flagged post with its lists, the shape of late 2026: ``parts`` to be merged by :func:`review`."""
    return {
        "reviewable": {
            "id": native, "type": "ReviewableFlaggedPost", "type_source": "core", "status": 0, "version": 3,
            "score": 13.5, "created_at": AT, "can_edit": False, "category_id": 5, "topic_id": 301,
            "target_type": "Post", "target_id": 9902, "post_id": 9902, "post_version": 2, "raw": "Buy my beans",
            "cooked": "<p>Buy my beans</p>", "target_created_by_id": AUTHOR, "created_by_id": REPORTER,
            "editable_fields": [], "topic_tags": [{"id": 1, "name": "kettles", "slug": "kettles"}],
            "reviewable_score_ids": [native * 10], "bundled_action_ids": [f"{native}-agree"],
            "reviewable_note_ids": [native * 10 + 1], "reviewable_history_ids": [native * 10 + 2],
            "claimed_by_id": None, **facts,
        },
        "users": USERS,
        "topics": [topic()],
        "reviewable_scores": [
            {"id": native * 10, "score": 13.5, "user_id": REPORTER, "score_type_id": 8, "created_at": AT,
             "reason_type": None, "reason_data": None, "status": 0, "reviewed_by_id": None}
        ],
        "score_types": [{"id": 8, "title": "It's spam", "type": "spam"}],
        "bundled_actions": [
            {"id": f"{native}-agree", "label": "Yes", "action_ids": [f"{native}-{name}" for name, _, _ in actions]}
        ],
        "actions": [
            {"id": f"{native}-{name}", "server_action": name, "label": label, "button_class": None}
            | ({"client_action": client} if client else {})
            for name, label, client in actions
        ],
        "reviewable_notes": [
            {"id": native * 10 + 1, "content": "Ask him first", "created_at": AT,
             "user": {"id": COLLEAGUE, "username": "tom_brine"}}
        ],
        "reviewable_histories": [
            {"id": native * 10 + 2, "created_at": AT, "reviewable_history_type": 0, "status": 0,
             "created_by_id": REPORTER}
        ],
        "claimed_bies": [],
    }  # fmt: skip


def queued(native: int = 820, **facts: Any) -> dict[str, Any]:
    """One post that waits for approval."""
    parts = flagged(native, [("approve_post", "Approve", None), ("reject_post", "Reject", None)])
    parts["reviewable"] |= {
        "type": "ReviewableQueuedPost", "target_type": None, "target_id": None, "post_id": None, "raw": None,
        "cooked": None, "can_edit": True, "payload": {"raw": "Same here"},
        "editable_fields": [{"id": "payload.raw", "type": "editor"}], **facts,
    }  # fmt: skip
    return parts


def review(*parts: dict[str, Any], more: str | None = None, **meta: Any) -> dict[str, Any]:
    """A page of the queue; an empty one lacks all lists."""
    answer: dict[str, Any] = {
        "reviewables": [part["reviewable"] for part in parts],
        "meta": {"types": {"claimed_by": "claimed_by"}, "total_rows_reviewables": len(parts), **meta},
    }
    if more:
        answer["meta"]["load_more_reviewables"] = more
    for part in parts:
        for name, rows in part.items():
            if name != "reviewable":
                answer[name] = [*answer.get(name, []), *rows]
    return answer


def shown(part: dict[str, Any]) -> dict[str, Any]:
    """One item's page."""
    return {**part, "meta": {"types": {"claimed_by": "claimed_by"}}}


def session(user: int = ME, username: str = "mara_vell", **facts: Any) -> dict[str, Any]:
    """Who is signed in: a moderator."""
    me = {"id": user, "username": username, "admin": False, "moderator": True, "can_review": True, "groups": []}
    return {"current_user": {**me, **facts}}


def error(kind: str | None = None, text: str = "Nein.", **extras: Any) -> dict[str, Any]:
    """An error; texts are in any language."""
    found: dict[str, Any] = {"errors": [text]}
    if kind:
        found["error_type"] = kind
    if extras:
        found["extras"] = extras
    return found
