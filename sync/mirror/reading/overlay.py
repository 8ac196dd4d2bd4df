"""Pending intents laid over mirror rows: what an item looks like while a decision about it is on its way."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from moderation.intents import IntentState
from moderation.ports import Pending
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
    change nothing. The gravest is shown, else the newest.
    """
    items: dict[str, Laid] = {}
    troubled: set[str] = set()
    for each in sorted(pending, key=lambda pending: pending.intent):
        before = items.get(each.item)
        effective = before.effective if before else None
        if each.state in _NOT_ON_ITS_WAY:
            effective = None if each.state in _RANK else effective
            troubled.add(each.item)
        elif each.effective is not None and not (each.state is _S.BLOCKED and each.item in troubled):
            effective = each.effective
        graver = before is None or _RANK.get(each.state, 0) >= _RANK.get(before.shown.state, 0)
        items[each.item] = Laid(effective, each if graver or before is None else before.shown)
    return items


@dataclass(slots=True)
class Overlay:
    """The set that every query of one connection takes into account. ``moved`` counts items with another state."""

    laid: dict[str, Laid] = field(default_factory=dict)
    moved: int = 0
    unknown: bool = False

    def write(self, db: Connection) -> None:
        """Put it into the connection's TEMP table; items that are not in the mirror yet are tried again later."""
        wanted = {item: each.effective for item, each in self.laid.items() if each.effective is not None}
        keys = keys_of(db, list(wanted))
        db.execute("DELETE FROM temp.laid")
        rows = [(key, wanted[item]) for item, key in keys.items()]
        db.executemany("INSERT INTO temp.laid VALUES (?, ?)", rows)
        self.moved = len(rows)
        self.unknown = len(rows) < len(wanted)


def keys_of(db: Connection, ids: list[str]) -> dict[str, int]:
    """Row numbers of items by id, in the order asked, unknown ones left out."""
    parts = [item.split(":", 2) for item in ids if item.count(":") >= 2]
    return dict(db.execute(hot.KEYS_BY_ID, (encode(parts).decode(),)).fetchall())
