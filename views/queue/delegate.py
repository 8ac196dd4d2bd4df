"""Paints a row of the queue: priority, excerpt, age; reason, author, forum; state. Nothing is allocated twice."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QStaticText
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from moderation.ids import Kind, Ref
from moderation.queries import QueueRow
from views.communities import Badge
from views.painting import avatar, draw_icon, elided, focus_ring, letter_mark, pie, priority_glyph, tick_box
from views.queue.model import ROW
from views.queue.row_state import RowState
from views.theme import Scheme, Theme
from views.words import Words

_TEXT_LEFT, _RIGHT = 36, 12
_CACHED = 400
_BADGE = 22


@dataclass(slots=True)
class _Look:
    """The texts of a row cut for one width."""

    row: QueueRow
    said: tuple[object, ...]
    title: QStaticText
    age: QStaticText
    age_width: int
    reason: QStaticText
    reason_width: int
    rest: QStaticText
    state: QStaticText
    state_width: int


class QueueDelegate(QStyledItemDelegate):
    """One delegate for all rows; what it asks at painting time (``state_of`` to ``badge_of``) must be cheap.

    ``marked`` says of a row whether it is marked, ``None`` while nothing is; ``badge_of`` from which community it is.
    """

    def __init__(
        self,
        theme: Theme,
        words: Words,
        state_of: Callable[[QueueRow], RowState],
        now_ms: Callable[[], int],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self.state_of = state_of
        self._now_ms = now_ms
        self._looks: dict[int, _Look] = {}
        self.compact = False
        self.marked: Callable[[int], bool | None] = lambda key: None
        self.badge_of: Callable[[QueueRow], Badge] = lambda row: Badge()

    @property
    def row_height(self) -> int:
        """Height of every row."""
        return self._theme.grown(36) if self.compact else self._theme.grown(56, "body", 2)

    def forget(self) -> None:
        """Drop cached texts: the theme or the language changed."""
        self._looks.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows have one height."""
        return QSize(option.rect.width(), self.row_height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the row, or bars at the places of its lines while it is being read."""
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        active = bool(option.state & QStyle.StateFlag.State_Active) and _focused(option.widget)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        self._ground(painter, rect, selected, active, hovered)
        row: QueueRow | None = index.data(ROW)
        if row is None:
            self._bars(painter, rect)
            return
        state = self.state_of(row)
        look = self._look(row, state, rect.width())
        if self.compact:
            self._paint_compact(painter, rect, row, state, look, selected)
        else:
            self._paint_two_lines(painter, rect, row, state, look, selected)

    def state_rect(self, rect: QRect) -> QRect:
        """The part of a row where its state stands; the undo pie repaints only this."""
        top = rect.top() if self.compact else rect.top() + rect.height() // 2
        return QRect(rect.right() - 190, top, 191, rect.bottom() - top)

    # -- ground ----------------------------------------------------------------------------------------------------
    def _ground(self, painter: QPainter, rect: QRect, selected: bool, active: bool, hovered: bool) -> None:
        theme = self._theme
        name = ("selected" if active else "selected_inactive") if selected else "hover" if hovered else "surface"
        painter.fillRect(rect, theme.colour(name))
        if selected:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
        painter.setPen(theme.pen("line"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        if selected and theme.scheme is Scheme.CONTRAST:
            focus_ring(painter, theme, rect, 0)

    def _bars(self, painter: QPainter, rect: QRect) -> None:
        colour = self._theme.colour("sunken")
        line = self._theme.line("body")
        painter.fillRect(rect.left() + _TEXT_LEFT, rect.top() + 14, rect.width() * 2 // 3, 9, colour)
        if not self.compact:
            painter.fillRect(rect.left() + _TEXT_LEFT, rect.top() + 14 + line + 2, rect.width() // 2, 9, colour)

    # -- text ------------------------------------------------------------------------------------------------------
    def _look(self, row: QueueRow, state: RowState, width: int) -> _Look:
        age = self._words.age((self._now_ms() - row.created_ms) / 1000)
        said = (width, self._theme.revision, age, state.words, state.faint, state.face, state.chip, self.compact)
        found = self._looks.get(row.key)
        if found is not None and found.row is row and found.said == said:
            return found
        if len(self._looks) > _CACHED:
            self._looks.clear()
        made = self._laid_out(row, state, width, age, said)
        self._looks[row.key] = made
        return made

    def _laid_out(self, row: QueueRow, state: RowState, width: int, age: str, said: tuple[object, ...]) -> _Look:
        theme = self._theme
        strong = 400 if row.seen or state.faint else 600
        age_width = theme.metrics("small").horizontalAdvance(age)
        state_width = theme.metrics("small").horizontalAdvance(state.words) if state.words else 0
        state_room = self._state_room(state, state_width)
        room = width - _TEXT_LEFT - _RIGHT
        reason, rest = self.second_line(row)
        second = room - state_room - (8 if state_room else 0)
        medium = 400 if state.faint else 500
        reason = elided(theme.metrics("small", medium), reason, second)
        reason_width = theme.metrics("small", medium).horizontalAdvance(reason)
        title_room = room - age_width - 12 - (state_room + 8 if self.compact and state_room else 0)
        title_room -= _BADGE if self.compact and self.badge_of(row).letter else 0
        return _Look(
            row=row,
            said=said,
            title=_static(elided(theme.metrics("body", strong), row.excerpt or "…", title_room)),
            age=_static(age),
            age_width=age_width,
            reason=_static(reason),
            reason_width=reason_width,
            rest=_static(elided(theme.metrics("small"), rest, second - reason_width)),
            state=_static(state.words),
            state_width=state_width,
        )

    def second_line(self, row: QueueRow) -> tuple[str, str]:
        """Reason with its count, and what follows it: author and forum."""
        held = Ref.parse(row.id).kind is Kind.HELD
        category = next((code[9:] for code in row.why if code.startswith("category:")), "")
        words = self._words
        named = (
            words.say(f"category_{category}") if category else words.say("reason_held" if held else "reason_unknown")
        )
        named = words.why(code for code in row.why if code.startswith("private:")) or named
        reason = row.reason or named[:1].upper() + named[1:]
        count = f" ×{row.report_count}" if row.report_count and not held else ""
        rest = " · ".join(part for part in (row.author_name, row.forum_name) if part)
        return f"{reason}{count}", f" · {rest}" if rest else ""

    def _state_room(self, state: RowState, words: int) -> int:
        if state.chip:
            return words + 16
        room = words
        if state.pie is not None or state.icon is not None or state.face is not None:
            room += 18 + (6 if words else 0)
        return room

    # -- two lines -------------------------------------------------------------------------------------------------
    def _paint_two_lines(
        self, painter: QPainter, rect: QRect, row: QueueRow, state: RowState, look: _Look, selected: bool
    ) -> None:
        theme = self._theme
        line = theme.line("body")
        first = rect.top() + (rect.height() - 2 * line - 2) // 2
        second = first + line + 2
        self._glyph(painter, QRect(rect.left() + 12, first + (line - 16) // 2, 16, 16), row, state)
        self._badge(painter, QRect(rect.left() + 12, second + (line - 16) // 2, 16, 16), row, state)
        text, text2 = ("text3", "text3") if state.faint else ("text", "text2")
        strong = 400 if row.seen or state.faint else 600
        medium = 400 if state.faint else 500
        left, right = rect.left() + _TEXT_LEFT, rect.right() + 1 - _RIGHT
        self._write(painter, look.title, left, first, line, "body", strong, text)
        self._write(painter, look.age, right - look.age_width, first, line, "small", 400, "text3")
        self._write(painter, look.reason, left, second, line, "small", medium, text)
        self._write(painter, look.rest, left + look.reason_width, second, line, "small", 400, text2)
        self._paint_state(painter, QRect(left, second, right - left, line), state, look, selected)

    def _paint_compact(
        self, painter: QPainter, rect: QRect, row: QueueRow, state: RowState, look: _Look, selected: bool
    ) -> None:
        theme = self._theme
        line = theme.line("body")
        top = rect.top() + (rect.height() - line) // 2
        self._glyph(painter, QRect(rect.left() + 12, top + (line - 16) // 2, 16, 16), row, state)
        strong = 400 if row.seen or state.faint else 600
        left, right = rect.left() + _TEXT_LEFT, rect.right() + 1 - _RIGHT
        self._write(painter, look.title, left, top, line, "body", strong, "text3" if state.faint else "text")
        self._write(painter, look.age, right - look.age_width, top, line, "small", 400, "text3")
        room = right - look.age_width - 12
        if self.badge_of(row).letter:
            room -= _BADGE
            self._badge(painter, QRect(room + 6, top + (line - 16) // 2, 16, 16), row, state)
        area = QRect(left, top, room - left, line)
        self._paint_state(painter, area, state, look, selected)

    def _glyph(self, painter: QPainter, area: QRect, row: QueueRow, state: RowState) -> None:
        marked = self.marked(row.key)
        if marked is None:
            priority_glyph(painter, self._theme, area, row.level, faint=state.faint)
        else:
            tick_box(painter, self._theme, area, ticked=marked)

    def _badge(self, painter: QPainter, area: QRect, row: QueueRow, state: RowState) -> None:
        """From which community it is, where there are several."""
        letter = self.badge_of(row).letter
        if letter:
            letter_mark(painter, self._theme, area, letter, faint=state.faint)

    def _write(
        self, painter: QPainter, text: QStaticText, x: int, y: int, line: int, role: str, weight: int, colour: str
    ) -> None:
        painter.setFont(self._theme.font(role, weight))
        painter.setPen(self._theme.colour(colour))
        metrics = self._theme.metrics(role, weight)
        painter.drawStaticText(QPoint(x, y + (line - metrics.height()) // 2), text)

    def _paint_state(self, painter: QPainter, rect: QRect, state: RowState, look: _Look, selected: bool) -> None:
        theme = self._theme
        middle = rect.top() + rect.height() // 2
        right = rect.right() + 1
        if state.face is not None:
            disc, ground = QRect(right - 18, middle - 9, 18, 18), "surface" if selected else "sunken"
            avatar(painter, theme, disc, state.face, ink=state.mine, ground=ground)
            right -= 24
        if state.chip:
            box = QRect(right - look.state_width - 16, middle - 9, look.state_width + 16, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("surface" if selected else "sunken"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(box, 4, 4)
            right -= 8
        weight = 600 if state.icon and not state.faint else 400
        painter.setFont(theme.font("small", weight))
        x = right - (
            theme.metrics("small", weight).horizontalAdvance(state.words) if weight == 600 else look.state_width
        )
        colour = theme.status_colour(state.colour) if state.icon else theme.colour(state.colour)
        painter.setPen(colour)
        painter.drawStaticText(QPoint(x, middle - theme.metrics("small", weight).height() // 2), look.state)
        if state.pie is not None:
            pie(painter, theme, QRect(x - 21, middle - 8, 16, 16), state.pie)
        elif state.icon is not None:
            draw_icon(painter, theme, state.icon, QPoint(x - 20, middle - 8), 16, colour)


def _static(text: str) -> QStaticText:
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def _focused(widget: QWidget | None) -> bool:
    return widget is not None and widget.hasFocus()
