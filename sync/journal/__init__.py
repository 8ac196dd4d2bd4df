"""The journal: a person's intents, receipts and drafts, never lost.

Importing this package is cheap; :func:`open_journal` imports SQLAlchemy.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.vault import Vault

if TYPE_CHECKING:
    from sync.journal.store import SqlJournal


def _utc_now() -> datetime:
    return datetime.now(UTC)


def open_journal(vault: Vault, now: Callable[[], datetime] = _utc_now) -> "SqlJournal":
    """Open the journal of a home: checked, backed up before an upgrade, brought to the newest revision.

    ``now`` gives the time written into ``changed_at``. Raises :class:`~moderation.errors.StoreError`: besides the codes
    of :meth:`Vault.connect`, ``store_newer``, and ``store_damaged`` when the check fails; a damaged journal is left as
    it is.
    """
    from sync.journal.opening import opened

    return opened(vault, now)


__all__ = ["open_journal"]
