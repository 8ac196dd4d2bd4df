"""Forums and members: small rows, kept whole as JSON beside the few columns that queries need; and who follows what."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from moderation.content import Following, Forum, Group, Member, Unreadable
from moderation.ids import Kind, Ref
from sync.mirror.codec import decode_forum, decode_group, decode_member, encode, sure_ms
from sync.mirror.writing.work import Work, as_json
from sync.vault import Connection

_T = TypeVar("_T", Forum, Member)
_FULL_PROFILE_ONLY = ("groups", "extra")
_IDLE_MEMBER_FIELDS = {"last_seen"}
_IDLE_FORUM_FIELDS = {"thread_count", "post_count", "description", "position", "url"}


def write_forums(work: Work, seq: int, forums: Iterable[Forum]) -> list[tuple[str, bool]]:
    """Store forums; gives those whose threads now belong into the other file, with whether they are private now."""
    given = {forum.id.native: forum for forum in forums}
    stored = _stored(work, "forums", list(given))
    moved = []
    for native, forum in given.items():
        row = stored.get(native)
        if row and row[1] > seq:
            continue
        old = decode_forum(row[2]) if row and row[2] else None
        new = replace(_merged(old, forum), parent=forum.parent)
        if old == new and row and not row[0]:
            work.main.execute("UPDATE forums SET seq = ? WHERE community = ? AND native = ?", (seq, work.key, native))
            continue
        was_private = old is None or old.private is not False
        _put_forum(work, seq, new)
        if was_private is not (new.private is not False):
            moved.append((native, not was_private))
        if old is None or _differs(old, new, _IDLE_FORUM_FIELDS):
            work.forums.add(native)
    return moved


def _put_forum(work: Work, seq: int, forum: Forum) -> None:
    private = None if forum.private is None else int(forum.private)
    row = (work.key, forum.id.native, forum.name, forum.position, private, 0, seq, encode(forum))
    work.main.execute("INSERT OR REPLACE INTO forums VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    work.forget_cached(forum=forum.id.native)
    work.changes(Kind.FORUM, forum.id.native)


def write_members(work: Work, seq: int, members: Iterable[Member]) -> None:
    """Store members; what this answer did not tell stays as it is known."""
    given: dict[str, Member] = {}
    for member in members:
        earlier = given.get(member.id.native)
        given[member.id.native] = _merged_member(earlier, member)
    stored = _stored(work, "members", list(given))
    same, rows = [], []
    for native, member in given.items():
        row = stored.get(native)
        if row and row[1] > seq:
            continue
        old = decode_member(row[2]) if row and row[2] and not row[0] else None
        new = _merged_member(old, member)
        if old == new:
            same.append((seq, work.key, native))
            continue
        rows.append((work.key, native, new.name, 0, seq, encode(new)))
        work.forget_cached(member=native)
        work.changes(Kind.MEMBER, native)
        if old is None or _differs(old, new, _IDLE_MEMBER_FIELDS):
            work.authors.add(native)
    work.main.executemany("UPDATE members SET seq = ? WHERE community = ? AND native = ?", same)
    work.main.executemany("INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?, ?, ?)", rows)


def write_following(work: Work, seq: int, followers: Iterable[Ref], following: Iterable[Following]) -> None:
    """Store how members follow forums; of each of these ``followers`` it is all."""
    told: dict[str, list[Following]] = {}
    for one in following:
        told.setdefault(one.member.native, []).append(one)
    for member in followers:
        sql = "SELECT seq FROM followers WHERE community = ? AND member = ?"
        row = work.main.execute(sql, (work.key, member.native)).fetchone()
        if row is None or row[0] <= seq:
            _put_following(work, seq, member.native, told.get(member.native, []))


def _put_following(work: Work, seq: int, member: str, told: list[Following]) -> None:
    sql = "SELECT forum, level FROM following WHERE community = ? AND member = ?"
    old = dict(work.main.execute(sql, (work.key, member)).fetchall())
    seen = max((sure_ms(one.seen_at) for one in told), default=work.now_ms)
    work.main.execute("DELETE FROM following WHERE community = ? AND member = ?", (work.key, member))
    rows = [(work.key, member, one.forum.native, one.level.value, sure_ms(one.seen_at)) for one in told]
    work.main.executemany("INSERT OR REPLACE INTO following VALUES (?, ?, ?, ?, ?)", rows)
    work.main.execute("INSERT OR REPLACE INTO followers VALUES (?, ?, ?, ?)", (work.key, member, seen, seq))
    work.main.execute("DELETE FROM unreadable WHERE community = ? AND member = ?", (work.key, member))
    if old != {one.forum.native: one.level.value for one in told}:
        work.changes(Kind.MEMBER, member)


def write_unreadable(work: Work, seq: int, unreadable: Iterable[Unreadable]) -> None:
    """Of these it is not known any more what they follow: what was read before says nothing of today."""
    for one in unreadable:
        member = one.member.native
        sql = "SELECT seq FROM followers WHERE community = ? AND member = ?"
        row = work.main.execute(sql, (work.key, member)).fetchone()
        if row is not None and row[0] > seq:
            continue
        for table in ("followers", "following"):
            work.main.execute(f"DELETE FROM {table} WHERE community = ? AND member = ?", (work.key, member))  # noqa: S608
        told = (work.key, member, one.why, sure_ms(one.seen_at))
        work.main.execute("INSERT OR REPLACE INTO unreadable VALUES (?, ?, ?, ?)", told)
        if row is not None:
            work.changes(Kind.MEMBER, member)


def write_groups(work: Work, groups: Iterable[Group], listed: Iterable[str] | None) -> None:
    """Store groups with their members; of those ``listed`` it is known that there are no others."""
    rows = [(work.key, group.native, encode(group)) for group in groups]
    work.main.executemany("INSERT OR REPLACE INTO groups VALUES (?, ?, ?)", rows)
    if listed is not None:
        sql = "DELETE FROM groups WHERE community = ? AND native NOT IN (SELECT value FROM json_each(?))"
        work.main.execute(sql, (work.key, as_json(list(listed))))


def note_presence(work: Work, seen: dict[tuple[str, str], int]) -> None:
    """When members wrote last in forums: (member, forum) to Unix ms; an older time changes nothing."""
    sql = """INSERT INTO presence VALUES (?, ?, ?, ?) ON CONFLICT(community, member, forum)
        DO UPDATE SET at_ms = excluded.at_ms WHERE excluded.at_ms > at_ms"""
    work.main.executemany(sql, [(work.key, member, forum, at) for (member, forum), at in seen.items()])


_WRITTEN = """SELECT community, author, forum, max(created_ms) FROM posts
    WHERE gone = 0 AND author IS NOT NULL AND forum IS NOT NULL GROUP BY community, author, forum"""
_FILLED = "SELECT 1 FROM meta WHERE name = 'presence'"


def presence_filled(main: Connection) -> bool:
    """Is it kept for the posts of before there was such a table, too?"""
    return main.execute(_FILLED).fetchone() is not None


def fill_presence(main: Connection, private: Connection) -> None:
    """Keep it for all posts that there are, in a transaction of the main file: seconds at millions of posts, once."""
    sql = """INSERT INTO presence VALUES (?, ?, ?, ?) ON CONFLICT(community, member, forum)
        DO UPDATE SET at_ms = excluded.at_ms WHERE excluded.at_ms > at_ms"""
    for file in (main, private):
        main.executemany(sql, file.execute(_WRITTEN).fetchall())
    main.execute("INSERT OR REPLACE INTO meta VALUES ('presence', 1)")


def forget_following(work: Work, *, member: str | None = None, forum: str | None = None) -> None:
    """A member or a forum is gone."""
    if member is not None:
        for table in ("followers", "following", "presence", "unreadable"):
            work.main.execute(f"DELETE FROM {table} WHERE community = ? AND member = ?", (work.key, member))  # noqa: S608
        _leave_groups(work, member)
    if forum is not None:
        for table in ("following", "presence"):
            work.main.execute(f"DELETE FROM {table} WHERE community = ? AND forum = ?", (work.key, forum))  # noqa: S608


def _leave_groups(work: Work, member: str) -> None:
    gone = Ref(work.community, Kind.MEMBER, member)
    rows = work.main.execute("SELECT data FROM groups WHERE community = ?", (work.key,)).fetchall()
    for group in (decode_group(data) for (data,) in rows):
        if gone in group.members:
            left = replace(group, members=tuple(one for one in group.members if one != gone))
            write_groups(work, [left], None)


def _stored(work: Work, table: str, natives: list[str]) -> dict[str, tuple[Any, ...]]:
    """Known rows by native id: gone, seq, data."""
    sql = f"SELECT native, gone, seq, data FROM {table} WHERE community = ? AND native IN (SELECT value FROM json_each(?))"  # noqa: S608, E501
    return {row[0]: row[1:] for row in work.main.execute(sql, (work.key, as_json(natives)))}


def _merged(old: _T | None, new: _T) -> _T:
    """The new row, with what it does not tell (``None``) taken from the old one."""
    if old is None:
        return new
    told = {f.name: getattr(new, f.name) for f in fields(new) if getattr(new, f.name) is not None}
    return replace(old, **told)


def _merged_member(old: Member | None, new: Member) -> Member:
    """A byline tells neither groups nor further facts; only a profile (with ``joined_at``) can empty them."""
    merged = _merged(old, new)
    if old is None:
        return merged
    if new.banned is not None:
        merged = replace(merged, banned_until=new.banned_until)
    if new.muted is not None:
        merged = replace(merged, muted_until=new.muted_until)
    if new.joined_at is not None:
        return merged
    kept = {name: getattr(new, name) or getattr(old, name) for name in _FULL_PROFILE_ONLY}
    return replace(merged, **kept)


def _differs(old: _T, new: _T, idle: set[str]) -> bool:
    return any(getattr(old, f.name) != getattr(new, f.name) for f in fields(new) if f.name not in idle)
