"""The place of the Following screen: empty until it is opened for the first time."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from views.theme import Theme
from views.words import Words


class FollowingScreen(QWidget):
    """Costs a window that never shows it nothing: :meth:`fill` puts the contents in."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self.words = theme, words
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setAccessibleName(words.say("place_following"))

    def fill(self, contents: QWidget) -> None:
        """Show this from now on."""
        self._column.addWidget(contents)
