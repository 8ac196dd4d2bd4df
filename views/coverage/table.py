"""Tables of numbers: the forums, and the twin of each drawing. Enter opens the rows of the cell at hand."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from moderation.charts.tables import Table, TableCell
from views.painting import LEFT, RIGHT, elided, focus_ring, hairline
from views.plain import as_typed
from views.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_MANY = 12
_SIDE = 20
"""Room left of the first column."""
_ENTER = {int(Qt.Key.Key_Return), int(Qt.Key.Key_Enter), int(Qt.Key.Key_Space)}


class CellModel(QAbstractTableModel):
    """The cells of a table; replaced whole."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = Table("", (), ())

    def show_table(self, table: Table) -> None:
        """Other cells."""
        if table.columns == self.table.columns and len(table.rows) == len(self.table.rows):
            self.table = table
            if table.rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(table.rows) - 1, len(table.columns) - 1))
            return
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Rows."""
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Columns, the head of the rows included."""
        return 0 if parent.isValid() else len(self.table.columns)

    def cell(self, index: Index) -> TableCell | None:
        """The cell at an index."""
        return self.table.rows[index.row()][index.column()] if index.isValid() else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text; in full for tooltips and for assistive technology."""
        cell = self.cell(index)
        if cell is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell.said or cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_typed("\n".join(part for part in (cell.said, cell.means) if part))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # fmt: skip
        """Names of columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.table.columns[section]
        return None


class _Head(QHeaderView):
    """Names of columns: small, flat, over their numbers."""

    def __init__(self, theme: Theme, prose: frozenset[int], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme, self._prose = theme, prose | {0}
        self.setFixedHeight(theme.grown(30, "label"))

    def sectionSizeFromContents(self, logical_index: int) -> QSize:
        """As wide as its name."""
        said = str(self.model().headerData(logical_index, Qt.Orientation.Horizontal))
        width = self._theme.metrics("label").horizontalAdvance(said)
        return QSize(width + (_SIDE + 10 if logical_index == 0 else 12), self.height())

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        """A name and the line below."""
        theme = self._theme
        painter.fillRect(rect, theme.colour("surface"))
        painter.setFont(theme.font("label"))
        painter.setPen(theme.colour("text2"))
        said = str(self.model().headerData(logical_index, Qt.Orientation.Horizontal))
        area = rect.adjusted(_SIDE if logical_index == 0 else 4, 0, -4, 0)
        aligned = LEFT if logical_index in self._prose else RIGHT
        painter.drawText(area, aligned, elided(theme.metrics("label"), said, area.width()))
        hairline(painter, theme, rect.left(), rect.bottom(), rect.right(), rect.bottom())


class _Cells(QStyledItemDelegate):
    """Texts of cells, numbers at the right."""

    def __init__(self, theme: Theme, table: "PlainTable") -> None:
        super().__init__(table)
        self._theme, self._table = theme, table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as its text."""
        del option
        said = str(index.data() or "")
        weight, edge = (500, _SIDE) if index.column() == 0 else (400, self._table.edge)
        width = self._theme.metrics(self._table.role, weight).horizontalAdvance(said) + edge + self._table.edge + 2
        return QSize(min(width, self._table.widest), self._theme.grown(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, text, line; a ring in the cell at hand."""
        theme, rect = self._theme, option.rect
        current = self._table.currentIndex()
        selected = current.row() == index.row()
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        active = self._table.hasFocus()
        chosen = "selected" if active else "selected_inactive"
        painter.fillRect(rect, theme.colour(chosen if selected else "hover" if hovered else "surface"))
        first = index.column() == 0
        painter.setFont(theme.font(self._table.role, 500 if first else 400))
        painter.setPen(theme.colour("text"))
        edge = self._table.edge if index.column() in self._table.prose else min(4, self._table.edge)
        area = rect.adjusted(_SIDE if first else edge, 0, -edge, 0)
        aligned = LEFT if first or index.column() in self._table.prose else RIGHT
        painter.drawText(area, aligned, elided(theme.metrics(self._table.role), str(index.data() or ""), area.width()))
        hairline(painter, theme, rect.left(), rect.bottom(), rect.right(), rect.bottom())
        if active and selected and current.column() == index.column():
            focus_ring(painter, theme, rect.adjusted(0, 0, 0, -1), 2)


class PlainTable(QTableView):
    """A flat table on a model; ``prose`` are columns of text and not of numbers. A cell is at hand, and its row."""

    widest = 320
    role = "body"
    edge = 8
    """Type of the cells, and room between them; smaller where there are many columns."""

    def __init__(
        self, model: QAbstractTableModel, theme: Theme, prose: frozenset[int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.prose, self._theme = prose, theme
        model.setParent(self)
        self.setModel(model)
        self.setHorizontalHeader(_Head(theme, prose, self))
        self.setItemDelegate(_Cells(theme, self))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMinimumSectionSize(theme.grown(20))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.grown(28))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def step(self, by: int) -> bool:
        """The row below or above; ``False`` at the end."""
        at, model = self.currentIndex(), self.model()
        if not 0 <= at.row() + by < model.rowCount():
            return False
        self.setCurrentIndex(model.index(at.row() + by, at.column()))
        return True

    def _spread(self) -> None:
        """Room that is left goes to a column of text; none is narrower than its text."""
        header, columns = self.horizontalHeader(), self.model().columnCount()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        needed = sum(max(self.sizeHintForColumn(at), header.sectionSizeHint(at)) for at in range(columns))
        if columns and needed <= self.viewport().width():
            header.setSectionResizeMode(self.widens, QHeaderView.ResizeMode.Stretch)

    @property
    def widens(self) -> int:
        """Which column takes the room that is left."""
        return max(self.prose, default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room."""
        super().resizeEvent(event)
        self._spread()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Both rows are painted."""
        super().currentChanged(current, previous)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The row at hand is marked."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The row stays marked, paler."""
        super().focusOutEvent(event)
        self.viewport().update()

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""


class CellTable(PlainTable):
    """``opened``: Enter or a click on a cell with a door (the cell); ``pointed``: another cell is at hand."""

    opened = Signal(object)
    pointed = Signal(object)

    def __init__(self, theme: Theme, prose: frozenset[int] = frozenset(), parent: QWidget | None = None) -> None:
        self.cells = CellModel()
        super().__init__(self.cells, theme, prose, parent)
        self.clicked.connect(self._clicked)

    def show_table(self, table: Table) -> None:
        """Other cells; the one at hand stays at hand."""
        at = self.currentIndex()
        many = len(table.columns) > _MANY
        self.role, self.edge = ("caption", 2) if many else ("body", 8)
        self.cells.show_table(table)
        self.setAccessibleName(table.title)
        self._spread()
        row, column = max(0, at.row()), max(1, at.column())
        if table.rows:
            self.setCurrentIndex(self.cells.index(min(row, len(table.rows) - 1), min(column, len(table.columns) - 1)))

    @property
    def cell(self) -> TableCell | None:
        """The cell at hand."""
        return self.cells.cell(self.currentIndex())

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell it."""
        super().currentChanged(current, previous)
        if self.hasFocus():
            self.pointed.emit(self.cell)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell which cell is at hand."""
        super().focusInEvent(event)
        self.pointed.emit(self.cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in _ENTER:
            self._clicked(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _clicked(self, index: Index) -> None:
        cell = self.cells.cell(index)
        if cell is not None and cell.door is not None:
            self.opened.emit(cell)
