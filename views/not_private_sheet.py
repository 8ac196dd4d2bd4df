"""Which finds of a post are not private, and why: two digits, and that is all."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from moderation.privacy.dismissals import Found, WhyNot
from moderation.privacy.spots import Spot
from views.item.marks import reason
from views.sheet import SHADOW, Sheet
from views.theme import Theme
from views.words import Words

_WIDTH = 460
_MOST = 8


class NotPrivateSheet(Sheet):
    """First the find (0: all of them), then the reason. A digit takes its line, Enter the current one.

    ``chosen`` tells the post, the finds' prints and the reason; ``again`` the post and the finds that are private after
    all: those stand at the end of the list. Escape leaves everything.
    """

    chosen = Signal(str, object, str)
    again = Signal(str, object)

    def __init__(self, theme: Theme, words: Words, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words = words
        self._found: Found | None = None
        self._choices: list[tuple[Spot, ...]] = []
        self._taken: tuple[Spot, ...] | None = None
        self._corner = QPoint()
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 16, SHADOW + 14, SHADOW + 16, SHADOW + 14)
        column.setSpacing(8)
        self.title = QLabel(self)
        self.title.setFont(theme.font("pane"))
        self.list = QListWidget(self)
        self.list.installEventFilter(self)
        self.list.itemClicked.connect(lambda _: self._take(self.list.currentRow()))
        column.addWidget(self.title)
        column.addWidget(self.list)

    def ask(self, found: Found, corner: QPoint, number: int | None = None) -> None:
        """Open with its lower right corner there; ``number`` is a find that was pressed (from 1)."""
        self._found, self._corner, self._taken = found, corner, None
        standing = found.standing[:_MOST]
        dismissed = tuple(spot for spot in found.spots if spot.print in found.dismissed)
        self._choices = [found.standing] * (len(found.standing) > 1) + [(spot,) for spot in standing]
        self._choices += [(spot,) for spot in dismissed[: _MOST - len(standing)]]
        if number is not None and 0 < number <= len(found.standing):
            self._ask_why((found.standing[number - 1],))
        elif len(self._choices) == 1 and standing:
            self._ask_why(self._choices[0])
        else:
            self._ask_which()

    def _ask_which(self) -> None:
        words, first = self._words, len(self._choices) > 0 and len(self._choices[0]) > 1
        lines = []
        for number, spots in enumerate(self._choices, 0 if first else 1):
            said = words.count("not_private_all", len(spots)) if len(spots) > 1 else self._line(spots[0])
            lines.append(f"{number}   {said}")
        self._open("not_private_which", lines)

    def _line(self, spot: Spot) -> str:
        said = f"{spot.masked}   {reason(spot, self._words)}"
        gone = self._found is not None and spot.print in self._found.dismissed
        return self._words.say("not_private_again", find=said) if gone else said

    def _ask_why(self, spots: Sequence[Spot]) -> None:
        self._taken = tuple(spots)
        whys = [self._words.say(f"not_private_{why.value}") for why in WhyNot]
        self._open("not_private_why", [f"{number}   {said}" for number, said in enumerate(whys, 1)])

    def _open(self, title: str, lines: list[str]) -> None:
        said = self._words.say(title)
        self.title.setText(said)
        self.setAccessibleName(said)
        self.list.setAccessibleName(said)
        self.list.clear()
        for line in lines:
            QListWidgetItem(line, self.list)
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(self.list.sizeHintForRow(0) * max(1, len(lines)) + 8)
        height = min(self.sizeHint().height(), self.host.height()) - 2 * SHADOW
        left = max(SHADOW, min(self._corner.x() - _WIDTH, self.host.width() - _WIDTH - SHADOW))
        area = QRect(left, max(SHADOW, self._corner.y() - height), _WIDTH, height)
        if self.isVisible():
            self.setGeometry(area.adjusted(-SHADOW, -SHADOW, SHADOW, SHADOW))
        else:
            self.open_at(area)

    def focus_first(self) -> None:
        """Arrows move in the list."""
        self.list.setFocus()

    def _take(self, row: int) -> None:
        if self._found is None or not 0 <= row < self.list.count():
            return
        if self._taken is not None:
            self.accept()
            self.chosen.emit(self._found.post, [spot.print for spot in self._taken], list(WhyNot)[row].value)
        elif self._choices[row][0].print in self._found.dismissed:
            self.accept()
            self.again.emit(self._found.post, self._choices[row])
        else:
            self._ask_why(self._choices[row])

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Digits and Enter on the list, which would search its lines for them."""
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            text = event.text()
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._take(self.list.currentRow())
                return True
            if text.isdecimal():
                first = int(self.list.item(0).text()[0])
                self._take(int(text) - first)
                return True
        return super().eventFilter(watched, event)
