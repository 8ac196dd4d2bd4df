"""Presence cards in the team store: one a forum, and what happened to it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from moderation.ids import Ref
from moderation.presence.kept import Card, CardChange, CardShape, CardState
from sync.team import cards_tables as t
from sync.team.rows import TOUCH, first
from sync.vault.alchemy import reading, writing

_PLAIN = (
    "number", "language", "account", "digest", "states", "next_digest", "next_states", "plan", "by", "by_name", "at",
    "changed_at", "untrue_since", "reason",
)  # fmt: skip
_CHANGE = ("at", "by", "reason")


class SqlCards:
    """Implements :class:`moderation.presence.Cards` over the engine of a team store."""

    _engine: Engine

    def cards(self, community: str) -> list[Card]:
        """All of a community's, by forum, those taken down too."""
        mine = t.presence_card.c.forum.startswith(f"{community}:", autoescape=True)
        with reading(self._engine) as db:
            rows = db.execute(sa.select(t.presence_card).where(mine).order_by(t.presence_card.c.forum)).mappings()
            return [_card(row) for row in rows]

    def card(self, forum: Ref) -> Card | None:
        """One, ``None`` where there never was one."""
        with reading(self._engine) as db:
            row = _kept(db, forum)
        return _card(row) if row is not None else None

    def keep_card(self, card: Card, *, instead_of: Card | None, change: CardChange | None = None) -> bool:
        """Keep it, only where what is kept is still ``instead_of``; ``False``: somebody else was first."""
        with writing(self._engine) as db:
            row = _kept(db, card.forum)
            if (None if row is None else _card(row)) != instead_of:
                return False
            if row is None:
                if not first(db, t.presence_card, _row(card) | {"version": 1}, "forum"):
                    return False
            else:
                still = sa.and_(t.presence_card.c.forum == str(card.forum), t.presence_card.c.version == row["version"])
                changed = t.presence_card.update().where(still).values(_row(card) | {"version": row["version"] + 1})
                if not db.execute(changed).rowcount:
                    return False
            if change is not None:
                db.execute(t.presence_change.insert(), _change_row(change))
            db.execute(TOUCH)
            return True

    def card_history(self, forum: Ref, limit: int = 50) -> Sequence[CardChange]:
        """What happened to it, newest first."""
        mine = t.presence_change.c.forum == str(forum)
        query = sa.select(t.presence_change).where(mine).order_by(t.presence_change.c.number.desc()).limit(limit)
        with reading(self._engine) as db:
            return [_change(row, forum) for row in db.execute(query).mappings()]


def _kept(db: Connection, forum: Ref) -> sa.RowMapping | None:
    return db.execute(sa.select(t.presence_card).where(t.presence_card.c.forum == str(forum))).mappings().first()


def _row(card: Card) -> dict[str, Any]:
    return {name: getattr(card, name) for name in _PLAIN} | {
        "forum": str(card.forum),
        "shape": card.shape.value,
        "state": card.state.value,
        "thread": str(card.thread or ""),
        "post": str(card.post or ""),
    }


def _card(row: sa.RowMapping) -> Card:
    return Card(
        Ref.parse(row["forum"]),
        shape=CardShape(row["shape"]),
        state=CardState(row["state"]),
        thread=Ref.parse(row["thread"]) if row["thread"] else None,
        post=Ref.parse(row["post"]) if row["post"] else None,
        **{name: row[name] for name in _PLAIN},
    )


def _change_row(change: CardChange) -> dict[str, Any]:
    named = {"forum": str(change.forum), "state": change.state.value, "kinds": list(change.kinds)}
    return {name: getattr(change, name) for name in _CHANGE} | named


def _change(row: sa.RowMapping, forum: Ref) -> CardChange:
    facts = {name: row[name] for name in _CHANGE}
    return CardChange(forum, state=CardState(row["state"]), kinds=tuple(row["kinds"]), **facts)
