"""Base of the widgets that draw themselves: a theme, a language, a height that never changes under a person's hands."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from views.painting import hairline
from views.theme import Theme
from views.words import Words


class Surface(QWidget):
    """A strip or pane in one colour with a hairline at some edges; subclasses draw in :meth:`draw`."""

    ground = "surface"
    lines = ""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.words = words
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def fix_height(self, height: int) -> None:
        """Keep this height whatever is shown."""
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """It may be narrow: texts are cut, never the neighbours pushed."""
        return QSize(0, self.height() if self.minimumHeight() == self.maximumHeight() else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, contents, edges."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.theme.colour(self.ground))
        self.draw(painter, self.rect())
        right, bottom = self.width() - 1, self.height() - 1
        if "b" in self.lines:
            hairline(painter, self.theme, 0, bottom, right, bottom)
        if "t" in self.lines:
            hairline(painter, self.theme, 0, 0, right, 0)
        if "l" in self.lines:
            hairline(painter, self.theme, 0, 0, 0, bottom)
        if "r" in self.lines:
            hairline(painter, self.theme, right, 0, right, bottom)

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Draw the contents; nothing by default."""
