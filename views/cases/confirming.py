"""Which address did the customer confirm, and where did they say so? A person looks; nothing is guessed."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from views.cases.ticket import Said, is_address
from views.connect.parts import Text
from views.convert.parts import KeyButton
from views.sheet import SHADOW, Sheet
from views.theme import Theme
from views.words import Words

_WIDTH = 620
_ROWS = 5
_KEY = "Ctrl ↵"


class ConfirmingSheet(Sheet):
    """``confirming``: an address was taken over from a post (:class:`~moderation.ids.Ref`) of the customer."""

    confirming = Signal(str, object)

    def __init__(self, theme: Theme, words: Words, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words = words
        self._said: Sequence[Said] = ()
        self._typed = False
        self.title = QLabel(self)
        self.title.setFont(theme.font("pane"))
        self.why = Text(theme, words.say("case_confirm_why"), "small", "text2", self)
        self.posts = QListWidget(self)
        self.posts.setFont(theme.font("body"))
        self.posts.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.posts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.posts.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.posts.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.address = QLineEdit(self)
        self.address.setAccessibleName(words.say("case_confirm_address"))
        self.address.setPlaceholderText(words.say("case_confirm_address"))
        self.address.setMinimumHeight(theme.height("input"))
        self.told = Text(theme, "", "small", "text2", self)
        self.button = KeyButton(theme, words.say("case_confirm_do"), _KEY, primary=True, parent=self)
        self.cancel = KeyButton(theme, words.say("case_confirm_cancel"), "Esc", parent=self)
        self._lay_out()
        self.posts.currentRowChanged.connect(self._pointed)
        self.address.textEdited.connect(self._edited)
        self.address.textChanged.connect(lambda _: self._say())
        self.button.clicked.connect(self._confirm)
        self.cancel.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 16, SHADOW + 14, SHADOW + 16, SHADOW + 14)
        column.setSpacing(8)
        for widget in (self.title, self.why, self.posts, self.address, self.told):
            column.addWidget(widget)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.button)
        column.addLayout(foot)

    def ask(self, customer: str, said: Sequence[Said], now: datetime) -> None:
        """Open in the middle of the window: what the customer wrote, the newest that says an address at hand."""
        self._said, self._typed = said, False
        words = self._words
        self.title.setText(words.say("case_confirm_title", customer=customer))
        self.setAccessibleName(self.title.text())
        self.posts.setAccessibleName(words.say("case_confirm_posts", customer=customer))
        self.posts.clear()
        for one in said:
            item = QListWidgetItem(f"{words.moment(one.at, now)}   {one.line}", self.posts)
            item.setToolTip(one.line)
        self.address.clear()
        self.posts.setVisible(bool(said))
        rows = min(max(len(said), 1), _ROWS)
        self.posts.setFixedHeight(rows * max(self.posts.sizeHintForRow(0), self.theme.line("body")) + 6)
        self.posts.setCurrentRow(next((n for n, one in enumerate(said) if one.addresses), 0 if said else -1))
        self._say()
        width = min(_WIDTH * max(100, self.theme.scale) // 100, self.host.width() - 60)
        inner = width - 32
        self._column.activate()
        wraps = sum(text.heightForWidth(inner) - text.sizeHint().height() for text in (self.why, self.told))
        height = self.sizeHint().height() - 2 * SHADOW + max(0, wraps)
        left, top = (self.host.width() - width) // 2, (self.host.height() - height) // 3
        self.open_at(QRect(left, max(SHADOW, top), width, height))

    def focus_first(self) -> None:
        """One may correct the address at once; arrows move among the posts."""
        self.address.setFocus()
        self.address.selectAll()

    @property
    def post(self) -> Said | None:
        """The post at hand."""
        row = self.posts.currentRow()
        return self._said[row] if 0 <= row < len(self._said) else None

    def _pointed(self, row: int) -> None:
        """Its address is taken over as long as nobody has typed one."""
        if 0 <= row < len(self._said) and not self._typed:
            self.address.setText(next(iter(self._said[row].addresses), ""))
        self._say()

    def _edited(self, text: str) -> None:
        self._typed = bool(text.strip())

    def _say(self) -> None:
        """What the post at hand says of the address."""
        post, address = self.post, self.address.text().strip()
        fits = is_address(address)
        if post is None:
            code = "case_confirm_none"
        elif address and not fits:
            code = "case_confirm_odd"
        else:
            says = fits and address.casefold() in post.line.casefold()
            code = "case_confirm_says" if says else "case_confirm_yes"
        self.told.setText(self._words.say(code))
        self.told.colour("customer" if code == "case_confirm_says" else "staff")
        self.button.setEnabled(post is not None and fits)

    def _confirm(self) -> None:
        post, address = self.post, self.address.text().strip()
        if post is not None and self.button.isEnabled():
            self.accept()
            self.confirming.emit(address, post.post)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What leaves the machine needs Ctrl; arrows go through the posts wherever the focus is."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and control:
            self._confirm()
        elif event.key() in steps and self._said:
            row = self.posts.currentRow() + steps[event.key()]  # type: ignore[index]
            self.posts.setCurrentRow(max(0, min(row, len(self._said) - 1)))
        else:
            super().keyPressEvent(event)
        event.accept()
