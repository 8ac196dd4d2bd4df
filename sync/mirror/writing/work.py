"""What one writing transaction carries: connections, what changed, what is to be counted and weighed again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from moderation.changes import ChangeRecord, Table, coalesce
from moderation.content import Forum, Member
from moderation.ids import Kind, Ref
from moderation.items import Item
from moderation.queries import Level
from sync.mirror.codec import decode_forum, decode_member, encode
from sync.mirror.writing.tally import Tally
from sync.vault import Connection


class Weighed(Protocol):
    """A priority, as :func:`moderation.priority.prioritise` gives it."""

    @property
    def score(self) -> float:
        """Orders the queue, highest first; kept to three decimals."""

    @property
    def level(self) -> Level:
        """Its shape."""

    @property
    def why(self) -> tuple[str, ...]:
        """Codes that explain it."""

    @property
    def reason(self) -> str:
        """What was complained about, in one line."""


Prioritise = Callable[[Item, Member | None, Forum | None], Weighed]
_TABLES = {
    Kind.FORUM: Table.FORUM,
    Kind.THREAD: Table.THREAD,
    Kind.POST: Table.POST,
    Kind.MEMBER: Table.MEMBER,
    Kind.FLAG: Table.ITEM,
    Kind.HELD: Table.ITEM,
    Kind.REVIEW: Table.ITEM,
}


@dataclass(slots=True)
class Work:
    """One transaction over both files. ``key`` is the community's row number, ``stamp`` grows with every transaction.

    ``later`` are deletions in the private file that wait until the main file is committed: a row that becomes public
    must never be in neither file. ``moving`` names rows of the private file that may be in both until then, or
    belong to an item that the main file may not get.
    """

    main: Connection
    private: Connection
    community: str
    key: int
    now_ms: int
    stamp: int
    prioritise: Prioritise
    tally: Tally
    changed: dict[Table, dict[str, None]] = field(default_factory=dict)
    authors: set[str] = field(default_factory=set)
    forums: set[str] = field(default_factory=set)
    weighed: set[int] = field(default_factory=set)
    gone: list[Ref] = field(default_factory=list)
    later: list[tuple[str, int, str]] = field(default_factory=list)
    moving: list[tuple[str, int]] = field(default_factory=list)
    _forums: dict[str, Forum | None] = field(default_factory=dict)
    _members: dict[str, Member | None] = field(default_factory=dict)

    def side(self, private: bool) -> Connection:
        """The file for private or public text."""
        return self.private if private else self.main

    def changes(self, kind: Kind, native: str) -> None:
        """Remember that this thing changed."""
        self.changed.setdefault(_TABLES[kind], {})[f"{self.community}:{kind.value}:{native}"] = None

    def records(self) -> list[ChangeRecord]:
        """What changed, coalesced."""
        return coalesce([ChangeRecord(table, tuple(ids)) for table, ids in self.changed.items()])

    def forum(self, native: str | None) -> Forum | None:
        """A known forum."""
        if native is None:
            return None
        if native not in self._forums:
            sql = "SELECT data FROM forums WHERE community = ? AND native = ? AND gone = 0"
            row = self.main.execute(sql, (self.key, native)).fetchone()
            self._forums[native] = decode_forum(row[0]) if row and row[0] else None
        return self._forums[native]

    def is_private(self, forum: str | None) -> bool:
        """True unless an anonymous visitor is known to see this forum."""
        known = self.forum(forum)
        return known is None or known.private is not False

    def member(self, native: str | None) -> Member | None:
        """A known member."""
        if native is None:
            return None
        if native not in self._members:
            self.load_members([native])
        return self._members[native]

    def load_members(self, natives: Iterable[str]) -> None:
        """Read several members at once, so that :meth:`member` need not."""
        missing = [native for native in natives if native not in self._members]
        self._members.update(dict.fromkeys(missing))
        sql = """SELECT native, data FROM members
            WHERE community = ? AND gone = 0 AND native IN (SELECT value FROM json_each(?))"""
        for native, data in self.main.execute(sql, (self.key, as_json(missing))):
            self._members[native] = decode_member(data)

    def leave_private(self, table: str, key: int, text: str = "") -> None:
        """A row of the private file goes as soon as the main file has it; ``text`` is what the index holds of it."""
        self.later.append((table, key, text))
        self.moving.append((table, key))

    def forget_cached(self, *, forum: str | None = None, member: str | None = None) -> None:
        """A forum or member was written: read it again when it is asked for."""
        if forum is not None:
            self._forums.pop(forum, None)
        if member is not None:
            self._members.pop(member, None)


def as_json(values: Sequence[str | int]) -> str:
    """Values as a JSON array, for ``IN (SELECT value FROM json_each(?))``."""
    return encode(values).decode()
