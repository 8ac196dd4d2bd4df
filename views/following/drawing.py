"""How the matrix is drawn: cells, heads of forums and people, totals; on the screen and on a picture alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QLine, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from moderation.desk.board import LOOKS, Board, Colleague, Order, Place, Standing
from moderation.text import one_line
from views.following.signs import SIDE, Stamps, draw_sign, draw_way, hatching
from views.following.words import SIGNS, FollowingWords
from views.painting import CENTRE, LEFT, Pen, avatar, elided, focus_ring, hairline, letter_mark
from views.theme import Theme

_FORUM, _STATE, _LAST, _COLUMN, _ROW, _HEAD = 190, 124, 70, 45, 31, 58
_PAD = 20
_STRONG = frozenset({Standing.ONE_ONLY, Standing.NOT_SEEN, Standing.ONLY_ABSENT, Standing.NOBODY})


@dataclass(frozen=True, slots=True)
class Measures:
    """Widths and heights in pixels at the text size."""

    forum: int
    state: int
    last: int
    column: int
    row: int
    head: int

    @classmethod
    def of(cls, theme: Theme) -> "Measures":
        """Those of a theme; text that grows gets more room."""
        scale = max(100, theme.scale)
        forum, state, last, column = (width * scale // 100 for width in (_FORUM, _STATE, _LAST, _COLUMN))
        return cls(forum, state, last, column, theme.grown(_ROW, "body"), theme.grown(_HEAD, "caption"))

    @property
    def frozen(self) -> int:
        """Width of what stands left of the cells."""
        return self.forum + self.state + self.last + 8


class MatrixDrawing:
    """Draws parts of a board. ``now`` tells the time; ``me`` are the person's own accounts, ``marks`` the letters of
    communities, where there are several.
    """

    def __init__(self, theme: Theme, said: FollowingWords, now: Callable[[], datetime]) -> None:
        self.theme, self.said, self._now = theme, said, now
        self.size = Measures.of(theme)
        self.me: frozenset[str] = frozenset()
        self.marks: Mapping[str, str] = {}
        self._stamps: Stamps | None = None
        self._hatching: QBrush | None = None

    # -- cells -----------------------------------------------------------------------------------------------------
    def grounds(self, painter: QPainter, area: QRect, away: Sequence[bool], left: int, origin: QPoint) -> None:
        """Hatch the columns of those who are away; the first column begins at ``left``, lines at ``origin``."""
        if not any(away):
            return
        self._hatching = self._hatching or hatching(self.theme)
        painter.setBrushOrigin(origin)
        for number, absent in enumerate(away):
            if absent:
                strip = QRect(left + number * self.size.column, area.top(), self.size.column, area.height())
                painter.fillRect(strip, self._hatching)

    def lines(self, painter: QPainter, area: QRect, top: int, count: int) -> None:
        """A line below each row; the first row begins at ``top``."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self.theme.pen("line"))
        height = self.size.row
        below = [top + (number + 1) * height - 1 for number in range(count)]
        painter.drawLines([QLine(area.left(), y, area.right(), y) for y in below])

    def signs(
        self, painter: QPainter, found: Board, rows: Sequence[int], columns: Sequence[int], corner: QPoint,
        *, vector: bool = False,
    ) -> None:  # fmt: skip
        """The symbols of these places and people from this corner on. ``vector``: each drawn, not stamped."""
        width, height, across = self.size.column, self.size.row, len(found.people)
        seen = self._with_wanted(painter, found, rows, columns, corner)
        faint = [found.people[at].absent_until is not None for at in columns]
        if vector:
            for number, row in enumerate(rows):
                for place, (at, pale) in enumerate(zip(columns, faint, strict=True)):
                    middle = corner + QPoint(place * width + width // 2, number * height + height // 2)
                    draw_sign(painter, self.theme, QPointF(middle), LOOKS[seen[row * across + at]], faint=pale)
            return
        ratio = painter.device().devicePixelRatioF()
        if self._stamps is None or self._stamps.ratio != ratio:
            self._stamps = Stamps(self.theme, ratio)
        left, top = corner.x() + (width - SIDE) // 2, corner.y() + (height - 1 - SIDE) // 2
        pictures = [self._stamps.faint if pale else self._stamps.plain for pale in faint]
        cells = [
            (left + number * width, at, stamps)
            for number, (at, stamps) in enumerate(zip(columns, pictures, strict=True))
        ]
        looks, draw = seen, painter.drawPixmap
        for number, row in enumerate(rows):
            start, y = row * across, top + number * height
            for x, at, stamps in cells:
                draw(x, y, stamps[looks[start + at]])

    def _with_wanted(
        self, painter: QPainter, found: Board, rows: Sequence[int], columns: Sequence[int], corner: QPoint
    ) -> bytes:
        """What cells are drawn as: those on their way as what they are going to be, with dots below them."""
        if not found.wanted:
            return found.looks
        looks, across = bytearray(found.looks), len(found.people)
        for cell, look in found.wanted.items():
            looks[cell] = LOOKS.index(look)
            row, column = divmod(cell, across)
            if row in rows and column in columns:
                x = corner.x() + columns.index(column) * self.size.column + self.size.column // 2
                y = corner.y() + (rows.index(row) + 1) * self.size.row - 5
                draw_way(painter, self.theme, QPointF(x, y))
        return bytes(looks)

    def cursor(self, painter: QPainter, cell: QRect, *, active: bool) -> None:
        """The ground and the ring of the cell at hand."""
        painter.fillRect(cell.adjusted(0, 0, -1, -1), self.theme.colour("surface"))
        if active:
            focus_ring(painter, self.theme, cell.adjusted(0, 0, -1, -1), 0)
        else:
            painter.setPen(self.theme.pen("line_strong"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell.adjusted(0, 0, -2, -2))

    # -- heads -----------------------------------------------------------------------------------------------------
    def row_head(self, painter: QPainter, rect: QRect, place: Place, ground: str, *, current: bool) -> None:
        """Forum, how it stands, when somebody was there."""
        theme, size = self.theme, self.size
        painter.fillRect(rect, theme.colour(ground))
        if current:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
        icon, colour = SIGNS[place.standing]
        strong = place.standing in _STRONG
        name = Pen(painter, theme, QRect(rect.left() + _PAD, rect.top(), size.forum - _PAD - 8, rect.height() - 1))
        if mark := self.marks.get(place.community, ""):
            letter_mark(painter, theme, QRect(name.rect.left(), rect.center().y() - 8, 16, 16), mark, faint=True)
            name.rect.adjust(24, 0, 0, 0)
        name.left(one_line(place.forum.name, 80), "body", "text", weight=600 if place.is_gap or current else 400)
        state = Pen(painter, theme, QRect(rect.left() + size.forum, rect.top(), size.state - 6, rect.height() - 1))
        tint = theme.status_colour(colour)
        state.icon_left(icon, tint, 14, gap=6)
        state.left(self.said.standing(place), "small", tint, weight=600 if strong else 400)
        last = QRect(rect.left() + size.forum + size.state, rect.top(), size.last, rect.height() - 1)
        Pen(painter, theme, last).right(self.said.age(place.last_there, self._now()), "small", "text2")
        hairline(painter, theme, rect.left(), rect.bottom(), rect.right(), rect.bottom())

    def column_head(self, painter: QPainter, rect: QRect, person: Colleague, *, current: bool) -> None:
        """Initials and first name."""
        theme = self.theme
        painter.fillRect(rect, theme.colour("selected" if current else "surface"))
        away = person.absent_until is not None
        if away:
            self._hatching = self._hatching or hatching(theme)
            painter.setBrushOrigin(rect.topLeft())
            painter.fillRect(rect, self._hatching)
        line = theme.line("caption")
        disc = QRect(rect.center().x() - 11, rect.bottom() - line - 33, 24, 24)
        mine = any(str(column.account) in self.me for column in person.columns.values())
        avatar(painter, theme, disc, self.said.name(person), ink=mine)
        faint = away or len(person.unread) == len(person.columns)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text2" if faint else "text"))
        below = QRect(rect.left() + 1, rect.bottom() - line - 5, rect.width() - 2, line)
        painter.drawText(below, CENTRE, elided(theme.metrics("caption"), self.said.first_name(person), below.width()))
        painter.setPen(theme.pen("line_strong"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())

    def corner(self, painter: QPainter, rect: QRect, order: Order) -> dict[Order, QRect]:
        """Heads of what stands left of the cells; gives where each is, for a click."""
        theme, size = self.theme, self.size
        painter.fillRect(rect, theme.colour("surface"))
        foot = QRect(rect.left(), rect.bottom() - theme.line("caption") - 9, rect.width(), theme.line("caption") + 6)
        words = self.said.words
        parts = {
            Order.NAME: QRect(foot.left() + _PAD, foot.top(), size.forum - _PAD, foot.height()),
            Order.STANDING: QRect(foot.left() + size.forum, foot.top(), size.state, foot.height()),
            Order.LAST: QRect(foot.left() + size.forum + size.state, foot.top(), size.last, foot.height()),
        }
        for one, area in parts.items():
            pen = Pen(painter, theme, area)
            colour, weight = ("text", 600) if one is order else ("text2", 400)
            if one is Order.LAST:
                pen.right(words.say(f"following_head_{one}"), "caption", colour, weight=weight, gap=4)
            else:
                pen.left(words.say(f"following_head_{one}"), "caption", colour, weight=weight, gap=4)
            if one is order:
                (pen.icon_right if one is Order.LAST else pen.icon_left)("chevron-down", "text", 14, 2)
        painter.setPen(theme.pen("line_strong"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        return parts

    def totals(self, painter: QPainter, rect: QRect, found: Board, columns: Sequence[int], left: int) -> None:
        """How many forums each follows, below the columns; the first column begins at ``left``."""
        theme, size = self.theme, self.size
        painter.fillRect(rect, theme.colour("window"))
        painter.save()
        painter.setClipRect(QRectF(rect.left() + size.frozen, rect.top(), rect.width(), rect.height()))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        for number, at in enumerate(columns):
            x = left + number * size.column
            if x + size.column > rect.left() and x < rect.right():
                area = QRect(x, rect.top(), size.column, rect.height())
                painter.drawText(area, CENTRE, self.said.words.number(found.totals[at]))
        painter.restore()
        area = QRect(rect.left() + _PAD, rect.top(), size.frozen - _PAD - 8, rect.height())
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        said = self.said.words.say("following_totals")
        painter.drawText(area, LEFT, elided(theme.metrics("small"), said, area.width()))
