"""When an item that is put off comes back: a few usual times by digit, or any other."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateTimeEdit, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from views.sheet import SHADOW, Sheet
from views.theme import Theme
from views.words import Words

_WIDTH = 340
_MORNING, _EVENING = 9, 17
_MONDAY = 0


def usual_times(now: datetime) -> list[tuple[str, datetime]]:
    """Times (codes of their names) that come after ``now``, in the zone of ``now``, soonest first."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    tomorrow = hour.replace(hour=_MORNING) + timedelta(days=1)
    monday = tomorrow + timedelta(days=(_MONDAY - tomorrow.weekday()) % 7)
    times = [("later_hour", now + timedelta(hours=1)), ("later_evening", hour.replace(hour=_EVENING))]
    times += [("later_tomorrow", tomorrow), ("later_monday", monday), ("later_week", tomorrow + timedelta(days=6))]
    seen: dict[datetime, str] = {}
    for code, time in times:
        if time > now:
            seen.setdefault(time, code)
    return sorted(((code, time) for time, code in seen.items()), key=lambda each: each[1])


class LaterSheet(Sheet):
    """``chosen`` tells the time (aware). A digit takes its line, Enter the current one, Escape leaves everything."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, words: Words, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words = words
        self._times: Sequence[tuple[str, datetime]] = ()
        self.setAccessibleName(words.say("later_title"))
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 16, SHADOW + 14, SHADOW + 16, SHADOW + 14)
        column.setSpacing(8)
        title = QLabel(words.say("later_title"), self)
        title.setFont(theme.font("pane"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(words.say("later_title"))
        self.list.installEventFilter(self)
        self.list.itemClicked.connect(lambda _: self._take(self.list.currentRow()))
        self.field = QDateTimeEdit(self)
        self.field.setCalendarPopup(True)
        self.field.setAccessibleName(words.say("later_other"))
        self.field.setMinimumHeight(theme.height("input"))
        self.button = QPushButton(words.say("later_until"), self)
        self.button.clicked.connect(self._take_field)
        for widget in (title, self.list, QLabel(words.say("later_other"), self), self.field, self.button):
            column.addWidget(widget)

    def ask(self, now: datetime, corner: QPoint) -> None:
        """Open with its lower right corner there."""
        local = now.astimezone()
        self._times = usual_times(local)
        self.list.clear()
        for number, (code, time) in enumerate(self._times, 1):
            when = self._words.say(code, at=self._words.moment(time, now))
            QListWidgetItem(f"{number}   {when}", self.list)
        self.list.setCurrentRow(0)
        self.field.setMinimumDateTime(QDateTime.fromSecsSinceEpoch(int(now.timestamp()) + 60))
        self.field.setDateTime(QDateTime.fromSecsSinceEpoch(int(self._times[-1][1].timestamp())))
        self.list.setFixedHeight(self.list.sizeHintForRow(0) * len(self._times) + 8)
        height = min(self.sizeHint().height(), self.host.height()) - 2 * SHADOW
        left = max(SHADOW, min(corner.x() - _WIDTH, self.host.width() - _WIDTH - SHADOW))
        self.open_at(QRect(left, max(SHADOW, corner.y() - height), _WIDTH, height))

    def focus_first(self) -> None:
        """Arrows move in the list."""
        self.list.setFocus()

    def _take(self, row: int) -> None:
        if 0 <= row < len(self._times):
            self.accept()
            self.chosen.emit(self._times[row][1])

    def _take_field(self) -> None:
        until = datetime.fromtimestamp(self.field.dateTime().toSecsSinceEpoch()).astimezone()
        self.accept()
        self.chosen.emit(until)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Digits and Enter on the list, which would search its lines for them."""
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            text = event.text()
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._take(self.list.currentRow())
                return True
            if text.isdecimal():
                self._take(int(text) - 1)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the field takes what stands there."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take_field()
        else:
            super().keyPressEvent(event)
        event.accept()
