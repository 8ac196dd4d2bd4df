"""The order of the list: sort keys of all rows in three arrays, searched by bisection, and which rows are in it."""

import time
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from moderation.queries import DENSE, PageKey, QueueIndex, QueueRow

_PIECE = 2048


def slices(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Long work in short pieces: between two of them another thread (the window's) may go on at once."""
    for start in range(0, len(keys), _PIECE):
        if start:
            time.sleep(0)
        yield keys[start : start + _PIECE]


class Members:
    """A set of mirror keys: one bit a key while keys are dense row numbers, a Python set otherwise.

    ``bits`` are taken over as they are, see :class:`moderation.queries.QueueIndex`.
    """

    def __init__(self, keys: Iterable[int] = (), bits: bytearray | None = None) -> None:
        self._bits = bits or bytearray()
        self._sparse: set[int] = set()
        known = keys if isinstance(keys, array) else list(keys)
        self._limit = max(1 << 20, len(known) * DENSE)
        for part in () if bits else slices(known):
            for key in part:
                self.add(key)

    def add(self, key: int) -> None:
        """Put a key in."""
        if not 0 <= key < self._limit:
            self._sparse.add(key)
            return
        byte = key >> 3
        if byte >= len(self._bits):
            self._bits.extend(bytes(byte + 1 - len(self._bits) + 4096))
        self._bits[byte] |= 1 << (key & 7)

    def discard(self, key: int) -> None:
        """Take a key out."""
        if not 0 <= key < self._limit:
            self._sparse.discard(key)
        elif key >> 3 < len(self._bits):
            self._bits[key >> 3] &= ~(1 << (key & 7))

    def __contains__(self, key: int) -> bool:
        if not 0 <= key < self._limit:
            return key in self._sparse
        return key >> 3 < len(self._bits) and bool(self._bits[key >> 3] & 1 << (key & 7))


class QueueOrder:
    """Rows by priority (highest first), then time (newest first), then key (highest first).

    A row keeps the sort key with which it entered, so that it never moves under a person's hands.
    """

    def __init__(self, index: QueueIndex | None = None) -> None:
        self.index = index or QueueIndex()
        self.members = Members(self.index.keys, self.index.bits)

    @classmethod
    def of_rows(cls, rows: Iterable[QueueRow]) -> "QueueOrder":
        """The order of rows that come sorted already, as a page does."""
        index = QueueIndex()
        for row in rows:
            index.keys.append(row.key)
            index.priorities.append(row.priority)
            index.created_ms.append(row.created_ms)
        return cls(index)

    def __len__(self) -> int:
        return len(self.index.keys)

    def key(self, position: int) -> int:
        """The key of the row at this position."""
        found: int = self.index.keys[position]
        return found

    def keys(self, first: int, last: int) -> list[int]:
        """Keys of a range, the end excluded."""
        return list(self.index.keys[max(0, first) : last])

    def sort_key(self, position: int) -> PageKey:
        """The sort key with which the row at this position entered."""
        index = self.index
        return PageKey(index.priorities[position], index.created_ms[position], index.keys[position])

    def place(self, key: PageKey) -> int:
        """Where a row with this sort key stands, or would be put."""
        wanted = _rank(key)
        return bisect_left(range(len(self)), wanted, key=lambda i: _rank(self.sort_key(i)))

    def find(self, key: PageKey) -> int:
        """Position of the row that entered with this sort key, or -1."""
        position = self.place(key)
        return position if position < len(self) and self.sort_key(position) == key else -1

    def after(self, key: PageKey) -> int:
        """Where the rows begin that stand behind a row with this sort key."""
        position = self.place(key)
        return position + (position < len(self) and self.sort_key(position) == key)

    def with_rows(self, rows: Iterable[PageKey]) -> "QueueOrder":
        """This order with others among it, each at its place; the members are the same set, with theirs."""
        made, here = QueueOrder(), 0
        for row in sorted(rows, key=_rank):
            place = self.place(row)
            _extend(made.index, self.index, here, place)
            made.index.keys.append(row.key)
            made.index.priorities.append(row.priority)
            made.index.created_ms.append(row.created_ms)
            self.members.add(row.key)
            here = place
        _extend(made.index, self.index, here, len(self))
        made.members = self.members
        return made

    def cut(self, length: int) -> None:
        """Only so many rows stay."""
        for column in _columns(self.index):
            del column[length:]

    def lend(self, other: "QueueOrder", last: int) -> None:
        """Put copies of another order's last rows at the end; membership is for the caller to keep."""
        for mine, theirs in zip(_columns(self.index), _columns(other.index), strict=True):
            mine.extend(theirs[len(theirs) - last :])

    def take_head(self, other: "QueueOrder", rows: int, begin: int) -> None:
        """The first rows of another order stand before what begins here at ``begin``; membership likewise."""
        for mine, theirs in zip(_columns(self.index), _columns(other.index), strict=True):
            mine[:begin] = theirs[:rows]

    def insert(self, key: PageKey) -> int:
        """Put a row in and give its position."""
        position = self.place(key)
        self.index.priorities.insert(position, key.priority)
        self.index.created_ms.insert(position, key.created_ms)
        self.index.keys.insert(position, key.key)
        self.members.add(key.key)
        return position

    def remove(self, position: int) -> None:
        """Take the row at this position out."""
        self.members.discard(self.key(position))
        for column in (self.index.keys, self.index.priorities, self.index.created_ms):
            del column[position]

    def __contains__(self, key: int) -> bool:
        return key in self.members


def ranks_before(one: PageKey, other: PageKey) -> bool:
    """True when the first row stands above the second."""
    return _rank(one) < _rank(other)


def _columns(index: QueueIndex) -> "tuple[array[Any], ...]":
    return index.keys, index.priorities, index.created_ms


def _extend(made: QueueIndex, index: QueueIndex, first: int, last: int) -> None:
    for mine, theirs in zip(_columns(made), _columns(index), strict=True):
        mine.extend(theirs[first:last])


def _rank(key: PageKey) -> tuple[float, int, int]:
    """Ascending form of the order."""
    return (-key.priority, -key.created_ms, -key.key)
