"""Rewriting the full text so that the grams of erased texts leave the file.

Done in small steps while nothing waits to be indexed, at most once a day, or at once after a person asked for erasure.
It goes on where it stopped, over restarts too.
"""

from sync.vault import Connection

_PAGES = 500
_DAY_MS = 86_400_000


def step(file: Connection, now_ms: int, *, urgent: bool = False) -> bool:
    """Rewrite about 500 pages of a file's index, in a transaction of its own; ``False`` when nothing is left to do."""
    state = dict(file.execute("SELECT name, value FROM meta WHERE name LIKE 'purge_%'").fetchall())
    if "purge_running" not in state and not _is_time(state, now_ms, urgent):
        return False
    file.execute("BEGIN IMMEDIATE")
    try:
        if "purge_running" in state:
            _go_on(file)
        else:
            _begin(file, now_ms)
        file.execute("COMMIT")
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise
    return True


def _is_time(state: dict[str, object], now_ms: int, urgent: bool) -> bool:
    due = state.get("purge_due")
    last = state.get("purge_last")
    return due == "now" or (due is not None and (urgent or not isinstance(last, int) or now_ms - last >= _DAY_MS))


def _begin(file: Connection, now_ms: int) -> None:
    """A negative number of pages tells FTS5 to merge everything, not only what is small."""
    file.execute("DELETE FROM meta WHERE name = 'purge_due'")
    file.execute("INSERT OR REPLACE INTO meta VALUES ('purge_running', 1), ('purge_last', ?)", (now_ms,))
    file.execute("INSERT INTO grams(grams, rank) VALUES('merge', ?)", (-_PAGES,))


def _go_on(file: Connection) -> None:
    before = file.total_changes
    file.execute("INSERT INTO grams(grams, rank) VALUES('merge', ?)", (_PAGES,))
    if file.total_changes - before < 2:
        file.execute("DELETE FROM meta WHERE name = 'purge_running'")
