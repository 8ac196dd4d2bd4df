"""New stores without Alembic: what it says to SQLite about an empty store is kept and said again to the next ones.

A migration of an empty store costs 15 to 40 ms, most of them in Alembic, and hundreds of tests make stores. The first
store of a kind in a process is made by Alembic itself, and one that holds something always is brought up to date by it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection

from sync.migrations import running
from sync.vault import StoreFile

Upgrade = Callable[[Connection, StoreFile], None]
Said = list[tuple[str, Any]]
_LOOKS = ("SELECT", "PRAGMA")


class Replay:
    """Takes the place of :func:`sync.migrations.running._upgrade`."""

    def __init__(self, by_alembic: Upgrade) -> None:
        self.by_alembic = by_alembic
        self.kept: dict[StoreFile, Said] = {}

    def __call__(self, connection: Connection, store: StoreFile) -> None:
        """Bring a store to the newest revision, inside the transaction of ``connection``."""
        if connection.dialect.name != "sqlite" or sa.inspect(connection).get_table_names():
            self.by_alembic(connection, store)
        elif store in self.kept:
            for statement, parameters in self.kept[store]:
                connection.exec_driver_sql(statement, parameters or None)
        else:
            with _heard(connection) as said:
                self.by_alembic(connection, store)
            self.kept[store] = said


@contextmanager
def _heard(connection: Connection) -> Iterator[Said]:
    """What is said to the database meanwhile, without what only looks."""
    said: Said = []

    def hear(_: object, __: object, statement: str, parameters: Any, ___: object, ____: object) -> None:
        if not statement.lstrip().upper().startswith(_LOOKS):
            said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(connection, "before_cursor_execute", hear)


_REPLAY = Replay(running._upgrade)


@contextmanager
def replayed() -> Iterator[None]:
    """Meanwhile new stores are made so."""
    before, running._upgrade = running._upgrade, _REPLAY
    try:
        yield
    finally:
        running._upgrade = before


@contextmanager
def by_alembic() -> Iterator[None]:
    """Meanwhile every store is made by Alembic."""
    before, running._upgrade = running._upgrade, _REPLAY.by_alembic
    try:
        yield
    finally:
        running._upgrade = before
