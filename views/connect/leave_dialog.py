"""Before signing out or letting go of a community: what goes, what stays, what waits."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from moderation.errors import MarqueeError
from resources.messages import known
from views.connect.aims import Leaving, Left
from views.connect.asking import Asking
from views.connect.parts import Busy, Button, Notice, Text, grow, row_of
from views.connect.port import Connecting
from views.theme import Theme
from views.words import Words


class LeaveDialog(QDialog):
    """``came_of_it`` tells a :class:`Left`. The focus is on Cancel."""

    came_of_it = Signal(object)

    def __init__(
        self,
        connecting: Connecting,
        theme: Theme,
        words: Words,
        what: Leaving,
        community: tuple[str, str, str],
        waiting: int,
        *,
        still: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """``community``: its name, title and platform; ``waiting``: how much of it is not settled."""
        super().__init__(parent)
        self._connecting, self._words, self._what = connecting, words, what
        self._name, self._title, platform = community
        title = self._title
        self.asking = Asking(connecting)
        self.setWindowTitle(words.say(f"{what}_title", title=title))
        self.setFixedWidth(480 * (100 + max(100, theme.scale)) // 200)
        heading = Text(theme, words.say(f"{what}_title", title=title), "screen", parent=self)
        lead = f"{what}_lead_{platform}"
        says = Text(theme, words.say(lead if known(lead) else f"{what}_lead"), parent=self)
        waits = Text(theme, words.count(f"{what}_waits", waiting, title=title), parent=self)
        waits.setVisible(waiting > 0)
        self.notice, self.busy = Notice(theme, self), Busy(theme, still=still, parent=self)
        self.yes = Button(theme, words.say(f"{what}_yes"), parent=self)
        self.cancel = Button(theme, words.say("connect_cancel"), primary=True, parent=self)
        self.yes.setEnabled(what is Leaving.SIGN_OUT or waiting == 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        for part in (heading, says, waits, self.notice, self.busy):
            column.addWidget(part)
        column.addLayout(row_of(self.yes, self.cancel, right=True))
        self.yes.clicked.connect(self._leave)
        self.cancel.clicked.connect(self.reject)
        self.cancel.setFocus()
        grow(self)

    def _leave(self) -> None:
        sign_in = self._connecting.sign_in
        do: Callable[[str], bool] = sign_in.sign_out if self._what is Leaving.SIGN_OUT else sign_in.disconnect
        self.notice.say("")
        self.busy.say(self._words.say("leave_busy"))
        self.yes.setEnabled(False)
        self.cancel.setEnabled(False)
        self.asking.ask(do, self._name, then=self._done, failed=self._failed)

    def _done(self, told: bool) -> None:
        self.accept()
        self.came_of_it.emit(Left(self._what, self._title, told))

    def _failed(self, error: Exception) -> None:
        self.busy.say("")
        self.yes.setEnabled(True)
        self.cancel.setEnabled(True)
        if not isinstance(error, MarqueeError):
            raise error
        self.notice.say(self._words.error(error))
        grow(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes, unless it is being done."""
        if event.key() == Qt.Key.Key_Escape and not self.cancel.isEnabled():
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close; the process behind it ends."""
        self.asking.end()
        super().done(result)
