"""How much the mirror holds of a community, and its newest posts."""

from datetime import datetime

from moderation.ids import Kind, Ref
from sync.mirror.codec import sure_moment
from sync.vault import Connection


def totals(main: Connection, private: Connection, key: int) -> dict[str, int]:
    """Rows by table, tombstones left out, and what only the staff can read; ``following`` counts a forum and a member
    that follows it.
    """
    counted = {"items": "SELECT coalesce(sum(n), 0) FROM buckets WHERE community = ? AND state <> 'gone'"}
    found = {name: int(main.execute(sql, (key,)).fetchone()[0]) for name, sql in counted.items()}
    for table in ("threads", "posts"):
        public = " AND staff = 0" if table == "posts" else ""
        sql = f"SELECT count(*) FROM {table} WHERE community = ? AND gone = 0{public}"  # noqa: S608
        found[table] = sum(int(file.execute(sql, (key,)).fetchone()[0]) for file in (main, private))
    sql = "SELECT count(*) FROM members WHERE community = ? AND gone = 0"
    found["members"] = int(main.execute(sql, (key,)).fetchone()[0])
    sql = "SELECT count(*) FROM following WHERE community = ?"
    found["following"] = int(main.execute(sql, (key,)).fetchone()[0])
    return found


def anchors(main: Connection, private: Connection, key: int, name: str, limit: int) -> list[tuple[Ref, datetime]]:
    """Newest posts that are not gone, with their times."""
    sql = """SELECT key, native, created_ms FROM posts WHERE community = ? AND gone = 0 AND hidden = 0 AND staff = 0
        ORDER BY key DESC LIMIT ?"""
    rows = [row for file in (main, private) for row in file.execute(sql, (key, limit))]
    newest = sorted(rows, reverse=True)[:limit]
    return [(Ref(name, Kind.POST, native), sure_moment(created)) for _, native, created in newest]
