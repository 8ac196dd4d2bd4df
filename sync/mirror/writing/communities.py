"""Rows of connected communities, and their cursors."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moderation.changes import Table
from moderation.ports import CommunityRow
from sync.mirror.codec import encode, ms
from sync.mirror.writing.work import Work
from sync.vault import Connection


def names(main: Connection) -> list[str]:
    """All communities that have rows."""
    return [row[0] for row in main.execute("SELECT name FROM communities")]


def key_of(main: Connection, name: str) -> int:
    """A community's row number, -1 for one that is not known."""
    found = main.execute("SELECT key FROM communities WHERE name = ?", (name,)).fetchone()
    return int(found[0]) if found else -1


def key_for(main: Connection, name: str) -> int:
    """A community's row number; a row is made where there is none."""
    found = key_of(main, name)
    if found != -1:
        return found
    sql = "INSERT INTO communities(name, url, capabilities) VALUES (?, '', '[]') RETURNING key"
    return int(main.execute(sql, (name,)).fetchone()[0])


def put(work: Work, row: CommunityRow) -> None:
    """Replace what is known of a community; its cursors stay."""
    update(
        work,
        url=row.url,
        info=encode(row.info),
        identity=encode(row.identity),
        official=encode(row.official) if row.official else None,
        capabilities=encode(sorted(row.capabilities)).decode(),
        as_of_ms=ms(row.as_of),
        complete_since_ms=ms(row.complete_since),
        trouble=encode(row.trouble) if row.trouble else None,
    )


def update(work: Work, **facts: Any) -> None:
    """Change columns; the change counter grows only when what people see of it (not ``as_of``) is new."""
    names_ = ", ".join(facts)
    old = work.main.execute(f"SELECT {names_} FROM communities WHERE key = ?", (work.key,)).fetchone()  # noqa: S608
    sets = ", ".join(f"{name} = ?" for name in facts)
    work.main.execute(f"UPDATE communities SET {sets} WHERE key = ?", (*facts.values(), work.key))  # noqa: S608
    news = {name for name, was, value in zip(facts, old, facts.values(), strict=True) if was != value}
    if news - {"as_of_ms"}:
        work.changed.setdefault(Table.COMMUNITY, {})[work.community] = None


def keep_cursors(work: Work, cursors: Mapping[str, str | None]) -> None:
    """Store cursors; ``None`` removes one."""
    work.main.executemany(
        "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)",
        [(work.key, name, value) for name, value in cursors.items() if value is not None],
    )
    work.main.executemany(
        "DELETE FROM cursors WHERE community = ? AND name = ?",
        [(work.key, name) for name, value in cursors.items() if value is None],
    )


def forget_cursors(work: Work) -> None:
    """Remove all of them."""
    work.main.execute("DELETE FROM cursors WHERE community = ?", (work.key,))


def keep_complete_since(work: Work, since: datetime) -> None:
    """Store down to when all threads have been read."""
    update(work, complete_since_ms=ms(since))
