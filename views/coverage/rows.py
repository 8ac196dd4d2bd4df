"""The threads behind a number: a list that opens over the screen, each of which opens in the browser."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from moderation.charts.words import span
from moderation.coverage.doors import Asked
from moderation.text import one_line
from views.coverage.reading import Head
from views.coverage.table import PlainTable
from views.painting import Pen
from views.sheet import SHADOW, Sheet
from views.theme import Theme
from views.words import Words

Index = QModelIndex | QPersistentModelIndex
_COLUMNS = ("thread", "forum", "asked", "staff", "stands")
_WIDTH, _PAD = 980, 20
_AHEAD = 40
_OF_SHEET = frozenset({Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_O, Qt.Key.Key_Y, Qt.Key.Key_Return, Qt.Key.Key_Enter})


def moment(milliseconds: int) -> datetime:
    """A time of a line."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


class RowsModel(QAbstractTableModel):
    """Threads; their titles come later, for those that are in view."""

    def __init__(self, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.rows: Sequence[Asked] = ()
        self._forums: Mapping[str, str] = {}
        self._heads: dict[str, Head] = {}
        self._now = datetime.now(UTC)

    def show_rows(self, rows: Sequence[Asked], forums: Mapping[str, str], now: datetime) -> None:
        """Other threads."""
        self.beginResetModel()
        self.rows, self._forums, self._now = rows, forums, now
        self._heads = {}
        self.endResetModel()

    def show_heads(self, heads: Mapping[str, Head]) -> None:
        """Titles that were read."""
        self._heads |= heads
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def lacking(self, first: int, last: int) -> list[str]:
        """Threads among these rows whose titles are not known yet."""
        return [row.thread for row in self.rows[max(0, first) : last + 1] if row.thread not in self._heads]

    def head(self, position: int) -> Head | None:
        """What is known of a thread; ``None`` before it was read."""
        return self._heads.get(self.rows[position].thread) if 0 <= position < len(self.rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Threads."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Title, forum, when it was asked, how long until the staff answered, how it stands."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts."""
        wanted = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}
        return self._text(index.row(), _COLUMNS[index.column()]) if index.isValid() and role in wanted else None

    def _text(self, position: int, column: str) -> str:
        row, words = self.rows[position], self._words
        if column == "thread":
            head = self._heads.get(row.thread)
            if head is None:
                return "…"
            return one_line(head.title, 120) if head.title else words.say("coverage_row_gone", id=row.thread)
        if column == "forum":
            return one_line(self._forums.get(row.forum, row.forum), 40)
        if column == "asked":
            return words.moment(moment(row.submitted), self._now)
        if column == "staff":
            return span(words.say, (row.staff - row.submitted) / 1000) if row.staff else words.say("coverage_none")
        return words.say(f"coverage_stands_{row.stands}")

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._words.say(f"coverage_row_{_COLUMNS[section]}")
        return None


class RowsTable(PlainTable):
    """The list; ``wanted``: titles of these threads (native ids) are to be read."""

    wanted = Signal(object)

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        self.rows = RowsModel(words)
        super().__init__(self.rows, theme, frozenset({0, 1, 4}), parent)
        self.verticalScrollBar().valueChanged.connect(self.want)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters and Enter are the sheet's."""
        if event.key() in _OF_SHEET:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @property
    def widens(self) -> int:
        """The titles do."""
        return 0

    def want(self) -> None:
        """Ask for titles that are in view, and some beyond."""
        first = self.rowAt(0)
        count = self.viewport().height() // max(1, self.verticalHeader().defaultSectionSize()) + _AHEAD
        if lacking := self.rows.lacking(first, max(first, 0) + count):
            self.wanted.emit(lacking)


class RowsSheet(Sheet):
    """Title, list, what the keys do. ``opened`` and ``copied``: the address of a thread."""

    opened = Signal(str)
    copied = Signal(str)

    def __init__(self, theme: Theme, words: Words, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words = words
        self.said = ""
        self.table = RowsTable(theme, words, self)
        self.table.doubleClicked.connect(lambda _: self._use(self.opened))

    def show_rows(self, said: str, rows: Sequence[Asked], forums: Mapping[str, str], now: datetime) -> None:
        """Open it on the threads behind a number."""
        self.said = said
        self.table.rows.show_rows(rows, forums, now)
        title = self._words.count("coverage_rows", len(rows))
        self.setAccessibleName(f"{title}: {said}")
        self.table.setAccessibleName(title)
        width = min(_WIDTH, self.host.width() - 48)
        row = self.theme.grown(28)
        height = min(self._head() + row * (len(rows) + 1) + 12 + self._foot(), self.host.height() - 80)
        self.open_at(QRect((self.host.width() - width) // 2, max(SHADOW, 60), width, height))
        inner = self.inner()
        inner.adjust(_PAD, self._head(), -_PAD, -self._foot())
        self.table.setGeometry(inner)
        if rows:
            self.table.setCurrentIndex(self.table.rows.index(0, 0))
        self.table.want()

    def focus_first(self) -> None:
        """The list has the keys."""
        self.table.setFocus()

    def _head(self) -> int:
        return self.theme.grown(58, "pane", 2)

    def _foot(self) -> int:
        return self.theme.grown(36, "small")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, the number in full; below, the keys."""
        super().paintEvent(event)
        painter, inner = QPainter(self), self.inner()
        line = self.theme.line("pane") + 4
        upper = QRect(inner.left() + _PAD, inner.top() + 8, inner.width() - 2 * _PAD, line)
        count = self._words.count("coverage_rows", len(self.table.rows.rows))
        Pen(painter, self.theme, upper).left(count, "pane", "text")
        Pen(painter, self.theme, upper.translated(0, line)).left(self.said, "small", "text2")
        foot = QRect(upper.left(), inner.bottom() - self._foot(), upper.width(), self._foot())
        Pen(painter, self.theme, foot).left(self._words.say("coverage_rows_keys"), "small", "text2")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K go, Enter and O open, Y copies the address, Escape closes."""
        key = event.key()
        steps = {int(Qt.Key.Key_J): 1, int(Qt.Key.Key_K): -1}
        if key in steps:
            self.table.step(steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_O}:
            self._use(self.opened)
        elif key == Qt.Key.Key_Y:
            self._use(self.copied)
        super().keyPressEvent(event)

    def _use(self, signal: Any) -> None:
        head = self.table.rows.head(self.table.currentIndex().row())
        signal.emit(head.url if head is not None else "")
