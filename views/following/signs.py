"""The symbols of the matrix, told apart by shape: drawn once, and stamped from there."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

from moderation.desk.board import LOOKS, Look
from views.painting import CENTRE
from views.theme import Scheme, Theme

SIDE = 18
"""Width and height of a symbol, in pixels at 100 %."""
_R = 5.5
_FAINT, _PALE = 0.5, 80


def draw_sign(painter: QPainter, theme: Theme, centre: QPointF, look: Look, *, faint: bool = False) -> None:
    """Draw one symbol; ``faint`` for somebody who is away."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if faint:
        painter.setOpacity(_FAINT)
    _DRAWS[look](painter, theme, centre)
    painter.restore()


def draw_way(painter: QPainter, theme: Theme, centre: QPointF) -> None:
    """Three dots: what stands above them is on its way to the server."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for offset in (-4, 0, 4):
        _dot(painter, theme, centre + QPointF(offset, 0), 1.2, "accent")
    painter.restore()


def _ring(painter: QPainter, theme: Theme, at: QPointF, colour: str = "text") -> None:
    painter.setPen(QPen(theme.colour(colour), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, _R - 0.25, _R - 0.25)


def _dot(painter: QPainter, theme: Theme, at: QPointF, size: float, colour: str = "text") -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(colour))
    painter.drawEllipse(at, size, size)


def _half(painter: QPainter, theme: Theme, at: QPointF, size: float, colour: str = "text") -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(colour))
    painter.drawPie(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size), 90 * 16, 180 * 16)


def _dashed(painter: QPainter, theme: Theme, at: QPointF) -> None:
    pen = QPen(theme.colour("staff"), 1.75)
    pen.setDashPattern([1.6, 1.1])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, _R, _R)


def _watching(painter: QPainter, theme: Theme, at: QPointF) -> None:
    _dot(painter, theme, at, _R + 0.5)


def _watching_unseen(painter: QPainter, theme: Theme, at: QPointF) -> None:
    _dashed(painter, theme, at)
    _dot(painter, theme, at, 2.2, "staff")


def _watching_first(painter: QPainter, theme: Theme, at: QPointF) -> None:
    _ring(painter, theme, at)
    _dot(painter, theme, at, 2.4)


def _tracking(painter: QPainter, theme: Theme, at: QPointF) -> None:
    _ring(painter, theme, at)
    _half(painter, theme, at, _R)


def _tracking_unseen(painter: QPainter, theme: Theme, at: QPointF) -> None:
    _dashed(painter, theme, at)
    _half(painter, theme, at, 3.2, "staff")


def _normal(painter: QPainter, theme: Theme, at: QPointF) -> None:
    painter.setPen(QPen(theme.colour("text3"), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 2.5, 2.5)


def _muted(painter: QPainter, theme: Theme, at: QPointF) -> None:
    _ring(painter, theme, at, "text3")
    side = (_R - 0.25) * 0.7071
    painter.drawLine(at + QPointF(-side, side), at + QPointF(side, -side))


def _no_choice(painter: QPainter, theme: Theme, at: QPointF) -> None:
    _dot(painter, theme, at, 1.2, "text3")


def _unknown(painter: QPainter, theme: Theme, at: QPointF) -> None:
    painter.setFont(theme.tiny(12))
    painter.setPen(theme.colour("text3"))
    painter.drawText(QRectF(at.x() - 9, at.y() - 9, 18, 18), CENTRE, "?")


def _no_account(painter: QPainter, theme: Theme, at: QPointF) -> None:
    painter.setPen(QPen(theme.colour("line_strong"), 1))
    painter.drawLine(at + QPointF(-2.5, 0), at + QPointF(2.5, 0))


_DRAWS: dict[Look, Callable[[QPainter, Theme, QPointF], None]] = {
    Look.WATCHING: _watching,
    Look.WATCHING_UNSEEN: _watching_unseen,
    Look.WATCHING_FIRST: _watching_first,
    Look.TRACKING: _tracking,
    Look.TRACKING_UNSEEN: _tracking_unseen,
    Look.NORMAL: _normal,
    Look.MUTED: _muted,
    Look.NO_CHOICE: _no_choice,
    Look.UNKNOWN: _unknown,
    Look.NO_ACCOUNT: _no_account,
}


class Stamps:
    """All symbols as small pictures, by place in :data:`LOOKS`, and the same faint."""

    def __init__(self, theme: Theme, ratio: float) -> None:
        self.ratio = ratio
        self.plain = [_stamp(theme, look, ratio, faint=False) for look in LOOKS]
        self.faint = [_stamp(theme, look, ratio, faint=True) for look in LOOKS]


def _stamp(theme: Theme, look: Look, ratio: float, *, faint: bool) -> QPixmap:
    picture = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_sign(painter, theme, QPointF(SIDE / 2, SIDE / 2), look, faint=faint)
    painter.end()
    return picture


def hatching(theme: Theme) -> QBrush:
    """The ground of somebody who is away: thin lines at 45 degrees."""
    tile = QPixmap(24, 24)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(theme.colour("line"))
    if theme.scheme is Scheme.CONTRAST:
        colour.setAlpha(_PALE)
    painter.setPen(QPen(colour, 2))
    for offset in (-24, -12, 0, 12, 24, 36):
        painter.drawLine(QPointF(offset - 2, 26), QPointF(offset + 26, -2))
    painter.end()
    tile.setDevicePixelRatio(2.0)
    return QBrush(tile)
