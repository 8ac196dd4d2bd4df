"""Rows of the team store: who is first, and that something changed."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sync.team import tables as t

TOUCH = t.meta.update().where(t.meta.c.name == "version").values(value=t.meta.c.value + 1)
"""Lets the store's version grow."""


def first(db: Connection, table: sa.Table, row: Mapping[str, Any], *unique: str) -> bool:
    """Insert a row unless its unique key is taken; ``False`` then, and the transaction goes on."""
    try:
        with db.begin_nested():
            db.execute(table.insert(), dict(row))
    except sa.exc.IntegrityError:
        same = sa.and_(*(table.c[name] == row[name] for name in unique))
        if db.execute(sa.select(sa.literal(1)).select_from(table).where(same)).first() is None:
            raise
        return False
    return True
