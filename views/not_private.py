"""Saying that what was found in a post is not private: by ``D``, or by pressing the mark itself."""

from typing import TYPE_CHECKING
from urllib.parse import unquote

from PySide6.QtCore import QObject, QPoint, Qt

from moderation.desk import Desk
from moderation.desk.candidates import SaidNotPrivate
from moderation.errors import MarqueeError
from moderation.privacy.dismissals import Found
from moderation.privacy.spots import Spot
from views.not_private_sheet import NotPrivateSheet

if TYPE_CHECKING:
    from views.main_window import MainWindow


def dismiss(desk: Desk, post: str, prints: list[bytes], why: str) -> None:
    """These finds are not private."""
    desk.candidates.not_private(post, prints, why)


def take_back(desk: Desk, post: str, spots: tuple[Spot, ...]) -> None:
    """They are private after all."""
    desk.candidates.take_back(SaidNotPrivate(post, spots))


def read_found(desk: Desk, post: str) -> Found:
    """What was found in a post."""
    return desk.candidates.found(post)


class NotPrivateWork(QObject):
    """The key ``D`` of one window, and the marks of the thread."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self.sheet = NotPrivateSheet(window.theme, self._session.words, window.centre)
        self.sheet.chosen.connect(self._chosen)
        self.sheet.again.connect(self._again)
        window.registry.on("not_private", self.ask)
        window.pane.posts.mark_pressed.connect(self._pressed)

    def ask(self) -> None:
        """Ask which finds of the post at hand are not private."""
        facts = self._window.queue_work.facts()
        if facts is None:
            return
        if facts.found is None or not facts.found.spots:
            self._window.bar.say(self._session.words.say("no_finds"))
            return
        self._open(facts.found)

    def _pressed(self, which: str) -> None:
        """A mark in the text was pressed: ``POST/NUMBER``."""
        post, _, number = which.rpartition("/")
        facts = self._window.queue_work.facts()
        if not number.isdecimal() or facts is None:
            return
        if facts.found is not None and facts.found.post == unquote(post):  # numbered as it was painted
            self._open(facts.found, int(number))
            return
        self._session.tasks.read(
            "found", read_found, unquote(post), then=lambda found: self._open(found, int(number))
        )  # fmt: skip

    def _open(self, found: Found, number: int | None = None) -> None:
        pane = self._window.pane
        corner = pane.bar.mapTo(self._window.centre, QPoint(pane.bar.width() - 16, -6))
        self.sheet.ask(found, corner, number)

    def _chosen(self, post: str, prints: list[bytes], why: str) -> None:
        self._write("say_not_private", post, dismiss, prints, why)

    def _again(self, post: str, spots: tuple[Spot, ...]) -> None:
        self._write("say_private_again", post, take_back, spots)

    def _write(self, said: str, post: str, fn: object, *more: object) -> None:
        window, session = self._window, self._session

        def written(_: object) -> None:
            session.feed.changed([post])
            session.shelf.renew_all()
            window.bar.say(session.words.say(said))

        def failed(error: Exception) -> None:
            if not isinstance(error, MarqueeError):
                raise error
            window.bar.say(session.words.error(error), gravity="danger")

        session.tasks.write(fn, post, *more, then=written, failed=failed)  # type: ignore[arg-type]
        window.panel.table.setFocus(Qt.FocusReason.OtherFocusReason)
