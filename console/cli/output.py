"""What commands print: one JSON document, or tables that fit the terminal, with members' text made harmless."""

import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

from moderation.text import neutralise

_WIDE = frozenset("WF")
_MIN_WIDTH = 6
_PIECES = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60][、。)」]*|[^\s\u2e80-\u9fff\uf900-\uff60]*\s*")


def at(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with ``Z``."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def at_ms(milliseconds: int) -> str:
    """Unix milliseconds as :func:`at`."""
    return str(at(datetime.fromtimestamp(milliseconds / 1000, UTC)))


def for_people(moment: datetime | None) -> str:
    """Local time to the minute."""
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M")


def print_json(document: Any, out: TextIO) -> None:
    """One document and a line end. Lone surrogates of a broken server are escaped, all else stays readable."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, indent=1)
    out.write(text + "\n")


def cells(char: str) -> int:
    """Terminal cells that a character takes: 2 for East Asian wide ones and emoji, 0 for marks that combine."""
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in _WIDE else 1


def width(text: str) -> int:
    """Terminal cells of a line."""
    return sum(map(cells, text))


def cut(text: str, limit: int) -> str:
    """The beginning of a line that fits, with an ellipsis where something is missing."""
    if width(text) <= limit:
        return text
    used, kept = 0, []
    for char in text:
        used += cells(char)
        if used > limit - 1:
            break
        kept.append(char)
    return "".join(kept) + "…"


def pad(text: str, to: int) -> str:
    """A line filled with spaces to that many cells."""
    return text + " " * max(0, to - width(text))


def wrapped(text: str, limit: int) -> list[str]:
    """Lines of at most ``limit`` cells: broken at spaces, and anywhere between wide characters."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line and width(line) + width(piece.rstrip()) > limit:
            lines.append(line.rstrip())
            line = ""
        line += piece.lstrip() if not line else piece
    return [*lines, line.rstrip()]


def safe(text: object) -> str:
    """One line of anything, without characters that steer the terminal or turn the direction of writing."""
    return " ".join(neutralise("" if text is None else str(text)).split())


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``fixed`` ones keep their width (ids are copied), the others share what is left."""

    title: str
    fixed: bool = False
    right: bool = False


def table(columns: Sequence[Column], rows: Sequence[Sequence[object]], total: int) -> list[str]:
    """Lines of a table in at most ``total`` cells where fixed columns allow it; a head, then one line a row."""
    texts = [[safe(value) for value in row] for row in rows]
    heads = [safe(column.title) for column in columns]
    needed = [max([width(head), *(width(row[i]) for row in texts)]) for i, head in enumerate(heads)]
    widths = _shares(columns, needed, total - 2 * (len(columns) - 1))
    return [_line(columns, widths, heads), *(_line(columns, widths, row) for row in texts)]


def _shares(columns: Sequence[Column], needed: list[int], total: int) -> list[int]:
    """Widths: what is needed where it fits, else the widest flexible columns give up one cell after the other."""
    widths = list(needed)
    while sum(widths) > total:
        flexible = [i for i, column in enumerate(columns) if not column.fixed and widths[i] > _MIN_WIDTH]
        if not flexible:
            break
        widths[max(flexible, key=lambda i: widths[i])] -= 1
    return widths


def _line(columns: Sequence[Column], widths: Sequence[int], texts: Sequence[str]) -> str:
    parts = []
    for column, room, text in zip(columns, widths, texts, strict=True):
        short = cut(text, room)
        parts.append(" " * (room - width(short)) + short if column.right else pad(short, room))
    return "  ".join(parts).rstrip()


def terminal_width(out: TextIO) -> int:
    """Cells of the terminal behind ``out``; wide where it is a file, so that nothing is cut that a script wants."""
    return shutil.get_terminal_size((100, 24)).columns if out.isatty() else 200


class Progress:
    """A line on a terminal that is written over; silent anywhere else."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._shown = 0
        self._live = self._out.isatty()

    def show(self, text: str) -> None:
        """Replace the line."""
        if self._live:
            line = cut(safe(text), terminal_width(self._out) - 1)
            self._out.write("\r" + pad(line, self._shown))
            self._out.flush()
            self._shown = width(line)

    def end(self) -> None:
        """Wipe the line."""
        if self._live and self._shown:
            self._out.write("\r" + " " * self._shown + "\r")
            self._out.flush()
            self._shown = 0
