"""The dialogues that stand beside the window."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from console import dialogues
from resources import messages

WORDS = partial(messages.text, language="en")


class Person:
    """Answers every dialogue that opens with the next of these texts; ``None`` cancels it."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(5)

    def _look(self) -> None:
        dialogue = QApplication.activeModalWidget()
        if not isinstance(dialogue, QInputDialog) or not self.answers:
            return
        self.asked.append(dialogue.labelText())
        assert dialogue.textEchoMode() is QLineEdit.EchoMode.Password
        answer = self.answers.pop(0)
        if answer is None:
            dialogue.reject()
        else:
            dialogue.setTextValue(answer)
            dialogue.accept()


@pytest.mark.parametrize(
    ("new", "answers", "given"),
    [
        (False, ["correct horse"], "correct horse"),
        (False, [None], None),
        (True, ["correct horse", "correct horse"], "correct horse"),
        (True, ["short", "correct horse", "correct hose", "correct horse", "correct horse"], "correct horse"),
        (True, [None], None),
    ],
)
def test_a_passphrase(qtbot: QtBot, new: bool, answers: list[str | None], given: str | None) -> None:
    person = Person(*answers)
    assert dialogues.ask_passphrase(WORDS, new=new) == given
    assert person.answers == []
    assert all("‹" not in text for text in person.asked)


def test_a_crash_does_not_block_and_shows_the_report(qtbot: QtBot) -> None:
    closed: list[bool] = []
    noted: Callable[[], None] = partial(closed.append, True)
    box = dialogues.show_crash(None, "Something went wrong.", "the report", noted)
    qtbot.addWidget(box)
    assert isinstance(box, QMessageBox)
    assert (box.text(), box.detailedText()) == ("Something went wrong.", "the report")
    box.close()
    qtbot.waitUntil(lambda: closed == [True])
