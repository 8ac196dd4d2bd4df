"""The sign in the system's tray, where there is one: new alarms as notifications, grouped, at most one a minute."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from views import MainWindow

PAUSE_MS = 60_000
MOST_LINES = 3
Notify = Callable[[str, str], None]


class Grouped(QObject):
    """Says what comes within a minute together: the first at once, the rest when the minute is over."""

    def __init__(self, notify: Notify, title: str, parent: QObject | None = None, pause_ms: int = PAUSE_MS) -> None:
        super().__init__(parent)
        self._notify, self._title = notify, title
        self._waiting: list[str] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(pause_ms)
        self._pause.timeout.connect(self._say)

    def hear(self, sentences: Sequence[str]) -> None:
        """Something new."""
        self._waiting += sentences
        if not self._pause.isActive():
            self._say()

    def _say(self) -> None:
        if not self._waiting:
            return
        lines, self._waiting = self._waiting, []
        shown = lines[:MOST_LINES] + ([f"+ {len(lines) - MOST_LINES}"] if len(lines) > MOST_LINES else [])
        self._notify(self._title, "\n".join(shown))
        self._pause.start()


class Tray(QObject):
    """The icon; a press on it or on a notification brings the window to the front with the list of alarms open."""

    def __init__(self, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self.icon = QSystemTrayIcon(QIcon(window.windowIcon()), self)
        self.icon.setToolTip(window.windowTitle())
        self.icon.activated.connect(self._pressed)
        self.icon.messageClicked.connect(self.show_alarms)
        grouped = Grouped(self._notify, window.windowTitle(), self)
        window.alarm_news.connect(grouped.hear)
        self.icon.show()

    def show_alarms(self) -> None:
        """The window to the front, and what it is about."""
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self._window.registry.run("alarms")

    def _notify(self, title: str, text: str) -> None:
        self.icon.showMessage(title, text, self._window.windowIcon())

    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.show_alarms()


def tray_of(window: MainWindow, parent: QObject) -> Tray | None:
    """The tray's icon, ``None`` where the desktop has no tray."""
    return Tray(window, parent) if QSystemTrayIcon.isSystemTrayAvailable() else None
