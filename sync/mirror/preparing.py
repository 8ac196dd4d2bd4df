"""Opening the pair of files: created, changed in place, or emptied; a newer pair is refused."""

import secrets
import time
from collections.abc import Iterable

from moderation.errors import StoreError
from sync.mirror import schema
from sync.vault import Connection, StoreFile, Vault, translated

PAIR = (StoreFile.MIRROR, StoreFile.PRIVATE)
_STATEMENTS = {StoreFile.MIRROR: schema.MAIN, StoreFile.PRIVATE: schema.PRIVATE}


def open_pair(vault: Vault, *, busy_seconds: float | None = None) -> tuple[Connection, Connection]:
    """Connections to the main and the private file, both in this program's shape and of one epoch.

    Raises :class:`StoreError`, among others ``store_newer`` and ``store_damaged``.
    """
    for _ in range(3):
        main = vault.connect(StoreFile.MIRROR, busy_seconds=busy_seconds)
        private = vault.connect(StoreFile.PRIVATE, busy_seconds=busy_seconds)
        try:
            with translated(StoreFile.MIRROR, vault.path(StoreFile.MIRROR)):
                ready = _shape_main(main)
            with translated(StoreFile.PRIVATE, vault.path(StoreFile.PRIVATE)):
                ready = ready and _shape_private(private, epoch(main))
        except BaseException:
            main.close()
            private.close()
            raise
        if ready:
            return main, private
        main.close()
        private.close()
        empty(vault)
    raise StoreError("store_locked", store=StoreFile.MIRROR.value, file=str(vault.path(StoreFile.MIRROR)))


def open_for_reading(vault: Vault) -> Connection:
    """One connection to the main file with the private one attached as ``private``."""
    main, private = open_pair(vault)
    private.close()
    try:
        vault.attach(main, StoreFile.PRIVATE, "private")
    except BaseException:
        main.close()
        raise
    return main


def empty(vault: Vault) -> None:
    """Delete both files: what they held is pulled again."""
    for store in PAIR:
        vault.discard(store)


def set_aside(vault: Vault) -> None:
    """After damage: the main file is kept beside the new one, the private one, which belongs to it, is deleted."""
    vault.set_aside(StoreFile.MIRROR)
    vault.discard(StoreFile.PRIVATE)


def unhurt(vault: Vault) -> bool:
    """Check both files page by page (``quick_check``): seconds for gigabytes, so not on a thread that must answer."""
    for store in PAIR:
        try:
            connection = vault.connect(store)
        except StoreError as error:
            if error.code == "store_damaged":
                return False
            raise
        try:
            with translated(store, vault.path(store)):
                if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                    return False
        except StoreError as error:
            if error.code == "store_damaged":
                return False
            raise
        finally:
            connection.close()
    return True


def epoch(main: Connection) -> str:
    """What tells this main file from another one."""
    value: str = main.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0]
    return value


def identity_of(vault: Vault) -> tuple[int, int]:
    """Device and inode of the main file: another pair means that the file was replaced; zeros when there is none."""
    try:
        found = vault.path(StoreFile.MIRROR).stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _version(connection: Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _shape_main(main: Connection) -> bool:
    if _version(main) == schema.VERSION:
        return True
    main.execute("BEGIN IMMEDIATE")
    try:
        ready = _shaped(main, StoreFile.MIRROR)
        if ready and not main.execute("SELECT 1 FROM meta WHERE name = 'epoch'").fetchone():
            _fill_meta(main)
    except BaseException:
        main.execute("ROLLBACK")
        raise
    main.execute("COMMIT")
    return ready


def _fill_meta(main: Connection) -> None:
    """The change counter begins at the time of creation, so that it also grows when a mirror was filled again."""
    rows = [("epoch", secrets.token_hex(8)), ("changes", time.time_ns() // 1_000_000), ("next_seq", 1)]
    main.executemany("INSERT INTO meta VALUES (?, ?)", rows)


def _shape_private(private: Connection, wanted: str) -> bool:
    if _version(private) == schema.VERSION and _belongs(private, wanted):
        return True
    private.execute("BEGIN IMMEDIATE")
    try:
        ready = _shaped(private, StoreFile.PRIVATE)
        if ready and not _belongs(private, wanted):
            _clear_private(private)
            private.execute("INSERT OR REPLACE INTO meta VALUES ('epoch', ?)", (wanted,))
    except BaseException:
        private.execute("ROLLBACK")
        raise
    private.execute("COMMIT")
    return ready


def _belongs(private: Connection, wanted: str) -> bool:
    return private.execute("SELECT 1 FROM meta WHERE name = 'epoch' AND value = ?", (wanted,)).fetchone() is not None


def _clear_private(private: Connection) -> None:
    for table in ("threads", "posts", "item_full", "item_hay", "item_text", "index_queue", "moving"):
        private.execute(f"DELETE FROM {table}")  # noqa: S608 - a fixed list
    private.execute("INSERT INTO grams(grams) VALUES('delete-all')")


def _shaped(connection: Connection, store: StoreFile) -> bool:
    """Inside a transaction: bring one file to this version; ``False`` when it has to be emptied instead."""
    version = _version(connection)
    if version > schema.VERSION:
        raise StoreError("store_newer", store=store.value, revision=version)
    if version == 0:
        _run(connection, _STATEMENTS[store])
    for step in range(version or schema.VERSION, schema.VERSION):
        if step not in schema.STEPS:
            return False
        _run(connection, schema.STEPS[step][PAIR.index(store)])
    connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    return True


def _run(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(statement)
