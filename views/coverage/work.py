"""The work on the Coverage screen, as far as a window needs it before the screen was shown for the first time."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from moderation.changes import ChangeRecord

if TYPE_CHECKING:
    from views.coverage.doing import Doing
    from views.main_window import MainWindow


class CoverageWork(QObject):
    """Opens and leaves the screen of one window. ``failed``: an error for the person."""

    failed = Signal(object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.doing: Doing | None = None
        window.session.watch.heard.connect(self._heard)
        window.queue_work.permitted.connect(self._permit)
        window.registry.takers.append(self.take)

    def show(self) -> None:
        """The screen is opened; drawing figures is imported then."""
        if self.doing is None:
            from views.coverage.doing import Doing

            self.doing = Doing(self._window, self)
            self._window.coverage.hold(self.doing.panel)
            self.doing.failed.connect(self.failed)
        self.doing.show()

    def leave(self) -> None:
        """Another screen is opened."""
        if self.doing is not None:
            self.doing.leave()

    def take(self, verb: str) -> bool:
        """Do a verb of this screen while it is shown; ``False`` where it belongs to others."""
        return self.doing is not None and self.doing.take(verb)

    def step(self, by: int) -> None:
        """Next or previous number."""
        if self.doing is not None:
            self.doing.step(by)

    def _permit(self) -> None:
        if self.doing is not None:
            self.doing.permit()

    def _heard(self, records: list[ChangeRecord]) -> None:
        if self.doing is not None:
            self.doing.heard(records)
