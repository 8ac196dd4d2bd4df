"""``G`` and then a letter goes to a screen; the second key has 1.2 seconds."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from views.theme import milliseconds


class GoKeys(QObject):
    """After :meth:`begin` the next key belongs to it: ``went`` tells the verb of its letter, if it has one."""

    went = Signal(str)

    def __init__(self, letters: Mapping[str, str], parent: QObject) -> None:
        super().__init__(parent)
        self._letters = letters
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds("sequence_second_key"))
        self._timer.timeout.connect(self.end)

    def begin(self) -> None:
        """Wait for the second key."""
        application = QCoreApplication.instance()
        if application is not None and not self._timer.isActive():
            application.installEventFilter(self)
        self._timer.start()

    def end(self) -> None:
        """Wait no more."""
        self._timer.stop()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the next key press, whoever has the focus."""
        del watched
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            letter = event.text().casefold()
            self.end()
            if letter in self._letters:
                self.went.emit(self._letters[letter])
            return True
        return False
