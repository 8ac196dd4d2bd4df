"""Items, threads, posts and members in full, from both files.

Where a crash left a row in both, the main file counts.
"""

from datetime import datetime
from typing import Any

from moderation.content import Following, Forum, Level, Member, Post, Thread
from moderation.ids import Kind, Ref
from moderation.items import Item
from moderation.ports import CommunityRow
from sync.mirror.codec import (
    Cold,
    decode_any,
    decode_cold,
    decode_forum,
    decode_identity,
    decode_info,
    decode_member,
    decode_words,
    moment,
    ref,
    sure_moment,
)
from sync.mirror.item_rows import NAMES, as_item
from sync.vault import Connection

FILES = ("main", "private")
_THREAD = """native, forum, title, author, author_name, created_ms, last_post_ms, post_count, view_count, first_post,
    locked, pinned, hidden, complete, permitted, url"""
POST = """key, native, thread, forum, author, author_name, created_ms, body_html, body, edited_ms, editor, reply_to,
    position, hidden, votes, url, staff"""


def community_key(db: Connection, name: str) -> int:
    """A community's row number, -1 for one that is not known."""
    found = db.execute("SELECT key FROM communities WHERE name = ?", (name,)).fetchone()
    return int(found[0]) if found else -1


def item(db: Connection, wanted: Ref) -> Item | None:
    """An item with its text, reasons, notes and history."""
    sql = f"SELECT key, private, {NAMES} FROM items WHERE community = ? AND kind = ? AND native = ?"  # noqa: S608
    key = community_key(db, wanted.community)
    row = db.execute(sql, (key, wanted.kind.value, wanted.native)).fetchone()
    if row is None:
        return None
    file = FILES[row[1]]
    cold = db.execute(f"SELECT data FROM {file}.item_full WHERE key = ?", (row[0],)).fetchone()  # noqa: S608
    return as_item(wanted.community, row[2:], decode_cold(cold[0]) if cold else Cold())


def _thread_of(community: str, row: tuple[Any, ...]) -> Thread:
    (native, forum, title, author, author_name, created, last, posts, views, first, locked, pinned, hidden, complete,
     permitted, url) = row  # fmt: skip
    return Thread(
        id=Ref(community, Kind.THREAD, native),
        forum=ref(community, Kind.FORUM, forum),
        title=title,
        author=ref(community, Kind.MEMBER, author),
        author_name=author_name,
        created_at=sure_moment(created),
        last_post_at=moment(last),
        post_count=posts,
        view_count=views,
        first_post=ref(community, Kind.POST, first),
        locked=bool(locked),
        pinned=bool(pinned),
        hidden=bool(hidden),
        complete=bool(complete),
        permitted=None if permitted is None else decode_words(permitted),
        url=url,
    )


def post_of(community: str, row: tuple[Any, ...]) -> Post:
    """A post from a row of :data:`POST`."""
    (_, native, thread, forum, author, author_name, created, html, body, edited, editor, reply_to, position, hidden,
     votes, url, staff) = row  # fmt: skip
    return Post(
        id=Ref(community, Kind.POST, native),
        thread=ref(community, Kind.THREAD, thread),
        forum=ref(community, Kind.FORUM, forum),
        author=ref(community, Kind.MEMBER, author),
        author_name=author_name,
        created_at=sure_moment(created),
        body_html=html,
        body=body,
        edited_at=moment(edited),
        editor=ref(community, Kind.MEMBER, editor),
        reply_to=ref(community, Kind.POST, reply_to),
        position=position,
        hidden=bool(hidden),
        votes=votes,
        url=url,
        staff_only=bool(staff),
    )


def thread(db: Connection, wanted: Ref) -> Thread | None:
    """A thread's head; ``None`` for one that is not known or gone."""
    key = community_key(db, wanted.community)
    for file in FILES:
        sql = f"SELECT gone, {_THREAD} FROM {file}.threads WHERE community = ? AND native = ?"  # noqa: S608
        row = db.execute(sql, (key, wanted.native)).fetchone()
        if row is not None:
            return None if row[0] else _thread_of(wanted.community, row[1:])
    return None


def post(db: Connection, wanted: Ref) -> Post | None:
    """One post; ``None`` for one that is not known or gone."""
    key = community_key(db, wanted.community)
    for file in FILES:
        sql = f"SELECT gone, {POST} FROM {file}.posts WHERE community = ? AND native = ?"  # noqa: S608
        row = db.execute(sql, (key, wanted.native)).fetchone()
        if row is not None:
            return None if row[0] else post_of(wanted.community, row[1:])
    return None


def posts(db: Connection, wanted: Ref, around: Ref | None, limit: int, *, staff: bool) -> list[Post]:
    """Posts of a thread by time, with ``staff`` those for the staff alone among them: from its beginning, or the
    ``limit`` nearest to one of them.
    """
    key = community_key(db, wanted.community)
    place = _place(db, key, around.native) if around is not None else None
    sql, about = _way_to_posts(db, key, wanted.native, staff)
    if place is None:
        rows = db.execute(f"{sql.format('')} ORDER BY key LIMIT {limit}", about).fetchall()
    else:
        before = db.execute(f"{sql.format(f'AND key < {place}')} ORDER BY key DESC LIMIT {limit}", about).fetchall()
        after = db.execute(f"{sql.format(f'AND key >= {place}')} ORDER BY key LIMIT {limit}", about).fetchall()
        rows = _nearest(before, after, limit)
    return [post_of(wanted.community, row) for row in rows]


def _place(db: Connection, community: int, native: str) -> int | None:
    for file in FILES:
        sql = f"SELECT key FROM {file}.posts WHERE community = ? AND native = ?"  # noqa: S608
        if found := db.execute(sql, (community, native)).fetchone():
            return int(found[0])
    return None


def _way_to_posts(db: Connection, community: int, thread_native: str, staff: bool) -> tuple[str, tuple[Any, ...]]:
    """A query with a gap for a condition, and its values: posts lie where their thread does, what is for the staff
    alone in the private file in any case.
    """
    about = (community, thread_native)
    main, private = (
        f"SELECT {POST} FROM {file}.posts WHERE community = ? AND thread = ? AND gone = 0 {{0}}"  # noqa: S608
        for file in FILES
    )
    public = db.execute("SELECT 1 FROM main.posts WHERE community = ? AND thread = ? LIMIT 1", about).fetchone()
    if public is None:
        return private if staff else f"{private} AND staff = 0", about
    return (f"{main} UNION ALL {private} AND staff = 1", about * 2) if staff else (main, about)


def _nearest(before: list[Any], after: list[Any], limit: int) -> list[Any]:
    """The middle of newest-first ``before`` and oldest-first ``after``; what one side lacks the other gives."""
    ahead = min(len(after), max(limit - limit // 2, limit - len(before)))
    behind = min(len(before), limit - ahead)
    return [*reversed(before[:behind]), *after[:ahead]]


def threads_by_author(db: Connection, author: Ref, limit: int) -> list[Thread]:
    """Newest threads of a member."""
    key = community_key(db, author.community)
    rows: dict[str, tuple[Any, ...]] = {}
    for file in reversed(FILES):
        sql = f"SELECT {_THREAD} FROM {file}.threads WHERE community = ? AND author = ? AND gone = 0"  # noqa: S608
        found = db.execute(f"{sql} ORDER BY key DESC LIMIT ?", (key, author.native, limit))
        rows |= {row[0]: row for row in found}
    newest = sorted(rows.values(), key=lambda row: row[5], reverse=True)
    return [_thread_of(author.community, row) for row in newest[:limit]]


def member(db: Connection, wanted: Ref) -> Member | None:
    """One member."""
    sql = "SELECT data FROM members WHERE community = ? AND native = ? AND gone = 0"
    row = db.execute(sql, (community_key(db, wanted.community), wanted.native)).fetchone()
    return decode_member(row[0]) if row else None


def forums(db: Connection, community: str) -> list[Forum]:
    """All forums, in the community's order."""
    sql = "SELECT data FROM forums WHERE community = ? AND gone = 0 ORDER BY position, name, native"
    return [decode_forum(row[0]) for row in db.execute(sql, (community_key(db, community),))]


def following(db: Connection, community: str) -> list[Following]:
    """How staff follow forums, by forum and member."""
    sql = "SELECT member, forum, level, seen_ms FROM following WHERE community = ? ORDER BY forum, member"
    return [_following_of(community, *row) for row in db.execute(sql, (community_key(db, community),))]


def _following_of(community: str, member: str, forum: str, level: str, seen_ms: int) -> Following:
    who, what = Ref(community, Kind.MEMBER, member), Ref(community, Kind.FORUM, forum)
    return Following(who, what, Level(level), sure_moment(seen_ms))


def followers(db: Connection, community: str) -> dict[Ref, datetime]:
    """Of whom that is known, and since when."""
    sql = "SELECT member, seen_ms FROM followers WHERE community = ? ORDER BY member"
    rows = db.execute(sql, (community_key(db, community),))
    return {Ref(community, Kind.MEMBER, member): sure_moment(seen) for member, seen in rows}


def communities(db: Connection) -> list[CommunityRow]:
    """Connected communities (those of which identity and info are known), by name."""
    sql = """SELECT name, url, info, identity, official, capabilities, as_of_ms, complete_since_ms, trouble
        FROM communities WHERE info IS NOT NULL AND identity IS NOT NULL ORDER BY name"""
    return [_community(row) for row in db.execute(sql)]


def _community(row: tuple[Any, ...]) -> CommunityRow:
    name, url, info, identity, official, capabilities, as_of, since, trouble = row
    return CommunityRow(
        name=name,
        url=url,
        info=decode_info(info),
        identity=decode_identity(identity),
        capabilities=frozenset(decode_words(capabilities)),
        official=decode_identity(official) if official else None,
        as_of=moment(as_of),
        complete_since=moment(since),
        trouble=decode_any(trouble) if trouble else None,
    )
