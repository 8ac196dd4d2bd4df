"""Hands for the real window: presses keys and waits for what they bring about, on the window's own loop."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.app import Program
from moderation.actions import Action
from moderation.ids import Ref
from moderation.intents import Intent, IntentState
from views import MainWindow
from views.item.facts import ItemFacts

T = TypeVar("T")
PATIENCE = 120.0
LOOK_EVERY = 0.03


class StepFailedError(Exception):
    """What a step waited for did not come, or the server shows something else."""


def expect(true: object, otherwise: str) -> None:
    """Fail the step with these words unless it is so."""
    if not true:
        raise StepFailedError(otherwise)


class Hands:
    """A person at the window, as far as keys go."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._decided: set[Ref] = set()

    @property
    def window(self) -> MainWindow:
        """The window, once it is open."""
        if self._program.window is None:
            raise StepFailedError("the window is not open")
        return self._program.window

    async def until(self, what: str, true: Callable[[], T | None], patience: float = PATIENCE) -> T:
        """Wait until something is true, and give it."""
        limit = time.monotonic() + patience
        while not (found := true()):
            if time.monotonic() > limit:
                raise StepFailedError(f"waited {patience:.0f} s for {what}")
            await asyncio.sleep(LOOK_EVERY)
        return found

    async def beside(self, work: Callable[[], T]) -> T:
        """Do something off the window's thread."""
        result: T = await self._program.run_in_background(work)
        return result

    async def rest(self) -> None:
        """Let the window paint what it still has to paint."""
        self.window.repaint()
        await asyncio.sleep(10 * LOOK_EVERY)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self._focus(), key, modifiers)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        QTest.keyClicks(self._focus(), text)

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def painted(self) -> ItemFacts | None:
        """The item that a key would act on now, once it is painted in full."""
        return self.window.queue_work.facts()

    async def item(self, community: str, *able: Action) -> ItemFacts:
        """Go down the list, from its top once more after its end, to an item of a community that was not decided here,
        that no colleague has taken, and on which these actions are allowed.
        """
        for _ in range(2):
            facts = await self.until("an item on the screen", self.painted)
            while not self._fits(facts, community, able) and self._lower:
                self.press(Qt.Key.Key_J)
                facts = await self.until("the next item", partial(self._other, facts))
            if self._fits(facts, community, able):
                return facts
            self.press(Qt.Key.Key_Home)
        raise StepFailedError(f"no item of {community} is left")

    def _fits(self, facts: ItemFacts, community: str, able: tuple[Action, ...]) -> bool:
        if facts.ref.community != community or facts.ref in self._decided or facts.row is None:
            return False
        taken = bool(facts.row.assignee or facts.row.claimed_by) and not facts.mine
        return not taken and all(action in facts.permitted and facts.permitted[action].allowed for action in able)

    @property
    def _lower(self) -> bool:
        return self.window.panel.table.current_row() + 1 < self.window.session.feed.model.rowCount()

    def _other(self, than: ItemFacts) -> ItemFacts | None:
        facts = self.painted()
        return facts if facts is not None and facts.ref != than.ref else None

    async def decide(
        self, facts: ItemFacts, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press the key of a decision on the item at hand, and Return where it asks for a reason."""
        self._decided.add(facts.ref)
        self.press(key, modifiers)
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            await self.until("the reasons", self.window.reasons.isVisible)
            self.press(Qt.Key.Key_Return)

    def newest(self, item: Ref) -> Intent | None:
        """The newest decision on an item in the journal."""
        plans = self._program.workplace.desk.bench.journal.plans(limit=50)
        return next((i for p in plans for i in p.intents if i.item == item and i.undo_of is None), None)

    async def unfinished(self, community: str) -> int:
        """How many decisions on a community are not final yet."""
        return len(await self.beside(lambda: self._program.workplace.desk.bench.journal.unfinished(community)))

    async def settled(self, item: Ref) -> Intent:
        """The newest decision on an item, once it is final."""
        limit = time.monotonic() + PATIENCE
        while (intent := await self.beside(lambda: self.newest(item))) is None or not intent.final:
            if time.monotonic() > limit:
                raise StepFailedError(f"the decision on {item} is {intent.state if intent else 'not journalled'}")
            await asyncio.sleep(LOOK_EVERY)
        return intent

    async def confirmed(self, item: Ref) -> None:
        """Wait until the decision on an item is confirmed."""
        intent = await self.settled(item)
        expect(intent.state is IntentState.CONFIRMED, f"the decision on {item} is {intent.state}")
