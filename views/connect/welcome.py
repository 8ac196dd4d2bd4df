"""What a person sees who has nothing connected yet: what this is, one field, one button, and a way to look around."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from views.connect.parts import Button, Field, Text
from views.icons import ICONS
from views.theme import Theme
from views.words import Words

_WIDTH = 520


class _Sign(QWidget):
    """The lit sign."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedSize(64, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        sign = ICONS.pixmap("sign", 64, self._theme.colour("accent"), self.devicePixelRatioF())
        QPainter(self).drawPixmap(QPoint(0, 0), sign)


class Welcome(QWidget):
    """``wanted`` tells the address that was typed, empty for the button alone; ``sample``: one wants to look around."""

    wanted = Signal(str)
    sample = Signal()

    def __init__(self, theme: Theme, words: Words, *, has_sample: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        inner = QWidget(self)
        inner.setFixedWidth(_WIDTH * (100 + max(100, theme.scale)) // 200)
        title = Text(theme, words.say("connect_welcome"), "empty", parent=inner)
        line = Text(theme, words.say("connect_welcome_line"), colour="text2", parent=inner)
        label = Text(theme, words.say("connect_address"), "strong", parent=inner)
        self.field = Field(theme, words.say("connect_address"), words.say("connect_address_hint"), inner)
        label.setBuddy(self.field)
        self.button = Button(theme, words.say("connect_finish_add"), primary=True, parent=inner)
        self.look = Button(theme, words.say("connect_welcome_try"), icon="eye", parent=inner)
        hint = Text(theme, words.say("connect_welcome_sample"), "small", "text2", inner)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(_Sign(theme, inner))
        column.addSpacing(6)
        column.addWidget(title)
        column.addWidget(line)
        column.addSpacing(10)
        column.addWidget(label)
        column.addLayout(row)
        column.addSpacing(22)
        column.addWidget(hint)
        column.addWidget(self.look)
        middle = QHBoxLayout()  # aligning it instead would take its height without its width
        middle.addStretch(1)
        middle.addWidget(inner)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(3)
        hint.setVisible(has_sample)
        self.look.setVisible(has_sample)
        self.button.clicked.connect(self._go_on)
        self.look.clicked.connect(self.sample)

    def begin(self) -> None:
        """Typing goes to the field."""
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the field is the button."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.field.hasFocus():
            self._go_on()
            return
        super().keyPressEvent(event)

    def _go_on(self) -> None:
        self.wanted.emit(self.field.text().strip())
