"""The company's voice while somebody writes: what the pack objects to, what it offers, and snippets."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from moderation.findings import Severity
from moderation.people import Consent
from moderation.voice.ports import Voices
from moderation.voice.reading import read_pack
from resources.voice import shipped
from tests.views.conftest import Opens
from tests.views.keys import ALT, CONTROL, press
from tests.views.sample import community
from tests.views.stage import Stage
from views import MainWindow
from views.composer.composer import Composer

K = Qt.Key
Settled = Callable[[Stage], None]
ROUND = "Hello Corvin Brackwater,\n\n{}\n\nYour Quillby team"


@pytest.fixture
def answering(opens: Opens, settled: Settled) -> tuple[Stage, Composer, MainWindow]:
    """An answer is begun in a thread where a pack holds, which a colleague is not to be named in."""
    row = community()
    stage, window = opens(connected=replace(row, official=replace(row.identity, name="Quillby Support")))
    stage.voices = Voices(tuple(read_pack(source, name) for name, source in shipped()), ("broken.toml:7",))
    colleague = stage.desk.staffing.add("Rolf Quarrier")
    stage.desk.staffing.change(colleague.id, consent=Consent.NEVER)
    press(stage, K.Key_R)
    return stage, window.talk.composer, window


def rules(composer: Composer) -> list[tuple[str, Severity]]:
    return [(one.rule, one.severity) for one in composer.findings.findings if one.rule != "pack_unread"]


def test_what_the_pack_and_colleagues_ask_for_is_said_and_mended_by_key(
    answering: tuple[Stage, Composer, MainWindow], settled: Settled
) -> None:
    stage, composer, _window = answering
    assert composer.identity.currentText().startswith("Quillby Support")
    assert composer.bar.pack.accessibleName() == "Quillby, English"
    body = "😀 Rolf Quarrier knows it is a known issue and mends it by Friday."
    composer.editor.insertPlainText(ROUND.format(body))
    settled(stage)
    blocks, asks, hints = Severity.BLOCK, Severity.ASK, Severity.HINT
    assert rules(composer) == [("colleague_never", blocks), ("promise", asks), ("term", hints)]
    assert not composer.send_button.isEnabled()
    assert any("broken.toml:7" in one.about for one in composer.findings.findings)
    press(stage, K.Key_1, modifiers=ALT)
    settled(stage)
    assert rules(composer) == [("promise", asks), ("term", hints)]
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert "a promise" in composer.foot.blocked
    assert stage.journal.unfinished() == []
    for _ in range(2):
        press(stage, K.Key_1, modifiers=ALT)
        settled(stage)
    written = "😀 our team knows it is a fault that we are working on and mends it as soon as it is done."
    assert composer.editor.toPlainText() == ROUND.format(written)
    assert rules(composer) == []
    composer.editor.undo()
    assert "known issue" in composer.editor.toPlainText()


def test_greeting_and_sign_off_are_added_around_the_caret_and_a_low_list_scrolls(
    answering: tuple[Stage, Composer, MainWindow], settled: Settled
) -> None:
    stage, composer, _window = answering
    press(stage, "It works again.")
    settled(stage)
    assert [rule for rule, _ in rules(composer)] == ["no_greeting", "no_sign_off"]
    press(stage, K.Key_2, modifiers=ALT)
    press(stage, K.Key_1, modifiers=ALT)
    press(stage, " Thanks.")
    assert composer.editor.toPlainText() == ROUND.format("It works again. Thanks.")
    composer.editor.insertPlainText("Rolf Quarrier, known issue, by Friday, {a}, {b}, {c}, we are liable, ASAP")
    settled(stage)
    composer.findings.grab()
    composer.findings.reveal(9)
    top, bottom = composer.findings._entries[8]
    assert top - composer.findings._scrolled >= 0
    assert bottom - composer.findings._scrolled <= composer.findings.height()


def test_a_snippet_is_chosen_by_keys_and_tab_goes_through_what_remains(
    answering: tuple[Stage, Composer, MainWindow], settled: Settled
) -> None:
    stage, composer, window = answering
    composer.editor.insertPlainText("😀 ")
    press(stage, K.Key_J, modifiers=CONTROL)
    assert window.popups.palette.isVisible()
    press(stage, "mended", K.Key_Return)
    assert not window.popups.palette.isVisible()
    cursor = composer.editor.textCursor
    assert cursor().selectedText() == "{version}"
    assert "22 November 2026" in composer.editor.toPlainText()
    press(stage, "4.2 {product}", K.Key_Tab)
    assert cursor().selectedText() == "{product}"
    press(stage, "router")
    settled(stage)
    press(stage, K.Key_Tab)
    assert composer.editor.toPlainText().startswith("😀 This is mended in version 4.2 router,")
    assert QApplication.focusWidget() is composer.send_button, "nothing is left to be filled in"
    press(stage, K.Key_Escape, K.Key_N)
    assert not composer.bar.snippets.isVisible()
    press(stage, K.Key_J, modifiers=CONTROL)
    assert not window.popups.palette.isVisible()
    assert "a note takes none" in window.bar._words_said


def test_an_answer_of_the_checks_waits_for_a_word_that_is_being_composed(
    answering: tuple[Stage, Composer, MainWindow], settled: Settled
) -> None:
    stage, composer, _window = answering
    composer.editor.insertPlainText(ROUND.format("A known issue again."))
    settled(stage)
    shown = list(composer.findings.findings)
    composer.editor.insertPlainText(" It ends by Friday.")
    composer._check()
    QApplication.sendEvent(composer.editor, QInputMethodEvent("へんかん", []))
    stage.settle(QApplication.instance())
    assert list(composer.findings.findings) == shown
    done = QInputMethodEvent("", [])
    done.setCommitString("変換")
    QApplication.sendEvent(composer.editor, done)
    settled(stage)
    assert ("promise", Severity.ASK) in rules(composer)
    assert composer.editor.toPlainText().endswith("It ends by Friday.変換")
