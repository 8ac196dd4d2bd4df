"""The steps of the walk, in order.

Each does one part of the main job in every community and looks at the servers' side whether it is so.
"""

import os
import signal
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from console.app import Program
from console.demo.behind import Side
from console.demo.hands import Hands, StepFailedError, expect
from console.demo.sample import COLLEAGUE, MODERATOR
from console.demo.team import appoint
from console.demo.throwaway import Throwaway, engine_process
from moderation.actions import Action
from moderation.errors import MarqueeError
from moderation.ids import Ref
from moderation.intents import IntentState
from moderation.queries import QueueQuery
from views.item.facts import ItemFacts
from views.theme import Scheme
from views.translations import install_language
from views.words import Language

_NONE, _SHIFT, _CTRL = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier,
)  # fmt: skip
_TRIAGE = (
    (Action.DISMISS, Qt.Key.Key_E, _NONE, "dismissed"),
    (Action.RESOLVE, Qt.Key.Key_V, _NONE, "resolved"),
    (Action.HIDE, Qt.Key.Key_H, _SHIFT, "resolved"),
)
_WAITING_EACH = 2
_SLOW_MS = 150
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

    def __init__(self, program: Program, throwaway: Throwaway, folder: Path, say: Callable[[str], None]) -> None:
        self._program = program
        self._throwaway = throwaway
        self._folder = folder
        self._say = say
        self._hands = Hands(program)
        members = {name: Ref.parse(entry.member) for name, entry in throwaway.settings.communities.items()}
        self._sides = [Side(name, sample, members[name].native) for name, sample in throwaway.samples.items()]
        self.done: list[Done] = []
        self.pictures: list[Path] = []
        self._people = 0

    async def all(self) -> None:
        """One after the other."""
        steps: dict[str, Callable[[], Awaitable[str]]] = {
            "connect": self._connect,
            "team": self._appoint,
            "sync": self._sync,
            "window": self._open_window,
            "triage by keys": self._triage,
            "undo": self._undo,
            "reply": self._reply,
            "conflict": self._conflict,
            "one community away": self._one_away,
            "kill and recovery": self._kill,
            "following": self._following,
            "coverage": self._coverage,
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

    async def _picture(self, name: str) -> None:
        await self._hands.rest()
        self.pictures.append(self._hands.window.grab_to(self._folder / f"{name}.png"))

    # -- the steps

    async def _connect(self) -> str:
        told = []
        for side in self._sides:
            entry = self._throwaway.settings.communities[side.name]
            expect(entry.user == MODERATOR, f"connected as {entry.user}")
            expect(entry.platform == side.sample.platform, f"{side.title} was taken for {entry.platform}")
            asked = side.sample.control("requests")["by_path"]
            asks = any(path.endswith(("/api/self", "/session/current")) for path in asked)
            expect(asks, f"{side.title} was never asked who we are")
            told.append(f"{side.title} ({entry.platform}): {entry.user}, {entry.official_user}")
        return "; ".join(told)

    async def _appoint(self) -> str:
        """A lead says who is staff, before anything is read: what they follow is read with everything else."""
        self._people = await self._hands.beside(partial(appoint, self._program.workplace.desk, self._throwaway.samples))
        return f"{self._people} people"

    async def _sync(self) -> str:
        answers = await self._hands.beside(lambda: list(self._program.workplace.engine.sync(None)))
        results = {result["community"]: result for result in answers[-1]["done"]}
        expect(results.keys() == {side.name for side in self._sides}, f"synced {sorted(results)}")
        told = []
        for side in self._sides:
            result, there = results[side.name], side.counts()
            expect(result["trouble"] is None, str(result["trouble"]))
            for name in ("items", "threads"):
                expect(result[name] == there[name], f"{side.title}: {result[name]} {name}, {there[name]} on the server")
            numbers = "{items} items, {posts} posts, {requests} requests".format_map(result)
            told.append(f"{side.title} {numbers}")
        return "; ".join(told)

    async def _open_window(self) -> str:
        window = self._program.open()
        pending = {side.name: side.counts()["pending"] for side in self._sides}
        feed = window.session.feed
        await self._hands.until("the queue", lambda: feed.model.rowCount() == sum(pending.values()))
        await self._hands.until("the counts", lambda: window.session.counts.by_community == pending)
        for side in self._sides:
            here = await self._hands.beside(partial(self._count, side.name))
            expect(here == pending[side.name], f"{side.title}: {here} in the queue, {pending[side.name]} on the server")
        await self._hands.until("an item on the screen", self._hands.painted)
        await self._hands.until("both connections", self._all_stand_well)
        await self._picture("queue-light")
        return " and ".join(str(pending[side.name]) for side in self._sides) + " in one queue"

    def _count(self, community: str) -> int:
        return self._program.workplace.desk.triage.count(QueueQuery(communities=(community,)))

    def _standing(self) -> dict[str, str]:
        return {status.community: status.state for status in self._hands.window.session.watch.statuses}

    def _all_stand_well(self) -> bool:
        return self._standing() == dict.fromkeys(self._throwaway.samples, "connected")

    async def _triage(self) -> str:
        decided: list[tuple[Side, ItemFacts, Action, str]] = []
        for action, key, modifiers, state in _TRIAGE:
            for side in self._sides:
                facts = await self._hands.item(side.name, action)
                await self._hands.decide(facts, key, modifiers)
                decided.append((side, facts, action, state))
        for side, facts, action, state in decided:
            await self._hands.confirmed(facts.ref)
            side.expect_once(facts.ref, state)
            if action is Action.HIDE:
                expect(side.hidden(facts.ref), f"the post of {facts.ref} can still be read")
        await self._picture("after-triage")
        return ", ".join(f"{side.title} {facts.ref.native} {state}" for side, facts, _, state in decided)

    async def _undo(self) -> str:
        taken = []
        for side in self._sides:
            facts = await self._hands.item(side.name, Action.DISMISS)
            self._hands.press(Qt.Key.Key_E)
            await self._hands.until("the undo window", lambda: self._hands.window.session.decisions.held)
            self._hands.press(Qt.Key.Key_Z)
            intent = await self._hands.settled(facts.ref)
            expect(intent.state is IntentState.CANCELLED, f"the decision is {intent.state}")
            expect(not side.decisions(facts.ref), "the server has it all the same")
            taken.append(f"{side.title} {facts.ref.native}")
        return f"{', '.join(taken)} taken back"

    async def _reply(self) -> str:
        told, composer = [], self._hands.window.talk.composer
        for side in self._sides:
            facts = await self._hands.item(side.name, Action.RESOLVE)
            self._hands.press(Qt.Key.Key_R)
            await self._hands.until("the answer box", lambda: isinstance(QApplication.focusWidget(), QPlainTextEdit))
            self._hands.type(REPLY)
            await self._picture(f"reply-{side.sample.platform}")
            self._hands.press(Qt.Key.Key_Return, _CTRL)
            await self._hands.until("the answer on its way", lambda: not composer.open or composer.isEnabled())
            if composer.open:  # something asked: the answer is in another language
                self._hands.press(Qt.Key.Key_Return, _CTRL)
            posts = await self._hands.until("the reply on the server", partial(side.posts, REPLY))
            expect(len(posts) == 1, f"it was posted {len(posts)} times")
            expect(str(posts[0]["uid"]) in self._ours(side), f"it was posted by member {posts[0]['uid']}")
            expect(facts.thread is not None and str(posts[0]["tid"]) == facts.thread.native, "in another thread")
            told.append(f"{side.title} post {posts[0]['pid']} on item {facts.ref.native}")
        return ", ".join(told)

    def _ours(self, side: Side) -> set[str]:
        """The ids under which this desk may write there."""
        entry = self._throwaway.settings.communities[side.name]
        return {side.me, Ref.parse(entry.official).native}

    async def _conflict(self) -> str:
        met = []
        for side in self._sides:
            facts = await self._hands.item(side.name, Action.DISMISS)
            side.decide_as_colleague(facts.ref, "resolved")
            await self._hands.decide(facts, Qt.Key.Key_E)
            intent = await self._hands.settled(facts.ref)
            expect(intent.state is IntentState.CONFLICT, f"the decision is {intent.state}")
            side.expect_once(facts.ref, "resolved", by_me=False)
            met.append(f"{side.title} {facts.ref.native}")
        state = self._hands.window.session.decisions
        await self._hands.until("the conflicts in the window", lambda: state.state.conflicts >= len(met))
        await self._picture("conflict")
        return f"{COLLEAGUE} was first on {', '.join(met)}"

    async def _one_away(self) -> str:
        """Cut each community off in turn: the others go on, and what was decided for it waits until it is back."""
        told = []
        for away in self._sides:
            with away.away():
                waiting = await self._resolve(away)
                for side in self._sides:
                    if side is not away:
                        item = await self._resolve(side)
                        await self._hands.confirmed(item)
                        side.expect_once(item, "resolved")
                await self._hands.until("the cut in the window", partial(self._away, [away]))
                expect(await self._hands.unfinished(away.name), f"the decision on {waiting} did not wait")
                expect(not away.decisions(waiting), f"{waiting} was decided on a server that is away")
                await self._picture(f"away-{away.sample.platform}")
            self._hands.press(Qt.Key.Key_R, _CTRL)
            await self._hands.confirmed(waiting)
            away.expect_once(waiting, "resolved")
            told.append(f"{away.title} away: {waiting.native} waited")
        return ", ".join(told)

    async def _resolve(self, side: Side) -> Ref:
        facts = await self._hands.item(side.name, Action.RESOLVE)
        await self._hands.decide(facts, Qt.Key.Key_V)
        return facts.ref

    def _away(self, away: Collection[Side]) -> bool:
        """True when the window says of exactly these that they are away."""
        standing = self._standing()
        return all((standing[side.name] == "offline") is (side in away) for side in self._sides)

    async def _kill(self) -> str:
        """Let decisions wait for every community, kill the engine while it sends them, and see each applied once by
        the next one.
        """
        first = engine_process(self._throwaway.home)
        expect(first is not None, "no engine runs")
        decided = await self._waiting_everywhere()
        for side in self._sides:
            side.slow(_SLOW_MS)
        self._hands.press(Qt.Key.Key_R, _CTRL)
        await self._hands.until("the first effect", lambda: any(side.decisions(item) for side, item in decided))
        os.kill(first or 0, signal.SIGKILL)
        left = {side.title: await self._hands.unfinished(side.name) for side in self._sides}
        expect(all(left.values()), f"on their way when it was killed: {left}")
        for _, item in decided:
            await self._hands.confirmed(item)
        for side in self._sides:
            side.slow(0)
        for side, item in decided:
            side.expect_once(item, "resolved")
        second = engine_process(self._throwaway.home)
        expect(second not in {None, first}, "no new engine took over")
        told = ", ".join(f"{title} {count}" for title, count in left.items())
        return f"{len(decided)} decisions, each once; on their way at the kill: {told}"

    async def _waiting_everywhere(self) -> list[tuple[Side, Ref]]:
        """Decisions on every community, none of which could leave."""
        with ExitStack() as stack:
            for side in self._sides:
                stack.enter_context(side.away())
            decided = [(side, await self._resolve(side)) for _ in range(_WAITING_EACH) for side in self._sides]
            await self._hands.until("the cuts in the window", partial(self._away, self._sides))
        return decided

    async def _following(self) -> str:
        """Who of the staff follows what stands there, and everything that nobody covers is counted."""
        self._hands.press(Qt.Key.Key_G)
        self._hands.press(Qt.Key.Key_F)
        work = self._hands.window.following_work
        await self._hands.until("the matrix", lambda: work.panel is not None and work.panel.table.matrix.rowCount())
        panel = work.panel
        if panel is None:
            raise StepFailedError("there is no matrix")
        found = panel.table.matrix.board
        expect(all(one.confirmed for one in found.told), "nobody has confirmed who is staff")
        expect(len(found.people) == self._people, f"{len(found.people)} people of {self._people}")
        await self._picture("following")
        gaps, shown = found.gaps(), self._hands.window.session.gaps
        expect(gaps == shown, f"{gaps} gaps in the matrix, {shown} in the sidebar")
        self._hands.press(Qt.Key.Key_G)
        self._hands.press(Qt.Key.Key_Q)
        told = []
        for side in self._sides:
            here = [place for place in found.places if place.community == side.name]
            told.append(f"{side.title} {len(here)} forums, {sum(one.is_gap for one in here)} not covered")
        return ", ".join(told)

    async def _coverage(self) -> str:
        """How threads are answered: figures stand there, and the square at hand opens the threads that it counts."""
        self._hands.press(Qt.Key.Key_G)
        self._hands.press(Qt.Key.Key_V)
        work = self._hands.window.coverage_work
        await self._hands.until("figures", lambda: work.doing and work.doing.shown and work.doing.shown.view)
        doing = work.doing
        view = doing.shown.view if doing is not None and doing.shown is not None else None
        if doing is None or view is None or (number := doing.panel.at_hand()) is None:
            raise StepFailedError("no square is at hand")
        await self._picture("coverage")
        self._hands.press(Qt.Key.Key_Return)
        await self._hands.until("the threads", lambda: doing.rows.isVisible() and doing.rows.table.rows.rows)
        listed, counted = len(doing.rows.table.rows.rows), len(view.spans.rows(number.door)) if number.door else 0
        expect(listed == counted, f"{listed} threads behind {number.said}")
        self._hands.press(Qt.Key.Key_Escape)
        self._hands.press(Qt.Key.Key_G)
        self._hands.press(Qt.Key.Key_Q)
        return f"{view.threads} threads; {number.said}"

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
            await self._hands.until("an item on the screen", self._hands.painted)
            await self._picture(name)
        return f"{len(self.pictures)} in {self._folder}"
