"""Small things that are drawn in many places: key caps, initials, the undo pie, priorities, edges of audiences."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from moderation.findings import Audience
from moderation.queries import Level
from views.icons import ICONS
from views.theme import Theme, tokens
from views.words import initials

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
EDGE = 6

AUDIENCE_ICON = {Audience.PUBLIC: "world", Audience.CUSTOMER: "users", Audience.STAFF: "lock"}


def elided(metrics: QFontMetrics, text: str, width: int, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
    """The text cut to a width, with an ellipsis where it was cut."""
    return metrics.elidedText(text, mode, max(0, width))


def fitted(
    metrics: QFontMetrics, text: str, room: int, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
) -> tuple[str, int]:
    """The text cut to a width where it has to be, and the width that it takes."""
    width = metrics.horizontalAdvance(text)
    if width <= room:
        return text, width
    shown = metrics.elidedText(text, mode, max(0, room))
    return shown, metrics.horizontalAdvance(shown)


class Pen:
    """Writes runs of text along one line, from the left and from the right, and remembers what room is left."""

    def __init__(self, painter: QPainter, theme: Theme, rect: QRect) -> None:
        self.painter = painter
        self.theme = theme
        self.rect = QRect(rect)

    def _set(self, role: str, weight: int | None, colour: str | QColor) -> QFontMetrics:
        self.painter.setFont(self.theme.font(role, weight))
        self.painter.setPen(self.theme.colour(colour) if isinstance(colour, str) else colour)
        return self.theme.metrics(role, weight)

    def left(
        self,
        text: str,
        role: str = "small",
        colour: str | QColor = "text2",
        *,
        weight: int | None = None,
        gap: int = 8,
        least: int = 0,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> int:
        """Write at the left, cut where the room ends (keeping ``least`` for what follows); gives the width used."""
        metrics = self._set(role, weight, colour)
        shown, width = fitted(metrics, text, self.rect.width() - least, mode)
        self.painter.drawText(self.rect, LEFT, shown)
        self.rect.adjust(width + gap, 0, 0, 0)
        return width

    def right(
        self,
        text: str,
        role: str = "small",
        colour: str | QColor = "text2",
        *,
        weight: int | None = None,
        gap: int = 8,
    ) -> int:
        """Write at the right; gives the width used."""
        metrics = self._set(role, weight, colour)
        shown, width = fitted(metrics, text, self.rect.width())
        self.painter.drawText(self.rect, RIGHT, shown)
        self.rect.adjust(0, 0, -width - gap, 0)
        return width

    def icon_left(self, name: str, colour: str | QColor, size: int = 16, gap: int = 8) -> None:
        """Draw an icon at the left."""
        draw_icon(self.painter, self.theme, name, QPoint(self.rect.left(), self._top(size)), size, colour)
        self.rect.adjust(size + gap, 0, 0, 0)

    def icon_right(self, name: str, colour: str | QColor, size: int = 16, gap: int = 8) -> None:
        """Draw an icon at the right."""
        left = self.rect.right() + 1 - size
        draw_icon(self.painter, self.theme, name, QPoint(left, self._top(size)), size, colour)
        self.rect.adjust(0, 0, -size - gap, 0)

    def key_left(self, label: str, gap: int = 8) -> None:
        """Draw a key cap at the left."""
        width = keycap_width(self.theme, label)
        height = keycap_height(self.theme)
        keycap(self.painter, self.theme, QRect(self.rect.left(), self._top(height), width, height), label)
        self.rect.adjust(width + gap, 0, 0, 0)

    def key_right(self, label: str, gap: int = 8) -> None:
        """Draw a key cap at the right."""
        width = keycap_width(self.theme, label)
        height = keycap_height(self.theme)
        left = self.rect.right() + 1 - width
        keycap(self.painter, self.theme, QRect(left, self._top(height), width, height), label)
        self.rect.adjust(0, 0, -width - gap, 0)

    def _top(self, size: int) -> int:
        return self.rect.top() + (self.rect.height() - size) // 2


def draw_icon(painter: QPainter, theme: Theme, name: str, at: QPoint, size: int, colour: str | QColor) -> None:
    """Draw an icon with its top left corner at a point."""
    ratio = painter.device().devicePixelRatioF()
    tint = theme.colour(colour) if isinstance(colour, str) else colour
    painter.drawPixmap(at, ICONS.pixmap(name, size, tint, ratio))


def keycap_height(theme: Theme) -> int:
    """Height of a key cap."""
    return theme.height("keycap", "caption")


def keycap_width(theme: Theme, label: str) -> int:
    """Width of a key cap."""
    return max(keycap_height(theme), theme.metrics("caption").horizontalAdvance(label) + 10)


def keycap(
    painter: QPainter,
    theme: Theme,
    rect: QRect,
    label: str,
    *,
    text: str | QColor = "text2",
    border: str | QColor = "line",
    fill: str | QColor | None = "surface",
) -> None:
    """A key as it is printed on the key."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen(border) if isinstance(border, str) else QPen(border, 1))
    brush = theme.colour(fill) if isinstance(fill, str) else fill
    painter.setBrush(QBrush(brush) if brush is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.colour(text) if isinstance(text, str) else text)
    painter.drawText(rect, CENTRE, label)


def tag_width(theme: Theme, label: str) -> int:
    """Width of a tag."""
    return theme.metrics("caption", 600).horizontalAdvance(label) + 8


def tag(painter: QPainter, theme: Theme, rect: QRect, label: str) -> None:
    """A small word on ink."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("ink"))
    painter.drawRoundedRect(QRectF(rect), 3, 3)
    painter.setFont(theme.font("caption", 600))
    painter.setPen(theme.colour("on_ink"))
    painter.drawText(rect, CENTRE, label)


def avatar(
    painter: QPainter, theme: Theme, rect: QRect, name: str, *, ink: bool = False, ground: str = "sunken"
) -> None:
    """A disc with initials; on ink for the person at the desk."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen if ink else theme.pen("line"))
    painter.setBrush(theme.colour("ink" if ink else ground))
    painter.drawEllipse(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5))
    said = initials(name)
    fits = rect.height() >= 22 and theme.metrics("caption", 600).horizontalAdvance(said) <= rect.width() - 6
    painter.setFont(theme.font("caption", 600) if fits else theme.tiny(rect.height() // 2 - 1))
    painter.setPen(theme.colour("on_ink" if ink else "text2"))
    painter.drawText(rect, CENTRE, said)


def letter_mark(painter: QPainter, theme: Theme, rect: QRect, letter: str, *, faint: bool = False) -> None:
    """A letter in a small square: what stands for a community."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("line" if faint else "line_strong"))
    painter.setBrush(theme.colour("surface"))
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(theme.tiny(rect.height() * 5 // 8))
    painter.setPen(theme.colour("text3" if faint else "text2"))
    painter.drawText(rect, CENTRE, letter)


def pie(painter: QPainter, theme: Theme, rect: QRect, fraction: float) -> None:
    """The undo window: a disc whose filled part is the time that is left (``fraction`` 1 to 0)."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QRectF(rect).adjusted(1, 1, -1, -1)
    painter.setPen(theme.pen("text", 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(area)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("text"))
    painter.drawPie(area.adjusted(1.5, 1.5, -1.5, -1.5), 90 * 16, -int(360 * 16 * max(0.0, min(1.0, fraction))))


def audience_edge(painter: QPainter, theme: Theme, rect: QRect, audience: Audience) -> None:
    """The edge that says who reads it: solid for the public, two bars for a customer, hatched for staff."""
    colour = theme.colour(str(audience))
    if audience is Audience.PUBLIC:
        painter.fillRect(rect, colour)
    elif audience is Audience.CUSTOMER:
        painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), colour)
        painter.fillRect(QRect(rect.left() + 4, rect.top(), 2, rect.height()), colour)
    else:
        _hatched(painter, rect, colour)


def _hatched(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """Stripes three wide at 135 degrees."""
    painter.save()
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 3))
    for offset in range(rect.top() - rect.width(), rect.bottom() + rect.width() + 3, 8):
        painter.drawLine(rect.left() - 2, offset - 2, rect.right() + 3, offset + rect.width() + 3)
    painter.restore()


def priority_glyph(painter: QPainter, theme: Theme, rect: QRect, level: Level, *, faint: bool = False) -> None:
    """The shape of a priority in a square of 16: octagon with "!", triangle, hollow diamond, dot."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if faint:
        painter.setOpacity(0.55)
    centre = QRectF(rect).center()
    draw = {
        Level.URGENT: _octagon,
        Level.HIGH: _triangle,
        Level.NORMAL: _diamond,
        Level.LOW: _dot,
    }[level]
    draw(painter, theme, centre)
    painter.restore()


def tick_box(painter: QPainter, theme: Theme, rect: QRect, *, ticked: bool) -> None:
    """A box of 16 that is marked or not."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("line_strong", 1.5) if not ticked else Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("ink") if ticked else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 3, 3)
    if ticked:
        painter.setPen(theme.pen("on_ink", 2.0))
        left, top = rect.left(), rect.top()
        painter.drawPolyline([QPointF(left + 4, top + 8.5), QPointF(left + 7, top + 11.5), QPointF(left + 12, top + 5)])


def _octagon(painter: QPainter, theme: Theme, at: QPointF) -> None:
    a, b = 7.0, 2.9
    corners = ((-b, -a), (b, -a), (a, -b), (a, b), (b, a), (-b, a), (-a, b), (-a, -b))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("danger"))
    painter.drawPolygon(QPolygonF([QPointF(at.x() + x, at.y() + y) for x, y in corners]))
    painter.setBrush(theme.colour("surface"))
    painter.drawRoundedRect(QRectF(at.x() - 0.9, at.y() - 4.2, 1.8, 5.0), 0.6, 0.6)
    painter.drawEllipse(at + QPointF(0, 3.2), 1.1, 1.1)


def _triangle(painter: QPainter, theme: Theme, at: QPointF) -> None:
    painter.setPen(theme.pen("text"))
    painter.setBrush(theme.colour("text"))
    painter.drawPolygon(QPolygonF([at + QPointF(0, -5), at + QPointF(5.5, 4.5), at + QPointF(-5.5, 4.5)]))


def _diamond(painter: QPainter, theme: Theme, at: QPointF) -> None:
    painter.setPen(theme.pen("text2", 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF([at + QPointF(0, -5), at + QPointF(5, 0), at + QPointF(0, 5), at + QPointF(-5, 0)]))


def _dot(painter: QPainter, theme: Theme, at: QPointF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("text3"))
    painter.drawEllipse(at, 2.2, 2.2)


def focus_ring(painter: QPainter, theme: Theme, rect: QRect, radius: int = 6) -> None:
    """The ring around what has the focus, two pixels wide, inside ``rect``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("focus", 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius, radius)


def hairline(painter: QPainter, theme: Theme, x1: int, y1: int, x2: int, y2: int) -> None:
    """A line of one device pixel in the colour of lines."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme.pen("line"))
    painter.drawLine(x1, y1, x2, y2)


def text_width(theme: Theme, text: str, role: str, weight: int | None = None) -> int:
    """Width of a text in a type role."""
    return theme.metrics(role, weight).horizontalAdvance(text)


def radius(name: str) -> int:
    """Corner radius of a kind of thing: ``keycap``, ``chip``, ``control``, ``popup``."""
    value: int = tokens()["radius"][name]
    return value


def fill(widget: QWidget, painter: QPainter, theme: Theme, name: str) -> None:
    """Fill a widget with a token's colour."""
    painter.fillRect(widget.rect(), theme.colour(name))
