"""Bringing an answer back in the window: proposed, accepted sentence by sentence with keys, posted once."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from moderation.cases import CaseStep
from moderation.content import Identity
from moderation.ids import Kind, Ref
from moderation.intents import Identities, IntentState
from tests.views.conftest import Opens
from tests.views.keys import ALT, CONTROL, press
from tests.views.sample import EN, ROWS, community
from tests.views.solved import solve
from tests.views.stage import Stage
from views import MainWindow
from views.bring_back.sheet import BringBackSheet
from views.theme import Scheme

K = Qt.Key
PROPOSED = "We called you at 01632 960 118 about [order number removed], as promised."
ALTS = (K.Key_1, K.Key_2, K.Key_3, K.Key_4)


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def rest(stage: Stage, window: MainWindow) -> None:
    """What waits for a pause in typing is done too."""
    stage.settle(app())
    while window.bring_back.pending:
        app().processEvents()
        app().thread().msleep(5)
    stage.settle(app())


def opened(opens: Opens, *, official: bool = True, **look: object) -> tuple[Stage, MainWindow, BringBackSheet]:
    """The sheet on the case of the first thread."""
    row = community()
    if official:
        row = replace(row, official=Identity(Ref(EN, Kind.MEMBER, "9"), "quillby"))
    stage, window = opens((ROWS[0],), connected=row, **look)
    solve(stage)
    press(stage, K.Key_B)
    rest(stage, window)
    sheet = window.bring_back.sheet
    assert sheet.isVisible(), window.bar._words_said
    return stage, window, sheet


def typed(stage: Stage, window: MainWindow, text: str) -> None:
    """Text at the end of the draft."""
    editor = window.bring_back.sheet.editor
    cursor = editor.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    editor.setTextCursor(cursor)
    QTest.keyClicks(editor, text)
    rest(stage, window)


def test_a_thread_without_a_case_has_nothing_to_bring_back(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_B)
    assert window.bar._words_said == "No private case here. Nothing to bring back."
    assert window.bring_back._sheet is None


def test_each_sentence_is_accepted_by_its_key_before_it_is_posted_as_the_company(opens: Opens) -> None:
    stage, window, sheet = opened(opens)
    assert sheet.editor.toPlainText().startswith(PROPOSED)
    assert "order number" in sheet.answers.struck.text()
    assert "everyone on the web, in Billing" in sheet.who.where
    assert "as quillby (official)" in sheet.note.text()
    assert [one.rule for one in sheet.guard.shown] == ["private_words_customer"] + ["private_words_staff"] * 3
    assert not sheet.send_button.isEnabled()
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.unfinished() == []
    for number, key in enumerate(ALTS, 1):
        press(stage, key, modifiers=ALT)
        rest(stage, window)
        assert sum(one.accepted for one in sheet.guard.shown) == number
    press(stage, ALTS[0], modifiers=ALT)
    rest(stage, window)
    assert not sheet.ready, "the same key takes it back"
    press(stage, ALTS[0], modifiers=ALT)
    rest(stage, window)
    assert sheet.send_button.isEnabled()
    sheet.close_case.setChecked(True)
    press(stage, K.Key_Return, modifiers=CONTROL)
    (intent,) = stage.journal.unfinished()
    assert (intent.identity, str(intent.target)) == (Identities.OFFICIAL, f"{EN}:thread:500")
    assert intent.state is IntentState.HELD
    assert intent.payload["text"] == sheet.editor.toPlainText()
    assert intent.payload["ends"] == "closed"
    assert not sheet.isVisible()
    assert "goes out publicly" in window.bar._words_said
    press(stage, K.Key_Z)
    assert stage.journal.unfinished() == []


def test_what_was_called_back_is_still_there(opens: Opens) -> None:
    stage, window, sheet = opened(opens)
    typed(stage, window, " Mine")
    for key in ALTS:
        press(stage, key, modifiers=ALT)
        rest(stage, window)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert len(stage.journal.unfinished()) == 1
    press(stage, K.Key_Z)
    press(stage, K.Key_B)
    rest(stage, window)
    assert sheet.editor.toPlainText().endswith(" Mine")


def test_an_edit_takes_an_acceptance_back_and_private_data_is_struck_by_its_key(opens: Opens) -> None:
    stage, window, sheet = opened(opens)
    for key in ALTS:
        press(stage, key, modifiers=ALT)
        rest(stage, window)
    assert sheet.ready
    typed(stage, window, " My order is QB-48213.")
    assert not sheet.ready
    found = next(n for n, one in enumerate(sheet.guard.shown) if one.rule == "private_data")
    press(stage, K(K.Key_1.value + found), modifiers=ALT)
    rest(stage, window)
    assert sheet.editor.toPlainText().endswith("My order is [order number removed].")
    assert not any(one.rule == "private_data" for one in sheet.guard.objections)
    before = sum(one.accepted for one in sheet.guard.objections)
    cursor = sheet.editor.textCursor()
    cursor.setPosition(3)
    cursor.insertText("really ")
    rest(stage, window)
    assert sum(one.accepted for one in sheet.guard.objections) == before - 1
    assert not sheet.ready


def test_nothing_typed_is_lost_and_the_proposal_comes_back_by_a_key(opens: Opens) -> None:
    stage, window, sheet = opened(opens)
    proposed = sheet.editor.toPlainText()
    typed(stage, window, " Half a thought")
    press(stage, K.Key_Escape)
    assert not sheet.isVisible()
    press(stage, K.Key_B)
    rest(stage, window)
    assert sheet.editor.toPlainText() == f"{proposed} Half a thought"
    assert "Alt 0" in sheet.note.text()
    press(stage, K.Key_0, modifiers=ALT)
    rest(stage, window)
    assert sheet.editor.toPlainText() == proposed
    press(stage, K.Key_Z, modifiers=CONTROL)
    rest(stage, window)
    assert sheet.editor.toPlainText() == f"{proposed} Half a thought"


def test_another_answer_may_be_chosen_and_does_not_replace_what_was_written(opens: Opens) -> None:
    stage, window, sheet = opened(opens)
    first, second = (sheet.answers.list.item(row) for row in (0, 1))
    assert second.checkState() is Qt.CheckState.Checked
    first.setCheckState(Qt.CheckState.Checked)
    second.setCheckState(Qt.CheckState.Unchecked)
    rest(stage, window)
    assert sheet.editor.toPlainText().startswith("Thank you for writing.")
    typed(stage, window, " Mine")
    second.setCheckState(Qt.CheckState.Checked)
    rest(stage, window)
    assert sheet.editor.toPlainText().endswith(" Mine")
    press(stage, K.Key_0, modifiers=ALT)
    rest(stage, window)
    assert PROPOSED in sheet.editor.toPlainText()


def test_what_is_out_of_sight_is_shown_before_it_can_be_accepted(opens: Opens) -> None:
    stage, window, sheet = opened(opens, size=(1024, 640))
    typed(stage, window, " My wife is in hospital.")
    last = len(sheet.guard.shown) - 1
    assert last == 4
    assert not sheet.guard.seen(last)
    press(stage, K.Key_5, modifiers=ALT)
    rest(stage, window)
    assert not any(one.accepted for one in sheet.guard.objections)
    assert sheet.guard.seen(last)
    press(stage, K.Key_5, modifiers=ALT)
    rest(stage, window)
    assert sheet.guard.objections[last].accepted


def test_the_screen_of_cases_opens_it_with_the_same_key(opens: Opens) -> None:
    stage, window = opens((ROWS[0],))
    case = solve(stage)
    window.registry.run("go_cases")
    rest(stage, window)
    assert window.registry.possible("bring_back"), window.registry.why_not("bring_back")
    press(stage, K.Key_B)
    rest(stage, window)
    sheet = window.bring_back.sheet
    assert sheet.isVisible()
    assert sheet.subtitle.text().startswith(case.key)
    press(stage, K.Key_Escape)
    window.registry.run("go_queue")
    rest(stage, window)
    assert window.registry.possible("bring_back")


def test_an_answer_that_stands_is_not_posted_again(opens: Opens) -> None:
    stage, window = opens((ROWS[0],))
    case = solve(stage)
    step = CaseStep("s2", case.key, EN, "x:reply", case.thread, IntentState.CONFIRMED, "answer", "post:77")
    stage.team.note_step(replace(step, at=stage.clock.now()))
    press(stage, K.Key_B)
    rest(stage, window)
    sheet = window.bring_back.sheet
    assert sheet.guard.shown[0].rule == "answer_there"
    assert "no company account is connected" in sheet.note.text()
    for key in (*ALTS, K.Key_5):
        press(stage, key, modifiers=ALT)
        rest(stage, window)
    assert not sheet.send_button.isEnabled()
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.unfinished() == []


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_it_speaks_japanese_and_fits_a_small_window(opens: Opens, scheme: Scheme) -> None:
    _, window, sheet = opened(opens, language="ja", scheme=scheme, size=(1024, 640))
    said = [label.text() for label in sheet.findChildren(QLabel)] + [sheet.guard.accessibleName(), sheet.who.where]
    assert not [text for text in said if "‹" in text]
    assert sheet.title.text() == "回答を公開に戻す"
    assert window.centre.rect().contains(sheet.geometry().adjusted(16, 16, -16, -16))
    assert not sheet.grab().isNull()


def test_the_ways_out_have_keys_that_are_shown(opens: Opens) -> None:
    stage, _, sheet = opened(opens)
    assert (sheet.cancel.text(), sheet.cancel.key) == ("Keep for later", "Esc")
    press(stage, K.Key_C, modifiers=ALT)
    assert sheet.close_case.isChecked()
    assert "Alt C" in sheet.close_case.text()
    sheet.cancel.click()
    stage.settle(app())
    assert not sheet.isVisible()
    assert stage.journal.plans() == []
