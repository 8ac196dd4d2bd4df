"""Private data that was found in public posts: its tables, and the one who fills them, apart from the writer.

The tables lie in the main file beside the posts that they are about and are no part of its shape: where they are
missing they are made anew and filled again. Triggers keep them true whoever writes: a text that is new or changed
waits to be looked at, a row that goes, is emptied or moves to the private file takes its spots along in the same
transaction. Only the main file has them: what the public cannot read is no candidate.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from moderation.changes import ChangeRecord, Table
from moderation.errors import StoreError
from moderation.privacy.shown import Shown, shown
from moderation.privacy.spots import Spot
from sync.mirror.codec import encode
from sync.mirror.healing import healed
from sync.mirror.keys import is_thread
from sync.mirror.preparing import identity_of, open_pair
from sync.vault import Connection, StoreFile, Vault, translated

_KEPT_CHANGES = 256
_LONGEST = 400_000
"""Characters of a rendering that are looked at: ten times what platforms let people post."""

TABLES = (
    "CREATE TABLE IF NOT EXISTS spots_due(key INTEGER PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS spots_state(name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS spots(
        post INTEGER NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
        reason TEXT NOT NULL, sure TEXT NOT NULL, masked TEXT NOT NULL, print BLOB NOT NULL, gravity INTEGER NOT NULL,
        PRIMARY KEY(post, n)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS spotted(
        key INTEGER PRIMARY KEY, community INTEGER NOT NULL, gravity INTEGER NOT NULL, digest BLOB NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS spotted_order ON spotted(gravity, key)",
    "CREATE INDEX IF NOT EXISTS spots_print ON spots(print)",
    """CREATE TRIGGER IF NOT EXISTS spots_post_new AFTER INSERT ON posts WHEN NEW.gone = 0
        BEGIN INSERT OR IGNORE INTO spots_due VALUES (NEW.key); END""",
    """CREATE TRIGGER IF NOT EXISTS spots_post_text AFTER UPDATE OF body, body_html ON posts
        WHEN NEW.gone = 0 AND (OLD.body IS NOT NEW.body OR OLD.body_html IS NOT NEW.body_html)
        BEGIN INSERT OR IGNORE INTO spots_due VALUES (NEW.key); END""",
    """CREATE TRIGGER IF NOT EXISTS spots_post_gone AFTER UPDATE OF gone ON posts WHEN NEW.gone <> 0
        BEGIN DELETE FROM spots WHERE post = OLD.key; DELETE FROM spotted WHERE key = OLD.key;
        DELETE FROM spots_due WHERE key = OLD.key; END""",
    """CREATE TRIGGER IF NOT EXISTS spots_post_out AFTER DELETE ON posts
        BEGIN DELETE FROM spots WHERE post = OLD.key; DELETE FROM spotted WHERE key = OLD.key;
        DELETE FROM spots_due WHERE key = OLD.key; END""",
    """CREATE TRIGGER IF NOT EXISTS spots_thread_new AFTER INSERT ON threads WHEN NEW.gone = 0
        BEGIN INSERT OR IGNORE INTO spots_due VALUES (NEW.key); END""",
    """CREATE TRIGGER IF NOT EXISTS spots_thread_text AFTER UPDATE OF title ON threads
        WHEN NEW.gone = 0 AND OLD.title IS NOT NEW.title
        BEGIN INSERT OR IGNORE INTO spots_due VALUES (NEW.key); END""",
    """CREATE TRIGGER IF NOT EXISTS spots_thread_gone AFTER UPDATE OF gone ON threads WHEN NEW.gone <> 0
        BEGIN DELETE FROM spots WHERE post = OLD.key; DELETE FROM spotted WHERE key = OLD.key;
        DELETE FROM spots_due WHERE key = OLD.key; END""",
    """CREATE TRIGGER IF NOT EXISTS spots_thread_out AFTER DELETE ON threads
        BEGIN DELETE FROM spots WHERE post = OLD.key; DELETE FROM spotted WHERE key = OLD.key;
        DELETE FROM spots_due WHERE key = OLD.key; END""",
)

Find = Callable[[Shown, str], list[Spot]]
"""The finder: what is shown, and the id of the post."""


class Waiting(NamedTuple):
    """A row that waits: number, id, its community's number, and its text as stored (``None``: it is gone)."""

    key: int
    id: str
    community: int
    stored: tuple[str | None, str] | None

    @property
    def shown(self) -> Shown:
        """What it shows."""
        body, rendering = self.stored or (None, "")
        return shown(rendering[:_LONGEST], (body or "")[:_LONGEST])


class _Looked(NamedTuple):
    waiting: Waiting
    spots: list[Spot]
    digest: bytes


class SpotKeeper:
    """Looks at waiting posts, newest first, a slice of time at a time. Belongs to one thread of the engine.

    ``fingerprint`` names what the answers of ``find`` depend on. When it is another one than before, all posts are
    looked at anew, newest first, a part between what is new; old spots stand until theirs is due.
    """

    def __init__(self, vault: Vault, find: Find, fingerprint: str, monotonic: Callable[[], float]) -> None:
        self._vault = vault
        self._find = find
        self._fingerprint = fingerprint
        self._monotonic = monotonic
        self._open()

    def _open(self) -> None:
        self._db, private = open_pair(self._vault)
        private.close()
        self._file = identity_of(self._vault)
        self._db.execute("PRAGMA cache_size = -8192")
        with translated(StoreFile.MIRROR, self._vault.path(StoreFile.MIRROR)), _transaction(self._db):
            for statement in TABLES:
                self._db.execute(statement)
            if self._state("fingerprint") != self._fingerprint:
                self._keep("fingerprint", self._fingerprint)
                self._keep("below", _newest(self._db) + 1)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def renew(self, find: Find, fingerprint: str) -> None:
        """Another finder: from now on, and for all that was looked at before."""
        if fingerprint != self._fingerprint:
            self._find, self._fingerprint = find, fingerprint
            self.close()
            self._open()

    def step(self, seconds: float, limit: int = 200) -> tuple[int, list[ChangeRecord]]:
        """Look at waiting posts for about that long; gives how many there were, and whose spots changed.

        Reading and finding hold no lock; what was found is written in one short transaction. A text that changed
        meanwhile waits on. Raises :class:`~moderation.errors.StoreError`.
        """
        try:
            if identity_of(self._vault) != self._file:
                self.close()
                self._open()
            with translated(StoreFile.MIRROR, self._vault.path(StoreFile.MIRROR)):
                return self._step(self._monotonic() + seconds, limit)
        except StoreError as error:
            raise healed(self._vault, error, self._file) from error

    def _step(self, until: float, limit: int) -> tuple[int, list[ChangeRecord]]:
        due = [row[0] for row in self._db.execute("SELECT key FROM spots_due ORDER BY key DESC LIMIT ?", (limit,))]
        again = self._again(limit) if not due else []
        found = self._look([*due, *again], until)
        if not found and (due or self._below() is None):
            return 0, []
        with _transaction(self._db):
            changed = [looked.waiting.id for looked in found if self._write(looked)]
            if not due:
                self._keep("below", found[-1].waiting.key if found else None)
            records = [ChangeRecord(Table.FOUND, tuple(changed))] if changed else []
            if records:
                _log_changes(self._db, records)
        return len(found), records

    def _look(self, keys: Sequence[int], until: float) -> list[_Looked]:
        found: list[_Looked] = []
        for key in keys:
            waiting = _read(self._db, key)
            text = waiting.shown
            spots = self._find(text, waiting.id) if waiting.stored is not None else []
            found.append(_Looked(waiting, spots, text.digest))
            if self._monotonic() >= until:
                break
        return found

    def _again(self, limit: int) -> list[int]:
        """Rows that were looked at by another finder, from where this one has come to downwards."""
        below = self._below()
        if below is None:
            return []
        sql = """SELECT key FROM posts WHERE key < ? AND gone = 0 UNION ALL
            SELECT key FROM threads WHERE key < ? AND gone = 0 ORDER BY key DESC LIMIT ?"""
        return [row[0] for row in self._db.execute(sql, (below, below, limit))]

    def _write(self, looked: _Looked) -> bool:
        """Replace a row's spots, unless its text is another one by now; tells whether anything changed."""
        key, community = looked.waiting.key, looked.waiting.community
        if _read(self._db, key).stored != looked.waiting.stored:
            return False
        self._db.execute("DELETE FROM spots_due WHERE key = ?", (key,))
        new = [_row(spot) for spot in looked.spots]
        sql = "SELECT kind, first, last, reason, sure, masked, print, gravity FROM spots WHERE post = ? ORDER BY n"
        if new == self._db.execute(sql, (key,)).fetchall() and (not new or self._digest(key) == looked.digest):
            return False
        self._db.execute("DELETE FROM spots WHERE post = ?", (key,))
        self._db.execute("DELETE FROM spotted WHERE key = ?", (key,))
        if new:
            rows = [(key, n, *row) for n, row in enumerate(new)]
            self._db.executemany("INSERT INTO spots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            gravity = max((spot.gravity for spot in looked.spots if spot.alarms), default=0)
            self._db.execute("INSERT INTO spotted VALUES (?, ?, ?, ?)", (key, community, gravity, looked.digest))
        return True

    def _digest(self, key: int) -> bytes | None:
        row = self._db.execute("SELECT digest FROM spotted WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _below(self) -> int | None:
        below = self._state("below")
        return below if isinstance(below, int) else None

    def _state(self, name: str) -> object:
        row = self._db.execute("SELECT value FROM spots_state WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def _keep(self, name: str, value: object) -> None:
        self._db.execute("INSERT OR REPLACE INTO spots_state VALUES (?, ?)", (name, value))

    def lag(self) -> int:
        """How many rows wait, those that are to be looked at anew included."""
        due = int(self._db.execute("SELECT count(*) FROM spots_due").fetchone()[0])
        below = self._below()
        if below is None:
            return due
        sql = "SELECT (SELECT count(*) FROM posts WHERE key < ?) + (SELECT count(*) FROM threads WHERE key < ?)"
        return due + int(self._db.execute(sql, (below, below)).fetchone()[0])


def _row(spot: Spot) -> tuple[str, int, int, str, str, str, bytes, int]:
    return (
        spot.kind.value,
        spot.start,
        spot.end,
        spot.reason,
        spot.sureness.value,
        spot.masked,
        spot.print,
        spot.gravity,
    )


def _read(db: Connection, key: int) -> Waiting:
    if is_thread(key):
        sql = """SELECT c.name || ':thread:' || t.native, t.community, t.title, '' FROM threads AS t
            JOIN communities AS c ON c.key = t.community WHERE t.key = ? AND t.gone = 0"""
    else:
        sql = """SELECT c.name || ':post:' || p.native, p.community, p.body, p.body_html FROM posts AS p
            JOIN communities AS c ON c.key = p.community WHERE p.key = ? AND p.gone = 0"""
    row = db.execute(sql, (key,)).fetchone()
    return Waiting(key, row[0], row[1], (row[2], row[3])) if row else Waiting(key, "", 0, None)


def _newest(db: Connection) -> int:
    sql = "SELECT max(coalesce((SELECT max(key) FROM posts), 0), coalesce((SELECT max(key) FROM threads), 0))"
    return int(db.execute(sql).fetchone()[0])


def _log_changes(db: Connection, records: list[ChangeRecord]) -> None:
    """As the writer does: the change counter grows, and readers that lost a message find what changed."""
    stamp = int(db.execute("SELECT value FROM meta WHERE name = 'changes'").fetchone()[0]) + 1
    db.execute("UPDATE meta SET value = ? WHERE name = 'changes'", (stamp,))
    db.execute("INSERT INTO changes VALUES (?, ?)", (stamp, encode(records)))
    db.execute("DELETE FROM changes WHERE version <= ?", (stamp - _KEPT_CHANGES,))


@contextmanager
def _transaction(db: Connection) -> Iterator[None]:
    """Begins at once, so that it waits for the writer before it reads what it replaces."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
