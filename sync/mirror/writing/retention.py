"""The mirror's window of time: what is over, old, and not being looked at goes; what waits stays whatever its age."""

from itertools import islice

from sync.mirror.writing import items
from sync.mirror.writing.shelves import POSTS, THREADS, find, take_out
from sync.mirror.writing.work import Work

_OLD_ITEMS = """active = 0 AND changed_ms < ? AND created_ms < ? AND NOT EXISTS (
    SELECT 1 FROM seen WHERE id = ? || ':' || items.kind || ':' || items.native AND at_ms >= ?) LIMIT ?"""
_OLD_THREADS = """SELECT native FROM threads
    WHERE community = ? AND coalesce(last_post_ms, created_ms) < ? AND read_ms < ?"""


def prune(work: Work, before_ms: int, limit: int) -> int:
    """Delete up to ``limit`` items and ``limit`` threads with their posts; gives how many of both there were."""
    return _prune_items(work, before_ms, limit) + _prune_threads(work, before_ms, limit)


def _prune_items(work: Work, before_ms: int, limit: int) -> int:
    """Items that are decided or gone, last changed before then and not opened since."""
    old = items.find(work, _OLD_ITEMS, before_ms, before_ms, work.community, before_ms, limit)
    for stored in old.values():
        items.remove(work, stored)
    return len(old)


def _prune_threads(work: Work, before_ms: int, limit: int) -> int:
    """Threads without a post since then of which no item is kept."""
    pruned = 0
    for private in (False, True):
        rows = work.side(private).execute(_OLD_THREADS, (work.key, before_ms, before_ms)).fetchall()
        old = (row[0] for row in rows if not _needed(work, row[0]))
        for native in islice(old, limit - pruned):
            remove_thread(work, private, native)
            pruned += 1
    return pruned


def _needed(work: Work, thread: str) -> bool:
    sql = "SELECT 1 FROM items WHERE community = ? AND thread = ?"
    return work.main.execute(sql, (work.key, thread)).fetchone() is not None


def remove_thread(work: Work, private: bool, native: str) -> None:
    """Delete a thread that lies in this file, with those of its posts that lie there too, and its staff's own."""
    sql = "SELECT native FROM posts WHERE community = ? AND thread = ?"
    posts = [row[0] for row in work.side(private).execute(sql, (work.key, native)).fetchall()]
    posts += [row[0] for row in work.private.execute(f"{sql} AND staff = 1", (work.key, native)).fetchall()]
    for found in find(work, POSTS, posts).values():
        take_out(work, POSTS, found)
    for found in find(work, THREADS, [native]).values():
        take_out(work, THREADS, found)
