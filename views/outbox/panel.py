"""The list of the outbox, painted like the queue."""

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QVBoxLayout, QWidget

from moderation.desk.outbox import OutboxEntry
from moderation.intents import IntentState
from views.decisions import Decisions
from views.grouped import GroupedRows, GroupedTable, Heading, OpenHeader
from views.outbox.model import OutboxModel
from views.outbox.words import ICONS, IntentWords
from views.painting import Pen, draw_icon, pie
from views.theme import Theme
from views.words import Words


class _Rows(GroupedRows):
    """Paints intents."""

    def __init__(self, theme: Theme, said: IntentWords, decisions: Decisions, table: QWidget) -> None:
        super().__init__(theme, said.words, table)
        self._said, self._decisions = said, decisions

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: OutboxEntry) -> None:
        """What it does to what; below, how it stands."""
        theme, rect, said, entry = self._theme, option.rect, self._said, row
        line = theme.line("body")
        first = rect.top() + (rect.height() - 2 * line - 2) // 2
        self._sign(painter, entry, QRect(rect.left() + 12, first + (line - 16) // 2, 16, 16))
        upper = Pen(painter, theme, QRect(rect.left() + 36, first, rect.width() - 48, line))
        upper.right(said.words.clock(entry.intent.changed_at or entry.intent.created_at), "small", "text3", gap=12)
        upper.left(said.title(entry), "body", "text", weight=500)
        lower = Pen(painter, theme, QRect(rect.left() + 36, first + line + 2, rect.width() - 48, line))
        colour = theme.status_colour(ICONS[entry.intent.state][1])
        lower.left(self._state(entry), "small", colour, weight=600, gap=0)
        if detail := said.detail(entry):
            lower.left(f" · {detail}", "small", "text2")

    def _state(self, entry: OutboxEntry) -> str:
        left = self._decisions.remaining(entry.intent.id)
        if entry.intent.state is IntentState.HELD and left is not None and left[0] <= 0:
            return self._said.words.say("state_waiting")
        if entry.intent.state is IntentState.HELD and left is not None:
            return self._said.words.say("state_leaves", n=max(1, round(left[0] + 0.49)))
        return self._said.state(entry.intent)

    def _sign(self, painter: QPainter, entry: OutboxEntry, area: QRect) -> None:
        icon, colour = ICONS[entry.intent.state]
        if icon == "pie":
            left = self._decisions.remaining(entry.intent.id)
            pie(painter, self._theme, area, left[1] if left is not None else 0.0)
        else:
            draw_icon(painter, self._theme, icon, QPoint(area.topLeft()), 16, self._theme.status_colour(colour))


def _described(row: Heading | OutboxEntry, said: IntentWords) -> str:
    """A row for people who cannot see it."""
    if isinstance(row, Heading):
        return f"{said.words.say(row.code)} {said.words.number(row.count)}"
    at = said.words.clock(row.intent.changed_at or row.intent.created_at)
    return ", ".join(part for part in (said.title(row), said.state(row.intent), said.detail(row), at) if part)


class OutboxTable(GroupedTable):
    """The list; its rows have ids of intents. ``pressed_key``: a letter that may be a choice."""

    pressed_key = Signal(str)
    rows: OutboxModel

    def __init__(self, theme: Theme, said: IntentWords, decisions: Decisions, parent: QWidget | None = None) -> None:
        super().__init__(OutboxModel(), parent)
        self.rows.describe = lambda row: _described(row, said)
        self.setItemDelegate(_Rows(theme, said, decisions, self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters choose; arrows move."""
        letter = event.text().upper()
        if len(letter) == 1 and letter.isalpha() and not event.modifiers():
            if not event.isAutoRepeat():  # one that is held must not answer for the next intent too
                self.pressed_key.emit(letter)
            return
        super().keyPressEvent(event)


class OutboxPanel(QWidget):
    """Header and list."""

    def __init__(
        self, theme: Theme, words: Words, said: IntentWords, decisions: Decisions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.header = OpenHeader(theme, words, "outbox", self)
        self.table = OutboxTable(theme, said, decisions, self)
        self.table.setAccessibleName(words.say("place_outbox"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.table, 1)
