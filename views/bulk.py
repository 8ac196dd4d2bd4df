"""Several items at once: which are marked, what a verb will do to all of them, and the decision on each."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent

from moderation.actions import SPECS, Action
from moderation.desk import Desk
from moderation.desk.bulk import BulkReport, estimate_seconds
from moderation.ids import Kind, Ref
from moderation.ports import PUT_OFF
from moderation.queries import Level, QueueRow
from resources.policies import Policy, policies
from views.bulk_bar import BULK_VERBS, BulkBar
from views.item.reasons import ReasonList
from views.queue.panel import QueuePanel
from views.registry import Registry
from views.session import Session
from views.verbs import ASKS_WHY, VERBS

_BOX = 34


def decide_many(desk: Desk, items: Sequence[tuple[str, str]], action: Action, reason: str | None) -> BulkReport:
    """Journal one decision for each (item, version seen)."""
    return desk.bulk.decide(items, action, reason=reason)


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked row as the person saw it."""

    key: int
    item: str
    version: str
    reports: int

    @property
    def held(self) -> bool:
        """True for a post that waits for approval."""
        return Ref.parse(self.item).kind is Kind.HELD


class Bulk(QObject):
    """The marks of one window. ``changed``: marks came or went. ``said``: a sentence for the person."""

    changed = Signal()
    said = Signal(str)

    def __init__(
        self,
        session: Session,
        panel: QueuePanel,
        bar: BulkBar,
        registry: Registry,
        reasons: ReasonList,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._panel, self._bar = session, panel, bar
        self._registry, self._reasons = registry, reasons
        self._verb = ""
        self._verbs: tuple[str, ...] = ()
        self.marks: dict[int, Marked] = {}
        panel.delegate.marked = lambda key: key in self.marks if self.marks else None
        reasons.taken.connect(self._reason_taken)
        session.feed.started.connect(self.clear)
        panel.table.viewport().installEventFilter(self)
        registry.on("mark", self.toggle)
        registry.on("unmark", self.clear)

    # -- marks -----------------------------------------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """By mouse: a click with Ctrl, or on a box while there are boxes."""
        if event.type() is QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            on_box = bool(self.marks) and event.position().x() < _BOX
            if event.button() is Qt.MouseButton.LeftButton and (control or on_box):
                index = self._panel.table.indexAt(event.position().toPoint())
                if index.isValid():
                    self._panel.table.go_to(index.row())
                    self.toggle()
        return super().eventFilter(watched, event)

    def toggle(self) -> None:
        """Mark the current row, or take the mark away."""
        key = self._panel.table.current_key()
        row = self._session.feed.model.known(key) if key is not None else None
        if row is None:
            return
        if row.key in self.marks:
            del self.marks[row.key]
        elif why := self._why_not(row):
            self.said.emit(self._session.words.say(why))
            return
        else:
            self.marks[row.key] = Marked(row.key, row.id, row.version, row.report_count)
        self._changed()

    def _why_not(self, row: QueueRow) -> str:
        """What is urgent is never decided in bulk; what is decided already is not decided again."""
        if row.level is Level.URGENT:
            return "mark_urgent"
        feed = self._session.feed
        decided = row.key in feed.model.left or row.key in feed.deciding or row.pending_action not in {None, PUT_OFF}
        return "mark_decided" if decided else ""

    def clear(self) -> None:
        """No marks."""
        if self.marks:
            self.marks.clear()
            self._changed()

    def _changed(self) -> None:
        kinds = {mark.held for mark in self.marks.values()}
        self._verbs = tuple(verb for verb, held in BULK_VERBS.items() if held in kinds)
        self._panel.table.viewport().update()
        self._bar.show_marks(
            len(self.marks), sum(mark.reports for mark in self.marks.values()), self.verbs(), self.seconds()
        )
        self.changed.emit()

    # -- verbs -----------------------------------------------------------------------------------------------------
    def verbs(self) -> tuple[str, ...]:
        """Verbs that apply to at least one of the marks."""
        return self._verbs

    def takes(self, verb: str) -> bool:
        """True when this verb acts on the marks instead of the current item."""
        return verb in self.verbs()

    def seconds(self) -> float:
        """How long it will take within the smallest budget."""
        left = [status.budget_left for status in self._session.watch.statuses if status.budget_left is not None]
        tight = bool(left) and min(left) < len(self.marks) * 3
        return estimate_seconds(len(self.marks), 60.0 if tight else None)

    def do(self, verb: str) -> None:
        """Decide all marks that the verb applies to, after a reason where it needs one."""
        self._verb = verb
        if verb not in ASKS_WHY:
            self._decide(None)
            return
        listed = policies(self._session.theme.language)
        title = self._session.words.count(f"reason_bulk_{verb}", len(self._fitting()))
        self._bar.point(verb)
        self._reasons.ask(title, VERBS[verb].icon, listed, "", self._bar.buttons[verb], tells=False)

    def _reason_taken(self, policy: Policy, message: str, note: str) -> None:
        del message
        self._decide(": ".join(part for part in (policy.title, note) if part))

    def _fitting(self) -> list[Marked]:
        held = BULK_VERBS[self._verb]
        return [mark for mark in self.marks.values() if mark.held is held]

    def _decide(self, reason: str | None) -> None:
        action, feed, chosen = VERBS[self._verb].action, self._session.feed, self._fitting()
        if action is None or not chosen:
            return
        for mark in chosen:
            feed.decided(mark.key, str(action))
            self.marks.pop(mark.key, None)
        self._changed()
        if self._panel.table.current_key() in {mark.key for mark in chosen} and SPECS[action].closes is not None:
            self._panel.table.next_open()
        self._session.tasks.write(
            decide_many,
            [(mark.item, mark.version) for mark in chosen],
            action,
            reason,
            then=lambda report: self._written(report, action, chosen),
            failed=lambda error: self._failed(error, chosen),
        )

    def _written(self, report: BulkReport, action: Action, chosen: Sequence[Marked]) -> None:
        self._settle(chosen)
        words, done = self._session.words, len(report.plans)
        verb = words.now(action)
        undo, pause = self._registry.key("undo"), self._registry.key("bulk_pause")
        said = words.count("say_bulk", done, verb=verb, undo=undo, pause=pause)
        if report.refused:
            item, code = report.refused[0]
            facts: dict[str, object] = {"item": item, "action": str(action)}
            why = words.trouble(code, facts)
            said = f"{said} {words.count('say_bulk_refused', len(report.refused))} {why}"
        if done:
            self._session.decisions.decided_many(report.bulk, str(action), words.count("bulk_items", done))
        self.said.emit(said)

    def _failed(self, error: Exception, chosen: Sequence[Marked]) -> None:
        self._settle(chosen)
        self._session.failed.emit(error)

    def _settle(self, chosen: Sequence[Marked]) -> None:
        for mark in chosen:
            self._session.feed.settled(mark.key, mark.item)
        self._session.decisions.refresh(touch=True)
