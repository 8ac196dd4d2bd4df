"""A drawing on the screen: arrow keys go from number to number, Enter opens the rows of the one at hand."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget

from moderation.charts.shapes import Drawing, Mark, Say, Size
from moderation.coverage.doors import Behind, Door
from moderation.coverage.overview import Overview
from views.coverage.painted import paint
from views.plain import as_typed
from views.surface import Surface
from views.theme import Theme
from views.words import Words

Draw = Callable[[Say, Overview, Size], Drawing]
_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_LINES = frozenset({Behind.STAFF, Behind.ANYONE})
_ASIDE = 3
"""How much worse a way aside is than one ahead."""


def beyond(marks: Sequence[Mark], here: Mark, way: tuple[int, int], *, strict: bool = False) -> Mark | None:
    """The nearest number in a direction: along its own line where there are several, else what lies straight ahead
    (with ``strict`` nothing else); ``None`` at the edge.
    """
    across = way[1] != 0
    if across and here.door.kind in _LINES:  # two lines may lie upon each other
        other = next(
            (mark for mark in marks if mark.door.at == here.door.at and mark.door.kind is not here.door.kind), here
        )
        return other if (marks.index(other) - marks.index(here)) * way[1] > 0 else None

    def rank(mark: Mark) -> tuple[bool, bool, float]:
        (x, y), (at_x, at_y) = mark.centre, here.centre
        ahead = (x - at_x) * way[0] + (y - at_y) * way[1]
        aside = abs(x - at_x) if across else abs(y - at_y)
        half = (mark.width + here.width) / 2 if across else (mark.height + here.height) / 2
        other_line = not across and mark.door.kind is not here.door.kind
        blocked = ahead <= 1 or (strict and aside >= half)
        return other_line, aside >= half, float("inf") if blocked else ahead + _ASIDE * aside

    return min((mark for mark in marks if rank(mark)[2] < float("inf")), key=rank, default=None)


class DrawingView(Surface):
    """``opened``: the rows of a number are wanted (a mark); ``pointed``: another number is at hand (``None``: none).
    ``strict``: the numbers stand in rows and columns, which arrows do not leave.
    """

    opened = Signal(object)
    pointed = Signal(object)

    def __init__(
        self, draw: Draw, theme: Theme, words: Words, pad: tuple[int, int] = (20, 12), parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, words, parent)
        self._draw, self._pad = draw, pad
        self.strict = False
        self.view: Overview | None = None
        self._drawing: Drawing | None = None
        self._pixmap: QPixmap | None = None
        self._size = (0, 0)
        self._door: Door | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_view(self, view: Overview | None) -> None:
        """Other numbers; the one at hand stays at hand where it is still there."""
        self.view, self._drawing = view, None
        self._describe()
        self.update()

    @property
    def drawing(self) -> Drawing | None:
        """What is drawn at this size."""
        if self.view is None:
            return None
        size = (self.width(), self.height())
        if self._drawing is None or size != self._size:
            room = Size(size[0] - 2 * self._pad[0], size[1] - 2 * self._pad[1], self.theme.scale / 100)
            self._drawing, self._size, self._pixmap = self._draw(self.words.say, self.view, room), size, None
        return self._drawing

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The numbers in it."""
        return self.drawing.marks if self.drawing is not None else ()

    @property
    def mark(self) -> Mark | None:
        """The number at hand: the first one at first."""
        marks = self.marks
        return next((mark for mark in marks if mark.door == self._door), marks[0] if marks else None)

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """The drawing, and a ring around the number at hand."""
        del rect
        if self.drawing is None:
            return
        painter.drawPixmap(0, 0, self._painted(self.drawing))
        painter.translate(*self._pad)
        if self.hasFocus() and (mark := self.mark) is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self.theme.pen("focus", 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(mark.x, mark.y, mark.width, mark.height).adjusted(-2, -2, 2, 2), 3, 3)
        painter.resetTransform()

    def _painted(self, drawing: Drawing) -> QPixmap:
        """The drawing, painted once for its size: going from number to number moves a ring and nothing else."""
        ratio = self.devicePixelRatioF()
        if self._pixmap is None or self._pixmap.devicePixelRatioF() != ratio:
            self._pixmap = QPixmap(self.size() * ratio)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(self.theme.colour(self.ground))
            painter = QPainter(self._pixmap)
            painter.translate(*self._pad)
            paint(painter, drawing, self.theme)
            painter.end()
        return self._pixmap

    def area(self, mark: Mark) -> QRect:
        """Where a number stands in this widget."""
        return QRectF(mark.x + self._pad[0], mark.y + self._pad[1], mark.width, mark.height).toAlignedRect()

    # -- going and opening -----------------------------------------------------------------------------------------
    def go_to(self, mark: Mark) -> None:
        """Have a number at hand."""
        self._door = mark.door
        self._describe()
        self.pointed.emit(mark)
        self.update()

    def step(self, by: int) -> bool:
        """Next or previous number in reading order; ``False`` at the end."""
        marks, here = self.marks, self.mark
        if here is None:
            return False
        at = marks.index(here) + by
        if not 0 <= at < len(marks):
            return False
        self.go_to(marks[at])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End go; Enter and Space open."""
        here, key = self.mark, Qt.Key(event.key())
        if here is None:
            event.ignore()
        elif key in _WAYS:
            if (found := beyond(self.marks, here, _WAYS[key], strict=self.strict)) is not None:
                self.go_to(found)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.go_to(self.marks[0 if key == Qt.Key.Key_Home else -1])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit(here)
        else:
            event.ignore()

    def at(self, place: QPointF) -> Mark | None:
        """The number under a point; the one behind is what was drawn last."""
        x, y = place.x() - self._pad[0], place.y() - self._pad[1]
        found = [m for m in self.marks if m.x <= x <= m.x + m.width and m.y <= y <= m.y + m.height]
        return found[-1] if found else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over numbers."""
        over = self.at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over is not None else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the rows."""
        if (found := self.at(event.position())) is not None:
            self.go_to(found)
            self.opened.emit(found)

    def event(self, event: QEvent) -> bool:
        """A number says what it is when it is pointed at."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            found = self.at(QPointF(event.pos()))
            if found is not None:
                QToolTip.showText(event.globalPos(), as_typed(f"{found.said}\n{found.means}"), self, self.area(found))
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell which number is at hand."""
        super().focusInEvent(event)
        self._describe()
        self.pointed.emit(self.mark)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes."""
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: object) -> None:
        """Drawn anew at another size."""
        del event
        self._drawing = None

    def _describe(self) -> None:
        """What assistive technology reads: the title, and the number at hand."""
        drawing, mark = self.drawing, self.mark
        self.setAccessibleName(drawing.title if drawing is not None else "")
        self.setAccessibleDescription(mark.said if mark is not None else "")
