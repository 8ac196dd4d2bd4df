"""A mirror with its writer, its reader and its indexer, for all tests of it."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from moderation.changes import ChangeRecord
from moderation.ids import Ref
from sync.mirror import Indexer, MirrorKnown, MirrorReader, MirrorWriter
from sync.vault import StoreFile, Vault
from tests import factory
from tests.factory import HERE

KEY = bytes(range(32))
RARE = "ωωω"
"""A word whose only gram begins as no other does, so that it can be recognised in the index's pages."""
BYTES_OF_TEXT = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


class Mirror:
    """Both sides of a mirror; forum 1 is public, forum 2 private, member 9 is signed in."""

    def __init__(self, home: Path) -> None:
        self.vault = Vault(home, KEY)
        self.erased: list[Ref] = []
        self.now_ms = 1_772_366_400_000
        self.writer = MirrorWriter(self.vault, forgotten=self.erased.extend, now_ms=lambda: self.now_ms)
        self.reader = MirrorReader(self.vault)
        self.indexer = Indexer(self.vault)
        self.known = MirrorKnown(self.vault, HERE)
        self.seq = 0
        self.writer.put_community(factory.community())
        self.tell(forums=[factory.forum(1), factory.forum(2, private=True)])

    def tell(self, seq: int | None = None, **rows: Iterable[Any]) -> list[ChangeRecord]:
        """One server answer, of the next request unless another sequence is named."""
        self.seq = seq if seq is not None else self.seq + 1
        return self.writer.apply(factory.batch(self.seq, None, **rows), HERE)

    def index(self) -> None:
        """Feed the full text until nothing waits."""
        while self.indexer.feed(50):
            pass

    def everything_in(self, store: StoreFile) -> str:
        """All values of all tables of a file, decrypted: what somebody with the key could find there."""
        connection = self.vault.connect(store)
        tables = [row[0] for row in connection.execute(BYTES_OF_TEXT)]
        values = [
            value.decode(errors="replace") if isinstance(value, bytes) else str(value)
            for table in tables
            if table != "grams"
            for row in connection.execute(f"SELECT * FROM {table}")
            for value in row
        ]
        connection.close()
        return "\n".join(values)

    def grams_hold(self, store: StoreFile) -> bool:
        """True when the pages of a full text hold a gram of :data:`RARE`, deleted or not (it is not compressed)."""
        connection = self.vault.connect(store)
        blocks = [bytes(row[0]) for row in connection.execute("SELECT block FROM grams_data")]
        connection.close()
        return any(RARE.encode()[1:] in block for block in blocks)

    def close(self) -> None:
        """Close everything."""
        for each in (self.writer, self.reader, self.indexer, self.known):
            each.close()


@contextmanager
def a_mirror() -> Iterator[Mirror]:
    """One for a property test, which cannot use fixtures for each example."""
    with tempfile.TemporaryDirectory() as folder:
        mirror = Mirror(Path(folder) / "home")
        try:
            yield mirror
        finally:
            mirror.close()
