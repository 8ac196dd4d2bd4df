"""A window with nothing connected, a real sign-in behind it, and communities on loopback to sign in to."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.credentials import Credentials, ForThisRun
from console.engine_client import EngineClient
from console.home import Home
from console.keyrings import Backend
from console.settings import Connected, load
from console.sign_in.client import SignInClient
from moderation.errors import StoreError
from sync.sandbox import SampleCommunity, Server, Size, serve
from tests.fakes.clock import FakeClock
from tests.views.sample import NOW
from tests.views.stage import KEY, Stage
from views import MainWindow
from views.connect.dialog import ConnectDialog
from views.connect.leave_dialog import LeaveDialog
from views.connect.port import Connecting


def no_keyring() -> Backend:
    raise StoreError("keyring_missing")


class Booth:
    """Where a person signs in: the window, its sheet, and what is remembered."""

    def __init__(self, app: QApplication, folder: Path, **look: Any) -> None:
        self.app = app
        self.home = Home(folder.resolve())
        self.stage = Stage(folder, FakeClock(NOW))
        self.credentials = Credentials(self.home, ForThisRun(store_key=KEY.hex()), no_keyring)
        self.engine = EngineClient(self.home, self.credentials.for_engine, may_start=False)
        self.sign_in = SignInClient(self.home, self.credentials, self.engine)
        self.patient = ThreadPoolExecutor(1, thread_name_prefix="sign in")
        self.samples = 0
        connecting = Connecting(self.sign_in, self._run, self._sample)
        self.window: MainWindow = self.stage.open(app, connecting=connecting, **{"size": (1280, 800), **look})

    def _run(self, fn: Callable[..., Any], /, *args: Any, later: bool = False) -> Any:
        return self.stage.loop.run_in_executor(self.patient, fn, *args)

    def _sample(self) -> None:
        self.samples += 1

    def until(self, so: Callable[[], object], seconds: float = 30.0) -> None:
        """Let things happen until something is so."""
        limit = time.monotonic() + seconds
        while not so():
            assert time.monotonic() < limit, so
            self.app.processEvents()
            self.app.thread().msleep(2)

    @property
    def sheet(self) -> ConnectDialog:
        assert isinstance(self.window.sheet, ConnectDialog)
        return self.window.sheet

    @property
    def leaving(self) -> LeaveDialog:
        assert isinstance(self.window.sheet, LeaveDialog)
        return self.window.sheet

    @property
    def remembered(self) -> dict[str, Connected]:
        return load(self.home.settings).communities

    def at_rest(self) -> None:
        """The answer is there."""
        self.until(lambda: self.window.sheet is None or not self.sheet.asking.busy)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is, once the window has it back from what was closed."""
        top = self.window.sheet or self.window
        top.activateWindow()
        self.until(top.isActiveWindow)
        QTest.keyClick(self.focus(), key, modifier)
        self.app.processEvents()

    def focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window.sheet or self.window

    def begin(self, url: str) -> None:
        """From the words of welcome to the answer for an address."""
        welcome = self.window.connect_work.welcome
        assert welcome is not None
        welcome.field.setText(url)
        welcome.button.click()
        self.at_rest()

    def give(self, key: str, name: str = "") -> None:
        """Give a key, and wait for who it is."""
        page = self.sheet.key_page
        page.name.setText(name)
        page.key.line.setText(key)
        self.sheet.on.click()
        self.at_rest()

    def keep(self) -> None:
        """Agree to who it is."""
        self.sheet.on.click()
        self.until(lambda: self.window.sheet is None)
        self.stage.settle(self.app)

    def close(self) -> None:
        if self.window.sheet is not None:
            self.window.sheet.reject()
        self.patient.shutdown(wait=True)
        self.sign_in.stop()
        self.app.processEvents()
        self.stage.close()
        self.engine.close()
        assert not self.stage.troubles, self.stage.troubles


Opens = Callable[..., Booth]


@pytest.fixture
def opens_booth(qapp: QApplication, qtbot: object, tmp_path: Path) -> Iterator[Opens]:
    """Opens it; ``size``, ``scheme`` and ``language`` as for any window."""
    made: list[Booth] = []

    def opened(**look: Any) -> Booth:
        made.append(Booth(qapp, tmp_path / f"home{len(made)}", **look))
        return made[-1]

    yield opened
    for booth in made:
        booth.close()


@pytest.fixture
def booth(opens_booth: Opens) -> Booth:
    """One in English."""
    return opens_booth()


def served(face: str) -> Iterator[Server]:
    with serve(SampleCommunity.seeded(7, Size.small()), face=face) as server:
        yield server


@pytest.fixture
def nodebb() -> Iterator[Server]:
    """A NodeBB."""
    yield from served("nodebb")


@pytest.fixture
def discourse() -> Iterator[Server]:
    """A Discourse."""
    yield from served("discourse")
