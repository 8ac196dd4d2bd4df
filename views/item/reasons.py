"""The list of reasons above a verb: a number or Enter takes one, Tab changes what the author reads."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from resources.policies import Policy
from views.painting import LEFT, Pen, hairline
from views.sheet import SHADOW, Sheet
from views.theme import Theme
from views.words import Words

_WIDTH = 432


class ReasonList(Sheet):
    """``taken``: the policy, the message to the author (empty: not told), a note (empty: none)."""

    taken = Signal(object, str, str)

    def __init__(self, theme: Theme, words: Words, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words = words
        self._policies: Sequence[Policy] = ()
        self._title, self._icon = "", "eye-off"
        self._tells = False
        self._current = 0
        self._messages: dict[str, str] = {}
        self._editor = QPlainTextEdit(self)
        self._editor.setAccessibleName(self.tr("Text"))
        self._editor.installEventFilter(self)
        self._editor.hide()
        self._for_note = False
        self.setMouseTracking(True)

    # -- opening ---------------------------------------------------------------------------------------------------
    def ask(
        self, title: str, icon: str, policies: Sequence[Policy], first: str, above: QWidget, *, tells: bool
    ) -> None:
        """Open above a button; ``first`` is the code of the policy that is preselected."""
        self._title, self._icon, self._policies, self._tells = title, icon, policies, tells
        self._messages = {policy.code: policy.message for policy in policies}
        self._current = next((n for n, policy in enumerate(policies) if policy.code == first), 0)
        self._editor.hide()
        self.setAccessibleName(title)
        window = self.host
        corner = above.mapTo(window, QPoint(above.width(), 0))
        height = self._head() + len(policies) * self._row() + self._foot() + 8
        left = max(SHADOW, min(corner.x() - _WIDTH + 60, window.width() - _WIDTH - 12))
        top = max(SHADOW, corner.y() - height - 14)
        self._say_current()
        self.open_at(QRect(left, top, _WIDTH, height))

    def _row(self) -> int:
        return self.theme.grown(28)

    def _head(self) -> int:
        return self.theme.grown(38)

    def _foot(self) -> int:
        return self.theme.grown(36, "small") if self._tells else 8

    def _say_current(self) -> None:
        policy = self._policies[self._current]
        self.setAccessibleDescription(f"{policy.key}: {policy.title}")

    # -- keys ------------------------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Numbers take, arrows choose, Enter takes the chosen, Tab opens the message."""
        key = event.key()
        number = int(event.text()) if event.text().isdecimal() else 0  # "²" is a digit and no number
        if number:
            chosen = next((n for n, policy in enumerate(self._policies) if policy.key == number), None)
            if chosen is not None:
                self._take(chosen)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take(self._current)
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_J, Qt.Key.Key_Up, Qt.Key.Key_K}:
            step = 1 if key in {Qt.Key.Key_Down, Qt.Key.Key_J} else -1
            self._current = (self._current + step) % len(self._policies)
            self._say_current()
            self.update()
        elif key == Qt.Key.Key_Tab and self._tells:
            self._edit(note=False)
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab is ours."""
        del forward
        return False

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """In the text: Ctrl+Enter takes, Escape goes back to the list."""
        if watched is self._editor and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if control and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._take_text()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._keep_text()
                self._editor.hide()
                self.setFocus()
                return True
        return super().eventFilter(watched, event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click takes a reason, or opens the message."""
        inner = self.inner()
        y = int(event.position().y()) - inner.top() - self._head()
        row = y // self._row()
        if y >= 0 and row < len(self._policies):
            self._take(row)
        elif row >= len(self._policies) and self._tells:
            self._edit(note=False)

    # -- text ------------------------------------------------------------------------------------------------------
    def _edit(self, *, note: bool) -> None:
        policy = self._policies[self._current]
        self._for_note = note
        self._editor.setPlainText("" if note else self._messages[policy.code])
        self._editor.setFont(self.theme.font("body"))
        inner = self.inner()
        self._editor.setGeometry(inner.adjusted(12, self._head() + 28, -12, -44))
        self._editor.show()
        self._editor.setFocus()
        self._editor.selectAll()
        self.update()

    def _keep_text(self) -> None:
        if not self._for_note:
            self._messages[self._policies[self._current].code] = self._editor.toPlainText()

    def _take_text(self) -> None:
        self._keep_text()
        note = self._editor.toPlainText().strip() if self._for_note else ""
        if self._for_note and not note:
            return
        self._finish(self._current, note)

    def _take(self, row: int) -> None:
        self._current = row
        if self._policies[row].needs_note:
            self._edit(note=True)
            return
        self._finish(row, "")

    def _finish(self, row: int, note: str) -> None:
        policy = self._policies[row]
        message = self._messages[policy.code] if self._tells else ""
        self.accept()
        self.taken.emit(policy, message.strip(), note)

    # -- painting --------------------------------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        """Head, rows, what the author reads."""
        super().paintEvent(event)
        painter, theme, inner = QPainter(self), self.theme, self.inner()
        head = QRect(inner.left() + 14, inner.top(), inner.width() - 28, self._head())
        pen = Pen(painter, theme, head)
        pen.icon_left(self._icon, "text")
        pen.right(self.tr("Ctrl ↵ takes it") if self._editor.isVisible() else self.tr("number or Enter"))
        pen.left(self._title, "body", "text", weight=600)
        hairline(painter, theme, inner.left() + 1, head.bottom(), inner.right() - 1, head.bottom())
        if self._editor.isVisible():
            self._paint_text(painter, inner)
            return
        for number, policy in enumerate(self._policies):
            top = inner.top() + self._head() + 4 + number * self._row()
            self._paint_row(painter, QRect(inner.left() + 4, top, inner.width() - 8, self._row()), number, policy)
        if self._tells:
            self._paint_foot(painter, inner)

    def _paint_row(self, painter: QPainter, area: QRect, number: int, policy: Policy) -> None:
        theme, chosen = self.theme, number == self._current
        if chosen:
            painter.fillRect(area, theme.colour("selected"))
        pen = Pen(painter, theme, area.adjusted(8, 0, -10, 0))
        pen.key_left(str(policy.key), gap=10)
        tells = self._tells and bool(self._messages[policy.code])
        if tells or policy.needs_note:
            pen.right(self.tr("tells the author") if tells else self.tr("asks for a note"))
        pen.left(policy.title, "body", "text", weight=600 if chosen else 400)
        pen.left(policy.number)

    def _paint_foot(self, painter: QPainter, inner: QRect) -> None:
        theme = self.theme
        top = inner.bottom() - self._foot() + 1
        hairline(painter, theme, inner.left() + 1, top, inner.right() - 1, top)
        pen = Pen(painter, theme, QRect(inner.left() + 14, top, inner.width() - 28, self._foot()))
        pen.icon_left("message", "text2")
        pen.key_right("Tab", gap=6)
        pen.right(self.tr("change"))
        message = self._messages[self._policies[self._current].code]
        said = self.tr("Author reads: “{text}”").format(text=" ".join(message.split())) if message else ""
        pen.left(said or self.tr("The author is not told."))

    def _paint_text(self, painter: QPainter, inner: QRect) -> None:
        theme = self.theme
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        area = QRect(inner.left() + 14, inner.top() + self._head() + 4, inner.width() - 28, 22)
        painter.drawText(area, LEFT, self.tr("Note for staff") if self._for_note else self.tr("The author reads"))
        foot = QRect(inner.left() + 14, inner.bottom() - 38, inner.width() - 28, 34)
        pen = Pen(painter, theme, foot)
        pen.key_left("Ctrl ↵", gap=6)
        pen.left(self.tr("takes it"), gap=16)
        pen.key_left("Esc", gap=6)
        pen.left(self.tr("back to the reasons"))
