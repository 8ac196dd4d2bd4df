"""The item model of the Private screen: who waits for us first, then the others, each group under its head."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from moderation.conversation import Standing
from views.cases.words import GROUPS

ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
Key = tuple[str, str]
"""A case: its community, and its key there."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Head of a group: code of its title, how many it has."""

    code: str
    count: int


Row = Heading | Standing


def key_of(row: Standing) -> Key:
    """Which case a row is."""
    return row.case.community, row.case.key


class CasesModel(QAbstractListModel):
    """Short lists; replaced whole, but announced as a reset only when rows came, went or moved."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self.describe: Callable[[Row], str] = lambda row: ""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Rows, heads included."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row."""
        if not 0 <= index.row() < len(self.rows):
            return None
        if role == ROW:
            return self.rows[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.describe(self.rows[index.row()])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Heads cannot be chosen."""
        if not index.isValid() or isinstance(self.rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def show_cases(self, found: Sequence[Standing]) -> bool:
        """Replace the rows, which come in their order; ``True`` when rows came, went or moved."""
        codes = [GROUPS[one.status] for one in found]
        rows: list[Row] = []
        for code in dict.fromkeys(codes):
            rows.append(Heading(code, codes.count(code)))
            rows += [one for one, group in zip(found, codes, strict=True) if group == code]
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

    def case(self, position: int) -> Standing | None:
        """The case at a position."""
        row = self.rows[position] if 0 <= position < len(self.rows) else None
        return row if isinstance(row, Standing) else None

    @property
    def cases(self) -> list[Standing]:
        """All cases, without heads."""
        return [row for row in self.rows if isinstance(row, Standing)]

    def position(self, key: Key | None) -> int:
        """Where a case stands; the first one where it does not; -1 for none at all."""
        positions = [n for n, row in enumerate(self.rows) if isinstance(row, Standing)]
        found = [n for n in positions if key_of(self.rows[n]) == key]  # type: ignore[arg-type]
        return found[0] if found else positions[0] if positions else -1


def _identity(row: Row) -> object:
    return row.code if isinstance(row, Heading) else key_of(row)
