"""A ticket in the window: the usual place of a conversion where one is connected, and what is asked about it."""

from PySide6.QtCore import Qt

from moderation.case_tickets import CaseTicket, Question, TicketOffice
from moderation.tickets import TicketCan, TicketState
from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.private_sample import connected, team_forum
from tests.views.sample import EN, ROWS
from tests.views.test_cases import all_cases, at_hand, words_shown

OFFICE = TicketOffice("tickets.example", "rt", "Request Tracker", "agent", "Community", frozenset(TicketCan))
K = Qt.Key


def test_a_ticket_is_the_usual_place(opens: Opens) -> None:
    stage, window = opens(ROWS[:1], connected=connected(admin=True))
    stage.desk.bench.office = lambda community: OFFICE
    team_forum(stage)
    press(stage, K.Key_P)
    dialog = window.convert.dialog
    assert dialog is not None
    lines = dialog.choices.steps.lines
    assert [line.title for line in lines] == [
        "Hide", "Private place", "People in", "Ask for an address", "Ticket", "Pointer", "Proof",
    ]  # fmt: skip
    assert "as agent" in lines[4].detail
    assert "‹" not in " ".join(line.title + line.detail for line in lines)


def test_a_ticket_that_was_closed_elsewhere_asks(opens: Opens) -> None:
    stage, window = opens(ROWS)
    address = "https://tickets.example/7"
    stage.team.keep_ticket(
        CaseTicket(EN, "case-500", "tickets.example", "7", address, TicketState.SOLVED,
                   question=Question.CLOSED_ELSEWHERE)
    )  # fmt: skip
    all_cases(stage)
    press(stage, K.Key_G, K.Key_P)
    assert at_hand(window) == "case-500"
    assert "closed in the ticket system" in words_shown(window)
    assert "waiting for us" in window.cases_pane.line.status
