"""The matrix as a table: heads that stay where they are, cells painted together, a cursor that moves over them."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from moderation.desk.board import Arrangement, Board, Order
from views.following.drawing import MatrixDrawing
from views.following.model import MatrixModel
from views.surface import Surface
from views.theme import Theme
from views.words import Words

Index = QModelIndex | QPersistentModelIndex


class _Heads(QHeaderView):
    """The heads of forums or people; a click on one goes there."""

    def __init__(self, across: bool, table: "MatrixTable") -> None:
        super().__init__(Qt.Orientation.Horizontal if across else Qt.Orientation.Vertical, table)
        self._across, self._table = across, table
        size = table.drawing.size
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.setDefaultSectionSize(size.column if across else size.row)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedSize(16_777_215, size.head) if across else self.setFixedWidth(size.frozen)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """Always the same."""
        size = self._table.drawing.size
        return QSize(size.frozen, size.head)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        """One head."""
        table, model = self._table, self._table.matrix
        painter.save()
        if self._across and (person := model.person(logicalIndex)) is not None:
            current = table.currentIndex().column() == logicalIndex
            table.drawing.column_head(painter, rect, person, current=current)
        elif not self._across and (place := model.place(logicalIndex)) is not None:
            current = table.currentIndex().row() == logicalIndex
            table.drawing.row_head(painter, rect, place, table.ground(logicalIndex), current=current)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heads, and what lies beside the last of them."""
        QPainter(self.viewport()).fillRect(event.rect(), self._table.drawing.theme.colour("surface"))
        super().paintEvent(event)
        painter, end = QPainter(self.viewport()), self.length() - self.offset()
        if not self._across:
            rest = QRect(0, end, self.viewport().width(), self.viewport().height())
            painter.fillRect(rest, self._table.drawing.theme.colour("surface"))
        else:
            bottom = self.viewport().height() - 1
            rest = QRect(end, 0, self.viewport().width(), bottom)
            painter.fillRect(rest, self._table.drawing.theme.colour("surface"))
            painter.setPen(self._table.drawing.theme.pen("line_strong"))
            painter.drawLine(end, bottom, self.viewport().width(), bottom)


class _Corner(Surface):
    """What the columns left of the cells are; a click sorts by one."""

    wanted = Signal(object)

    def __init__(self, theme: Theme, words: Words, table: "MatrixTable") -> None:
        super().__init__(theme, words, table)
        self._table = table
        self._parts: dict[Order, QRect] = {}
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """The three heads."""
        self._parts = self._table.drawing.corner(painter, rect, self._table.matrix.how.order)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Sort by what was pressed; once more for the community's own order."""
        at = event.position().toPoint()
        for order, area in self._parts.items():
            if area.contains(at):
                self.wanted.emit(Order.COMMUNITY if order is self._table.matrix.how.order else order)
                return


class MatrixTable(QTableView):
    """``chosen``: another cell is at hand. ``opened``: Enter, or a double click. ``sorted``: by another order."""

    chosen = Signal()
    opened = Signal()
    escaped = Signal()
    ordered = Signal(object)

    def __init__(self, drawing: MatrixDrawing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing = drawing
        self.matrix = MatrixModel(self)
        self._hovered = -1
        self.setModel(self.matrix)
        self.setHorizontalHeader(_Heads(True, self))
        self.setVerticalHeader(_Heads(False, self))
        self.horizontalHeader().sectionPressed.connect(lambda column: self.go(self.currentIndex().row(), column))
        self.verticalHeader().sectionPressed.connect(lambda row: self.go(row, self.currentIndex().column()))
        self.corner = _Corner(drawing.theme, drawing.said.words, self)
        self.corner.wanted.connect(self.ordered)
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.doubleClicked.connect(lambda _: self.opened.emit())

    # -- what is shown ---------------------------------------------------------------------------------------------
    def show_board(self, board: Board, how: Arrangement, at: tuple[str, str]) -> None:
        """Another board or arrangement; ``at`` is the forum (id) and the person (key) to be at hand."""
        before = self.currentIndex()
        self.matrix.show(board, how)
        row, column = self.matrix.find(*at)
        if (row, column) != (self.currentIndex().row(), self.currentIndex().column()):
            self.go(row, column)
        elif not before.isValid() or self.currentIndex() == before:
            self.chosen.emit()
        self.viewport().update()
        self.corner.update()
        self.horizontalHeader().viewport().update()

    def go(self, row: int, column: int) -> None:
        """Make a cell current."""
        if row >= 0:
            index = self.matrix.index(row, max(0, column))
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def step(self, by: int) -> None:
        """The forum below or above, in the same column."""
        row = min(max(0, self.currentIndex().row() + by), self.matrix.rowCount() - 1)
        self.go(row, self.currentIndex().column())

    def at(self) -> tuple[int, int] | None:
        """Place and person (in the board) of the cell at hand."""
        index = self.currentIndex()
        if not index.isValid():
            return None
        return self.matrix.rows[index.row()], self.matrix.columns[index.column()]

    # -- keys ------------------------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Escape takes a filter away, arrows move."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Paint what is at hand now, and tell it."""
        super().currentChanged(current, previous)
        for index in (current, previous):
            self._repaint_row(index.row())
            if index.isValid():
                self.horizontalHeader().updateSection(index.column())
        if current.isValid():
            self.chosen.emit()

    # -- painting --------------------------------------------------------------------------------------------------
    def ground(self, row: int) -> str:
        """Colour of a row."""
        if row == self.currentIndex().row():
            return "selected" if self.hasFocus() else "selected_inactive"
        return "hover" if row == self._hovered else "surface"

    def paintEvent(self, event: QPaintEvent) -> None:
        """All cells that are seen, at once: a delegate a cell would be many times as slow."""
        painter, drawing, size = QPainter(self.viewport()), self.drawing, self.drawing.size
        area = event.rect()
        painter.fillRect(area, drawing.theme.colour("surface"))
        above, before = self.verticalOffset(), self.horizontalOffset()
        model = self.matrix
        rows = range(max(0, (area.top() + above) // size.row), model.rowCount())
        rows = rows[: (area.bottom() + above) // size.row + 1 - rows.start] if rows else rows
        columns = range(max(0, (area.left() + before) // size.column), model.columnCount())
        columns = columns[: (area.right() + before) // size.column + 1 - columns.start] if columns else columns
        if not rows or not columns:
            return
        top, left = rows[0] * size.row - above, columns[0] * size.column - before
        for row in rows:
            if (ground := self.ground(row)) != "surface":
                y = row * size.row - above
                painter.fillRect(area.left(), y, area.width(), size.row, drawing.theme.colour(ground))
        people = [model.columns[at] for at in columns]
        away = [model.board.people[at].absent_until is not None for at in people]
        whole = QRect(area.left(), top, area.width(), len(rows) * size.row)
        drawing.grounds(painter, whole, away, left, QPoint(-before, -above))
        drawing.lines(painter, area, top, len(rows))
        current = self.currentIndex()
        if current.row() in rows and current.column() in columns:
            cell = QRect(current.column() * size.column - before, current.row() * size.row - above,
                         size.column, size.row)  # fmt: skip
            drawing.cursor(painter, cell, active=self.hasFocus())
        drawing.signs(painter, model.board, [model.rows[at] for at in rows], people, QPoint(left, top))

    def _repaint_row(self, row: int) -> None:
        if row >= 0:
            y = row * self.drawing.size.row - self.verticalOffset()
            self.viewport().update(0, y, self.viewport().width(), self.drawing.size.row)
            self.verticalHeader().updateSection(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the mouse."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the mouse."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered, before = row, self._hovered
            self._repaint_row(before)
            self._repaint_row(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The corner stays where it is."""
        super().resizeEvent(event)
        self.corner.setGeometry(0, 0, self.drawing.size.frozen, self.drawing.size.head)
        self.corner.raise_()

    def focusInEvent(self, event: object) -> None:
        """The row at hand is painted as one with the focus."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self._repaint_row(self.currentIndex().row())

    def focusOutEvent(self, event: object) -> None:
        """And without it."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._repaint_row(self.currentIndex().row())


class TotalsBar(Surface):
    """How many forums each one follows; moves sideways with the cells."""

    ground = "window"
    lines = "t"

    def __init__(self, table: MatrixTable, parent: QWidget | None = None) -> None:
        super().__init__(table.drawing.theme, table.drawing.said.words, parent)
        self._table = table
        self.fix_height(table.drawing.size.row)
        table.horizontalScrollBar().valueChanged.connect(self.update)
        table.matrix.modelReset.connect(self.update)
        table.matrix.dataChanged.connect(self.update)
        self.setAccessibleName(self.words.say("following_totals"))

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """The numbers."""
        table = self._table
        left = table.drawing.size.frozen - table.horizontalOffset()
        table.drawing.totals(painter, rect, table.matrix.board, table.matrix.columns, left)
