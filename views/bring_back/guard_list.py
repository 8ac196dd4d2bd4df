"""What the leak guard found, beside the draft: each sentence with whose words it repeats and its key."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from moderation.findings import Severity
from moderation.text import one_line
from resources.messages import known
from views.painting import Pen, elided, hairline, text_width
from views.surface import Surface
from views.theme import Theme
from views.words import Words

if TYPE_CHECKING:
    from moderation.bringing import Objection

PAGE = 9
"""As many as there are keys."""
_ICONS = {
    Severity.BLOCK: ("alert-octagon", "danger"),
    Severity.ASK: ("help-circle", "staff"),
    Severity.HINT: ("info-circle", "text2"),
}
_SETTLED = ("circle-check", "customer")
_LEFT = 38
_USUAL = "private_words_staff"
"""Says all in its name: an answer comes from what staff wrote."""


class GuardList(Surface):
    """Never moves the caret. ``pressed`` tells the place in ``shown`` of an entry whose remedy was pressed.

    At most nine stand there; those behind them come when all of these are settled, so that a number never changes
    its sentence under a finger.
    """

    ground = "window"
    lines = "l"
    pressed = Signal(int)

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.objections: Sequence[Objection] = ()
        self.draft = ""
        self._first = 0
        self._scrolled = 0
        self._height = 0
        self._hits: list[tuple[QRect, int]] = []
        self._painted: list[tuple[int, int]] = []

    def show_objections(self, objections: "Sequence[Objection]", draft: str) -> None:
        """Replace the list."""
        self.objections, self.draft = objections, draft
        waits = next((n for n, one in enumerate(objections) if one.stops), 0)
        first = waits // PAGE * PAGE
        self._scrolled = self._scrolled if first == self._first else 0
        self._first = first
        self._painted = []
        said = [self.summary(), *(f"{n}: {self.sentence(one)}" for n, one in enumerate(self.shown, 1))]
        self.setAccessibleName("; ".join(said))
        self.update()

    @property
    def shown(self) -> "Sequence[Objection]":
        """Those on the page."""
        return self.objections[self._first : self._first + PAGE]

    def seen(self, number: int) -> bool:
        """True when the entry at this place of the page was painted where a person sees all of it."""
        if not 0 <= number < len(self._painted):
            return False
        top, bottom = (at - self._scrolled for at in self._painted[number])
        return top >= self._head() and bottom <= max(self.height(), self._head() + bottom - top)

    def reveal(self, number: int) -> None:
        """Scroll to an entry of the page."""
        if 0 <= number < len(self._painted) and not self.seen(number):
            top, bottom = self._painted[number]
            self._scrolled = max(0, min(top - self._head() - 8, max(self._scrolled, bottom - self.height())))
            self.update()

    def _head(self) -> int:
        return self.theme.grown(30, "small")

    def summary(self) -> str:
        """What is left to do, in words."""
        asks = sum(one.stops and bool(one.token) for one in self.objections)
        stops = sum(one.stops and not one.token for one in self.objections)
        parts = [self.words.count("bring_stops", stops)] if stops else []
        parts += [self.words.count("bring_accept_first", asks)] if asks else []
        return " · ".join(parts) or self.words.say("bring_clear")

    def sentence(self, one: "Objection") -> str:
        """Why it stands there."""
        code = f"finding_{one.rule}" if known(f"finding_{one.rule}") else one.rule
        kind = f"private_kind_{one.kind}" if known(f"private_kind_{one.kind}") else f"removed_{one.kind}"
        what = self.words.say(kind) if one.kind else ""
        return self.words.say(code, what=what, masked=one.masked, text=one.text)

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Head, then the entries."""
        theme = self.theme
        self._hits = []
        head = QRect(0, 0, rect.width(), self._head())
        painter.save()
        painter.setClipRect(rect.adjusted(0, head.height(), 0, 0))
        y = head.bottom() + 8 - self._scrolled
        self._painted = []
        for number, one in enumerate(self.shown, 1):
            top, y = y, self._entry(painter, one, number, y)
            self._painted.append((top + self._scrolled, y + self._scrolled))
        self._height = y + self._scrolled
        painter.restore()
        pen = Pen(painter, theme, head.adjusted(14, 0, -12, 0))
        pen.left(self.words.say("bring_list"), "small", "text", weight=600)
        more = len(self.objections) - len(self.shown)
        if more:
            pen.right(f"{self._first + 1}–{self._first + len(self.shown)} / {len(self.objections)}", "small", "text2")
        hairline(painter, theme, 0, head.bottom(), rect.right(), head.bottom())
        if not self.objections:
            pen = Pen(painter, theme, QRect(14, head.bottom() + 8, rect.width() - 26, theme.line("small") + 4))
            pen.icon_left("circle-check", "customer")
            pen.left(self.words.say("bring_clear"), "small", "text2")

    def _entry(self, painter: QPainter, one: "Objection", number: int, y: int) -> int:
        theme, width = self.theme, self.width()
        line = theme.line("small") + 4
        icon, colour = _SETTLED if one.accepted else _ICONS[one.severity]
        pen = Pen(painter, theme, QRect(14, y, width - 26, line))
        pen.icon_left(icon, theme.status_colour(colour))
        word = "bring_accepted" if one.accepted else f"severity_{one.severity}"
        pen.left(self.words.say(word), "small", theme.status_colour(colour), weight=600)
        kind = f"kind_{one.rule}"
        if known(kind):
            pen.left(self.words.say(kind), "small", "text", weight=600)
        pen.right(str(number), "caption", "text3")
        y = self._quote(painter, one, y + line)
        if not one.accepted and one.rule != _USUAL:
            y = self._text(painter, self.sentence(one), y, "text2")
        if said := self._remedy_words(one):
            self._remedy(painter, said, number, y)
            y += line + 2
        hairline(painter, theme, 1, y + 4, width, y + 4)
        return y + 12

    def _quote(self, painter: QPainter, one: "Objection", y: int) -> int:
        """The sentence itself, on one line."""
        if one.start is None or one.end is None:
            return y
        theme = self.theme
        area = QRect(_LEFT, y, self.width() - _LEFT - 12, theme.line("small") + 4)
        said = one_line(self.draft[one.start : one.end], 200)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, flags, elided(theme.metrics("small"), said, area.width()))
        return y + area.height()

    def _text(self, painter: QPainter, said: str, y: int, colour: str) -> int:
        theme = self.theme
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        area = QRect(_LEFT, y, self.width() - _LEFT - 12, 400)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour(colour))
        painter.drawText(area, flags, said)
        return y + theme.metrics("small").boundingRect(area, flags, said).height() + 3

    def _remedy_words(self, one: "Objection") -> str:
        if one.accepted:
            return self.words.say("bring_accepted_again")
        return self.words.say(f"remedy_{one.remedy}") if one.remedy else ""

    def _remedy(self, painter: QPainter, said: str, number: int, y: int) -> None:
        theme = self.theme
        width = text_width(theme, said, "small")
        row = QRect(_LEFT, y, self.width() - _LEFT - 12, theme.line("small") + 4)
        pen = Pen(painter, theme, row)
        pen.left(said, "small", "text", gap=8)
        base = row.bottom() - 2
        painter.setPen(theme.pen("text"))
        painter.drawLine(_LEFT, base, _LEFT + width, base)
        pen.key_left(f"Alt {number}")
        self._hits.append((QRect(_LEFT, y, width + 60, row.height()), number - 1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press a remedy."""
        at = event.position().toPoint()
        for area, number in self._hits:
            if area.contains(at):
                self.pressed.emit(number)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll what does not fit."""
        most = max(0, self._height - self.height())
        self._scrolled = max(0, min(most, self._scrolled - event.angleDelta().y() // 2))
        self.update()
