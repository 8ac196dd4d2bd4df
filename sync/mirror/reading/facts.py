"""Kept facts of threads, and whom the platform has on its staff."""

from moderation.coverage.facts import ThreadFacts
from moderation.coverage.kept import Kept
from moderation.coverage.lines import Lines
from moderation.ids import Kind, Ref
from sync.mirror.codec import decode_forum, decode_identity, encode
from sync.mirror.fact_rows import DONE, FILLED, decode_facts
from sync.mirror.reading.content import community_key
from sync.vault import Connection

_THEN = "FROM thread_lines WHERE community = ? AND submitted_ms >= ? AND submitted_ms < ?"
_ALL = f"""SELECT group_concat(native, char(10)), group_concat(forum, char(10)), CAST(group_concat(line, '') AS BLOB),
    total(stamp != ?) FROM (SELECT native, forum, stamp, line {_THEN} ORDER BY submitted_ms, native)"""  # noqa: S608
"""All lines as three values: one row a thread would take several times as long."""
_STALE = f"SELECT stamp != ? {_THEN} ORDER BY submitted_ms, native"
_OF_STAFF = ("followers", "unreadable")


def lines(db: Connection, community: str, since_ms: int, until_ms: int, stamp: str) -> Kept:
    """Lines of threads submitted in a time."""
    key = community_key(db, community)
    asked = (stamp, key, since_ms, until_ms)
    natives, forums, packed, others = db.execute(_ALL, asked).fetchone()
    stale = [at for at, (other,) in enumerate(db.execute(_STALE, asked)) if other] if others else []
    filled = db.execute("SELECT value FROM cursors WHERE community = ? AND name = ?", (key, FILLED)).fetchone()
    is_filled = filled is not None and filled[0] == DONE
    if natives is None:
        return Kept(Lines(), stale, is_filled)
    return Kept(Lines.of(natives.split("\n"), forums.split("\n"), packed), stale, is_filled)


def facts(db: Connection, community: str, threads: list[str]) -> list[ThreadFacts]:
    """Facts of threads."""
    sql = "SELECT native, data FROM thread_facts WHERE community = ? AND native IN (SELECT value FROM json_each(?))"
    rows = db.execute(sql, (community_key(db, community), encode(threads).decode()))
    return [decode_facts(native, data) for native, data in rows]


def platform_staff(db: Connection, community: str) -> list[Ref]:
    """Of whom the connector read what they follow (it reads that of the staff), who looks after a forum, and the
    accounts that are signed in.
    """
    key = community_key(db, community)
    found = set()
    for table in _OF_STAFF:
        found |= {row[0] for row in db.execute(f"SELECT member FROM {table} WHERE community = ?", (key,))}  # noqa: S608
    staff = {Ref(community, Kind.MEMBER, native) for native in found}
    for (data,) in db.execute("SELECT data FROM forums WHERE community = ? AND gone = 0", (key,)):
        staff.update(decode_forum(data).moderators or ())
    row = db.execute("SELECT identity, official FROM communities WHERE key = ?", (key,)).fetchone()
    staff.update(decode_identity(one).member for one in row or () if one is not None)
    return sorted(staff)
