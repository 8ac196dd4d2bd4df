"""Listens to the engine: change records and the state of the communities. No message is needed to be right."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from moderation.changes import ChangeRecord
from moderation.ports import CommunityStatus, Engine

_LOOK_MS = 1000


class EngineWatch(QObject):
    """``heard``: change records arrived. ``stood``: the statuses were looked at (once a second)."""

    heard = Signal(object)
    stood = Signal(object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.statuses: Sequence[CommunityStatus] = ()
        self._stop: Callable[[], Any] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to listen; records arrive on the engine's own thread and are handed over to the window's."""
        self._stop = self._engine.listen(self._hear)
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """Listen no more."""
        self._timer.stop()
        if self._stop is not None:
            self._stop()
            self._stop = None

    def look(self) -> None:
        """Take the last statuses."""
        self.statuses = self._engine.status()
        self.stood.emit(self.statuses)

    def _hear(self, records: list[ChangeRecord]) -> None:
        self.heard.emit(records)
