"""The list of steps, the tables of readers and of readings: real rows that arrows walk and screen readers read out."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from moderation.proof import Answer
from views.convert.parts import line_in
from views.convert.proving import ReadingLine
from views.convert.words import ReaderLine, StepLine
from views.icons import ICONS
from views.painting import Pen, draw_icon, focus_ring, hairline, text_width
from views.theme import Theme
from views.words import Words

_Index = QModelIndex | QPersistentModelIndex
_ANSWERS = {
    Answer.VISIBLE: ("alert-octagon", "danger"),
    Answer.COULD_NOT_CHECK: ("help-circle", "staff"),
    Answer.HIDDEN: ("circle-check", "customer"),
}
_LINE = Qt.ItemDataRole.UserRole
_LEAST = 120
"""Least width for a name."""


class _StepDelegate(QStyledItemDelegate):
    """Number, icon, name, and below it what it found or where it stands."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Two lines."""
        del option, index
        return QSize(100, self._theme.grown(37, "small", 2))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one."""
        theme, line, box = self._theme, index.data(_LINE), QRect(option.rect)
        if not isinstance(line, StepLine):
            return
        painter.save()
        if line.missing:
            painter.fillRect(box, theme.colour("danger_tint"))
        colour = "danger" if line.missing else theme.status_colour(line.colour)
        half = box.height() // 2
        number = QRect(box.left() + 4, box.top() + 2, 20, half)
        line_in(painter, theme, number, str(index.row() + 1), "small", "text3", 400)
        draw_icon(painter, theme, line.icon, QPoint(box.left() + 24, box.top() + max(3, (half - 14) // 2)), 16, colour)
        first = QRect(box.left() + 48, box.top() + 1, box.width() - 50, half)
        line_in(painter, theme, first, line.title, "body", "danger" if line.missing else "text", 600)
        below = first.translated(0, half - 1)
        line_in(painter, theme, below, line.detail, "small", "danger" if line.missing else "text2", 400)
        if option.state & QStyle.StateFlag.State_HasFocus:
            focus_ring(painter, theme, box)
        painter.restore()


class StepList(QListWidget):
    """Steps in the order in which they run."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(words.say("convert_order"))
        self.setItemDelegate(_StepDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.lines: Sequence[StepLine] = ()

    def show_steps(self, lines: Sequence[StepLine]) -> None:
        """Show these; the row at hand stays."""
        if list(lines) == list(self.lines):
            return
        at, self.lines = self.currentRow(), lines
        self.clear()
        for number, line in enumerate(lines, 1):
            item = QListWidgetItem(self)
            item.setData(_LINE, line)
            said = f"{number} {line.title}: {line.detail}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(said)
        self.setCurrentRow(min(max(at, 0), self.count() - 1))


class FlatHeader(QHeaderView):
    """Flat: words and icons on the ground of the table, a line below."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setHighlightSections(False)
        self.setFont(theme.font("label"))
        self.setFixedHeight(theme.grown(26, "label"))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """One of them."""
        theme, model = self._theme, self.model()
        painter.save()
        painter.fillRect(rect, theme.colour("surface"))
        hairline(painter, theme, rect.left(), rect.bottom(), rect.right(), rect.bottom())
        pen = Pen(painter, theme, rect.adjusted(6, 0, -2, 0))
        icon = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole)
        if isinstance(icon, QIcon):
            painter.drawPixmap(QPoint(pen.rect.left(), rect.center().y() - 7), icon.pixmap(QSize(16, 16)))
            pen.rect.adjust(22, 0, 0, 0)
        said = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        pen.left(str(said or ""), "label", "text2")
        painter.restore()

    def sectionSizeFromContents(self, section: int) -> QSize:
        """Room for icon and words."""
        model = self.model()
        said = str(model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) or "")
        icon = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole)
        more = 22 if isinstance(icon, QIcon) else 0
        return QSize(text_width(self._theme, said, "label") + more + 16, self._theme.grown(26, "label"))


class _RowDelegate(QStyledItemDelegate):
    """A cell, a hairline below it, and a ring where the keys are."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """With some room at the right."""
        made = super().sizeHint(option, index)
        return QSize(made.width() + 10, made.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw it."""
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, option, index)
        box = QRect(option.rect)
        painter.save()
        hairline(painter, self._theme, box.left(), box.bottom(), box.right(), box.bottom())
        if focused:
            focus_ring(painter, self._theme, box.adjusted(0, 0, 0, -1))
        painter.restore()


class _Table(QTableWidget):
    """A table without a grid, as high as its rows; a line stands below each row."""

    def __init__(self, theme: Theme, names: Sequence[str], title: str, parent: QWidget) -> None:
        super().__init__(0, len(names), parent)
        self._theme = theme
        self.setHorizontalHeader(FlatHeader(theme, self))
        self.setHorizontalHeaderLabels(list(names))
        self.setItemDelegate(_RowDelegate(theme, self))
        self.setAccessibleName(title)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.grown(28, "body"))
        self.verticalHeader().setMinimumSectionSize(10)
        self.setShowGrid(False)
        self.setFrameStyle(QFrame.Shape.Box | QFrame.Shadow.Plain)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.colour("line"))
        self.setPalette(palette)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(16, 16))
        self.setWordWrap(False)

    def put(self, row: int, column: int, text: str, *, icon: str = "", colour: str = "text", fill: str = "",
            weight: int = 400) -> QTableWidgetItem:  # fmt: skip
        """A cell."""
        cell = QTableWidgetItem(text)
        cell.setForeground(self._theme.colour(colour))
        cell.setFont(self._theme.font("small" if weight == 400 else "body", weight))
        cell.setToolTip(text)
        if icon:
            cell.setIcon(self._icon(icon, colour))
        if fill:
            cell.setBackground(self._theme.colour(fill))
        self.setItem(row, column, cell)
        return cell

    def _icon(self, name: str, colour: str) -> QIcon:
        return ICONS.icon(name, 16, self._theme.colour(colour))

    def fit(self) -> None:
        """As high as its rows."""
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        self.setFixedHeight(rows + self.horizontalHeader().height() + 2 * self.frameWidth())


class ReaderTable(_Table):
    """Who can read what: today, in the public thread afterwards, in the private case."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        names = ["", *(words.say(f"convert_col_{name}") for name in ("who", "today", "public", "private", "change"))]
        super().__init__(theme, names, words.say("convert_readers"), parent)
        for column, icon, colour in ((3, "world", "public"), (4, "users", "customer")):
            if (named := self.horizontalHeaderItem(column)) is not None:
                named.setIcon(ICONS.icon(icon, 16, theme.colour(colour)))
        header = self.horizontalHeader()
        header.setMinimumSectionSize(16)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(0, 22)

    def show_readers(self, lines: Sequence[ReaderLine]) -> None:
        """Show these."""
        at = max(0, self.currentRow())
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            fill = {"+": "customer_tint", "-": "sunken"}.get(line.sign, "")
            colour = "customer" if line.sign == "+" else "text"
            sign = {"+": "+", "-": "\N{MINUS SIGN}"}.get(line.sign, "")
            self.put(row, 0, sign, colour=colour, fill=fill, weight=600)
            self.put(row, 1, line.who, fill=fill, weight=600).setToolTip(f"{line.who}: {line.change}")
            for column, (icon, said) in enumerate(line.views, 2):
                self.put(row, column, said, icon=icon, colour="text2" if icon == "eye-off" else "text", fill=fill)
            self.put(row, 5, line.change, colour="customer" if line.sign == "+" else "text2", fill=fill)
        self.setCurrentCell(min(at, len(lines) - 1), 1)
        self.fit()
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other columns at other widths."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Who it is has to be read: where there is no room, the words about what changes go first (the sign and the
        tip stay), then what is so today.
        """
        room = self.viewport().width() - self.columnWidth(0) - _LEAST * self._theme.scale // 100
        needed = {column: self._needed(column) for column in range(2, self.columnCount())}
        for column in (5, 2):
            hide = sum(needed.values()) > room
            if hide != self.isColumnHidden(column):
                self.setColumnHidden(column, hide)
            if hide:
                needed.pop(column)

    def _needed(self, column: int) -> int:
        cells = [self.item(row, column) for row in range(self.rowCount())]
        width = max((text_width(self._theme, cell.text(), "small") for cell in cells if cell is not None), default=0)
        icon = 0 if column == 5 else 22
        return max(width + icon + 20, self.horizontalHeader().sectionSizeHint(column))


class ReadingTable(_Table):
    """What was read, as whom, and what came back."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        names = [words.say(f"convert_col_{name}") for name in ("as", "looked", "result", "at")]
        super().__init__(theme, names, words.say("convert_proof"), parent)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.lines: Sequence[ReadingLine] = ()

    def show_readings(self, lines: Sequence[ReadingLine]) -> None:
        """Show these."""
        at, self.lines = max(0, self.currentRow()), lines
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            icon, colour = _ANSWERS[line.answer]
            fill = "danger_tint" if line.answer is Answer.VISIBLE else ""
            self.put(row, 0, line.viewer, icon=icon, colour=colour, fill=fill, weight=600)
            self.put(row, 1, line.what, colour="text2", fill=fill)
            strong = 600 if line.answer is Answer.VISIBLE else 400
            self.put(row, 2, line.result, colour=colour if strong == 600 else "text", fill=fill, weight=strong)
            self.put(row, 3, line.at, colour="text2", fill=fill)
        worst = next((n for n, line in enumerate(lines) if line.answer is Answer.VISIBLE), at)
        self.setCurrentCell(min(worst, len(lines) - 1), 0)
        self.fit()
