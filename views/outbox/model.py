"""The item model of the outbox: groups as rows of their own, then their intents."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from moderation.desk.outbox import OutboxEntry, OutboxGroups

ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Heading:
    """Head of a group: code of its title, how many it has."""

    code: str
    count: int


Row = Heading | OutboxEntry


class OutboxModel(QAbstractListModel):
    """Short lists; replaced whole, but announced as a reset only when rows came or went."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self.describe: Callable[[Row], str] = lambda row: ""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Rows, headings included."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row."""
        if role == ROW and 0 <= index.row() < len(self.rows):
            return self.rows[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.describe(self.rows[index.row()]) if 0 <= index.row() < len(self.rows) else None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if not index.isValid() or isinstance(self.rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def show_groups(self, groups: OutboxGroups) -> bool:
        """Replace the rows; ``True`` when rows came or went."""
        rows: list[Row] = []
        for code, entries in (
            ("outbox_person", groups.needs_person),
            ("outbox_way", groups.on_the_way),
            ("outbox_done", groups.done),
        ):
            if entries:
                rows += [Heading(code, len(entries)), *entries]
        if [_identity(row) for row in rows] != [_identity(row) for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return True
        for number, row in enumerate(rows):
            if row != self.rows[number]:
                self.rows[number] = row
                self.dataChanged.emit(self.index(number, 0), self.index(number, 0))
        return False

    def entry(self, position: int) -> OutboxEntry | None:
        """The intent at a position."""
        row = self.rows[position] if 0 <= position < len(self.rows) else None
        return row if isinstance(row, OutboxEntry) else None

    def position(self, intent: str) -> int:
        """Where an intent stands, or the first one, or -1."""
        positions = [n for n, row in enumerate(self.rows) if isinstance(row, OutboxEntry)]
        found = [n for n in positions if isinstance(row := self.rows[n], OutboxEntry) and row.intent.id == intent]
        return found[0] if found else positions[0] if positions else -1


def _identity(row: Row) -> str:
    return row.code if isinstance(row, Heading) else row.intent.id
