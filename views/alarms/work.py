"""Alarms of one window: how many need somebody stands in the bar, what is new is said once, and the list acts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal

from moderation.changes import ChangeRecord, Table
from moderation.desk import Desk
from moderation.errors import MarqueeError
from views.outside import open_address

if TYPE_CHECKING:
    from moderation.alarms.model import Alarm
    from moderation.alarms.ports import AlarmStore
    from moderation.alarms.telling import Named
    from views.alarms.sheet import AlarmSheet
    from views.main_window import MainWindow

_LOOK_MS = 60_000
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Loud:
    """Alarms that last and are not silenced: their ids, and those of them that are new with what they are about."""

    ids: frozenset[str]
    news: "tuple[Named, ...]" = ()


def loud(desk: Desk, known: frozenset[str] | None) -> Loud:
    """Those that need somebody; ``known``: the ids of before, ``None`` where nothing was read yet."""
    now = desk.clock.now()
    found = [one for one in _lasting(desk) if not one.silenced(now)]
    ids = frozenset(one.id for one in found)
    new = [one for one in found if one.id not in known] if known is not None else []
    return Loud(ids, tuple(desk.alarms.named(new)) if new else ())


def listed(desk: Desk) -> "list[Named]":
    """Those that last, the silenced last of all; the newest first."""
    now = desk.clock.now()
    return desk.alarms.named(sorted(_lasting(desk), key=lambda one: one.silenced(now))[:MOST_SHOWN])


def _lasting(desk: Desk) -> "list[Alarm]":
    """Of connected communities, newest first."""
    connected = {row.name for row in desk.communities()}
    return [one for one in cast("AlarmStore", desk.bench.team).alarms(active=True) if one.community in connected]


def take(desk: Desk, alarm: "Alarm") -> None:
    """See to it."""
    desk.alarms.own(alarm)


def give_up(desk: Desk, alarm: "Alarm") -> None:
    """See to it no more."""
    desk.alarms.release(alarm)


def silence(desk: Desk, alarm: "Alarm", reason: str, hours: int) -> None:
    """Silence it."""
    until = desk.clock.now() + timedelta(hours=hours) if hours else None
    desk.alarms.silence(alarm, reason, until)


def speak(desk: Desk, alarm: "Alarm") -> None:
    """Let it speak."""
    desk.alarms.speak(alarm)


class AlarmWork(QObject):
    """The key of alarms, their number in the bar, and the list. ``news``: sentences of what was raised just now."""

    news = Signal(list)

    def __init__(self, window: "MainWindow", known: frozenset[str] | None = None) -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self.known = known
        self._sheet: AlarmSheet | None = None
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self.refresh)
        self._look.start()
        self._session.watch.heard.connect(self._heard)
        window.registry.on("alarms", self.show)
        window.bar.show_alarms(len(known or ()))
        self.refresh()

    @property
    def sheet(self) -> "AlarmSheet":
        """The list, made (and imported) when it is first wanted."""
        if self._sheet is None:
            from views.alarms.sheet import AlarmSheet

            self._sheet = AlarmSheet(self._window.theme, self._session.words, self._window.centre)
            self._sheet.taken.connect(lambda alarm: self._write(take, alarm))
            self._sheet.given_up.connect(lambda alarm: self._write(give_up, alarm))
            self._sheet.silenced.connect(lambda alarm, reason, hours: self._write(silence, alarm, reason, hours))
            self._sheet.loud.connect(lambda alarm: self._write(speak, alarm))
            self._sheet.opened.connect(open_address)
        return self._sheet

    def show(self) -> None:
        """Open the list."""
        self._session.tasks.read("alarms", listed, then=self._listed, failed=self._failed)

    def refresh(self) -> None:
        """Read what needs somebody, and the list again while it is open."""
        self._session.tasks.read("loud", loud, self.known, then=self._told, failed=lambda _: None, later=True)
        if self._sheet is not None and self._sheet.isVisible():
            self.show()

    def _heard(self, records: Sequence[ChangeRecord]) -> None:
        if any(record.table is Table.ALARM for record in records):
            self.refresh()

    def _told(self, what: Loud) -> None:
        self.known = what.ids
        self._window.bar.show_alarms(len(what.ids))
        if what.news:
            from moderation.alarms.telling import sentence

            words = self._session.words
            sentences = [sentence(words.say, one) for one in what.news]
            said = sentences[0] if len(sentences) == 1 else words.count("alarms_new", len(sentences))
            self._window.bar.say(said, gravity="staff", verb="alarms")
            self._window.work.announce(said)
            self.news.emit(sentences)

    def _listed(self, rows: "list[Named]") -> None:
        self.sheet.show_alarms(rows, self._session.me, self._session.now())

    def _write(self, fn: Callable[..., None], *args: object) -> None:
        self._session.tasks.write(fn, *args, then=lambda _: self.refresh(), failed=self._failed)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, MarqueeError):
            self._window.work.fail(error)
            return
        said = self._session.words.error(error)
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.say(said)
        self._window.bar.say(said, gravity="staff")
