"""The smallest PySide6 window: prints when it was first painted (seconds of the monotonic clock), and ends."""

import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class _Window(QMainWindow):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self.close)


if __name__ == "__main__":
    application = QApplication([])
    window = _Window()
    window.resize(1440, 900)
    window.show()
    application.exec()
    print(time.monotonic(), flush=True)
