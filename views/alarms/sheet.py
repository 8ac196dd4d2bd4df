"""The list of alarms: since when, what, who sees to it; to be taken, given up, silenced with a reason, looked at."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from moderation.alarms.model import AlarmKind
from moderation.alarms.telling import Named, sentence
from views.convert.parts import KeyButton
from views.icons import ICONS
from views.sheet import SHADOW, Sheet
from views.sheet_table import SheetTable
from views.theme import Theme
from views.words import Words

_WIDTH, _HEIGHT = 980, 520
_COLUMNS = ("since", "alarm", "owner", "state")
_WIDE, _STATE = 1, 3
_STATE_WIDTH = 190
SPANS = (4, 24, 168, 0)
"""For how many hours one may be silenced; 0: as long as it lasts."""
_ICONS = {
    AlarmKind.UNUSUAL_VOLUME: "alert-octagon",
    AlarmKind.OVERDUE: "alert-triangle",
    AlarmKind.DUE_SOON: "clock",
    AlarmKind.UNUSUAL_WAIT: "clock",
    AlarmKind.UNCOVERED: "users",
    AlarmKind.ONLY_ABSENT: "users",
}
_GRAVE = frozenset({AlarmKind.UNUSUAL_VOLUME, AlarmKind.OVERDUE})


class AlarmSheet(Sheet):
    """Signals carry the alarm. ``taken`` and ``given_up``: who sees to it; ``silenced``: with a reason and for how many
    hours (0: as long as it lasts); ``loud``: it speaks again; ``opened``: its thread or forum in the browser.
    """

    taken = Signal(object)
    given_up = Signal(object)
    silenced = Signal(object, str, int)
    loud = Signal(object)
    opened = Signal(str)

    def __init__(self, theme: Theme, words: Words, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words = words
        self._rows: Sequence[Named] = ()
        self._me: frozenset[str] = frozenset()
        self._now: datetime | None = None
        self.setAccessibleName(words.say("alarms_title"))
        self.title = QLabel(words.say("alarms_title"), self)
        self.title.setFont(theme.font("pane"))
        self.stands = QLabel(self)
        self.stands.setFont(theme.font("small"))
        self.stands.setTextFormat(Qt.TextFormat.PlainText)
        self.stands.setWordWrap(True)
        self.table = self._made_table(theme)
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(words.say("alarms_reason"))
        self.reason.setAccessibleName(words.say("alarms_reason"))
        self.reason.setMinimumHeight(theme.height("input"))
        self.span = QComboBox(self)
        self.span.setAccessibleName(words.say("alarms_span"))
        self.span.setMinimumHeight(theme.height("input"))
        for hours in SPANS:
            self.span.addItem(words.say(f"alarms_for_{hours}"), hours)
        self.silence = KeyButton(theme, words.say("alarms_silence"), "Ctrl ↵", parent=self)
        self.silence.clicked.connect(self._silence)
        self.own = KeyButton(theme, words.say("alarms_own"), "C", parent=self)
        self.own.clicked.connect(self._own)
        self.visit = KeyButton(theme, words.say("alarms_open"), "O", parent=self)
        self.visit.clicked.connect(self._open)
        self.leave = KeyButton(theme, words.say("alarms_leave"), "Esc", parent=self)
        self.leave.clicked.connect(self.reject)
        self._lay_out()

    def _made_table(self, theme: Theme) -> SheetTable:
        titles = [self._words.say(f"alarms_col_{name}") for name in _COLUMNS]
        table = SheetTable(theme, self._words.say("alarms_title"), titles, [_WIDE], self)
        table.fix(_STATE, _STATE_WIDTH * theme.scale // 100)
        table.does = {Qt.Key.Key_C: self._own, Qt.Key.Key_O: self._open}
        table.currentCellChanged.connect(lambda *_: self._follow())
        return table

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 18, SHADOW + 14, SHADOW + 18, SHADOW + 14)
        column.setSpacing(8)
        silent, foot = QHBoxLayout(), QHBoxLayout()
        for row in (silent, foot):
            row.setSpacing(8)
        silent.addWidget(self.reason, 1)
        silent.addWidget(self.span)
        silent.addWidget(self.silence)
        foot.addWidget(self.stands, 1)
        for widget in (self.own, self.visit, self.leave):
            foot.addWidget(widget)
        column.addWidget(self.title)
        column.addWidget(self.table, 1)
        column.addLayout(silent)
        column.addLayout(foot)

    # -- what is shown ---------------------------------------------------------------------------------------------
    def show_alarms(self, rows: Sequence[Named], me: frozenset[str], now: datetime) -> None:
        """Open it, or fill it anew while it is open; the alarm at hand stays at hand. ``me`` are own members."""
        at = self.current()
        self._rows, self._me, self._now = rows, me, now
        self._fill(now)
        if not self.isVisible():
            width, height = min(_WIDTH, self.host.width() - 60), min(_HEIGHT, self.host.height() - 80)
            self.open_at(QRect((self.host.width() - width) // 2, (self.host.height() - height) // 2, width, height))
        keys = [row.alarm.id for row in rows]
        self.table.setCurrentCell(keys.index(at.alarm.id) if at is not None and at.alarm.id in keys else 0, 0)
        self._follow()

    def say(self, text: str) -> None:
        """A sentence at the foot."""
        self.stands.setText(text)

    def current(self) -> Named | None:
        """The alarm at hand."""
        row = self.table.currentRow()
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def focus_first(self) -> None:
        """Arrows move in the table."""
        self.table.setFocus()

    def _fill(self, now: datetime) -> None:
        self.table.setRowCount(len(self._rows))
        for number, row in enumerate(self._rows):
            silent = row.alarm.silenced(now)
            colour = self.theme.colour("text3" if silent else "danger" if row.alarm.kind in _GRAVE else "staff")
            texts = (self._words.moment(row.alarm.raised_at, now), sentence(self._words.say, row), row.alarm.owner_name)
            cells = self.table.put(number, (*texts, self._state(row, now)))
            cells[_WIDE].setIcon(ICONS.icon(_ICONS[row.alarm.kind], 16, colour))
            for cell in cells if silent else ():
                cell.setForeground(self.theme.colour("text3"))
        if not self._rows:
            self.say(self._words.say("alarms_none"))

    def _state(self, row: Named, now: datetime) -> str:
        alarm, words = row.alarm, self._words
        if not alarm.silenced(now):
            return words.say("alarm_state_owned" if alarm.owner else "alarm_state_active")
        until = words.moment(alarm.silenced_until, now) if alarm.silenced_until is not None else ""
        code = "alarm_state_silenced_until" if until else "alarm_state_silenced"
        return words.say(code, reason=alarm.reason, name=alarm.silenced_name, until=until)

    def _follow(self) -> None:
        """The foot says what can be done to the alarm at hand."""
        row = self.current()
        for widget in (self.own, self.silence, self.reason, self.span):
            widget.setEnabled(row is not None)
        self.visit.setEnabled(row is not None and bool(row.url))
        if row is None or self._now is None:
            return
        self.say(f"{sentence(self._words.say, row)} · {self._state(row, self._now)}")
        mine = row.alarm.owner in self._me
        self.own.say(self._words.say("alarms_release" if mine else "alarms_own"))
        self.own.setEnabled(mine or not row.alarm.owner)
        silent = row.alarm.silenced(self._now)
        self.silence.say(self._words.say("alarms_speak" if silent else "alarms_silence"))
        for widget in (self.reason, self.span):
            widget.setVisible(not silent)

    # -- what is done ----------------------------------------------------------------------------------------------
    def _own(self) -> None:
        row = self.current()
        if row is not None and self.own.isEnabled():
            (self.given_up if row.alarm.owner in self._me else self.taken).emit(row.alarm)

    def _silence(self) -> None:
        row = self.current()
        if row is None or self._now is None:
            return
        if row.alarm.silenced(self._now):
            self.loud.emit(row.alarm)
        elif self.reason.text().strip():
            self.silenced.emit(row.alarm, self.reason.text(), int(self.span.currentData()))
            self.reason.clear()
        else:
            self.say(self._words.say("alarm_reason_missing"))
            self.reason.setFocus()

    def _open(self) -> None:
        row = self.current()
        if row is not None and row.url:
            self.opened.emit(row.url)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl and Enter silence, wherever the focus is."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and control:
            self._silence()
            event.accept()
            return
        super().keyPressEvent(event)
