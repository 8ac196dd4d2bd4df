"""Public posts and titles in which private data was found: the queue "should be private?", and the finds of a post.

A candidate is read by more than staff (its forum is public, neither it nor its thread is hidden) and has a find that
alarms and that nobody has dismissed. Counts are exact. The tables are made by the engine: before it ran there are none.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from moderation.ids import Kind, Ref
from moderation.items import ItemState
from moderation.ports import NOT_PRIVATE, Pending
from moderation.privacy.dismissals import Found
from moderation.privacy.shown import Shown, shown
from moderation.privacy.spots import PrivateKind, Spot, Sureness
from moderation.queries import Level, PageKey, QueueIndex, QueueQuery, QueueRow
from moderation.text import one_line
from sync.mirror.codec import encode
from sync.mirror.keys import FIRST, is_thread
from sync.vault import Connection

TEMPORARY = ("CREATE TEMP TABLE not_private(print BLOB PRIMARY KEY) WITHOUT ROWID",)
LEVELS = {3: Level.HIGH, 2: Level.NORMAL, 1: Level.LOW, 0: Level.LOW}
_FROM = """FROM spotted AS c
    LEFT JOIN posts AS p ON p.key = c.key
    LEFT JOIN threads AS h ON h.key = c.key
    LEFT JOIN threads AS t ON t.community = c.community AND t.native = p.thread
    JOIN communities AS y ON y.key = c.community
    JOIN forums AS f ON f.community = c.community AND f.native = coalesce(h.forum, t.forum, p.forum)"""
_PUBLIC = """c.gravity > 0 AND f.private = 0 AND f.gone = 0 AND coalesce(p.hidden, h.hidden) = 0
    AND coalesce(p.gone, h.gone) = 0 AND coalesce(t.hidden, 0) = 0 AND coalesce(t.gone, 0) = 0
    AND c.key NOT IN (SELECT s.post FROM temp.not_private AS n CROSS JOIN spots AS s ON s.print = n.print
        WHERE NOT EXISTS (SELECT 1 FROM spots AS o WHERE o.post = s.post AND o.sure <> 'weak'
            AND o.print NOT IN (SELECT print FROM temp.not_private)))"""
_ORDER = "ORDER BY c.gravity DESC, c.key DESC"
_ROW = """SELECT c.key, y.name, coalesce(p.native, h.native), c.gravity, coalesce(p.created_ms, h.created_ms),
    coalesce(h.title, t.title, ''), coalesce(p.author_name, h.author_name, m.name, ''), f.name, f.native,
    coalesce(h.native, p.thread), coalesce(p.author, h.author), p.body, p.body_html, c.digest,
    s.id IS NOT NULL OR l.id IS NOT NULL"""
_ROW_JOINS = """LEFT JOIN members AS m ON m.community = c.community AND m.native = coalesce(p.author, h.author)
    LEFT JOIN seen AS s ON s.id = y.name || CASE WHEN h.key IS NULL THEN ':post:' ELSE ':thread:' END
        || coalesce(p.native, h.native)
    LEFT JOIN temp.seen_here AS l ON l.id = y.name || CASE WHEN h.key IS NULL THEN ':post:' ELSE ':thread:' END
        || coalesce(p.native, h.native)"""


def is_candidate(key: int) -> bool:
    """True for the row number of a post or thread, false for that of an item."""
    return key >= FIRST


def leave_out(db: Connection, pending: Iterable[Pending]) -> None:
    """What has been dismissed counts no more."""
    prints = {(bytes.fromhex(each.intent),) for each in pending if each.action == NOT_PRIVATE}
    db.execute("DELETE FROM temp.not_private")
    db.executemany("INSERT OR IGNORE INTO temp.not_private VALUES (?)", prints)


def there(db: Connection) -> bool:
    """True once the engine has made the tables."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'spotted'").fetchone() is not None


def page_keys(db: Connection, query: QueueQuery, after: PageKey | None, limit: int) -> list[int]:
    """Row numbers of a page, gravest first, then newest."""
    if not there(db):
        return []
    where, values = _where(query)
    if after is not None:
        where, values = f"{where} AND (c.gravity, c.key) < (?, ?)", [*values, int(after.priority), after.key]
    sql = f"SELECT c.key {_FROM} WHERE {where} {_ORDER} LIMIT ?"
    return [row[0] for row in db.execute(sql, (*values, limit))]


def count(db: Connection, query: QueueQuery) -> int:
    """How many there are."""
    if not there(db):
        return 0
    where, values = _where(query)
    return int(db.execute(f"SELECT count(*) {_FROM} WHERE {where}", values).fetchone()[0])


def matching(db: Connection, query: QueueQuery, keys: Sequence[int]) -> set[int]:
    """Which of these rows the query contains now."""
    if not there(db):
        return set()
    where, values = _where(query)
    sql = f"SELECT c.key {_FROM} WHERE {where} AND c.key IN (SELECT value FROM json_each(?))"  # noqa: S608
    return {row[0] for row in db.execute(sql, (*values, encode(list(keys)).decode()))}


def whole(db: Connection, query: QueueQuery, cancelled: Callable[[], bool]) -> QueueIndex:
    """The whole order, empty when cancelled."""
    index = QueueIndex()
    if not there(db) or cancelled():
        return index
    where, values = _where(query)
    sql = f"SELECT c.key, c.gravity, coalesce(p.created_ms, h.created_ms) {_FROM} WHERE {where} {_ORDER}"
    rows = db.execute(sql, values).fetchall()
    index.keys = array("q", [row[0] for row in rows])
    index.priorities = array("d", [float(row[1]) for row in rows])
    index.created_ms = array("q", [row[2] for row in rows])
    return index


def keys_of(db: Connection, ids: Sequence[str]) -> list[int]:
    """Row numbers of posts and threads by id, those without finds left out."""
    refs = [Ref.parse(each) for each in ids if ":post:" in each or ":thread:" in each]
    if not refs or not there(db):
        return []
    found: list[int] = []
    for kind, table in ((Kind.POST, "posts"), (Kind.THREAD, "threads")):
        wanted = encode([[ref.community, ref.native] for ref in refs if ref.kind is kind]).decode()
        sql = f"""SELECT r.key FROM json_each(?) AS w
            CROSS JOIN communities AS y ON y.name = json_extract(w.value, '$[0]')
            CROSS JOIN {table} AS r ON r.community = y.key AND r.native = json_extract(w.value, '$[1]')
            CROSS JOIN spotted AS c ON c.key = r.key ORDER BY w.key"""  # noqa: S608 - a fixed list
        found += [row[0] for row in db.execute(sql, (wanted,))]
    return found


def rows(db: Connection, keys: Sequence[int]) -> list[QueueRow]:
    """Rows in the order of the numbers, whatever became of them, unknown ones left out."""
    if not keys or not there(db):
        return []
    sql = f"""{_ROW} {_FROM} {_ROW_JOINS}
        WHERE c.key IN (SELECT value FROM json_each(?))"""  # noqa: S608 - constants
    made = {row[0]: row for row in db.execute(sql, (encode(list(keys)).decode(),))}
    spots = _spots(db, list(made))
    return [_row(made[key], spots.get(key, [])) for key in keys if key in made]


def found(db: Connection, posts: Sequence[Ref]) -> dict[str, Found]:
    """Finds of posts and titles by id; those that were not looked at yet are left out."""
    if not there(db):
        return {}
    looked = _looked_at(db, posts)
    spots = _spots(db, [key for key, _ in looked.values()])
    dismissed = frozenset(row[0] for row in db.execute("SELECT print FROM temp.not_private"))
    answer: dict[str, Found] = {}
    for name, (key, digest) in looked.items():
        there_now = tuple(spot for spot, _ in spots.get(key, ()))
        answer[name] = Found(name, digest, there_now, dismissed & {spot.print for spot in there_now})
    return answer


def _looked_at(db: Connection, posts: Sequence[Ref]) -> dict[str, tuple[int, bytes]]:
    """Row number and digest of those that were looked at, by id."""
    answer: dict[str, tuple[int, bytes]] = {}
    for table, wanted in (
        ("posts", [ref for ref in posts if ref.kind is Kind.POST]),
        ("threads", [ref for ref in posts if ref.kind is not Kind.POST]),
    ):
        sql = f"""SELECT w.key, r.key, c.digest FROM json_each(?) AS w
            CROSS JOIN communities AS y ON y.name = json_extract(w.value, '$[0]')
            CROSS JOIN {table} AS r ON r.community = y.key AND r.native = json_extract(w.value, '$[1]')
            LEFT JOIN spotted AS c ON c.key = r.key
            WHERE r.gone = 0 AND r.key NOT IN (SELECT key FROM spots_due)"""  # noqa: S608 - a fixed list
        pairs = encode([[ref.community, ref.native] for ref in wanted]).decode()
        rows = db.execute(sql, (pairs,)) if wanted else ()
        answer |= {str(wanted[at]): (key, digest or b"") for at, key, digest in rows}
    return answer


def lag(db: Connection) -> int:
    """How many new or changed texts wait to be looked at."""
    return int(db.execute("SELECT count(*) FROM spots_due").fetchone()[0]) if there(db) else 0


def _where(query: QueueQuery) -> tuple[str, list[Any]]:
    where, values = _PUBLIC, list[Any]()
    if query.communities:
        where += " AND y.name IN (SELECT value FROM json_each(?))"
        values.append(encode(query.communities).decode())
    if query.forums:
        where += " AND y.name || ':forum:' || f.native IN (SELECT value FROM json_each(?))"
        values.append(encode(query.forums).decode())
    for word in query.text.lower().split()[:8]:
        where += " AND instr(lower(coalesce(h.title, t.title, '') || ' ' || coalesce(p.body, p.body_html, '')), ?) > 0"
        values.append(word)
    return where, values


def _spots(db: Connection, keys: Sequence[int]) -> dict[int, list[tuple[Spot, bool]]]:
    """Finds by row number, each with whether it still stands."""
    sql = """SELECT s.post, s.kind, s.first, s.last, s.reason, s.sure, s.masked, s.print, n.print IS NULL
        FROM spots AS s LEFT JOIN temp.not_private AS n ON n.print = s.print
        WHERE s.post IN (SELECT value FROM json_each(?)) ORDER BY s.post, s.n"""
    made: dict[int, list[tuple[Spot, bool]]] = {}
    for key, kind, first, last, reason, sure, masked, print_, stands in db.execute(sql, (encode(list(keys)).decode(),)):
        spot = Spot(PrivateKind(kind), first, last, reason, Sureness(sure), masked, print_)
        made.setdefault(key, []).append((spot, bool(stands)))
    return made


def _row(values: tuple[Any, ...], spots: Sequence[tuple[Spot, bool]]) -> QueueRow:
    (key, community, native, gravity, created_ms, title, author_name, forum_name, forum, thread, author, body,
     body_html, digest, seen) = values  # fmt: skip
    standing = [spot for spot, stands in spots if stands and spot.alarms]
    kind = Kind.THREAD if is_thread(key) else Kind.POST
    text = Shown(title) if kind is Kind.THREAD else shown(body_html or "", body)
    safe = _excerpt(text, [spot for spot, _ in spots]) if text.digest == digest else ""
    return QueueRow(
        key=key,
        id=f"{community}:{kind.value}:{native}",
        state=ItemState.OPEN,
        priority=float(gravity),
        level=LEVELS[gravity],
        why=_why(standing),
        created_ms=created_ms,
        report_count=0,
        excerpt=safe,
        reason="",
        author_name=author_name,
        forum_name=forum_name,
        forum=f"{community}:forum:{forum}",
        thread=None if thread is None else f"{community}:thread:{thread}",
        post=f"{community}:post:{native}" if kind is Kind.POST else None,
        author=None if author is None else f"{community}:member:{author}",
        assignee=None,
        assignee_name=None,
        claimed_by=None,
        claimed_name=None,
        version=(digest or b"").hex(),
        detail=True,
        seen=bool(seen),
    )


def _why(standing: Sequence[Spot]) -> tuple[str, ...]:
    """``private:<kind>:<how many>``, the gravest kinds first."""
    numbers: dict[PrivateKind, int] = {}
    for spot in sorted(standing, key=lambda spot: -spot.gravity):
        numbers[spot.kind] = numbers.get(spot.kind, 0) + 1
    return tuple(f"private:{kind.value}:{number}" for kind, number in numbers.items())


def _excerpt(text: Shown, spots: Sequence[Spot]) -> str:
    """One line from a little before the first find, each find replaced by its snippet."""
    begin = max(0, spots[0].start - 60) if spots else 0
    parts, at = ["…" if begin else ""], begin
    for spot in spots:
        if spot.start >= at and spot.start < begin + 400:
            parts += [text.text[at : spot.start], spot.masked]
            at = spot.end
    return one_line("".join([*parts, text.text[at : at + 200]]))
