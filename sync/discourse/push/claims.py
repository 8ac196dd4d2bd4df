"""Claiming and releasing. A claim is one of the topic, and acting on an item gives it up; releasing would take away a
colleague's claim too, so that is not done.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moderation.actions import Action
from moderation.errors import ConflictError, RefusedError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.items import Change, HistoryEntry, Item
from sync.connector import Answer, Before, Evidence, Standing
from sync.discourse import endpoints
from sync.discourse.push.tools import Tools, before_on_item, unseen
from sync.discourse.versions import number_of
from sync.parts.intents import Taken, on


class Claim:
    """Take, assign (to oneself) and release."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Whose claim it is; raises ``ConflictError`` where it is a colleague's."""
        item, records = self._tools.item(on(intent, Kind.REVIEW))
        if item is None:
            return Before(Standing.GONE, {})
        me, wanted = self._tools.me, self._wanted(intent)
        if item.thread is None:
            raise RefusedError("nothing_to_claim", item=str(item.id))
        found = before_on_item(
            item, records, intent.seen_version, Standing.ALREADY if item.claimed_by == wanted else Standing.CLEAR,
            {"topic": item.thread.native},
        )  # fmt: skip
        if item.claimed_by not in {None, me} and not any(Change.ASSIGNEE in entry.changes for entry in found.entries):
            raise ConflictError("claimed_by_other", item=str(item.id), holder=str(item.claimed_by),
                                by=str(item.claimed_by), by_name=item.assignee_name)  # fmt: skip
        return found

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Claim or release the topic; 409 means that a colleague was quicker."""
        topic = str(before.baseline["topic"])
        if intent.action is Action.RELEASE:
            answer = self._tools.writer.do("DELETE", endpoints.claim(topic), {})
        else:
            body = {"reviewable_claimed_topic": {"topic_id": int(topic)}}
            answer = self._tools.writer.do("POST", endpoints.CLAIMS, body)
        return {"done": True, "at": self._tools.time_of(answer.server_time).isoformat()}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the claim is as wanted; the history tells when, where the release keeps it there."""
        item, records = self._tools.item(intent.target)
        if item is None:
            return Evidence(Answer.UNCLEAR, where=("review claims",))
        receipt = None
        if item.claimed_by == self._wanted(intent):
            receipt = self._entry(intent, item, taken) or self._tools.receipt(item.id, "claim", self._at(hints), taken)
        answer = Answer.HAPPENED if receipt is not None else Answer.ABSENT
        return Evidence(answer, receipt, (records,), entries=unseen(intent, item), where=("review claims",))

    def _entry(self, intent: Intent, item: Item, taken: Taken) -> Receipt | None:
        baseline, me = int((intent.baseline or {}).get("history", 0)), self._tools.me
        for entry in reversed(item.history):
            server_id = f"{item.id.kind}:{item.id.native}@{entry.key}"
            fresh = number_of(entry.key) > baseline and entry.by == me and self._fits(intent, entry)
            if fresh and not taken(server_id):
                return Receipt(server_id, str(me), entry.at)
        return None

    def _fits(self, intent: Intent, entry: HistoryEntry) -> bool:
        given = entry.changes.get(Change.ASSIGNEE)
        return given is not None and bool(given) == (intent.action is not Action.RELEASE)

    def _at(self, hints: Mapping[str, Any]) -> datetime:
        return datetime.fromisoformat(hints["at"]) if hints.get("at") else self._tools.context.now()

    def _wanted(self, intent: Intent) -> Ref | None:
        if intent.action is Action.RELEASE:
            return None
        member = str(intent.payload.get("member") or "")
        if member and member.rpartition(":")[2] != self._tools.me.native:
            raise RefusedError("claims_are_own", item=str(intent.target))
        return self._tools.me
