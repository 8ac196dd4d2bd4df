"""The work on the outbox: which intent is shown, and what the person says to it."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from moderation.desk import Desk
from moderation.desk.outbox import OutboxEntry, OutboxGroups
from moderation.intents import Intent
from moderation.text import one_line
from views.outbox.detail import OutboxPane
from views.outbox.model import grouped
from views.outbox.panel import OutboxPanel
from views.session import Session


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything for the screen: groups, and titles of threads (by id) that intents are about."""

    groups: OutboxGroups
    titles: dict[str, str]


def read_groups(desk: Desk) -> Shown:
    """Everything for the screen."""
    groups, titles = desk.outbox.groups(), dict[str, str]()
    for entry in (*groups.needs_person, *groups.on_the_way, *groups.done):
        thread = entry.intent.thread
        if thread is not None and str(thread) not in titles and (found := desk.mirror.thread(thread)) is not None:
            titles[str(thread)] = one_line(found.title, 120)
    return Shown(groups, titles)


def retry(desk: Desk, intent: str) -> Intent:
    """Send what waits for a person."""
    return desk.outbox.retry(intent)


def cancel(desk: Desk, intent: str) -> Intent:
    """Take back what has not left, or close what is in doubt."""
    return desk.outbox.cancel(intent)


def close(desk: Desk, plan: str) -> None:
    """A person is done with it."""
    desk.outbox.close(plan)


class OutboxWork(QObject):
    """``item_wanted``: an item (id) is to be opened in the queue."""

    item_wanted = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, panel: OutboxPanel, pane: OutboxPane, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel, self._pane = session, panel, pane
        self._shown = False
        panel.table.chosen.connect(self._chosen)
        panel.table.pressed_key.connect(lambda key: self.act(pane.sheet.act_of(key)))
        pane.sheet.wanted.connect(self.act)
        session.decisions.changed.connect(self.refresh)
        session.decisions.ticked.connect(self._ticked)

    def show(self) -> None:
        """The screen is opened."""
        self._shown = True
        self.refresh()
        self._panel.table.setFocus()

    def leave(self) -> None:
        """Another screen is opened."""
        self._shown = False

    def refresh(self) -> None:
        """Read it again, while it is shown."""
        if self._shown:
            self._session.tasks.read("outbox", read_groups, then=self._read, failed=self.failed.emit)

    def _read(self, shown: Shown) -> None:
        groups = shown.groups
        for thread, title in shown.titles.items():
            self._session.decisions.titles.setdefault(thread, title)
        self._panel.header.show_open(len(groups.needs_person) + len(groups.on_the_way))
        self._panel.table.show_groups(grouped(groups))
        self._show_current()

    def _ticked(self) -> None:
        if self._shown:
            self._panel.table.viewport().update()

    def _chosen(self, _: object) -> None:
        self._show_current()

    def entry(self) -> OutboxEntry | None:
        """The intent at hand."""
        return self._panel.table.rows.entry(self._panel.table.currentIndex().row())

    def _show_current(self) -> None:
        entry = self.entry()
        entries = [row for row in self._panel.table.rows.rows if isinstance(row, OutboxEntry)]
        words = self._session.words
        place = ""
        if entry is not None:
            at = next((n for n, row in enumerate(entries, 1) if row.intent.id == entry.intent.id), 0)
            place = words.say("place_of", n=at, total=len(entries))
        self._pane.show_entry(entry, place, self._me(entry))

    def _me(self, entry: OutboxEntry | None) -> str:
        if entry is None:
            return ""
        rows = self._session.communities
        return next((row.identity.name for row in rows if row.name == entry.intent.community), "")

    def act(self, act: str) -> None:
        """Do what was chosen; only what stands among the choices is possible, and only for what was painted."""
        entry, sheet = self.entry(), self._pane.sheet
        if entry is None or sheet.painted != entry or act not in {choice.act for choice in sheet.choices}:
            return
        tasks, intent = self._session.tasks, entry.intent
        if act == "open":
            self.item_wanted.emit(str(intent.item))
        elif act == "close":
            tasks.write(close, intent.plan, then=lambda _: self._done(), failed=self.failed.emit)
        elif act == "retry":
            tasks.write(retry, intent.id, then=lambda _: self._done(), failed=self.failed.emit)
        elif act == "cancel":
            tasks.write(cancel, intent.id, then=lambda _: self._done(), failed=self.failed.emit)

    def _done(self) -> None:
        self._session.decisions.refresh(touch=True)
        self.refresh()
