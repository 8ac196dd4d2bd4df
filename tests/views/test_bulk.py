"""Several items at once: marked by key, decided by one verb, each with an intent of its own."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.plugin import QtBot

from moderation.actions import Action
from moderation.intents import IntentState
from tests.views.conftest import Opens
from tests.views.keys import SHIFT, press
from tests.views.test_stories import ids, shown

K = Qt.Key


def mark(stage, *steps: int) -> None:
    """Mark the rows that many steps further down, one after the other."""
    for step in steps:
        press(stage, *[K.Key_J] * step, K.Key_X)


def test_marked_rows_are_decided_together_each_on_its_own(opens: Opens) -> None:
    stage, window = opens()
    listed = ids(window)
    mark(stage, 1, 2)
    assert window.pane.bulk_bar.isVisible()
    assert not window.pane.bar.isVisible()
    press(stage, K.Key_E)
    intents = stage.journal.unfinished()
    assert [(str(intent.item), intent.action) for intent in intents] == [
        (listed[1], Action.DISMISS),
        (listed[3], Action.DISMISS),
    ]
    assert len({intent.payload["bulk"] for intent in intents}) == 1
    assert window.pane.bar.isVisible(), "the marks are gone"
    assert shown(window) == listed[4]
    assert window.session.row_state(window.session.feed.model.peek(3)).pie is not None


def test_undo_takes_the_whole_bulk_back(opens: Opens) -> None:
    stage, _ = opens()
    mark(stage, 1, 1)
    press(stage, K.Key_E, K.Key_Z)
    assert stage.journal.unfinished() == []
    press(stage, K.Key_E, K.Key_E, K.Key_Z)
    assert len(stage.journal.unfinished()) == 1, "after another decision undo is about that one"


def test_a_bulk_is_held_back_and_goes_on(opens: Opens) -> None:
    stage, window = opens()
    mark(stage, 1, 1)
    assert not window.registry.possible("bulk_pause")
    press(stage, K.Key_E)
    press(stage, K.Key_P, modifiers=SHIFT)
    assert {intent.state for intent in stage.journal.unfinished()} == {IntentState.APPROVAL}
    press(stage, K.Key_P, modifiers=SHIFT)
    assert {intent.state for intent in stage.journal.unfinished()} == {IntentState.WAITING}


def test_what_is_urgent_is_never_marked(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_X)
    assert not window.queue_work.bulk.marks
    assert "one by one" in window.bar.toolTip()


def test_hiding_many_asks_once_and_says_what_it_does(opens: Opens) -> None:
    stage, window = opens()
    mark(stage, 1, 1)
    line = window.pane.bulk_bar.line
    assert line.head == "2 marked:"
    press(stage, K.Key_H, modifiers=SHIFT)
    assert line.text.startswith("hides 2 posts and closes 9 reports")
    press(stage, K.Key_4)
    assert [intent.action for intent in stage.journal.unfinished()] == [Action.HIDE, Action.HIDE]
    assert {intent.payload["reason"] for intent in stage.journal.unfinished()} == {"Advertising"}


def test_a_reason_that_was_left_before_decides_nothing_now(opens: Opens) -> None:
    stage, window = opens()
    first = shown(window)
    press(stage, K.Key_H, modifiers=SHIFT)
    press(stage, K.Key_Escape)
    mark(stage, 1)
    press(stage, K.Key_H, modifiers=SHIFT)
    press(stage, K.Key_4)
    assert first not in {str(intent.item) for intent in stage.journal.unfinished()}


def test_escape_takes_the_marks_away(opens: Opens) -> None:
    stage, window = opens()
    mark(stage, 1, 1)
    described = window.panel.describe(window.session.feed.model.peek(1))
    assert described.endswith(", marked")
    press(stage, K.Key_Escape)
    assert not window.queue_work.bulk.marks
    press(stage, K.Key_E)
    assert len(stage.journal.unfinished()) == 1


def test_a_verb_decides_only_what_it_applies_to(opens: Opens) -> None:
    stage, window = opens()
    held = next(n for n, item in enumerate(ids(window)) if ":held:" in item)
    mark(stage, 1, held - 1)
    assert set(window.queue_work.bulk.verbs()) == {"keep", "resolve", "hide", "approve", "reject"}
    press(stage, K.Key_A)
    assert [intent.action for intent in stage.journal.unfinished()] == [Action.APPROVE]
    assert len(window.queue_work.bulk.marks) == 1, "the report is marked still"


def test_a_paused_bulk_is_no_doubt_and_goes_on_in_another_window(opens: Opens) -> None:
    stage, window = opens()
    mark(stage, 1, 1)
    press(stage, K.Key_E)
    press(stage, K.Key_P, modifiers=SHIFT)
    decisions = window.session.decisions
    assert (decisions.state.doubts, decisions.state.paused) == (0, 2)
    decisions.bulk, decisions.paused = "", False
    decisions.refresh()
    press(stage)
    stage.settle(QApplication.instance())
    assert window.registry.possible("bulk_pause")
    press(stage, K.Key_P, modifiers=SHIFT)
    assert {intent.state for intent in stage.journal.unfinished()} == {IntentState.WAITING}


def test_rows_are_marked_by_mouse_too(opens: Opens, qtbot: QtBot) -> None:
    stage, window = opens()
    table = window.panel.table
    third, fourth = (table.visualRect(table.model().index(row, 0)).center() for row in (2, 3))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, third)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, fourth.y()))
    stage.settle(QApplication.instance())
    assert [mark.item for mark in window.queue_work.bulk.marks.values()] == ids(window)[2:4]
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, third.y()))
    assert len(window.queue_work.bulk.marks) == 2, "a click on the text only goes there"
