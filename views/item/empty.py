"""What stands in the item's place when there is none: the queue is empty, or a filter hides everything."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from views.icons import ICONS
from views.painting import CENTRE, Pen, hairline
from views.surface import Surface
from views.theme import Theme
from views.words import Words


def with_empty(pane: QWidget, header: QWidget, full: QWidget, empty: QWidget) -> QStackedLayout:
    """Lay a pane out: its header, and below it what is full or what stands there when there is nothing (1)."""
    stack = QWidget(pane)
    either = QStackedLayout(stack)
    either.addWidget(full)
    either.addWidget(empty)
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(header)
    column.addWidget(stack, 1)
    return either


class EmptyPane(Surface):
    """The dark sign, one sentence, one line on the day, what waits elsewhere."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.sentence, self.line = "", ""
        self.elsewhere: list[tuple[str, str, str, str]] = []

    def show_empty(self, sentence: str, line: str, elsewhere: list[tuple[str, str, str, str]]) -> None:
        """``elsewhere``: icon, what, more, key of each line."""
        self.sentence, self.line, self.elsewhere = sentence, line, elsewhere
        said = [sentence, line, *(f"{what} {more}" for _, what, more, _ in elsewhere)]
        self.setAccessibleName(". ".join(part for part in said if part))
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Everything centred, the sign a third from the top."""
        theme = self.theme
        top = max(24, rect.height() // 3 - 130)
        ratio = self.devicePixelRatioF()
        sign = ICONS.pixmap("sign-empty", 120, theme.colour("line_strong"), ratio, 76)
        painter.drawPixmap(QPoint((rect.width() - 120) // 2, top), sign)
        y = top + 76 + 24
        painter.setFont(theme.font("empty"))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRect(20, y, rect.width() - 40, theme.line("empty")), CENTRE, self.sentence)
        y += theme.line("empty") + 6
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text2"))
        painter.drawText(QRect(20, y, rect.width() - 40, theme.line("body")), CENTRE, self.line)
        if self.elsewhere:
            self._table(painter, y + theme.line("body") + 28)

    def _table(self, painter: QPainter, top: int) -> None:
        theme = self.theme
        width, row = min(640, self.width() - 40), theme.grown(44)
        box = QRect((self.width() - width) // 2, top, width, row * len(self.elsewhere) + theme.grown(34))
        head = QRect(box.left(), box.top(), width, theme.grown(34))
        painter.fillRect(head, theme.colour("window"))
        painter.setPen(theme.pen("line"))
        painter.drawRect(box)
        Pen(painter, theme, head.adjusted(14, 0, -14, 0)).left(self.tr("What waits elsewhere"), "small", weight=600)
        for number, (icon, what, more, key) in enumerate(self.elsewhere):
            area = QRect(box.left(), head.bottom() + 1 + number * row, width, row)
            hairline(painter, theme, area.left(), area.top(), area.right(), area.top())
            pen = Pen(painter, theme, area.adjusted(16, 0, -14, 0))
            if key:
                pen.key_right(key)
            pen.icon_left(icon, "text2", gap=12)
            pen.left(what, "body", "text", weight=600)
            pen.left(more)
