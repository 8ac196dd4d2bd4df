"""Following: the account's own level on a category, on this one alone, and on a topic.

``POST /category/:id/notifications`` answers with nothing that tells it from another; what is read back is the profile,
where a category in none of the lists is followed as the site has it for everybody.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moderation.content import Level
from moderation.errors import NotAllowedError, TryLaterError
from moderation.ids import Kind, Ref
from moderation.intents import Intent
from moderation.records import Records
from sync.connector import Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.decoders import ANYTHING
from sync.discourse.pull.people import People
from sync.discourse.push.tools import Tools
from sync.parts.intents import Taken, followed_otherwise, level_of, on

_NUMBERS = {
    Level.MUTED: 0,
    Level.NORMAL: 1,
    Level.TRACKING: 2,
    Level.WATCHING: 3,
    Level.WATCHING_FIRST: 4,
}
_OF_TOPICS = {0: Level.MUTED, 1: Level.NORMAL, 2: Level.TRACKING, 3: Level.WATCHING}


class Follow:
    """``level`` of the payload is wanted, ``from`` is what the person saw."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._people = People(tools.context)

    def before(self, intent: Intent) -> Before:
        """How the account follows it now, and that the category is there."""
        forum, wanted = on(intent, Kind.FORUM), level_of(intent)
        there = self._tools.context.reader.find(endpoints.category(forum.native), ANYTHING, Urgency.FLUSH)
        if there.value is None:
            return Before(Standing.GONE, {}, records=Records(there.seq, gone=(forum,)))
        level, records = self._level(intent)
        standing = Standing.ALREADY if level is wanted else Standing.CLEAR
        return Before(standing, {"level": level.value}, changed=followed_otherwise(intent, level), records=records)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write once."""
        path = endpoints.category_level(intent.target.native)
        self._tools.writer.do("POST", path, {"notification_level": _NUMBERS[level_of(intent)]})
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the account follows it as wanted."""
        level, records = self._level(intent)
        receipt = None
        if level is level_of(intent):
            at = next((one.seen_at for one in records.following), None)
            receipt = self._tools.receipt(intent.target, f"follow.{level.value}", self._at(at), taken)
        return self._tools.evidence(intent, receipt, records, where="profile")

    def _at(self, told: datetime | None) -> datetime:
        return self._tools.time_of(told)

    def _level(self, intent: Intent) -> tuple[Level, Records]:
        name = self._tools.context.rights(Urgency.FLUSH).username
        records = self._people.followed(name, Urgency.FLUSH)
        if records is None or not records.followers:
            raise TryLaterError("following_unreadable", scope="intent")
        found = next((one.level for one in records.following if one.forum == intent.target), Level.NORMAL)
        return found, records


class FollowThread:
    """The account's own level on a topic: ``POST /t/:id/notifications``, told by ``/t/:id.json`` in its details."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """How the account follows it now."""
        wanted = level_of(intent)
        if wanted not in _OF_TOPICS.values():
            raise NotAllowedError("level_not_here", level=wanted.value)
        level, records, _ = self._level(on(intent, Kind.THREAD))
        if level is None:
            return Before(Standing.GONE, {}, records=records)
        standing = Standing.ALREADY if level is wanted else Standing.CLEAR
        return Before(standing, {"level": level.value}, changed=followed_otherwise(intent, level), records=records)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write once."""
        path = endpoints.topic_verb(intent.target.native, "notifications")
        self._tools.writer.do("POST", path, {"notification_level": _NUMBERS[level_of(intent)]})
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the account follows it as wanted."""
        level, records, at = self._level(intent.target)
        receipt = None
        if level is level_of(intent):
            receipt = self._tools.receipt(intent.target, f"follow.{level.value}", self._tools.time_of(at), taken)
        return self._tools.evidence(intent, receipt, records, where="thread")

    def _level(self, thread: Ref) -> tuple[Level | None, Records, datetime | None]:
        read = self._tools.threads.head(thread, Urgency.FLUSH)
        if read.value is None:
            return None, Records(read.seq), read.server_time
        level = _OF_TOPICS.get(read.value.details.notification_level, Level.NORMAL)
        return level, self._tools.threads.head_record(read.value, read.seq), read.server_time
