"""The few dialogues that stand beside the window: a passphrase before there is one, and our own bugs."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMessageBox, QWidget

SHORTEST = 8


class Words(Protocol):
    """Sentences by code."""

    def __call__(self, code: str, **facts: object) -> str:
        """The sentence with its facts."""


def sorry(sentence: str) -> None:
    """The window cannot open: one sentence with the next step."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Marquee", sentence)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()


def ask_passphrase(words: Words, *, new: bool) -> str | None:
    """Ask for the passphrase of the stores, twice for a new one; ``None`` when the person gives none."""
    if not new:
        return _ask(words("cli_passphrase"))
    say = words("cli_passphrase_why")
    while True:
        first = _ask(f"{say}\n\n{words('cli_passphrase_new')}")
        if first is None:
            return None
        if len(first) < SHORTEST:
            say = words("cli_passphrase_short", length=SHORTEST)
        elif _ask(words("cli_passphrase_again")) == first:
            return first
        else:
            say = words("cli_passphrase_differs")


def _ask(text: str) -> str | None:
    given, agreed = QInputDialog.getText(None, "Marquee", text, QLineEdit.EchoMode.Password)
    return given if agreed and given else None


def show_crash(parent: QWidget | None, sentence: str, report: str, closed: Callable[[], None]) -> QMessageBox:
    """Say that something went wrong in this program, with the report to look at; does not block."""
    box = QMessageBox(QMessageBox.Icon.Critical, "Marquee", sentence, QMessageBox.StandardButton.Close, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setDetailedText(report)
    box.finished.connect(lambda _: closed())
    box.open()
    return box
