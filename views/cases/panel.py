"""The list of private cases, painted like the queue."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QVBoxLayout, QWidget

from moderation.conversation import Standing, Status
from views.cases.model import CasesModel, grouped
from views.cases.words import SIGNS, CaseWords
from views.communities import Badge
from views.grouped import GroupedRows, GroupedTable, Heading, OpenHeader
from views.painting import Pen, draw_icon, letter_mark
from views.surface import Surface
from views.theme import Theme
from views.words import Words

_LEFT, _RIGHT = 36, 12


class _Rows(GroupedRows):
    """Paints cases. ``badge_of``: from which community a case is, where there are several."""

    def __init__(self, theme: Theme, said: CaseWords, now: Callable[[], datetime], table: QWidget) -> None:
        super().__init__(theme, said.words, table)
        self._said, self._now = said, now
        self.badge_of: Callable[[str], Badge] = lambda name: Badge()

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: Standing) -> None:
        """Title and age; below, who and what is to be known."""
        theme, rect, one = self._theme, option.rect, row
        line = theme.line("body")
        first = rect.top() + (rect.height() - 2 * line - 2) // 2
        icon, colour = SIGNS[one.status]
        at = QPoint(rect.left() + 12, first + (line - 16) // 2)
        draw_icon(painter, theme, icon, at, 16, theme.status_colour(colour))
        badge = self.badge_of(one.case.community)
        if badge.letter:
            letter_mark(
                painter, theme, QRect(rect.left() + 12, first + line + 2 + (line - 16) // 2, 16, 16), badge.letter
            )
        width = rect.width() - _LEFT - _RIGHT
        upper = Pen(painter, theme, QRect(rect.left() + _LEFT, first, width, line))
        over = one.status.over
        if age := self._said.age(one, self._now()):
            upper.right(age, "small", "text3", gap=12)
        strong = one.status in {Status.WAITING_STAFF, Status.STOPPED}
        upper.left(self._said.title(one), "body", "text3" if over else "text", weight=600 if strong else 400)
        self._second(painter, QRect(rect.left() + _LEFT, first + line + 2, width, line), one)

    def _second(self, painter: QPainter, area: QRect, one: Standing) -> None:
        pen, theme, said = Pen(painter, self._theme, area), self._theme, self._said
        icon, word, colour = said.alarm(one)
        if word:
            pen.right(word, "small", theme.status_colour(colour), weight=600, gap=4)
            pen.icon_right(icon, theme.status_colour(colour), 16)
        if kind := said.kind(one):
            pen.right(kind, "small", "text2")
        pen.left(said.customer(one), "small", "text3" if one.status.over else "text", weight=500, gap=0)
        pen.left(f" · {said.last(one)}", "small", "text2")


class CasesTable(GroupedTable):
    """The list; its rows have keys of :data:`views.cases.model.Key`."""

    rows: CasesModel

    def __init__(
        self, theme: Theme, said: CaseWords, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(CasesModel(), parent)
        self.rows.describe = lambda row: _described(row, said, now())
        self.painter_of_rows = _Rows(theme, said, now, self)
        self.setItemDelegate(self.painter_of_rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does nothing by itself."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
            return
        super().keyPressEvent(event)


def _described(row: Heading | Standing, said: CaseWords, now: datetime) -> str:
    if isinstance(row, Heading):
        return f"{said.words.say(row.code)} {said.words.number(row.count)}"
    return said.described(row, now)


class LongestWait(Surface):
    """The line under the head: for how long the customer who waits longest has waited for us."""

    lines = "b"

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.grown(28, "small"))
        self.said = ""

    def show_wait(self, cases: Sequence[Standing], now: datetime) -> None:
        """Count it."""
        since = [one.waiting_since for one in cases if one.status is Status.WAITING_STAFF and one.waiting_since]
        if since:
            self.said = self.words.say("cases_longest", span=self.words.span((now - min(since)).total_seconds()))
        else:
            self.said = self.words.say("cases_nobody_waits")
        self.setAccessibleName(self.said)
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """The sentence."""
        Pen(painter, self.theme, rect.adjusted(12, 0, -12, 0)).left(self.said)


class CasesPanel(QWidget):
    """Head, longest wait, list."""

    def __init__(
        self, theme: Theme, said: CaseWords, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._now = now
        self.header = OpenHeader(theme, said.words, "cases", self)
        self.wait = LongestWait(theme, said.words, self)
        self.table = CasesTable(theme, said, now, self)
        self.table.setAccessibleName(said.words.say("place_cases"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.wait)
        column.addWidget(self.table, 1)

    def show_cases(self, found: Sequence[Standing]) -> None:
        """What there is."""
        self.header.show_open(sum(not one.status.over for one in found))
        self.wait.show_wait(found, self._now())
        self.table.show_groups(grouped(found))
