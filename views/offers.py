"""What the server itself offers on an item and we have no verb for: under the server's labels, chosen by digits."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from moderation.actions import Weight
from moderation.desk.permissions import PermittedAction
from moderation.text import one_line
from views.ask_dialog import AskDialog, Question
from views.item.facts import ItemFacts
from views.plain import as_typed
from views.popups import Popups
from views.queue_work import QueueWork
from views.session import Session
from views.verbs import VERB_OF_ACTION

_LONGEST = 60


def servers_own(facts: ItemFacts) -> list[PermittedAction]:
    """Offers of the server without a verb of ours, in the server's order."""
    return [entry for action, entry in facts.permitted.items() if entry.offer and action not in VERB_OF_ACTION]


class Offers(QObject):
    """Puts them into a menu: each with a digit as its key, with what the server says about it as its tip.

    What only takes a look costs one key; what takes something away is asked for first, as the server wants it.
    """

    def __init__(self, session: Session, work: QueueWork, popups: Popups, host: QWidget) -> None:
        super().__init__(host)
        self._session, self._work, self._popups, self._host = session, work, popups, host

    def fill(self, menu: QMenu) -> None:
        """Add the offers on the item that is painted."""
        facts = self._work.facts()
        entries = servers_own(facts) if facts is not None else []
        if facts is None or not entries:
            return
        menu.addSection(self._session.words.say("offers_title"))
        for number, entry in enumerate(entries, 1):
            menu.addAction(self._action(menu, number, entry, facts))

    def _action(self, menu: QMenu, number: int, entry: PermittedAction, facts: ItemFacts) -> QAction:
        label = _label(entry).replace("&", "&&")
        action = QAction(f"&{number}  {label}" if number < 10 else label, menu)
        words = self._session.words
        why_not = words.say(entry.why_not, action=str(entry.action), item=str(facts.ref)) if entry.why_not else ""
        action.setToolTip(as_typed(why_not or (entry.offer.description if entry.offer else "")))
        action.setEnabled(entry.allowed)
        action.triggered.connect(lambda: self.take(entry, facts))
        return action

    def take(self, entry: PermittedAction, facts: ItemFacts) -> None:
        """Decide, after a dialog where the server wants one or something is taken away."""
        offer = entry.offer
        if offer is None:
            return
        if offer.weight is Weight.HARMLESS and not offer.confirm and not offer.needs_reject_reason:
            self._work.take_offer(entry, facts)
            return
        words, label = self._session.words, _label(entry)
        question = Question(
            title=words.say("ask_title", verb=label, title=facts.title),
            consequence=offer.confirm or offer.description or words.say("offers_consequence"),
            verb=label,
            text="" if offer.needs_reject_reason else None,
        )
        dialog = AskDialog(question, self._session.theme, self._session.now(), self._host)
        dialog.agreed.connect(lambda told: self._work.take_offer(entry, facts, str(told.get("text", ""))))
        self._popups.open(dialog)


def _label(entry: PermittedAction) -> str:
    return one_line(entry.label or str(entry.action), _LONGEST)
