"""The list of findings beside the text: severity, kind, reason, remedy with its key."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from moderation.findings import Finding, Severity
from views.painting import Pen, hairline, text_width
from views.surface import Surface
from views.theme import Theme
from views.words import Words

_ICONS = {
    Severity.BLOCK: ("alert-octagon", "danger"),
    Severity.ASK: ("help-circle", "staff"),
    Severity.HINT: ("info-circle", "text2"),
}


class FindingList(Surface):
    """Never moves the caret. ``remedy`` tells the number of a remedy that was pressed."""

    ground = "window"
    lines = "l"
    remedy = Signal(int)

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.findings: Sequence[Finding] = ()
        self._hits: list[tuple[QRect, int]] = []

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Replace the list."""
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
        return f"{word} {self.words.say(f'kind_{finding.rule}')}: {self.words.say(f'finding_{finding.rule}')}"

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Head with counts, then the entries."""
        theme = self.theme
        self._hits = []
        head = QRect(0, 0, rect.width(), theme.grown(30, "small"))
        pen = Pen(painter, theme, head.adjusted(14, 0, -12, 0))
        pen.right(self.summary(), "small", "text2")
        pen.left(self.tr("Checks"), "small", "text", weight=600)
        hairline(painter, theme, 0, head.bottom(), rect.right(), head.bottom())
        y = head.bottom() + 8
        for number, finding in enumerate(self.findings[:9], 1):
            y = self._entry(painter, finding, number, y)

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
        reason = self.words.say(f"finding_{finding.rule}")
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        painter.drawText(area, flags, reason)
        y += theme.metrics("small").boundingRect(area, flags, reason).height() + 3
        if finding.remedy:
            self._remedy(painter, finding.remedy, number, y)
            y += line + 2
        hairline(painter, theme, 1, y + 4, width, y + 4)
        return y + 12

    def _remedy(self, painter: QPainter, remedy: str, number: int, y: int) -> None:
        theme = self.theme
        said = self.words.say(f"remedy_{remedy}")
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
