"""Opening encrypted files with a raw key."""

import os
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import sqlcipher3.dbapi2 as cipher

from moderation.errors import OurBugError, StoreError
from sync.vault.keycheck import key_fits, remember_key
from sync.vault.places import KEY_BYTES, StoreFile, make_file, make_folder, with_companions
from sync.vault.trouble import translated

Connection = sqlite3.Connection
"""What ``sqlcipher3`` gives has the interface of the standard library's connection; only its errors are its own."""

BUSY_SECONDS = 10.0
"""How long a writer waits for another one before it says ``store_locked``."""
_WAL_TRIES = 50


@dataclass(frozen=True, slots=True)
class Vault:
    """A home folder and the key of its stores. May be shared by threads; connections are made from it."""

    home: Path
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY_BYTES:
            raise OurBugError("store_key_length", length=len(self.key))

    def path(self, store: StoreFile) -> Path:
        """The file of a store."""
        return store.path(self.home)

    @property
    def _pragma_key(self) -> str:
        return f"x'{self.key.hex()}'"

    def connect(self, store: StoreFile, *, busy_seconds: float | None = None) -> Connection:
        """Open a store, creating folder and file where they are missing; autocommit, usable from any one thread.

        Raises :class:`StoreError`: ``store_wrong_key``, ``store_damaged``, ``store_read_only``, ``store_locked``,
        ``disk_full``, ``store_unreachable``, ``store_io``.
        """
        path = self.path(store)
        known = self._prepare(store, path)
        proven = self._would_prove(path)
        with translated(store, path, key_is_right=bool(known)):
            connection = self._open(path, BUSY_SECONDS if busy_seconds is None else busy_seconds)
            try:
                _configure(connection, store)
            except BaseException:
                connection.close()
                raise
            if known is None and proven:
                remember_key(self.home, self.key)
        return connection

    def attach(self, connection: Connection, store: StoreFile, name: str) -> None:
        """Make another store readable on a connection under ``name``; it must have been opened once before."""
        path = self.path(store)
        with translated(store, path):
            connection.execute(f"ATTACH DATABASE ? AS {name} KEY ?", (str(path), self._pragma_key))
            connection.execute(f"PRAGMA {name}.secure_delete = ON")

    def set_aside(self, store: StoreFile) -> Path | None:
        """Rename a damaged file and what belongs to it to ``NAME.sqlite.damaged-TIME``; an older one is deleted.

        Gives the new path, ``None`` when there was no file.
        """
        path = self.path(store)
        with translated(store, path):
            if not path.exists():
                return None
            for old in path.parent.glob(f"{path.name}.damaged-*"):
                old.unlink()
            aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
            for each in with_companions(path):
                each.rename(aside.with_name(aside.name + each.name.removeprefix(path.name)))
            return aside

    def discard(self, store: StoreFile) -> None:
        """Delete a store that can be pulled again."""
        with translated(store, self.path(store)):
            for each in with_companions(self.path(store)):
                each.unlink()

    def _prepare(self, store: StoreFile, path: Path) -> bool | None:
        with translated(store, path):
            make_folder(self.home)
            known = key_fits(self.home, self.key)
            if known is False:
                raise StoreError("store_wrong_key", store=store.value, file=str(path))
            make_file(path)
        return known

    def _open(self, path: Path, busy_seconds: float) -> Connection:
        connection = cast(Connection, cipher.connect(os.fspath(path), isolation_level=None, check_same_thread=False))
        connection.execute(f'PRAGMA key = "{self._pragma_key}"')
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
        return connection

    def _would_prove(self, path: Path) -> bool:
        """Whether opening this file shows that the key is this home's: it holds something, or no store does."""
        return bool(_size(path)) or not any(_size(store.path(self.home)) for store in StoreFile)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _configure(connection: Connection, store: StoreFile) -> None:
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    _use_wal(connection)
    connection.execute(f"PRAGMA synchronous = {store.synchronous}")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")


def _use_wal(connection: Connection) -> None:
    """Switch to WAL; two processes that do it at once get ``SQLITE_BUSY`` without the busy handler being asked."""
    for attempt in range(_WAL_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except cipher.OperationalError:
            if attempt == _WAL_TRIES - 1:
                raise
            time.sleep(0.02)
        else:
            return
