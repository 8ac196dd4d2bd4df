"""The item model of the matrix: rows and columns of a board as they are arranged; cells are told in words."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from moderation.desk.board import Arrangement, Board, Colleague, Place, arranged
from views.plain import as_typed

Index = QModelIndex | QPersistentModelIndex
_WORDS = frozenset({Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole})


class MatrixModel(QAbstractTableModel):
    """Holds a board and what of it is shown: ``rows`` and ``columns`` are places and people of the board.

    ``cell_words``, ``row_words`` and ``column_words`` say a cell, a forum and a person (places in the board) to whoever
    cannot see them.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.board = Board()
        self.how = Arrangement()
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.cell_words: Callable[[int, int], str] = lambda row, column: ""
        self.row_words: Callable[[int], str] = lambda row: ""
        self.column_words: Callable[[int], str] = lambda column: ""

    def show(self, board: Board, how: Arrangement) -> None:
        """Another board, or another arrangement of it."""
        rows, columns = arranged(board, how)
        same = (rows, columns) == (self.rows, self.columns) and _alike(board, self.board)
        if same:
            self.board, self.how = board, how
            if rows and columns:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(columns) - 1))
                self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(rows) - 1)
            return
        self.beginResetModel()
        self.board, self.how, self.rows, self.columns = board, how, rows, columns
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Forums."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """People."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell in words."""
        if not index.isValid():
            return None
        if role in _WORDS:
            return self.cell_words(self.rows[index.row()], self.columns[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_typed(self.cell_words(self.rows[index.row()], self.columns[index.column()]))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A forum with how it stands, or a person."""
        across = orientation is Qt.Orientation.Horizontal
        shown = self.columns if across else self.rows
        if not 0 <= section < len(shown):
            return None
        if role in _WORDS or role == Qt.ItemDataRole.ToolTipRole:
            said = (self.column_words if across else self.row_words)(shown[section])
            return as_typed(said) if role == Qt.ItemDataRole.ToolTipRole else said
        return None

    def place(self, row: int) -> Place | None:
        """The forum of a row."""
        return self.board.places[self.rows[row]] if 0 <= row < len(self.rows) else None

    def person(self, column: int) -> Colleague | None:
        """The person of a column."""
        return self.board.people[self.columns[column]] if 0 <= column < len(self.columns) else None

    def find(self, forum: str, person: str) -> tuple[int, int]:
        """Row and column of a forum (id) and a person (key); the first ones where they are not shown, -1 for none."""
        row = self._at(self.rows, self.board.position(forum))
        column = self._at(self.columns, self.board.column(person))
        return row, column

    def _at(self, shown: list[int], wanted: int) -> int:
        if wanted in shown:
            return shown.index(wanted)
        return 0 if shown else -1


def _alike(one: Board, other: Board) -> bool:
    """Are these the same forums and people?"""
    forums = [place.forum.id for place in one.places] == [place.forum.id for place in other.places]
    return forums and [person.key for person in one.people] == [person.key for person in other.people]
