"""Small parts of the sheet: texts, buttons, a field for secrets, an address in full, a notice, work under way."""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QEnterEvent,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QShowEvent,
    QTextOption,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from views.outside import copy, in_full, open_address
from views.painting import draw_icon, focus_ring, text_width
from views.theme import Theme
from views.words import Words

_ADDRESS_LINES, _ADDRESS_WIDTH = 4, 500
_STEP_MS, _STEPS = 40, 40


class Text(QLabel):
    """A text in a type role and colour of the theme; it wraps."""

    def __init__(
        self, theme: Theme, text: str = "", role: str = "body", colour: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._theme, self._role, self._colour = theme, role, colour
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.follow()

    def colour(self, name: str) -> None:
        """Another colour."""
        self._colour = name
        self.follow()

    def follow(self) -> None:
        """Take over the theme as it is now."""
        self.setFont(self._theme.font(self._role))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.colour(self._colour))
        self.setPalette(palette)


class Button(QPushButton):
    """A framed button, or the filled one for what comes next; with an icon where one is named."""

    def __init__(
        self, theme: Theme, text: str, *, primary: bool = False, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._theme, self._primary, self._icon = theme, primary, icon
        self.setAutoDefault(primary)
        self.setDefault(primary)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for icon and words."""
        icon = 22 if self._icon else 0
        width = text_width(self._theme, self.text(), "body", 500) + icon + 30
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
        filled = self._primary and self.isEnabled()
        hovered = self.isEnabled() and (self.underMouse() or self.isDown())
        painter.setPen(Qt.PenStyle.NoPen if filled else theme.pen("line_strong" if self.isEnabled() else "line"))
        painter.setBrush(theme.colour("ink" if filled else "hover" if hovered else "surface"))
        painter.drawRoundedRect(area, 6, 6)
        colour = "on_ink" if filled else "text" if self.isEnabled() else "text_disabled"
        left = 15
        if self._icon:
            draw_icon(painter, theme, self._icon, QPoint(12, (self.height() - 16) // 2), 16, colour)
            left = 34
        painter.setFont(theme.font("body", 500))
        painter.setPen(theme.colour(colour))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(left, 0, self.width() - left, self.height()), flags, self.text())
        if self.hasFocus():
            focus_ring(painter, theme, self.rect())

    def enterEvent(self, event: QEnterEvent) -> None:
        """Look hovered."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Look left alone."""
        super().leaveEvent(event)
        self.update()


class Field(QLineEdit):
    """A line to type in, as high as buttons are."""

    def __init__(self, theme: Theme, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setMinimumHeight(theme.height("button") + 2)

    def again(self) -> None:
        """Typing goes here, over what stands there."""
        self.setFocus()
        self.selectAll()


class SecretField(QWidget):
    """A field whose text is masked until the person wants to see it. It keeps no history of what was typed."""

    changed = Signal()

    def __init__(self, theme: Theme, words: Words, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.line = Field(theme, name, words.say("connect_token_hint"), self)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhHiddenText
        )
        self.eye = Button(theme, words.say("connect_show"), icon="eye", parent=self)
        self.eye.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.eye)
        self.setFocusProxy(self.line)
        self.eye.toggled.connect(self._show)
        self.line.textChanged.connect(lambda _: self.changed.emit())

    @property
    def secret(self) -> str:
        """What was typed, without what a copy brings along at its ends."""
        return self.line.text().strip()

    def forget(self) -> None:
        """Empty it; setting a text clears the history, which clearing it would not."""
        self.line.setText("")
        self.eye.setChecked(False)

    def _show(self, shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.eye.setText(self._words.say("connect_hide" if shown else "connect_show"))
        self.eye.updateGeometry()


class Address(QFrame):
    """An address in full, to be read before it is opened in the browser, or copied."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._address, self._theme = "", theme
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.viewport().setAutoFillBackground(False)
        self.text.installEventFilter(self)
        self.text.setTabChangesFocus(True)
        self.text.setFont(theme.font("small"))
        self.text.setAccessibleName(words.say("connect_address_in_full"))
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.open = Button(theme, words.say("connect_open"), icon="external-link", parent=self)
        self.copy = Button(theme, words.say("connect_copy"), icon="link", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(_within(self.text))
        column.addLayout(row_of(self.open, self.copy))
        self.open.clicked.connect(lambda: open_address(self._address))
        self.copy.clicked.connect(lambda: copy(self._address))

    def show_address(self, address: str) -> None:
        """Show this one; long ones scroll."""
        self._address = address
        shown = in_full(address)
        self.text.setPlainText(shown)
        metrics, margin = self._theme.metrics("small"), 2 * self.text.document().documentMargin()
        lines = sum(1 + metrics.horizontalAdvance(line) // _ADDRESS_WIDTH for line in shown.splitlines())
        self.text.setFixedHeight(min(lines, _ADDRESS_LINES) * metrics.lineSpacing() + int(margin) + 2)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The frame around it follows the focus."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame as fields have it."""
        del event
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.text.geometry().adjusted(-6, -3, 6, 3)
        painter.setPen(theme.pen("line"))
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self.text.hasFocus():
            focus_ring(painter, theme, box)


class Notice(QWidget):
    """A sentence with an icon: what went wrong, or what should be known."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._gravity = theme, "danger"
        self.text = Text(theme, parent=self)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(38, 9, 12, 9)
        row.addWidget(self.text, 1)
        self.hide()

    def say(self, text: str, gravity: str = "danger") -> None:
        """Show a sentence (nothing for an empty one), and say it to people who cannot see it."""
        self._gravity = gravity
        self.text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.update()
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tint and icon."""
        del event
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(f"{self._gravity}_tint"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        icon = {"danger": "circle-x", "staff": "alert-triangle", "customer": "circle-check"}[self._gravity]
        draw_icon(painter, theme, icon, QPoint(12, 10), 16, theme.colour(self._gravity))


class _Bar(QWidget):
    """A short line that runs along a longer one while it is shown."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._step = theme, 0
        self.setFixedHeight(3)
        self._tick = QTimer(self)
        self._tick.setInterval(_STEP_MS)
        self._tick.timeout.connect(self._ticked)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def _ticked(self) -> None:
        self._step = (self._step + 1) % _STEPS
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter, theme, room = QPainter(self), self._theme, self.width()
        painter.fillRect(self.rect(), theme.colour("line"))
        length = room // 4
        left = (room + length) * self._step // _STEPS - length
        painter.fillRect(QRect(left, 0, length, self.height()), theme.colour("accent"))


class Busy(QWidget):
    """What is being done, with a bar that moves; ``still`` for people who want less motion."""

    def __init__(self, theme: Theme, *, still: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = Text(theme, role="small", colour="text2", parent=self)
        self.bar = _Bar(theme, self)
        self.bar.setVisible(not still)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        self.hide()

    def say(self, text: str) -> None:
        """Show what is done; nothing when that is empty."""
        self.text.setText(text)
        self.bar.setAccessibleName(text)
        self.setVisible(bool(text))


def grow(dialog: QWidget) -> None:
    """Make a dialog of a fixed width high enough for its texts, which may have become longer."""
    for part in reversed(dialog.findChildren(QWidget)):  # what is inside first: it is asked for its new height
        if (inner := part.layout()) is not None and part.isVisible():
            inner.activate()
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        needed = layout.totalHeightForWidth(dialog.width())
        if needed > dialog.height():
            dialog.resize(dialog.width(), needed)


def _within(widget: QWidget) -> QHBoxLayout:
    """A widget with room for a frame around it."""
    row = QHBoxLayout()
    row.setContentsMargins(6, 3, 6, 3)
    row.addWidget(widget)
    return row


def row_of(*widgets: QWidget, right: bool = False) -> QHBoxLayout:
    """Widgets in a row, from the left or pushed to the right."""
    row = QHBoxLayout()
    row.setSpacing(8)
    if right:
        row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    if not right:
        row.addStretch(1)
    return row


def column_of(parent: QWidget, *parts: QWidget | QHBoxLayout, spacing: int = 10) -> QVBoxLayout:
    """Parts below each other, with what is left of the height beneath them."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    column.addStretch(1)
    return column
