"""The window's process: Qt, one event loop for it and asyncio, a small executor for store reads, and a clean end."""

import argparse
import asyncio
import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import qasync
from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal
from PySide6.QtWidgets import QApplication

from console import crash, dialogues, keyrings
from console.conversions import Conversions
from console.credentials import SECRET_VARIABLES, Credentials, ForThisRun
from console.settings import WindowSettings
from console.sign_in.client import SignInClient, open_sample
from console.tray import Tray, tray_of
from console.wiring import Workplace
from moderation.errors import MarqueeError
from views import MainWindow, build_window
from views.connect.port import Connecting
from views.crash_dialog import CrashDialog
from views.settings import Preferences
from views.theme import Theme
from views.translations import install_language
from views.words import LANGUAGES, Language

if TYPE_CHECKING:
    from console.cli.context import Context

T = TypeVar("T")
SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter while the window's waits for it; Python's own is ten times that."""
LOOK_EVERY_MS = 30
SETTLED_MS = 1500
"""After the first paint, when what takes long to import has been imported."""


def run(context: "Context", parsed: argparse.Namespace) -> int:
    """Open the window and stay until it is closed; gives the exit code."""
    if lacks_display(context.environment):
        context.say("cli_no_display")
        return 1
    application = make_application()
    try:
        credentials = credentials_for(context)
        credentials.store_key()
    except MarqueeError as error:
        context.err.write(context.explain(error) + "\n")
        dialogues.sorry(context.explain(error))
        return 1
    with opened(context, application, credentials) as program:
        program.open()
        program.stay()
    return 0


def lacks_display(environment: Mapping[str, str]) -> bool:
    """True where Qt would end the process because there is no screen to open a window on."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform == "linux" and not any(environment.get(name) for name in named)


def opened(context: "Context", application: QApplication, credentials: Credentials) -> "Program":
    """The window's program on a home; use it in a ``with`` block."""
    install_language(application, language_of(context))
    workplace = Workplace.build(context.home, context.settings, credentials, window=True)
    return Program(application, workplace, context, credentials)


def language_of(context: "Context") -> Language:
    """The language of the window."""
    return next((known for known in LANGUAGES if known == context.language), "en")


def make_application() -> QApplication:
    """The one of this process."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(["marquee"])
    application.setApplicationName("marquee")
    application.setApplicationDisplayName("Marquee")
    application.setQuitOnLastWindowClosed(False)
    return application


def credentials_for(context: "Context") -> Credentials:
    """Keys and tokens; where there is no keyring a dialogue asks for the passphrase."""
    given = ForThisRun.of(context.environment, context.community)
    trusted = context.settings.trusted_keyring

    def ask(new: bool) -> str | None:
        return dialogues.ask_passphrase(context.words, new=new)

    return Credentials(context.home, given, lambda: keyrings.find_backend(trusted), ask)


def spare_collections() -> None:
    """Looking for cyclic garbage among all that is there for good takes tens of milliseconds: leave that out, and look
    less often at the rest.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class Program(QObject):
    """Event loop, executor and hooks around one workplace; use it in a ``with`` block.

    ``crashed`` carries a bug from whichever thread it happened on to the window's: a sentence, where the report lies
    (empty where it could not be kept), the report.
    """

    crashed = Signal(str, str, str)

    def __init__(
        self, application: QApplication, workplace: Workplace, context: "Context", credentials: Credentials
    ) -> None:
        super().__init__()
        self.workplace = workplace
        self.application = application
        self._context = context
        self._loop = qasync.QEventLoop(application)
        self._now = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._later = ThreadPoolExecutor(1, thread_name_prefix="patient reader")
        self._patient = ThreadPoolExecutor(1, thread_name_prefix="sign in")
        self._sign_in = SignInClient(workplace.home, credentials, workplace.engine)
        self._over = asyncio.Event()
        self._hooks = (sys.excepthook, threading.excepthook)
        self._dialogue: object | None = None
        self._walk: asyncio.Task[Any] | None = None
        self.window: MainWindow | None = None
        self._tray: Tray | None = None

    def __enter__(self) -> "Program":
        self._switch_before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(self._loop_failed)
        self.crashed.connect(self._show_crash)
        sys.excepthook = self._failed
        threading.excepthook = lambda facts: self._failed(facts.exc_type, facts.exc_value, facts.exc_traceback)
        self.application.lastWindowClosed.connect(self._over.set)
        self._signals = EndingSignals(self._end_asked)
        return self

    def __exit__(self, *_: object) -> None:
        self._signals.close()
        self._loop.run_until_complete(self._cancel_tasks())
        self._sign_in.stop()
        for threads in (self._now, self._later, self._patient):
            threads.shutdown(wait=True, cancel_futures=True)
        self.workplace.close()
        sys.excepthook, threading.excepthook = self._hooks
        asyncio.set_event_loop(None)
        self._loop.close()
        sys.setswitchinterval(self._switch_before)

    async def _cancel_tasks(self) -> None:
        """Whatever still waits for something will not get it."""
        tasks = asyncio.all_tasks(self._loop) - {asyncio.current_task(self._loop)}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def run_in_background(self, fn: Callable[..., Any], /, *args: Any, later: bool = False) -> "asyncio.Future[Any]":
        """Call ``fn`` on the reading thread, or on the one for what nobody waits for; the future belongs to the
        window's loop.
        """
        future: asyncio.Future[Any] = self._loop.run_in_executor(self._later if later else self._now, fn, *args)
        return future

    def _sign_in_beside(self, fn: Callable[..., Any], /, *args: Any, later: bool = False) -> "asyncio.Future[Any]":
        """Call on the thread that may wait for a server or for the keyring, where nothing else waits behind it."""
        future: asyncio.Future[Any] = self._loop.run_in_executor(self._patient, fn, *args)
        return future

    def open(self) -> MainWindow:
        """Show the window. What takes long to import is opened after it was painted."""
        settings = WindowSettings(self.workplace.home.settings)
        wanted = Preferences.read(settings, language_of(self._context))
        theme = Theme(wanted.scheme, scale=wanted.scale, language=wanted.language, status_colours=wanted.status_colours)
        self.window = build_window(
            self.workplace.desk,
            theme=theme,
            run_in_background=self.run_in_background,
            settings=settings,
            connecting=Connecting(self._sign_in, self._sign_in_beside, open_sample),
            converting=Conversions(self.workplace.home.settings),
        )
        self.window.session.feed.started.connect(self._list_is_there)
        self._tray = tray_of(self.window, self)
        self._sign_in_beside(self._sign_in.put_right)
        self.window.show()
        return self.window

    def _list_is_there(self) -> None:
        """Once the first item is painted too, what takes long to import may be imported."""
        if self.window is None or self.workplace.painted.is_set():
            return
        empty = self.window.session.feed.model.rowCount() == 0
        if empty or self.window.queue_work.facts() is not None:
            self.workplace.painted.set()
            QTimer.singleShot(SETTLED_MS, spare_collections)
        else:
            QTimer.singleShot(LOOK_EVERY_MS, self._list_is_there)

    def stay(self) -> None:
        """Until the last window is closed; not at all when the end was asked for before there was one."""
        if not self._signals.asked:
            self._loop.run_until_complete(self._over.wait())

    def run_until(self, done: Coroutine[Any, Any, T]) -> T:
        """Run the loop until something is done: for a walk through the window without a person.

        Raises ``KeyboardInterrupt`` when a signal asks for the end before; what waits for the engine beside it waits
        no more.
        """
        self._walk = self._loop.create_task(done)
        if self._signals.asked:
            self._walk.cancel()
        try:
            result: T = self._loop.run_until_complete(self._walk)
        except asyncio.CancelledError:
            self.workplace.engine.stop_engine()
            raise KeyboardInterrupt from None
        return result

    def _end_asked(self) -> None:
        """By a signal: the windows close, and a walk that nobody watches ends."""
        if self._walk is not None:
            self._walk.cancel()
        self.application.closeAllWindows()

    # -- our bugs

    def _failed(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or issubclass(kind, KeyboardInterrupt):
            self.application.closeAllWindows()
            return
        secrets = [self._context.environment.get(name, "") for name in SECRET_VARIABLES]
        text = crash.report(error.with_traceback(trace), secrets)
        path = crash.keep(text, self.workplace.home.logs)
        sentence = self._context.words("cli_crashed", kind=kind.__name__, path=str(path or "-"))
        self.crashed.emit(sentence, str(path or ""), text)

    def _loop_failed(self, loop: asyncio.AbstractEventLoop, facts: dict[str, Any]) -> None:
        error = facts.get("exception") or RuntimeError(str(facts.get("message")))
        self._failed(type(error), error, error.__traceback__)

    def _show_crash(self, sentence: str, kept: str, report: str) -> None:
        """One dialogue at a time: the first bug often brings others after it."""
        if self._dialogue is not None:
            return
        if self.window is None:
            self._dialogue = dialogues.show_crash(None, sentence, report, self._forget_dialogue)
            return
        dialogue = CrashDialog(report, kept, self.window.theme, self.window)
        dialogue.finished.connect(self._forget_dialogue)
        dialogue.open()
        self._dialogue = dialogue

    def _forget_dialogue(self) -> None:
        self._dialogue = None


class EndingSignals:
    """Ctrl-C in the terminal and the end of the session close the windows, which write what is left first.

    Python handles signals only between its own instructions; the wake-up socket brings Qt's loop back to Python.
    """

    def __init__(self, end: Callable[[], object]) -> None:
        self._end = end
        self.asked = False
        self._ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        self._theirs = theirs
        self._before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, self._handle) for number in (signal.SIGINT, signal.SIGTERM)}
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda *_: self._ours.recv(64))

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        QTimer.singleShot(0, self._end)

    def close(self) -> None:
        """Give the signals back."""
        signal.set_wakeup_fd(self._before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._theirs.close()
