"""Following a category: the account's own level, those below it go along.

``PUT /api/v3/categories/:cid/watch`` answers with all categories that it changed. There is no id for it: what is read
back is the level.
"""

from collections.abc import Mapping
from typing import Any

from moderation.content import Level
from moderation.errors import NotAllowedError, TryLaterError
from moderation.ids import Kind
from moderation.intents import Intent
from moderation.records import Records
from sync.connector import Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.decoders import NOTHING
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
