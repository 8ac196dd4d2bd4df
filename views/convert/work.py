"""The key ``P`` of one window: it opens the dialogue of going private for the thread at hand."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from moderation.cases import Case
from moderation.ids import Ref
from views.convert.port import Converting

if TYPE_CHECKING:
    from views.convert.dialog import ConvertDialog
    from views.main_window import MainWindow


class ConvertWork(QObject):
    """Opens one dialogue at a time. Without a port the program has no words to write, and the key says so."""

    def __init__(self, window: "MainWindow", port: Converting | None) -> None:
        super().__init__(window)
        self._window, self._port = window, port
        window.registry.on("convert", self.ask)

    @property
    def dialog(self) -> "ConvertDialog | None":
        """The one that is open."""
        from views.convert.dialog import ConvertDialog

        sheet = self._window.sheet
        return sheet if isinstance(sheet, ConvertDialog) else None

    @property
    def waiting_to_read(self) -> bool:
        """True when the dialogue is going to read in a moment."""
        return self.dialog is not None and self.dialog.waiting_to_read

    def show_case(self, case: Case) -> None:
        """Open it for a case, which may be over."""
        self.open(Ref.parse(case.thread), case.title, case=case.key)

    def ask(self) -> None:
        """Open it for the thread of the item that was painted."""
        facts, words = self._window.queue_work.facts(), self._window.session.words
        if facts is None:
            return
        if facts.thread is None:
            self._window.bar.say(words.say("convert_no_thread"), gravity="staff")
            return
        self.open(facts.thread, facts.title)

    def open(self, thread: Ref, title: str, author: Ref | None = None, case: str = "") -> None:
        """Open it for a thread; a thread with a case shows the case. ``author`` is with whom it goes on, where that is
        not who asked; ``case`` the key of the case that is meant.
        """
        if self._port is None:
            self._window.bar.say(self._window.session.words.say("convert_no_port"), gravity="staff")
            return
        if self._window.sheet is not None:
            return
        from views.convert.dialog import ConvertDialog  # needed at the first P, not before the first paint

        dialog = ConvertDialog(self._window.session, self._port, thread, title, author, self._window, case)
        dialog.finished.connect(self._closed)
        self._window.open_sheet(dialog)

    def _closed(self) -> None:
        self._window.panel.table.setFocus(Qt.FocusReason.OtherFocusReason)
