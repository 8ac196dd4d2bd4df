"""Ids kept in order of a time, eight bytes an entry, so that half a million of them stay cheap."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

_ID_BITS = 23
_ID_MASK = (1 << _ID_BITS) - 1


class OrderedIds:
    """A sorted set of (time in milliseconds, id). An id is at most 2^23 - 1; a pair is stored once."""

    __slots__ = ("_keys",)

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        self._keys = array("Q", sorted(at << _ID_BITS | ident for at, ident in pairs))

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, at: int, ident: int) -> None:
        """Insert in order; adding the same pair again changes nothing."""
        key = at << _ID_BITS | ident
        if not self._keys or key > self._keys[-1]:
            self._keys.append(key)
            return
        place = bisect_left(self._keys, key)
        if self._keys[place] != key:
            self._keys.insert(place, key)

    def discard(self, at: int, ident: int) -> None:
        """Remove the pair if it is there."""
        key = at << _ID_BITS | ident
        place = bisect_left(self._keys, key)
        if place < len(self._keys) and self._keys[place] == key:
            del self._keys[place]

    def oldest_first(self) -> Iterator[int]:
        """All ids, oldest first."""
        return (key & _ID_MASK for key in self._keys)

    def newest(self, start: int = 0, count: int | None = None) -> list[int]:
        """`count` ids from place `start`, newest first; without count all the rest."""
        end = len(self._keys) - start
        if end <= 0:
            return []
        begin = 0 if count is None else max(0, end - count)
        return [key & _ID_MASK for key in reversed(self._keys[begin:end])]

    def newest_since(self, at: int, start: int = 0, count: int | None = None) -> list[int]:
        """Ids with a time of `at` or later, newest first; `count` of them from place `start`."""
        later = len(self._keys) - bisect_left(self._keys, at << _ID_BITS)
        most = max(0, later - start)
        return self.newest(start, most if count is None else min(count, most))
