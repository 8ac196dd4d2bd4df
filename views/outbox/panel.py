"""The list of the outbox, painted like the queue."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from moderation.desk.outbox import OutboxEntry, OutboxGroups
from moderation.intents import IntentState
from views.decisions import Decisions
from views.outbox.model import ROW, Heading, OutboxModel, Row
from views.outbox.words import ICONS, IntentWords
from views.painting import Pen, draw_icon, pie
from views.surface import Surface
from views.theme import Theme
from views.words import Words


class _Rows(QStyledItemDelegate):
    """Paints headings and intents."""

    def __init__(self, theme: Theme, said: IntentWords, decisions: Decisions, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._said, self._decisions = theme, said, decisions

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        heading = isinstance(index.data(ROW), Heading)
        height = self._theme.grown(28, "small") if heading else self._theme.grown(56, "body", 2)
        return QSize(option.rect.width(), height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, rect, theme = index.data(ROW), option.rect, self._theme
        if isinstance(row, Heading):
            painter.fillRect(rect, theme.colour("window"))
            pen = Pen(painter, theme, rect.adjusted(12, 0, -12, 0))
            pen.right(self._said.words.number(row.count), "small", "text2", weight=600)
            pen.left(self._said.words.say(row.code), "small", "text2", weight=600)
        elif isinstance(row, OutboxEntry):
            self._entry(painter, option, row)
        painter.setPen(theme.pen("line"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())

    def _entry(self, painter: QPainter, option: QStyleOptionViewItem, entry: OutboxEntry) -> None:
        theme, rect, said = self._theme, option.rect, self._said
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(rect, theme.colour("selected" if selected else "hover" if hovered else "surface"))
        if selected:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
        line = theme.line("body")
        first = rect.top() + (rect.height() - 2 * line - 2) // 2
        self._sign(painter, entry, QRect(rect.left() + 12, first + (line - 16) // 2, 16, 16))
        upper = Pen(painter, theme, QRect(rect.left() + 36, first, rect.width() - 48, line))
        upper.right(said.words.clock(entry.intent.changed_at or entry.intent.created_at), "small", "text3", gap=12)
        upper.left(said.title(entry), "body", "text", weight=500)
        lower = Pen(painter, theme, QRect(rect.left() + 36, first + line + 2, rect.width() - 48, line))
        colour = theme.status_colour(ICONS[entry.intent.state][1])
        lower.left(self._state(entry), "small", colour, weight=600, gap=0)
        if detail := said.detail(entry):
            lower.left(f" · {detail}", "small", "text2")

    def _state(self, entry: OutboxEntry) -> str:
        left = self._decisions.remaining(entry.intent.id)
        if entry.intent.state is IntentState.HELD and left is not None and left[0] <= 0:
            return self._said.words.say("state_waiting")
        if entry.intent.state is IntentState.HELD and left is not None:
            return self._said.words.say("state_leaves", n=max(1, round(left[0] + 0.49)))
        return self._said.state(entry.intent)

    def _sign(self, painter: QPainter, entry: OutboxEntry, area: QRect) -> None:
        icon, colour = ICONS[entry.intent.state]
        if icon == "pie":
            left = self._decisions.remaining(entry.intent.id)
            pie(painter, self._theme, area, left[1] if left is not None else 0.0)
        else:
            draw_icon(painter, self._theme, icon, QPoint(area.topLeft()), 16, self._theme.status_colour(colour))


def _described(row: Row, said: IntentWords) -> str:
    """A row for people who cannot see it."""
    if isinstance(row, Heading):
        return f"{said.words.say(row.code)} {said.words.number(row.count)}"
    at = said.words.clock(row.intent.changed_at or row.intent.created_at)
    return ", ".join(part for part in (said.title(row), said.state(row.intent), said.detail(row), at) if part)


class OutboxTable(QTableView):
    """``chosen``: the intent (id) that is current. ``pressed_key``: a letter that may be a choice."""

    chosen = Signal(str)
    pressed_key = Signal(str)

    def __init__(self, theme: Theme, said: IntentWords, decisions: Decisions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = OutboxModel(self)
        self.rows.describe = lambda row: _described(row, said)
        self.setModel(self.rows)
        self.setItemDelegate(_Rows(theme, said, decisions, self))
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._intent = ""

    def show_groups(self, groups: OutboxGroups) -> None:
        """Other rows; the current intent stays current while it is there."""
        kept = self._intent
        if self.rows.show_groups(groups):
            self.go_to(kept)
        self.viewport().update()

    def go_to(self, intent: str) -> None:
        """Make an intent current."""
        position = self.rows.position(intent)
        if position >= 0:
            self.setCurrentIndex(self.rows.index(position, 0))
        else:
            self._intent = ""
            self.chosen.emit("")

    def step(self, by: int) -> None:
        """Next or previous intent."""
        position = self.currentIndex().row() + by
        while 0 <= position < len(self.rows.rows):
            if self.rows.entry(position) is not None:
                self.setCurrentIndex(self.rows.index(position, 0))
                return
            position += by

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell which intent is current now."""
        super().currentChanged(current, previous)
        entry = self.rows.entry(current.row())
        if entry is not None:
            self._intent = entry.intent.id
            self.chosen.emit(entry.intent.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters choose; arrows move."""
        letter = event.text().upper()
        if len(letter) == 1 and letter.isalpha() and not event.modifiers():
            if not event.isAutoRepeat():  # one that is held must not answer for the next intent too
                self.pressed_key.emit(letter)
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are choices here."""


class OutboxHeader(Surface):
    """Title and how many are open."""

    lines = "b"

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("pane_header", "pane"))
        self.open = 0

    def show_open(self, count: int) -> None:
        """How many are not over."""
        self.open = count
        self.setAccessibleName(self.words.count("outbox_open", count))
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Title, number."""
        pen = Pen(painter, self.theme, rect.adjusted(12, 0, -12, 0))
        pen.left(self.words.say("place_outbox"), "pane", "text")
        pen.left(self.words.count("outbox_open", self.open), "body", "text2")


class OutboxPanel(QWidget):
    """Header and list."""

    def __init__(
        self, theme: Theme, words: Words, said: IntentWords, decisions: Decisions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.header = OutboxHeader(theme, words, self)
        self.table = OutboxTable(theme, said, decisions, self)
        self.table.setAccessibleName(words.say("place_outbox"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.table, 1)
