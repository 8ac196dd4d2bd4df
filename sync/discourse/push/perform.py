"""Doing what the server offers on an item.

The server wants the item's version. A colleague who was first shows as 403 (the action is not offered any more) or 409
(the item changed), one who holds the claim as 422: each time the item is read again, and both sides are shown.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moderation.errors import ConflictError, RefusedError, TryLaterError
from moderation.ids import Kind
from moderation.intents import Intent, Receipt
from moderation.items import Change, HistoryEntry, Item, ItemState, Offer
from sync.connector import Answer, Before, Evidence, Standing
from sync.discourse import endpoints
from sync.discourse.decoders import PERFORMED
from sync.discourse.push.tools import Tools, before_on_item, unseen
from sync.discourse.versions import ReviewVersion, number_of
from sync.parts.intents import Taken, on

_REASON_LIMIT = 500
_TAKEN_BACK = frozenset({"forbidden", "server_refused"})


class Perform:
    """Every decision on an item, by the server's own name for it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Read the item; ``already`` when it stands as wanted. What is not offered any more is refused here, unless
        that is because of a colleague.
        """
        item, records = self._tools.item(on(intent, Kind.REVIEW))
        if item is None:
            return Before(Standing.GONE, {})
        already = intent.leads_to is not None and item.state is intent.leads_to
        standing = Standing.ALREADY if already else Standing.CLEAR
        found = before_on_item(item, records, intent.seen_version, standing, {})
        offer = offer_for(intent, item)
        if offer is None and not already and not self._by_others(found.entries):
            raise RefusedError("action_not_offered", action=str(intent.action), item=str(item.id))
        return found

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Perform once, on the version that was just read."""
        seen = ReviewVersion.parse(before.version)
        item = next(iter(before.records.items), None) if before.records is not None else None
        offer = offer_for(intent, item)
        if seen is None or offer is None:
            raise TryLaterError("overtaken", scope="intent")
        path = endpoints.perform(intent.target.native, offer.name, seen.version)
        try:
            answer, got = self._tools.writer.send("PUT", path, _body(intent, offer), PERFORMED)
        except RefusedError as error:
            if error.code in _TAKEN_BACK:
                raise self._why(intent, before, error) from None
            raise
        result = answer.reviewable_perform_result
        return {
            "done": True,
            "version": result.version,
            "post": result.created_post_id,
            "at": self._tools.time_of(got.server_time).isoformat(),
        }

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the history has an own decision since the baseline that leads where this one does."""
        item, records = self._tools.item(intent.target)
        where = ("review history",)
        if item is None:
            return self._gone(intent, hints, taken, where)
        receipt = self._receipt(intent, item, hints, taken)
        answer = Answer.HAPPENED if receipt is not None else Answer.ABSENT
        return Evidence(answer, receipt, (records,), entries=unseen(intent, item), where=where)

    def _receipt(self, intent: Intent, item: Item, hints: Mapping[str, Any], taken: Taken) -> Receipt | None:
        baseline, me = int((intent.baseline or {}).get("history", 0)), self._tools.me
        for entry in reversed(item.history):
            server_id = f"{item.id.kind}:{item.id.native}@{entry.key}"
            fresh = entry.key.startswith("h") and number_of(entry.key) > baseline and entry.by == me
            if fresh and _decides(entry, intent.leads_to) and not taken(server_id):
                return Receipt(server_id, str(me), entry.at)
        version = ReviewVersion.parse(item.version)
        if hints.get("done") and version is not None and hints.get("version") == version.version:
            return self._tools.receipt(item.id, f"v{version.version}", datetime.fromisoformat(hints["at"]), taken)
        return None

    def _gone(self, intent: Intent, hints: Mapping[str, Any], taken: Taken, where: tuple[str, ...]) -> Evidence:
        """Some decisions take the item itself away; only the server's answer proves whose that was."""
        if not hints.get("done"):
            return Evidence(Answer.UNCLEAR, where=where)
        receipt = self._tools.receipt(intent.target, "done", datetime.fromisoformat(hints["at"]), taken)
        return Evidence(Answer.HAPPENED, receipt, where=where)

    def _why(self, intent: Intent, before: Before, refused: RefusedError) -> Exception:
        """Was a colleague first? Then the next look shows who and what; else the server's own no stands."""
        item, _ = self._tools.item(intent.target)
        if item is None or item.version != before.version:
            return TryLaterError("overtaken", scope="intent")
        if item.claimed_by is not None and item.claimed_by != self._tools.me:
            return ConflictError("claimed_by_other", item=str(item.id), holder=str(item.claimed_by),
                                 by=str(item.claimed_by), by_name=item.assignee_name)  # fmt: skip
        if offer_for(intent, item) is None:
            return RefusedError("action_not_offered", action=str(intent.action), item=str(item.id))
        return refused

    def _by_others(self, entries: tuple[HistoryEntry, ...]) -> bool:
        me = self._tools.me
        return any(entry.by != me and not entry.changes.keys().isdisjoint({Change.STATE, Change.ASSIGNEE})
                   for entry in entries)  # fmt: skip


def offer_for(intent: Intent, item: Item | None) -> Offer | None:
    """The item's offer that an intent means: by the name it was journalled with, else by its slug."""
    name = intent.payload.get("offer")
    for offer in (item.offers or ()) if item is not None else ():
        if offer.name == name or (name is None and offer.slug == intent.action):
            return offer
    return None


def _decides(entry: HistoryEntry, wanted: ItemState | None) -> bool:
    state = entry.changes.get(Change.STATE)
    return state is not None and (wanted is None or state == wanted)


def _body(intent: Intent, offer: Offer) -> dict[str, Any]:
    reason = str(intent.payload.get("reason") or "")[:_REASON_LIMIT]
    if offer.needs_reject_reason:
        return {"reject_reason": reason, "send_email": bool(intent.payload.get("send_email"))}
    if offer.name.startswith("revise"):
        return {"revise_reason": reason, "revise_feedback": str(intent.payload.get("message") or "")}
    return {}
