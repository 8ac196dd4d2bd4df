"""Closing, archiving, pinning, slowing, timing, moving and tagging threads.

A status leaves a small post in the thread, with an id of its own: that is the receipt where there is one. A move or new
tags carry what they replace, so that the server refuses what is stale.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from moderation.actions import Action
from moderation.errors import NotAllowedError, RefusedError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from sync.connector import Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.decode import utc
from sync.discourse.decode_content import tag_ids, tags_of
from sync.discourse.payloads import TopicPageP
from sync.discourse.push.tools import Tools, needed
from sync.parts.intents import Taken, on, until_of

_STATUS = {
    Action.LOCK: ("closed", True),
    Action.UNLOCK: ("closed", False),
    Action.ARCHIVE: ("archived", True),
    Action.UNARCHIVE: ("archived", False),
    Action.PIN: ("pinned", True),
    Action.UNPIN: ("pinned", False),
}
_SECONDS_OF_SLOW = 900
_TIMER_SLACK = 60.0


class ChangeThread:
    """Everything that is done to a thread as a whole."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """How the thread stands, and its newest post."""
        read = self._tools.threads.head(on(intent, Kind.THREAD), Urgency.FLUSH)
        page = read.value
        if page is None:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        baseline = {
            "post": max(page.post_stream.stream, default=0),
            "forum": str(page.category_id or ""),
            "title": page.title,
            "tags": list(tags_of(page)),
            "tag_ids": tag_ids(page),
        }
        standing = Standing.ALREADY if stands(intent, page) else Standing.CLEAR
        found = Before(standing, baseline, changed=_moved(intent, page))
        return self._tools.beside_item(intent, found)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write once; several of these answer with an empty body."""
        method, path, body = request_for(intent, before)
        self._tools.writer.do(method, path, body)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the thread stands as wanted."""
        read = self._tools.threads.head(intent.target, Urgency.FLUSH)
        page = read.value
        receipt = None
        if page is not None and stands(intent, page):
            at = self._tools.time_of(read.server_time)
            receipt = self._small_post(intent, page, taken) or self._tools.receipt(
                intent.target, intent.action.value.removeprefix("x:"), at, taken
            )
        records = [self._tools.threads.head_record(page, read.seq)] if page is not None else []
        return self._tools.evidence(intent, receipt, *records, where="thread")

    def _small_post(self, intent: Intent, page: TopicPageP, taken: Taken) -> Receipt | None:
        """The small post that a change of status leaves, made by this account since the baseline."""
        status = _STATUS.get(intent.action)
        fresh = [one for one in page.post_stream.stream if one > int((intent.baseline or {}).get("post", 0))]
        if status is None or not fresh:
            return None
        code = f"{status[0]}.{'enabled' if status[1] else 'disabled'}"
        posts, _, _ = self._tools.threads.posts(intent.target, fresh[-20:], Urgency.FLUSH)
        for post in sorted(posts, key=lambda one: one.id):
            mine = post.action_code == code and str(post.user_id) == self._tools.me.native
            if mine and not taken(f"post:{post.id}"):
                return Receipt(f"post:{post.id}", str(self._tools.me), utc(post.created_at))
        return None


def request_for(intent: Intent, before: Before) -> tuple[str, str, dict[str, Any]]:
    """Method, path and body."""
    native, action = intent.target.native, intent.action
    if action in _STATUS:
        status, enabled = _STATUS[action]
        body: dict[str, Any] = {"status": status, "enabled": "true" if enabled else "false"}
        if action is Action.PIN and (until := until_of(intent)) is not None:
            body["until"] = until.isoformat()
        return "PUT", endpoints.topic_verb(native, "status"), body
    if action is Action.MOVE:
        replaced = {"original_title": before.baseline["title"]} if before.baseline.get("title") else {}
        return "PUT", endpoints.topic_head(native), {"category_id": int(forum_of(intent).native), **replaced}
    if action is Action.TAG:
        ids, replaced_tags = before.baseline.get("tag_ids"), before.baseline.get("tags", [])
        body = {"tags": _as_sent(_tags(intent), ids), "original_tags": _as_sent(replaced_tags, ids)}
        return "PUT", endpoints.topic_head(native), body
    if action is Action.SLOW:
        body = {"seconds": _slow_seconds(intent)}
        if (until := until_of(intent)) is not None:
            body["enabled_until"] = until.isoformat()
        return "PUT", endpoints.topic_verb(native, "slow_mode"), body
    timed = until_of(intent)
    body = {"status_type": _timer(intent), "time": timed.isoformat() if timed is not None else ""}
    return "POST", endpoints.topic_verb(native, "timer"), body


def stands(intent: Intent, page: TopicPageP) -> bool:
    """True when the thread is as wanted."""
    action = intent.action
    if action in _STATUS:
        status, enabled = _STATUS[action]
        pinned = page.pinned or page.pinned_globally
        return {"closed": page.closed, "archived": page.archived, "pinned": pinned}[status] is enabled
    if action is Action.MOVE:
        return str(page.category_id) == forum_of(intent).native
    if action is Action.TAG:
        return set(tags_of(page)) == set(_tags(intent))
    if action is Action.SLOW:
        return (page.slow_mode_seconds or 0) == _slow_seconds(intent)
    return _timer_stands(intent, page)


def forum_of(intent: Intent) -> Ref:
    """The forum to move to."""
    wanted = needed(intent, "forum")
    found = Ref.parse(wanted) if ":" in wanted else intent.target.sibling(Kind.FORUM, wanted)
    if not found.native.isdigit():
        raise RefusedError("forum_unknown", forum=str(found))
    return found


def _timer_stands(intent: Intent, page: TopicPageP) -> bool:
    timer = page.topic_timer if isinstance(page.topic_timer, dict) else None
    until = until_of(intent)
    if until is None or timer is None:
        return timer is None and until is None
    try:
        apart = abs((datetime.fromisoformat(str(timer.get("execute_at"))) - until).total_seconds())
    except (ValueError, TypeError):
        return False
    return apart <= _TIMER_SLACK and timer.get("status_type") == _timer(intent)


def _moved(intent: Intent, page: TopicPageP) -> dict[str, str]:
    """For a move: the forum where the thread is now, when it is not the one that the person moved it from."""
    origin = str(intent.payload.get("from_forum") or "").rpartition(":")[2]
    if intent.action is Action.MOVE and origin and origin != str(page.category_id):
        return {"forum": str(page.category_id)}
    return {}


def _tags(intent: Intent) -> tuple[str, ...]:
    tags = intent.payload.get("tags")
    if not isinstance(tags, list):
        raise NotAllowedError("payload_missing", action=intent.action.value, field="tags")
    return tuple(str(tag) for tag in tags)


def _as_sent(tags: Sequence[str], ids: Mapping[str, int] | None) -> list[Any]:
    """Tags as the release wants them: objects since 2026, before that their names."""
    if ids is None:
        return list(tags)
    return [{"id": ids[tag], "name": tag} if tag in ids else {"name": tag} for tag in tags]


def _slow_seconds(intent: Intent) -> int:
    seconds = intent.payload.get("seconds", _SECONDS_OF_SLOW)
    return int(seconds) if isinstance(seconds, int | float | str) and str(seconds).isdigit() else _SECONDS_OF_SLOW


def _timer(intent: Intent) -> str:
    return str(intent.payload.get("timer") or "close")
