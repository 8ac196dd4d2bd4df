"""Where the parts of an item are put: its row, its text for filtering, its cold part, each in the right file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moderation.ids import Kind
from moderation.items import PENDING_STATES, Item
from moderation.text import one_line
from sync.mirror.codec import encode
from sync.mirror.folding import fold, plain
from sync.mirror.item_rows import NAMES, as_row, cold_of
from sync.mirror.writing import indexing
from sync.mirror.writing.shelves import delete
from sync.mirror.writing.work import Weighed, Work

_EXCERPT = 200
_EXTRA = "bucket, active, priority, level, why, excerpt, reason, private, seq, detail_seq, changed_ms"
_ALL = f"{NAMES}, {_EXTRA}"
_INSERT = f"INSERT INTO items(key, community, {_ALL}) VALUES (?, ?{', ?' * len(_ALL.split(','))})"  # noqa: S608
_UPDATE = f"UPDATE items SET {' = ?, '.join(_ALL.split(', '))} = ? WHERE key = ?"  # noqa: S608
_FIRST_FREE = """SELECT max(coalesce((SELECT max(key) FROM items), 0),
    coalesce((SELECT value FROM meta WHERE name = 'last_item'), 0)) + 1"""
_PARTS = ("item_full", "item_text", "item_hay")


@dataclass(slots=True)
class Composed:
    """All parts of an item, ready to be put: ``row`` into the main file, the others into the file of ``private``."""

    row: tuple[Any, ...]
    bucket: int
    private: bool
    lines: tuple[str, str]
    hay: str
    cold: bytes


def compose(work: Work, item: Item, seq: int, detail_seq: int) -> Composed:
    """Weigh an item, find its bucket, its excerpt and its place."""
    private = work.is_private(item.forum.native if item.forum else None)
    weighed = weigh(work, item)
    bucket = _bucket(work, item)
    lines = _line(item), weighed.reason
    row = (
        *as_row(item),
        bucket,
        int(item.state in PENDING_STATES),
        *rank(weighed),
        *(("", "") if private else lines),
        int(private),
        seq,
        detail_seq,
        work.now_ms,
    )
    return Composed(row, bucket, private, lines, fold(f"{lines[0]} {item.author_name or ''}"), encode(cold_of(item)))


def weigh(work: Work, item: Item) -> Weighed:
    """The priority of an item, by its author and forum as they are known."""
    author = work.member(item.author.native) if item.author else None
    return work.prioritise(item, author, work.forum(item.forum.native) if item.forum else None)


def rank(weighed: Weighed) -> tuple[float, str, str]:
    """A priority as columns: score, level, why."""
    return (round(weighed.score, 3), weighed.level.value, "\n".join(weighed.why))


def _bucket(work: Work, item: Item) -> int:
    forum = item.forum.native if item.forum else ""
    assignee = item.assignee.native if item.assignee else ""
    return work.tally.bucket(work.main, (work.key, forum, item.id.kind.value, item.state.value, assignee))


def _line(item: Item) -> str:
    """What was written, else the thread's title; a reported member, who wrote nothing here, is named."""
    line = one_line(plain(item.body, item.body_html), _EXCERPT) or one_line(item.thread_title or "", _EXCERPT)
    member = item.author_name if item.post is None and item.kind is Kind.FLAG else None
    return line or (one_line(f"@{member}", _EXCERPT) if member else "")


def insert_all(work: Work, new: Sequence[Composed]) -> None:
    """Put new items, many at once."""
    first = int(work.main.execute(_FIRST_FREE).fetchone()[0])
    numbered = list(enumerate(new, first))
    work.main.executemany(_INSERT, [(key, work.key, *each.row) for key, each in numbered])
    for private in (False, True):
        _put_texts(work, private, [(key, each) for key, each in numbered if each.private is private])
    for key, each in numbered:
        work.tally.move(None, each.bucket)
        work.weighed.add(key)


def _put_texts(work: Work, private: bool, numbered: Sequence[tuple[int, Composed]]) -> None:
    """Texts of items that have none in this file yet."""
    file = work.side(private)
    file.executemany("INSERT INTO item_full VALUES (?, ?)", [(key, each.cold) for key, each in numbered])
    with_hay = [(key, each.hay) for key, each in numbered if each.hay]
    file.executemany("INSERT INTO item_hay VALUES (?, ?)", with_hay)
    file.executemany("INSERT INTO index_queue VALUES (?, ?)", [(key, work.stamp) for key, _ in with_hay])
    if private:
        file.executemany("INSERT INTO item_text VALUES (?, ?, ?)", [(key, *each.lines) for key, each in numbered])
        work.moving += [(table, key) for table in _PARTS for key, _ in numbered]


def replace_one(work: Work, key: int, bucket: int, private: bool, new: Composed) -> None:
    """Replace an item that was in this bucket and in this file."""
    work.main.execute(_UPDATE, (*new.row, key))
    work.tally.move(bucket, new.bucket)
    work.weighed.add(key)
    if private is new.private:
        _change_texts(work, key, new)
    else:
        _leave(work, private, key)
        _put_texts(work, new.private, [(key, new)])


def _change_texts(work: Work, key: int, new: Composed) -> None:
    file = work.side(new.private)
    file.execute("INSERT OR REPLACE INTO item_full VALUES (?, ?)", (key, new.cold))
    if new.private:
        file.execute("INSERT OR REPLACE INTO item_text VALUES (?, ?, ?)", (key, *new.lines))
    old = _hay(work, new.private, key)
    if old != new.hay:
        delete(file, "item_hay", key, old)
        if new.hay:
            file.execute("INSERT INTO item_hay VALUES (?, ?)", (key, new.hay))
            indexing.await_index(file, key, work.stamp)


def _leave(work: Work, private: bool, key: int) -> None:
    """The item's text moves to the other file; from the private one it goes only after it arrived."""
    hay = _hay(work, private, key)
    for table in _PARTS if private else ("item_full", "item_hay"):
        text = hay if table == "item_hay" else ""
        if private:
            work.leave_private(table, key, text)
        else:
            delete(work.main, table, key, text)


def _hay(work: Work, private: bool, key: int) -> str:
    row = work.side(private).execute("SELECT hay FROM item_hay WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def remove(work: Work, key: int, bucket: int, private: bool) -> None:
    """Delete an item with all its text; its number is never given to another, for readers may hold it."""
    hay = _hay(work, private, key)
    delete(work.main, "items", key, "")
    work.main.execute(
        "INSERT INTO meta VALUES ('last_item', ?) ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)",
        (key,),
    )
    for table in _PARTS if private else ("item_full", "item_hay"):
        delete(work.side(private), table, key, hay if table == "item_hay" else "")
    work.tally.move(bucket, None)
