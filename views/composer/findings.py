"""The list of findings beside the text: severity, kind, reason, remedy with its key."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from moderation.findings import Finding, Severity, reason
from views.painting import Pen, hairline, keycap_width, text_width
from views.surface import Surface
from views.theme import Theme
from views.words import Words

_ICONS = {
    Severity.BLOCK: ("alert-octagon", "danger"),
    Severity.ASK: ("help-circle", "staff"),
    Severity.HINT: ("info-circle", "text2"),
}

SHOWN = 9
"""Findings that are listed: as many as there are keys for their remedies."""


class FindingList(Surface):
    """Never moves the caret. ``remedy`` tells the number of a remedy that was pressed. What has no room is scrolled to,
    by the wheel or by :meth:`reveal`.
    """

    ground = "window"
    lines = "l"
    remedy = Signal(int)

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.findings: Sequence[Finding] = ()
        self._hits: list[tuple[QRect, int]] = []
        self._entries: list[tuple[int, int]] = []
        self._scrolled = 0

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Replace the list."""
        if list(findings) != list(self.findings):
            self._scrolled = 0
        self.findings = findings
        said = [self.summary(), *(self._sentence(finding) for finding in findings)]
        self.setAccessibleName("; ".join(said))
        self.update()

    def summary(self) -> str:
        """How many block, ask, hint."""
        counted = [
            self.words.count(f"findings_{severity}", n)
            for severity in Severity
            if (n := sum(finding.severity is severity for finding in self.findings))
        ]
        return " · ".join(counted) or self.words.say("findings_none")

    def _sentence(self, finding: Finding) -> str:
        word = self.words.say(f"severity_{finding.severity}")
        return f"{word} {self.words.say(f'kind_{finding.rule}')}: {self._reason(finding)}"

    def _reason(self, finding: Finding) -> str:
        code, facts = reason(finding, offered=bool(finding.remedy))
        return self.words.say(code, **facts)

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Head with counts, then the entries."""
        theme = self.theme
        self._hits, self._entries = [], []
        head = QRect(0, 0, rect.width(), theme.grown(30, "small"))
        y = head.bottom() + 8 - self._scrolled
        painter.save()
        painter.setClipRect(rect.adjusted(0, head.bottom(), 0, 0))
        for number, finding in enumerate(self.findings[:SHOWN], 1):
            top, y = y, self._entry(painter, finding, number, y)
            self._entries.append((top + self._scrolled, y + self._scrolled))
        painter.restore()
        pen = Pen(painter, theme, head.adjusted(14, 0, -12, 0))
        pen.right(self.summary(), "small", "text2")
        pen.left(self.tr("Checks"), "small", "text", weight=600)
        hairline(painter, theme, 0, head.bottom(), rect.right(), head.bottom())

    def reveal(self, number: int) -> None:
        """Scroll so that the entry of this number (from 1) is seen whole, where there is room for it."""
        if 0 < number <= len(self._entries):
            top, bottom = self._entries[number - 1]
            head = self.theme.grown(30, "small")
            self._scroll_to(min(max(self._scrolled, bottom - self.height()), top - head - 8))

    def _scroll_to(self, place: int) -> None:
        end = self._entries[-1][1] if self._entries else 0
        self._scrolled = max(0, min(place, end - self.height()))
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls."""
        self._scroll_to(self._scrolled - event.angleDelta().y() // 2)
        event.accept()

    def _entry(self, painter: QPainter, finding: Finding, number: int, y: int) -> int:
        theme, width = self.theme, self.width()
        line = theme.line("small") + 4
        icon, colour = _ICONS[finding.severity]
        pen = Pen(painter, theme, QRect(14, y, width - 26, line))
        pen.icon_left(icon, theme.status_colour(colour))
        pen.left(self.words.say(f"severity_{finding.severity}"), "small", theme.status_colour(colour), weight=600)
        pen.left(self.words.say(f"kind_{finding.rule}"), "small", "text", weight=600)
        pen.right(str(number), "caption", "text3")
        y += line
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        area = QRect(38, y, width - 50, 400)
        said = self._reason(finding)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        painter.drawText(area, flags, said)
        y += theme.metrics("small").boundingRect(area, flags, said).height() + 3
        if finding.remedy:
            self._remedy(painter, finding, number, y)
            y += line + 2
        hairline(painter, theme, 1, y + 4, width, y + 4)
        return y + 12

    def _remedy(self, painter: QPainter, finding: Finding, number: int, y: int) -> None:
        theme = self.theme
        written = " ".join(finding.text.split())
        said = self.words.say(f"remedy_{finding.remedy}", text=written)
        room = self.width() - 62 - keycap_width(theme, f"Alt {number}")
        said = theme.metrics("small").elidedText(said, Qt.TextElideMode.ElideRight, room)
        width = text_width(theme, said, "small")
        row = QRect(38, y, self.width() - 50, theme.line("small") + 4)
        pen = Pen(painter, theme, row)
        pen.left(said, "small", "text", gap=8)
        base = row.bottom() - 2
        painter.setPen(theme.pen("text"))
        painter.drawLine(38, base, 38 + width, base)
        pen.key_left(f"Alt {number}")
        self._hits.append((QRect(38, y, width + 60, row.height()), number))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press a remedy."""
        at = event.position().toPoint()
        for area, number in self._hits:
            if area.contains(at):
                self.remedy.emit(number)
