"""Suspending and silencing members, and taking it back: calls of the administration, open to moderators.

The server tells who did it and since when: that is the receipt.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moderation.actions import Action
from moderation.errors import RefusedError
from moderation.ids import Kind
from moderation.intents import Intent, Receipt
from moderation.records import Records
from sync.connector import Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.decode import maybe_utc, utc
from sync.discourse.decoders import USER
from sync.discourse.payloads import UserP
from sync.discourse.push.tools import Tools
from sync.parts.answers import Read
from sync.parts.intents import Taken, on, until_of
from sync.parts.times import in_ms

_VERBS = {
    Action.BAN: "suspend",
    Action.UNBAN: "unsuspend",
    Action.MUTE: "silence",
    Action.UNMUTE: "unsilence",
}
FOR_EVER = datetime(3000, 1, 1, tzinfo=UTC)
"""Discourse has no sanction without an end; this is what stands for one."""
_SLACK_MS = 60_000


class Sanction:
    """Suspend, unsuspend, silence, unsilence."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """How the member stands."""
        read = self._user(intent)
        if read.value is None:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        now = self._tools.time_of(read.server_time)
        standing = Standing.ALREADY if _stands(intent, read.value, now) else Standing.CLEAR
        baseline = {"sanction": {"since": _since_ms(intent, read.value), "now": in_ms(now)}}
        return self._tools.beside_item(intent, Before(standing, baseline, records=self._record(read)))

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write once."""
        body = self._body(intent, before)
        path = endpoints.admin_user(intent.target.native, _VERBS[intent.action])
        self._tools.writer.do("PUT", path, body)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the member is as wanted, by this account where the server names who it was."""
        read = self._user(intent)
        receipt = self._receipt(intent, read, taken) if read.value is not None else None
        return self._tools.evidence(intent, receipt, self._record(read), where="member")

    def _receipt(self, intent: Intent, read: Read[UserP | None], taken: Taken) -> Receipt | None:
        user, now = read.value, self._tools.time_of(read.server_time)
        if user is None or not _stands(intent, user, now):
            return None
        effect, since = _VERBS[intent.action], _since(intent, user)
        by = user.suspended_by if intent.action in (Action.BAN, Action.UNBAN) else user.silenced_by
        if intent.action in (Action.UNBAN, Action.UNMUTE) or since is None:
            return self._tools.receipt(intent.target, effect, now, taken)
        if by is not None and str(by.id) != self._tools.me.native:
            return None
        server_id = f"member:{intent.target.native}@{effect}.{in_ms(since)}"
        return None if taken(server_id) else Receipt(server_id, str(self._tools.me), since)

    def _user(self, intent: Intent) -> Read[UserP | None]:
        path = endpoints.admin_user(on(intent, Kind.MEMBER).native)
        return self._tools.context.reader.find(path, USER, Urgency.FLUSH)

    def _record(self, read: Read[UserP | None]) -> Records:
        members = self._tools.context.members([read.value]) if read.value is not None else ()
        return Records(read.seq, members=members)

    def _body(self, intent: Intent, before: Before) -> dict[str, Any]:
        if intent.action in (Action.UNBAN, Action.UNMUTE):
            return {}
        until = until_of(intent) or FOR_EVER
        if in_ms(until) <= int(before.baseline.get("sanction", {}).get("now", 0)):
            raise RefusedError("end_date_wrong")
        end = "suspend_until" if intent.action is Action.BAN else "silenced_till"
        body: dict[str, Any] = {
            end: until.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "reason": str(intent.payload.get("reason") or intent.payload.get("policy") or "-"),
        }
        if message := str(intent.payload.get("message") or ""):
            body["message"] = message
        return body


def _stands(intent: Intent, user: UserP, now: datetime) -> bool:
    """True when the member is as wanted, to the same end."""
    end = maybe_utc(user.suspended_till if intent.action in (Action.BAN, Action.UNBAN) else user.silenced_till)
    is_so = end is not None and end > now
    if intent.action in (Action.UNBAN, Action.UNMUTE):
        return not is_so
    wanted = until_of(intent) or FOR_EVER
    return is_so and end is not None and abs(in_ms(end) - in_ms(wanted)) <= _SLACK_MS


def _since(intent: Intent, user: UserP) -> datetime | None:
    at = user.suspended_at if intent.action in (Action.BAN, Action.UNBAN) else user.silenced_at
    return utc(at) if at is not None else None


def _since_ms(intent: Intent, user: UserP) -> int:
    since = _since(intent, user)
    return in_ms(since) if since is not None else 0
