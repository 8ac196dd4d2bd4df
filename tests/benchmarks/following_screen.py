"""The Following screen in a process of its own: ``python -m tests.benchmarks.following_screen HOME``.

Prints JSON, milliseconds: ``opens`` (read, put together, shown and painted), ``frames`` by direction (moved by half a
cell, and painted as the window paints it: what was there is moved, the strip that comes into view is drawn).
"""

import json
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from moderation.desk import Desk
from moderation.desk.board import Arrangement
from tests.benchmarks.following import desk_of
from tests.benchmarks.measures import milliseconds
from tests.factory import HERE
from views.following.acts import Acts
from views.following.panel import FollowingPanel
from views.following.reading import Reading, read_board
from views.following.words import FollowingWords
from views.main_window import dress
from views.registry import Registry
from views.settings import MemorySettings
from views.theme import Scheme, Theme
from views.words import Words

_TIMES, _FRAMES = 12, 400


def _panel(theme: Theme, desk: Desk) -> FollowingPanel:
    said, keys = FollowingWords(Words("en")), QWidget()
    registry = Registry(keys, theme, said.words, MemorySettings())
    panel = FollowingPanel(theme, said, registry, Acts(said, desk.clock.now, lambda _: False), desk.clock.now)
    panel.keys = keys  # type: ignore[attr-defined]
    panel.resize(1236, 870)
    panel.show()
    return panel


def _open(panel: FollowingPanel, desk: Desk) -> Reading:
    """What the window does between the key and the picture, one after the other."""
    reading = read_board(desk, [HERE])
    panel.table.show_board(reading.board, Arrangement(), ("", ""))
    panel.show_full()
    _paint(panel)
    return reading


def _paint(panel: FollowingPanel) -> None:
    table = panel.table
    for widget in (table.viewport(), table.horizontalHeader().viewport(), table.verticalHeader().viewport()):
        widget.repaint()
    panel.totals.repaint()


def main() -> None:
    """Measure and print."""
    application = QApplication(sys.argv[:1])
    theme = Theme(Scheme.LIGHT)
    dress(theme)
    with desk_of(Path(sys.argv[1])) as desk:
        opens, frames = [], {}
        for _ in range(_TIMES):
            panel = _panel(theme, desk)
            application.processEvents()
            opens.append(milliseconds(lambda: _open(panel, desk)))  # noqa: B023 - called at once
        for way, bar, step in (
            ("down", panel.table.verticalScrollBar(), panel.drawing.size.row // 2),
            ("sideways", panel.table.horizontalScrollBar(), panel.drawing.size.column // 2),
        ):
            took = []
            for number in range(_FRAMES):
                at = number * step % max(1, bar.maximum())
                took.append(milliseconds(lambda: (bar.setValue(at), application.processEvents())))  # noqa: B023 - called at once
            frames[way] = took
    print(json.dumps({"opens": opens[1:], "frames": frames}))


if __name__ == "__main__":
    main()
