"""Popups that live inside the window: frameless dialogs with a hairline, round corners and the only shadow there is.

They are children of the window, not windows of their own, so that they stand where they are drawn on every system.
While one is open, its keys are its own: no command of the window behind it can be triggered.
"""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from views.theme import Theme

SHADOW = 16
_STEPS = 8


class Sheet(QDialog):
    """Base of palette, key sheet, reasons and filter. Escape or a click outside closes it and gives the focus back."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.theme = theme
        self.host = window
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.setAutoFillBackground(False)
        self._before: QWidget | None = None
        self.hide()

    def open_at(self, rect: QRect) -> None:
        """Show it with its border at ``rect`` (coordinates of the window) and take the focus."""
        self._before = QApplication.focusWidget()
        self.setGeometry(rect.adjusted(-SHADOW, -SHADOW, SHADOW, SHADOW))
        self.show()
        self.raise_()
        self.focus_first()
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def focus_first(self) -> None:
        """Where typing goes when it opens."""
        self.setFocus()

    def inner(self) -> QRect:
        """The area within the border, in the sheet's own coordinates."""
        return self.rect().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)

    def done(self, result: int) -> None:
        """Close and give the focus back to where it was."""
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        before, self._before = self._before, None
        super().done(result)
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus()

    def event(self, event: QEvent) -> bool:
        """Keys stay here: whatever a child does not use is not a shortcut of the window."""
        if event.type() is QEvent.Type.ShortcutOverride and self.isVisible():
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """A click elsewhere in the window closes it."""
        if event.type() is QEvent.Type.MouseButtonPress and self.isVisible() and isinstance(watched, QWidget):
            inside = watched is self or self.isAncestorOf(watched)
            if not inside and watched.window() is self.window():
                QTimer.singleShot(0, self.reject)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; nothing falls through to the window."""
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Shadow, ground, border."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.inner())
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(_STEPS, 0, -1):
            spread = step * SHADOW / _STEPS
            painter.setBrush(QColor(0, 0, 0, 7))
            painter.drawRoundedRect(box.adjusted(-spread, -spread + 5, spread, spread + 5), 8 + spread, 8 + spread)
        painter.setPen(self.theme.pen("line_strong"))
        painter.setBrush(self.theme.colour("raised"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def corner(self) -> QPoint:
        """Top left of the inner area in the window's coordinates."""
        return self.mapTo(self.host, self.inner().topLeft())
