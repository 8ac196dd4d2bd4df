"""A table of texts within a sheet: one row at hand, moved by arrows, J and K; other letters do what the sheet says."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QBrush, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from views.convert.tables import FlatHeader
from views.plain import as_typed
from views.theme import Theme

_STEPS = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
_ROOM = 14


class _Cells(QStyledItemDelegate):
    """A cell keeps its colour while its row is at hand, and has some room at the right."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        colour = index.data(Qt.ItemDataRole.ForegroundRole)
        if isinstance(colour, QBrush):
            option.palette.setBrush(QPalette.ColorRole.HighlightedText, colour)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        made = super().sizeHint(option, index)
        return QSize(made.width() + _ROOM, made.height())


class SheetTable(QTableWidget):
    """``columns`` are the titles, ``wide`` the columns that share the room that is left, ``role`` the type of a row and
    ``height`` its height. ``does``: what letters do; the table would search its cells for them.
    """

    def __init__(
        self,
        theme: Theme,
        name: str,
        columns: Sequence[str],
        wide: Sequence[int],
        parent: QWidget,
        *,
        role: str = "body",
        height: int = 30,
    ) -> None:
        super().__init__(0, len(columns), parent)
        self.does: Mapping[Qt.Key, Callable[[], None]] = {}
        self.setHorizontalHeader(FlatHeader(theme, self))
        self.setHorizontalHeaderLabels(list(columns))
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName(name)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.grown(height, role))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in wide:
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def fix(self, column: int, width: int) -> None:
        """A column that keeps its width, in pixels."""
        self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().resizeSection(column, width)

    def put(self, row: int, texts: Sequence[str]) -> list[QTableWidgetItem]:
        """Fill a row, each cell with its whole text as a tip; gives its cells, to be coloured."""
        cells = [QTableWidgetItem(text) for text in texts]
        for column, cell in enumerate(cells):
            cell.setToolTip(as_typed(cell.text()))
            self.setItem(row, column, cell)
        return cells

    def go_to(self, row: int) -> None:
        """Make a row the one at hand; the nearest that there is."""
        self.setCurrentCell(max(0, min(row, self.rowCount() - 1)), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K move, and letters of the sheet do what they say."""
        key = Qt.Key(event.key())
        if key in _STEPS and self.rowCount():
            self.go_to(self.currentRow() + _STEPS[key])
        elif key in self.does:
            self.does[key]()
        else:
            super().keyPressEvent(event)
