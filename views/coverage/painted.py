"""Paints drawings (:mod:`moderation.charts`): on the screen and into pictures."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from moderation.charts.shapes import Box, Dot, Drawing, Path, Shape, Text, colour_of
from views.painting import fitted
from views.theme import Theme, tokens

EDGE = 12
"""Room around a drawing in a picture."""
_ANCHORS = {
    "start": Qt.AlignmentFlag.AlignLeft,
    "middle": Qt.AlignmentFlag.AlignHCenter,
    "end": Qt.AlignmentFlag.AlignRight,
}


def paint(painter: QPainter, drawing: Drawing, theme: Theme) -> None:
    """All shapes, from back to front."""
    for shape in drawing.shapes:
        _paint(painter, shape, theme)


def picture(drawing: Drawing, theme: Theme, ratio: float = 2.0) -> QImage:
    """The drawing as a picture, ``ratio`` pixels a unit, on the ground of the theme."""
    size = QSize(round(drawing.width + 2 * EDGE), round(drawing.height + 2 * EDGE))
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(theme.colour("surface"))
    painter = QPainter(image)
    painter.translate(EDGE, EDGE)
    paint(painter, drawing, theme)
    painter.end()
    return image


def colours(theme: Theme) -> dict[str, str]:
    """The theme's colours by name."""
    found: dict[str, str] = tokens()["color"][str(theme.scheme)]
    return found


def _colour(theme: Theme, name: str) -> QColor:
    return QColor(colour_of(name, colours(theme))) if name.startswith("on:") else theme.colour(name)


def _paint(painter: QPainter, shape: Shape, theme: Theme) -> None:
    match shape:
        case Text():
            _text(painter, shape, theme)
        case Box():
            _box(painter, shape, theme)
        case Path():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not _straight(shape))
            pen = QPen(theme.colour(shape.colour), shape.width)
            if shape.dashed:
                pen.setDashPattern([3.0, 3.0])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in shape.points]))
        case Dot():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.pen(shape.stroke, 1.5))
            painter.setBrush(theme.colour(shape.fill))
            painter.drawEllipse(QPointF(shape.x, shape.y), shape.radius, shape.radius)


def _straight(path: Path) -> bool:
    """A hairline along an axis."""
    return len(path.points) == 2 and path.width == 1.0


def _box(painter: QPainter, box: Box, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    area = QRectF(box.x, box.y, box.width, box.height)
    if box.fill:
        painter.fillRect(area, theme.colour(box.fill))
    if box.stroke:
        painter.setPen(theme.pen(box.stroke))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.toRect().adjusted(0, 0, -1, -1))


def _text(painter: QPainter, text: Text, theme: Theme) -> None:
    metrics = theme.metrics(text.role, text.weight)
    shown, width = fitted(metrics, text.text, round(text.room)) if text.room else (text.text, 4000)
    painter.setFont(theme.font(text.role, text.weight))
    painter.setPen(_colour(theme, text.colour))
    left = {"start": text.x, "middle": text.x - 2000, "end": text.x - 4000}[text.anchor]
    area = QRectF(left, text.y - 40, 4000, 80)
    painter.drawText(area, int(_ANCHORS[text.anchor] | Qt.AlignmentFlag.AlignVCenter), shown)
    if text.note and text.anchor == "start":
        used = width if text.room else metrics.horizontalAdvance(shown)
        _note(painter, text, used, theme)


def _note(painter: QPainter, text: Text, used: int, theme: Theme) -> None:
    room = round(text.room - used - 8) if text.room else 4000
    shown, _ = fitted(theme.metrics("small"), text.note, room)
    painter.setFont(theme.font("small"))
    painter.setPen(theme.colour("text2"))
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(QRectF(text.x + used + 8, text.y - 40, max(0, room), 80), flags, shown)
