"""Why the item is here: how often it was reported, its priority, and who said what."""

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from views.item.facts import Line, Why
from views.painting import Pen, avatar, draw_icon, elided, hairline, text_width
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme
from views.words import Words

_MARGIN, _TOP = 20, 16


class WhyTable(Surface):
    """A bordered table, one row a reporter; a row for the rest opens all of them."""

    wanted = Signal()

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self._registry = registry
        self._why: Why | None = None
        self._row = theme.grown(28, "small")
        self.fix_height(self._row + _TOP)

    def show_why(self, why: Why | None) -> None:
        """The table of an item."""
        self._why = why
        rows = 0 if why is None else 1 + len(why.lines) + (1 if why.more else 0)
        self.fix_height(rows * self._row + _TOP + 1 if rows else 0)
        if why is not None:
            said = [f"{why.head}, {why.since}, {why.level} {why.reason}"]
            said += [f"{line.left} {line.middle} {line.right}" for line in why.lines]
            self.setAccessibleName("; ".join(said))
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Border, head, lines."""
        why = self._why
        if why is None:
            return
        theme = self.theme
        box = rect.adjusted(_MARGIN, _TOP, -_MARGIN, 0)
        head = QRect(box.left(), box.top(), box.width(), self._row)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(head, theme.colour("window"))
        painter.restore()
        painter.setPen(theme.pen("line"))
        painter.drawPath(shape)
        self._head(painter, head, why)
        for number, line in enumerate(why.lines, 1):
            area = head.translated(0, number * self._row)
            hairline(painter, theme, area.left(), area.top(), area.right(), area.top())
            self._line(painter, area, line)
        if why.more:
            area = head.translated(0, (len(why.lines) + 1) * self._row)
            hairline(painter, theme, area.left(), area.top(), area.right(), area.top())
            pen = Pen(painter, theme, area.adjusted(12, 0, -12, 0))
            pen.key_right(self._registry.key("history"))
            pen.left(self.words.count("why_more", why.more))

    def _head(self, painter: QPainter, area: QRect, why: Why) -> None:
        pen = Pen(painter, self.theme, area.adjusted(12, 0, -12, 0))
        pen.left(why.head, "small", "text", weight=600)
        pen.left(why.since, gap=16)
        reason = self.words.say("why_reason", reason=why.reason) if why.reason else ""
        level = self.words.say("why_level", level=why.level)
        room = pen.rect.width() - text_width(self.theme, level, "small", 600) - 8
        if reason and room > 40:
            pen.right(elided(self.theme.metrics("small"), reason, room), "small", "text", gap=4)
        pen.right(level, "small", "text", weight=600)

    def _line(self, painter: QPainter, area: QRect, line: Line) -> None:
        pen = Pen(painter, self.theme, area.adjusted(12, 0, -12, 0))
        if line.face is not None:
            avatar(
                painter, self.theme, QRect(area.left() + 12, area.top() + (area.height() - 18) // 2, 18, 18), line.face
            )
        else:
            at = QRect(area.left() + 13, area.top() + (area.height() - 16) // 2, 16, 16)
            draw_icon(painter, self.theme, line.icon or "user", at.topLeft(), 16, "text2")
        pen.rect.adjust(26, 0, 0, 0)
        if line.right:
            pen.right(line.right, gap=12)
        pen.left(line.left, "small", "text", weight=500, least=min(60, pen.rect.width() // 2))
        pen.left(line.middle, "small", "text2")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The last row opens all reports."""
        if self._why is not None and self._why.more and event.button() is Qt.MouseButton.LeftButton:
            self.wanted.emit()
