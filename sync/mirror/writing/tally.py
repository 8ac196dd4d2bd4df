"""The count table: items are counted by (community, forum, kind, state, assignee), in the transaction that writes them.

Each such combination is a bucket with a number; an item carries the number of its bucket, so a queue's rows are found
bucket by bucket, in order, and its count is the sum of its buckets.
"""

from dataclasses import dataclass, field

from sync.vault import Connection

Combination = tuple[int, str, str, str, str]
"""Community, forum (or ``""``), kind, state, assignee (or ``""``)."""


@dataclass(slots=True)
class Tally:
    """Numbers of buckets, kept between transactions, and what this transaction adds to each."""

    _keys: dict[Combination, int] = field(default_factory=dict)
    _added: dict[int, int] = field(default_factory=dict)

    def bucket(self, main: Connection, combination: Combination) -> int:
        """The number of a combination; it is made where there is none."""
        key = self._keys.get(combination)
        if key is None:
            key = self._keys[combination] = _find_or_make(main, combination)
        return key

    def move(self, old: int | None, new: int | None) -> None:
        """An item left one bucket (``None``: it is new) and entered another (``None``: it is deleted)."""
        if old == new:
            return
        if old is not None:
            self._added[old] = self._added.get(old, 0) - 1
        if new is not None:
            self._added[new] = self._added.get(new, 0) + 1

    def write(self, main: Connection) -> None:
        """Put the sums into the table."""
        changed = [(added, key) for key, added in self._added.items() if added]
        main.executemany("UPDATE buckets SET n = n + ? WHERE key = ?", changed)
        self._added.clear()

    def forget(self) -> None:
        """The transaction was rolled back: nothing of it counts."""
        self._keys.clear()
        self._added.clear()


def _find_or_make(main: Connection, combination: Combination) -> int:
    where = "community = ? AND forum = ? AND kind = ? AND state = ? AND assignee = ?"
    found = main.execute(f"SELECT key FROM buckets WHERE {where}", combination).fetchone()  # noqa: S608 - a constant
    if found:
        return int(found[0])
    made = main.execute(
        "INSERT INTO buckets(community, forum, kind, state, assignee, n) VALUES (?, ?, ?, ?, ?, 0) RETURNING key",
        combination,
    ).fetchone()
    return int(made[0])
