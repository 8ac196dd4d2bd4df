"""How did it end? One sentence closes a case."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from views.convert.parts import KeyButton
from views.sheet import SHADOW, Sheet
from views.theme import Theme
from views.words import Words

_WIDTH = 480


class ClosingSheet(Sheet):
    """``closing``: the reason was given."""

    closing = Signal(str)

    def __init__(self, theme: Theme, words: Words, window: QWidget) -> None:
        super().__init__(theme, window)
        said = words.say("case_close_title")
        self.setAccessibleName(said)
        self.title = QLabel(said, self)
        self.title.setFont(theme.font("pane"))
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(words.say("case_close_hint"))
        self.reason.setAccessibleName(words.say("case_close_hint"))
        self.reason.setMinimumHeight(theme.height("input"))
        self.reason.returnPressed.connect(self._close)
        self.button = KeyButton(theme, words.say("case_close_do"), "↵", primary=True, parent=self)
        self.button.setEnabled(False)
        self.cancel = KeyButton(theme, words.say("case_confirm_cancel"), "Esc", parent=self)
        self.cancel.clicked.connect(self.reject)
        self.reason.textChanged.connect(lambda text: self.button.setEnabled(bool(text.strip())))
        self.button.clicked.connect(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 16, SHADOW + 14, SHADOW + 16, SHADOW + 14)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(self.reason)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.button)
        column.addLayout(foot)

    def ask(self, above: QWidget) -> None:
        """Open above a button."""
        self.reason.clear()
        height = self.sizeHint().height() - 2 * SHADOW
        at = above.mapTo(self.host, above.rect().topLeft())
        left = max(SHADOW, min(at.x(), self.host.width() - _WIDTH - SHADOW))
        self.open_at(QRect(left, max(SHADOW, at.y() - height - 10), _WIDTH, height))

    def focus_first(self) -> None:
        """One types at once."""
        self.reason.setFocus()

    def _close(self) -> None:
        reason = self.reason.text().strip()
        if reason:
            self.accept()
            self.closing.emit(reason)
