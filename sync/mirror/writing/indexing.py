"""The full text's entries, from the writer's side: new text waits in a queue, text that is gone leaves at once.

What stands in ``grams`` under a row number is exactly the row's text, unless the number waits in ``index_queue``: then
nothing stands there. Taking a text out marks its grams as deleted, so that nothing finds them any more; they leave the
file when the index is next rewritten (:mod:`sync.mirror.purging`). Taking them out of the file at once (FTS5's
``secure-delete``) costs a tenth of a second for each text at 800,000 texts [m], and a thread may have thousands.
"""

from sync.mirror.folding import as_document, fold, grams
from sync.vault import Connection


def await_index(file: Connection, key: int, stamp: int) -> None:
    """New text: the engine indexes it after it is visible."""
    file.execute("INSERT INTO index_queue(key, stamp) VALUES (?, ?)", (key, stamp))


def drop(file: Connection, key: int, old_text: str) -> None:
    """Erased text leaves the index in this transaction."""
    if file.execute("DELETE FROM index_queue WHERE key = ? RETURNING key", (key,)).fetchone() is None:
        unindex(file, key, old_text)


def unindex(file: Connection, key: int, old_text: str) -> None:
    """Take a row's entries out of the index."""
    if entry := document(old_text):
        file.execute("INSERT INTO grams(grams, rowid, text) VALUES('delete', ?, ?)", (key, entry))
        file.execute("INSERT OR IGNORE INTO meta VALUES ('purge_due', 'soon')")


def urge(file: Connection) -> None:
    """Somebody asked for erasure: the index is rewritten without waiting for the day to pass."""
    file.execute("INSERT OR REPLACE INTO meta VALUES ('purge_due', 'now')")


def document(text: str) -> str:
    """What stands in the index for a text; empty for a text without words."""
    return as_document(grams(fold(text)))
