"""The list of private cases, painted like the queue."""

from collections.abc import Callable, Sequence
from datetime import datetime

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

from moderation.conversation import Standing, Status
from views.cases.model import ROW, CasesModel, Heading, Key, Row, key_of
from views.cases.words import SIGNS, CaseWords
from views.communities import Badge
from views.painting import Pen, draw_icon, focus_ring, letter_mark
from views.surface import Surface
from views.theme import Scheme, Theme
from views.words import Words

_LEFT, _RIGHT = 36, 12


class _Rows(QStyledItemDelegate):
    """Paints heads and cases. ``badge_of``: from which community a case is, where there are several."""

    def __init__(self, theme: Theme, said: CaseWords, now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._said, self._now, self._table = theme, said, now, parent
        self.badge_of: Callable[[str], Badge] = lambda name: Badge()

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
            pen = Pen(painter, theme, rect.adjusted(12, 0, -_RIGHT, 0))
            pen.right(self._said.words.number(row.count), "small", "text2", weight=600)
            pen.left(self._said.words.say(row.code), "small", "text2", weight=600)
        elif isinstance(row, Standing):
            self._case(painter, option, row)
        painter.setPen(theme.pen("line"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())

    def _case(self, painter: QPainter, option: QStyleOptionViewItem, one: Standing) -> None:
        theme, rect = self._theme, option.rect
        self._ground(painter, option)
        line = theme.line("body")
        first = rect.top() + (rect.height() - 2 * line - 2) // 2
        icon, colour = SIGNS[one.status]
        at = QPoint(rect.left() + 12, first + (line - 16) // 2)
        draw_icon(painter, theme, icon, at, 16, theme.status_colour(colour))
        badge = self.badge_of(one.case.community)
        if badge.letter:
            letter_mark(
                painter, theme, QRect(rect.left() + 12, first + line + 2 + (line - 16) // 2, 16, 16), badge.letter
            )
        width = rect.width() - _LEFT - _RIGHT
        upper = Pen(painter, theme, QRect(rect.left() + _LEFT, first, width, line))
        over = one.status.over
        if age := self._said.age(one, self._now()):
            upper.right(age, "small", "text3", gap=12)
        strong = one.status in {Status.WAITING_STAFF, Status.STOPPED}
        upper.left(self._said.title(one), "body", "text3" if over else "text", weight=600 if strong else 400)
        self._second(painter, QRect(rect.left() + _LEFT, first + line + 2, width, line), one)

    def _second(self, painter: QPainter, area: QRect, one: Standing) -> None:
        pen, theme, said = Pen(painter, self._theme, area), self._theme, self._said
        icon, word, colour = said.alarm(one)
        if word:
            pen.right(word, "small", theme.status_colour(colour), weight=600, gap=4)
            pen.icon_right(icon, theme.status_colour(colour), 16)
        if kind := said.kind(one):
            pen.right(kind, "small", "text2")
        pen.left(said.customer(one), "small", "text3" if one.status.over else "text", weight=500, gap=0)
        pen.left(f" · {said.last(one)}", "small", "text2")

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        theme, rect = self._theme, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        active = self._table.hasFocus()
        name = ("selected" if active else "selected_inactive") if selected else "hover" if hovered else "surface"
        painter.fillRect(rect, theme.colour(name))
        if selected:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
        if selected and theme.scheme is Scheme.CONTRAST:
            focus_ring(painter, theme, rect, 0)


class CasesTable(QTableView):
    """``chosen``: the case that became current, by key, mouse or program; ``None`` for none."""

    chosen = Signal(object)

    def __init__(
        self, theme: Theme, said: CaseWords, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rows = CasesModel(self)
        self.rows.describe = lambda row: _described(row, said, now())
        self.setModel(self.rows)
        self.painter_of_rows = _Rows(theme, said, now, self)
        self.setItemDelegate(self.painter_of_rows)
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
        self._key: Key | None = None

    @property
    def current(self) -> Standing | None:
        """The case at hand."""
        return self.rows.case(self.currentIndex().row())

    def show_cases(self, found: Sequence[Standing]) -> None:
        """Other rows; the case at hand stays at hand while it is there."""
        kept = self._key
        if self.rows.show_cases(found):
            self.go_to(kept)
        self.viewport().update()

    def begin_at(self, key: Key | None) -> None:
        """Which case is to be current when there are rows: the one that other widgets had at hand."""
        self._key = key

    def go_to(self, key: Key | None) -> None:
        """Make a case current."""
        position = self.rows.position(key)
        if position >= 0:
            self.setCurrentIndex(self.rows.index(position, 0))
            self.scrollTo(self.rows.index(position, 0))
        else:
            self._key = None
            self.chosen.emit(None)

    def step(self, by: int) -> None:
        """Next or previous case."""
        position = self.currentIndex().row() + by
        while 0 <= position < len(self.rows.rows):
            if self.rows.case(position) is not None:
                self.setCurrentIndex(self.rows.index(position, 0))
                return
            position += by

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell which case is current now."""
        super().currentChanged(current, previous)
        found = self.rows.case(current.row())
        if found is not None:
            self._key = key_of(found)
            self.chosen.emit(self._key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does nothing by itself."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""


def _described(row: Row, said: CaseWords, now: datetime) -> str:
    if isinstance(row, Heading):
        return f"{said.words.say(row.code)} {said.words.number(row.count)}"
    return said.described(row, now)


class CasesHeader(Surface):
    """Title and how many are open; below, the longest wait."""

    lines = "b"

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("pane_header", "pane"))
        self.open = 0

    def show_open(self, count: int) -> None:
        """How many are not over."""
        self.open = count
        self.setAccessibleName(f"{self.words.say('place_cases')}, {self.words.count('cases_open', count)}")
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Title, number."""
        pen = Pen(painter, self.theme, rect.adjusted(12, 0, -12, 0))
        pen.left(self.words.say("place_cases"), "pane", "text")
        pen.left(self.words.number(self.open), "body", "text2")


class LongestWait(Surface):
    """The line under the head: for how long the customer who waits longest has waited for us."""

    lines = "b"

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.grown(28, "small"))
        self.said = ""

    def show_wait(self, cases: Sequence[Standing], now: datetime) -> None:
        """Count it."""
        since = [one.waiting_since for one in cases if one.status is Status.WAITING_STAFF and one.waiting_since]
        if since:
            self.said = self.words.say("cases_longest", span=self.words.span((now - min(since)).total_seconds()))
        else:
            self.said = self.words.say("cases_nobody_waits")
        self.setAccessibleName(self.said)
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """The sentence."""
        Pen(painter, self.theme, rect.adjusted(12, 0, -12, 0)).left(self.said)


class CasesPanel(QWidget):
    """Head, longest wait, list."""

    def __init__(
        self, theme: Theme, said: CaseWords, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._now = now
        self.header = CasesHeader(theme, said.words, self)
        self.wait = LongestWait(theme, said.words, self)
        self.table = CasesTable(theme, said, now, self)
        self.table.setAccessibleName(said.words.say("place_cases"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.wait)
        column.addWidget(self.table, 1)

    def show_cases(self, found: Sequence[Standing]) -> None:
        """What there is."""
        self.header.show_open(sum(not one.status.over for one in found))
        self.wait.show_wait(found, self._now())
        self.table.show_cases(found)
