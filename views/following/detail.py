"""The right side of the Following screen: how the forum at hand stands and why, and what can be done about it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from moderation.text import one_line
from views.following.acts import Act, Acts, AtHand
from views.following.words import SIGNS, FollowingWords
from views.painting import Pen, avatar, draw_icon, hairline
from views.plain import as_typed
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme

_PAD = 14
_LISTED = 5
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)


class AboutSheet(Surface):
    """Drawn from top to bottom. ``wanted`` tells the verb that was pressed, and the request that it is about."""

    lines = "l"
    wanted = Signal(str, str)

    def __init__(
        self, said: FollowingWords, acts: Acts, registry: Registry, theme: Theme, now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(theme, said.words, parent)
        self._said, self._acts, self._registry, self._now = said, acts, registry, now
        self.at: AtHand | None = None
        self.notes: Sequence[str] = ()
        self._can: list[Act] = []
        self._hits: list[tuple[QRect, Act]] = []
        self._told: list[str] = []
        self.setMouseTracking(True)

    def show_cell(self, at: AtHand | None, notes: Sequence[str]) -> None:
        """Another cell, or more of it."""
        self.at, self.notes = at, notes
        self._can = self._acts.of(at) if at is not None else []
        self.setMinimumHeight(self._place(None))
        self.setAccessibleName(". ".join(self._told))
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Everything."""
        del rect
        self._place(painter)

    # -- parts -----------------------------------------------------------------------------------------------------
    def _place(self, painter: QPainter | None) -> int:
        """Draw (or only measure) and give the height."""
        self._hits, self._told = [], []
        y = 12
        if (at := self.at) is not None:
            y = self._head(painter, at, y)
            y = self._requests(painter, at, y)
            y = self._answerers(painter, at, y)
            y = self._what_can_be_done(painter, at, y)
            y = self._history(painter, at, y)
        y = self._not_known(painter, y)
        return self._text(painter, self.words.say("following_only_staff"), y + 4, "caption", "text3") + 12

    def _head(self, painter: QPainter | None, at: AtHand, y: int) -> int:
        theme, place = self.theme, at.place
        y = self._text(painter, one_line(place.forum.name, 120), y, "pane", "text", weight=600) + 2
        if self._said.several:
            y = self._text(painter, self._said.titles.get(place.community, ""), y, "small", "text2") + 2
        icon, colour = SIGNS[place.standing]
        if painter is not None:
            pen = Pen(painter, theme, QRect(_PAD, y, self.width() - 2 * _PAD, theme.line("small") + 4))
            tint = theme.status_colour(colour)
            pen.icon_left(icon, tint, 16, gap=6)
            pen.left(self._said.standing(place), "small", tint, weight=600)
        self._told.append(self._said.standing(place))
        y += theme.line("small") + 8
        reason = self._said.reason(at.board, place, self._now())
        if at.about is not None:
            parts = (reason, self._said.threads(at.about, self._now()), self._said.promised(at.about))
            reason = self.words.say("following_sentences").join(part for part in parts if part)
        y = self._text(painter, reason, y, "small", "text2") + 6
        about = self._said.about(at.board, at.row, at.column, self._now())
        cell = self.words.say("following_person", person=self._said.name(at.person), about=about)
        return self._text(painter, cell, y, "small", "text") + 10

    def _requests(self, painter: QPainter | None, at: AtHand, y: int) -> int:
        waiting = at.reading.to_me
        if not waiting:
            return y
        y = self._title(painter, self.words.count("following_asked_of_me", len(waiting)), y)
        for number, one in enumerate(waiting[:_LISTED]):
            due = one.id in at.reading.due
            y = self._text(painter, self._said.request(one, at.board, due=due), y, "small", "text") + 4
            for act in self._acts.answers(one, due=due):
                y = self._act(painter, act, y, keyed=number == 0)
            y += 6
        return y + 6

    def _answerers(self, painter: QPainter | None, at: AtHand, y: int) -> int:
        found = at.about.answerers[:_LISTED] if at.about is not None else ()
        if not found:
            return y
        theme, row = self.theme, self.theme.grown(27, "small")
        y = self._title(painter, self.words.say("following_answers_anyway"), y)
        for one in found:
            told = self._said.answers(one)
            self._told.append(f"{one.name}: {told}")
            if painter is not None:
                area = QRect(_PAD, y, self.width() - 2 * _PAD, row)
                avatar(painter, theme, QRect(_PAD, y + (row - 20) // 2, 20, 20), one.name)
                pen = Pen(painter, theme, area.adjusted(28, 0, 0, 0))
                pen.right(told, "caption", "text2")
                pen.left(one.name, "small", "text")
            y += row
        return y + 12

    def _what_can_be_done(self, painter: QPainter | None, at: AtHand, y: int) -> int:
        code = "following_close_gap" if at.place.is_gap else "following_can_be_done"
        y = self._title(painter, self.words.say(code), y)
        for act in self._can:
            y = self._act(painter, act, y, keyed=True)
        return y + 10

    def _history(self, painter: QPainter | None, at: AtHand, y: int) -> int:
        about = at.about
        if about is None or not about.history:
            return y
        y = self._title(painter, self.words.say("following_history"), y)
        for change in about.history[:_LISTED]:
            day, told = self._said.change(change, about, self._now())
            y = self._text(painter, self.words.say("following_history_line", day=day, what=told), y, "caption", "text2")
            y += 4
        return y + 8

    def _not_known(self, painter: QPainter | None, y: int) -> int:
        if not self.notes:
            return y
        y = self._title(painter, self.words.say("following_to_know"), y)
        for note in self.notes:
            y = self._text(painter, note, y, "caption", "text2") + 6
        return y + 4

    # -- pieces ----------------------------------------------------------------------------------------------------
    def _title(self, painter: QPainter | None, text: str, y: int) -> int:
        self._told.append(text)
        height = self.theme.line("label") + 8
        if painter is not None:
            Pen(painter, self.theme, QRect(_PAD, y, self.width() - 2 * _PAD, height)).left(text, "label", "text2")
        return y + height

    def _text(
        self, painter: QPainter | None, text: str, y: int, role: str, colour: str, *, weight: int | None = None
    ) -> int:
        if painter is None:
            self._told.append(text)
        area = QRect(_PAD, y, max(80, self.width() - 2 * _PAD), 4000)
        if painter is not None:
            painter.setFont(self.theme.font(role, weight))
            painter.setPen(self.theme.colour(colour))
            painter.drawText(area, _WRAP, text)
        return y + self.theme.metrics(role, weight).boundingRect(area, _WRAP, text).height()

    def _act(self, painter: QPainter | None, act: Act, y: int, *, keyed: bool) -> int:
        """A row that can be pressed: icon, what, what that means, key."""
        theme, more = self.theme, act.why_not or act.more
        row = self.theme.grown(44 if more else 34, "small", 2 if more else 1)
        area = QRect(_PAD, y, self.width() - 2 * _PAD, row)
        key = self._registry.key(act.verb) if keyed else ""
        self._told.append(", ".join(part for part in (act.title, more, key) if part))
        if not act.why_not:
            self._hits.append((area, act))
        if painter is None:
            return y + row
        live = not act.why_not
        hairline(painter, theme, area.left(), area.top(), area.right(), area.top())
        draw_icon(painter, theme, act.icon, QPoint(area.left(), area.center().y() - 8), 16, "text2")
        pen = Pen(painter, theme, area)
        if key:
            pen.key_right(key)
        half = row // 2 if more else row
        upper = Pen(
            painter, theme, QRect(area.left() + 26, area.top() + (3 if more else 0), pen.rect.width() - 26, half)
        )
        upper.left(act.title, "small", "text" if live else "text3", weight=600)
        if more:
            lower = QRect(area.left() + 26, area.top() + half - 1, pen.rect.width() - 26, half - 2)
            Pen(painter, theme, lower).left(more, "caption", "text2")
        return y + row

    # -- mouse -----------------------------------------------------------------------------------------------------
    def _hit(self, event: QMouseEvent) -> Act | None:
        at = event.position().toPoint()
        return next((act for area, act in self._hits if area.contains(at)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be pressed; what does not fit is said whole."""
        act = self._hit(event)
        self.setCursor(Qt.CursorShape.PointingHandCursor if act is not None else Qt.CursorShape.ArrowCursor)
        self.setToolTip(as_typed(f"{act.title}\n{act.more}".strip()) if act is not None else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click does it."""
        if (act := self._hit(event)) is not None:
            self.wanted.emit(act.verb, act.request)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks lines elsewhere."""
        super().resizeEvent(event)
        self.setMinimumHeight(self._place(None))


def scrolling(sheet: AboutSheet, name: str, parent: QWidget) -> QScrollArea:
    """The sheet in an area that scrolls where it is too long."""
    area = QScrollArea(parent)
    area.setWidget(sheet)
    area.setWidgetResizable(True)
    area.setAccessibleName(name)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
