"""Buttons of the window: a verb with its icon, word and key, and small ones with an icon alone."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from views.painting import draw_icon, focus_ring, keycap, keycap_height, keycap_width, text_width
from views.registry import Registry
from views.theme import Theme
from views.verbs import VERBS


class Look(Enum):
    """Framed in the bar, filled for the one primary, or bare until hovered."""

    FRAMED = "framed"
    PRIMARY = "primary"
    FLAT = "flat"


class VerbButton(QAbstractButton):
    """A verb of the registry. ``pointed`` tells that it is under the mouse or has the focus."""

    pointed = Signal(str)
    left = Signal()

    def __init__(
        self,
        registry: Registry,
        theme: Theme,
        verb: str,
        *,
        look: Look = Look.FRAMED,
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.verb = verb
        self._registry = registry
        self._theme = theme
        self._look = look
        self._icon = icon
        self._word: str | None = None
        self._asking = False
        self.worded = self.keyed = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda: registry.run(self.verb))
        registry.actions[verb].changed.connect(self.follow)
        self.follow()

    @property
    def word(self) -> str:
        """What stands on it."""
        return self._word or self._registry.label(self.verb).removesuffix("…")

    def say(self, word: str | None, icon: str | None) -> None:
        """Another word and icon for the same verb (claim or release)."""
        if (word, icon) != (self._word, self._icon):
            self._word, self._icon = word, icon
            self.follow()

    @property
    def look(self) -> Look:
        """How it looks now."""
        return self._look

    def dress(self, look: Look) -> None:
        """Another look: filled where it is what is suggested."""
        if look is not self._look:
            self._look = look
            self.update()

    def follow(self) -> None:
        """Take over what the registry says."""
        self.setEnabled(self._registry.possible(self.verb))
        self.setToolTip(self._registry.tip(self.verb))
        self.setAccessibleName(self.word)
        self.setAccessibleDescription(self._registry.key(self.verb))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Icon, word if it is shown, key."""
        width = 10 + 16 + 10
        if self.worded and self.verb != "more":
            width += 8 + text_width(self._theme, self.word, "body", 500)
        key = self._registry.key(self.verb) if self.keyed else ""
        if key:
            width += 8 + keycap_width(self._theme, key)
        return QSize(width, self._theme.height("button"))

    def minimumSizeHint(self) -> QSize:
        """It is never squeezed."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        theme, painter = self._theme, QPainter(self)
        enabled, primary = self.isEnabled(), self._look is Look.PRIMARY and self.isEnabled()
        self._ground(painter, primary)
        colour = "on_ink" if primary else "text" if enabled else "text_disabled"
        middle = self.height() // 2
        icon = self._icon or _icon_of(self.verb)
        draw_icon(painter, theme, icon, QPoint(10, middle - 8), 16, colour)
        x = 34
        if self.worded and self.verb != "more":
            painter.setFont(theme.font("body", 500))
            painter.setPen(theme.colour(colour))
            width = text_width(theme, self.word, "body", 500)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRect(x, 0, width + 4, self.height()), flags, self.word)
            x += width + 8
        key = self._registry.key(self.verb) if self.keyed else ""
        if key:
            height = keycap_height(theme)
            box = QRect(x, middle - height // 2, keycap_width(theme, key), height)
            if primary:
                keycap(painter, theme, box, key, text="on_ink", border="text3", fill=None)
            else:
                keycap(painter, theme, box, key, text="text2" if enabled else "text_disabled")

    def _ground(self, painter: QPainter, primary: bool) -> None:
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if primary:
            painter.setBrush(theme.colour("ink"))
            painter.drawRoundedRect(area, 6, 6)
        elif self._look is not Look.FLAT or self.underMouse() or self.hasFocus():
            framed = self._look is Look.FRAMED
            painter.setPen(theme.pen("line_strong" if framed and self.isEnabled() else "line"))
            hovered = self.isEnabled() and (self.underMouse() or self.isDown())
            painter.setBrush(theme.colour("hover" if hovered else "surface" if framed else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        if self.hasFocus() or self._asking:
            focus_ring(painter, theme, self.rect())

    def ring(self, *, asking: bool) -> None:
        """Mark it while a list above it asks for a reason."""
        if asking is not self._asking:
            self._asking = asking
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell the consequence line."""
        super().enterEvent(event)
        self.pointed.emit(self.verb)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell the consequence line."""
        super().leaveEvent(event)
        self.left.emit()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the consequence line."""
        super().focusInEvent(event)
        self.pointed.emit(self.verb)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the consequence line."""
        super().focusOutEvent(event)
        self.left.emit()


class IconButton(QAbstractButton):
    """An icon in a square of 28; its name, key and reason are in tooltip and accessible name."""

    def __init__(
        self, registry: Registry, theme: Theme, verb: str, size: int = 18, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.verb = verb
        self._registry = registry
        self._theme = theme
        self._size = size
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda: registry.run(self.verb))
        registry.actions[verb].changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Take over what the registry says."""
        self.setEnabled(self._registry.possible(self.verb))
        self.setToolTip(self._registry.tip(self.verb))
        self.setAccessibleName(self._registry.label(self.verb))
        self.update()

    def sizeHint(self) -> QSize:
        """At least 28 to hit."""
        side = self._theme.height("hit_min")
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        painter, theme = QPainter(self), self._theme
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("selected"))
            painter.drawRoundedRect(self.rect(), 6, 6)
        colour = "text" if self.isEnabled() else "text_disabled"
        at = QPoint((self.width() - self._size) // 2, (self.height() - self._size) // 2)
        draw_icon(painter, theme, _icon_of(self.verb), at, self._size, colour)
        if self.hasFocus():
            focus_ring(painter, theme, self.rect())


def _icon_of(verb: str) -> str:
    return VERBS[verb].icon


def drop_words(buttons: Sequence[VerbButton], room: int, order: Sequence[str]) -> None:
    """Leave the words away, in this order of verbs, until the buttons fit into a row; at last the keys too."""
    for button in buttons:
        button.worded = button.keyed = True
    named = {button.verb: button for button in buttons}
    for what in ("worded", "keyed"):
        for verb in order:
            if sum(button.sizeHint().width() + 6 for button in buttons) <= room:
                break
            if verb in named:
                setattr(named[verb], what, False)
    for button in buttons:
        button.updateGeometry()
        button.update()
