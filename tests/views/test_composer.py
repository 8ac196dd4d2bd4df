"""Answers and notes: who reads it, what the checks say, and that nothing written is lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from moderation.content import Forum
from moderation.findings import Audience, Severity
from moderation.intents import Identities
from tests.views.conftest import Opens
from tests.views.keys import ALT, CONTROL, SHIFT, press
from tests.views.sample import EN, Records, Row, community
from tests.views.stage import Stage

K = Qt.Key
Settled = Callable[[Stage], None]


def test_a_public_thread_shows_three_readers_and_posts_publicly(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    strip = window.talk.composer.strip
    assert [segment.audience for segment in strip.segments] == list(Audience)
    assert strip.current is Audience.PUBLIC
    assert window.talk.composer.send_button.text() == "Post publicly"
    press(stage, K.Key_C, modifiers=ALT)
    assert strip.current is Audience.PUBLIC, "there is no private case yet"


def test_a_closed_thread_has_no_public_segment(opens: Opens) -> None:
    stage, window = opens()
    forums = [replace(forum, private=True) for forum in Records(EN, _rows()).forums]
    stage.news(EN, forums=forums)
    press(stage, K.Key_R)
    assert [segment.audience for segment in window.talk.composer.strip.segments] == [Audience.STAFF]
    assert window.talk.composer.send_button.text() == "Post to this thread"


def _rows() -> tuple[Row, ...]:
    from tests.views.sample import ROWS

    return ROWS


def test_a_placeholder_blocks(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    press(stage, "Hello {{name}}, we look into it.")
    settled(stage)
    composer = window.talk.composer
    assert [finding.severity for finding in composer.findings.findings] == [Severity.BLOCK]
    assert not composer.send_button.isEnabled()
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.unfinished() == []
    assert composer.open


def test_what_asks_is_asked_once(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    press(stage, "Please write to help@quillby.example today.")
    settled(stage)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.unfinished() == []
    assert "once more" in window.talk.composer.foot.blocked
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert len(stage.journal.unfinished()) == 1


def test_what_asks_is_asked_though_the_checks_had_no_time(opens: Opens, qapp: QApplication) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    stage.settle(qapp)
    composer = window.talk.composer
    composer.editor.insertPlainText("Please write to help@quillby.example today.")
    press(stage, K.Key_Return, modifiers=CONTROL)
    stage.settle(qapp)
    assert stage.journal.unfinished() == []
    assert composer.open
    assert "once more" in composer.foot.blocked
    press(stage, K.Key_Return, modifiers=CONTROL)
    stage.settle(qapp)
    assert len(stage.journal.unfinished()) == 1


def test_a_remedy_strikes_the_passage_out(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    window.talk.composer.editor.insertPlainText("Call 01632 960 118 or wait 😀 here.")
    settled(stage)
    press(stage, K.Key_1, modifiers=ALT)
    assert window.talk.composer.editor.toPlainText() == "Call  or wait 😀 here."


def test_f8_goes_to_the_next_finding(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    window.talk.composer.editor.insertPlainText("😀 {{a}} and {{b}} are missing")
    settled(stage)
    press(stage, K.Key_F8)
    assert window.talk.composer.editor.textCursor().selectedText() == "{{a}}"
    press(stage, K.Key_F8)
    assert window.talk.composer.editor.textCursor().selectedText() == "{{b}}"


def test_nothing_is_marked_anew_while_a_word_is_composed(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    editor = window.talk.composer.editor
    QApplication.sendEvent(editor, QInputMethodEvent("へんかん", []))
    assert editor.composing
    QApplication.sendEvent(editor, QInputMethodEvent("", []))
    assert not editor.composing


def test_letters_are_text_in_the_composer(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    press(stage, "jkevz?RH")
    assert window.talk.composer.editor.toPlainText() == "jkevz?RH"
    assert stage.journal.unfinished() == []


def test_an_official_account_can_be_chosen(opens: Opens) -> None:
    from moderation.content import Identity
    from moderation.ids import Kind, Ref
    from moderation.intents import Identities

    row = community()
    official = Identity(Ref(EN, Kind.MEMBER, "9"), "Quillby Support")
    stage, window = opens(connected=replace(row, official=official))
    press(stage, K.Key_R)
    assert window.talk.composer.identity.itemText(1) == "Quillby Support (official)"
    window.talk.composer.identity.setCurrentIndex(1)
    press(stage, "A new firmware is out for you.")
    press(stage, K.Key_Return, modifiers=CONTROL)
    (intent,) = stage.journal.unfinished()
    assert intent.identity is Identities.OFFICIAL
    assert intent.account == str(official.member)


def test_a_quote_brings_the_marked_text(opens: Opens) -> None:
    stage, window = opens()
    window.pane.posts.find("lose their job")
    press(stage, K.Key_Q)
    assert "> lose their job" in window.talk.composer.editor.toPlainText()


def test_going_to_another_item_keeps_the_text(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    press(stage, "Half")
    window.panel.table.go_to(3)
    settled(stage)
    assert not window.talk.composer.open
    assert [draft.text for draft in stage.journal.drafts()] == ["Half"]


def test_closing_the_window_keeps_what_was_just_typed(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    press(stage, "Last words")
    window.close()
    settled(stage)
    assert not window.isVisible()
    assert [draft.text for draft in stage.journal.drafts()] == ["Last words"]


@pytest.mark.parametrize("verb", ["reply", "note"])
def test_a_failure_leaves_the_text_where_it_is(opens: Opens, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    from moderation.errors import StoreError
    from views.composer import writing

    stage, window = opens()
    window.registry.run(verb)
    stage.settle(QApplication.instance())
    press(stage, "Something to say here")

    def full(*_: object) -> None:
        raise StoreError("disk_full", file="journal")

    monkeypatch.setattr(writing, verb if verb == "reply" else "add_note", full)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert window.talk.composer.open
    assert window.talk.composer.editor.toPlainText() == "Something to say here"
    assert "disk is full" in window.bar._words_said


def test_a_private_forum_is_said_in_the_band(opens: Opens) -> None:
    stage, window = opens()
    assert window.pane.band.audience is Audience.PUBLIC
    forums: list[Forum] = [replace(forum, private=True) for forum in Records(EN, _rows()).forums]
    stage.news(EN, forums=forums)
    stage.settle(QApplication.instance())
    assert window.pane.band.audience is Audience.STAFF
    assert "Staff only" not in _said(window.pane.band, window.talk.composer.strip)
    press(stage, K.Key_R)
    assert [segment.word for segment in window.talk.composer.strip.segments] == ["Closed forum"]
    assert "Staff only" not in _said(window.pane.band, window.talk.composer.strip)


def test_a_private_message_is_not_said_to_be_for_staff(opens: Opens) -> None:
    stage, window = opens()
    stage.news(EN, forums=[replace(forum, private=True, messages=True) for forum in Records(EN, _rows()).forums])
    stage.settle(QApplication.instance())
    assert (window.pane.band.audience, window.pane.band.accessibleName()[:13]) == (Audience.CUSTOMER, "This customer")
    press(stage, K.Key_R)
    assert [segment.audience for segment in window.talk.composer.strip.segments] == [Audience.CUSTOMER]


def test_what_nobody_knows_is_written_as_if_everyone_could_read_it(opens: Opens) -> None:
    stage, window = opens()
    stage.news(EN, forums=[replace(forum, private=None) for forum in Records(EN, _rows()).forums])
    stage.settle(QApplication.instance())
    assert window.pane.band.audience is Audience.PUBLIC
    press(stage, K.Key_R)
    assert window.talk.composer.strip.current is Audience.PUBLIC


def _said(*widgets: QWidget) -> str:
    return " ".join(widget.accessibleName() for widget in widgets)


def test_no_key_acts_on_the_item_wherever_in_the_composer_the_focus_is(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    press(stage, "Half an answer")
    press(stage, K.Key_B, modifiers=CONTROL | SHIFT)
    press(stage, K.Key_L, modifiers=ALT)
    press(stage, K.Key_Tab)
    composer = window.talk.composer
    assert QApplication.focusWidget() is composer.send_button
    press(stage, K.Key_E, K.Key_V, K.Key_G, K.Key_O)
    press(stage, K.Key_H, modifiers=SHIFT)
    assert composer.open
    assert not window.reasons.isVisible()
    assert stage.journal.unfinished() == []


def test_the_composers_keys_work_on_its_buttons_too(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    press(stage, "We look into it.")
    settled(stage)
    press(stage, K.Key_Tab)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert len(stage.journal.unfinished()) == 1
    press(stage, K.Key_R, K.Key_Tab, K.Key_Escape)
    assert not window.talk.composer.open


def test_while_a_word_is_composed_no_key_does_anything_else(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_E, K.Key_R)
    QApplication.sendEvent(window.talk.composer.editor, QInputMethodEvent("にほ", []))
    press(stage, K.Key_Escape)
    press(stage, K.Key_Escape, modifiers=SHIFT)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert window.talk.composer.open
    assert len(stage.journal.unfinished()) == 1, "nothing came back and nothing was posted"


def test_alt_a_answers_as_the_company(opens: Opens) -> None:
    row = community()
    stage, window = opens(connected=replace(row, official=replace(row.identity, name="Quillby Support")))
    press(stage, K.Key_R)
    press(stage, "We look into it.")
    press(stage, K.Key_A, modifiers=ALT)
    assert window.talk.composer.identity.currentText().startswith("Quillby Support")
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.unfinished()[0].identity is Identities.OFFICIAL


def test_a_text_with_other_readers_joins_what_was_kept_for_them(opens: Opens, settled: Settled) -> None:
    stage, window = opens()
    press(stage, K.Key_N)
    press(stage, "Called twice.")
    press(stage, K.Key_Escape, K.Key_R)
    press(stage, "Not for everybody.")
    press(stage, K.Key_S, modifiers=ALT)
    settled(stage)
    assert window.talk.composer.editor.toPlainText() == "Called twice.\n\nNot for everybody."
    press(stage, K.Key_Escape)
    settled(stage)
    assert [draft.text for draft in stage.journal.drafts()] == ["Called twice.\n\nNot for everybody."]
    press(stage, K.Key_R)
    assert window.talk.composer.editor.toPlainText() == ""
