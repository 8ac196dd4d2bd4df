"""What the person does, written to the journal in order and off the window's thread; and what is still held back."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from moderation.actions import Action
from moderation.desk import Desk
from moderation.ids import Ref
from moderation.intents import Identities, Intent, IntentState, Plan
from moderation.text import one_line
from views.tasks import Tasks

_STEP_MS = 100
_LOOK_MS = 2000
_SOON_MS = 40
_LONGEST_MS = 3_600_000
_NAMED = 8


@dataclass(frozen=True, slots=True)
class Held:
    """An intent in its undo window; ``deadline`` on the desk's monotonic clock, counted from when it was first seen."""

    intent: Intent
    deadline: float

    @property
    def seconds(self) -> float:
        """Length of the whole window."""
        return max(0.1, self.intent.hold_seconds)


@dataclass(frozen=True, slots=True)
class OutboxState:
    """Numbers for the status bar, what is held, how much of which bulk is paused, and when the next of what was put off
    comes back.
    """

    held: tuple[Intent, ...]
    open: int
    conflicts: int
    doubts: int
    refused: int
    items: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    paused: int = 0
    paused_bulk: str = ""
    back: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision as the person made it."""

    item: Ref
    action: Action
    version: str
    reason: str | None = None
    policy: str | None = None
    message: str | None = None
    note: str | None = None
    payload: dict[str, Any] | None = None


def read_outbox(desk: Desk, named: Collection[str] = ()) -> OutboxState:
    """What the journal holds that is not over; the readers of the queue lay it over their rows.

    ``titles`` are those of held items that are not among ``named``: decided before this window was opened.
    """
    intents = desk.outbox.intents()
    later = desk.bench.put_off()
    desk.bench.lay_over(intents, later)
    paused = [intent for intent in intents if intent.state is IntentState.APPROVAL and intent.question == "paused"]
    halted = {intent.id for intent in paused}
    states = [intent.state for intent in intents if intent.id not in halted]
    return OutboxState(
        held=tuple(intent for intent in intents if intent.state is IntentState.HELD),
        open=len(intents),
        conflicts=states.count(IntentState.CONFLICT),
        doubts=states.count(IntentState.IN_DOUBT) + states.count(IntentState.APPROVAL),
        refused=states.count(IntentState.REFUSED),
        items=tuple({*(str(i.item) for i in intents if i.item is not None), *(each.item for each in later)}),
        back=later[0].until if later else None,
        paused=len(paused),
        paused_bulk=str(paused[0].payload.get("bulk") or "") if paused else "",
        titles=_titles(desk, [i for i in intents if i.state is IntentState.HELD and str(i.item) not in named][:_NAMED]),
    )


def _titles(desk: Desk, intents: Sequence[Intent]) -> dict[str, str]:
    found: dict[str, str] = {}
    for intent in intents:
        thread = desk.mirror.thread(intent.thread) if intent.thread is not None else None
        rows = desk.triage.find([str(intent.item)]) if thread is None and intent.item is not None else []
        title = thread.title if thread is not None else rows[0].excerpt if rows else ""
        if title:
            found[str(intent.item)] = one_line(title, 120)
    return found


def decide(desk: Desk, choice: Choice) -> Plan:
    """Journal a decision."""
    return desk.triage.decide(
        choice.item,
        choice.action,
        seen_version=choice.version,
        reason=choice.reason,
        policy=choice.policy,
        note=choice.note,
        message=choice.message,
        payload=choice.payload,
    )


def undo(desk: Desk) -> Plan | None:
    """Take back the last decision."""
    return desk.triage.undo()


def all_back(desk: Desk) -> list[Plan]:
    """Panic: everything that is held comes back."""
    return desk.triage.all_back()


def redo_all(desk: Desk) -> list[Plan]:
    """Journal anew what came back."""
    return desk.triage.redo_all()


def cancel_bulk(desk: Desk, bulk: str) -> int:
    """Take back what has not left of a bulk."""
    return desk.bulk.cancel(bulk)


def pause_bulk(desk: Desk, bulk: str, paused: bool) -> int:
    """Hold back what has not left of a bulk, or let it go again; gives how many."""
    return desk.bulk.resume(bulk) if paused else desk.bulk.pause(bulk)


def claim(desk: Desk, item: Ref) -> Plan | None:
    """Claim for oneself."""
    return desk.triage.claim(item)


def release(desk: Desk, item: Ref) -> Plan | None:
    """Give up a claim."""
    return desk.triage.release(item)


def note(desk: Desk, item: Ref, text: str) -> Plan | None:
    """Write a staff note."""
    return desk.triage.note(item, text)


class Decisions(QObject):
    """Writes decisions and counts down what is held.

    ``settled``: a decision on an item (id) is in the journal or was refused. ``changed``: held intents or the outbox's
    numbers changed. ``ticked``: the pies have to be painted. ``failed``: an error to be shown, with its item's id
    or "". ``done``: words for the person: a code of the messages with facts. ``touched``: items (ids) to be read again.
    """

    settled = Signal(str)
    changed = Signal()
    ticked = Signal()
    failed = Signal(object, str)
    done = Signal(str, object)
    touched = Signal(object)

    def __init__(self, desk: Desk, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = desk.clock
        self._tasks = tasks
        self.held: dict[str, Held] = {}
        self.state = OutboxState((), 0, 0, 0, 0, ())
        self.titles: dict[str, str] = {}
        self.last: tuple[str, str] | None = None
        self.bulk, self.paused = "", False
        self._touch_all = False
        self.reduced_motion = False
        self._soon = self._timer(_SOON_MS, self.read_now)
        self._soon.setSingleShot(True)
        self._tick = self._timer(_STEP_MS, self._ticked)
        self._look = self._timer(_LOOK_MS, lambda: self.refresh(touch=True))
        self._back = self._timer(_LONGEST_MS, self.refresh)
        self._back.setSingleShot(True)

    def _timer(self, interval: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.timeout.connect(call)
        return timer

    @property
    def waiting_to_read(self) -> bool:
        """True when the journal is going to be read in a moment."""
        return self._soon.isActive()

    # -- what is held ----------------------------------------------------------------------------------------------
    def refresh(self, *, touch: bool = False) -> None:
        """Read the journal's open intents again; with ``touch`` their items too, whatever changed."""
        self._touch_all = self._touch_all or touch
        self._soon.start()

    def read_now(self) -> None:
        """Without waiting for a pause."""
        self._soon.stop()
        self._tasks.read("outbox-state", read_outbox, frozenset(self.titles), then=self._read)

    def _read(self, state: OutboxState) -> None:
        begun = {(held.intent.id, held.intent.held_at): held.deadline for held in self.held.values()}
        now = self._clock.monotonic()
        before = self.held
        self.held = {
            intent.id: Held(intent, begun.get((intent.id, intent.held_at), now + intent.hold_seconds))
            for intent in state.held
        }
        changed = set(self.state.items) ^ set(state.items)
        changed |= {str(held.intent.item) for name, held in self.held.items() if name not in before}
        changed |= {str(held.intent.item) for name, held in before.items() if name not in self.held}
        if self._touch_all:
            changed |= set(state.items) | set(self.state.items)
            self._touch_all = False
        self.state = state
        if state.paused_bulk and not self.bulk:  # paused before this window was opened
            self.bulk, self.paused = state.paused_bulk, True
        for item, title in state.titles.items():
            self.titles.setdefault(item, title)
        self._counting()
        if touched := [item for item in changed if item != "None"]:
            self.touched.emit(touched)

    def remaining(self, intent: str) -> tuple[float, float] | None:
        """Seconds and share that are left of an intent's undo window; ``None`` when it is not held."""
        held = self.held.get(intent)
        if held is None:
            return None
        left = max(0.0, held.deadline - self._clock.monotonic())
        if self.reduced_motion:
            left = float(math.ceil(left))
        return left, min(1.0, left / held.seconds)

    def _ticked(self) -> None:
        if self.held and all(held.deadline <= self._clock.monotonic() for held in self.held.values()):
            self._tick.stop()
            self.refresh()
        self.ticked.emit()

    # -- doing -----------------------------------------------------------------------------------------------------
    def decide(self, choice: Choice, title: str) -> None:
        """Write a decision; the answer comes as ``settled`` and, if it was refused, ``failed``."""
        item = str(choice.item)
        self.titles[item] = title
        self.last, self.bulk = (str(choice.action), title), ""
        self._tasks.write(
            decide,
            choice,
            then=lambda plan: self._journalled(item, plan),
            failed=lambda error: self._refused(error, item),
        )

    def _journalled(self, item: str, plan: Plan) -> None:
        """The journal has it; what it has is known without asking it."""
        now, state = self._clock.monotonic(), self.state
        held = tuple(intent for intent in plan.intents if intent.state is IntentState.HELD)
        for intent in held:
            self.held[intent.id] = Held(intent, now + intent.hold_seconds)
        self.state = replace(
            state,
            held=(*state.held, *held),
            open=state.open + len(plan.intents),
            items=tuple({*state.items, item}),
        )
        self.settled.emit(item)
        self._counting()

    def _counting(self) -> None:
        _run(self._tick, bool(self.held))
        _run(self._look, self.state.open > 0)
        if self.state.back is not None:
            wait = (self.state.back - self._clock.now()).total_seconds() * 1000 + _SOON_MS
            self._back.start(int(min(max(wait, _SOON_MS), _LONGEST_MS)))
        self.changed.emit()

    def undo(self) -> None:
        """Take back the last one; after a bulk, all of it that has not left."""
        if self.bulk:
            self._tasks.write(cancel_bulk, self.bulk, then=self._bulk_back, failed=self._bulk_failed)
            return
        self._tasks.write(undo, then=self._undone, failed=lambda error: self._refused(error, ""))

    def decided_many(self, bulk: str, action: str, title: str) -> None:
        """A bulk is in the journal: undo and pause are about it until another decision is taken."""
        self.last, self.bulk, self.paused = (action, title), bulk, False
        self.refresh(touch=True)

    def pause_or_go_on(self) -> None:
        """Hold back what has not left of the last bulk, or let it go."""
        if self.bulk:
            self._tasks.write(
                pause_bulk, self.bulk, self.paused, then=self._bulk_paused, failed=self._bulk_failed
            )  # fmt: skip

    def _bulk_paused(self, n: int) -> None:
        self.paused = not self.paused and n > 0
        self.done.emit("say_bulk_paused" if self.paused else "say_bulk_on", {"n": n})
        self.refresh(touch=True)

    def _bulk_back(self, n: int) -> None:
        self.bulk, self.last = "", None
        self.done.emit("say_bulk_back", {"n": n})
        self.refresh(touch=True)

    def _bulk_failed(self, error: Exception) -> None:
        self._refused(error, "")

    def all_back(self) -> None:
        """Take back all that is held."""
        self._tasks.write(all_back, then=self._all_back)

    def redo(self) -> None:
        """Do again what came back."""
        self._tasks.write(redo_all, then=lambda plans: self._plans("say_redone", plans))

    def claim(self, item: Ref, *, mine: bool) -> None:
        """Claim, or release what is one's own."""
        done = "say_released" if mine else "say_claimed"
        self._simple(release if mine else claim, (item,), str(item), done)

    def note(self, item: Ref, text: str, then: Callable[[], None]) -> None:
        """Keep a note; ``then`` runs once it is kept."""
        self._simple(note, (item, text), str(item), "say_noted", then)

    def _simple(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        item: str,
        done: str,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        def written(_: object) -> None:
            then()
            self.done.emit(done, {})
            self._written(item)

        self._tasks.write(fn, *args, then=written, failed=lambda error: self._refused(error, item))

    def _written(self, item: str) -> None:
        self.settled.emit(item)
        self.refresh()

    def _refused(self, error: Exception, item: str) -> None:
        if item:
            self.settled.emit(item)
        self.failed.emit(error, item)
        self.refresh()

    def _undone(self, plan: Plan | None) -> None:
        if plan is None:
            self.done.emit("say_nothing_undo", {})
        else:
            self.done.emit("say_undone", {"what": self._what([plan])})
            self._touch([plan])
        self.last = None
        self.refresh()

    def _all_back(self, plans: list[Plan]) -> None:
        self._plans("say_all_back" if plans else "say_nothing_back", plans)
        self.last = None

    def _plans(self, code: str, plans: list[Plan]) -> None:
        self.done.emit(code, {"n": len(plans), "what": self._what(plans)})
        self._touch(plans)
        self.refresh()

    def _what(self, plans: list[Plan]) -> list[tuple[str, str]]:
        """Action and title of each plan, for a list in words."""
        return [(str(plan.intents[0].action), title_of(plan.intents[0], self.titles)) for plan in plans]

    def _touch(self, plans: list[Plan]) -> None:
        items = [str(intent.item) for plan in plans for intent in plan.intents if intent.item is not None]
        if items:
            self.touched.emit(items)


def title_of(intent: Intent, titles: dict[str, str]) -> str:
    """What an intent is about, as far as this window has seen it."""
    for ref in (intent.item, intent.thread, intent.target):
        if ref is not None and str(ref) in titles:
            return titles[str(ref)]
    return intent.target.native


def as_official(official: bool) -> Identities:
    """Identity of a reply."""
    return Identities.OFFICIAL if official else Identities.ME


def _run(timer: QTimer, wanted: bool) -> None:
    if wanted and not timer.isActive():
        timer.start()
    elif not wanted:
        timer.stop()
