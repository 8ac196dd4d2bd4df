"""Deciding and assigning flags.

NodeBB has no conflict detection (the last write wins) and answers 200 to what it ignores, so: read the history, write,
read the history back. Hiding and reports write into the same history.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moderation.actions import Action
from moderation.errors import NotAllowedError, RefusedError, TryLaterError
from moderation.ids import Ref
from moderation.intents import Intent, Receipt
from moderation.items import Change, HistoryEntry, Item, ItemState
from sync.connector import Answer, Before, Evidence, Standing
from sync.nodebb import endpoints
from sync.nodebb.decode_items import NATIVE_STATES, history_entries
from sync.nodebb.decoders import FLAG_HISTORY
from sync.nodebb.ids import in_path
from sync.nodebb.push.tools import Tools, before_on_flag, unseen
from sync.parts.times import in_ms

_STATE = {
    Action.RESOLVE: ItemState.RESOLVED,
    Action.DISMISS: ItemState.DISMISSED,
    Action.REOPEN: ItemState.OPEN,
    Action.TAKE: ItemState.IN_PROGRESS,
}


def since(baseline: Mapping[str, Any], history: Sequence[HistoryEntry]) -> list[HistoryEntry]:
    """Entries that were not there when the baseline was read, newest first."""
    last, keys = int(baseline.get("newest", 0)), set(baseline.get("keys", ()))
    return [e for e in history if in_ms(e.at) > last or (in_ms(e.at) == last and e.key not in keys)]


class DecideFlag:
    """Resolve, dismiss, take, reopen, assign, release."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """Read the flag; ``already`` when it stands as wanted, ``gone`` when the server knows it no more."""
        found = self._tools.flag(intent.target)
        if found is None:
            return Before(Standing.GONE, {})
        item, records = found
        standing = Standing.ALREADY if stands(item, self._wanted(intent, item.state)) else Standing.CLEAR
        return before_on_flag(item, records, intent.seen_version, standing, {"state": item.state.value})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write state and assignee; hints name the new entries of the history that the answer shows.

        The answer is 200 also for what NodeBB ignores (an assignee who may not moderate, a state that a colleague
        has just set): then no entry is one's own.
        """
        wanted = self._wanted(intent, before.state)
        body = _body(wanted, before)
        answer, _ = self._tools.writer.send("PUT", endpoints.flag(in_path(intent.target)), body, FLAG_HISTORY)
        fresh = since(before.baseline, history_entries(answer.response.history, self._tools.context.names))
        if not any(entry.by == self._tools.me for entry in fresh):
            if fresh:
                raise TryLaterError("overtaken", scope="intent")
            raise RefusedError("silently_ignored", action=intent.action.value)
        return {"entries": [entry.key for entry in fresh]}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Callable[[str], bool]) -> Evidence:
        """Happened when the history has an own entry since the baseline that makes the wanted change."""
        baseline = intent.baseline or {}
        found = self._tools.flag(intent.target)
        if found is None:
            return Evidence(Answer.UNCLEAR, where=("flag",))
        item, records = found
        wanted = self._wanted(intent, ItemState(baseline.get("state", item.state.value)))
        receipt = own_receipt(intent, item, self._tools.me, taken, lambda entry: makes(entry, wanted))
        return Evidence(
            Answer.HAPPENED if receipt is not None else Answer.ABSENT,
            receipt,
            (records,),
            entries=unseen(intent, item),
            where=("flag history",),
        )

    def _wanted(self, intent: Intent, state: ItemState | None) -> dict[Change, str]:
        """The wanted values: state as this program names it, assignee as native member id."""
        action = intent.action
        if action is Action.RELEASE:
            wanted = {Change.ASSIGNEE: ""}
            return wanted | {Change.STATE: ItemState.OPEN.value} if state is ItemState.IN_PROGRESS else wanted
        if action is Action.ASSIGN:
            return {Change.ASSIGNEE: _member(intent)}
        wanted = {Change.STATE: _STATE[action].value}
        return wanted | {Change.ASSIGNEE: self._tools.me.native} if action is Action.TAKE else wanted


def own_receipt(
    intent: Intent, item: Item, me: Ref, taken: Callable[[str], bool], fits: Callable[[HistoryEntry], bool]
) -> Receipt | None:
    """The oldest own entry since the baseline that fits and is nobody's receipt yet."""
    for entry in reversed(since(intent.baseline or {}, item.history)):
        server_id = f"{item.id.kind}:{item.id.native}@{entry.key}"
        if entry.by == me and fits(entry) and not taken(server_id):
            return Receipt(server_id, str(me), entry.at)
    return None


def stands(item: Item, wanted: Mapping[Change, str]) -> bool:
    """True when the item already is as wanted."""
    now = {Change.STATE: item.state.value, Change.ASSIGNEE: item.assignee.native if item.assignee else ""}
    return all(now[change] == value for change, value in wanted.items())


def makes(entry: HistoryEntry, wanted: Mapping[Change, str]) -> bool:
    """True when an entry makes some of the wanted changes and none against them (NodeBB leaves out what was so
    before). The history tells assignees by name, so only somebody or nobody is compared.
    """
    made = {change: entry.changes[change] for change in wanted if change in entry.changes}
    return bool(made) and all(
        bool(made[change]) == bool(wanted[change]) if change is Change.ASSIGNEE else made[change] == wanted[change]
        for change in made
    )


def _body(wanted: Mapping[Change, str], before: Before) -> dict[str, Any]:
    """The changes to ask for; the assignee as a string, and only where it differs (else a useless entry is made)."""
    body: dict[str, Any] = {}
    if Change.STATE in wanted:
        body["state"] = NATIVE_STATES[ItemState(wanted[Change.STATE])]
    if Change.ASSIGNEE in wanted and wanted[Change.ASSIGNEE] != (before.assignee.native if before.assignee else ""):
        body["assignee"] = wanted[Change.ASSIGNEE]
    return body


def _member(intent: Intent) -> str:
    wanted = str(intent.payload.get("member") or "")
    if not wanted:
        raise NotAllowedError("payload_missing", action=intent.action.value, field="member")
    return Ref.parse(wanted).native if ":" in wanted else wanted
