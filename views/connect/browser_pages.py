"""Getting a key by agreeing in the browser: the page with the code, and the one for a text to paste."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from views.connect.page import Page
from views.connect.parts import Address, Button, Text, column_of, row_of
from views.connect.port import Wish
from views.outside import copy
from views.theme import Theme
from views.words import Words

_SECOND_MS = 1000


class CodePage(Page):
    """The code, large; ``poll_due``: it is time to ask whether the person has agreed. The count runs down by itself."""

    poll_due = Signal()

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        first = Text(theme, words.say("connect_code_open"), parent=self)
        self.address = Address(theme, words, self)
        second = Text(theme, words.say("connect_code_compare"), parent=self)
        self.code = Text(theme, role="figure", parent=self)
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.code.setWordWrap(False)
        self.copy = Button(theme, words.say("connect_copy_code"), icon="clipboard-check", parent=self)
        self.left = Text(theme, role="small", colour="text2", parent=self)
        scopes = Text(theme, words.say("connect_scopes"), "small", "text2", self)
        self.anew = Button(theme, words.say("connect_new_code"), icon="refresh", parent=self)
        self.other = Button(theme, words.say("connect_use_key"), icon="key", parent=self)
        code = row_of(self.code, self.copy, self.anew)
        column_of(self, first, self.address, second, code, self.left, scopes, row_of(self.other))
        self.copy.clicked.connect(lambda: copy(self.code.text()))
        self.anew.clicked.connect(lambda: self.does.emit("anew"))
        self.other.clicked.connect(lambda: self.does.emit("key"))
        self._left, self._interval, self._until_poll = 0.0, 5.0, 0.0
        self._tick = QTimer(self)
        self._tick.setInterval(_SECOND_MS)
        self._tick.timeout.connect(self._ticked)

    @property
    def next(self) -> str:
        """It goes on by itself."""
        return ""

    @property
    def waiting(self) -> bool:
        """True while the code is valid and nobody has agreed yet."""
        return self._tick.isActive()

    def show_wish(self, wish: Wish) -> None:
        """Show a fresh code and begin to count."""
        self.address.show_address(wish.url)
        self.code.setText(wish.code)
        self.code.setAccessibleName(self.words.say("connect_code_name", letters=" ".join(wish.code)))
        self._left, self._interval, self._until_poll = wish.expires_in, max(1.0, wish.interval), max(1.0, wish.interval)
        self._valid(valid=True)
        self._say_left()
        self._tick.start()

    def expire(self) -> None:
        """The code is not valid any more; another one can be had."""
        self._tick.stop()
        self.left.setText(self.words.say("connect_code_expired"))
        self._valid(valid=False)

    def _valid(self, *, valid: bool) -> None:
        self.copy.setVisible(valid)
        self.anew.setVisible(not valid)
        self.code.colour("text" if valid else "text_disabled")
        self.address.setEnabled(valid)

    def _ticked(self) -> None:
        self._left -= _SECOND_MS / 1000
        self._until_poll -= _SECOND_MS / 1000
        if self._left <= 0:
            self.expire()
            self.anew.setFocus()
            return
        self._say_left()
        if self._until_poll <= 0:
            self._until_poll = self._interval
            self.poll_due.emit()

    def _say_left(self) -> None:
        self.left.setText(self.words.say("connect_code_left", left=self.words.span(self._left)))

    def begin(self) -> None:
        """Enter opens the address, or asks for another code."""
        (self.address.open if self.waiting else self.anew).setFocus()

    def leave(self) -> None:
        """Nobody counts any more."""
        self._tick.stop()


class PastePage(Page):
    """For servers that show a text instead of giving the key by themselves."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        first = Text(theme, words.say("connect_paste_open"), parent=self)
        self.address = Address(theme, words, self)
        second = Text(theme, words.say("connect_paste_copy"), parent=self)
        self.text = QPlainTextEdit(self)
        self.text.setAccessibleName(words.say("connect_paste_text"))
        self.text.setTabChangesFocus(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setFixedHeight(theme.grown(92))
        scopes = Text(theme, words.say("connect_scopes"), "small", "text2", self)
        self.other = Button(theme, words.say("connect_use_key"), icon="key", parent=self)
        column_of(self, first, self.address, second, self.text, scopes, row_of(self.other))
        self.text.textChanged.connect(self.changed)
        self.other.clicked.connect(lambda: self.does.emit("key"))

    def show_wish(self, wish: Wish) -> None:
        """Show where the text is had."""
        self.address.show_address(wish.url)
        self.text.setPlainText("")

    @property
    def pasted(self) -> str:
        """The text."""
        return self.text.toPlainText().strip()

    @property
    def ready(self) -> bool:
        """Once something was pasted."""
        return bool(self.pasted)

    def begin(self) -> None:
        """Enter opens the address."""
        self.address.open.setFocus()

    def again(self) -> None:
        """Typing goes to the text."""
        self.text.setFocus()
        self.text.selectAll()

    def leave(self) -> None:
        """The text goes."""
        self.text.setPlainText("")
