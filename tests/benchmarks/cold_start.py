"""``marquee`` as a person starts it; prints when the first rows and the first item were painted, and ends.

``python -m tests.benchmarks.cold_start HOME``. The only addition is an eye on the list and on the item.
"""

import json
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer


class _Eye(QObject):
    """Looks at the list and at the item; closes the window when both have been painted."""

    def __init__(self, window: object) -> None:
        super().__init__(window)  # type: ignore[call-overload]
        self._window = window
        self._seen: dict[str, float] = {}
        self._viewport = window.panel.table.viewport()  # type: ignore[attr-defined]
        self._viewport.installEventFilter(self)
        window.pane.posts.painted.connect(self._item)  # type: ignore[attr-defined]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list is painted; what it shows is on the screen when the event was handled."""
        if event.type() is QEvent.Type.Paint and self._window.session.feed.model.peek(0) is not None:  # type: ignore[attr-defined]
            QTimer.singleShot(0, lambda: self._saw("rows"))
        return False

    def _item(self) -> None:
        if self._window.pane.painted is not None:  # type: ignore[attr-defined]
            self._saw("item")

    def _saw(self, what: str) -> None:
        if what in self._seen:
            return
        self._seen[what] = time.monotonic()
        if len(self._seen) == 2:
            print(json.dumps(self._seen), flush=True)
            self._window.close()  # type: ignore[attr-defined]


def _watched() -> None:
    from console import app

    opened = app.Program.open

    def open_and_watch(program: app.Program) -> object:
        window = opened(program)
        window.eye = _Eye(window)  # type: ignore[attr-defined]
        return window

    app.Program.open = open_and_watch  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    from console.cli.run import run

    _watched()
    sys.exit(run(["--home", sys.argv[1]]))
