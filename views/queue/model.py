"""The item model of the queue: an order of keys, and the rows that have been read so far."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from moderation.queries import PageKey, QueueRow
from views.queue.order import QueueOrder, ranks_before

ROW = Qt.ItemDataRole.UserRole
_KEPT = 3000
NEAR = 200
"""Rows behind the view that stay when the order below it is replaced."""
_ONE_BY_ONE = 4
Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractTableModel):
    """One column. ``data`` reads nothing: a row that is not here yet is ``None``, and ``wanted`` asks for it.

    Exact ranges are announced; a reset happens only in :meth:`start`, when the filter changes.
    """

    wanted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.order = QueueOrder()
        self._rows: OrderedDict[int, QueueRow] = OrderedDict()
        self._entered: dict[int, PageKey] = {}
        self.left: set[int] = set()
        self.tip: Callable[[QueueRow], str] = lambda row: row.excerpt
        self.describe: Callable[[QueueRow], str] = lambda row: row.excerpt

    # -- Qt's side -------------------------------------------------------------------------------------------------
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Rows of the list."""
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Always one."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row (role ``ROW``), or its words for people who cannot see it."""
        position = index.row()
        if not 0 <= position < len(self.order):
            return None
        if role == ROW:
            return self.row(position)
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            row = self._rows.get(self.order.key(position))
            return self.describe(row) if row is not None else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            row = self._rows.get(self.order.key(position))
            return self.tip(row) if row is not None else None
        return None

    # -- reading ---------------------------------------------------------------------------------------------------
    def row(self, position: int) -> QueueRow | None:
        """The row at a position, or ``None`` while it is not here; then it is asked for."""
        found = self._rows.get(self.order.key(position))
        if found is None:
            self.wanted.emit(position)
        return found

    def peek(self, position: int) -> QueueRow | None:
        """The row at a position if it is here; asks for nothing."""
        return self._rows.get(self.order.key(position)) if 0 <= position < len(self.order) else None

    def known(self, key: int) -> QueueRow | None:
        """A row by key if it is here."""
        return self._rows.get(key)

    def known_ids(self) -> dict[str, int]:
        """Keys of the rows that are here, by the id of their item."""
        return {row.id: key for key, row in self._rows.items()}

    def position(self, key: int) -> int:
        """Where the row with this key stands, -1 if it is not in the list or has never been here."""
        entered = self._entered.get(key)
        return self.order.find(entered) if entered is not None and key in self.order else -1

    def ask(self, first: int, last: int) -> list[int]:
        """Keys between two positions (the end excluded) whose rows are not here; they can be put from now on."""
        missing = []
        for position in range(max(0, first), min(last, len(self.order))):
            entered = self.order.sort_key(position)
            if entered.key not in self._rows:
                self._entered[entered.key] = entered
                missing.append(entered.key)
        return missing

    # -- changing --------------------------------------------------------------------------------------------------
    def start(self, order: QueueOrder, rows: Iterable[QueueRow]) -> None:
        """Another list altogether."""
        self.beginResetModel()
        self.order = order
        self._rows.clear()
        self._entered.clear()
        self.left.clear()
        self._enter(rows)
        self.endResetModel()

    def put(self, rows: Sequence[QueueRow]) -> None:
        """Rows have been read, or read again; exactly the ranges of those that are new or other than before are
        announced.
        """
        other = [row.key for row in rows if self._rows.get(row.key) != row]
        for row in rows:
            if self._placed(row):
                self._rows[row.key] = row
                self._rows.move_to_end(row.key)
        self.touch(other)
        self._forget()

    def touch(self, keys: Iterable[int]) -> None:
        """These rows look different now."""
        positions = sorted(found for key in keys if (found := self.position(key)) >= 0)
        for first, last in _ranges(positions):
            self.dataChanged.emit(self.index(first, 0), self.index(last, 0))

    def append(self, order: QueueOrder) -> None:
        """The whole order has been read: what stands behind the rows that are here is added at the end."""
        here = len(self.order)
        begin = order.place(self.order.sort_key(here - 1)) + 1 if here else 0
        tail = len(order) - begin
        if tail <= 0:
            return
        self.beginInsertRows(QModelIndex(), here, here + tail - 1)
        merged = self.order.index
        merged.keys.extend(order.index.keys[begin:])
        merged.priorities.extend(order.index.priorities[begin:])
        merged.created_ms.extend(order.index.created_ms[begin:])
        for key in self.order.keys(0, here):
            order.members.add(key)
        self.order.members = order.members
        self.endInsertRows()

    def insert(self, rows: Iterable[QueueRow]) -> None:
        """Rows that are new to the list, each at its place."""
        for row in rows:
            if row.key in self.order:
                continue
            self._enter([row])
            place = self.order.place(row.page_key)
            self.beginInsertRows(QModelIndex(), place, place)
            self.order.insert(row.page_key)
            self.endInsertRows()

    def merge(self, rows: Sequence[QueueRow]) -> None:
        """Rows that are new to the list, each at its place, all of them below the view: many cost little more than
        one.
        """
        new = [row for row in rows if row.key not in self.order]
        if len(new) <= _ONE_BY_ONE:
            self.insert(new)
            return
        begin = min(self.order.place(row.page_key) for row in new)
        self._become(self.order.with_rows([row.page_key for row in new]), begin)
        self._enter(new)

    def replace_below(self, rows: int, order: QueueOrder, begin: int) -> None:
        """Behind the first so many rows stands from now on what begins in another order at ``begin``.

        That order becomes the list's own; its members must be those of the whole list then. Rows that stand near the
        edge in both stay; the others are asked for when they come to view.
        """
        near = {key: order.sort_key(begin + at) for at, key in enumerate(order.index.keys[begin : begin + NEAR])}
        edge = self.order.sort_key(rows - 1) if rows else None
        for key, entered in list(self._entered.items()):
            if (edge is None or ranks_before(edge, entered)) and near.get(key) != entered:
                self._drop(key)
        order.take_head(self.order, rows, begin)
        self._become(order, rows)

    def _become(self, order: QueueOrder, begin: int) -> None:
        """Qt hears of rows that come or go at the very end, and of a range that looks different: neither is dear."""
        before, after = len(self.order), len(order)
        if after > before:
            self.beginInsertRows(QModelIndex(), before, after - 1)
            self.order.lend(order, after - before)
            self.endInsertRows()
        elif after < before:
            order.lend(self.order, before - after)
        self.order = order
        if begin < max(before, after):
            self.dataChanged.emit(self.index(begin, 0), self.index(max(before, after) - 1, 0))
        if after < before:
            self.beginRemoveRows(QModelIndex(), after, before - 1)
            order.cut(after)
            self.endRemoveRows()

    def _drop(self, key: int) -> None:
        self._rows.pop(key, None)
        self._entered.pop(key, None)
        self.left.discard(key)

    def forget_but(self, keep: Iterable[int]) -> None:
        """Rows are read again when they come into view, but for these and for those with something on its way."""
        kept = set(keep) | self.left
        for key in [key for key, row in self._rows.items() if key not in kept and row.pending is None]:
            del self._rows[key]

    def remove(self, keys: Iterable[int]) -> None:
        """Rows leave the list."""
        positions = sorted(found for key in keys if (found := self.position(key)) >= 0)
        for first, last in reversed(list(_ranges(positions))):
            self.beginRemoveRows(QModelIndex(), first, last)
            for position in range(last, first - 1, -1):
                key = self.order.key(position)
                self.order.remove(position)
                self._drop(key)
            self.endRemoveRows()

    def _enter(self, rows: Iterable[QueueRow]) -> None:
        for row in rows:
            self._rows[row.key] = row
            self._entered[row.key] = row.page_key

    def _placed(self, row: QueueRow) -> bool:
        """True when it is known where the row stands; one that was never here stands where its sort key says."""
        if row.key not in self._entered and self.order.find(row.page_key) >= 0:
            self._entered[row.key] = row.page_key
        return row.key in self._entered

    def _forget(self) -> None:
        while len(self._rows) > _KEPT:
            key, _ = self._rows.popitem(last=False)
            self._entered.pop(key, None)


def _ranges(positions: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Runs of neighbouring positions in a sorted sequence: first and last of each."""
    begin = previous = None
    for position in positions:
        if previous is not None and begin is not None and position != previous + 1:
            yield begin, previous
            begin = position
        elif begin is None:
            begin = position
        previous = position
    if begin is not None and previous is not None:
        yield begin, previous
