"""A window on a real desk: real mirror, journal and team store in a folder, an engine that says what it is told."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from console.conversions import Conversions
from console.presence import card_words
from console.readers import MirrorPerThread
from moderation.changes import ChangeRecord
from moderation.desk import Bench, Desk
from moderation.intents import IntentState, Receipt
from moderation.ports import CommunityRow, CommunityStatus
from moderation.records import Batch, Records
from moderation.voice.ports import NO_VOICES
from sync.journal import open_journal
from sync.mirror import MirrorReader, MirrorWriter
from sync.team import open_team
from sync.vault import Vault
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.desk import FakeEngine
from views import MainWindow, build_window
from views.connect.port import Connecting
from views.settings import MemorySettings
from views.theme import Scheme, Theme
from views.translations import install_language
from views.words import Language

KEY = bytes(range(32))


class TalkingEngine(FakeEngine):
    """An engine whose statuses and messages a test chooses."""

    def __init__(self) -> None:
        super().__init__()
        self.statuses: list[CommunityStatus] = []
        self._heard: list[Callable[[list[ChangeRecord]], None]] = []

    def status(self) -> list[CommunityStatus]:
        """What the test said."""
        return list(self.statuses)

    def listen(self, heard: Callable[[list[ChangeRecord]], None]) -> Callable[[], None]:
        """Remember who listens."""
        self._heard.append(heard)
        return lambda: self._heard.remove(heard)

    def tell(self, records: Sequence[ChangeRecord]) -> None:
        """Something changed."""
        for heard in list(self._heard):
            heard(list(records))


class Stage:
    """Everything behind a window, in reach of a test."""

    def __init__(self, home: Path, clock: FakeClock | None = None, settings: MemorySettings | None = None) -> None:
        self.clock = clock or FakeClock()
        self.vault = Vault(home, KEY)
        self.writer = MirrorWriter(self.vault, now_ms=lambda: int(self.clock.now().timestamp() * 1000))
        self.journal = open_journal(self.vault, self.clock.now)
        self.team = open_team(self.vault, self.clock.now)
        self.mirror = MirrorPerThread(lambda: MirrorReader(self.vault))
        self.engine = TalkingEngine()
        self.ids = FakeIds(self.clock)
        bench = Bench(self.mirror, self.journal, self.team, self.engine, self.clock, self.ids)
        self.voices = NO_VOICES
        self.desk = Desk(bench, card_words=card_words, voices=lambda: self.voices)
        self.settings = settings or MemorySettings()
        self.conversions = Conversions(home / "settings.toml")
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="reads")
        self.loop: Any = None
        self.window: MainWindow | None = None
        self.theme: Theme | None = None
        self.troubles: list[object] = []

    # -- what the server said --------------------------------------------------------------------------------------
    def connect(self, row: CommunityRow) -> None:
        """A community is connected."""
        self.writer.put_community(row)

    def apply(self, community: str, **records: Iterable[Any]) -> list[ChangeRecord]:
        """A server answer: ``items``, ``threads``, ``posts``, ``members``, ``forums``, ``gone``."""
        tables = {name: tuple(rows) for name, rows in records.items()}
        batch = Batch((Records(self.writer.next_seq(), **tables),), {})
        return self.writer.apply(batch, community)

    def news(self, community: str, **records: Iterable[Any]) -> None:
        """A server answer that the engine tells the window."""
        self.engine.tell(self.apply(community, **records))

    # -- the window ------------------------------------------------------------------------------------------------
    def open(
        self,
        app: QApplication,
        size: tuple[int, int] = (1440, 900),
        scheme: Scheme = Scheme.LIGHT,
        language: Language = "en",
        scale: int = 100,
        connecting: Connecting | None = None,
    ) -> MainWindow:
        """Open the window and wait until the first item is shown (or the list is empty)."""
        self.loop = self.loop or qasync.QEventLoop(app)
        self.loop.set_exception_handler(lambda loop, context: self.troubles.append(context.get("exception", context)))
        asyncio.set_event_loop(self.loop)
        install_language(app, language)
        self.theme = Theme(scheme, language=language, scale=scale)
        self.window = build_window(
            self.desk,
            theme=self.theme,
            run_in_background=self._in_background,
            settings=self.settings,
            connecting=connecting,
            converting=self.conversions,
        )
        self.window.resize(*size)
        self.window.show()
        self.settle(app)
        return self.window

    def _in_background(self, fn: Callable[..., Any], /, *args: Any, later: bool = False) -> Any:
        return self.loop.run_in_executor(self.pool, fn, *args)

    def settle(self, app: QApplication, steps: int = 2000) -> None:
        """Let everything that is under way come to rest."""
        assert self.window is not None
        quiet = 0
        for _ in range(steps):
            app.processEvents()
            quiet = 0 if self.window.session.tasks.busy or self._timers() else quiet + 1
            if quiet > 6:
                return
            app.thread().msleep(2)
        raise AssertionError("the window does not come to rest")

    def _timers(self) -> bool:
        assert self.window is not None
        window, session = self.window, self.window.session
        reading = session.feed.waiting_to_read or session.decisions.waiting_to_read
        reading = reading or window.cases_work.waiting_to_read
        reading = reading or window.convert.waiting_to_read or window.following_work.waiting_to_read
        return reading or session.shelf.waiting_to_lay_out or window.queue_work.waiting_to_prepare

    def rest(self, app: QApplication) -> None:
        """As :meth:`settle`, and what waits for a pause in typing is done too."""
        assert self.window is not None
        self.settle(app)
        while self.window.talk.composer.pending or self.window.cases_work.composer.pending:
            app.processEvents()
            app.thread().msleep(5)
        self.settle(app)

    def move(self, intent: str, *states: str, **facts: Any) -> None:
        """The engine moves an intent through these states; the facts belong to the last."""
        states = ("waiting", *states)
        for number, state in enumerate(states):
            now = self.journal.intent(intent)
            assert now is not None
            last = facts if number == len(states) - 1 else {}
            assert self.journal.move(intent, now.state, IntentState(state), **last) is not None

    def close(self) -> None:
        """Close everything."""
        if self.window is not None:
            self.window.session.tasks.close(lambda: None)
            self.window.session.watch.stop()
            self.window.close()
            self.window.deleteLater()
            self.window.session.deleteLater()
        self.pool.shutdown()
        if self.loop is not None:
            QApplication.processEvents()
            self.loop.close()
            asyncio.set_event_loop(None)
        # Outside an event loop nothing else does: windows would live, tick and paint until the end of all tests.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self.mirror.close()
        self.writer.close()
        self.journal.close()
        self.team.close()

    # -- what the engine would do ----------------------------------------------------------------------------------
    def confirm(self, intent: str, server_id: str = "9001") -> None:
        """The effect happened and was read back."""
        now = self.journal.intent(intent)
        assert now is not None
        if now.state is IntentState.HELD:
            self.journal.move(intent, IntentState.HELD, IntentState.WAITING)
        if now.state in {IntentState.HELD, IntentState.WAITING}:
            self.journal.move(intent, IntentState.WAITING, IntentState.SENDING)
        receipt = Receipt(server_id, now.account, self.clock.now())
        self.journal.move(intent, IntentState.SENDING, IntentState.CONFIRMED, receipt=receipt)
