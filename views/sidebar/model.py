"""Entries of the sidebar: headings and places with their counts."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from views.plain import as_typed

DO = "do:"
"""Begins the entries that do something instead of leading somewhere."""
ENTRY = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """A place to go, or a heading (no ``id``). ``dot`` is the state of a community, ``count`` what is behind it.

    ``mark`` is the letter that stands for a community, ``tip`` its name in full; ``grave``: it says that something is
    wrong; ``warns``: its count does.
    """

    id: str = ""
    label: str = ""
    icon: str = ""
    count: str = ""
    dot: str = ""
    current: bool = False
    grave: bool = False
    warns: bool = False
    mark: str = ""
    tip: str = ""


class SidebarModel(QAbstractListModel):
    """A short list; entries are replaced whole, and only those that changed are announced."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Entries, headings included."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The entry, or its words."""
        if not 0 <= index.row() < len(self.entries):
            return None
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_typed(entry.tip or entry.label)
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.label} {entry.count}".strip()
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if not index.isValid() or not self.entries[index.row()].id:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def show_entries(self, entries: list[Entry]) -> None:
        """Replace the entries; a reset only when places came or went."""
        if [entry.id for entry in entries] != [entry.id for entry in self.entries]:
            self.beginResetModel()
            self.entries = entries
            self.endResetModel()
            return
        for row, entry in enumerate(entries):
            if entry != self.entries[row]:
                self.entries[row] = entry
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0))
