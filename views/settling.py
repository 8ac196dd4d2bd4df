"""The very first pull: until the person does something, the list follows what arrives instead of holding still."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from views.main_window import MainWindow

_AFTER_MS = 5000  # details that decide priorities arrive last
_PAUSE_MS = 300


class SettlingIn(QObject):
    """Watches one window; over as soon as the person acts, or some seconds after the first pull has ended."""

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
            window.session.watch.stood.connect(self._stood)
            window.session.feed.numbers.connect(self._numbers)
            window.registry.triggered.connect(self.end)

    @property
    def following(self) -> bool:
        """True while the list follows."""
        table = self._window.panel.table
        return not self._over and self._began and table.current_row() <= 0 and not table.verticalScrollBar().value()

    def _stood(self, _: object) -> None:
        statuses = self._window.session.watch.statuses
        pulled = bool(statuses) and all(status.read_at is not None for status in statuses)
        if statuses and not self._began:
            self._began, self._over = True, pulled
        if self._began and pulled and not self._over:
            QTimer.singleShot(_AFTER_MS, self, self.end)

    def _numbers(self) -> None:
        if self.following and self._window.session.feed.waiting and not self._soon.isActive():
            self._soon.start()

    def _follow(self) -> None:
        if self.following and self._window.session.feed.waiting:
            self._window.session.feed.reload()

    def end(self) -> None:
        """From now on nothing moves."""
        self._over = True
