"""The work on the Following screen: which cell is at hand, what its keys do, and what is read again when."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from views.main_window import MainWindow


class FollowingWork(QObject):
    """Connects matrix, pane and keys of one window.

    ``counted``: how many forums nobody covers is known anew. ``failed``: an error for the person.
    """

    counted = Signal(int)
    failed = Signal(object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self.active = False

    def show(self) -> None:
        """The screen is opened."""
        self.active = True

    def leave(self) -> None:
        """Another screen is opened."""
        self.active = False

    def step(self, by: int) -> None:
        """The forum below or above."""
