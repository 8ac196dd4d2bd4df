"""Pending intents laid over mirror rows: what an item looks like while a decision about it is on its way."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from moderation.intents import IntentState
from moderation.ports import PUT_OFF, Pending
from sync.mirror import hot
from sync.mirror.codec import encode
from sync.vault import Connection

_S = IntentState
_RANK = {_S.CONFLICT: 3, _S.REFUSED: 2, _S.IN_DOUBT: 1}
_NOT_ON_ITS_WAY = {*_RANK, _S.CANCELLED}


@dataclass(frozen=True, slots=True)
class Laid:
    """What lies over one item: ``effective`` replaces its state (``None``: it stays), ``shown`` stands on the row."""

    effective: str | None
    shown: Pending


def lay(pending: Iterable[Pending]) -> dict[str, Laid]:
    """By item id. Intents count in the order of their ids: the newest that is on its way sets the state.

    One in doubt, in conflict or refused sets none and takes back what came before it; steps that are blocked behind it
    change nothing. The gravest is shown, else what sets a state before what follows it, else the newest. What was put
    off is so until something is decided about it.
    """
    items: dict[str, Laid] = {}
    troubled: set[str] = set()
    for each in sorted(pending, key=lambda pending: (pending.action != PUT_OFF, pending.intent)):
        before = items.get(each.item)
        effective = before.effective if before else None
        if each.state in _NOT_ON_ITS_WAY:
            effective = None if each.state in _RANK else effective
            troubled.add(each.item)
        elif each.effective is not None and not (each.state is _S.BLOCKED and each.item in troubled):
            effective = each.effective
        shown = each if before is None or _weight(each) >= _weight(before.shown) else before.shown
        items[each.item] = Laid(effective, shown)
    return items


def _weight(pending: Pending) -> tuple[int, bool]:
    """Who is shown of two: a message to the author behind a decision never stands before the decision."""
    return _RANK.get(pending.state, 0), pending.effective is not None


@dataclass(slots=True)
class Overlay:
    """The set that every query of one connection takes into account; it belongs to that connection."""

    laid: dict[str, Laid] = field(default_factory=dict)
    unknown: bool = False
    _keys: dict[str, int] = field(default_factory=dict)
    _written: dict[int, str] = field(default_factory=dict)

    @property
    def moved(self) -> int:
        """How many items have another state than the mirror says."""
        return len(self._written)

    def replace(self, db: Connection, laid: dict[str, Laid]) -> None:
        """Take another set; only what differs is written, because this happens at every decision."""
        self.laid = laid
        self.write(db)

    def write(self, db: Connection) -> None:
        """Bring the connection's TEMP table up to date; items that are not in the mirror yet are tried again later."""
        wanted = {item: each.effective for item, each in self.laid.items() if each.effective is not None}
        known = self._keys
        self._keys = {item: known[item] for item in wanted if item in known}
        self._keys |= keys_of(db, [item for item in wanted if item not in known])
        rows = {key: wanted[item] for item, key in self._keys.items()}
        gone = [(key,) for key in self._written if key not in rows]
        new = [(key, state) for key, state in rows.items() if self._written.get(key) != state]
        db.executemany("DELETE FROM temp.laid WHERE item = ?", gone)
        db.executemany("INSERT OR REPLACE INTO temp.laid VALUES (?, ?)", new)
        self._written = rows
        self.unknown = len(rows) < len(wanted)


def keys_of(db: Connection, ids: list[str]) -> dict[str, int]:
    """Row numbers of items by id, in the order asked, unknown ones left out."""
    parts = [item.split(":", 2) for item in ids if item.count(":") >= 2]
    return dict(db.execute(hot.KEYS_BY_ID, (encode(parts).decode(),)).fetchall())
