"""The sidebar itself: sign and community, the box that searches and runs, places, communities, the person."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from views.buttons import IconButton
from views.icons import ICONS
from views.painting import Pen, avatar, draw_icon, focus_ring, letter_mark
from views.registry import Registry
from views.sidebar.model import DO, ENTRY, Entry, SidebarModel
from views.surface import Surface
from views.theme import Theme
from views.words import Words

_DOTS = {"connected": "customer", "offline": "staff", "sign_in": "danger", "paused": "text3", "unknown": "text3"}


class _Entries(QStyledItemDelegate):
    """Paints headings and places."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.folded = False

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(100, self._theme.height("sidebar_row"))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry | None = index.data(ENTRY)
        if entry is None:
            return
        rect: QRect = option.rect
        painter.fillRect(rect, self._theme.colour("window"))
        if not entry.id:
            if not self.folded:
                Pen(painter, self._theme, rect.adjusted(14, 6, -8, 0)).left(entry.label, "label", "text3")
            return
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        self._ground(painter, rect, entry, hovered, focused)
        self._contents(painter, rect, entry)

    def _ground(self, painter: QPainter, rect: QRect, entry: Entry, hovered: bool, focused: bool) -> None:
        theme, box = self._theme, rect.adjusted(6, 0, -6, 0)
        if entry.current or hovered:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("selected" if entry.current else "hover"))
            painter.drawRoundedRect(QRectF(box), 6, 6)
        if entry.current:
            painter.fillRect(rect.left(), rect.top() + 6, 3, rect.height() - 12, theme.colour("accent"))
        if focused:
            focus_ring(painter, theme, box)

    def _contents(self, painter: QPainter, rect: QRect, entry: Entry) -> None:
        theme = self._theme
        pen = Pen(painter, theme, rect.adjusted(14, 0, -14, 0))
        middle = rect.top() + rect.height() // 2
        if entry.mark:
            letter_mark(painter, theme, QRect(rect.left() + 14, middle - 8, 16, 16), entry.mark)
            _dot(painter, theme, QPoint(rect.left() + 31, middle + 6), entry.dot, ground="window")
        elif entry.dot:
            _dot(painter, theme, QPoint(rect.left() + 22, middle), entry.dot)
        else:
            colour = (
                theme.status_colour("danger") if entry.grave else theme.colour("text" if entry.current else "text2")
            )
            draw_icon(painter, theme, entry.icon, QPoint(rect.left() + 14, middle - 8), 16, colour)
        if self.folded:
            return
        pen.rect.adjust(26, 0, 0, 0)
        weight = 600 if entry.current else 400
        if entry.warns:
            tint = theme.status_colour("staff")
            pen.right(entry.count, "small", tint, weight=600, gap=4)
            pen.icon_right("alert-triangle", tint, 14)
        elif entry.count:
            pen.right(entry.count, "small", "text" if entry.current else "text2", weight=weight)
        pen.left(entry.label, "body", theme.status_colour("danger") if entry.grave else "text", weight=weight)


def _dot(painter: QPainter, theme: Theme, at: QPoint, state: str, ground: str = "") -> None:
    """A disc while connected, a dashed ring otherwise; on a ground of its own where it lies over something."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if ground:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawEllipse(at, 6, 6)
    colour = theme.status_colour(_DOTS.get(state, "text3"))
    if state == "connected":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(at, 3.5, 3.5)
        return
    pen = QPen(colour, 2)
    pen.setDashPattern([1.0, 1.05])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 4, 4)


class EntryList(QTreeView):
    """A list of places; ``opened`` tells the id of the one that was chosen, ``menu_wanted`` the one that was asked for
    its menu, and where.
    """

    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = SidebarModel(self)
        self.setModel(self.entries)
        self.painter_of_rows = _Entries(theme, self)
        self.setItemDelegate(self.painter_of_rows)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setIndentation(0)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._open)

    def _open(self, index: QModelIndex) -> None:
        entry: Entry | None = index.data(ENTRY)
        if entry is not None and entry.id:
            self.opened.emit(entry.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By mouse for what is under it, by key for what has the focus."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        entry: Entry | None = index.data(ENTRY)
        if entry is not None and entry.id:
            at = self.visualRect(index).bottomLeft() + QPoint(20, 0) if by_key else event.pos()
            self.menu_wanted.emit(entry.id, self.viewport().mapToGlobal(at))

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""

    def sizeHint(self) -> QSize:
        """As high as its entries."""
        row = self.sizeHintForRow(0) if self.entries.entries else 0
        return QSize(120, row * len(self.entries.entries) + 2)

    def minimumSizeHint(self) -> QSize:
        """It may scroll."""
        return QSize(40, 28)


class _SignHeader(Surface):
    """Sign, name of what is shown; opens the menu of everything."""

    ground = "window"
    wanted = Signal()

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("pane_header", "pane"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.name, self.folded = "", False

    def show_name(self, name: str) -> None:
        self.name = name
        self.setAccessibleName(name)
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        ratio = self.devicePixelRatioF()
        sign = ICONS.pixmap("sign", 20, self.theme.colour("accent"), ratio)
        painter.drawPixmap(QPoint(12, (rect.height() - 20) // 2), sign)
        if not self.folded:
            pen = Pen(painter, self.theme, rect.adjusted(38, 0, -12, 0))
            pen.icon_right("chevron-down", "text2", 14, gap=4)
            pen.left(self.name, "body", "text", weight=600)
        if self.hasFocus():
            focus_ring(painter, self.theme, rect.adjusted(4, 6, -4, -6))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self.wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
            self.wanted.emit()
            return
        super().keyPressEvent(event)


class _SearchBox(Surface):
    """Looks like a field and opens the palette."""

    ground = "window"
    wanted = Signal()

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self._registry = registry
        self.folded = False
        self.fix_height(theme.grown(34))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(registry.label("palette"))

    def draw(self, painter: QPainter, rect: QRect) -> None:
        box = rect.adjusted(12, 2, -12, -3) if not self.folded else rect.adjusted(8, 2, -8, -3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.theme.pen("line"))
        painter.setBrush(self.theme.colour("surface"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self.folded:
            draw_icon(painter, self.theme, "search", box.center() - QPoint(7, 7), 14, "text2")
            return
        pen = Pen(painter, self.theme, box.adjusted(8, 0, -6, 0))
        pen.key_right(self._registry.key("palette"))
        pen.icon_left("search", "text2", 14)
        pen.left(self.tr("Search or run"), "small", "text2")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self.wanted.emit()


class _Person(Surface):
    """Who sits at the desk, and the settings."""

    ground = "window"
    lines = "t"

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.grown(44, "small", 2))
        self.name, self.role, self.folded = "", "", False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.addStretch(1)
        self.gear = IconButton(registry, theme, "settings", 16, self)
        row.addWidget(self.gear)

    def show_person(self, name: str, role: str) -> None:
        self.name, self.role = name, role
        self.setAccessibleName(f"{name}, {role}")
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        middle = rect.height() // 2
        if self.name:
            avatar(painter, self.theme, QRect(12, middle - 12, 24, 24), self.name, ink=True)
        if self.folded:
            return
        half = rect.height() // 2
        upper = QRect(44, 4, rect.width() - 84, half - 4)
        lower = QRect(44, half, rect.width() - 84, half - 4)
        Pen(painter, self.theme, upper).left(self.name, "small", "text", weight=500)
        Pen(painter, self.theme, lower).left(self.role, "caption", "text2")


class Sidebar(QWidget):
    """``opened``: a place or community was chosen; ``menu``: the menu of everything is wanted; ``palette`` likewise.

    ``does``: what an entry does that leads nowhere; ``menu_wanted``: a community is asked for its menu.
    """

    opened = Signal(str)
    does = Signal(str)
    menu_wanted = Signal(str, QPoint)
    menu = Signal()
    palette_wanted = Signal()

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAutoFillBackground(True)
        self.sign = _SignHeader(theme, words, self)
        self.box = _SearchBox(theme, words, registry, self)
        self.places = EntryList(theme, self)
        self.places.setAccessibleName(self.tr("Places"))
        self.communities = EntryList(theme, self)
        self.communities.setAccessibleName(self.tr("Communities"))
        self.person = _Person(theme, words, registry, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sign)
        column.addWidget(self.box)
        column.addWidget(self.places, 1)
        column.addWidget(self.communities)
        column.addSpacing(6)
        column.addWidget(self.person)
        self.sign.wanted.connect(self.menu)
        self.box.wanted.connect(self.palette_wanted)
        self.places.opened.connect(self.opened)
        self.communities.opened.connect(self._opened)
        self.communities.menu_wanted.connect(self.menu_wanted)

    def _opened(self, entry: str) -> None:
        if entry.startswith(DO):
            self.does.emit(entry.removeprefix(DO))
        else:
            self.opened.emit(entry)

    def show_places(self, places: list[Entry], communities: list[Entry]) -> None:
        """Replace the entries."""
        self.places.entries.show_entries(places)
        self.communities.entries.show_entries(communities)
        rows = min(len(communities), 7)
        self.communities.setFixedHeight(rows * self._theme.height("sidebar_row") + 2)
        self.communities.setVisible(bool(communities))

    def fold(self, folded: bool) -> None:
        """Icons only."""
        for part in (self.sign, self.box, self.person):
            part.folded = folded
            part.update()
        self.places.painter_of_rows.folded = folded
        self.communities.painter_of_rows.folded = folded
        self.person.gear.setVisible(not folded)
        self.places.viewport().update()
        self.communities.viewport().update()
