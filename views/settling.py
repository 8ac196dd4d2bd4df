"""The very first pull: until the person does something, the list follows what arrives instead of holding still."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from views.main_window import MainWindow

LASTS_MS = 8000  # details that decide priorities arrive last
_PAUSE_MS = 300


class SettlingIn(QObject):
    """Watches a window that opened on nothing; over as soon as the person acts, or some seconds after rows came."""

    def __init__(self, window: "MainWindow", *, over: bool = False) -> None:
        super().__init__(window)
        self._window = window
        self._over = over
        self._began = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._follow)
        if not over:
            window.session.feed.started.connect(self._started)
            window.session.feed.numbers.connect(self._numbers)
            window.registry.triggered.connect(self.end)

    @property
    def following(self) -> bool:
        """True while the list follows."""
        table = self._window.panel.table
        return not self._over and self._began and table.current_row() <= 0 and not table.verticalScrollBar().value()

    def _started(self) -> None:
        empty = self._window.session.feed.model.rowCount() == 0
        if self._began and not empty:
            QTimer.singleShot(LASTS_MS, self, self.end)
        elif not self._began:
            self._began, self._over = True, not empty

    def _numbers(self) -> None:
        if self.following and self._window.session.feed.waiting and not self._soon.isActive():
            self._soon.start()

    def _follow(self) -> None:
        if self._over or not self._window.session.feed.waiting:
            return
        if self.following:
            self._window.session.feed.reload()
        else:
            self._soon.start()

    def end(self) -> None:
        """From now on nothing moves."""
        self._over = True
