"""Rows of threads and posts, which lie in the main or in the private file: found, put, changed and moved.

When a crash left a row in both files, the one in the main file counts; the next move repairs it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sync.mirror.folding import plain
from sync.mirror.keys import time_key
from sync.mirror.writing import indexing
from sync.mirror.writing.work import Work, as_json
from sync.vault import Connection

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of row. ``text_of`` gives the searched text of its columns."""

    table: str
    columns: tuple[str, ...]
    thread: bool
    text_of: Callable[[Row], str]

    @property
    def names(self) -> str:
        """Columns for SQL."""
        return ", ".join(self.columns)

    def at(self, name: str) -> int:
        """Place of a column in a row."""
        return self.columns.index(name)


THREADS = Shelf(
    "threads",
    ("native", "forum", "title", "author", "author_name", "created_ms", "last_post_ms", "post_count", "view_count",
     "first_post", "locked", "pinned", "hidden", "complete", "permitted", "url", "gone"),
    True,
    lambda row: row[2],
)  # fmt: skip
POSTS = Shelf(
    "posts",
    ("native", "thread", "forum", "author", "author_name", "created_ms", "body_html", "body", "edited_ms", "editor",
     "reply_to", "position", "hidden", "votes", "url", "gone", "staff"),
    False,
    lambda row: plain(row[7], row[6]),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A stored row: where it lies, its number, its sequence, its columns."""

    private: bool
    key: int
    seq: int
    row: Row


def find(work: Work, shelf: Shelf, natives: Sequence[str]) -> dict[str, Found]:
    """Stored rows by native id."""
    sql = (
        f"SELECT key, seq, {shelf.names} FROM {shelf.table}"  # noqa: S608 - names are constants
        " WHERE community = ? AND native IN (SELECT value FROM json_each(?))"
    )
    found: dict[str, Found] = {}
    for private in (True, False):
        for row in work.side(private).execute(sql, (work.key, as_json(natives))):
            found[row[2]] = Found(private, row[0], row[1], row[2:])
    return found


def insert(work: Work, shelf: Shelf, private: bool, seq: int, row: Row, key: int | None = None) -> int:
    """Store a new row and let its text wait for the index; gives its number (``key`` itself while that is free)."""
    file = work.side(private)
    taken = _taken(file, shelf)
    if key is None or taken(key):
        created = row[shelf.at("created_ms")]
        key = time_key(created, work.key, row[0], thread=shelf.thread, taken=taken)
    marks = ", ".join("?" * (len(row) + 3))
    file.execute(
        f"INSERT INTO {shelf.table}(key, community, seq, {shelf.names}{_read_column(shelf)}) VALUES ({marks}{_read_value(shelf)})",  # noqa: S608, E501
        (key, work.key, seq, *row),
    )
    if shelf.text_of(row):
        indexing.await_index(file, key, work.stamp)
    return key


def _read_column(shelf: Shelf) -> str:
    return ", read_ms" if shelf is THREADS else ""


def _read_value(shelf: Shelf) -> str:
    return ", 0" if shelf is THREADS else ""


def _taken(file: Connection, shelf: Shelf) -> Callable[[int], bool]:
    sql = f"SELECT 1 FROM {shelf.table} WHERE key = ?"  # noqa: S608
    return lambda key: file.execute(sql, (key,)).fetchone() is not None


def change(work: Work, shelf: Shelf, found: Found, seq: int, row: Row) -> None:
    """Replace a stored row where it lies; changed text leaves the index now and waits to enter it again."""
    file = work.side(found.private)
    values = ", ".join(f"{name} = ?" for name in shelf.columns)
    file.execute(f"UPDATE {shelf.table} SET seq = ?, {values} WHERE key = ?", (seq, *row, found.key))  # noqa: S608
    old, new = shelf.text_of(found.row), shelf.text_of(row)
    if old != new:
        if old:
            indexing.drop(file, found.key, old)
        if new:
            indexing.await_index(file, found.key, work.stamp)


def confirm(work: Work, shelf: Shelf, found: Sequence[Found], seq: int) -> None:
    """These rows were told again unchanged: nothing older may replace them any more."""
    for private in (False, True):
        keys = [each.key for each in found if each.private is private]
        if keys:
            sql = f"UPDATE {shelf.table} SET seq = ? WHERE key IN (SELECT value FROM json_each(?))"  # noqa: S608
            work.side(private).execute(sql, (seq, as_json(keys)))


def move(work: Work, shelf: Shelf, found: Found, private: bool, seq: int, row: Row) -> int:
    """Put a row into the other file; a private row becomes a public one before it leaves, the other way round it is
    gone from the main file in the transaction after it arrived."""
    key = insert(work, shelf, private, seq, row, found.key)
    if private:
        work.moving.append((shelf.table, key))
        take_out(work, shelf, found)
    else:
        work.leave_private(shelf.table, found.key, shelf.text_of(found.row))
    return key


def take_out(work: Work, shelf: Shelf, found: Found) -> None:
    """Delete a row and its entries in the index."""
    delete(work.side(found.private), shelf.table, found.key, shelf.text_of(found.row))


def delete(file: Connection, table: str, key: int, text: str) -> None:
    """Delete a row by number, and the entries of its text."""
    found = file.execute(f"DELETE FROM {table} WHERE key = ?", (key,)).rowcount  # noqa: S608
    if found and text:
        indexing.drop(file, key, text)
