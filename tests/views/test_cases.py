"""The Private screen by its keys: whose turn it is, answers to the customer and to nobody else, notes, the end."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from moderation.cases import Case
from moderation.conversation import NoteKind, Status
from moderation.findings import Audience
from moderation.intents import IntentState
from moderation.proof import Incident, Proof, Subject, fingerprint
from moderation.tickets import Side, Ticket, TicketState
from tests.views.cases_sample import (
    CUSTOMER_FORUM,
    OTHER_PUBLIC,
    PRIVATE,
    PUBLIC,
    ROOM,
    SECRET,
    all_cases,
    in_a_forum,
    minutes,
    says,
)
from tests.views.conftest import Opens
from tests.views.keys import ALT, CONTROL, SHIFT, press
from tests.views.sample import EN, ROWS
from tests.views.stage import Stage
from views import MainWindow
from views.cases.work import CasesWork
from views.words import Language

K = Qt.Key
Settled = Callable[[Stage], None]


def opened(opens: Opens, **look: object) -> tuple[Stage, MainWindow]:
    """A window on the Private screen with four cases."""
    stage, window = opens(ROWS, **look)
    all_cases(stage)
    press(stage, K.Key_G, K.Key_P)
    return stage, window


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def at_hand(window: MainWindow) -> str:
    facts = window.cases_work.facts()
    return facts.case.key if facts is not None else ""


def write(stage: Stage, window: MainWindow, text: str) -> None:
    """Type it and let the checks come."""
    window.cases_work.composer.editor.insertPlainText(text)
    stage.rest(app())


def targets(stage: Stage) -> set[str]:
    """Everything that any intent acts on."""
    return {str(intent.target) for plan in stage.journal.plans() for intent in plan.intents}


def words_shown(window: MainWindow) -> str:
    return window.cases_pane.posts.toPlainText()


def test_who_waits_for_us_comes_first_and_the_sidebar_counts_what_is_listed(opens: Opens) -> None:
    _, window = opened(opens)
    rows = window.cases.table.rows
    assert [one.status for one in rows.cases] == [
        Status.WAITING_STAFF, Status.WAITING_CUSTOMER, Status.MOVING, Status.CLOSED,
    ]  # fmt: skip
    entry = next(one for one in window.sidebar.places.entries.entries if one.id == "cases")
    assert (entry.count, entry.current) == ("3", True)
    assert window.cases.header.open == 3
    assert "3 h 12 min" in window.cases.wait.said
    assert at_hand(window) == "case-500"
    line = window.cases_pane.line
    assert line.people == "Maren Oakhollow (customer), Ines Lanternby, Rolf Quarrier"
    assert line.status == "waiting for us for 3 h 12 min"
    assert " · since today " in line.detail
    assert "Last word: Maren Oakhollow" in line.detail
    assert window.cases_pane.band.audience is Audience.CUSTOMER


def test_keys_go_through_the_cases_and_back_to_the_queue(opens: Opens) -> None:
    stage, window = opened(opens)
    press(stage, K.Key_J)
    assert at_hand(window) == "case-504"
    assert ROOM in stage.engine.wanted, "what is before the eyes is asked for"
    press(stage, K.Key_J, K.Key_J, K.Key_J)
    assert at_hand(window) == "case-507"
    press(stage, K.Key_K, K.Key_K, K.Key_K)
    assert at_hand(window) == "case-500"
    assert window.cases_pane.header.place == "1 of 4"
    press(stage, K.Key_G, K.Key_Q)
    assert window.queue_work.facts() is not None
    assert window.cases_work.facts() is None
    assert not window.registry.possible("other_side")
    assert window.registry.possible("keep")
    assert window.registry.label("resolve") == "Resolve"


def test_an_answer_goes_to_the_private_place(opens: Opens, settled: Settled) -> None:
    stage, window = opened(opens)
    press(stage, K.Key_R)
    composer = window.cases_work.composer
    assert [one.audience for one in composer.strip.segments] == [Audience.CUSTOMER, Audience.STAFF]
    assert composer.strip.current is Audience.CUSTOMER
    write(stage, window, f"Your order {SECRET} is corrected.")
    assert composer.send_button.text() == "Send to the customer"
    press(stage, K.Key_Return, modifiers=CONTROL)
    (plan,) = stage.journal.plans()
    (intent,) = plan.intents
    assert (intent.target, intent.payload["only_in"]) == (PRIVATE, str(CUSTOMER_FORUM))
    assert intent.state is IntentState.HELD
    assert not composer.isVisible()
    settled(stage)
    press(stage, K.Key_Z)
    assert stage.journal.plans()[0].state is IntentState.CANCELLED


def test_no_key_of_a_case_reaches_its_public_thread(opens: Opens) -> None:
    """Whatever is chosen, shown or forced: what is written on this screen goes to the customer or stays with staff."""
    stage, window = opened(opens)
    composer = window.cases_work.composer
    secret = f"Private: {SECRET}"

    def sent() -> None:
        write(stage, window, secret)
        press(stage, K.Key_Return, modifiers=CONTROL)
        press(stage, K.Key_Return, modifiers=CONTROL)

    press(stage, K.Key_R)
    press(stage, K.Key_P, modifiers=ALT)
    assert composer.strip.current is Audience.CUSTOMER
    assert "no public side" in window.bar.toolTip()
    sent()
    press(stage, K.Key_O, modifiers=SHIFT)
    assert window.cases_pane.public
    press(stage, K.Key_R)
    assert not window.cases_pane.public, "one sees where it goes"
    sent()
    press(stage, K.Key_N)
    composer.strip.current = Audience.PUBLIC
    composer.strip.chosen.emit(Audience.PUBLIC)
    stage.settle(app())
    sent()
    press(stage, K.Key_Escape)
    press(stage, K.Key_Q)
    press(stage, K.Key_J, K.Key_R)
    sent()
    assert targets(stage) <= {str(PRIVATE), str(ROOM)}
    assert len(targets(stage)) == 2
    assert str(PUBLIC) not in targets(stage)


def test_a_note_is_the_teams_and_never_becomes_an_answer(opens: Opens) -> None:
    stage, window = opened(opens)
    composer = window.cases_work.composer
    press(stage, K.Key_N)
    assert composer.strip.current is Audience.STAFF
    write(stage, window, "She is close to leaving.")
    press(stage, K.Key_C, modifiers=ALT)
    assert composer.editor.toPlainText() == "", "other readers, another text"
    write(stage, window, "Dear Maren,")
    press(stage, K.Key_S, modifiers=ALT)
    assert composer.editor.toPlainText() == "She is close to leaving."
    assert composer.send_button.text() == "Add staff note"
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.plans() == []
    assert [note.text for note in stage.team.case_notes(EN, "case-500")][-1] == "She is close to leaving."
    shown = words_shown(window)
    assert "She is close to leaving." in shown
    assert shown.count("Staff only") == 2
    press(stage, K.Key_R)
    stage.rest(app())
    assert composer.editor.toPlainText() == "Dear Maren,", "the draft was kept"


def test_closing_asks_how_it_ended_and_a_closed_case_is_answered_no_more(opens: Opens) -> None:
    stage, window = opened(opens)
    press(stage, K.Key_V)
    sheet = window.cases_work.sheet
    assert sheet is not None
    press(stage, K.Key_Return)
    assert sheet.isVisible(), "there is no reason yet"
    press(stage, "It was corrected.", K.Key_Return)
    assert not sheet.isVisible()
    notes = stage.team.case_notes(EN, "case-500")
    assert (notes[-1].kind, notes[-1].text) == (NoteKind.CLOSED, "It was corrected.")
    assert window.cases.header.open == 2
    rows = window.cases.table.rows.cases
    assert [one.case.key for one in rows if one.status is Status.CLOSED] == ["case-500", "case-507"]
    assert at_hand(window) == "case-500", "no row moves under the cursor"
    assert not window.registry.possible("reply")
    press(stage, K.Key_R)
    assert not window.cases_work.composer.isVisible()
    press(stage, K.Key_U)
    assert window.cases.header.open == 3
    assert stage.team.case_notes(EN, "case-500")[-1].kind is NoteKind.REOPENED
    assert window.registry.possible("reply")


def test_the_public_thread_is_shown_and_one_comes_back(opens: Opens) -> None:
    stage, window = opened(opens)
    private = words_shown(window)
    assert "second letter" in private
    press(stage, K.Key_O, modifiers=SHIFT)
    assert window.cases_pane.band.audience is Audience.PUBLIC
    assert "Same with my move in October" in words_shown(window)
    assert "second letter" not in words_shown(window)
    assert PUBLIC in stage.engine.wanted
    press(stage, K.Key_O, modifiers=SHIFT)
    assert words_shown(window) == private


def test_what_the_customer_writes_meanwhile_is_seen_and_asked_about(opens: Opens) -> None:
    stage, window = opened(opens)
    press(stage, K.Key_R)
    write(stage, window, "Is it the second one?")
    says(stage, "7005", "It came today, thank you.")
    stage.rest(app())
    assert "It came today" in words_shown(window)
    composer = window.cases_work.composer
    assert composer.isVisible(), "what is being written stays"
    write(stage, window, " Tell us.")
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.plans() == [], "the thread has changed: asked once"
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert len(stage.journal.plans()) == 1


def test_a_key_acts_on_the_case_that_was_painted(opens: Opens) -> None:
    stage, window = opened(opens)
    window.cases.table.step(1)
    window.registry.run("reply")
    stage.settle(app())
    assert not window.cases_work.composer.isVisible(), "the next case had not been painted"
    press(stage, K.Key_R)
    talk = window.cases_work.composer.talk
    assert talk is not None
    assert talk.case.key == "case-504"


def test_a_late_check_and_a_text_that_can_be_read_are_said_with_the_case(opens: Opens) -> None:
    stage, window = opens(ROWS)
    case = in_a_forum(stage)
    subject = Subject(EN, PUBLIC, (), fingerprint([], "k"), whole=True)
    proof = Proof("p1", subject, "conversion", case.opened_by, minutes(90), about=case.key, due_at=minutes(60))
    stage.team.want_proof(proof)
    press(stage, K.Key_G, K.Key_P)
    described = str(window.cases.table.rows.index(1, 0).data())
    assert "check late" in described
    stage.team.open_incident(Incident("i1", "p1", EN, PUBLIC, (), minutes(30), ("thread",)))
    window.cases_work.refresh()
    stage.settle(app())
    described = str(window.cases.table.rows.index(1, 0).data())
    assert "still readable" in described


def test_without_a_case_the_screen_says_so(opens: Opens) -> None:
    stage, window = opens(ROWS)
    press(stage, K.Key_G, K.Key_P)
    assert "No private case is open" in window.cases_pane.empty.accessibleName()
    for verb in ("reply", "note", "resolve", "keep"):
        assert not window.registry.possible(verb)
    in_a_forum(stage)
    window.cases_work.refresh()
    stage.settle(app())
    assert at_hand(window) == "case-500"


class OneTicket:
    """Tells of one ticket."""

    def asked_of(self, case: Case) -> str:
        """Nothing."""
        return ""

    def ticket_of(self, case: Case) -> Ticket | None:
        """That of Maren's case."""
        if case.key != "case-500":
            return None
        state = TicketState.OPEN
        address = "https://tickets.example/7"
        return Ticket("7", address, "Invoice", state, "1", last_by=Side.CUSTOMER, last_at=minutes(30))


def test_a_case_in_a_ticket_shows_the_ticket_and_takes_no_answer(opens: Opens) -> None:
    stage, window = opens(ROWS)
    all_cases(stage)
    stage.desk.conversing.tickets = OneTicket()
    press(stage, K.Key_G, K.Key_P)
    assert at_hand(window) == "case-500"
    shown = words_shown(window)
    assert "#7" in shown
    assert "Waits for" in shown
    assert "waiting for us for 30 min" in window.cases_pane.line.status
    assert not window.registry.possible("reply")
    assert "ticket" in window.registry.why_not("reply")
    press(stage, K.Key_N)
    composer = window.cases_work.composer
    press(stage, K.Key_C, modifiers=ALT)
    assert composer.strip.current is Audience.STAFF
    write(stage, window, "See the ticket.")
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.team.case_notes(EN, "case-500")[-1].text == "See the ticket."
    assert stage.journal.plans() == []


def test_bringing_back_is_asked_for_by_its_key(opens: Opens) -> None:
    stage, window = opened(opens)
    heard: list[Case] = []
    work: CasesWork = window.cases_work
    work.bring_back_requested.connect(heard.append)
    work.brings_back = lambda facts: "case_no_bring_back"
    work.permit()
    press(stage, K.Key_B)
    assert not heard
    work.brings_back = lambda facts: ""
    work.permit()
    press(stage, K.Key_B)
    assert [case.key for case in heard] == ["case-500"]


def test_panes_in_turn_and_colours_anew(opens: Opens) -> None:
    stage, window = opened(opens)
    assert window.cases.table.hasFocus()
    press(stage, K.Key_F6)
    assert window.cases_pane.posts.hasFocus()
    press(stage, K.Key_F6)
    assert window.cases_pane.bar.buttons["reply"].hasFocus()
    press(stage, K.Key_J)
    window.prefer(window.session.preferences.but(language="ja"))
    stage.settle(app())
    assert at_hand(window) == "case-504", "one stays where one was"
    assert window.cases_pane.line.status.startswith("お客様の返信待ち")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_word_is_there(opens: Opens, language: Language) -> None:
    stage, window = opened(opens, language=language, size=(1280, 800))
    model = window.cases.table.rows
    said = [str(model.index(n, 0).data()) for n in range(model.rowCount())]
    for _ in range(4):
        said += [words_shown(window), window.cases_pane.line.accessibleName(), window.cases_pane.band.accessibleName()]
        said += [window.registry.tip(verb) for verb in window.registry.here()]
        press(stage, K.Key_J)
    assert not [one for one in said if "‹" in one or "{" in one]


def test_the_conversion_of_a_case_is_looked_at_by_its_key(opens: Opens) -> None:
    stage, window = opened(opens)
    press(stage, K.Key_P)
    dialog = window.convert.dialog
    assert dialog is not None
    dialog.reject()
    stage.settle(app())
    assert window.convert.dialog is None
    assert window.focusWidget() is window.cases.table
    window.registry.run("next")
    stage.settle(app())
    assert at_hand(window) == "case-504"


def test_the_proof_of_the_case_at_hand_is_shown_and_not_the_newest(opens: Opens) -> None:
    stage, window = opened(opens)
    for number, (key, thread) in enumerate((("case-500", PUBLIC), ("case-504", OTHER_PUBLIC))):
        subject = Subject(EN, thread, (), fingerprint([], "k"), whole=True)
        proof = Proof(f"p{number}", subject, "conversion", f"{EN}:member:2", minutes(90 - number), about=key)
        stage.team.want_proof(proof)
        stage.team.open_incident(Incident(f"i{number}", proof.id, EN, thread, (), minutes(30 - number), ("thread",)))
    window.proofs.refresh()
    window.cases_work.refresh()
    stage.settle(app())
    sheet = window.proofs.sheet
    press(stage, K.Key_I, modifiers=ALT)
    assert (at_hand(window), sheet.proof) == ("case-500", "p0")
    assert sheet.close_button.isVisible(), "its incident can be closed"
    press(stage, K.Key_Escape, K.Key_J)
    press(stage, K.Key_I, modifiers=ALT)
    assert (at_hand(window), sheet.proof) == ("case-504", "p1")
    press(stage, K.Key_Escape, K.Key_K)
    QTest.mouseClick(window.band, Qt.MouseButton.LeftButton)
    stage.settle(app())
    assert sheet.proof == "p1", "the band speaks of the newest"
    press(stage, K.Key_Escape, K.Key_J, K.Key_J)
    press(stage, K.Key_I, modifiers=ALT)
    assert (at_hand(window), sheet.proof) == ("case-505", ""), "this one has none"


def test_every_key_of_a_case_has_a_button_and_is_explained_as_what_it_does_here(opens: Opens) -> None:
    stage, window = opened(opens)
    buttons = window.cases_pane.bar.buttons
    shown = {verb: buttons[verb].accessibleDescription() for verb in buttons if buttons[verb].isVisible()}
    assert shown == {
        "reply": "R",
        "note": "N",
        "resolve": "V",
        "bring_back": "B",
        "convert": "P",
        "other_side": "Shift O",
    }
    assert buttons["convert"].word == "Steps and proof"
    assert window.registry.hint("resolve") == "close the case, with a reason"
    assert "Steps and proof" in window.registry.tip("convert")
    press(stage, K.Key_G, K.Key_Q)
    assert window.registry.hint("resolve") == "resolve: handled elsewhere"
    assert window.registry.label("convert").startswith("Go private")
