"""A forum that turned private, or public: what lies in it moves to the other file."""

from sync.mirror.writing import items
from sync.mirror.writing.content import bring_post_home, move_thread
from sync.mirror.writing.shelves import POSTS, THREADS, Shelf, delete, find
from sync.mirror.writing.work import Work
from sync.vault import Connection


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
        bring_post_home(work, post, private)


def finish_moves(main: Connection, private: Connection) -> None:
    """After a crash between the commits of the two files: what the main file has too goes from the private one."""
    for place, key in private.execute("SELECT place, key FROM moving").fetchall():
        if place.startswith("item_"):
            _finish_item(main, private, place, key)
        else:
            _finish_row(main, private, THREADS if place == THREADS.table else POSTS, key)
    private.execute("DELETE FROM moving")


def _finish_item(main: Connection, private: Connection, table: str, key: int) -> None:
    found = main.execute("SELECT private FROM items WHERE key = ?", (key,)).fetchone()
    if found is None or not found[0]:
        hay = private.execute("SELECT hay FROM item_hay WHERE key = ?", (key,)).fetchone()
        delete(private, table, key, hay[0] if hay and table == "item_hay" else "")


def _finish_row(main: Connection, private: Connection, shelf: Shelf, key: int) -> None:
    sql = f"SELECT community, {shelf.names} FROM {shelf.table} WHERE key = ?"  # noqa: S608
    found = private.execute(sql, (key,)).fetchone()
    if found is None:
        return
    sql = f"SELECT 1 FROM {shelf.table} WHERE community = ? AND native = ?"  # noqa: S608
    if main.execute(sql, found[:2]).fetchone():
        delete(private, shelf.table, key, shelf.text_of(found[1:]))
