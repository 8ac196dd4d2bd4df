"""Facts of what was stored before there were facts, and lines anew when the staff is another: a part at a time."""

from moderation.coverage.lines import stamp_of
from moderation.coverage.staff import Crew
from sync.mirror.fact_rows import DONE, FILLED, decode_facts
from sync.mirror.writing import facts
from sync.mirror.writing.work import Work


def count(work: Work, crew: Crew, limit: int) -> int:
    """Work on up to ``limit`` threads; gives how many there were, 0 once every line is there for this staff."""
    return _fill(work, crew, limit) or _count_again(work, crew, limit)


def _fill(work: Work, crew: Crew, limit: int) -> int:
    """The newest first. Threads that are private now are looked at too: they may have been public."""
    cursor = _cursor(work, FILLED)
    if cursor == DONE:
        return 0
    below = int(cursor) if cursor is not None else 1 << 62
    found: list[tuple[int, str]] = []
    for file in (work.main, work.private):
        sql = "SELECT key, native FROM threads WHERE community = ? AND key < ? ORDER BY key DESC LIMIT ?"
        found += file.execute(sql, (work.key, below, limit)).fetchall()
    found = sorted(found, reverse=True)[:limit]
    for _, native in found:
        facts.refresh(work, crew, native)
    _set_cursor(work, FILLED, str(found[-1][0]) if found else DONE)
    return len(found)


def _count_again(work: Work, crew: Crew, limit: int) -> int:
    stamp = stamp_of(crew)
    if _cursor(work, facts.COUNTED) == stamp:
        return 0
    sql = """SELECT l.native, f.data FROM thread_lines l
        JOIN thread_facts f ON f.community = l.community AND f.native = l.native
        WHERE l.community = ? AND l.stamp != ? ORDER BY l.submitted_ms DESC LIMIT ?"""
    rows = work.main.execute(sql, (work.key, stamp, limit)).fetchall()
    for native, data in rows:
        facts.put_line(work, crew, decode_facts(native, data))
    if not rows:
        _set_cursor(work, facts.COUNTED, stamp)
    return len(rows)


def _cursor(work: Work, name: str) -> str | None:
    sql = "SELECT value FROM cursors WHERE community = ? AND name = ?"
    row = work.main.execute(sql, (work.key, name)).fetchone()
    return row[0] if row else None


def _set_cursor(work: Work, name: str, value: str) -> None:
    work.main.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)", (work.key, name, value))
