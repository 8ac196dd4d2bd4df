"""Versions of items: what a person saw, so that a later reading shows what is new.

Opaque outside of this package: the server's own version, the newest history entry, the newest complaint, who claims it,
and the version of the post under review.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moderation.items import HistoryEntry

_SHAPE = re.compile(r"d(\d+)\.h(\d+)\.s(\d+)\.c(\d*)\.p(\d+)")


@dataclass(frozen=True, slots=True)
class ReviewVersion:
    """A version taken apart."""

    version: int
    history: int = 0
    score: int = 0
    claimed: str = ""
    post: int = 0

    def __str__(self) -> str:
        return f"d{self.version}.h{self.history}.s{self.score}.c{self.claimed}.p{self.post}"

    @classmethod
    def parse(cls, text: str) -> "ReviewVersion | None":
        """Read a version; ``None`` for text that is none."""
        found = _SHAPE.fullmatch(text)
        if found is None:
            return None
        version, history, score, claimed, post = found.groups()
        return cls(int(version), int(history), int(score), claimed, int(post))


def entries_after(seen: ReviewVersion | None, history: Sequence[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    """Entries that the person cannot have seen."""
    if seen is None:
        return ()
    last = {"h": seen.history, "s": seen.score}
    return tuple(entry for entry in history if number_of(entry.key) > last.get(entry.key[:1], 0))


def number_of(key: str) -> int:
    """The server's id in an entry's key (``h2201``, ``s1501``)."""
    return int(key[1:]) if key[1:].isdigit() else 0


def newest(kind: str, history: Iterable[HistoryEntry]) -> int:
    """The newest id of a kind of entry, 0 without any."""
    return max((number_of(entry.key) for entry in history if entry.key.startswith(kind)), default=0)
