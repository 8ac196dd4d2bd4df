"""A damaged mirror is set aside and begun anew; it is a cache, so what it held is pulled again.

Every page is authenticated (SQLCipher), so damage shows when a page is read. Whoever belongs to the engine heals at
once; a reader in another process only leaves a mark, at which the engine's writer checks the files.
"""

import threading
from contextlib import suppress
from typing import Any

import sqlcipher3.dbapi2 as cipher

from moderation.changes import ChangeRecord, Table
from moderation.errors import StoreError
from sync.mirror.preparing import identity_of, open_pair, set_aside, unhurt
from sync.vault import StoreFile, Vault, translated

REFILLED = "mirror_refilled"
_MARK = "mirror.suspect"
_COLUMNS = "name, url, info, identity, official, capabilities, as_of_ms, trouble"
_healing = threading.Lock()


def everything() -> list[ChangeRecord]:
    """What changed when a mirror was begun anew."""
    return [ChangeRecord(table, (), True) for table in Table if table not in {Table.INTENT, Table.TEAM}]


def heal(vault: Vault, damaged: tuple[int, int]) -> None:
    """Set the files aside, unless that was done since ``damaged`` (see ``identity_of``) was opened, and begin anew.

    Connected communities are kept where they can still be read.
    """
    with _healing:
        if identity_of(vault) != damaged:
            return
        kept = _communities(vault)
        set_aside(vault)
        main, private = open_pair(vault)
        try:
            with translated(StoreFile.MIRROR, vault.path(StoreFile.MIRROR)):
                marks = ", ".join("?" * len(_COLUMNS.split(",")))
                main.executemany(f"INSERT INTO communities({_COLUMNS}) VALUES ({marks})", kept)  # noqa: S608
        finally:
            main.close()
            private.close()


def _communities(vault: Vault) -> list[tuple[Any, ...]]:
    with suppress(cipher.Error, StoreError):
        connection = vault.connect(StoreFile.MIRROR)
        try:
            return connection.execute(f"SELECT {_COLUMNS} FROM communities").fetchall()  # noqa: S608 - a constant
        finally:
            connection.close()
    return []


def healed(vault: Vault, error: StoreError, opened: tuple[int, int]) -> StoreError:
    """After any error of the engine's on files opened as ``opened``: heals damage and gives the error to raise.

    ``mirror_refilled`` says that nothing of the call was kept and that everything has to be pulled again.
    """
    if error.code != "store_damaged":
        return error
    heal(vault, opened)
    return StoreError(REFILLED, store=StoreFile.MIRROR.value, file=str(vault.path(StoreFile.MIRROR)))


def suspect(vault: Vault) -> None:
    """Leave a mark: a page of the mirror could not be read here."""
    with suppress(OSError):
        (vault.home / _MARK).touch(mode=0o600)


def is_suspected(vault: Vault) -> bool:
    """True when somebody left a mark."""
    return (vault.home / _MARK).exists()


def follow_suspicion(vault: Vault, opened: tuple[int, int]) -> None:
    """Check the files, seconds for gigabytes, and heal them where they are damaged; the mark goes."""
    hurt = identity_of(vault) == opened and not unhurt(vault)
    (vault.home / _MARK).unlink(missing_ok=True)
    if hurt:
        heal(vault, opened)
