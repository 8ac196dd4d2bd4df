"""Unsent text."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from moderation.ports import Draft
from sync.journal import tables as t
from sync.journal.tables import draft as table


def save(db: Connection, draft: Draft) -> None:
    """Replace the draft of its place; an empty text only removes it."""
    db.execute(table.delete().where(table.c.place == draft.place))
    if draft.text:
        row = {"place": draft.place, "text": draft.text, "changed_at": draft.changed_at, "facts": draft.facts}
        db.execute(table.insert(), row)


def read(db: Connection, place: str | None = None) -> list[Draft]:
    """Drafts, newest first; only that of a place where one is given."""
    query = sa.select(table).order_by(table.c.changed_at.desc(), table.c.place)
    rows = db.execute(query if place is None else query.where(table.c.place == place)).mappings()
    return [Draft(row["place"], row["text"], row["changed_at"], row["facts"]) for row in rows]


def drop_about(db: Connection, ids: set[str]) -> int:
    """Delete drafts whose place ends in one of these ids, or whose facts hold one as a value; gives how many."""
    places = [draft.place for draft in read(db) if _is_about(draft, ids)]
    for place in places:
        db.execute(t.draft.delete().where(t.draft.c.place == place))
    return len(places)


def _is_about(draft: Draft, ids: set[str]) -> bool:
    place = draft.place.partition(":")[2]
    return place in ids or draft.place in ids or any(str(value) in ids for value in draft.facts.values())
