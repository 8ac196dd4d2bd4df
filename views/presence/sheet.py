"""The card of a forum as it would be read, who would read it, what is in its way; to publish it and to take it down."""

import re

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from moderation.desk.presence import Preview
from moderation.findings import Audience
from moderation.presence import CardState
from moderation.presence.kept import UNDER_WAY
from resources.messages import known
from views.convert.parts import KeyButton
from views.sheet import SHADOW, Sheet
from views.surface import Surface
from views.theme import Theme
from views.words import Words

_WIDTH = 620
_ESCAPED = re.compile(r"\\(.)")


def as_read(text: str) -> str:
    """A card's Markdown as its readers see it, but for the weight of letters."""
    lines = [line for line in text.split("\n") if not line.startswith("[//]:")]
    shown = "\n".join("•  " + line[2:] if line.startswith("- ") else line for line in lines)
    return _ESCAPED.sub(r"\1", shown.replace("**", "")).strip()


class _Box(Surface):
    """The card on its ground, framed."""

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Ground and frame."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.theme.pen("line"))
        painter.setBrush(self.theme.colour("window"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


class CardSheet(Sheet):
    """``publish``: also over what somebody changed by hand, where that is true; ``other``: the card in the other
    language.
    """

    publish = Signal(bool)
    take_down = Signal()
    other = Signal(str)

    def __init__(self, theme: Theme, words: Words, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words = words
        self._shown: Preview | None = None
        self.title, self.stands, self.text, self.readers, self.remarks = (QLabel(self) for _ in range(5))
        for label in (self.title, self.stands, self.text, self.readers, self.remarks):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.title.setFont(theme.font("pane"))
        for label in (self.stands, self.readers, self.remarks):
            label.setFont(theme.font("small"))
        self.text.setFont(theme.font("body"))
        self.send = KeyButton(theme, words.say("card_publish"), "Ctrl ↵", parent=self)
        self.send.clicked.connect(self._publish)
        self.down = KeyButton(theme, words.say("card_take_down"), "Ctrl Shift Del", parent=self)
        self.down.clicked.connect(self._take_down)
        self.language = KeyButton(theme, words.say("card_other_language"), "L", parent=self)
        self.language.clicked.connect(self._switch)
        self.leave = KeyButton(theme, words.say("card_leave"), "Esc", parent=self)
        self.leave.clicked.connect(self.reject)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 20, SHADOW + 16, SHADOW + 20, SHADOW + 16)
        column.setSpacing(10)
        box = _Box(self.theme, self._words, self)
        inside = QVBoxLayout(box)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.addWidget(self.text)
        foot = QHBoxLayout()
        foot.addWidget(self.language)
        foot.addStretch(1)
        for button in (self.down, self.send, self.leave):
            foot.addWidget(button)
        for widget in (self.title, self.stands, box, self.readers, self.remarks):
            column.addWidget(widget)
        column.addStretch(1)
        column.addLayout(foot)

    @property
    def forum(self) -> Preview | None:
        """What is shown while it is open."""
        return self._shown if self.isVisible() else None

    def show_card(self, found: Preview) -> None:
        """Open it, or fill it anew while it is open."""
        self._shown, say = found, self._words.say
        self.title.setText(found.title)
        self.stands.setText(self._standing(found))
        text = as_read(found.text)
        self.text.setText(f"{say('cli_card_theirs')}\n{found.theirs}\n\n{text}" if found.theirs else text)
        readers = say(f"card_reads_{'anyone' if found.audience is Audience.PUBLIC else 'closed'}")
        account = say("card_published_as", account=found.account) if found.account else ""
        self.readers.setText("\n".join(filter(None, (readers, account))))
        stopped = [say(f"card_stops_{code}") for code in found.blocked]
        self.remarks.setText("\n".join(stopped or [say(f"card_leaves_out_{code}") for code in found.left_out]))
        palette = self.remarks.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self.theme.colour("danger" if stopped else "text2"))
        self.remarks.setPalette(palette)
        self.remarks.setVisible(bool(self.remarks.text()))
        self._buttons(found)
        self.setAccessibleName(f"{found.title}. {self.stands.text()}")
        self.setAccessibleDescription("\n".join((text, self.readers.text(), self.remarks.text())))
        self._open()

    def _standing(self, found: Preview) -> str:
        card, judged, say = found.card, found.judged, self._words.say
        state = say(f"card_state_{card.state}") if card is not None else say("card_none")
        parts = [state, say(f"card_verdict_{judged.verdict}") if judged is not None else ""]
        reason = (judged.reason if judged is not None else "") or (card.reason if card is not None else "")
        if reason:
            parts.append(say(f"card_reason_{reason}" if known(f"card_reason_{reason}") else reason))
        if judged is not None and judged.kinds:
            parts.append(say("list_comma").join(say(f"card_kind_{kind}") for kind in judged.kinds))
        return " · ".join(filter(None, parts))

    def _buttons(self, found: Preview) -> None:
        card, say = found.card, self._words.say
        under_way = card is not None and card.state in UNDER_WAY
        stands, by_hand = card is not None and card.shown, bool(found.theirs)
        self.send.say(
            say("card_replace" if by_hand else "card_update" if stands else "card_publish"), primary=not by_hand
        )
        self.send.setEnabled(found.possible and not under_way)
        self.down.setVisible(stands)
        self.down.setEnabled(not under_way)
        self.language.say(say(f"card_in_{'en' if found.language == 'ja' else 'ja'}"))

    def _open(self) -> None:
        width = min(_WIDTH, self.host.width() - 2 * SHADOW - 20)
        column = self.layout()
        assert column is not None
        height = min(column.heightForWidth(width + 2 * SHADOW) - 2 * SHADOW, self.host.height() - 2 * SHADOW)
        area = QRect((self.host.width() - width) // 2, max(SHADOW, (self.host.height() - height) // 3), width, height)
        if self.isVisible():
            self.setGeometry(area.adjusted(-SHADOW, -SHADOW, SHADOW, SHADOW))
        else:
            self.open_at(area)

    def focus_first(self) -> None:
        """Nothing is pressed by an accidental Enter."""
        self.leave.setFocus()

    def _publish(self) -> None:
        if self._shown is not None and self.send.isEnabled():
            by_hand = self._shown.card is not None and self._shown.card.state is CardState.CONFLICT
            self.accept()
            self.publish.emit(by_hand)

    def _take_down(self) -> None:
        if self.down.isVisible() and self.down.isEnabled():
            self.accept()
            self.take_down.emit()

    def _switch(self) -> None:
        if self._shown is not None:
            self.other.emit("en" if self._shown.language == "ja" else "ja")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl and Enter publish, Ctrl, Shift and Delete take down, L shows the other language."""
        held, key = event.modifiers(), event.key()
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and held & control:
            self._publish()
        elif key == Qt.Key.Key_Delete and held & control and held & shift:
            self._take_down()
        elif key == Qt.Key.Key_L and not held & control:
            self._switch()
        else:
            super().keyPressEvent(event)
        event.accept()
