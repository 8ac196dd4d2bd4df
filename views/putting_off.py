"""Skip and later: on to the next item, and out of the queue until a time."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt

from moderation.desk import Desk
from moderation.ids import Ref
from views import places
from views.item.facts import ItemFacts
from views.later_sheet import LaterSheet

if TYPE_CHECKING:
    from views.main_window import MainWindow


def put_off(desk: Desk, item: Ref, until: datetime) -> None:
    """Put an item off until then."""
    desk.later.put_off(item, until)


def take_up(desk: Desk, item: Ref) -> None:
    """Take it back into the queue."""
    desk.later.take_up(item)


class PuttingOff(QObject):
    """The keys ``S`` and ``L`` of one window; in the list of what was put off, ``L`` takes it back."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self.sheet = LaterSheet(window.theme, self._session.words, window.centre)
        self._facts: ItemFacts | None = None
        self.sheet.chosen.connect(self._chosen)
        window.registry.on("skip", self.skip)
        window.registry.on("later", self.later)

    def skip(self) -> None:
        """The next item; this one counts as seen and stays where it is."""
        if self._window.queue_work.facts() is not None:
            self._window.queue_work.step(1)

    def later(self) -> None:
        """Ask until when; what is put off already comes back."""
        window = self._window
        self._facts = facts = window.queue_work.facts()
        if facts is None:
            return
        if window.work.where.place == places.LATER:
            self._write(take_up, facts, "say_taken_up")
            return
        pane = window.pane
        corner = pane.bar.mapTo(window.centre, QPoint(pane.bar.width() - 16, -6))
        self.sheet.ask(self._session.now(), corner)

    def _chosen(self, until: datetime) -> None:
        if self._facts is not None:
            self._write(put_off, self._facts, "say_put_off", until)

    def _write(self, fn: object, facts: ItemFacts, said: str, until: datetime | None = None) -> None:
        window, session = self._window, self._session
        arguments = (facts.ref,) if until is None else (facts.ref, until)
        at = session.words.moment(until, session.now()) if until is not None else ""

        def written(_: object) -> None:
            session.decisions.refresh(touch=True)
            window.bar.say(session.words.say(said, title=facts.title, at=at))

        session.tasks.write(fn, *arguments, then=written, failed=window.work.fail)  # type: ignore[arg-type]
        now = window.queue_work.facts()
        if now is not None and now.ref == facts.ref:
            window.queue_work.step(1)
        window.panel.table.setFocus(Qt.FocusReason.OtherFocusReason)
