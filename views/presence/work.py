"""Opening the card of a forum, publishing it and taking it down, off the window's thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from moderation.desk import Desk
from moderation.desk.presence import Preview
from moderation.ids import Ref
from moderation.intents import Plan
from views.presence.sheet import CardSheet

if TYPE_CHECKING:
    from views.main_window import MainWindow


def read_card(desk: Desk, forum: Ref, language: str) -> Preview:
    """The card as it stands and as it would be."""
    return desk.presence.preview(forum, language=language)


def publish_card(desk: Desk, forum: Ref, language: str, over: bool) -> Plan | None:
    """Publish it, or bring it up to date."""
    return desk.presence.publish(forum, language=language, over=over)[0]


def take_down_card(desk: Desk, forum: Ref) -> Plan:
    """Take it down."""
    return desk.presence.take_down(forum)


class CardWork(QObject):
    """Of one window; ``failed`` tells errors to the person."""

    def __init__(self, window: "MainWindow", failed: Callable[[Exception], None]) -> None:
        super().__init__(window)
        self._window, self._session, self._failed = window, window.session, failed
        self._forum: Ref | None = None
        self._language = ""
        self.sheet = CardSheet(window.theme, window.session.words, window.centre)
        self.sheet.publish.connect(self._publish)
        self.sheet.take_down.connect(self._take_down)
        self.sheet.other.connect(self._read)

    def open(self, forum: Ref) -> None:
        """Show the card of a forum."""
        self._forum = forum
        self._read("")

    def _read(self, language: str) -> None:
        self._session.tasks.read(
            "presence-card", read_card, self._forum, language, then=self._show, failed=self._failed
        )  # fmt: skip

    def _show(self, found: Preview) -> None:
        self._language = found.language
        self.sheet.show_card(found)

    def _publish(self, over: bool) -> None:
        self._session.tasks.write(
            publish_card, self._forum, self._language, over, then=self._journalled, failed=self._failed
        )  # fmt: skip

    def _take_down(self) -> None:
        self._session.tasks.write(take_down_card, self._forum, then=self._journalled, failed=self._failed)

    def _journalled(self, plan: Plan | None) -> None:
        """It is in the outbox: the bar counts it down, Z takes it back."""
        say, decisions = self._session.words.say, self._session.decisions
        found = self.sheet.title.text()
        if plan is None:
            self._window.bar.say(say("card_true_already"), gravity="customer")
            return
        for intent in plan.intents:
            decisions.titles[str(intent.target)] = found
        decisions.last, decisions.bulk = (str(plan.intents[0].action), found), ""
        decisions.refresh(touch=True)
