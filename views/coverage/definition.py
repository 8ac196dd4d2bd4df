"""What a number means, in a sheet over the screen: its definition, as of when, complete since when."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from views.sheet import Sheet
from views.theme import Theme
from views.words import Words

_WIDTH, _PAD = 520, 20


class DefinitionSheet(Sheet):
    """Text alone; F1 again or Escape closes it."""

    def __init__(self, theme: Theme, words: Words, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words = words
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.label.setFont(theme.font("body"))

    def show_definition(self, said: str, means: str, beside: str) -> None:
        """Open it for a number."""
        text = "\n\n".join(part for part in (said, means, beside) if part)
        self.label.setText(text)
        self.setAccessibleName(said)
        self.setAccessibleDescription(f"{means} {beside}")
        width = min(_WIDTH, self.host.width() - 48)
        height = self.label.heightForWidth(width - 2 * _PAD) + 2 * _PAD
        self.open_at(QRect((self.host.width() - width) // 2, (self.host.height() - height) // 3, width, height))
        self.label.setGeometry(self.inner().adjusted(_PAD, _PAD, -_PAD, -_PAD))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 and Enter close too."""
        if event.key() in {Qt.Key.Key_F1, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.reject()
        super().keyPressEvent(event)
