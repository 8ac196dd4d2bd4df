"""The team store: claims, turns, notes and the audit log.

A SQLite file on one machine now; everything but its opening is SQL that PostgreSQL knows too. Importing this package is
cheap; :func:`open_team` imports SQLAlchemy.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.vault import StoreFile, Vault

if TYPE_CHECKING:
    from sync.team.store import SqlTeam


def _utc_now() -> datetime:
    return datetime.now(UTC)


def open_team(vault: Vault, now: Callable[[], datetime] = _utc_now) -> "SqlTeam":
    """Open the team store of a home, brought to the newest revision.

    Raises :class:`~moderation.errors.StoreError`: the codes of :meth:`Vault.connect`, and ``store_newer``.
    """
    from sync.migrations import bring_up_to_date
    from sync.team.store import SqlTeam
    from sync.vault.alchemy import store_engine

    engine = store_engine(vault, StoreFile.TEAM)
    try:
        bring_up_to_date(engine, StoreFile.TEAM)
    except BaseException:
        engine.dispose()
        raise
    return SqlTeam(engine, now, shared=False)


__all__ = ["open_team"]
