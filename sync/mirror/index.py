"""Feeding the full text, apart from the transactions that show what is new."""

import time

from moderation.errors import StoreError
from sync.mirror import purging
from sync.mirror.folding import plain
from sync.mirror.healing import healed
from sync.mirror.keys import is_item, is_thread
from sync.mirror.preparing import identity_of, open_pair
from sync.mirror.writing import indexing
from sync.vault import Connection, StoreFile, Vault, translated


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


Waiting = tuple[int, int, str]
"""Row number, stamp of the wait, text."""


class Indexer:
    """Takes rows out of the queue, newest first, and puts their grams into the full text. Belongs to one thread."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._open()

    def _open(self) -> None:
        self._files = open_pair(self._vault)
        self._file = identity_of(self._vault)
        for file in self._files:
            file.execute("PRAGMA cache_size = -16384")
            file.execute("PRAGMA wal_autocheckpoint = 4000")

    def close(self) -> None:
        """Close both files."""
        for file in self._files:
            file.close()

    def feed(self, limit: int) -> int:
        """Index up to ``limit`` waiting rows in one small commit a file; gives how many there were.

        While nothing waits, traces of erased texts are taken out of the file, step by step.

        Raises :class:`~moderation.errors.StoreError`, among others ``mirror_refilled`` when the mirror was damaged and
        has been begun anew; what was not committed waits on.
        """
        try:
            return self._feed(limit)
        except StoreError as error:
            raise healed(self._vault, error, self._file) from error

    def _feed(self, limit: int) -> int:
        self._follow()
        done = 0
        for file, store in zip(self._files, (StoreFile.MIRROR, StoreFile.PRIVATE), strict=True):
            with translated(store, self._vault.path(store)):
                waiting = _waiting(file, limit - done)
                if waiting:
                    _index(file, waiting)
                else:
                    purging.step(file, _now_ms())
                done += len(waiting)
        return done

    def purge(self) -> None:
        """Rewrite the full text now, until no trace of an erased text is left in it: minutes for millions of posts."""
        self._follow()
        for file, store in zip(self._files, (StoreFile.MIRROR, StoreFile.PRIVATE), strict=True):
            with translated(store, self._vault.path(store)):
                while purging.step(file, _now_ms(), urgent=True):
                    pass

    def lag(self) -> int:
        """How many rows wait."""
        self._follow()
        with translated(StoreFile.MIRROR, self._vault.path(StoreFile.MIRROR)):
            return sum(int(file.execute("SELECT count(*) FROM index_queue").fetchone()[0]) for file in self._files)

    def _follow(self) -> None:
        """Open the new files when the mirror was begun anew."""
        if identity_of(self._vault) != self._file:
            self.close()
            self._open()


def _waiting(file: Connection, limit: int) -> list[Waiting]:
    rows = file.execute("SELECT key, stamp FROM index_queue ORDER BY key DESC LIMIT ?", (limit,)).fetchall()
    return [(key, stamp, _text(file, key)) for key, stamp in rows]


def _text(file: Connection, key: int) -> str:
    if is_item(key):
        row = file.execute("SELECT hay FROM item_hay WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""
    if is_thread(key):
        row = file.execute("SELECT title FROM threads WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""
    row = file.execute("SELECT body, body_html FROM posts WHERE key = ?", (key,)).fetchone()
    return plain(*row) if row else ""


def _index(file: Connection, waiting: list[Waiting]) -> None:
    """One commit, in rising order: FTS5 writes a segment whenever a row number is not above the one before it.

    A row whose text changed since it was read has another stamp: it waits on.
    """
    entries = [(key, stamp, indexing.document(text)) for key, stamp, text in sorted(waiting)]
    file.execute("BEGIN IMMEDIATE")
    try:
        for key, stamp, document in entries:
            sql = "DELETE FROM index_queue WHERE key = ? AND stamp = ?"
            if file.execute(sql, (key, stamp)).rowcount and document:
                file.execute("INSERT INTO grams(rowid, text) VALUES (?, ?)", (key, document))
        file.execute("COMMIT")
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise
