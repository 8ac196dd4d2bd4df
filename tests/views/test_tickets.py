"""A ticket in the window: the usual place of a conversion where one is connected, and what is asked about it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from moderation.actions import Action
from moderation.case_tickets import Question
from moderation.cases import CaseState
from moderation.findings import Audience
from moderation.intents import Intent
from moderation.tickets import TicketCan, TicketState
from tests.views.cases_sample import OFFICE, PUBLIC, in_a_chat, in_a_ticket
from tests.views.conftest import Opens
from tests.views.keys import ALT, CONTROL, press
from tests.views.private_sample import app, connected, team_forum
from tests.views.sample import EN, ROWS
from tests.views.stage import Stage
from tests.views.test_cases import at_hand, words_shown, write
from views import MainWindow
from views.words import Language

K = Qt.Key


def in_ticket(opens: Opens, question: str = "", **look: object) -> tuple[Stage, MainWindow]:
    """A window on a case in a ticket, and another one in a chat."""
    stage, window = opens(ROWS, **look)
    in_a_ticket(stage, question, TicketState.SOLVED if question else TicketState.OPEN)
    in_a_chat(stage)
    press(stage, K.Key_G, K.Key_P)
    assert at_hand(window) == "case-500"
    return stage, window


def journalled(stage: Stage) -> list[Intent]:
    return [intent for plan in stage.journal.plans() for intent in plan.intents]


def question_of(stage: Stage) -> str:
    kept = stage.team.case_ticket(EN, "case-500")
    assert kept is not None
    return kept.question


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


def test_a_ticket_that_was_closed_elsewhere_asks_and_the_case_can_be_kept(opens: Opens) -> None:
    stage, window = in_ticket(opens, Question.CLOSED_ELSEWHERE)
    assert "closed in the ticket system" in words_shown(window)
    assert "marquee" not in words_shown(window), "a key answers, no command"
    assert "waiting for us" in window.cases_pane.line.status
    assert "ticket closed" in str(window.cases.table.rows.index(1, 0).data())
    assert window.cases_pane.bar.buttons["keep"].isVisible()
    assert window.cases_pane.bar.buttons["keep"].word == "Keep open"
    press(stage, K.Key_E)
    assert question_of(stage) == ""
    assert stage.desk.conversing.case(EN, "case-500").state is CaseState.OPEN
    assert "closed in the ticket system" not in words_shown(window)
    assert not window.cases_pane.bar.buttons["keep"].isVisible()
    assert not window.registry.possible("keep")
    assert journalled(stage) == [], "nothing is sent for it"


def test_a_ticket_that_was_closed_elsewhere_closes_the_case_with_a_reason(opens: Opens) -> None:
    stage, window = in_ticket(opens, Question.CLOSED_ELSEWHERE)
    press(stage, K.Key_V)
    press(stage, "Solved over there.", K.Key_Return)
    assert stage.desk.conversing.case(EN, "case-500").state is CaseState.CLOSED
    assert stage.desk.ticketing.asked_of(stage.desk.conversing.case(EN, "case-500")) == ""
    assert not window.registry.possible("reply")


def test_the_address_is_taken_from_a_post_of_the_customer(opens: Opens) -> None:
    stage, window = in_ticket(opens)
    assert "nobody yet" in words_shown(window)
    press(stage, K.Key_A)
    sheet = window.cases_work.tickets.sheet
    assert sheet is not None
    assert sheet.isVisible()
    assert sheet.address.text() == "maren@oakhollow.example"
    assert sheet.post is not None
    assert sheet.post.post.native == "7005"
    press(stage, K.Key_Return)
    assert sheet.isVisible(), "a bare Enter sends nothing"
    assert journalled(stage) == []
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert not sheet.isVisible()
    (intent,) = journalled(stage)
    assert intent.action is Action.TICKET_REQUESTER
    assert intent.payload["address"] == "maren@oakhollow.example"
    assert intent.payload["confirmed_in"].endswith(":7005")
    assert "On the way\nthe address" in words_shown(window)


def test_the_sheet_confirms_for_the_case_that_it_shows(opens: Opens) -> None:
    stage, window = in_ticket(opens)
    press(stage, K.Key_J)
    other = window.cases_work.facts()
    press(stage, K.Key_K, K.Key_A)
    shown, tickets = window.cases_work.facts(), window.cases_work.tickets
    assert other is not None
    assert shown is not None
    assert other.case.key != shown.case.key
    tickets._at_hand = lambda: other
    tickets.confirm()
    tickets._at_hand = window.cases_work.facts
    stage.settle(app())
    press(stage, K.Key_Return, modifiers=CONTROL)
    (intent,) = journalled(stage)
    assert str(intent.target) == shown.case.thread


def test_a_post_may_agree_to_an_address_that_stands_elsewhere(opens: Opens) -> None:
    stage, window = in_ticket(opens)
    press(stage, K.Key_A)
    sheet = window.cases_work.tickets.sheet
    assert sheet is not None
    press(stage, "m.oakhollow@example.com", K.Key_Up)
    assert sheet.address.text() == "m.oakhollow@example.com", "what was typed stays"
    assert "does not say the address" in sheet.told.text()
    press(stage, K.Key_Return, modifiers=CONTROL)
    (intent,) = journalled(stage)
    assert intent.payload["address"] == "m.oakhollow@example.com"
    assert intent.payload["confirmed_in"].endswith(":7006")


def test_what_is_no_address_is_said_and_nothing_is_sent(opens: Opens) -> None:
    stage, window = in_ticket(opens)
    press(stage, K.Key_A)
    press(stage, "maren", K.Key_Down)
    press(stage, K.Key_Return, modifiers=CONTROL)
    sheet = window.cases_work.tickets.sheet
    assert sheet is not None
    assert sheet.isVisible()
    assert "no e-mail address" in sheet.told.text()
    assert journalled(stage) == []


def test_a_word_goes_to_the_customer_by_ticket_and_asks_while_it_belongs_to_nobody(opens: Opens) -> None:
    stage, window = in_ticket(opens)
    composer = window.cases_work.composer
    press(stage, K.Key_R)
    stage.rest(application())
    assert [(one.audience, one.name) for one in composer.strip.segments] == [
        (Audience.CUSTOMER, ""), (Audience.STAFF, "ticket"), (Audience.STAFF, ""),
    ]  # fmt: skip
    assert composer.strip.current is Audience.CUSTOMER
    assert composer.send_button.text() == "Send by ticket"
    write(stage, window, "The second invoice is void.")
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert journalled(stage) == [], "asked once: it belongs to nobody"
    press(stage, K.Key_Return, modifiers=CONTROL)
    (intent,) = journalled(stage)
    assert (intent.action, intent.payload["internal"]) == (Action.TICKET_WORD, False)
    assert intent.payload["text"] == "The second invoice is void."
    assert intent.target == PUBLIC
    press(stage, K.Key_R)
    stage.rest(application())
    assert composer.editor.toPlainText() == "", "the draft went with it"


def test_a_confirmed_address_is_asked_about_no_more(opens: Opens) -> None:
    stage, window = in_ticket(opens)
    ines = str(stage.desk.communities()[0].identity.member)
    stage.team.note_address_confirmed(EN, "case-500", f"{EN}:post:7005", ines, stage.clock.now())
    window.cases_work.refresh()
    stage.settle(application())
    assert "confirmed by the customer, taken over by Ines Lanternby" in words_shown(window)
    press(stage, K.Key_R)
    write(stage, window, "The second invoice is void.")
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert len(journalled(stage)) == 1


def test_a_comment_in_the_ticket_a_note_of_the_team_and_an_answer_are_three_texts(opens: Opens) -> None:
    stage, window = in_ticket(opens)
    composer = window.cases_work.composer
    press(stage, K.Key_N)
    stage.rest(application())
    assert (composer.strip.current, composer.strip.name) == (Audience.STAFF, "")
    write(stage, window, "Do not tell her about the audit.")
    press(stage, K.Key_T, modifiers=ALT)
    stage.rest(application())
    assert composer.editor.toPlainText() == ""
    assert composer.send_button.text() == "Add to the ticket"
    write(stage, window, "Known fault of October.")
    press(stage, K.Key_C, modifiers=ALT)
    stage.rest(application())
    assert composer.editor.toPlainText() == ""
    press(stage, K.Key_T, modifiers=ALT)
    stage.rest(application())
    assert composer.editor.toPlainText() == "Known fault of October."
    staff = composer.editor.palette().color(composer.editor.palette().ColorRole.Base)
    assert staff == window.theme.colour("staff_tint"), "a comment never looks like an answer"
    press(stage, K.Key_Return, modifiers=CONTROL)
    (intent,) = journalled(stage)
    assert (intent.action, intent.payload["internal"]) == (Action.TICKET_WORD, True)
    assert intent.payload["text"] == "Known fault of October."
    press(stage, K.Key_N)
    stage.rest(application())
    assert composer.editor.toPlainText() == "Do not tell her about the audit."
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert len(journalled(stage)) == 1, "a note of the team goes to nobody"
    assert stage.team.case_notes(EN, "case-500")[-1].text == "Do not tell her about the audit."


def test_what_its_system_cannot_do_is_said(opens: Opens) -> None:
    stage, window = in_ticket(opens)
    stage.desk.bench.office = lambda community: replace(OFFICE, can=frozenset({TicketCan.ATTACH}))
    window.cases_work.refresh()
    stage.settle(application())
    assert not window.registry.possible("approve")
    assert "whom a ticket belongs to" in window.registry.why_not("approve")
    stage.desk.bench.office = lambda community: None
    window.cases_work.refresh()
    stage.settle(application())
    assert not window.registry.possible("reply")
    assert "tickets.example is not connected" in window.registry.why_not("reply")
    press(stage, K.Key_J)
    assert at_hand(window) == "case-504"
    assert not window.registry.possible("approve"), "a chat has no ticket"


def test_the_state_of_the_ticket_is_chosen_by_number(opens: Opens) -> None:
    stage, window = in_ticket(opens)
    press(stage, K.Key_T)
    menu = application().activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text().split()[-1] for action in menu.actions()] == ["open", "pending", "hold", "solved", "closed"]
    assert not menu.actions()[0].isEnabled(), "it is open"
    QTest.keyClick(menu, K.Key_4)
    stage.settle(application())
    (intent,) = journalled(stage)
    assert (intent.action, intent.payload["state"]) == (Action.TICKET_STATE, "solved")
    assert intent.seen_version == "1", "not over what somebody else did since"
    assert "another state" in words_shown(window)
    press(stage, K.Key_J)
    assert not window.registry.possible("take"), "a chat has no ticket"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_word_of_a_ticket_is_there(opens: Opens, language: Language) -> None:
    stage, window = in_ticket(opens, Question.CLOSED_ELSEWHERE, language=language, size=(1280, 800))
    said = [words_shown(window), window.cases_pane.line.accessibleName()]
    said += [window.registry.tip(verb) for verb in window.registry.here()]
    press(stage, K.Key_R)
    stage.rest(application())
    composer = window.cases_work.composer
    said += [composer.strip.toolTip(), composer.send_button.text(), composer.findings.accessibleName()]
    press(stage, K.Key_T, modifiers=ALT)
    said.append(composer.send_button.text())
    press(stage, K.Key_Escape, K.Key_A)
    sheet = window.cases_work.tickets.sheet
    assert sheet is not None
    assert sheet.isVisible()
    said += [label.text() for label in sheet.findChildren(QLabel)]
    assert not [one for one in said if "‹" in one or "{" in one]


def application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found
