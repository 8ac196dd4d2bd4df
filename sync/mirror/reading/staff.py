"""What is known of staff and forums: groups, who follows what and wrote where last, and who answers in a forum."""

from collections.abc import Callable
from datetime import datetime
from operator import itemgetter

from moderation.content import Group, Member, Post, Unreadable
from moderation.following.grid import CODE, Answerer, Grid
from moderation.ids import Kind, Ref
from sync.mirror.codec import decode_group, decode_member, encode, sure_moment, sure_ms
from sync.mirror.reading.content import FILES, community_key, post
from sync.vault import Connection

_CODE = {level.value: code for level, code in CODE.items() if level is not None}
_LEVELS = """SELECT member, group_concat(forum), group_concat(level) FROM following
    WHERE community = ? AND member IN (SELECT value FROM json_each(?)) GROUP BY member"""
_LAST = """SELECT member, group_concat(forum), group_concat(at_ms) FROM presence
    WHERE community = ? AND member IN (SELECT value FROM json_each(?)) GROUP BY member"""
"""A row a member instead of one a cell: that is three times as quick. Ids have no comma."""
_WRITTEN = """SELECT p.native, p.created_ms
    FROM {0}.threads t JOIN {1}.posts p ON p.community = t.community AND p.thread = t.native
    WHERE t.community = ? AND t.forum = ? AND t.gone = 0 AND coalesce(t.last_post_ms, t.created_ms) >= ?
    AND p.author = ? AND p.created_ms >= ? AND p.gone = 0"""
_SIDES = (("main", "main"), ("main", "private"), ("private", "private"))
"""Where a thread lies and where a post of it does: a whisper in a public thread is in the private file."""
_ANSWERS = """SELECT p.author, max(p.author_name), count(*), max(p.created_ms)
    FROM {0}.threads t JOIN {0}.posts p ON p.community = t.community AND p.thread = t.native
    WHERE t.community = ? AND t.forum = ? AND t.gone = 0 AND coalesce(t.last_post_ms, t.created_ms) >= ?
    AND p.created_ms >= ? AND p.gone = 0 AND p.hidden = 0 AND p.staff = 0
    AND p.author IS NOT NULL AND p.author IS NOT t.author GROUP BY p.author"""


def grid(db: Connection, community: str, forums: list[Ref], members: list[Ref]) -> Grid:
    """Levels and last posts of these members in these forums."""
    found = Grid.empty(forums, members)
    columns = {member.native: at for at, member in enumerate(members)}
    rows = {forum.native: at * len(members) for at, forum in enumerate(forums)}
    asked = (community_key(db, community), encode([member.native for member in members]).decode())
    levels, last_ms = found.levels, found.last_ms
    ways: dict[str, Callable[[list[int]], tuple[int, ...]]] = {}
    for member, places, told in db.execute(_LEVELS, asked):
        if places not in ways:  # most members are told of the same forums in the same order
            ways[places] = _way(forums, places.split(","))
        codes = [*map(_CODE.__getitem__, told.split(",")), 0, 0]
        levels[columns[member] :: len(members)] = bytes(ways[places](codes)[: len(forums)])
    for member, places, told in db.execute(_LAST, asked):
        column = columns[member]
        for row, at in zip(map(rows.get, places.split(",")), map(int, told.split(",")), strict=True):
            if row is not None:
                last_ms[row + column] = at
    return found


def known_members(db: Connection, members: list[Ref]) -> dict[Ref, Member]:
    """Those of these members, all of one community, that are known."""
    if not members:
        return {}
    sql = """SELECT data FROM members
        WHERE community = ? AND gone = 0 AND native IN (SELECT value FROM json_each(?))"""
    asked = (community_key(db, members[0].community), encode([member.native for member in members]).decode())
    found = (decode_member(data) for (data,) in db.execute(sql, asked) if data)
    return {member.id: member for member in found}


def _way(forums: list[Ref], places: list[str]) -> Callable[[list[int]], tuple[int, ...]]:
    """Puts values that came in the order of ``places`` into that of the forums; behind the values stand two zeros, for
    forums that are not among them and for one more, so that there are always several.
    """
    at = {native: number for number, native in enumerate(places)}
    return itemgetter(*(at.get(forum.native, len(places)) for forum in forums), len(places), len(places) + 1)


def unreadable(db: Connection, community: str) -> list[Unreadable]:
    """Of whom it could not be read what they follow, by member."""
    sql = "SELECT member, why, seen_ms FROM unreadable WHERE community = ? ORDER BY member"
    rows = db.execute(sql, (community_key(db, community),))
    return [Unreadable(Ref(community, Kind.MEMBER, member), why, sure_moment(seen)) for member, why, seen in rows]


def groups(db: Connection, community: str) -> list[Group]:
    """The server's groups, by name."""
    rows = db.execute("SELECT data FROM groups WHERE community = ?", (community_key(db, community),))
    return sorted((decode_group(data) for (data,) in rows), key=lambda group: (group.name.casefold(), group.native))


def posts_there(db: Connection, member: Ref, forum: Ref, since: datetime, limit: int) -> list[Post]:
    """What a member wrote in a forum since then, newest first, what only the staff can read too."""
    about = (community_key(db, forum.community), forum.native, sure_ms(since), member.native, sure_ms(since))
    found = {native: at for sides in _SIDES for native, at in db.execute(_WRITTEN.format(*sides), about)}
    newest = sorted(found, key=lambda native: (found[native], native), reverse=True)[:limit]
    posts = (post(db, Ref(forum.community, Kind.POST, native)) for native in newest)
    return [one for one in posts if one is not None]


def answerers(db: Connection, forum: Ref, since: datetime, limit: int) -> list[Answerer]:
    """Who answered others there since then, whoever answered most first."""
    about = (community_key(db, forum.community), forum.native, sure_ms(since), sure_ms(since))
    found: dict[str, Answerer] = {}
    for file in FILES:
        for member, name, count, last in db.execute(_ANSWERS.format(file), about):
            old = found.get(member)
            at = sure_moment(last)
            who = Ref(forum.community, Kind.MEMBER, member)
            found[member] = Answerer(
                who, name, count + (old.answers if old else 0), max(at, old.last_at) if old else at
            )
    ranked = sorted(found.values(), key=lambda one: (-one.answers, -one.last_at.timestamp(), one.member))
    return ranked[:limit]
