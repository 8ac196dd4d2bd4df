"""All reports of an item, and what happened to it so far."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from views.item.facts import ItemFacts, Line
from views.painting import Pen, avatar, hairline
from views.sheet import SHADOW, Sheet
from views.theme import Theme

_WIDTH = 720


class HistorySheet(Sheet):
    """A list that scrolls; Escape closes it."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window)
        self._rows: list[tuple[str, Line | None]] = []
        self._first = 0

    def show_history(self, facts: ItemFacts) -> None:
        """Open it for an item."""
        self._rows = [(self.tr("Reports"), None), *(("", line) for line in facts.reports)]
        if facts.history:
            self._rows += [(self.tr("History"), None), *(("", line) for line in facts.history)]
        self._first = 0
        self.setAccessibleName(self.tr("All reports and history"))
        said = [title if line is None else f"{line.left} {line.middle} {line.right}" for title, line in self._rows]
        self.setAccessibleDescription("; ".join(said))
        width = min(_WIDTH, self.host.width() - 60)
        height = min(self._head() + len(self._rows) * self._row() + 16, self.host.height() - 160)
        self.open_at(QRect((self.host.width() - width) // 2, max(SHADOW, 90), width, height))

    def _row(self) -> int:
        return self.theme.grown(30, "small")

    def _head(self) -> int:
        return self.theme.grown(46, "pane")

    def _visible(self) -> int:
        return max(1, (self.inner().height() - self._head() - 12) // self._row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Space scroll."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1}
        if event.key() in steps:
            self._scroll(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Space:
            self._scroll(self._visible())
        else:
            super().keyPressEvent(event)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls."""
        self._scroll(-2 if event.angleDelta().y() > 0 else 2)

    def _scroll(self, by: int) -> None:
        self._first = max(0, min(self._first + by, len(self._rows) - self._visible()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Head and lines."""
        super().paintEvent(event)
        painter, theme, inner = QPainter(self), self.theme, self.inner()
        head = QRect(inner.left() + 18, inner.top(), inner.width() - 36, self._head())
        pen = Pen(painter, theme, head)
        pen.key_right("Esc")
        pen.left(self.tr("All reports and history"), "pane", "text")
        hairline(painter, theme, inner.left() + 1, head.bottom(), inner.right() - 1, head.bottom())
        y = head.bottom() + 6
        for title, line in self._rows[self._first : self._first + self._visible()]:
            area = QRect(inner.left() + 18, y, inner.width() - 36, self._row())
            if line is None:
                Pen(painter, theme, area).left(title, "label", "text3")
            else:
                self._line(painter, area, line)
            y += self._row()

    def _line(self, painter: QPainter, area: QRect, line: Line) -> None:
        pen = Pen(painter, self.theme, area)
        if line.face:
            avatar(painter, self.theme, QRect(area.left(), area.center().y() - 9, 18, 18), line.face)
            pen.rect.adjust(26, 0, 0, 0)
        elif line.icon:
            pen.icon_left(line.icon, "text2", 16, gap=10)
        pen.right(line.right)
        pen.left(line.left, "small", "text", weight=500)
        pen.left(line.middle)
