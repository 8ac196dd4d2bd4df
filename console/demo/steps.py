"""The steps of the walk, in order.

Each does one part of the main job and looks at the server's side whether it is so.
"""

import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from console.app import Program
from console.demo.hands import Hands, StepFailedError, expect
from console.demo.sample import COLLEAGUE, MODERATOR, Sample
from console.demo.throwaway import Throwaway, engine_process
from moderation.errors import MarqueeError
from moderation.ids import Ref
from moderation.intents import IntentState
from views.theme import Scheme
from views.translations import install_language
from views.words import Language

_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_AT_ONCE = 4
REPLY = "Thank you for your patience. We have found the cause and are mending it today."


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was tried."""

    name: str
    ok: bool
    seconds: float
    detail: str = ""


class Walk:
    """All steps on one window; a step that fails does not keep the others from being tried."""

    def __init__(
        self, program: Program, sample: Sample, throwaway: Throwaway, folder: Path, say: Callable[[str], None]
    ) -> None:
        self._program = program
        self._sample = sample
        self._throwaway = throwaway
        self._folder = folder
        self._say = say
        self._hands = Hands(program)
        self.done: list[Done] = []
        self.pictures: list[Path] = []

    async def all(self) -> None:
        """One after the other."""
        steps: dict[str, Callable[[], Awaitable[str]]] = {
            "connect": self._connect,
            "sync": self._sync,
            "window": self._open_window,
            "triage by keys": self._triage,
            "undo": self._undo,
            "reply": self._reply,
            "conflict": self._conflict,
            "kill and recovery": self._kill,
            "pictures": self._other_looks,
        }
        for name, step in steps.items():
            self._say(name)
            began = time.monotonic()
            try:
                detail, ok = await step(), True
            except (StepFailedError, MarqueeError, OSError) as error:
                detail, ok = str(error), False
            self.done.append(Done(name, ok, time.monotonic() - began, detail))

    # -- the server's side

    def _items(self) -> dict[str, dict[str, Any]]:
        return {str(item["id"]): item for item in self._sample.control("snapshot")["items"]}

    def _mine(self, item: Ref) -> list[str]:
        """What took effect on an item by anybody but its reporters."""
        effects = self._sample.control("effects")["effects"]
        ours = {"decide", "resolve_by_hiding"}
        return [e["verb"] for e in effects if e["target"] == f"item:{item.native}" and e["verb"] in ours]

    def _expect_once(self, item: Ref, state: str) -> None:
        there = self._items()[item.native]
        expect(there["state"] == state, f"{item} is {there['state']} on the server, not {state}")
        expect(len(self._mine(item)) == 1, f"{item} was decided {len(self._mine(item))} times on the server")

    def _picture(self, name: str) -> None:
        self.pictures.append(self._hands.window.grab_to(self._folder / f"{name}.png"))

    # -- the steps

    async def _connect(self) -> str:
        entry = self._throwaway.settings.communities[self._throwaway.community]
        expect(entry.user == MODERATOR, f"connected as {entry.user}")
        asked = self._sample.control("requests")["by_path"]
        expect(any("/api/self" in path for path in asked), "the server was never asked who we are")
        return f"{entry.user}, {entry.official_user}"

    async def _sync(self) -> str:
        told = await self._hands.beside(lambda: list(self._program.workplace.engine.sync(None)))
        (result,) = told[-1]["done"]
        expect(result["trouble"] is None, str(result["trouble"]))
        there = self._sample.control("counts")
        for name, number in (("items", there["items"] + there["held"]), ("threads", there["threads"])):
            expect(result[name] == number, f"{result[name]} {name} here, {number} on the server")
        return f"{result['items']} items, {result['posts']} posts, {result['requests']} requests"

    async def _open_window(self) -> str:
        window = self._program.open()
        there = self._sample.control("counts")
        pending = there["open"] + there["in_progress"] + there["held"]
        await self._hands.until("the queue", lambda: window.session.feed.model.rowCount() == pending)
        await self._hands.item()
        self._picture("queue-light")
        return f"{pending} in the queue"

    async def _triage(self) -> str:
        decided: list[tuple[Ref, str]] = []
        for key, modifier, state in (
            (Qt.Key.Key_E, Qt.KeyboardModifier.NoModifier, "dismissed"),
            (Qt.Key.Key_V, Qt.KeyboardModifier.NoModifier, "resolved"),
            (Qt.Key.Key_H, _SHIFT, "resolved"),
        ):
            facts = await self._hands.item(other_than=str(decided[-1][0]) if decided else "")
            self._hands.press(key, modifier)
            if modifier is _SHIFT:
                await self._hands.until("the reasons", self._hands.window.reasons.isVisible)
                self._hands.press(Qt.Key.Key_Return)
            decided.append((facts.ref, state))
        for item, state in decided:
            await self._hands.confirmed(item)
            self._expect_once(item, state)
        self._picture("after-triage")
        return ", ".join(f"{item.native} {state}" for item, state in decided)

    async def _undo(self) -> str:
        facts = await self._hands.item()
        self._hands.press(Qt.Key.Key_E)
        await self._hands.until("the undo window", lambda: self._hands.window.session.decisions.held)
        self._hands.press(Qt.Key.Key_Z)
        intent = await self._hands.settled(facts.ref)
        expect(intent.state is IntentState.CANCELLED, f"the decision is {intent.state}")
        expect(not self._mine(facts.ref), "the server has it all the same")
        return f"{facts.ref.native} taken back"

    async def _reply(self) -> str:
        facts = await self._hands.item()
        self._hands.press(Qt.Key.Key_R)
        await self._hands.until("the answer box", lambda: isinstance(QApplication.focusWidget(), QPlainTextEdit))
        self._hands.type(REPLY)
        self._picture("reply")
        self._hands.press(Qt.Key.Key_Return, _CTRL)
        await self._hands.until("the reply on the server", lambda: self._posts(REPLY))
        posts = self._posts(REPLY)
        expect(len(posts) == 1, f"it was posted {len(posts)} times")
        return f"post {posts[0]['pid']} on item {facts.ref.native}"

    def _posts(self, text: str) -> list[dict[str, Any]]:
        return [post for post in self._sample.control("snapshot")["posts"] if post["content"] == text]

    async def _conflict(self) -> str:
        facts = await self._hands.item()
        self._sample.control("decide_as", user=COLLEAGUE, flag=int(facts.ref.native), state="resolved")
        self._hands.press(Qt.Key.Key_E)
        intent = await self._hands.settled(facts.ref)
        expect(intent.state is IntentState.CONFLICT, f"the decision is {intent.state}")
        self._expect_once(facts.ref, "resolved")
        window = self._hands.window
        await self._hands.until("the conflict in the window", lambda: window.session.decisions.state.conflicts)
        self._picture("conflict")
        return f"{COLLEAGUE} was first on {facts.ref.native}"

    async def _kill(self) -> str:
        """Decide a few, kill the engine while it sends, and see each applied once by the next one."""
        first = engine_process(self._throwaway.home)
        expect(first is not None, "no engine runs")
        self._sample.control("service", service_time_ms=150)
        decided: list[Ref] = []
        for _ in range(_AT_ONCE):
            facts = await self._hands.item(other_than=str(decided[-1]) if decided else "")
            self._hands.press(Qt.Key.Key_V)
            decided.append(facts.ref)
        await self._hands.until("the first effect", lambda: any(self._mine(item) for item in decided))
        os.kill(first or 0, signal.SIGKILL)
        for item in decided:
            await self._hands.confirmed(item)
        self._sample.control("service", service_time_ms=0)
        for item in decided:
            self._expect_once(item, "resolved")
        second = engine_process(self._throwaway.home)
        expect(second not in {None, first}, "no new engine took over")
        return f"{len(decided)} decisions, each once"

    def _is_new(self, pane: QWidget) -> bool:
        return self._hands.window.pane is not pane

    async def _other_looks(self) -> str:
        theme = self._hands.window.theme
        looks: tuple[tuple[str, Scheme, Language], ...] = (
            ("queue-dark", Scheme.DARK, "en"),
            ("queue-ja", Scheme.LIGHT, "ja"),
        )
        for name, scheme, language in looks:
            before = self._hands.window.pane
            install_language(self._program.application, language)
            theme.choose(scheme=scheme, language=language)
            await self._hands.until("the other look", partial(self._is_new, before))
            await self._hands.item()
            await self._hands.rest()
            self._picture(name)
        return f"{len(self.pictures)} in {self._folder}"
