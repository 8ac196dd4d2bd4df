"""The dialogue on a community that answers: a thread goes private by keys, nobody outside reads it; and back again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.plugin import QtBot

from console.conversions import Conversions
from moderation.cases import CaseState
from moderation.intents import IntentState
from tests.conversion.stage import CUSTOMER, PHONE, SECRET
from tests.conversion.stage import Stage as Community
from tests.views.keys import ALT, CONTROL, press
from tests.views.stage import Stage, TalkingEngine
from views.convert.dialog import Mode
from views.settings import MemorySettings

K = Qt.Key


class Played(Stage):
    """A window over a home whose outbox speaks with the sample community."""

    def __init__(self, community: Community, home: Path) -> None:
        self.clock, self.desk = community.clock, community.desk
        self.engine = TalkingEngine()
        self.desk.bench.engine = self.engine
        self.settings, self.conversions = MemorySettings(), Conversions(home / "settings.toml")
        self.loop, self.window, self.theme, self.troubles = None, None, None, []

    def _in_background(self, fn: Callable[..., Any], /, *args: Any, later: bool = False) -> Any:
        async def now() -> Any:
            return fn(*args)

        return now()

    def close(self) -> None:
        """The window alone; the stores belong to the community's stage."""
        assert self.window is not None
        self.window.session.tasks.close(lambda: None)
        self.window.session.watch.stop()
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()
        self.loop.close()


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    made = Community(tmp_path / "home")
    yield made
    made.close()


def test_a_thread_goes_private_by_keys_and_comes_back(
    qapp: QApplication, qtbot: QtBot, community: Community, tmp_path: Path
) -> None:
    stage = Played(community, tmp_path)
    window = stage.open(qapp)
    before = community.readers()
    assert SECRET in community.seen_by(None)
    window.convert.open(community.thread, "Invoice still shows my old address")
    stage.settle(qapp)
    here = window.convert.dialog
    assert here is not None
    assert here.planned is not None
    assert set(here.planned.conversion.leaves) == set(community.posts)
    assert "private forum is not known" in here.said.text()
    here.choices.under.setFocus()
    while here.choices.under.currentText() != "Private cases":
        press(stage, K.Key_Down)
    assert here.go.isEnabled(), here.said.text()
    press(stage, K.Key_Return, modifiers=CONTROL)
    community.settle()
    window.session.decisions.refresh(touch=True)
    stage.settle(qapp)
    assert {line.state for line in here.choices.steps.lines[:-1]} == {IntentState.CONFIRMED}
    assert here.mode is Mode.CASE
    outside = community.seen_by(None)
    assert SECRET not in outside
    assert PHONE not in outside
    assert SECRET in community.seen_by(CUSTOMER)

    press(stage, K.Key_U, modifiers=ALT)
    assert here.mode is Mode.BACK
    assert SECRET not in community.seen_by(None), "looking at the way back changes nothing"
    press(stage, K.Key_Return, modifiers=CONTROL)
    community.settle()
    window.session.decisions.changed.emit()
    stage.settle(qapp)
    assert here.mode is Mode.OVER
    assert {line.state for line in here.choices.steps.lines} == {IntentState.CONFIRMED}, "as it ended"
    assert community.case().state is CaseState.UNDONE
    assert community.readers() == before
    press(stage, K.Key_Escape)
    assert window.convert.dialog is None
    stage.close()
    assert not stage.troubles
