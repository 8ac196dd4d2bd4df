"""Following: the account's own level of a category, those below it go along; and its own state of a topic.

``PUT /api/v3/categories/:cid/watch`` answers with all categories that it changed. There is no id for it: what is read
back is the level.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moderation.content import Level
from moderation.errors import NotAllowedError, TryLaterError
from moderation.ids import Kind
from moderation.intents import Intent
from moderation.records import Records
from sync.connector import Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.decoders import FOLLOW_STATE, NOTHING
from sync.nodebb.following_payloads import FollowStateP
from sync.nodebb.ids import in_path
from sync.nodebb.pull.following import Following
from sync.nodebb.push.tools import Tools
from sync.parts.intents import Taken, followed_otherwise, level_of, on

_STATES = {
    Level.WATCHING: "watching",
    Level.TRACKING: "tracking",
    Level.NORMAL: "notwatching",
    Level.MUTED: "ignoring",
}
_VERBS = {
    Level.WATCHING: ("PUT", "follow"),
    Level.NORMAL: ("DELETE", "follow"),
    Level.MUTED: ("PUT", "ignore"),
}


class Follow:
    """``level`` of the payload is wanted, ``from`` is what the person saw."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._following = Following(tools.context)

    def before(self, intent: Intent) -> Before:
        """How the account follows it now; a category that the account cannot find is gone for it."""
        forum, wanted = on(intent, Kind.FORUM), level_of(intent)
        if wanted not in _STATES:
            raise NotAllowedError("level_not_here", level=wanted.value)
        level, records = self._level(intent)
        if level is None:
            return Before(Standing.GONE, {}, records=records)
        standing = Standing.ALREADY if level is wanted else Standing.CLEAR
        baseline = {"level": level.value, "forum": forum.native}
        return Before(standing, baseline, changed=followed_otherwise(intent, level), records=records)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write once."""
        path = endpoints.category_watch(in_path(intent.target))
        self._tools.writer.send("PUT", path, {"state": _STATES[level_of(intent)]}, NOTHING)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the account follows it as wanted."""
        level, records = self._level(intent)
        receipt = None
        if level is level_of(intent):
            now = self._tools.context.now()
            at = next((one.seen_at for one in records.following), now)
            receipt = self._tools.receipt(intent.target, f"follow.{level.value}", at, taken)
        return self._tools.evidence(intent, receipt, records, where="watched categories")

    def _level(self, intent: Intent) -> tuple[Level | None, Records]:
        told = self._following.of(self._tools.context.rights(Urgency.FLUSH).slug, Urgency.FLUSH)
        if not told.records:
            raise TryLaterError("following_unreadable", scope="intent")
        records = told.records[0]
        return next((one.level for one in records.following if one.forum == intent.target), None), records


class FollowThread:
    """Following a topic, ignoring it, or neither: the account's own state.

    ``PUT`` and ``DELETE /api/v3/topics/:tid/follow``, ``/ignore``: each replaces the other; the page of the topic says
    how it stands (NodeBB 4.15.1).
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """How the account follows it now."""
        on(intent, Kind.THREAD)
        wanted = level_of(intent)
        if wanted not in _VERBS:
            raise NotAllowedError("level_not_here", level=wanted.value)
        level, records, _ = self._level(intent)
        if level is None:
            return Before(Standing.GONE, {}, records=records)
        standing = Standing.ALREADY if level is wanted else Standing.CLEAR
        return Before(standing, {"level": level.value}, changed=followed_otherwise(intent, level), records=records)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write once."""
        method, verb = _VERBS[level_of(intent)]
        self._tools.writer.send(method, endpoints.topic_verb(in_path(intent.target), verb), {}, NOTHING)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the account follows it as wanted."""
        level, records, at = self._level(intent)
        receipt = None
        if level is level_of(intent):
            receipt = self._tools.receipt(intent.target, f"follow.{level.value}", at, taken)
        return self._tools.evidence(intent, receipt, records, where="topic")

    def _level(self, intent: Intent) -> tuple[Level | None, Records, datetime]:
        context = self._tools.context
        path = endpoints.topic_page(in_path(intent.target), 1)
        read = context.reader.find(path, FOLLOW_STATE, Urgency.FLUSH)
        at = read.server_time or context.now()
        if read.value is None:
            return None, Records(read.seq), at
        return _state(read.value), Records(read.seq), at


def _state(topic: FollowStateP) -> Level:
    if topic.isFollowing:
        return Level.WATCHING
    return Level.MUTED if topic.isIgnoring else Level.NORMAL
