"""The button that sends: it carries the audience by icon, word and fill; dashed and dead while something blocks."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from moderation.findings import Audience
from views.painting import AUDIENCE_ICON, LEFT, draw_icon, focus_ring, keycap, keycap_height, keycap_width, text_width
from views.theme import Theme

_KEY = "Ctrl ↵"


class SendButton(QAbstractButton):
    """“Post publicly”, “Add staff note”."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._audience = Audience.STAFF
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_audience(self, audience: Audience, word: str, *, blocked: bool) -> None:
        """What it does now."""
        self._audience = audience
        self.setText(word)
        self.setAccessibleName(word)
        self.setEnabled(not blocked)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Icon, word, key."""
        width = 34 + text_width(self._theme, self.text(), "body", 500) + 8 + keycap_width(self._theme, _KEY) + 10
        return QSize(width, self._theme.height("button"))

    def minimumSizeHint(self) -> QSize:
        """It is never squeezed."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        live = self.isEnabled()
        if live:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(str(self._audience)))
        else:
            pen = QPen(theme.colour("line_strong"), 1)
            pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(theme.colour("window"))
        painter.drawRoundedRect(area, 6, 6)
        colour = "surface" if live else "text_disabled"
        middle = self.height() // 2
        draw_icon(painter, theme, AUDIENCE_ICON[self._audience], QPoint(10, middle - 8), 16, colour)
        painter.setFont(theme.font("body", 500))
        painter.setPen(theme.colour(colour))
        width = text_width(theme, self.text(), "body", 500)
        painter.drawText(QRect(34, 0, width + 4, self.height()), LEFT, self.text())
        height = keycap_height(theme)
        box = QRect(42 + width, middle - height // 2, keycap_width(theme, _KEY), height)
        if live:
            keycap(painter, theme, box, _KEY, text="surface", border="surface", fill=None)
        else:
            keycap(painter, theme, box, _KEY, text="text_disabled")
        if self.hasFocus():
            focus_ring(painter, theme, self.rect())
