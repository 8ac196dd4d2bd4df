"""Keys that other keyboards have, and keys that are held down."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tests.views.conftest import Opens
from tests.views.keys import SHIFT, focus, press
from tests.views.stage import Stage
from tests.views.test_outbox import CONFLICT, on_outbox
from views import MainWindow

K = Qt.Key


def type_superscript(stage: Stage) -> None:
    """The key left of the 1 on a French keyboard: a digit that is no number."""
    pressed = QKeyEvent(QEvent.Type.KeyPress, K.Key_twosuperior, Qt.KeyboardModifier.NoModifier, "²")
    QApplication.sendEvent(focus(stage), pressed)


def _reasons(stage: Stage, window: MainWindow) -> bool:
    press(stage, K.Key_H, modifiers=SHIFT)
    return window.reasons.isVisible()


def _later(stage: Stage, window: MainWindow) -> bool:
    press(stage, K.Key_L)
    return window.putting_off.sheet.isVisible()


@pytest.mark.parametrize("ask", [_reasons, _later])
def test_a_small_two_is_no_number(opens: Opens, ask: Callable[[Stage, MainWindow], bool]) -> None:
    stage, window = opens()
    assert ask(stage, window)
    type_superscript(stage)
    assert window.reasons.isVisible() or window.putting_off.sheet.isVisible(), "nothing was taken"
    assert stage.journal.unfinished() == []


def test_a_key_that_is_held_answers_for_one_intent_only(opens: Opens) -> None:
    stage, window = opens()
    on_outbox(stage, window, "sending", "conflict", trouble=CONFLICT)
    for _ in range(3):
        held = QKeyEvent(QEvent.Type.KeyPress, K.Key_E, Qt.KeyboardModifier.NoModifier, "e", True)
        QApplication.sendEvent(window.outbox.table, held)
    stage.settle(QApplication.instance())
    assert len(stage.journal.attention()) == 1, "a key that comes by itself closes nothing"
    press(stage, K.Key_E)
    assert stage.journal.attention() == []


def test_a_key_answers_for_what_was_painted(opens: Opens) -> None:
    stage, window = opens()
    intent = on_outbox(stage, window, "sending", "conflict", trouble=CONFLICT)
    entry, sheet = window.outbox_work.entry(), window.outbox_pane.sheet
    assert entry is not None
    sheet.show_entry(replace(entry, steps=2), "")  # it changed, and nobody has seen that yet
    window.outbox_work.act("close")
    stage.settle(QApplication.instance())
    assert [one.id for one in stage.journal.attention()] == [intent]
    sheet.show_entry(entry, "")
    sheet.repaint()
    window.outbox_work.act("close")
    stage.settle(QApplication.instance())
    assert stage.journal.attention() == []
