"""Items: state by the newest answer, text and reasons by the newest answer that told them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from moderation.ids import Kind
from moderation.items import PENDING_STATES, Item
from sync.mirror.codec import Cold, decode_cold, sure_moment, sure_ms
from sync.mirror.item_rows import NAMES, as_item, as_row
from sync.mirror.writing import item_files
from sync.mirror.writing.item_files import Composed, compose, rank, weigh
from sync.mirror.writing.work import Work, as_json

_REFS = ("forum", "thread", "post", "author", "author_name", "thread_title", "claimed_by")
_TEXTS = ("body", "body_html", "actions", "offers")


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
    new: list[Composed] = []
    same: list[int] = []
    for name, item in given.items():
        known = stored.get(name)
        if known is None:
            work.changes(item.id.kind, item.id.native)
            new.append(compose(work, _rounded(item), seq, seq if item.detail else 0))
        elif _told_nothing_new(known, item, seq):
            same.append(known.key)
        else:
            _renew(work, known, item, seq)
    item_files.insert_all(work, new)
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


def put(work: Work, known: Stored, item: Item, seq: int, detail_seq: int) -> None:
    """Replace a stored item, with its priority, excerpt and place as they are now."""
    work.changes(item.id.kind, item.id.native)
    item_files.replace_one(work, known.key, known.bucket, known.private, compose(work, item, seq, detail_seq))


def remove(work: Work, stored: Stored) -> None:
    """Delete an item with all its text."""
    item_files.remove(work, stored.key, stored.bucket, stored.private)
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
    new = rank(weigh(work, item))
    old = work.main.execute("SELECT priority, level, why FROM items WHERE key = ?", (stored.key,)).fetchone()
    if new != tuple(old):
        work.main.execute("UPDATE items SET priority = ?, level = ?, why = ? WHERE key = ?", (*new, stored.key))
        work.changes(item.id.kind, item.id.native)
