"""The real window in a process of its own, driven by keys: ``python -m tests.benchmarks.window_child HOME FACTS``.

``FACTS`` is JSON: ``presses`` maps a name to (kind, times, milliseconds between). Prints JSON: latencies in
milliseconds by name, processor time of the window's thread for the same (``worked``), memory, and how many items were
not prepared when their key came. ``until`` goes on pressing, series after series, until that many items of other
communities than the first are in the mirror, and ``pulled`` tells how many were there at the end of each series.

A key that was due while the window was busy counts from when it was due.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest

from console.app import Program, credentials_for, make_application
from console.cli.context import Context
from console.home import Home
from console.settings import load
from console.wiring import Workplace
from moderation.actions import Action
from sync.engine.lock import holder
from tests.benchmarks.held import items_of_others
from tests.benchmarks.machine import memory_of
from views import MainWindow

_SLOP = 0.003
"""Seconds that a precise timer of Qt may be late without anybody being busy."""
_PATIENCE = 10.0
_LONGEST_PULL = 900.0


class Paints(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget: QObject) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only looks."""
        if event.type() is QEvent.Type.Paint:
            self.count += 1
        return False


class Presses:
    """One series of key presses (``every`` so many seconds) and what came of it."""

    def __init__(self, window: MainWindow, kind: str, times: int, every: float) -> None:
        self.window, self.kind, self.times, self.every = window, kind, times, every
        self.took: list[float] = []
        self.worked: list[float] = []
        self.late = self.unready = self.decided = 0
        self._paints = Paints(window.panel.table.viewport())
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._begun = 0.0
        self._timer = QTimer(window, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._press)
        self._painted_at = 0.0
        self._paint_now = window.pane.paint_now
        window.pane.paint_now = self._painting  # type: ignore[method-assign]

    async def run(self) -> "Presses":
        """Press as often as wanted."""
        self._begun = time.perf_counter() + 0.2
        self._next()
        await self._done
        self.window.pane.paint_now = self._paint_now  # type: ignore[method-assign]
        return self

    def _painting(self) -> None:
        """The window paints what a key changed as a whole before it goes on; this tells when that was done."""
        self._paint_now()
        self._painted_at = time.perf_counter()

    def _due(self) -> float:
        return self._begun + len(self.took) * self.every

    def _next(self) -> None:
        if len(self.took) == self.times:
            self._done.set_result(None)
            return
        self._timer.start(max(0, int((self._due() - time.perf_counter()) * 1000)))

    def _press(self) -> None:
        try:
            self._press_once()
        except Exception as trouble:  # noqa: BLE001 - a slot's error would otherwise end in the crash dialogue
            self._done.set_exception(trouble)
        else:
            self._next()

    def _press_once(self) -> None:
        now, due, worked = time.perf_counter(), self._due(), time.thread_time()
        busy = now - due > _SLOP
        self.late += busy
        table, painted, row = self.window.panel.table, self._paints.count, self.window.panel.table.current_row()
        QTest.keyClick(table, self._key())
        self.unready += not self._item_painted()
        limit = now + _PATIENCE
        while self._paints.count == painted or table.current_row() == row or not self._item_painted():
            self._painted_at = 0.0
            make_application().processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.perf_counter() > limit:
                raise TimeoutError(f"{self.kind} {len(self.took)}: row {row} is still shown")
        self.took.append(((self._painted_at or time.perf_counter()) - (due if busy else now)) * 1000)
        self.worked.append((time.thread_time() - worked) * 1000)

    def _item_painted(self) -> bool:
        row, pane = self._row(), self.window.pane.painted
        return row is not None and pane is not None and str(pane.ref) == row.id

    def _row(self) -> Any:
        return self.window.session.feed.model.peek(self.window.panel.table.current_row())

    def _key(self) -> Qt.Key:
        """Next item, or a decision that is permitted on the item at hand (next item where none is)."""
        facts = self.window.queue_work.facts() if self.kind == "decide" else None
        for action, key in ((Action.RESOLVE, Qt.Key.Key_V), (Action.APPROVE, Qt.Key.Key_A)):
            entry = facts.permitted.get(action) if facts is not None else None
            if entry is not None and entry.allowed:
                self.decided += 1
                return key
        return Qt.Key.Key_J


@contextmanager
def opened(home: Path) -> Iterator[tuple[Program, MainWindow]]:
    """The program on a home, as ``marquee`` opens it."""
    place = Home(home.resolve())
    context = Context(place, load(place.settings), "en", environment=os.environ)
    application = make_application()
    credentials = credentials_for(context)
    workplace = Workplace.build(place, context.settings, credentials, window=True)
    with Program(application, workplace, context, credentials) as program:
        window = program.open()
        try:
            yield program, window
        finally:
            window.close()


async def _whole_list(window: MainWindow) -> float:
    """Until the whole order is in the list and the first item is painted; seconds."""
    started = time.perf_counter()
    feed = window.session.feed
    while feed.total is None or feed.model.rowCount() < feed.total or window.pane.painted is None:
        await asyncio.sleep(0.02)
        if time.perf_counter() - started > 60:
            raise TimeoutError(f"{feed.model.rowCount()} of {feed.total} rows")
    return time.perf_counter() - started


async def _series(window: MainWindow, press: tuple[str, int, float], facts: dict[str, Any]) -> dict[str, Any]:
    """One series of keys, and further ones until what is to be pulled meanwhile is there."""
    told: dict[str, Any] = {"took": [], "worked": [], "late": 0, "unready": 0, "decided": 0, "pulled": []}
    ends = time.monotonic() + _LONGEST_PULL
    while True:
        done = await Presses(window, *press).run()
        for name in ("took", "worked"):
            told[name] += getattr(done, name)
        for name in ("late", "unready", "decided"):
            told[name] += getattr(done, name)
        if not facts.get("until"):
            return told
        told["pulled"].append(await asyncio.to_thread(items_of_others, Path(facts["home"])))
        if told["pulled"][-1] >= facts["until"] or time.monotonic() > ends:
            return told


async def _work(window: MainWindow, facts: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {"whole_list_s": await _whole_list(window), "rows": window.session.feed.model.rowCount()}
    await asyncio.sleep(facts.get("settle_s", 1.0))
    for name, (kind, times, every_ms) in facts["presses"].items():
        result[name] = await _series(window, (kind, times, every_ms / 1000), facts)
    result["window"] = memory_of(os.getpid())
    engine = holder(Path(facts["home"]))
    result["engine"] = memory_of(engine) if engine else {}
    return result


def main() -> None:
    """Open, press, print."""
    facts = json.loads(sys.argv[2])
    with opened(Path(sys.argv[1])) as (program, window):
        work = _work(window, {**facts, "home": sys.argv[1]})
        print(json.dumps(program.run_until(work)), flush=True)


if __name__ == "__main__":
    main()
