"""A window on real stores for each test; a warning of Qt or an error in a callback fails it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.plugin import QtBot

from moderation.ports import CommunityStatus
from tests.fakes.clock import FakeClock
from tests.views.sample import EN, NOW, ROWS, Records, Row, community
from tests.views.stage import Stage
from views import MainWindow

_HARMLESS = ("This plugin does not support ",)  # what the offscreen platform says of itself
Opens = Callable[..., tuple[Stage, MainWindow]]


@pytest.fixture(autouse=True)
def _quiet_qt(request: pytest.FixtureRequest, qtlog: Any) -> Iterator[None]:
    """Unexpected Qt warnings fail."""
    yield
    said = [record.message for record in qtlog.records if not record.message.startswith(_HARMLESS)]
    assert not said, said


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose stores are made and empty; making them takes longer than copying them."""
    home = tmp_path_factory.mktemp("home") / "empty"
    stage = Stage(home, FakeClock(NOW))
    stage.close()
    return home


@pytest.fixture
def opens(qapp: QApplication, qtbot: QtBot, tmp_path: Path, empty_home: Path) -> Iterator[Opens]:
    """Opens a window on the English sample: ``opens(rows, size=…, language=…)`` gives stage and window."""
    stages: list[Stage] = []

    def opened(rows: tuple[Row, ...] = ROWS, **look: Any) -> tuple[Stage, MainWindow]:
        home = shutil.copytree(empty_home, tmp_path / f"home{len(stages)}")
        stage = Stage(home, FakeClock(NOW))
        stages.append(stage)
        stage.connect(look.pop("connected", None) or community())
        if rows:
            stage.apply(EN, **Records(EN, rows).all())
        stage.engine.statuses = [CommunityStatus(EN, "connected", read_at=NOW)]
        return stage, stage.open(qapp, **look)

    yield opened
    for stage in stages:
        stage.close()
        assert not stage.troubles, stage.troubles


@pytest.fixture
def settled(qapp: QApplication) -> Callable[[Stage], None]:
    """Lets everything come to rest."""
    return lambda stage: stage.rest(qapp)
