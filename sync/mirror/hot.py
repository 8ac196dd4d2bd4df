"""The window's prepared SQL: every statement between a key press and the next item on the screen, in one place.

Order everywhere: priority, then time, then row number, all highest first.
"""

ORDER = "ORDER BY priority DESC, created_ms DESC, key DESC"

AFTER = " AND (priority, created_ms, key) < (?, ?, ?)"
NOT_LAID = " AND key NOT IN (SELECT item FROM temp.laid)"
IN_BUCKETS = " AND bucket IN (SELECT value FROM json_each(?))"
TEXT = " AND key IN (SELECT row FROM temp.matched)"

BY_ORDER = "SELECT priority, created_ms, key FROM items INDEXED BY items_order WHERE active = ?"
BY_BUCKET = "SELECT priority, created_ms, key FROM items INDEXED BY items_bucket WHERE bucket = ?"
BY_BUCKETS = """SELECT priority, created_ms, key FROM items INDEXED BY items_bucket
    WHERE bucket IN (SELECT value FROM json_each(?))"""
BY_WORDS = """SELECT priority, created_ms, items.key FROM temp.matched CROSS JOIN items ON items.key = matched.row
    WHERE bucket IN (SELECT value FROM json_each(?))"""
LAID = """SELECT items.priority, items.created_ms, items.key FROM temp.laid CROSS JOIN items ON items.key = laid.item
    WHERE laid.effective IN (SELECT value FROM json_each(?)) AND bucket IN (SELECT value FROM json_each(?))"""

ROWS = """
    SELECT i.key, c.name, i.kind, i.native, coalesce(l.effective, i.state), i.priority, i.level, i.why, i.created_ms,
        i.report_count, CASE WHEN i.private THEN coalesce(p.excerpt, '') ELSE i.excerpt END,
        CASE WHEN i.private THEN coalesce(p.reason, '') ELSE i.reason END, coalesce(i.author_name, m.name, ''),
        coalesce(f.name, ''), i.forum, i.thread, i.post, i.author, i.assignee, coalesce(i.assignee_name, a.name),
        i.claimed_by, k.name, i.version, i.detail, s.id IS NOT NULL OR h.id IS NOT NULL
    FROM json_each(?) AS wanted
    CROSS JOIN items AS i ON i.key = wanted.value
    JOIN communities AS c ON c.key = i.community
    LEFT JOIN temp.laid AS l ON l.item = i.key
    LEFT JOIN private.item_text AS p ON p.key = i.key
    LEFT JOIN forums AS f ON f.community = i.community AND f.native = i.forum
    LEFT JOIN members AS m ON m.community = i.community AND m.native = i.author
    LEFT JOIN members AS a ON a.community = i.community AND a.native = i.assignee
    LEFT JOIN members AS k ON k.community = i.community AND k.native = i.claimed_by
    LEFT JOIN seen AS s ON s.id = c.name || ':' || i.kind || ':' || i.native
    LEFT JOIN temp.seen_here AS h ON h.id = c.name || ':' || i.kind || ':' || i.native
    ORDER BY wanted.key
"""

KEYS_BY_ID = """
    SELECT c.name || ':' || i.kind || ':' || i.native, i.key FROM json_each(?) AS wanted
    CROSS JOIN communities AS c ON c.name = json_extract(wanted.value, '$[0]')
    CROSS JOIN items AS i ON i.community = c.key AND i.kind = json_extract(wanted.value, '$[1]')
        AND i.native = json_extract(wanted.value, '$[2]')
    ORDER BY wanted.key
"""

BUCKETS = """SELECT b.key, c.name, b.forum, b.kind, b.state, b.assignee, b.n
    FROM buckets AS b JOIN communities AS c ON c.key = b.community"""

LAID_PLACES = """SELECT l.effective, i.bucket FROM temp.laid AS l CROSS JOIN items AS i ON i.key = l.item"""

MATCHING = "SELECT key FROM items WHERE key IN (SELECT value FROM json_each(?))"

CHUNK = """SELECT json_group_array(key), json_group_array(priority), json_group_array(created_ms)
    FROM ({keys} {order} LIMIT ?)"""

BY_AUTHOR = """SELECT i.key FROM items AS i JOIN communities AS c ON c.key = i.community
    WHERE c.name = ? AND i.author = ? ORDER BY i.created_ms DESC, i.key DESC LIMIT ?"""

TEMPORARY = (
    "CREATE TEMP TABLE matched(row INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE laid(item INTEGER PRIMARY KEY, effective TEXT NOT NULL)",
    "CREATE TEMP TABLE seen_here(id TEXT PRIMARY KEY) WITHOUT ROWID",
)
