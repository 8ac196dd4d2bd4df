"""What pushes need in common."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.items import HistoryEntry, Item
from moderation.records import Records
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.discourse.context import Context
from sync.discourse.pull.queue import ReviewQueue
from sync.discourse.pull.threads import Threads
from sync.discourse.push.writing import Writer
from sync.discourse.versions import ReviewVersion, entries_after, newest
from sync.parts.intents import Taken, effect_id, joined


class Tools:
    """A writer, readers, the account, and the item that a decision stands beside."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.writer = Writer(context)
        self.queue = ReviewQueue(context)
        self.threads = Threads(context)

    @property
    def me(self) -> Ref:
        """The member as whom this writes."""
        return self.context.rights(Urgency.FLUSH).identity.member

    def item(self, ref: Ref) -> tuple[Item | None, Records]:
        """An item now, ``None`` when the server knows it no more; what was read."""
        item, records, _ = self.queue.one(ref, Urgency.FLUSH)
        return item, records

    def beside_item(self, intent: Intent, found: Before) -> Before:
        """The same with what the item tells: what prepares a decision is one on the item too."""
        item, records = self.item(intent.item) if _reported(intent) and intent.item is not None else (None, None)
        if item is None or records is None:
            return found
        seen = before_on_item(item, records, intent.seen_version, found.standing, found.baseline)
        return replace(seen, changed=found.changed, records=joined(found.records, records))

    def evidence(self, intent: Intent, receipt: Receipt | None, *records: Records, where: str) -> Evidence:
        """Happened with a receipt, absent without; and how the item stands after it, where that is decided on."""
        item, read = self.item(intent.item) if _reported(intent) and intent.item is not None else (None, None)
        extra = () if item is None or read is None else (read,)
        answer = Answer.HAPPENED if receipt is not None else Answer.ABSENT
        return Evidence(answer, receipt, (*records, *extra), entries=unseen(intent, item), where=(where,))

    def receipt(self, thing: Ref, effect: str, at: datetime, taken: Taken) -> Receipt:
        """A receipt for an effect to which Discourse gives no id."""
        return Receipt(effect_id(thing, effect, at, taken), str(self.me), at)

    def time_of(self, moment: datetime | None) -> datetime:
        """The server's time of a reading."""
        return moment or self.context.now()


def needed(intent: Intent, field: str) -> str:
    """A field of the payload that the action cannot do without."""
    text = str(intent.payload.get(field) or "")
    if not text.strip():
        raise NotAllowedError("payload_missing", action=intent.action.value, field=field)
    return text


def before_on_item(item: Item, records: Records, seen: str, standing: Standing, baseline: dict[str, Any]) -> Before:
    """What a push finds before it sends, with the entries that the person has not seen."""
    return Before(
        standing=standing,
        baseline={**baseline, "history": newest("h", item.history), "notes": [note.id for note in item.notes]},
        version=item.version,
        entries=entries_after(ReviewVersion.parse(seen), item.history),
        state=item.state,
        assignee=item.assignee,
        records=records,
    )


def unseen(intent: Intent, item: Item | None) -> tuple[HistoryEntry, ...]:
    """Entries after the version that the person saw."""
    return () if item is None else entries_after(ReviewVersion.parse(intent.seen_version), item.history)


def _reported(intent: Intent) -> bool:
    return intent.item is not None and intent.item.kind is Kind.REVIEW and intent.item != intent.target
