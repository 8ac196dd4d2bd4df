"""Start sequences of requests: numbers that only grow, over restarts too."""

from sync.vault import Connection

_BLOCK = 1000


class Sequences:
    """Gives numbers out of blocks that are reserved on the disk before use; the caller holds a lock.

    After a crash the rest of a block is skipped. ``given`` is the number that comes next at the earliest.
    """

    def __init__(self, main: Connection, given: int = 0) -> None:
        self._main = main
        self.given = given
        self._end = given

    def next(self) -> int:
        """A number greater than any given before."""
        if self.given >= self._end:
            self._reserve()
        self.given += 1
        return self.given - 1

    def _reserve(self) -> None:
        sql = "UPDATE meta SET value = max(value, ?) + ? WHERE name = 'next_seq' RETURNING value"
        end = int(self._main.execute(sql, (self.given, _BLOCK)).fetchone()[0])
        self.given, self._end = end - _BLOCK, end
