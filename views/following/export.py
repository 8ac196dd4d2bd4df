"""The matrix as a table for spreadsheets, and as a picture: what is shown, as it is arranged."""

import csv
import io
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from moderation.desk import Desk
from moderation.desk.board import Order
from moderation.text import harmless
from views.following.drawing import MatrixDrawing
from views.following.model import MatrixModel
from views.following.words import FollowingWords

FORMATS = ("csv", "png", "svg")
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which spreadsheets know UTF-8."""
_MOST_PIXELS = 40_000_000


def as_csv(shown: MatrixModel, said: FollowingWords, now: datetime) -> str:
    """A row a forum: community, name, how it stands, when somebody was there last (ISO 8601), a column a person."""
    found, words = shown.board, said.words
    out = io.StringIO()
    writer = csv.writer(out)
    heads = [words.say(f"following_head_{name}") for name in ("community", "name", "standing", "last")]
    writer.writerow([*heads, *(harmless(said.name(found.people[at])) for at in shown.columns)])
    for row in shown.rows:
        place = found.places[row]
        days = found.followed(place.community).active_days
        last = place.last_there.isoformat() if place.last_there is not None else ""
        about = [place.community, harmless(place.forum.name), said.standing(place), last]
        writer.writerow([*about, *(said.look(found.look(row, at), days) for at in shown.columns)])
    writer.writerow([words.say("following_totals"), "", "", "", *(found.totals[at] for at in shown.columns)])
    writer.writerow([words.say("following_exported", at=now.isoformat(timespec="seconds"))])
    return _MARK + out.getvalue()


def keep(desk: Desk, path: str, text: str) -> str:
    """Write a table; off the window's thread. Raises ``OSError``."""
    del desk
    Path(path).write_text(text, encoding="utf-8", newline="")
    return path


def paint_to(path: str, drawing: MatrixDrawing, shown: MatrixModel) -> bool:
    """Draw everything that is arranged, seen or not, into a PNG or SVG file; ``False`` where it cannot be written."""
    size = whole(drawing, shown)
    if path.lower().endswith(".svg"):
        generator = QSvgGenerator()
        generator.setFileName(path)
        generator.setSize(size)
        generator.setViewBox(QRect(QPoint(0, 0), size))
        painter = QPainter()
        if not painter.begin(generator):
            return False
        _paint(painter, drawing, shown, size, vector=True)
        return bool(painter.end())
    ratio = min(2.0, (_MOST_PIXELS / max(1, size.width() * size.height())) ** 0.5)
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    _paint(painter, drawing, shown, size, vector=False)
    painter.end()
    return image.save(path)


def whole(drawing: MatrixDrawing, shown: MatrixModel) -> QSize:
    """Size of the whole matrix with heads and totals."""
    size = drawing.size
    width = size.frozen + size.column * len(shown.columns) + 20
    return QSize(width, size.head + size.row * (len(shown.rows) + 1))


def _paint(painter: QPainter, drawing: MatrixDrawing, shown: MatrixModel, room: QSize, *, vector: bool) -> None:
    size, found, theme = drawing.size, shown.board, drawing.theme
    painter.fillRect(QRect(QPoint(0, 0), room), theme.colour("surface"))
    drawing.corner(painter, QRect(0, 0, size.frozen, size.head), Order.COMMUNITY)
    cells = QRect(size.frozen, size.head, size.column * len(shown.columns), size.row * len(shown.rows))
    away = [found.people[at].absent_until is not None for at in shown.columns]
    drawing.grounds(painter, cells, away, size.frozen, cells.topLeft())
    for number, at in enumerate(shown.columns):
        rect = QRect(size.frozen + number * size.column, 0, size.column, size.head)
        drawing.column_head(painter, rect, found.people[at], current=False)
    for number, at in enumerate(shown.rows):
        rect = QRect(0, size.head + number * size.row, size.frozen, size.row)
        drawing.row_head(painter, rect, found.places[at], "surface", current=False)
    drawing.lines(painter, cells, cells.top(), len(shown.rows))
    drawing.signs(painter, found, shown.rows, shown.columns, cells.topLeft(), vector=vector)
    foot = QRect(0, cells.bottom() + 1, room.width(), size.row)
    drawing.totals(painter, foot, found, shown.columns, size.frozen)
