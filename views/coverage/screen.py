"""The place of the Coverage screen in the window; what it shows is made when it is shown for the first time."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from views.surface import Surface
from views.theme import Theme
from views.words import Words


class CoverageScreen(Surface):
    """Holds the panel."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def hold(self, panel: QWidget) -> None:
        """Show the panel."""
        self._column.addWidget(panel)
