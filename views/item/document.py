"""A document that loads nothing but our own drawings, and pictures that are in memory because a person asked."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap, QTextDocument, QTextOption

from moderation.findings import Audience
from views.icons import ICONS, SMALL
from views.painting import audience_edge, avatar, keycap, keycap_height, keycap_width, tag, tag_width
from views.theme import Theme

_FACE = 28
_PICTURE = "drawn/"
_HATCH = (6, 200)  # repeated downwards; its stripes come every eight
_RULE = (16, 200)  # repeated sideways; higher than any line, so that it is not repeated downwards


class InertDocument(QTextDocument):
    """The thread of one item. Addresses other than ``marquee:`` stay unloaded, whatever asks for them."""

    def __init__(self, html: str, theme: Theme, picture: Callable[[str], QPixmap | None] = lambda name: None) -> None:
        super().__init__()
        self._theme = theme
        self._picture = picture
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
        """Only drawings: ``marquee:face/MO``, ``marquee:key/Shift V``, ``marquee:icon/photo-off/text3``,
        ``marquee:tag/phone``; ``marquee:rule/22``: the ground of a line with a hairline at that height;
        ``marquee:hatch/staff``: the edge of what only those read. And ``marquee:drawn/7-blurred``: a picture by its
        name, looked up whenever it is drawn, and nothing once it is gone.
        """
        address = name if isinstance(name, QUrl) else QUrl(name)
        if address.scheme() != "marquee":
            return None
        what = address.path(QUrl.ComponentFormattingOption.FullyDecoded)
        if what.startswith(_PICTURE):
            return self._picture(what.removeprefix(_PICTURE)) or _nothing()
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
        return self._theme.drawing(what, ratio, lambda: self._draw(what, ratio))

    def _draw(self, what: str, ratio: float) -> QPixmap:
        kind, _, rest = what.partition("/")
        if kind == "icon":
            icon, _, colour = rest.partition("/")
            return ICONS.pixmap(icon, SMALL, self._theme.colour(colour), ratio)
        width, height = self._size(kind, rest)
        pixmap = QPixmap(round(width * ratio), round(height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter, area = QPainter(pixmap), QRect(0, 0, width, height)
        if kind == "face":
            avatar(painter, self._theme, area, rest)
        elif kind == "tag":
            tag(painter, self._theme, area, rest)
        elif kind == "hatch":
            audience_edge(painter, self._theme, area, Audience(rest))
        elif kind == "rule":
            painter.fillRect(0, int(rest), width, 1, self._theme.colour("line"))
        else:
            keycap(painter, self._theme, area, rest)
        painter.end()
        return pixmap

    def _size(self, kind: str, rest: str) -> tuple[int, int]:
        if kind == "face":
            return _FACE, _FACE
        if kind == "tag":
            return tag_width(self._theme, rest), keycap_height(self._theme) - 2
        if kind == "hatch":
            return _HATCH
        if kind == "rule":
            return _RULE
        return keycap_width(self._theme, rest), keycap_height(self._theme)


def _nothing() -> QPixmap:
    nothing = QPixmap(1, 1)
    nothing.fill(Qt.GlobalColor.transparent)
    return nothing
