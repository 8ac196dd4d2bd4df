"""What a connector may ask of the mirror."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from moderation.errors import StoreError
from moderation.ids import Kind, Ref
from moderation.items import ItemState
from moderation.proof import SaidBefore
from sync.connector import ItemFacts, ThreadFacts
from sync.mirror.codec import encode, id_text, moment, sure_ms
from sync.mirror.codec import ref as ref_of
from sync.mirror.healing import healed
from sync.mirror.preparing import identity_of, open_for_reading
from sync.mirror.reading.before import said_before
from sync.mirror.reading.content import FILES, community_key
from sync.vault import Connection, StoreFile, Vault, translated

_ITEM = "kind, native, state, assignee, report_count, detail, version"
_ORDER = "ORDER BY priority DESC, created_ms DESC, key DESC"


class MirrorKnown:
    """Implements :class:`sync.connector.Known` and :class:`moderation.proof.Witnesses` for one community on a
    connection of its own.

    May be used from several threads; they take turns. Raises :class:`~moderation.errors.StoreError`, among others
    ``mirror_refilled`` when the mirror was damaged and has been begun anew.
    """

    def __init__(self, vault: Vault, community: str) -> None:
        self._vault = vault
        self._community = community
        self._lock = threading.Lock()
        self._open()

    def _open(self) -> None:
        self._db = open_for_reading(self._vault)
        self._file = identity_of(self._vault)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _reading(self) -> Iterator[tuple[Connection, int]]:
        with self._lock, self._healing(), translated(StoreFile.MIRROR, self._vault.path(StoreFile.MIRROR)):
            if identity_of(self._vault) != self._file:
                self._db.close()
                self._open()
            yield self._db, community_key(self._db, self._community)

    @contextmanager
    def _healing(self) -> Iterator[None]:
        """A connector works for the engine, which alone may set a damaged mirror aside."""
        try:
            yield
        except StoreError as error:
            raise healed(self._vault, error, self._file) from error

    def cursor(self, name: str) -> str | None:
        """A saved cursor of this community."""
        with self._reading() as (db, key):
            row = db.execute("SELECT value FROM cursors WHERE community = ? AND name = ?", (key, name)).fetchone()
            return row[0] if row else None

    def items(self, refs: Sequence[Ref]) -> dict[Ref, ItemFacts]:
        """Facts of the items that are known."""
        with self._reading() as (db, key):
            found: dict[Ref, ItemFacts] = {}
            for kind in {ref.kind for ref in refs}:
                natives = encode([ref.native for ref in refs if ref.kind is kind]).decode()
                sql = f"""SELECT {_ITEM} FROM items
                    WHERE community = ? AND kind = ? AND native IN (SELECT value FROM json_each(?))"""  # noqa: S608
                found |= self._facts(db.execute(sql, (key, kind.value, natives)))
            return found

    def pending_items(self) -> dict[Ref, ItemFacts]:
        """All items that the mirror holds as open, in progress or held."""
        with self._reading() as (db, key):
            return self._facts(db.execute(f"SELECT {_ITEM} FROM items WHERE active = 1 AND community = ?", (key,)))  # noqa: S608

    def _facts(self, rows: Iterator[tuple[Any, ...]]) -> dict[Ref, ItemFacts]:
        return {
            Ref(self._community, Kind(kind), native): ItemFacts(
                ItemState(state), id_text(self._community, Kind.MEMBER, assignee), reports, bool(detail), version
            )
            for kind, native, state, assignee, reports, detail, version in rows
        }

    def undetailed(self, limit: int) -> list[Ref]:
        """Pending items without detail, highest priority and newest first."""
        with self._reading() as (db, key):
            sql = f"""SELECT kind, native FROM items
                WHERE active = 1 AND community = ? AND detail = 0 {_ORDER} LIMIT ?"""  # noqa: S608
            return [Ref(self._community, Kind(kind), native) for kind, native in db.execute(sql, (key, limit))]

    def threads(self, refs: Sequence[Ref]) -> dict[Ref, ThreadFacts]:
        """Facts of the threads that are known and not gone."""
        natives = encode([ref.native for ref in refs]).decode()
        found: dict[Ref, ThreadFacts] = {}
        with self._reading() as (db, key):
            for file in reversed(FILES):
                sql = f"""SELECT native, last_post_ms, post_count, complete, forum, locked, hidden,
                        (SELECT count(*) FROM {file}.posts AS p
                            WHERE p.community = t.community AND p.thread = t.native AND p.gone = 0 AND p.staff = 0)
                    FROM {file}.threads AS t
                    WHERE community = ? AND gone = 0 AND native IN (SELECT value FROM json_each(?))"""  # noqa: S608
                for native, last, posts, complete, place, locked, hidden, stored in db.execute(sql, (key, natives)):
                    forum = ref_of(self._community, Kind.FORUM, place)
                    facts = ThreadFacts(moment(last), posts, stored, bool(complete), forum, bool(locked), bool(hidden))
                    found[Ref(self._community, Kind.THREAD, native)] = facts
        return found

    def forums(self) -> dict[Ref, bool | None]:
        """Known forums and whether each is private."""
        with self._reading() as (db, key):
            rows = db.execute("SELECT native, private FROM forums WHERE community = ? AND gone = 0", (key,))
            return {
                Ref(self._community, Kind.FORUM, native): None if private is None else bool(private)
                for native, private in rows
            }

    def active_threads(self, since: datetime) -> list[Ref]:
        """Known threads with a post since then."""
        sql = """SELECT native FROM {}.threads
            WHERE community = ? AND gone = 0 AND coalesce(last_post_ms, created_ms) >= ?"""
        with self._reading() as (db, key):
            asked = (key, sure_ms(since))
            natives = {row[0] for file in FILES for row in db.execute(sql.format(file), asked)}
        return [Ref(self._community, Kind.THREAD, native) for native in sorted(natives)]

    def stale_threads(self, before: datetime, limit: int, since: datetime) -> list[Ref]:
        """Threads not read since ``before``, oldest reading first, for what no feed reports; of those without a post
        since ``since`` only where something of them waits, for the others are about to be forgotten.
        """
        with self._reading() as (db, key):
            rows: list[tuple[int, str]] = []
            for file in FILES:
                sql = f"""SELECT read_ms, native FROM {file}.threads AS t
                    WHERE community = ? AND read_ms < ? AND gone = 0 AND (coalesce(last_post_ms, created_ms) >= ?
                        OR EXISTS (SELECT 1 FROM main.items AS i
                            WHERE i.community = t.community AND i.thread = t.native AND i.active = 1))
                    ORDER BY read_ms LIMIT ?"""  # noqa: S608
                rows += db.execute(sql, (key, sure_ms(before), sure_ms(since), limit)).fetchall()
        return [Ref(self._community, Kind.THREAD, native) for _, native in sorted(rows)[:limit]]

    def said_before(self, thread: Ref, posts: Sequence[Ref], limit: int) -> SaidBefore | None:
        """What was public before this thread and each of these posts was written."""
        with self._reading() as (db, _):
            return said_before(db, thread, posts, limit)
