"""Row numbers that follow time: newest first is the natural order of threads, posts and the full text.

``milliseconds since 1970 << 20 | thread bit << 19 | 19 bits`` that tell rows of one millisecond apart.
"""

import zlib
from collections.abc import Callable

_SHIFT = 20
_THREAD_BIT = 1 << 19
_MASK = _THREAD_BIT - 1
FIRST = 1 << 40
"""Row numbers of threads and posts are not smaller (what is older than 18 minutes of the year 1970 counts as that)."""
_LATEST_MS = (1 << 43) - 1
"""SQLite has 63 bits: what is later than the year 2248 (a thread planned for 2999) counts as that."""


def time_key(created_ms: int, community: int, native: str, *, thread: bool, taken: Callable[[int], bool]) -> int:
    """A free row number for a thread or post; ``taken`` tells whether a number is in use."""
    base = (min(max(created_ms, FIRST >> _SHIFT), _LATEST_MS) << _SHIFT) | (_THREAD_BIT if thread else 0)
    start = zlib.crc32(f"{community}:{native}".encode()) & _MASK
    key = base | start
    step = 0
    while taken(key):
        step += 1
        key = base | ((start + step) & _MASK)
    return key


def is_item(key: int) -> bool:
    """True for the row number of an item: they count up from 1."""
    return key < FIRST


def is_thread(key: int) -> bool:
    """True for the row number of a thread, false for that of a post."""
    return bool(key & _THREAD_BIT)
