"""Queue pages, counts and the whole order.

Rows are found by the cheapest of three ways: along the order index (most rows match), bucket by bucket and merged (few
buckets), or all rows of the buckets sorted (few rows).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from moderation.items import ItemState
from moderation.queries import Level, PageKey, QueueIndex, QueueQuery, QueueRow
from sync.mirror import hot
from sync.mirror.codec import decode_floats, decode_ints, encode
from sync.mirror.reading.buckets import Bucket, Buckets
from sync.mirror.reading.overlay import Laid, Overlay
from sync.vault import Connection

_FEW_BUCKETS = 64
_STATES = {state.value: state for state in ItemState}
_LEVELS = {level.value: level for level in Level}
CHUNK_ROWS = 8192
"""Rows that SQLite packs at once for the whole order."""
COUNTED = 128
"""As a page's length it decides between two ways to count: a row that holds the words costs as much to look up as some
thirty on the way along the order index (measured at half a million rows).
"""

Part = tuple[str, list[Any]]
"""A SELECT of priority, created_ms, key, and its parameters."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rows of one query are found: parts that together hold each row once."""

    parts: list[Part]

    def keys(self, after: PageKey | None) -> Part:
        """One SELECT over all parts, after a page's end; without order and limit."""
        end = [after.priority, after.created_ms, after.key] if after else []
        sqls, values = [], []
        for sql, parameters in self.parts:
            sqls.append(sql + hot.AFTER if end else sql)
            values += [*parameters, *end]
        return " UNION ALL ".join(sqls), values


def plan(query: QueueQuery, buckets: Buckets, overlay: Overlay, matched: int | None, limit: int) -> Plan:
    """Choose the way for a query. ``matched`` is how many rows hold its words, ``None`` for a query without words."""
    matching = [bucket for bucket in buckets.matching(query) if bucket.n]
    narrow = (hot.NOT_LAID if overlay.moved else "") + (hot.TEXT if matched is not None else "")
    parts = [(sql + narrow, values) for sql, values in _ways(matching, buckets, matched, limit)]
    if overlay.moved:
        parts.append(_laid(query, buckets, matched is not None))
    return Plan(parts)


def _ways(matching: Sequence[Bucket], buckets: Buckets, matched: int | None, limit: int) -> list[Part]:
    """What is read until a page is full: all rows of a few, or ``limit`` of many along an order that holds others."""
    classes = {bucket.active for bucket in matching}
    everything = sum(bucket.n for bucket in buckets.all.values() if bucket.active in classes)
    if matched is not None and matched * matched < limit * everything:
        return [(hot.BY_WORDS, [_json([bucket.key for bucket in matching])])]
    if len(matching) <= _FEW_BUCKETS:
        return [(hot.BY_BUCKET, [bucket.key]) for bucket in matching]
    rows = sum(bucket.n for bucket in matching)
    if rows * rows < limit * everything:
        return [(hot.BY_BUCKETS, [_json([bucket.key for bucket in matching])])]
    return [_along(active, matching, buckets) for active in sorted(classes)]


def _along(active: int, matching: Sequence[Bucket], buckets: Buckets) -> Part:
    """Along the order index, past rows of other buckets."""
    wanted = [bucket.key for bucket in matching if bucket.active == active]
    others = sum(1 for bucket in buckets.all.values() if bucket.active == active and bucket.n) - len(wanted)
    if not others:
        return hot.BY_ORDER, [active]
    return hot.BY_ORDER + hot.IN_BUCKETS, [active, _json(wanted)]


def _laid(query: QueueQuery, buckets: Buckets, has_words: bool) -> Part:
    """Rows whose state is laid over."""
    places = [bucket.key for bucket in buckets.matching(query, any_state=True)]
    values: list[Any] = [_json([state.value for state in query.states]), _json(places)]
    return hot.LAID + (hot.TEXT if has_words else ""), values


def _json(values: Sequence[Any]) -> str:
    return encode(values).decode()


def page_keys(db: Connection, way: Plan, after: PageKey | None, limit: int) -> list[int]:
    """Row numbers of a page."""
    if not way.parts:
        return []
    sql, values = way.keys(after)
    return [row[2] for row in db.execute(f"{sql} {hot.ORDER} LIMIT ?", (*values, limit))]


def count_slowly(db: Connection, way: Plan) -> int:
    """Count rows one by one: for queries with words."""
    if not way.parts:
        return 0
    sql, values = way.keys(None)
    return int(db.execute(f"SELECT count(*) FROM ({sql})", values).fetchone()[0])  # noqa: S608


def whole(db: Connection, way: Plan, cancelled: Callable[[], bool]) -> QueueIndex:
    """The whole order, empty when cancelled.

    SQLite packs each chunk into JSON by itself, so that this thread holds Python's lock only for milliseconds.
    """
    index = QueueIndex()
    after: PageKey | None = None
    while way.parts:
        if cancelled():
            return QueueIndex()
        sql, values = way.keys(after)
        packed = db.execute(hot.CHUNK.format(keys=sql, order=hot.ORDER), (*values, CHUNK_ROWS)).fetchone()
        keys, priorities, times = decode_ints(packed[0]), decode_floats(packed[1]), decode_ints(packed[2])
        index.keys.extend(keys)
        index.priorities.extend(priorities)
        index.created_ms.extend(times)
        if len(keys) < CHUNK_ROWS:
            break
        after = PageKey(priorities[-1], times[-1], keys[-1])
    return index


def matching(
    db: Connection, query: QueueQuery, keys: Sequence[int], buckets: Buckets, overlay: Overlay, has_words: bool
) -> set[int]:
    """Which of these rows the query contains."""
    among = _json(list(keys))
    narrow = (hot.NOT_LAID if overlay.moved else "") + (hot.TEXT if has_words else "")
    places = _json([bucket.key for bucket in buckets.matching(query)])
    found = {row[0] for row in db.execute(hot.MATCHING + hot.IN_BUCKETS + narrow, (among, places))}
    if overlay.moved:
        sql, values = _laid(query, buckets, has_words)
        sql += " AND items.key IN (SELECT value FROM json_each(?))"
        found |= {row[2] for row in db.execute(sql, (*values, among))}
    return found


def rows(db: Connection, keys: Sequence[int], overlay: Overlay) -> list[QueueRow]:
    """Rows in the order of the numbers, unknown ones left out."""
    laid = overlay.laid
    return [_row(values, laid) for values in db.execute(hot.ROWS, (_json(list(keys)),))]


def _row(values: tuple[Any, ...], laid: dict[str, Laid]) -> QueueRow:
    """A row of :data:`hot.ROWS`; written for speed, because a page of them is made between two frames."""
    (key, community, kind, native, state, priority, level, why, created_ms, reports, excerpt, reason, author_name,
     forum_name, forum, thread, post, author, assignee, assignee_name, claimed, claimed_name, version, detail,
     seen) = values  # fmt: skip
    name = f"{community}:{kind}:{native}"
    over = laid.get(name)
    shown = over.shown if over is not None else None
    return QueueRow(
        key,
        name,
        _STATES[state],
        priority,
        _LEVELS[level],
        tuple(why.split("\n")) if why else (),
        created_ms,
        reports,
        excerpt,
        reason,
        author_name,
        forum_name,
        None if forum is None else f"{community}:forum:{forum}",
        None if thread is None else f"{community}:thread:{thread}",
        None if post is None else f"{community}:post:{post}",
        None if author is None else f"{community}:member:{author}",
        None if assignee is None else f"{community}:member:{assignee}",
        assignee_name,
        None if claimed is None else f"{community}:member:{claimed}",
        claimed_name,
        version,
        bool(detail),
        bool(seen),
        None if shown is None else shown.state.value,
        None if shown is None else shown.action,
        None if shown is None else shown.intent,
    )
