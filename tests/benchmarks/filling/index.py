"""The full text in bulk: grams made by several processes, written in rising order in large commits.

What stands in the index afterwards is what the engine's feeder would have put there: the same function makes the
documents.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from multiprocessing.pool import AsyncResult, Pool

from sync.mirror.folding import plain
from sync.mirror.keys import FIRST
from sync.mirror.writing.indexing import document
from sync.vault import Connection, StoreFile, Vault
from tests.benchmarks.filling.content import bulk

_SLICE = 4_000
_END = 1 << 62
_COMMIT = 5
_AHEAD = 8
_HASH_BYTES = 64 << 20
_USUAL_HASH_BYTES = 1 << 20

Text = tuple[int, str]


def fill_index(vault: Vault) -> None:
    """Index every item, post and title of both files; nothing waits any more."""
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for store in (StoreFile.MIRROR, StoreFile.PRIVATE):
            file = bulk(vault, store)
            file.execute("INSERT INTO grams(grams, rank) VALUES('hashsize', ?)", (_HASH_BYTES,))
            _write(file, _made(pool, _slices(file)))
            file.execute("INSERT INTO grams(grams, rank) VALUES('hashsize', ?)", (_USUAL_HASH_BYTES,))
            file.execute("DELETE FROM index_queue")
            file.execute("PRAGMA journal_mode = WAL")
            file.close()


def _slices(file: Connection) -> Iterator[list[Text]]:
    """Texts of items, threads and posts by rising row number; a slice holds some thousand of them."""
    items = file.execute("SELECT key, hay FROM item_hay ORDER BY key").fetchall()
    yield from (items[start : start + _SLICE] for start in range(0, len(items), _SLICE))
    keys = [row[0] for row in file.execute("SELECT key FROM posts ORDER BY key")]
    for begin, end in pairwise([FIRST, *keys[_SLICE::_SLICE], _END]):
        posts = file.execute("SELECT key, body_html FROM posts WHERE key >= ? AND key < ?", (begin, end)).fetchall()
        threads = file.execute("SELECT key, title FROM threads WHERE key >= ? AND key < ?", (begin, end)).fetchall()
        yield sorted([*((key, plain(None, html)) for key, html in posts), *threads])


def _made(pool: Pool, slices: Iterator[list[Text]]) -> Iterator[list[Text]]:
    """Documents in the same order, a few slices ahead of whoever writes them."""
    waiting: deque[AsyncResult[list[Text]]] = deque()
    for texts in slices:
        waiting.append(pool.apply_async(_documents, (texts,)))
        if len(waiting) > _AHEAD:
            yield waiting.popleft().get()
    while waiting:
        yield waiting.popleft().get()


def _documents(texts: list[Text]) -> list[Text]:
    return [(key, document(text)) for key, text in texts]


def _write(file: Connection, slices: Iterator[list[Text]]) -> None:
    file.execute("BEGIN")
    for number, rows in enumerate(slices, 1):
        file.executemany("INSERT INTO grams(rowid, text) VALUES (?, ?)", rows)
        if number % _COMMIT == 0:
            file.execute("COMMIT")
            file.execute("BEGIN")
    file.execute("COMMIT")
