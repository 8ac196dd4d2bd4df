"""What the mirror knows of staff and forums, as compact arrays: a matrix of 300 × 200 is read at once."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from moderation.content import Level
from moderation.ids import Ref

CODES: tuple[Level | None, ...] = (None, *Level)
"""What a byte of :attr:`Grid.levels` means; 0: the server named no level for that forum."""
CODE = {level: code for code, level in enumerate(CODES)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Grid:
    """Forums × members, row by row (a row is a forum). ``levels`` are :data:`CODES`, ``last_ms`` when the member wrote
    last in the forum (Unix ms, 0: not as far back as the mirror reaches).
    """

    forums: tuple[Ref, ...]
    members: tuple[Ref, ...]
    levels: bytearray = field(default_factory=bytearray)
    last_ms: "array[int]" = field(default_factory=lambda: array("q"))

    @classmethod
    def empty(cls, forums: Sequence[Ref], members: Sequence[Ref]) -> "Grid":
        """One in which nothing is known yet."""
        cells = len(forums) * len(members)
        return cls(tuple(forums), tuple(members), bytearray(cells), array("q", bytes(8 * cells)))

    def level(self, forum: int, member: int) -> Level | None:
        """The level that the server named, by row and column."""
        return CODES[self.levels[forum * len(self.members) + member]]

    def last(self, forum: int, member: int) -> datetime | None:
        """When the member wrote there last, by row and column."""
        at = self.last_ms[forum * len(self.members) + member]
        return _EPOCH + timedelta(milliseconds=at) if at else None


@dataclass(frozen=True, slots=True)
class Answerer:
    """Somebody who answered others in a forum: how often since a time, and when last."""

    member: Ref
    name: str | None
    answers: int
    last_at: datetime
