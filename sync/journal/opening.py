"""Opening the journal: checked, and backed up before it changes its shape."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from moderation.errors import StoreError
from sync.journal.store import SqlJournal
from sync.migrations import bring_up_to_date
from sync.vault import StoreFile, Vault
from sync.vault.alchemy import back_up, store_engine, unhurt

_KEPT_BACKUPS = 3


def opened(vault: Vault, now: Callable[[], datetime]) -> SqlJournal:
    """See :func:`sync.journal.open_journal`."""
    path = vault.path(StoreFile.JOURNAL)
    engine = store_engine(vault, StoreFile.JOURNAL)
    try:
        if not unhurt(engine):
            raise StoreError("store_damaged", store=StoreFile.JOURNAL.value, file=str(path))
        bring_up_to_date(engine, StoreFile.JOURNAL, lambda revision: keep_copy(vault, revision, now()))
    except BaseException:
        engine.dispose()
        raise
    return SqlJournal(engine, now)


def keep_copy(vault: Vault, revision: str, now: datetime) -> Path:
    """Write an encrypted backup beside the journal and delete the oldest past three; gives its path."""
    path = vault.path(StoreFile.JOURNAL)
    target = path.with_name(f"{path.name}.before-{revision}-{now:%Y%m%dT%H%M%S%fZ}")
    back_up(vault, StoreFile.JOURNAL, target)
    copies = sorted(path.parent.glob(f"{path.name}.before-*"), key=lambda copy: copy.stat().st_mtime_ns)
    for old in copies[:-_KEPT_BACKUPS]:
        old.unlink()
    return target
