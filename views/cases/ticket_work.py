"""What the keys of the Private screen do with the ticket of a case: an address confirmed, a question answered."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu

from moderation.cases import Case
from moderation.conversation import private_place
from moderation.ids import Ref
from moderation.intents import Plan
from moderation.tickets import TicketState
from views.cases import ticket
from views.cases.confirming import ConfirmingSheet
from views.cases.facts import CaseFacts
from views.cases.ticket import Said
from views.cases.words import CaseWords

if TYPE_CHECKING:
    from views.main_window import MainWindow


STATES = tuple(state for state in TicketState if state is not TicketState.NEW)
"""What a person can make of a ticket."""


class TicketWork(QObject):
    """``done``: something was said or written down (code of words, title of the case). ``failed``: an error for the
    person.
    """

    done = Signal(str, str)
    failed = Signal(object)

    def __init__(self, window: "MainWindow", at_hand: Callable[[], CaseFacts | None], parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._session = window, window.session
        self._at_hand = at_hand
        self._sheet: ConfirmingSheet | None = None
        self._case: Case | None = None

    @property
    def sheet(self) -> ConfirmingSheet | None:
        """Where an address is confirmed, once that was wanted."""
        return self._sheet

    def confirm(self) -> None:
        """Show what the customer wrote in the private place, and ask which address it confirms."""
        facts = self._at_hand()
        if facts is None:
            return
        place = private_place(facts.case)
        if place is not None:
            self._session.desk.engine.want([place])
        self._session.tasks.read(
            "confirming", ticket.said_by_customer, facts.case, place,
            then=lambda said: self._ask(facts, said), failed=self.failed.emit,
        )  # fmt: skip

    def _ask(self, facts: CaseFacts, said: list[Said]) -> None:
        painted = self._at_hand()
        if painted is None or painted.case.key != facts.case.key:
            return
        self._case = facts.case
        if self._sheet is None:
            self._sheet = ConfirmingSheet(self._window.theme, self._session.words, self._window.centre)
            self._sheet.confirming.connect(self._confirm)
        self._sheet.ask(CaseWords(self._session.words).customer(facts.standing), said, self._session.now())

    def _confirm(self, address: str, post: Ref) -> None:
        case = self._case
        if case is not None:
            self._session.tasks.write(
                ticket.confirm, case, address, post,
                then=lambda plan: self._held(case, plan, "say_address_held"), failed=self.failed.emit,
            )  # fmt: skip

    def _held(self, case: Case, plan: Plan, code: str) -> None:
        decisions = self._session.decisions
        decisions.titles[case.thread] = case.title
        decisions.last = (str(plan.intents[0].action), case.title)
        decisions.refresh(touch=True)
        self.done.emit(code, case.title)

    def state(self) -> None:
        """Offer the states that the ticket may have, each with a number; the one that it has is not offered."""
        facts = self._at_hand()
        if facts is None or facts.standing.ticket is None:
            return
        words, case, now = self._session.words, facts.case, facts.standing.ticket.state
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(words.say("label_ticket_state"))
        for number, state in enumerate(STATES, 1):
            action = menu.addAction(f"&{number}  {words.say(f'ticket_state_{state}')}")
            action.setEnabled(state is not now)
            action.triggered.connect(lambda *_, state=state: self._set_state(case, state))
        bar = self._window.cases_pane.bar
        menu.popup(bar.mapToGlobal(QPoint(12, -menu.sizeHint().height() - 6)))

    def _set_state(self, case: Case, state: TicketState) -> None:
        self._session.tasks.write(
            ticket.set_state, case, state,
            then=lambda plan: self._held(case, plan, "say_ticket_state_held"), failed=self.failed.emit,
        )  # fmt: skip

    def keep(self) -> None:
        """Let the case stand as it does, whatever became of its ticket."""
        facts = self._at_hand()
        if facts is not None:
            title = facts.case.title
            self._session.tasks.write(
                ticket.keep, facts.case, then=lambda _: self.done.emit("say_case_kept", title), failed=self.failed.emit
            )
