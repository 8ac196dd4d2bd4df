"""A document that loads nothing but our own drawings."""

from typing import Any

from PySide6.QtCore import QRect, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap, QTextDocument, QTextOption

from views.icons import ICONS, SMALL
from views.painting import avatar, keycap, keycap_height, keycap_width
from views.theme import Theme

_FACE = 28


class InertDocument(QTextDocument):
    """The thread of one item. Addresses other than ``marquee:`` stay unloaded, whatever asks for them."""

    def __init__(self, html: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._drawn: dict[str, QPixmap] = {}
        self.laid_out_for = -1
        self.setDocumentMargin(0)
        self.setUndoRedoEnabled(False)
        self.setDefaultFont(theme.font("post"))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setDefaultTextOption(option)
        self.setHtml(html)

    def lay_out(self, width: int) -> None:
        """Break lines for this width, if that has not been done."""
        if width != self.laid_out_for and width > 0:
            self.laid_out_for = width
            self.setTextWidth(width)
            self.documentLayout().documentSize()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Only drawings: ``marquee:face/MO``, ``marquee:key/Shift V``, ``marquee:icon/photo-off/text3``."""
        address = name if isinstance(name, QUrl) else QUrl(name)
        if address.scheme() != "marquee":
            return None
        what = address.path(QUrl.ComponentFormattingOption.FullyDecoded)
        if what not in self._drawn:
            self._drawn[what] = self._draw(what)
        return self._drawn[what]

    def _draw(self, what: str) -> QPixmap:
        kind, _, rest = what.partition("/")
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
        if kind == "icon":
            icon, _, colour = rest.partition("/")
            return ICONS.pixmap(icon, SMALL, self._theme.colour(colour), ratio)
        face = kind == "face"
        width = _FACE if face else keycap_width(self._theme, rest)
        height = _FACE if face else keycap_height(self._theme)
        pixmap = QPixmap(round(width * ratio), round(height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        if face:
            avatar(painter, self._theme, QRect(0, 0, width, height), rest)
        else:
            keycap(painter, self._theme, QRect(0, 0, width, height), rest)
        painter.end()
        return pixmap
