"""The people of the team's roster as connectors need them, and what they follow as the history of it needs it."""

from collections.abc import Sequence

from moderation.ids import Kind, Ref
from sync.mirror.codec import decode_member, encode
from sync.mirror.writing.work import Work, as_json
from sync.vault import Connection


def set_people(work: Work, cursor: str, members: Sequence[Ref]) -> bool:
    """Write by which names the server knows these members (slug, else name); ``False``: so it stood there already.

    Who was never read has no name yet and is left out.
    """
    sql = """SELECT native, data FROM members
        WHERE community = ? AND gone = 0 AND native IN (SELECT value FROM json_each(?)) ORDER BY native"""
    rows = work.main.execute(sql, (work.key, as_json([member.native for member in members])))
    known = {native: decode_member(data) for native, data in rows if data}
    value = encode({native: member.slug or member.name for native, member in known.items()}).decode()
    old = work.main.execute("SELECT value FROM cursors WHERE community = ? AND name = ?", (work.key, cursor)).fetchone()
    if old is not None and old[0] == value:
        return False
    work.main.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)", (work.key, cursor, value))
    return True


def followed(main: Connection, key: int, community: str, members: Sequence[Ref]) -> dict[Ref, dict[Ref, str]]:
    """What these members follow, of whom that is known: member to forum to level."""
    asked = (key, as_json([member.native for member in members]))
    inside = "community = ? AND member IN (SELECT value FROM json_each(?))"
    known = main.execute(f"SELECT member FROM followers WHERE {inside}", asked)  # noqa: S608 - a fixed condition
    found: dict[Ref, dict[Ref, str]] = {Ref(community, Kind.MEMBER, row[0]): {} for row in known}
    rows = main.execute(f"SELECT member, forum, level FROM following WHERE {inside}", asked)  # noqa: S608
    for member, forum, level in rows:
        found.setdefault(Ref(community, Kind.MEMBER, member), {})[Ref(community, Kind.FORUM, forum)] = level
    return found
