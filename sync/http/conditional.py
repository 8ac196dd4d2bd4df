"""Answers remembered for conditional GET, within a bound."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kept:
    """A remembered answer."""

    etag: str
    body: bytes = field(repr=False)
    content_type: str


class Remembered:
    """ETag and body by account and URL; the least recently used go first. Safe to use from several threads.

    A body larger than an eighth of the bound is not kept. Everything stays in memory: bodies may be private.
    """

    def __init__(self, most_bytes: int = 16_000_000, most_entries: int = 400) -> None:
        self._most_bytes = most_bytes
        self._most_entries = most_entries
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, account: str, url: str) -> Kept | None:
        """The last answer, if it is still kept."""
        with self._lock:
            found = self._kept.get((account, url))
            if found is not None:
                self._kept.move_to_end((account, url))
            return found

    def put(self, account: str, url: str, answer: Kept) -> None:
        """Remember an answer."""
        key = (account, url)
        with self._lock:
            self._drop(key)
            if len(answer.body) > self._most_bytes // 8:
                return
            self._kept[key] = answer
            self._bytes += len(answer.body)
            while self._bytes > self._most_bytes or len(self._kept) > self._most_entries:
                self._drop(next(iter(self._kept)))

    def forget(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def _drop(self, key: tuple[str, str]) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._bytes -= len(gone.body)
