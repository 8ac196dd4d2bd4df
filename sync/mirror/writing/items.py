"""Items: state by the newest answer, text and reasons by the newest answer that told them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from moderation.ids import Kind
from moderation.items import PENDING_STATES, Item
from moderation.text import one_line
from sync.mirror.codec import Cold, decode_cold, encode, sure_moment, sure_ms
from sync.mirror.folding import fold, plain
from sync.mirror.item_rows import NAMES, as_item, as_row, cold_of
from sync.mirror.writing import indexing
from sync.mirror.writing.shelves import delete
from sync.mirror.writing.work import Weighed, Work, as_json

_EXCERPT = 200
_REFS = ("forum", "thread", "post", "author", "author_name", "thread_title", "claimed_by")
_TEXTS = ("body", "body_html", "actions")


@dataclass(frozen=True, slots=True)
class Stored:
    """An item as it is stored: its numbers, its sequences, its row of columns."""

    key: int
    bucket: int
    private: bool
    seq: int
    detail_seq: int
    row: tuple[Any, ...]


def find(work: Work, where: str, *values: Any) -> dict[tuple[str, str], Stored]:
    """Stored items by kind and native id; ``where`` is a condition with marks on columns of this community."""
    sql = f"SELECT key, bucket, private, seq, detail_seq, {NAMES} FROM items WHERE community = ? AND {where}"  # noqa: S608
    rows = work.main.execute(sql, (work.key, *values))
    return {(row[5], row[6]): Stored(row[0], row[1], bool(row[2]), row[3], row[4], row[5:]) for row in rows}


def in_forum(work: Work, forum: str) -> dict[tuple[str, str], Stored]:
    """Stored items of a forum, found by its buckets."""
    buckets = "SELECT key FROM buckets WHERE community = ? AND forum = ?"
    return find(work, f"bucket IN ({buckets})", work.key, forum)


def load(work: Work, stored: Stored) -> Item:
    """A stored item in full."""
    data = work.side(stored.private).execute("SELECT data FROM item_full WHERE key = ?", (stored.key,)).fetchone()
    return as_item(work.community, stored.row, decode_cold(data[0]) if data else Cold())


def write_items(work: Work, seq: int, items: Iterable[Item]) -> None:
    """Store items."""
    given = {(item.id.kind.value, item.id.native): item for item in items}
    stored: dict[tuple[str, str], Stored] = {}
    for kind in {kind for kind, _ in given}:
        natives = [name for each, name in given if each == kind]
        stored |= find(work, "kind = ? AND native IN (SELECT value FROM json_each(?))", kind, as_json(natives))
    work.load_members({item.author.native for item in given.values() if item.author is not None})
    same: list[int] = []
    for name, item in given.items():
        known = stored.get(name)
        if known is None:
            put(work, None, _rounded(item), seq, seq if item.detail else 0)
        elif _told_nothing_new(known, item, seq):
            same.append(known.key)
        else:
            _renew(work, known, item, seq)
    work.main.execute(
        "UPDATE items SET seq = max(seq, ?) WHERE key IN (SELECT value FROM json_each(?))", (seq, as_json(same))
    )


def _rounded(item: Item) -> Item:
    """Times as they are stored: whole milliseconds."""
    if not item.created_at.microsecond % 1000:
        return item
    return replace(item, created_at=sure_moment(sure_ms(item.created_at)))


def _told_nothing_new(known: Stored, item: Item, seq: int) -> bool:
    """True for a list row that says what is known; cheap, because most rows of a poll do."""
    if item.detail or known.seq > seq:
        return False
    row = as_row(item)
    if not known.row[14] and row[4] != known.row[4]:
        return False
    told = [place for place, value in enumerate(row[:-1]) if value is not None and place not in {4, 12}]
    return row[11] == known.row[11] and all(row[place] == known.row[place] for place in told)


def _renew(work: Work, known: Stored, item: Item, seq: int) -> None:
    newer = seq >= known.seq
    newer_detail = item.detail and seq >= known.detail_seq
    if not newer and not newer_detail:
        return
    old = load(work, known)
    new = _rounded(item)
    merged = old
    if newer_detail:
        merged = _with_detail(merged, new)
    if newer:
        merged = _with_state(merged, new)
    seqs = (max(seq, known.seq), max(seq, known.detail_seq) if newer_detail else known.detail_seq)
    if merged == old:
        work.main.execute("UPDATE items SET seq = ?, detail_seq = ? WHERE key = ?", (*seqs, known.key))
        return
    put(work, known, merged, *seqs)


def _with_detail(old: Item, new: Item) -> Item:
    """Text, reasons and history of a detailed answer."""
    facts: dict[str, Any] = {name: getattr(new, name) for name in (*_REFS, *_TEXTS) if getattr(new, name) is not None}
    facts |= {"reports": new.reports, "notes": new.notes, "history": new.history, "detail": True}
    return replace(old, **facts, extra=old.extra | new.extra)


def _with_state(old: Item, new: Item) -> Item:
    """State, assignee, count and version of any answer.

    The version of an answer without detail counts only when it brings news, or when no detail is known: it may say less
    than the one that is known (NodeBB's list tells no history).
    """
    facts: dict[str, Any] = {name: getattr(new, name) for name in _REFS if getattr(new, name) is not None}
    same_person = old.assignee == new.assignee
    facts |= {"state": new.state, "assignee": new.assignee, "report_count": new.report_count}
    facts |= {"assignee_name": new.assignee_name or (old.assignee_name if same_person else None)}
    news = (old.state, old.assignee, old.report_count) != (new.state, new.assignee, new.report_count)
    if new.version and (new.detail or news or not old.detail):
        facts["version"] = new.version
    return replace(old, **facts, extra=old.extra | new.extra)


def put(work: Work, known: Stored | None, item: Item, seq: int, detail_seq: int) -> None:
    """Write an item with its priority, its excerpt, its bucket and its cold part, each into the right file."""
    work.changes(item.id.kind, item.id.native)
    private = work.is_private(item.forum.native if item.forum else None)
    weighed = _weigh(work, item)
    bucket = _bucket(work, item)
    text = _line(item), weighed.reason
    hay = fold(f"{text[0]} {item.author_name or ''}")
    row = (
        *as_row(item),
        bucket,
        int(item.state in PENDING_STATES),
        round(weighed.score, 3),
        weighed.level.value,
        "\n".join(weighed.why),
        *(("", "") if private else text),
        int(private),
        seq,
        detail_seq,
        work.now_ms,
    )
    key = _insert(work, row) if known is None else _update(work, known.key, row)
    work.tally.move(known.bucket if known else None, bucket)
    work.weighed.add(key)
    if known is not None and known.private is not private:
        _leave(work, known.private, key)
        known = None
    if private and known is None:
        work.moving += [(table, key) for table in ("item_full", "item_text", "item_hay")]
    _put_hay(work, private, key, hay, known is None)
    _put_cold(work, private, key, item, text)


def _weigh(work: Work, item: Item) -> Weighed:
    author = work.member(item.author.native) if item.author else None
    return work.prioritise(item, author, work.forum(item.forum.native) if item.forum else None)


def _bucket(work: Work, item: Item) -> int:
    forum = item.forum.native if item.forum else ""
    assignee = item.assignee.native if item.assignee else ""
    return work.tally.bucket(work.main, (work.key, forum, item.id.kind.value, item.state.value, assignee))


def _line(item: Item) -> str:
    return one_line(plain(item.body, item.body_html), _EXCERPT) or one_line(item.thread_title or "", _EXCERPT)


_EXTRA = "bucket, active, priority, level, why, excerpt, reason, private, seq, detail_seq, changed_ms"
_ALL = f"{NAMES}, {_EXTRA}"
_INSERT = f"INSERT INTO items(community, {_ALL}) VALUES (?{', ?' * len(_ALL.split(','))}) RETURNING key"  # noqa: S608
_UPDATE = f"UPDATE items SET {' = ?, '.join(_ALL.split(', '))} = ? WHERE key = ?"  # noqa: S608


def _insert(work: Work, row: Sequence[Any]) -> int:
    return int(work.main.execute(_INSERT, (work.key, *row)).fetchone()[0])


def _update(work: Work, key: int, row: Sequence[Any]) -> int:
    work.main.execute(_UPDATE, (*row, key))
    return key


def _put_cold(work: Work, private: bool, key: int, item: Item, text: tuple[str, str]) -> None:
    file = work.side(private)
    file.execute("INSERT OR REPLACE INTO item_full(key, data) VALUES (?, ?)", (key, encode(cold_of(item))))
    if private:
        file.execute("INSERT OR REPLACE INTO item_text VALUES (?, ?, ?)", (key, *text))


def _leave(work: Work, private: bool, key: int) -> None:
    """The item's text moves to the other file; from the private one it goes only after it arrived."""
    hay = _hay(work, private, key)
    if private:
        work.leave_private("item_full", key)
        work.leave_private("item_text", key)
        work.leave_private("item_hay", key, hay)
    else:
        delete(work.main, "item_full", key, "")
        delete(work.main, "item_hay", key, hay)


def _hay(work: Work, private: bool, key: int) -> str:
    row = work.side(private).execute("SELECT hay FROM item_hay WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def _put_hay(work: Work, private: bool, key: int, hay: str, new: bool) -> None:
    """The text by which the queue is filtered; it waits for the index like a post's."""
    file = work.side(private)
    old = "" if new else _hay(work, private, key)
    if old == hay:
        return
    file.execute("INSERT OR REPLACE INTO item_hay VALUES (?, ?)", (key, hay))
    if old:
        indexing.drop(file, key, old)
    if hay:
        indexing.await_index(file, key, work.stamp)


def remove(work: Work, stored: Stored) -> None:
    """Delete an item with all its text."""
    work.main.execute("DELETE FROM items WHERE key = ?", (stored.key,))
    file = work.side(stored.private)
    delete(file, "item_hay", stored.key, _hay(work, stored.private, stored.key))
    for table in ("item_full", "item_text") if stored.private else ("item_full",):
        delete(file, table, stored.key, "")
    work.tally.move(stored.bucket, None)
    work.changes(Kind(stored.row[0]), stored.row[1])


def weigh_again(work: Work) -> None:
    """Renew the priority of pending items whose author or forum has changed, where it comes out different."""
    touched = [find(work, "author = ? AND active = 1", author) for author in work.authors]
    touched += [in_forum(work, forum) for forum in work.forums]
    for stored in chain.from_iterable(found.values() for found in touched):
        if stored.key not in work.weighed and stored.row[2] in PENDING_STATES:
            _weigh_one(work, stored)


def _weigh_one(work: Work, stored: Stored) -> None:
    work.weighed.add(stored.key)
    item = load(work, stored)
    weighed = _weigh(work, item)
    new = (round(weighed.score, 3), weighed.level.value, "\n".join(weighed.why))
    old = work.main.execute("SELECT priority, level, why FROM items WHERE key = ?", (stored.key,)).fetchone()
    if new != tuple(old):
        work.main.execute("UPDATE items SET priority = ?, level = ?, why = ? WHERE key = ?", (*new, stored.key))
        work.changes(item.id.kind, item.id.native)
