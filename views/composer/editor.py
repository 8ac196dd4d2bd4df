"""The text of an answer: plain text with the findings marked in it, each with the number that it has in the list."""

from collections.abc import Sequence

from PySide6.QtCore import QKeyCombination, QPoint, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from moderation.findings import Finding, Severity
from moderation.voice.placeholders import placeholders
from views.theme import Theme

_LOOKS = {
    Severity.BLOCK: ("danger", "danger_tint", QTextCharFormat.UnderlineStyle.SingleUnderline),
    Severity.ASK: ("staff", "staff_tint", QTextCharFormat.UnderlineStyle.DashUnderline),
    Severity.HINT: ("text2", "", QTextCharFormat.UnderlineStyle.DotLine),
}

_SNIPPET = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_J)
_LETTERS = {
    int(Qt.Key.Key_P): "P",
    int(Qt.Key.Key_C): "C",
    int(Qt.Key.Key_S): "S",
    int(Qt.Key.Key_T): "T",
    int(Qt.Key.Key_A): "identity",
}


class AnswerEditor(QPlainTextEdit):
    """``key`` tells keys of the composer: ``send``, ``leave``, ``next_finding``, ``remedy:N``, ``P``, ``C``, ``S``,
    ``T``, ``identity``, ``snippet``. While ``stops`` is true, Tab goes from placeholder to placeholder.
    """

    key = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._findings: Sequence[Finding] = ()
        self.composing = False
        self.stops = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(theme.font("post"))
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(20)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Mark what the checks object to; the caret does not move."""
        self._findings = findings
        length = len(self.toPlainText())
        marks = []
        for finding in findings:
            if finding.place is None or finding.place[1] > length:
                continue
            colour, tint, line = _LOOKS[finding.severity]
            mark = QTextEdit.ExtraSelection()
            mark.cursor = self._cursor(*finding.place)
            shape = QTextCharFormat()
            shape.setUnderlineStyle(line)
            shape.setUnderlineColor(self._theme.colour(colour))
            if tint:
                shape.setBackground(self._theme.colour(tint))
            mark.format = shape
            marks.append(mark)
        self.setExtraSelections(marks)

    def _cursor(self, start: int, end: int) -> QTextCursor:
        """A cursor over characters; Qt counts in UTF-16."""
        text = self.toPlainText()
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(text[:start]))
        cursor.setPosition(_units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def select(self, start: int, end: int) -> None:
        """Put the caret on a passage."""
        self.setTextCursor(self._cursor(start, end))
        self.setFocus()

    def remove(self, start: int, end: int) -> None:
        """Strike a passage out; one step of undo."""
        self._cursor(start, end).removeSelectedText()

    def replace(self, start: int, end: int, text: str) -> None:
        """Write something else there."""
        self._cursor(start, end).insertText(text)

    def put_before(self, text: str) -> None:
        """Write it above everything else."""
        self._cursor(0, 0).insertText(f"{text}\n\n")

    def put_behind(self, text: str) -> None:
        """Write it below everything else; the caret stays where it is."""
        whole, caret = self.toPlainText(), self.textCursor()
        at = caret.position()
        self._cursor(len(whole.rstrip()), len(whole)).insertText(f"\n\n{text}")
        caret.setPosition(min(at, _units(whole.rstrip())))
        self.setTextCursor(caret)

    def insert_snippet(self, text: str) -> None:
        """Put a snippet at the caret, instead of what is selected, and go to its first placeholder."""
        cursor = self.textCursor()
        start = cursor.selectionStart()
        cursor.insertText(text)
        end = cursor.position()
        self.stops = next(placeholders(text), None) is not None
        cursor.setPosition(start)
        self.setTextCursor(cursor)
        if not self._next_stop(1):
            cursor.setPosition(end)
            self.setTextCursor(cursor)
        self.setFocus()

    def _next_stop(self, step: int) -> bool:
        """Select the next placeholder (the one before for -1), round the end; false where none is left."""
        found = list(placeholders(self.toPlainText()))
        self.stops = self.stops and bool(found)
        if not self.stops:
            return False
        cursor = self.textCursor()
        text = self.toPlainText()
        here = _characters(text, cursor.selectionEnd() if step > 0 else cursor.selectionStart())
        if step > 0:
            wanted = next((one for one in found if one.start >= here), found[0])
        else:
            wanted = next((one for one in reversed(found) if one.end <= here), found[-1])
        self.select(wanted.start, wanted.end)
        return True

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        """Tab stays in the text as long as a snippet has placeholders."""
        if self.stops and not self.composing and self._next_stop(1 if next else -1):
            return True
        return super().focusNextPrevChild(next)

    def wrap(self, before: str, after: str) -> None:
        """Put signs around what is selected."""
        cursor = self.textCursor()
        chosen = cursor.selectedText().replace("\u2029", "\n")
        cursor.insertText(f"{before}{chosen}{after}")
        if not chosen:
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.MoveAnchor, len(after))
            self.setTextCursor(cursor)
        self.setFocus()

    def prefix(self, sign: str) -> None:
        """Put a sign before each selected line."""
        cursor = self.textCursor()
        chosen = cursor.selectedText().replace("\u2029", "\n")
        cursor.insertText("\n".join(f"{sign}{line}" for line in chosen.split("\n")))
        self.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, then the small numbers behind the marked passages."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setFont(self._theme.tiny(9))
        length = len(self.toPlainText())
        for number, finding in enumerate(self._findings, 1):
            if finding.place is None or finding.place[1] > length:
                continue
            end = self._cursor(finding.place[1], finding.place[1])
            rect = self.cursorRect(end)
            painter.setPen(self._theme.status_colour(_LOOKS[finding.severity][0]))
            painter.drawText(rect.topRight() + QPoint(1, 8), str(number))

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """While a word is being composed nothing is marked anew."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sending, leaving, findings and audiences; everything else is text."""
        name = self.named(event)
        if name:
            self.key.emit(name)
            event.accept()
            return
        super().keyPressEvent(event)

    def named(self, event: QKeyEvent) -> str:
        """What a key means to the composer; nothing while a word is being composed."""
        if self.composing:
            return ""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and control:
            return "send"
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            return "leave"
        if event.key() == Qt.Key.Key_F8 or event.keyCombination() == _SNIPPET:
            return "next_finding" if event.key() == Qt.Key.Key_F8 else "snippet"
        if alt and Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9:
            return f"remedy:{event.key() - Qt.Key.Key_0}"
        return _LETTERS.get(event.key(), "") if alt else ""


def _characters(text: str, units: int) -> int:
    """How many characters a place of Qt's is from the beginning."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
