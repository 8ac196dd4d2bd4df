"""Answers and notes: opens the composer on the item at hand, and closes it again."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from moderation.actions import Action
from views.composer.composer import Composer, quoted

if TYPE_CHECKING:
    from views.main_window import MainWindow

_SHARE = 0.56
_LEAST = 280


class Talk(QObject):
    """The composer of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, session = window, window.session
        passes = window.registry.while_writing
        self.composer = Composer(session.tasks, window.theme, session.words, session.now, passes, window.pane)
        window.pane.composer_place.addWidget(self.composer)
        self.composer.closed.connect(self._closed)
        self.composer.sent.connect(self._sent)
        self.composer.failed.connect(window.work.fail)
        self.composer.snippets_wanted.connect(lambda: window.popups.show_palette("+"))
        self.composer.refused.connect(lambda why: window.bar.say(why, gravity="staff"))
        window.panel.table.chosen.connect(self._moved)
        window.registry.on("reply", self.reply)
        window.registry.on("note", self.note)
        window.registry.on("quote", self.quote)
        window.registry.on("snippet", self.composer.ask_for_snippet)

    def reply(self) -> None:
        """Answer in the thread of the item at hand."""
        facts = self._window.queue_work.facts()
        if facts is not None:
            self._room()
            self.composer.reply(facts)

    def note(self) -> None:
        """Write a staff note on the item at hand."""
        facts = self._window.queue_work.facts()
        if facts is not None:
            self._room()
            self.composer.note(facts)

    def quote(self) -> None:
        """Answer with the marked text quoted, unless it is of what only the staff can read."""
        facts = self._window.queue_work.facts()
        marked = self._window.pane.posts.marked_text().strip()
        if facts is None or not self._window.registry.possible("reply"):
            return
        if facts.page.tells_of_staff(marked):
            said = self._window.session.words.say("quote_for_staff")
            self._window.bar.say(said, gravity="customer")
            self._window.work.announce(said)
            return
        self._room()
        self.composer.reply(facts, quoted(marked, facts.author) if marked else "")

    def _room(self) -> None:
        self.composer.setFixedHeight(max(_LEAST, int(self._window.pane.height() * _SHARE)))
        self._window.pane.set_composing(True)

    def _closed(self) -> None:
        self._window.pane.set_composing(False)
        self._window.panel.table.setFocus()
        self._window.queue_work.written()

    def _moved(self, _: int) -> None:
        self.composer.leave()

    def _sent(self, code: str) -> None:
        facts = self.composer.facts
        if facts is not None:
            decisions = self._window.session.decisions
            decisions.last = (str(Action.NOTE if self.composer.noting else Action.REPLY), facts.title)
            for ref in (facts.thread, facts.ref):
                decisions.titles[str(ref)] = facts.title
        said = self._window.session.words.say(code)
        self._window.bar.say(said, gravity="customer")
        self._window.work.announce(said)
        self._window.session.decisions.refresh(touch=True)
