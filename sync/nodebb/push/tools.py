"""What pushes on posts, threads and members need in common."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from moderation.errors import RefusedError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.items import HistoryEntry, Item
from moderation.records import Records
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.nodebb.context import Context
from sync.nodebb.pull.details import FlagDetails
from sync.nodebb.push.writing import Writer
from sync.nodebb.versions import FlagVersion, entries_after
from sync.parts.intents import Taken, effect_id, joined, until_of
from sync.parts.times import in_ms


class Tools:
    """A writer, the account, and the reported item that a decision stands beside."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.writer = Writer(context)
        self._details = FlagDetails(context)

    @property
    def me(self) -> Ref:
        """The member as whom this writes."""
        return self.context.rights(Urgency.FLUSH).identity.member

    def flag(self, flag: Ref) -> tuple[Item, Records] | None:
        """A flag now, and the records of that reading; ``None`` when the server knows it no more."""
        found = self._details.one(flag, Urgency.FLUSH)
        if found is None:
            return None
        detail, seq = found
        return detail.item, Records(seq, items=(detail.item,))

    def beside_item(self, intent: Intent, found: Before) -> Before:
        """The same with what the reported item tells: a decision on its post, thread or author is one on it too."""
        flag = self.flag(intent.item) if _reported(intent) and intent.item is not None else None
        if flag is None:
            return found
        item, records = flag
        seen = before_on_flag(item, records, intent.seen_version, found.standing, found.baseline)
        return replace(seen, changed=found.changed, records=joined(found.records, records))

    def evidence(self, intent: Intent, receipt: Receipt | None, *records: Records, where: str) -> Evidence:
        """Happened with a receipt, absent without; and how the reported item stands after it."""
        flag = self.flag(intent.item) if _reported(intent) and intent.item is not None else None
        extra: tuple[Records, ...] = () if flag is None else (flag[1],)
        entries = () if flag is None else unseen(intent, flag[0])
        answer = Answer.HAPPENED if receipt is not None else Answer.ABSENT
        return Evidence(answer, receipt, (*records, *extra), entries=entries, where=(where,))

    def receipt(self, thing: Ref, effect: str, at: datetime, taken: Taken) -> Receipt:
        """A receipt for an effect to which NodeBB gives no id."""
        return Receipt(effect_id(thing, effect, at, taken), str(self.me), at)


def until_ms(intent: Intent) -> int | None:
    """``until`` of the payload in ms, ``None`` without one."""
    until = until_of(intent)
    return None if until is None else in_ms(until)


def before_on_flag(item: Item, records: Records, seen: str, standing: Standing, baseline: dict[str, Any]) -> Before:
    """What a push finds before it sends, with the entries that the person has not seen.

    Raises ``RefusedError`` ``version_malformed`` where what was ``seen`` is no version: unread, it would hide them.
    """
    now = FlagVersion.parse(item.version)
    assert now is not None
    version = FlagVersion.parse(seen)
    if seen and version is None:
        raise RefusedError("version_malformed", version=seen[:100])
    return Before(
        standing=standing,
        baseline={**baseline, "keys": keys_at_newest(item.history), "newest": newest(item.history)},
        version=item.version,
        entries=entries_after(version, now, item.history),
        state=item.state,
        assignee=item.assignee,
        records=records,
    )


def unseen(intent: Intent, item: Item) -> tuple[HistoryEntry, ...]:
    """Entries after the version that the person saw."""
    now = FlagVersion.parse(item.version)
    assert now is not None
    return entries_after(FlagVersion.parse(intent.seen_version), now, item.history)


def newest(history: tuple[HistoryEntry, ...]) -> int:
    """Time (ms, server clock) of the newest entry, 0 without any."""
    return max((in_ms(entry.at) for entry in history), default=0)


def keys_at_newest(history: tuple[HistoryEntry, ...]) -> list[str]:
    """Keys of the entries that share the newest time."""
    last = newest(history)
    return [entry.key for entry in history if in_ms(entry.at) == last]


def _reported(intent: Intent) -> bool:
    return intent.item is not None and intent.item.kind is Kind.FLAG and intent.item != intent.target
