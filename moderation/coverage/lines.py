"""Lines of many threads in columns: a hundred thousand of them are computed with in tenths of a second."""

import struct
from array import array
from dataclasses import dataclass, field
from typing import TypeAlias

from moderation.coverage.deriving import Line
from moderation.coverage.staff import Crew

WIDTH = len(Line._fields)
_PACK = struct.Struct(f"<{WIDTH}q")
FORM = "1"
"""Changes when a line means something else: what was packed before is then worth nothing."""


def pack(line: Line) -> bytes:
    """A line as bytes, eight a number, little end first."""
    return _PACK.pack(*line)


def stamp_of(crew: Crew) -> str:
    """What lines are stamped with: the staff they were computed for, and the form of a line."""
    return f"{FORM}.{crew.stamp}"


def unpack(packed: bytes) -> Line:
    """The line again."""
    return Line(*_PACK.unpack(packed))


Column: TypeAlias = "array[int]"


def _column() -> Column:
    return array("q")


@dataclass
class Lines:
    """Threads in the order of their submission: ids and forums (native) and every number as a column."""

    threads: list[str] = field(default_factory=list)
    forums: list[str] = field(default_factory=list)
    submitted: Column = field(default_factory=_column)
    public: Column = field(default_factory=_column)
    touch: Column = field(default_factory=_column)
    staff: Column = field(default_factory=_column)
    other: Column = field(default_factory=_column)
    solved: Column = field(default_factory=_column)
    closed: Column = field(default_factory=_column)
    left: Column = field(default_factory=_column)
    waits: Column = field(default_factory=_column)
    staff_posts: Column = field(default_factory=_column)
    customer_posts: Column = field(default_factory=_column)
    bits: Column = field(default_factory=_column)

    @classmethod
    def of(cls, threads: list[str], forums: list[str], packed: bytes) -> "Lines":
        """Lines from what :func:`pack` gave for each, one behind the other."""
        flat = array("q")
        flat.frombytes(packed)
        if struct.pack("=q", 1) != struct.pack("<q", 1):
            flat.byteswap()
        return cls(threads, forums, *(flat[place::WIDTH] for place in range(WIDTH)))

    def __len__(self) -> int:
        return len(self.threads)

    def put(self, place: int, line: Line) -> None:
        """Replace one thread's numbers; it was submitted when it was."""
        for name, value in zip(Line._fields, line, strict=True):
            getattr(self, name)[place] = value

    def line(self, place: int) -> Line:
        """One thread's numbers."""
        return Line(*(getattr(self, name)[place] for name in Line._fields))
