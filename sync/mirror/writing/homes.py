"""A forum that turned private, or public: what lies in it moves to the other file."""

from sync.mirror.writing import items
from sync.mirror.writing.content import move_thread
from sync.mirror.writing.shelves import POSTS, THREADS, find, move
from sync.mirror.writing.work import Work


def bring_home(work: Work, forum: str, private: bool) -> None:
    """Move threads, posts and items of a forum into the file where they belong now."""
    other = work.side(not private)
    sql = "SELECT native FROM threads WHERE community = ? AND forum = ?"
    threads = [row[0] for row in other.execute(sql, (work.key, forum))]
    for thread in find(work, THREADS, threads).values():
        if thread.private is not private:
            move_thread(work, thread, private, thread.seq, thread.row)
    _loose_posts(work, forum, private)
    for stored in items.in_forum(work, forum).values():
        if stored.private is not private:
            items.put(work, stored, items.load(work, stored), stored.seq, stored.detail_seq)


def _loose_posts(work: Work, forum: str, private: bool) -> None:
    """Posts of the forum whose thread is not known."""
    sql = """SELECT native FROM posts WHERE community = ? AND forum = ? AND NOT EXISTS
        (SELECT 1 FROM threads t WHERE t.community = posts.community AND t.native = posts.thread)"""
    natives = [row[0] for row in work.side(not private).execute(sql, (work.key, forum))]
    for post in find(work, POSTS, natives).values():
        if post.private is not private:
            move(work, POSTS, post, private, post.seq, post.row)


def misplaced_forums(work: Work) -> list[tuple[str, bool]]:
    """Forums of which threads lie in the wrong file, because a crash came between the commits of the two files."""
    found = []
    for private in (True, False):
        rows = work.side(private).execute("SELECT DISTINCT forum FROM threads WHERE community = ?", (work.key,))
        found += [(row[0], not private) for row in rows.fetchall() if work.is_private(row[0]) is not private]
    return [(forum, private) for forum, private in found if forum is not None]
