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
    """An audience that may be chosen here, as it is called there; ``why_not`` says why it may not. Where the same
    audience reads in two places, ``name`` tells them apart, with a key and an icon of its own.
    """

    audience: Audience
    word: str
    who: str
    why_not: str = ""
    name: str = ""
    key: str = ""
    icon: str = ""

    def is_it(self, audience: Audience, name: str) -> bool:
        """True for the place of that name where this audience reads."""
        return self.audience is audience and self.name == name


class AudienceStrip(Surface):
    """``chosen`` tells the audience that was picked, ``refused`` why another was not."""

    chosen = Signal(object)
    refused = Signal(str)

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("audience_strip"))
        self.segments: list[Segment] = []
        self.current, self.name = Audience.STAFF, ""

    def show_segments(self, segments: list[Segment], current: Audience, name: str = "") -> None:
        """What may be chosen, and what is."""
        self.segments, self.current, self.name = segments, current, name
        self._name()

    def pick(self, audience: Audience, name: str = "") -> None:
        """Choose an audience by key or mouse."""
        segment = next((segment for segment in self.segments if segment.is_it(audience, name)), None)
        if segment is None or segment.why_not:
            self.refused.emit(segment.why_not if segment else self.words.say("audience_not_here"))
            return
        if not segment.is_it(self.current, self.name):
            self.current, self.name = audience, name
            self._name()
            self.chosen.emit(audience)

    def _name(self) -> None:
        chosen = next((segment for segment in self.segments if segment.is_it(self.current, self.name)), None)
        self.setAccessibleName(chosen.word if chosen is not None else "")
        self.setAccessibleDescription(chosen.who if chosen is not None else "")
        self.setToolTip("\n".join(f"{one.word}: {one.why_not or one.who}" for one in self.segments))
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
        filled = segment.is_it(self.current, self.name)
        if filled:
            painter.fillRect(area, theme.colour(name))
        else:
            audience_edge(painter, theme, QRect(area.left(), 0, EDGE, area.height()), segment.audience)
        colour = "surface" if filled else "text_disabled" if segment.why_not else name
        pen = Pen(painter, theme, area.adjusted(16, 0, -10, 0))
        pen.key_right(segment.key or KEYS[segment.audience])
        pen.icon_left(segment.icon or AUDIENCE_ICON[segment.audience], colour)
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
                self.pick(segment.audience, segment.name)
