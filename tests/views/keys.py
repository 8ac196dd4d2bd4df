"""Pressing keys as a person does."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.views.stage import Stage

SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def press(stage: Stage, *keys: Qt.Key | str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys one after the other where the focus is, each after the one before came to rest."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for key in keys:
        target = focus(stage)
        if isinstance(key, str):
            QTest.keyClicks(target, key, modifiers)
        else:
            QTest.keyClick(target, key, modifiers)
        stage.settle(app)


def focus(stage: Stage) -> QWidget:
    """The widget that gets the keys."""
    assert stage.window is not None
    return QApplication.focusWidget() or stage.window
