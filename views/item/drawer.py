"""The author's drawer: figures, what was decided before, notes of staff."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from moderation.findings import Audience
from views.item.facts import ItemFacts, Line, Section
from views.painting import LEFT, Pen, audience_edge, avatar, elided
from views.surface import Surface
from views.theme import Theme
from views.words import Words

_PAD = 14


class _Sheet(Surface):
    """The contents of the drawer, drawn from top to bottom."""

    ground = "window"

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.facts: ItemFacts | None = None

    def show_author(self, facts: ItemFacts | None) -> None:
        self.facts = facts
        self._fit()
        said = []
        if facts is not None:
            said = [facts.author, facts.author_since]
            for section in facts.drawer:
                said += [section.title, *(f"{line.left} {line.right}" for line in section.lines), section.note]
        self.setAccessibleName(", ".join(part for part in said if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, self.minimumHeight())

    def draw(self, painter: QPainter, rect: QRect) -> None:
        del rect
        self._place(painter)

    def _place(self, painter: QPainter | None) -> int:
        """Draw (or only measure, without a painter) and give the height."""
        if self.facts is None:
            return 0
        theme, facts, y = self.theme, self.facts, 12
        if painter is not None:
            avatar(painter, theme, QRect(_PAD, y, 36, 36), facts.author)
            lines = 2 if facts.author_since else 1
            top = y + (36 - theme.line("pane") * lines) // 2 if lines == 1 else y
            area = QRect(_PAD + 46, top, self.width() - _PAD * 2 - 46, theme.line("pane"))
            Pen(painter, theme, area).left(facts.author, "pane", "text")
            Pen(painter, theme, area.translated(0, theme.line("pane") - 2)).left(facts.author_since)
        y += max(36, 2 * theme.line("pane")) + 10
        for section in facts.drawer:
            y = self._section(painter, section, y)
        return y + 12

    def _section(self, painter: QPainter | None, section: Section, y: int) -> int:
        theme = self.theme
        if section.title:
            y += 10
            if painter is not None:
                area = QRect(_PAD, y, self.width() - 2 * _PAD, theme.line("label") + 4)
                Pen(painter, theme, area).left(section.title, "label", "text3")
            y += theme.line("label") + 8
        if section.note:
            return self._note(painter, section, y)
        for line in section.lines:
            if painter is not None:
                area = QRect(_PAD, y, self.width() - 2 * _PAD, theme.line("small") + 4)
                self._line(painter, area, line, figures=not section.title)
            y += theme.line("small") + 5
        return y

    def _line(self, painter: QPainter, area: QRect, line: Line, *, figures: bool) -> None:
        pen = Pen(painter, self.theme, area)
        pen.right(line.right, "small", "text" if figures or line.icon else "text2")
        if line.icon is not None:
            pen.icon_left(line.icon, "text2", 14)
        pen.left(line.left, "small", "text2" if figures else "text")

    def _note(self, painter: QPainter | None, section: Section, y: int) -> int:
        """A note for staff: hatched edge, word, text, who and when."""
        theme, width = self.theme, max(40, self.width() - 2 * _PAD)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        inner = QRect(_PAD + 16, y + 8, width - 24, 4000)
        text = theme.metrics("small").boundingRect(inner, flags, section.note)
        head = theme.line("small") + 4
        height = 8 + head + text.height() + 4 + theme.line("small") + 8
        if painter is not None:
            painter.fillRect(QRect(_PAD, y, width, height), theme.colour("staff_tint"))
            audience_edge(painter, theme, QRect(_PAD, y, 6, height), Audience.STAFF)
            pen = Pen(painter, theme, QRect(inner.left(), y + 8, inner.width(), head - 2))
            pen.icon_left("lock", "staff", 14, gap=6)
            pen.left(self.words.say("audience_note"), "small", "staff", weight=600)
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text"))
            painter.drawText(inner.translated(0, head), flags, section.note)
            by = section.lines[0].left if section.lines else ""
            painter.setPen(theme.colour("text2"))
            below = QRect(inner.left(), y + 8 + head + text.height() + 4, inner.width(), theme.line("small"))
            painter.drawText(below, LEFT, elided(theme.metrics("small"), by, below.width()))
        return y + height + 8

    def resizeEvent(self, event: object) -> None:
        del event
        self._fit()

    def _fit(self) -> None:
        height = self._place(None)
        if height != self.minimumHeight():
            self.setMinimumHeight(height)


class Drawer(QScrollArea):
    """The sheet in a scroll area; focusable so that it can be read by keys."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = _Sheet(theme, words, self)
        self.setWidget(self._sheet)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Author"))

    def overlay(self, over: bool) -> None:
        """Whether it lies over the text, with a line of its own at the left."""
        self._sheet.lines = "l" if over else ""
        self._sheet.update()

    def show_author(self, facts: ItemFacts | None) -> None:
        """The author of an item."""
        self._sheet.show_author(facts)
        self.verticalScrollBar().setValue(0)
