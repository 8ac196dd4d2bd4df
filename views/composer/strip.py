"""Who will read it: equal segments with edge, icon, word and sentence; the chosen one is filled."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from moderation.findings import Audience
from views.painting import AUDIENCE_ICON, EDGE, Pen, audience_edge, hairline
from views.surface import Surface
from views.theme import Theme
from views.words import Words

KEYS = {Audience.PUBLIC: "Alt P", Audience.CUSTOMER: "Alt C", Audience.STAFF: "Alt S"}


@dataclass(frozen=True, slots=True)
class Segment:
    """An audience that may be chosen here, as it is called there; ``why_not`` says why it may not."""

    audience: Audience
    word: str
    who: str
    why_not: str = ""


class AudienceStrip(Surface):
    """``chosen`` tells the audience that was picked, ``refused`` why another was not."""

    chosen = Signal(object)
    refused = Signal(str)

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("audience_strip"))
        self.segments: list[Segment] = []
        self.current = Audience.STAFF

    def show_segments(self, segments: list[Segment], current: Audience) -> None:
        """What may be chosen, and what is."""
        self.segments, self.current = segments, current
        self._name()

    def pick(self, audience: Audience) -> None:
        """Choose an audience by key or mouse."""
        segment = next((segment for segment in self.segments if segment.audience is audience), None)
        if segment is None or segment.why_not:
            self.refused.emit(segment.why_not if segment else self.words.say("audience_not_here"))
            return
        if audience is not self.current:
            self.current = audience
            self._name()
            self.chosen.emit(audience)

    def _name(self) -> None:
        word = next((segment.word for segment in self.segments if segment.audience is self.current), "")
        self.setAccessibleName(word)
        self.update()

    def _areas(self) -> list[QRect]:
        count = max(1, len(self.segments))
        width = self.width() // count
        last = count - 1
        return [
            QRect(n * width, 0, self.width() - n * width if n == last else width, self.height()) for n in range(count)
        ]

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Segments, and the two-pixel line of the chosen one over the whole top."""
        theme = self.theme
        for segment, area in zip(self.segments, self._areas(), strict=False):
            self._segment(painter, segment, area)
        painter.fillRect(QRect(0, 0, rect.width(), 2), theme.colour(str(self.current)))
        hairline(painter, theme, 0, rect.bottom(), rect.right(), rect.bottom())

    def _segment(self, painter: QPainter, segment: Segment, area: QRect) -> None:
        theme, name = self.theme, str(segment.audience)
        filled = segment.audience is self.current
        if filled:
            painter.fillRect(area, theme.colour(name))
        else:
            audience_edge(painter, theme, QRect(area.left(), 0, EDGE, area.height()), segment.audience)
        colour = "surface" if filled else "text_disabled" if segment.why_not else name
        pen = Pen(painter, theme, area.adjusted(16, 0, -10, 0))
        pen.key_right(KEYS[segment.audience])
        pen.icon_left(AUDIENCE_ICON[segment.audience], colour)
        pen.left(segment.word, "body", colour, weight=600)
        quiet = "surface" if filled else "text_disabled" if segment.why_not else "text2"
        pen.left(segment.why_not or segment.who, "small", quiet)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        for segment, area in zip(self.segments, self._areas(), strict=False):
            if area.contains(at):
                self.pick(segment.audience)
