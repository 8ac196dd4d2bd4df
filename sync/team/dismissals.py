"""Finds that are not private, in the team store."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from moderation.ids import Ref
from moderation.privacy.dismissals import NotPrivate
from sync.team import tables as t
from sync.team.rows import TOUCH, first
from sync.vault.alchemy import reading, writing

_FIELDS = ("post", "kind", "why", "by", "by_name", "at")
_CHUNK = 500


class SqlDismissals:
    """Implements :class:`moderation.privacy.dismissals.Dismissals` over the engine of a team store."""

    _engine: Engine

    def dismiss(self, what: NotPrivate) -> bool:
        """Keep it; ``False`` when somebody had said so before."""
        row = {name: getattr(what, name) for name in _FIELDS} | {"print": what.print.hex()}
        with writing(self._engine) as db:
            if not first(db, t.not_private, row, "post", "print"):
                return False
            db.execute(TOUCH)
            return True

    def take_back(self, post: str, print_: bytes) -> bool:
        """It is private after all; ``False`` when nobody had said otherwise."""
        this = sa.and_(t.not_private.c.post == post, t.not_private.c.print == print_.hex())
        with writing(self._engine) as db:
            there = db.execute(t.not_private.delete().where(this)).rowcount > 0
            if there:
                db.execute(TOUCH)
            return there

    def not_private(self) -> list[NotPrivate]:
        """All of them, oldest first."""
        query = sa.select(t.not_private).order_by(t.not_private.c.at, t.not_private.c.post)
        with reading(self._engine) as db:
            return [
                NotPrivate(print=bytes.fromhex(row["print"]), **{name: row[name] for name in _FIELDS})
                for row in db.execute(query).mappings()
            ]

    def forget_dismissals(self, gone: Iterable[Ref]) -> int:
        """Posts were erased: so is what was said of them; gives how much."""
        ids = [str(ref) for ref in gone]
        with writing(self._engine) as db:
            dropped = 0
            for start in range(0, len(ids), _CHUNK):
                about = t.not_private.c.post.in_(ids[start : start + _CHUNK])
                dropped += db.execute(t.not_private.delete().where(about)).rowcount
            if dropped:
                db.execute(TOUCH)
            return dropped
