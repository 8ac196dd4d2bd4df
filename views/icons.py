"""Icons: Tabler outlines and our own sign, tinted by a colour of the theme and cached as pixmaps."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

STROKE = 'stroke-width="1.75"'
SMALL, NORMAL, LARGE = 14, 16, 18


@cache
def _source(name: str) -> str:
    svg = (files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return svg.replace('stroke-width="2"', STROKE)


class Icons:
    """Pixmaps by name, size, colour and device ratio. Sizes in device-independent pixels."""

    def __init__(self) -> None:
        self._pixmaps: dict[tuple[str, int, int, int, float], QPixmap] = {}

    def pixmap(self, name: str, size: int, colour: QColor, ratio: float = 1.0, height: int = 0) -> QPixmap:
        """An icon; ``height`` where it is not square."""
        key = (name, size, height or size, colour.rgba(), ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = _drawn(name, QSize(size, height or size), colour, ratio)
        return found

    def icon(self, name: str, size: int, colour: QColor, disabled: QColor | None = None) -> QIcon:
        """The same as a :class:`QIcon` for menus and actions, sharp on screens up to three times as dense."""
        icon = QIcon()
        for ratio in (1.0, 2.0, 3.0):
            icon.addPixmap(self.pixmap(name, size, colour, ratio))
            if disabled is not None:
                icon.addPixmap(self.pixmap(name, size, disabled, ratio), QIcon.Mode.Disabled)
        return icon


def _drawn(name: str, size: QSize, colour: QColor, ratio: float) -> QPixmap:
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    svg = _source(name).replace("currentColor", colour.name())
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return pixmap


ICONS = Icons()
