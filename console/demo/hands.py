"""Hands for the real window: presses keys and waits for what they bring about, on the window's own loop."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.app import Program
from moderation.ids import Kind, Ref
from moderation.intents import Intent, IntentState
from views import MainWindow
from views.item.facts import ItemFacts

T = TypeVar("T")
PATIENCE = 60.0
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

    async def item(self, *, other_than: str = "") -> ItemFacts:
        """The reported item that a key would act on now, once it is painted in full; held posts are passed over."""

        def painted() -> ItemFacts | None:
            facts = self.window.queue_work.facts()
            if facts is None or str(facts.ref) == other_than:
                return None
            if facts.ref.kind is not Kind.FLAG:
                self.press(Qt.Key.Key_J)
                return None
            return facts

        return await self.until("an item on the screen", painted)

    async def settled(self, item: Ref) -> Intent:
        """The newest decision on an item, once it is final."""

        def newest() -> Intent | None:
            plans = self._program.workplace.desk.bench.journal.plans(limit=50)
            return next((i for p in plans for i in p.intents if i.item == item and i.undo_of is None), None)

        limit = time.monotonic() + PATIENCE
        while (intent := await self.beside(newest)) is None or not intent.final:
            if time.monotonic() > limit:
                raise StepFailedError(f"the decision on {item} is {intent.state if intent else 'not journalled'}")
            await asyncio.sleep(LOOK_EVERY)
        return intent

    async def confirmed(self, item: Ref) -> None:
        """Wait until the decision on an item is confirmed."""
        intent = await self.settled(item)
        expect(intent.state is IntentState.CONFIRMED, f"the decision on {item} is {intent.state}")
