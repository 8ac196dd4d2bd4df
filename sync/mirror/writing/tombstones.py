"""What the server says is gone, or a person asked to forget: rows stay as tombstones, words go everywhere."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from moderation.ids import ITEM_KINDS, Kind, Ref
from moderation.items import Item, ItemState
from sync.mirror.codec import mention
from sync.mirror.writing import indexing, items, people
from sync.mirror.writing.shelves import POSTS, THREADS, Found, Shelf, change, find
from sync.mirror.writing.work import Work

_EMPTIED = {
    THREADS: {"title": "", "author_name": None, "gone": 1},
    POSTS: {"body_html": "", "body": None, "author_name": None, "gone": 1},
}


def bury(work: Work, seq: int, refs: Iterable[Ref]) -> None:
    """Make tombstones of these, unless a newer answer knows them; what is not here may still be named elsewhere."""
    for ref in refs:
        if ref.community == work.community and _DEED[ref.kind](work, seq, ref.native):
            work.gone.append(ref)


def _bury_post(work: Work, seq: int, native: str) -> bool:
    if not _empty(work, POSTS, Kind.POST, seq, native):
        return False
    for stored in items.find(work, "post = ?", native).values():
        _rewrite(work, stored, lambda item: replace(item, body=None, body_html=None))
    return True


def _bury_thread(work: Work, seq: int, native: str) -> bool:
    if not _empty(work, THREADS, Kind.THREAD, seq, native):
        return False
    for private in (False, True):
        sql = "SELECT native FROM posts WHERE community = ? AND thread = ? AND gone = 0"
        rows = work.side(private).execute(sql, (work.key, native)).fetchall()
        bury(work, seq, [Ref(work.community, Kind.POST, row[0]) for row in rows])
    for stored in items.find(work, "thread = ?", native).values():
        _rewrite(work, stored, lambda item: replace(item, body=None, body_html=None, thread_title=None))
    return True


def _bury_forum(work: Work, seq: int, native: str) -> bool:
    if not _bury_row(work, "forums", Kind.FORUM, seq, native):
        return False
    work.forget_cached(forum=native)
    people.forget_following(work, forum=native)
    for private in (False, True):
        sql = "SELECT native FROM threads WHERE community = ? AND forum = ? AND gone = 0"
        rows = work.side(private).execute(sql, (work.key, native)).fetchall()
        bury(work, seq, [Ref(work.community, Kind.THREAD, row[0]) for row in rows])
    return True


def _bury_member(work: Work, seq: int, native: str) -> bool:
    if not _bury_row(work, "members", Kind.MEMBER, seq, native):
        return False
    work.forget_cached(member=native)
    people.forget_following(work, member=native)
    unname(work, native)
    return True


def _bury_row(work: Work, table: str, kind: Kind, seq: int, native: str) -> bool:
    sql = f"SELECT seq, gone FROM {table} WHERE community = ? AND native = ?"  # noqa: S608
    found = work.main.execute(sql, (work.key, native)).fetchone()
    if found is None or found[1]:
        return True
    if found[0] > seq:
        return False
    sql = f"UPDATE {table} SET gone = 1, seq = ?, name = '', data = NULL WHERE community = ? AND native = ?"  # noqa: S608
    work.main.execute(sql, (seq, work.key, native))
    work.changes(kind, native)
    return True


def _bury_item(kind: Kind) -> Callable[[Work, int, str], bool]:
    def deed(work: Work, seq: int, native: str) -> bool:
        stored = items.find(work, "kind = ? AND native = ?", kind.value, native).get((kind.value, native))
        if stored is not None and stored.seq > seq:
            return False
        if stored is not None and stored.row[2] != ItemState.GONE:
            items.put(work, stored, _emptied(items.load(work, stored)), seq, max(seq, stored.detail_seq))
        return True

    return deed


def _emptied(item: Item) -> Item:
    """A tombstone: where it stood and when, without any words."""
    return replace(
        item,
        state=ItemState.GONE,
        thread_title=None,
        body=None,
        body_html=None,
        reports=(),
        notes=(),
        history=(),
        actions=None,
        extra={},
        detail=False,
    )


_DEED: dict[Kind, Callable[[Work, int, str], bool]] = {
    Kind.POST: _bury_post,
    Kind.THREAD: _bury_thread,
    Kind.FORUM: _bury_forum,
    Kind.MEMBER: _bury_member,
    **{kind: _bury_item(kind) for kind in ITEM_KINDS},
}


def _empty(work: Work, shelf: Shelf, kind: Kind, seq: int, native: str) -> bool:
    """Empty a row; ``False`` when a newer answer knows it."""
    found = find(work, shelf, [native]).get(native)
    if found is not None and found.seq > seq:
        return False
    if found is not None and not found.row[shelf.at("gone")]:
        _write_empty(work, shelf, found, seq)
        work.changes(kind, native)
    return True


def _write_empty(work: Work, shelf: Shelf, found: Found, seq: int) -> None:
    row = list(found.row)
    for name, value in _EMPTIED[shelf].items():
        row[shelf.at(name)] = value
    change(work, shelf, found, seq, tuple(row))


def _rewrite(work: Work, stored: items.Stored, edit: Callable[[Item], Item]) -> None:
    items.put(work, stored, edit(items.load(work, stored)), stored.seq, stored.detail_seq)


def forget(work: Work, member: str) -> None:
    """Erase a member's profile, name and words, as far as they are here; each row keeps its sequence."""
    sql = "UPDATE members SET gone = 1, name = '', data = NULL WHERE community = ? AND native = ?"
    work.main.execute(sql, (work.key, member))
    work.forget_cached(member=member)
    people.forget_following(work, member=member)
    work.changes(Kind.MEMBER, member)
    for shelf, kind in ((POSTS, Kind.POST), (THREADS, Kind.THREAD)):
        sql = f"SELECT native FROM {shelf.table} WHERE community = ? AND author = ?"  # noqa: S608
        for private in (False, True):
            natives = [row[0] for row in work.side(private).execute(sql, (work.key, member)).fetchall()]
            for found in find(work, shelf, natives).values():
                _write_empty(work, shelf, found, found.seq)
                work.changes(kind, found.row[0])
    for stored in items.find(work, "author = ?", member).values():
        _rewrite(work, stored, lambda item: replace(item, body=None, body_html=None, thread_title=None))
    unname(work, member, words_too=True)
    for private in (False, True):
        indexing.urge(work.side(private))


def unname(work: Work, member: str, *, words_too: bool = False) -> None:
    """Take a member's name (and words) from posts, threads and items, and from what items quote of reporters."""
    for private in (False, True):
        for table in ("posts", "threads"):
            sql = f"UPDATE {table} SET author_name = NULL WHERE community = ? AND author = ?"  # noqa: S608
            work.side(private).execute(sql, (work.key, member))
    gone = Ref(work.community, Kind.MEMBER, member)
    for stored in _items_naming(work, gone):
        _rewrite(work, stored, lambda item: _unnamed(item, gone, words_too))


def _items_naming(work: Work, member: Ref) -> list[items.Stored]:
    """Items of this author or assignee, or whose cold part mentions the member: reads every cold part, seconds."""
    found = items.find(work, "(author = ? OR assignee = ?)", member.native, member.native)
    for private in (False, True):
        sql = "SELECT key FROM item_full WHERE instr(data, CAST(? AS BLOB))"
        for (key,) in work.side(private).execute(sql, (mention(member),)).fetchall():
            found |= items.find(work, "key = ?", key)
    return list(found.values())


def _unnamed(item: Item, gone: Ref, words_too: bool) -> Item:
    return replace(
        item,
        author_name=None if item.author == gone else item.author_name,
        assignee_name=None if item.assignee == gone else item.assignee_name,
        reports=tuple(
            replace(r, reporter_name=None, text="" if words_too else r.text) if r.reporter == gone else r
            for r in item.reports
        ),
        notes=tuple(
            replace(n, author_name=None, text="" if words_too else n.text) if n.author == gone else n
            for n in item.notes
        ),
        history=tuple(replace(h, by_name=None) if h.by == gone else h for h in item.history),
    )
