"""Change records: which rows changed, ids only, so that listeners decide what to read again."""

from dataclasses import dataclass
from enum import StrEnum


class Table(StrEnum):
    """What a change record is about; ``FOUND``: private data in posts and titles,
    ``ALARM``: alarms that began or ended (their keys)."""

    ITEM = "item"
    THREAD = "thread"
    POST = "post"
    MEMBER = "member"
    FORUM = "forum"
    INTENT = "intent"
    TEAM = "team"
    COMMUNITY = "community"
    FOUND = "found"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """Ids (``str(Ref)``, or intent ids) of one table that changed; ``everything`` means: read all of it again."""

    table: Table
    ids: tuple[str, ...] = ()
    everything: bool = False


def coalesce(records: list[ChangeRecord], limit: int = 500) -> list[ChangeRecord]:
    """One record a table, in first-seen order of ids; past ``limit`` ids it becomes ``everything``."""
    merged: dict[Table, dict[str, None]] = {}
    whole: set[Table] = set()
    for record in records:
        merged.setdefault(record.table, {}).update(dict.fromkeys(record.ids))
        if record.everything or len(merged[record.table]) > limit:
            whole.add(record.table)
    return [ChangeRecord(t, () if t in whole else tuple(ids), t in whole) for t, ids in merged.items()]
