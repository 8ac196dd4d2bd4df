"""SQLAlchemy over a store of the vault: the one place with SQL that only SQLite knows.

Importing this module costs a second (STACK.md section 2): only journal and team do, when they are opened. A writing
transaction begins IMMEDIATE, so that what it read cannot change before it writes; a reading one is a snapshot.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import sqlcipher3.dbapi2 as cipher
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from moderation.errors import StoreError
from sync.vault.opening import Vault
from sync.vault.places import StoreFile
from sync.vault.trouble import store_error, translated

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_READING = "marquee_reading"
_LOOKS = 5
_PAUSE_S = 0.1


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC times as whole microseconds since 1970: they sort, and mean the same in every database."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """To microseconds."""
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        """To an aware time."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class JsonText(TypeDecorator[Any]):
    """JSON in a text column; ``None`` is NULL."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        """To text."""
        if value is None:
            return None
        try:
            return msgspec.json.encode(value).decode()
        except UnicodeEncodeError:
            return whole(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        """To plain dictionaries, lists and strings."""
        return None if value is None else msgspec.json.decode(value)


def store_engine(vault: Vault, store: StoreFile) -> Engine:
    """An engine on an encrypted store. Its errors are :class:`~moderation.errors.StoreError` where they are trouble
    of this machine, and tell no values, for those are what people wrote; may be used from several threads.
    """
    path = vault.path(store)
    engine = sa.create_engine(
        "sqlite://",
        module=cipher,
        creator=lambda: vault.connect(store),
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=12,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _storable, retval=True)
    event.listen(engine, "handle_error", lambda context: _translate(context, store, path))
    return engine


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def whole(text: str) -> str:
    """The text with U+FFFD for half characters (an emoji cut in two by copying), which no file can hold."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _storable(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> tuple[str, Any]:
    """Whatever somebody pasted can be kept."""
    del connection, cursor, context
    kept = [tuple(map(_whole, row)) for row in parameters] if many else tuple(map(_whole, parameters))
    return statement, kept


def _whole(value: Any) -> Any:
    if not isinstance(value, str) or value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return whole(value)
    return value


def _translate(context: ExceptionContext, store: StoreFile, path: Path) -> StoreError | None:
    """What SQLAlchemy raises instead of its own error; ``None`` leaves that."""
    return store_error(context.original_exception, store, path)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other writer can come between; all of it is on the disk when it ends, or none."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A snapshot: several reads in it agree with each other."""
    with engine.connect() as connection:
        snapshot = connection.execution_options(**{_READING: True})
        with snapshot.begin():
            yield snapshot


def unhurt(engine: Engine, pause: Callable[[], None] = lambda: time.sleep(_PAUSE_S)) -> bool:
    """True when the file is whole (pages authentic, structure and constraints in order).

    Pages are authenticated in the file itself, beside SQLite's locks: one that another process is just writing back
    from its log may be read in halves. So damage is what is still there, in the same place, when it is looked at again.
    """
    damage = _damage(engine)
    for _ in range(_LOOKS - 1):
        if not damage:
            break
        pause()
        engine.dispose()  # a connection that met a page that was not authentic believes no other one
        damage &= _damage(engine)
    return not damage


def _damage(engine: Engine) -> set[str]:
    """What is said to be wrong with the file now, place by place."""
    with reading(engine) as connection:
        broken_pages = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
        answer = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    return {str(page) for (page,) in broken_pages} | ({answer} - {"ok"})


def back_up(vault: Vault, store: StoreFile, target: Path) -> None:
    """Write an encrypted copy of a store, under the same key; ``target`` must not exist."""
    with translated(store, target):
        connection = vault.connect(store)
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
            target.chmod(0o600)
        finally:
            connection.close()


def forbid_changes(dialect: str, table: str) -> list[str]:
    """Statements that make a table append-only; none for a database that does it by rights instead of triggers."""
    if dialect != "sqlite":
        return []
    return [
        f"CREATE TRIGGER {table}_keeps_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]
