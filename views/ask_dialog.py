"""Dialogs before what weighs more: the consequence named, what is still to be said, the focus on Cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from moderation.content import Forum
from moderation.text import neutralise
from views.theme import Theme

_HOURS = (24, 24 * 3, 24 * 7, 24 * 30, 0)


@dataclass(frozen=True, slots=True)
class Question:
    """What a dialog asks: title, consequence, the verb on its button, and what has to be given.

    ``reading``: the text that stands there now is still to come; nothing can be agreed before.
    """

    title: str
    consequence: str
    verb: str
    text: str | None = None
    reading: bool = False
    forums: Sequence[Forum] = ()
    duration: bool = False


class AskDialog(QDialog):
    """``agreed`` tells the payload: ``until`` (ISO 8601), ``forum`` or ``text``, as far as they were asked."""

    agreed = Signal(object)

    def __init__(self, question: Question, theme: Theme, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self._now = now
        self._forums = question.forums
        self.setWindowTitle(question.title)
        self.setMinimumWidth(460)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        title = QLabel(question.title, self)
        title.setFont(theme.font("screen"))
        consequence = QLabel(question.consequence, self)
        for label in (title, consequence):  # members and servers wrote parts of them
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        self.duration = self._durations() if question.duration else None
        self.forum = self._forum_box() if question.forums else None
        self.text = self._editor(question.text, theme) if question.text is not None else None
        for widget in (self.duration, self.forum, self.text):
            if widget is not None:
                column.addWidget(widget)
        self.buttons = QDialogButtonBox(self)
        self.verb = self.buttons.addButton(question.verb, QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel: QPushButton = self.buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.verb.setAutoDefault(False)
        self.cancel.setDefault(True)
        if question.reading:
            self._await_text()
        column.addWidget(self.buttons)
        self.buttons.accepted.connect(self._agree)
        self.buttons.rejected.connect(self.reject)
        (self.text or self.forum or self.cancel).setFocus()

    def fill(self, text: str) -> None:
        """The text that stands there now has come."""
        if self.text is None or not self.text.isReadOnly():
            return
        self.text.setReadOnly(False)
        self.text.setPlainText(text)
        self.verb.setEnabled(True)
        self.text.setFocus()

    def _await_text(self) -> None:
        """An empty box would be taken for an empty post, and overwrite it."""
        assert self.text is not None
        self.text.setReadOnly(True)
        self.text.setPlaceholderText(self.tr("Asking the community for the text as it was typed…"))
        self.verb.setEnabled(False)

    def _durations(self) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(self.tr("For how long"))
        box.addItems(
            [self.tr("1 day"), self.tr("3 days"), self.tr("7 days"), self.tr("30 days"), self.tr("Without an end")]
        )
        box.setCurrentIndex(0)
        return box

    def _forum_box(self) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(self.tr("Forum"))
        box.addItems([neutralise(forum.name) for forum in self._forums])
        return box

    def _editor(self, text: str, theme: Theme) -> QPlainTextEdit:
        editor = QPlainTextEdit(text, self)
        editor.setAccessibleName(self.tr("Text"))
        editor.setFont(theme.font("post"))
        editor.setMinimumHeight(220)
        editor.setTabChangesFocus(True)
        return editor

    def _agree(self) -> None:
        payload: dict[str, object] = {}
        if self.duration is not None and (hours := _HOURS[self.duration.currentIndex()]):
            payload["until"] = (self._now + timedelta(hours=hours)).isoformat()
        if self.forum is not None:
            payload["forum"] = str(self._forums[self.forum.currentIndex()].id)
        if self.text is not None:
            if not self.text.toPlainText().strip():
                return
            payload["text"] = self.text.toPlainText()
        self.accept()
        self.agreed.emit(payload)
