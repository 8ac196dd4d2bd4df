"""The list itself: a table of one column whose current row is the item at hand."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from moderation.intents import IntentState
from moderation.ports import PUT_OFF
from views.painting import LEFT
from views.queue.delegate import QueueDelegate
from views.queue.feed import QueueFeed
from views.theme import Theme


class QueueTable(QTableView):
    """``chosen`` tells the key of the row that became current, by key, mouse or program; -1 for none."""

    chosen = Signal(object)  # row numbers of posts do not fit into Qt's int
    menu_wanted = Signal(QPoint)
    escaped = Signal()

    def __init__(self, feed: QueueFeed, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._theme = theme
        self._delegate: QueueDelegate | None = None
        self.empty_text = ""
        self.setModel(feed.model)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        feed.bottom = self.bottom
        feed.view = self.in_view
        feed.current = self.current_key
        feed.model.rowsAboutToBeRemoved.connect(self._hold_place)
        feed.model.rowsRemoved.connect(self._take_place)
        feed.model.rowsAboutToBeInserted.connect(self._hold_place)
        feed.model.rowsInserted.connect(self._take_place)
        self._held_y: int | None = None

    def use(self, delegate: QueueDelegate) -> None:
        """Paint with this delegate."""
        self._delegate = delegate
        self.setItemDelegate(delegate)
        self.verticalHeader().setDefaultSectionSize(delegate.row_height)
        self.verticalScrollBar().setSingleStep(delegate.row_height)

    # -- where the person is ---------------------------------------------------------------------------------------
    def current_row(self) -> int:
        """Position of the current row, -1 for none."""
        return self.currentIndex().row()

    def current_key(self) -> int | None:
        """Key of the current row."""
        row = self.current_row()
        return self._feed.model.order.key(row) if 0 <= row < len(self._feed.model.order) else None

    def bottom(self) -> int:
        """Position of the last row in view, or of the current one if that is further down."""
        return max(self._last_in_view(), self.current_row())

    def in_view(self) -> tuple[int, int]:
        """Positions of the first and the last row in view."""
        return max(0, self.rowAt(0)), self._last_in_view()

    def go_to(self, position: int) -> None:
        """Make a row current and show it."""
        count = self._feed.model.rowCount()
        if count == 0:
            return
        index = self._feed.model.index(max(0, min(position, count - 1)), 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def step(self, by: int) -> None:
        """Next or previous row that is not leaving."""
        model = self._feed.model
        position = self.current_row() + by
        while 0 <= position < model.rowCount():
            if model.order.key(position) not in model.left:
                break
            position += by
        if 0 <= position < model.rowCount():
            self.go_to(position)

    def next_open(self) -> None:
        """After a decision: the next row that has none, else the one before."""
        model, start = self._feed.model, self.current_row()
        for positions in (range(start + 1, model.rowCount()), range(start - 1, -1, -1)):
            for position in positions:
                if self._open(position):
                    self.go_to(position)
                    return

    def _open(self, position: int) -> bool:
        key = self._feed.model.order.key(position)
        row = self._feed.model.peek(position)
        settled = row is not None and row.pending is not None and row.pending_action not in {None, PUT_OFF}
        return key not in self._feed.model.left and key not in self._feed.deciding and not settled

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell which row is current now."""
        super().currentChanged(current, previous)
        key = self.current_key()
        self.chosen.emit(-1 if key is None else key)

    # -- nothing jumps ---------------------------------------------------------------------------------------------
    def _hold_place(self, _parent: object, first: int, _last: int) -> None:
        """Rows come or go: what happens below the current row moves nothing."""
        here = self.current_row()
        self._held_y = self.rowViewportPosition(here) if first <= here else None

    def _take_place(self, *_: object) -> None:
        """Keep the current row where it was on the screen, as far as the list's ends allow."""
        if self._held_y is None:
            return
        self.updateGeometries()
        moved = self.rowViewportPosition(self.current_row()) - self._held_y
        if moved:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + moved)
        self._held_y = None

    # -- painting --------------------------------------------------------------------------------------------------
    def repaint_held(self) -> None:
        """Paint only the state blocks of held rows in view (the undo pies)."""
        if self._delegate is None or not self.isVisible():
            return
        first = max(0, self.rowAt(0))
        for position in range(first, self._last_in_view() + 1):
            row = self._feed.model.peek(position)
            if row is not None and row.pending == IntentState.HELD:
                self.viewport().update(self._delegate.state_rect(self.visualRect(self._feed.model.index(position, 0))))

    def _last_in_view(self) -> int:
        last = self.rowAt(self.viewport().height() - 1)
        return last if last >= 0 else self._feed.model.rowCount() - 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or a word on why there are none."""
        super().paintEvent(event)
        if self._feed.model.rowCount() == 0 and self.empty_text:
            painter = QPainter(self.viewport())
            painter.setFont(self._theme.font("body"))
            painter.setPen(self._theme.colour("text2"))
            area = self.viewport().rect().adjusted(24, 20, -24, -20)
            top = LEFT & ~Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(area, int(top), self.empty_text)

    # -- keys ------------------------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does nothing by itself; Escape clears the filter; letters never search."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""

    def selectAll(self) -> None:
        """Never: half a million indexes."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the row under the mouse."""
        index = self.indexAt(event.pos())
        if index.isValid():
            self.go_to(index.row())
            self.menu_wanted.emit(event.globalPos())
