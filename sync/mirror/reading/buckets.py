"""Which buckets of the count table a query is about, and how its rows are best found in order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from moderation.items import PENDING_STATES, ItemState
from moderation.queries import QueueQuery
from sync.mirror import hot
from sync.vault import Connection

_PENDING = frozenset(state.value for state in PENDING_STATES)


class Bucket(NamedTuple):
    """One combination and how many items the mirror has of it; ``forum`` and ``assignee`` are ids or ``None``."""

    key: int
    community: str
    forum: str | None
    kind: str
    state: str
    assignee: str | None
    n: int

    @property
    def active(self) -> int:
        """1 when the state waits for somebody; the leading column of the order index."""
        return int(self.state in _PENDING)


@dataclass(slots=True)
class Buckets:
    """All buckets as of one snapshot, and the pending intents counted in.

    ``moved`` are (bucket of the row, effective state), one for each item with a state laid over it.
    """

    all: dict[int, Bucket] = field(default_factory=dict)
    moved: list[tuple[str, int]] = field(default_factory=list)

    @classmethod
    def read(cls, db: Connection, overlay_is_empty: bool) -> "Buckets":
        """Read them; cheap: there are at most some thousands."""
        found = {}
        for key, community, forum, kind, state, assignee, n in db.execute(hot.BUCKETS):
            place = f"{community}:forum:{forum}" if forum else None
            person = f"{community}:member:{assignee}" if assignee else None
            found[key] = Bucket(key, community, place, kind, state, person, n)
        moved = [] if overlay_is_empty else [(row[0], row[1]) for row in db.execute(hot.LAID_PLACES)]
        return cls(found, moved)

    def matching(self, query: QueueQuery, *, any_state: bool = False) -> list[Bucket]:
        """Buckets that fit; with ``any_state`` whatever their state: for rows whose state is laid over."""
        states = frozenset(ItemState) if any_state else frozenset(query.states)
        return [bucket for bucket in self.all.values() if _fits(bucket, query, states)]

    def count(self, query: QueueQuery) -> int:
        """Exactly how many items a query without text contains."""
        total = sum(bucket.n for bucket in self.matching(query))
        if not self.moved:
            return total
        wanted = frozenset(query.states)
        for effective, key in self.moved:
            bucket = self.all[key]
            if _fits(bucket, query, wanted):
                total -= 1
            if effective in wanted and _fits(bucket, query, frozenset((bucket.state,))):
                total += 1
        return total

    def sums(self, states: Iterable[str], column: str, communities: tuple[str, ...]) -> dict[str, int]:
        """Items in these effective states by ``community``, ``forum`` or ``state``, zeros left out."""
        wanted = frozenset(states)
        totals: dict[str, int] = {}
        for bucket in self.all.values():
            if bucket.state in wanted and bucket.n:
                _add(totals, bucket, column, bucket.n, communities)
        for effective, key in self.moved:
            bucket = self.all[key]
            if bucket.state in wanted:
                _add(totals, bucket, column, -1, communities)
            if effective in wanted:
                _add(totals, bucket._replace(state=effective), column, 1, communities)
        return {name: n for name, n in totals.items() if n}


def _add(totals: dict[str, int], bucket: Bucket, column: str, n: int, communities: tuple[str, ...]) -> None:
    name = getattr(bucket, column)
    if name is not None and (not communities or bucket.community in communities):
        totals[name] = totals.get(name, 0) + n


def _fits(bucket: Bucket, query: QueueQuery, states: frozenset[str]) -> bool:
    return (
        bucket.state in states
        and (not query.communities or bucket.community in query.communities)
        and (not query.forums or bucket.forum in query.forums)
        and (not query.kinds or bucket.kind in query.kinds)
        and (not query.assignees or bucket.assignee in query.assignees)
    )
