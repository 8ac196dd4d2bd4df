"""Tables of the mirror and of the private store, and bringing a pair of files to this shape.

Both files hold threads, posts, the cold part of items and the full text; everything else is in the main file. Native
ids are text, ``community`` is the row number in ``communities``. The private file belongs to one main file: both carry
the same epoch, and a private file of another epoch is emptied.

Row numbers of threads and posts follow their time (see :mod:`sync.mirror.keys`), so that the full text gives the newest
first by itself; those of items count up from 1, far below, so that all three share one full text. ``item_hay`` is the
folded text by which the queue is filtered. A post for the staff alone (``staff``) lies in the private file, wherever
its thread does. ``presence`` is when a member wrote last in a forum, kept as posts are written; the
writer fills it for posts of before (``presence`` in ``meta`` says that it has).
What coverage is computed from is described in :mod:`sync.mirror.fact_rows`.
"""

from sync.mirror import fact_rows

VERSION = 4
"""Shape of the files (``PRAGMA user_version``). A step in :data:`STEPS` changes a file in place; without one it is
emptied and filled again from the server."""

_FOLLOWING = (
    """CREATE TABLE followers(
        community INTEGER NOT NULL, member TEXT NOT NULL, seen_ms INTEGER NOT NULL, seq INTEGER NOT NULL,
        PRIMARY KEY(community, member)) WITHOUT ROWID""",
    """CREATE TABLE following(
        community INTEGER NOT NULL, member TEXT NOT NULL, forum TEXT NOT NULL, level TEXT NOT NULL,
        seen_ms INTEGER NOT NULL, PRIMARY KEY(community, member, forum)) WITHOUT ROWID""",
)
_STAFF_ONLY = "ALTER TABLE posts ADD COLUMN staff INTEGER NOT NULL DEFAULT 0"
_PRESENCE = (
    """CREATE TABLE presence(
        community INTEGER NOT NULL, member TEXT NOT NULL, forum TEXT NOT NULL, at_ms INTEGER NOT NULL,
        PRIMARY KEY(community, member, forum)) WITHOUT ROWID""",
    """CREATE TABLE unreadable(
        community INTEGER NOT NULL, member TEXT NOT NULL, why TEXT NOT NULL, seen_ms INTEGER NOT NULL,
        PRIMARY KEY(community, member)) WITHOUT ROWID""",
    """CREATE TABLE groups(
        community INTEGER NOT NULL, native TEXT NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY(community, native)) WITHOUT ROWID""",
)
STEPS: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {
    1: ((*_FOLLOWING, _STAFF_ONLY), (_STAFF_ONLY,)),
    2: (_PRESENCE, ()),
    3: (fact_rows.TABLES, ()),
}
"""Additive changes: from version → (statements for the main file, statements for the private file)."""

CONTENT = (
    """CREATE TABLE threads(
        key INTEGER PRIMARY KEY, community INTEGER NOT NULL, native TEXT NOT NULL, forum TEXT, title TEXT NOT NULL,
        author TEXT, author_name TEXT, created_ms INTEGER NOT NULL, last_post_ms INTEGER, post_count INTEGER NOT NULL,
        view_count INTEGER NOT NULL, first_post TEXT, locked INTEGER NOT NULL, pinned INTEGER NOT NULL,
        hidden INTEGER NOT NULL, complete INTEGER NOT NULL, permitted TEXT, url TEXT, gone INTEGER NOT NULL,
        seq INTEGER NOT NULL, read_ms INTEGER NOT NULL, UNIQUE(community, native))""",
    "CREATE INDEX threads_forum ON threads(community, forum)",
    "CREATE INDEX threads_author ON threads(community, author, key)",
    "CREATE INDEX threads_read ON threads(community, read_ms)",
    """CREATE TABLE posts(
        key INTEGER PRIMARY KEY, community INTEGER NOT NULL, native TEXT NOT NULL, thread TEXT, forum TEXT, author TEXT,
        author_name TEXT, created_ms INTEGER NOT NULL, body_html TEXT NOT NULL, body TEXT, edited_ms INTEGER,
        editor TEXT, reply_to TEXT, position INTEGER NOT NULL, hidden INTEGER NOT NULL, votes INTEGER NOT NULL,
        url TEXT, gone INTEGER NOT NULL, seq INTEGER NOT NULL, staff INTEGER NOT NULL DEFAULT 0,
        UNIQUE(community, native))""",
    "CREATE INDEX posts_thread ON posts(community, thread, key)",
    "CREATE TABLE item_hay(key INTEGER PRIMARY KEY, hay TEXT NOT NULL)",
    "CREATE TABLE item_full(key INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    "CREATE TABLE index_queue(key INTEGER PRIMARY KEY, stamp INTEGER NOT NULL)",
    "CREATE VIRTUAL TABLE grams USING fts5(text, content='', detail=none, columnsize=0, tokenize='ascii')",
    "INSERT INTO grams(grams, rank) VALUES('automerge', 8)",
)

MAIN = (
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    """CREATE TABLE communities(
        key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, url TEXT NOT NULL, info BLOB, identity BLOB, official BLOB,
        capabilities TEXT NOT NULL, as_of_ms INTEGER, complete_since_ms INTEGER, trouble BLOB)""",
    """CREATE TABLE cursors(community INTEGER NOT NULL, name TEXT NOT NULL, value TEXT, PRIMARY KEY(community, name))
        WITHOUT ROWID""",
    """CREATE TABLE forums(
        community INTEGER NOT NULL, native TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL,
        private INTEGER, gone INTEGER NOT NULL, seq INTEGER NOT NULL, data BLOB, PRIMARY KEY(community, native))
        WITHOUT ROWID""",
    """CREATE TABLE members(
        community INTEGER NOT NULL, native TEXT NOT NULL, name TEXT NOT NULL, gone INTEGER NOT NULL,
        seq INTEGER NOT NULL, data BLOB, PRIMARY KEY(community, native)) WITHOUT ROWID""",
    """CREATE TABLE buckets(
        key INTEGER PRIMARY KEY, community INTEGER NOT NULL, forum TEXT NOT NULL, kind TEXT NOT NULL,
        state TEXT NOT NULL, assignee TEXT NOT NULL, n INTEGER NOT NULL,
        UNIQUE(community, forum, kind, state, assignee))""",
    """CREATE TABLE items(
        key INTEGER PRIMARY KEY, community INTEGER NOT NULL, kind TEXT NOT NULL, native TEXT NOT NULL,
        bucket INTEGER NOT NULL, active INTEGER NOT NULL, priority REAL NOT NULL, created_ms INTEGER NOT NULL,
        state TEXT NOT NULL, level TEXT NOT NULL, why TEXT NOT NULL, report_count INTEGER NOT NULL,
        excerpt TEXT NOT NULL, reason TEXT NOT NULL, forum TEXT, thread TEXT, post TEXT,
        author TEXT, author_name TEXT, assignee TEXT, assignee_name TEXT, claimed_by TEXT, version TEXT NOT NULL,
        detail INTEGER NOT NULL, private INTEGER NOT NULL, seq INTEGER NOT NULL, detail_seq INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL, UNIQUE(community, kind, native))""",
    "CREATE INDEX items_order ON items(active, priority, created_ms, key, bucket)",
    "CREATE INDEX items_bucket ON items(bucket, priority, created_ms)",
    "CREATE INDEX items_author ON items(community, author, created_ms)",
    "CREATE INDEX items_post ON items(community, post)",
    "CREATE INDEX items_thread ON items(community, thread)",
    "CREATE TABLE seen(id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE changes(version INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    *_FOLLOWING,
    *_PRESENCE,
    *fact_rows.TABLES,
    *CONTENT,
)

PRIVATE = (
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    """CREATE TABLE item_text(
        key INTEGER PRIMARY KEY, excerpt TEXT NOT NULL, reason TEXT NOT NULL)""",
    "CREATE TABLE moving(place TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY(place, key)) WITHOUT ROWID",
    *CONTENT,
)
