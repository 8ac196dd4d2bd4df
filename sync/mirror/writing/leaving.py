"""Letting go of a community: everything that was read of it leaves both files, a part in each transaction."""

from moderation.changes import Table
from sync.mirror.writing import communities, facts, items
from sync.mirror.writing.retention import remove_thread
from sync.mirror.writing.shelves import POSTS, find, take_out
from sync.mirror.writing.work import Work

_TABLES = ("forums", "members", "followers", "following", "presence", "unreadable", "groups")


def leave(work: Work, limit: int) -> int:
    """Delete up to ``limit`` items and ``limit`` threads or posts; with the last of them goes the rest.

    Gives how many there were. The row number stays, and with it the empty buckets: should the community come back, it
    is found again.
    """
    gone = _items(work, limit) + _threads(work, limit)
    gone = gone or _stray_posts(work, limit)
    if not gone:
        _rest(work)
    return gone


def _items(work: Work, limit: int) -> int:
    found = items.find(work, "1 LIMIT ?", limit)
    for stored in found.values():
        items.remove(work, stored)
    return len(found)


def _threads(work: Work, limit: int) -> int:
    gone = 0
    for private in (False, True):
        sql = "SELECT native FROM threads WHERE community = ? LIMIT ?"
        for (native,) in work.side(private).execute(sql, (work.key, limit)).fetchall():
            remove_thread(work, private, native)
            gone += 1
    return gone


def _stray_posts(work: Work, limit: int) -> int:
    """Posts whose thread was never read."""
    gone = 0
    for private in (False, True):
        sql = "SELECT native FROM posts WHERE community = ? LIMIT ?"
        natives = [row[0] for row in work.side(private).execute(sql, (work.key, limit)).fetchall()]
        for found in find(work, POSTS, natives).values():
            take_out(work, POSTS, found)
            gone += 1
    return gone


def _rest(work: Work) -> None:
    for table in _TABLES:
        work.main.execute(f"DELETE FROM {table} WHERE community = ?", (work.key,))  # noqa: S608 - names are constants
    facts.leave(work)
    communities.forget_cursors(work)
    work.main.execute("DELETE FROM seen WHERE substr(id, 1, ?) = ?", (len(work.community) + 1, f"{work.community}:"))
    nothing = dict.fromkeys(("info", "identity", "official", "as_of_ms", "complete_since_ms", "trouble"))
    communities.update(work, url="", capabilities="[]", **nothing)
    work.changed.setdefault(Table.COMMUNITY, {})[work.community] = None
