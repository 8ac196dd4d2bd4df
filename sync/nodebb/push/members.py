"""Banning and muting members, and taking it back.

An end in the past is taken as "for ever" by the server, so it is refused here. DELETE needs a JSON body. Each entry of
the member's history has its own time: that is the receipt.
"""

from collections.abc import Mapping
from typing import Any

from moderation.actions import Action
from moderation.errors import NotAllowedError, PayloadError, RefusedError
from moderation.ids import Kind
from moderation.intents import Intent, Receipt
from moderation.records import Records
from sync.connector import Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.decode import moment
from sync.nodebb.decoders import MEMBER_INFO, NOTHING, USER_ANSWER
from sync.nodebb.ids import in_path
from sync.nodebb.payloads import SanctionP, UserP
from sync.nodebb.push.tools import Tools, until_ms
from sync.parts.answers import Read
from sync.parts.intents import Taken, on
from sync.parts.times import in_ms

_VERBS = {
    Action.BAN: ("PUT", "ban"),
    Action.UNBAN: ("DELETE", "ban"),
    Action.MUTE: ("PUT", "mute"),
    Action.UNMUTE: ("DELETE", "mute"),
}


class Sanction:
    """Ban, unban, mute, unmute."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """How the member stands, and the newest entry of the history where it may be read."""
        read = self._user(intent)
        if read.value is None:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        user = read.value
        standing = Standing.ALREADY if _stands(intent, user) else Standing.CLEAR
        history = self._history(intent, user)
        baseline = {
            "newest": max((round(one.timestamp) for one in history), default=0),
            "readable": history is not _UNREADABLE,
            "now": in_ms(read.server_time or self._tools.context.now()),
        }
        return self._tools.beside_item(intent, Before(standing, {"sanction": baseline}, records=self._record(read)))

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write once."""
        method, verb = _VERBS[intent.action]
        body = self._body(intent, before)
        self._tools.writer.send(method, endpoints.user_verb(in_path(intent.target), verb), body, NOTHING)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the history has an own entry of this kind since the baseline."""
        read = self._user(intent)
        receipt = self._receipt(intent, read, taken) if read.value is not None else None
        return self._tools.evidence(intent, receipt, self._record(read), where="member")

    def _receipt(self, intent: Intent, read: Read[UserP | None], taken: Taken) -> Receipt | None:
        user = read.value
        assert user is not None
        history = self._history(intent, user)
        if history is _UNREADABLE:
            at = read.server_time or self._tools.context.now()
            done = self._tools.receipt(intent.target, intent.action.value, at, taken)
            return done if _stands(intent, user) else None
        last = int((intent.baseline or {}).get("sanction", {}).get("newest", 0))
        for entry in sorted(history, key=lambda one: one.timestamp):
            server_id = f"member:{intent.target.native}@{intent.action.value}.{round(entry.timestamp)}"
            own = entry.type == intent.action.value and str(entry.fromUid) == self._tools.me.native
            if own and round(entry.timestamp) > last and not taken(server_id):
                return Receipt(server_id, str(self._tools.me), moment(entry.timestamp))
        return None

    def _user(self, intent: Intent) -> Read[UserP | None]:
        path = endpoints.user(in_path(on(intent, Kind.MEMBER)))
        read = self._tools.context.reader.find(path, USER_ANSWER, Urgency.FLUSH)
        return Read(read.value.response if read.value else None, read.seq, read.endpoint, read.server_time)

    def _record(self, read: Read[UserP | None]) -> Records:
        members = () if read.value is None else (self._tools.context.decode.member(read.value),)
        return Records(read.seq, members=members)

    def _history(self, intent: Intent, user: UserP) -> list[SanctionP]:
        """Bans or mutes with who and when; :data:`_UNREADABLE` without the right to see them."""
        if not user.userslug:
            return _UNREADABLE
        try:
            path = endpoints.user_page(user.userslug, "info")
            read = self._tools.context.reader.find(path, MEMBER_INFO, Urgency.FLUSH)
        except (NotAllowedError, PayloadError):
            return _UNREADABLE
        if read.value is None:
            return _UNREADABLE
        bans = intent.action in (Action.BAN, Action.UNBAN)
        return read.value.history.bans if bans else read.value.history.mutes

    def _body(self, intent: Intent, before: Before) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if reason := str(intent.payload.get("reason") or "").strip():
            body["reason"] = reason
        if intent.action in (Action.UNBAN, Action.UNMUTE):
            return body
        until = until_ms(intent)
        if until is not None and until <= int(before.baseline.get("sanction", {}).get("now", 0)):
            raise RefusedError("end_date_wrong")
        return {**body, "until": until or 0}


_UNREADABLE: list[SanctionP] = []


def _stands(intent: Intent, user: UserP) -> bool:
    """True when the member is as wanted, to the same end."""
    if intent.action in (Action.BAN, Action.UNBAN):
        is_so, until = bool(user.banned), user.banned_until
    else:
        is_so, until = bool(user.muted), user.mutedUntil
    if intent.action in (Action.UNBAN, Action.UNMUTE):
        return not is_so
    return is_so and round(until or 0) == (until_ms(intent) or 0)
