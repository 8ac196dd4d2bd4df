"""Remembering what the person has had before their eyes, without making the window wait for the disk."""

import logging
import queue
import threading

from moderation.errors import StoreError
from sync.vault import StoreFile, Vault, translated

log = logging.getLogger(__name__)
_BATCH = 200


class SeenWriter:
    """Writes marks on a thread of its own, which starts with the first mark and ends with :meth:`close`.

    A mark is this machine's own and not a server answer; one that cannot be written is lost, and said so in the log.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._marks: queue.Queue[tuple[str, int] | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def add(self, item: str, at_ms: int) -> None:
        """Remember a mark; returns at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="seen", daemon=True)
            self._thread.start()
        self._marks.put((item, at_ms))

    def close(self) -> None:
        """Write what is left and end the thread."""
        if self._thread is not None:
            self._marks.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        more = True
        while more:
            marks, more = self._gathered()
            try:
                self._write(marks)
            except StoreError as error:
                log.warning("seen marks not kept: %s", error.code)

    def _gathered(self) -> tuple[list[tuple[str, int]], bool]:
        """Marks that wait, at least one; false with them when it is time to end."""
        marks: list[tuple[str, int]] = []
        mark = self._marks.get()
        while mark is not None:
            marks.append(mark)
            if self._marks.empty() or len(marks) == _BATCH:
                return marks, True
            mark = self._marks.get()
        return marks, False

    def _write(self, marks: list[tuple[str, int]]) -> None:
        if not marks:
            return
        connection = self._vault.connect(StoreFile.MIRROR)
        try:
            with translated(StoreFile.MIRROR, self._vault.path(StoreFile.MIRROR)):
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", marks)
                connection.execute("COMMIT")
        finally:
            connection.close()
