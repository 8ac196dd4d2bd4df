"""Timers that belong to an object and end with it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def timer(owner: QObject, interval: int, call: Callable[[], None], *, once: bool = True) -> QTimer:
    """A timer of ``interval`` milliseconds that is not running yet; again and again where it is not for ``once``."""
    made = QTimer(owner)
    made.setSingleShot(once)
    made.setInterval(interval)
    made.timeout.connect(call)
    return made
