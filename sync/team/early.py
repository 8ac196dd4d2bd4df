"""Claims and notes of the first item, read without SQLAlchemy: the window paints before that is imported.

Only reading, and only columns that the store has had since its first revision.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from moderation.ports import PutOff, TeamNote
from moderation.privacy.dismissals import NotPrivate
from sync.vault import StoreFile, Vault, translated

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def claims(vault: Vault, items: Sequence[str]) -> dict[str, tuple[str, str, datetime]]:
    """What :meth:`moderation.ports.Team.claims` gives."""
    marks = ", ".join("?" * len(items))
    sql = f"SELECT item, member, member_name, at FROM claim WHERE item IN ({marks})"  # noqa: S608
    return {item: (member, name, _time(at)) for item, member, name, at in _rows(vault, "claim", sql, tuple(items))}


def notes(vault: Vault, item: str) -> list[TeamNote]:
    """What :meth:`moderation.ports.Team.notes` gives."""
    sql = "SELECT id, item, author, author_name, at, text FROM note WHERE item = ? ORDER BY at, id"
    return [
        TeamNote(ident, about, author, name, _time(at), text)
        for ident, about, author, name, at, text in _rows(vault, "note", sql, (item,))
    ]


def put_off(vault: Vault, members: Sequence[str]) -> list[PutOff]:
    """What :meth:`moderation.ports.Team.put_off_by` gives; nothing in a store that does not know it yet."""
    marks = ", ".join("?" * len(members))
    sql = f"SELECT item, member, until, at, reports FROM put_off WHERE member IN ({marks}) ORDER BY until, item"  # noqa: S608
    rows = _rows(vault, "put_off", sql, tuple(members))
    return [PutOff(item, member, _time(until), _time(at), reports) for item, member, until, at, reports in rows]


def not_private(vault: Vault) -> list[NotPrivate]:
    """What :meth:`moderation.privacy.dismissals.Dismissals.not_private` gives; nothing in a store that is older."""
    sql = "SELECT post, print, kind, why, by, by_name, at FROM not_private ORDER BY at, post"
    return [
        NotPrivate(post, bytes.fromhex(print_), kind, why, by, by_name, _time(at))
        for post, print_, kind, why, by, by_name, at in _rows(vault, "not_private", sql, ())
    ]


def _time(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _rows(vault: Vault, table: str, sql: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
    path = vault.path(StoreFile.TEAM)
    if not path.exists() or not path.stat().st_size:
        return []
    with translated(StoreFile.TEAM, path):
        connection = vault.connect(StoreFile.TEAM)
        try:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                return []
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()
