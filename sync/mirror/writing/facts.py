"""Facts of threads, kept in the transaction that writes their posts: who wrote when, and never what.

A thread has facts from when it was first seen in public. When it goes private its forum stays the last public one, and
posts after that do not answer. Facts stay when thread and posts are let go of, for a year and some more.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from moderation.changes import Table
from moderation.content import Mark, Post, ThreadEvent
from moderation.coverage.deriving import line_of
from moderation.coverage.facts import PostBit, PostFact, ThreadBit, ThreadFacts
from moderation.coverage.lines import pack, stamp_of
from moderation.coverage.staff import Crew
from moderation.records import Records
from sync.mirror.codec import sure_ms
from sync.mirror.fact_rows import NAMES, decode_facts, encode_facts
from sync.mirror.writing.shelves import THREADS, Found, find
from sync.mirror.writing.work import Work, as_json

KEPT_MS = 400 * 86_400_000
_BITS = {Mark.NOTE: PostBit.NOTE, Mark.AUTOMATIC: PostBit.AUTOMATIC, Mark.ANSWER: PostBit.ANSWER}
_HELD_WITHIN_MS = 2_000
"""The id of a held post carries the time of the moment after the one that the post itself has."""
_FORUM, _AUTHOR, _CREATED = THREADS.at("forum"), THREADS.at("author"), THREADS.at("created_ms")
_FIRST, _LOCKED, _HIDDEN = THREADS.at("first_post"), THREADS.at("locked"), THREADS.at("hidden")
_COMPLETE, _GONE = THREADS.at("complete"), THREADS.at("gone")
COUNTED = "facts.counted"
"""The cursor that names the stamp which all lines have."""
_CLOSED, _OPENED, _MOVED, _PRIVATE = "closed", "opened", "moved", "private"


def keep(work: Work, crew: Crew, records: Records, moved: Iterable[str]) -> None:
    """Bring facts up to date after the other rows of these records were written; ``moved``: forums that became private
    or public.
    """
    threads = _keep_events(work, records.events)
    threads |= _threads_of(work, _keep_marks(work, records.seq, records.posts))
    threads |= _threads_in(work, moved)
    threads |= {each.rpartition(":")[2] for each in work.changed.get(Table.THREAD, ())}
    threads |= _threads_of(work, {each.rpartition(":")[2] for each in work.changed.get(Table.POST, ())})
    for native in threads:
        refresh(work, crew, native)


def _keep_events(work: Work, events: Iterable[ThreadEvent]) -> set[str]:
    """Store what was done to threads; gives those of which anything is news."""
    sql = "INSERT OR IGNORE INTO thread_events VALUES (?, ?, ?, ?, ?)"
    news = set()
    for event in events:
        forum = event.from_forum.native if event.from_forum is not None else None
        row = (work.key, event.thread.native, sure_ms(event.at), event.kind.value, forum)
        if work.main.execute(sql, row).rowcount:
            news.add(event.thread.native)
    return news


def _keep_marks(work: Work, seq: int, posts: Iterable[Post]) -> set[str]:
    """Store what posts are besides; gives those of which that is news."""
    told = {post.id.native: sum(_BITS[mark] for mark in set(post.marks)) for post in posts}
    sql = """SELECT native, bits, seq FROM post_marks
        WHERE community = ? AND native IN (SELECT value FROM json_each(?))"""
    stored = {row[0]: row[1:] for row in work.main.execute(sql, (work.key, as_json(list(told))))}
    news = set()
    for native, bits in told.items():
        old = stored.get(native)
        if (old is None and not bits) or (old is not None and old[1] > seq):
            continue
        work.main.execute("INSERT OR REPLACE INTO post_marks VALUES (?, ?, ?, ?)", (work.key, native, bits, seq))
        if old is None or old[0] != bits:
            news.add(native)
    return news


def _threads_of(work: Work, posts: set[str]) -> set[str]:
    if not posts:
        return set()
    sql = "SELECT DISTINCT thread FROM posts WHERE community = ? AND native IN (SELECT value FROM json_each(?))"
    asked = (work.key, as_json(sorted(posts)))
    return {row[0] for file in (work.main, work.private) for row in file.execute(sql, asked) if row[0] is not None}


def _threads_in(work: Work, forums: Iterable[str]) -> set[str]:
    sql = "SELECT native FROM threads WHERE community = ? AND forum = ?"
    asked = [(work.key, forum) for forum in forums]
    return {row[0] for one in asked for file in (work.main, work.private) for row in file.execute(sql, one)}


def refresh(work: Work, crew: Crew, native: str) -> None:
    """Read what is stored of a thread into its facts; one that was never public has none."""
    found = find(work, THREADS, [native]).get(native)
    if found is None:
        return
    old = stored_facts(work, native)
    facts = _public_place(work, found, old)
    if facts is None:
        return
    rows = _rows(work, native)
    facts = replace(facts, opening=facts.opening or _opening(rows))
    posts = _posts(work, facts, rows, old)
    facts = replace(facts, posts=posts, public_ms=_public_since(facts, posts))
    if facts != old or not _is_counted(work, crew, facts):
        put(work, crew, facts, old)


def stored_facts(work: Work, native: str) -> ThreadFacts | None:
    """Facts as they are kept."""
    sql = "SELECT data FROM thread_facts WHERE community = ? AND native = ?"
    row = work.main.execute(sql, (work.key, native)).fetchone()
    return decode_facts(native, row[0]) if row else None


def put(work: Work, crew: Crew, facts: ThreadFacts, old: ThreadFacts | None) -> None:
    """Store facts and the line that follows from them."""
    if old is not None and old.submitted_ms != facts.submitted_ms:
        sql = "DELETE FROM thread_lines WHERE community = ? AND submitted_ms = ? AND native = ?"
        work.main.execute(sql, (work.key, old.submitted_ms, facts.thread))
    row = (work.key, facts.thread, encode_facts(facts))
    work.main.execute("INSERT OR REPLACE INTO thread_facts VALUES (?, ?, ?)", row)
    put_line(work, crew, facts)


def put_line(work: Work, crew: Crew, facts: ThreadFacts) -> None:
    """Store the line of a thread for this staff."""
    line = pack(line_of(facts, crew))
    row = (work.key, facts.submitted_ms, facts.thread, facts.forum, stamp_of(crew), line)
    work.main.execute("INSERT OR REPLACE INTO thread_lines VALUES (?, ?, ?, ?, ?, ?)", row)


def _is_counted(work: Work, crew: Crew, facts: ThreadFacts) -> bool:
    sql = "SELECT 1 FROM thread_lines WHERE community = ? AND submitted_ms = ? AND native = ? AND stamp = ?"
    row = (work.key, facts.submitted_ms, facts.thread, stamp_of(crew))
    return work.main.execute(sql, row).fetchone() is not None


def _public_place(work: Work, found: Found, old: ThreadFacts | None) -> ThreadFacts | None:
    """The thread without its posts, in the forum where it stands or last stood in public."""
    row = found.row
    events = _events(work, row[0])
    forum, left = row[_FORUM], None
    if found.private:
        place = _left(work, events, old)
        if place is None:
            return None
        forum, left = place
    submitted = _submitted(work, row)
    closed_ms, reopened = _closed(events)
    bits = ThreadBit(0)
    bits |= ThreadBit.AWAY if row[_HIDDEN] or row[_GONE] else ThreadBit(0)
    bits |= ThreadBit.LOCKED if row[_LOCKED] else ThreadBit(0)
    bits |= ThreadBit.REOPENED if reopened else ThreadBit(0)
    bits |= ThreadBit(0) if row[_COMPLETE] else ThreadBit.PARTIAL
    return ThreadFacts(
        row[0],
        forum,
        row[_AUTHOR],
        row[_FIRST],
        submitted,
        row[_CREATED],
        bits=int(bits),
        closed_ms=closed_ms if row[_LOCKED] else None,
        left_ms=left,
    )


def _left(work: Work, events: list[tuple[int, str, str | None]], old: ThreadFacts | None) -> tuple[str, int] | None:
    """The last public forum of a thread that is private now, and when it left that; ``None``: it was never public.

    Where nobody told when, it is when that was noticed.
    """
    out = [(at, forum) for at, kind, forum in events if kind == _MOVED and forum and not work.is_private(forum)]
    gone_private = [at for at, kind, _ in events if kind == _PRIVATE]
    if old is not None:
        told = [at for at, _ in out] + gone_private
        if told:
            return old.forum, max(told)
        return old.forum, old.left_ms if old.left_ms is not None else work.now_ms
    return None if not out else (max(out)[1], max(out)[0])


def _events(work: Work, thread: str) -> list[tuple[int, str, str | None]]:
    sql = "SELECT at_ms, kind, forum FROM thread_events WHERE community = ? AND thread = ? ORDER BY at_ms"
    return work.main.execute(sql, (work.key, thread)).fetchall()


def _closed(events: list[tuple[int, str, str | None]]) -> tuple[int | None, bool]:
    """When it was locked last, and whether it was ever unlocked after that had happened."""
    closed: int | None = None
    reopened = False
    for at, kind, _ in events:
        if kind == _CLOSED:
            closed = at if closed is None else closed
        elif kind == _OPENED:
            reopened = reopened or closed is not None
            closed = None
    return closed, reopened


def _submitted(work: Work, row: tuple[Any, ...]) -> int:
    """When it was written: earlier than it was made, where the platform dates anew what was approved. Of reviews only
    an approved one by its author counts: others may name a thread for another reason.
    """
    sql = """SELECT min(created_ms) FROM items WHERE community = ? AND thread = ? AND kind = 'review'
        AND state = 'resolved' AND author IS ? AND (post IS NULL OR post IS ?)"""
    found = work.main.execute(sql, (work.key, row[0], row[_AUTHOR], row[_FIRST])).fetchone()[0]
    created: int = row[_CREATED]
    return int(found) if found is not None and found < created - _HELD_WITHIN_MS else created


def _rows(work: Work, thread: str) -> dict[str, tuple[Any, ...]]:
    """What is stored of a thread's posts, but for their words."""
    sql = """SELECT native, author, created_ms, hidden, gone, position FROM posts
        WHERE community = ? AND thread = ? AND staff = 0"""
    rows: dict[str, tuple[Any, ...]] = {}
    for file in (work.private, work.main):
        rows |= {row[0]: row for row in file.execute(sql, (work.key, thread))}
    return rows


def _opening(rows: dict[str, tuple[Any, ...]]) -> str | None:
    """The opening post where no list names it: the first one by its number, once that was read."""
    first = min(rows.values(), key=lambda row: (row[5], row[2]), default=None)
    return first[0] if first is not None and first[5] <= 1 else None


def _posts(
    work: Work, facts: ThreadFacts, rows: dict[str, tuple[Any, ...]], old: ThreadFacts | None
) -> tuple[PostFact, ...]:
    """Posts by time."""
    marks = _marks(work, list(rows))
    held = _held(work, facts, rows.values())
    known = {post.id: post for post in old.posts} if old is not None else {}
    return tuple(
        sorted(
            (_post(row, marks.get(row[0], 0), held, known.get(row[0])) for row in rows.values()),
            key=lambda post: (post.at_ms, post.id),
        )
    )


def _post(row: tuple[Any, ...], bits: int, held: list[tuple[str, int, int]], known: PostFact | None) -> PostFact:
    native, author, created, hidden, gone, _ = row
    at = next((since for who, when, since in held if who == author and abs(when - created) <= _HELD_WITHIN_MS), created)
    if known is not None and known.at_ms > created:
        at = min(at, known.at_ms) if at > created else known.at_ms
    return PostFact(native, author, at, bits | (PostBit.AWAY if hidden or gone else 0))


def _marks(work: Work, posts: list[str]) -> dict[str, int]:
    sql = "SELECT native, bits FROM post_marks WHERE community = ? AND native IN (SELECT value FROM json_each(?))"
    return dict(work.main.execute(sql, (work.key, as_json(posts))).fetchall())


def _held(work: Work, facts: ThreadFacts, rows: Iterable[tuple[Any, ...]]) -> list[tuple[str, int, int]]:
    """Posts of this thread that had to wait: author, time of writing, and when they became public."""
    sql = """SELECT author, created_ms, state, changed_ms FROM items
        WHERE community = ? AND kind = 'held' AND state != 'dismissed' AND {}"""
    found = work.main.execute(sql.format("thread = ?"), (work.key, facts.thread)).fetchall()
    opening = next((row for row in rows if row[0] == facts.opening), None)
    if opening is not None and opening[1] is not None:
        near = (opening[2] - _HELD_WITHIN_MS, opening[2] + _HELD_WITHIN_MS)
        asked = (work.key, opening[1], *near)
        found += work.main.execute(sql.format("author = ? AND created_ms BETWEEN ? AND ?"), asked).fetchall()
    return [
        (author, created, work.now_ms if state == "held" else changed)
        for author, created, state, changed in found
        if author is not None
    ]


def _public_since(facts: ThreadFacts, posts: tuple[PostFact, ...]) -> int:
    opening = next((post for post in posts if post.id == facts.opening), None)
    return max(facts.public_ms, opening.at_ms) if opening is not None else facts.public_ms


def erase(work: Work, member: str) -> None:
    """A member was forgotten: what they wrote counts as somebody's who is not there any more."""
    sql = "SELECT native, data FROM thread_facts WHERE community = ? AND instr(data, CAST(? AS BLOB))"
    for native, data in work.main.execute(sql, (work.key, f'"{member}"')).fetchall():
        old = decode_facts(native, data)
        posts = tuple(replace(post, author=None) if post.author == member else post for post in old.posts)
        new = replace(old, posts=posts, opener=None if old.opener == member else old.opener)
        if new != old:
            sql_put = "UPDATE thread_facts SET data = ? WHERE community = ? AND native = ?"
            work.main.execute(sql_put, (encode_facts(new), work.key, native))
            sql_stale = "UPDATE thread_lines SET stamp = '' WHERE community = ? AND submitted_ms = ? AND native = ?"
            work.main.execute(sql_stale, (work.key, new.submitted_ms, native))
            counting_again(work)


def counting_again(work: Work) -> None:
    """Some lines are worth nothing any more: they will be looked for."""
    work.main.execute("DELETE FROM cursors WHERE community = ? AND name = ?", (work.key, COUNTED))


def forget_old(work: Work, limit: int) -> int:
    """Delete facts that are older than they are kept; gives how many there were."""
    sql = "SELECT submitted_ms, native FROM thread_lines WHERE community = ? AND submitted_ms < ? LIMIT ?"
    old = work.main.execute(sql, (work.key, work.now_ms - KEPT_MS, limit)).fetchall()
    for submitted, native in old:
        about = (work.key, native)
        sql = "DELETE FROM thread_lines WHERE community = ? AND submitted_ms = ? AND native = ?"
        work.main.execute(sql, (work.key, submitted, native))
        facts = stored_facts(work, native)
        marks = "DELETE FROM post_marks WHERE community = ? AND native IN (SELECT value FROM json_each(?))"
        work.main.execute(marks, (work.key, as_json([post.id for post in facts.posts] if facts else [])))
        work.main.execute("DELETE FROM thread_facts WHERE community = ? AND native = ?", about)
        work.main.execute("DELETE FROM thread_events WHERE community = ? AND thread = ?", about)
    return len(old)


def leave(work: Work) -> None:
    """The community is let go of."""
    for table in NAMES:
        work.main.execute(f"DELETE FROM {table} WHERE community = ?", (work.key,))  # noqa: S608 - names are constants
