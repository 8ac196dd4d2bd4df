"""Lines of many threads in columns: a hundred thousand of them are computed with in tenths of a second."""

import struct
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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


@dataclass
class Lines:
    """Threads in the order of their submission: ids and forums (native) and every number as a column."""

    threads: list[str] = field(default_factory=list)
    forums: list[str] = field(default_factory=list)
    submitted: Sequence[int] = ()
    public: Sequence[int] = ()
    touch: Sequence[int] = ()
    staff: Sequence[int] = ()
    other: Sequence[int] = ()
    solved: Sequence[int] = ()
    closed: Sequence[int] = ()
    left: Sequence[int] = ()
    waits: Sequence[int] = ()
    staff_posts: Sequence[int] = ()
    customer_posts: Sequence[int] = ()
    bits: Sequence[int] = ()

    @classmethod
    def of(cls, threads: list[str], forums: list[str], packed: Iterable[bytes]) -> "Lines":
        """Lines from what :func:`pack` gave."""
        flat = array("q")
        flat.frombytes(b"".join(packed))
        if struct.pack("=q", 1) != struct.pack("<q", 1):
            flat.byteswap()
        return cls(threads, forums, *(flat[place::WIDTH] for place in range(WIDTH)))

    def __len__(self) -> int:
        return len(self.threads)

    def line(self, place: int) -> Line:
        """One thread's numbers."""
        return Line(*(getattr(self, name)[place] for name in Line._fields))
