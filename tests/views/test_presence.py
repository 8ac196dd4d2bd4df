"""The sheet of a presence card: what it shows, and what its keys do."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderation.content import Identity
from moderation.ids import Kind, Ref
from moderation.intents import Identities, IntentState
from moderation.people import Consent
from tests.fakes.clock import FakeClock
from tests.views.keys import CONTROL, SHIFT, press
from tests.views.sample import EN, NOW
from tests.views.stage import Stage
from tests.views.team_sample import forum, join
from views import MainWindow
from views.presence.sheet import CardSheet, as_read

K = Qt.Key
COMPANY = Ref(EN, Kind.MEMBER, "99")


@pytest.fixture(scope="module")
def room(
    qapp: QApplication, tmp_path_factory: pytest.TempPathFactory, empty_home: Path
) -> Iterator[tuple[Stage, MainWindow]]:
    """One window at the screen; Ines, who follows Billing, may be named."""
    stage = Stage(shutil.copytree(empty_home, tmp_path_factory.mktemp("cards") / "home"), FakeClock(NOW))
    join(stage, also=False)
    ines = next(one for one in stage.team.roster() if one.name == "Ines Lanternby")
    stage.team.keep_person(replace(ines, consent=Consent.NAME))
    window = stage.open(qapp)
    press(stage, K.Key_G, K.Key_F)
    yield stage, window
    stage.close()
    assert not stage.troubles, stage.troubles


def opened(stage: Stage, window: MainWindow, name: str) -> CardSheet:
    window.following_work.kept.at = (str(forum(name)), window.following_work.kept.at[1])
    window.following_work.refresh()
    stage.settle(QApplication.instance())  # type: ignore[arg-type]
    press(stage, K.Key_G, modifiers=SHIFT)
    doing = window.following_work.doing
    assert doing is not None
    assert doing.cards is not None
    return doing.cards.sheet


def test_a_card_is_shown_before_it_is_published_once(room: tuple[Stage, MainWindow]) -> None:
    stage, window = room
    sheet = opened(stage, window, "Billing")
    assert sheet.isVisible()
    assert not sheet.send.isEnabled()
    assert "company account" in sheet.remarks.text()
    press(stage, K.Key_Return, modifiers=CONTROL)
    press(stage, K.Key_Escape)
    assert stage.journal.unfinished() == []

    row = next(one for one in stage.mirror.communities() if one.name == EN)
    official = Identity(COMPANY, "Quillby", frozenset({"moderator"}))
    stage.connect(replace(row, official=official))
    sheet = opened(stage, window, "Billing")
    assert "Ines Lanternby" in sheet.text.text()
    assert "presence-card" not in sheet.text.text()
    press(stage, K.Key_L)
    assert "担当" in sheet.text.text()
    press(stage, K.Key_L)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert not sheet.isVisible()
    steps = stage.journal.unfinished()
    assert [one.payload["what"] for one in steps] == ["card_open", "card_close", "card_pin"]
    assert {(one.account, one.identity) for one in steps} == {(str(COMPANY), Identities.OFFICIAL)}
    sheet = opened(stage, window, "Billing")
    assert not sheet.send.isEnabled()
    press(stage, K.Key_Escape)
    press(stage, K.Key_Z)
    assert {one.state for one in stage.journal.plans()[0].intents} == {IntentState.CANCELLED}


def test_nobody_covers_and_that_is_said(room: tuple[Stage, MainWindow]) -> None:
    stage, window = room
    sheet = opened(stage, window, "Developers")
    assert not sheet.send.isEnabled()
    assert "Nobody covers" in sheet.remarks.text()
    assert not sheet.down.isVisible()
    press(stage, K.Key_Escape)


def test_markdown_is_shown_as_it_is_read() -> None:
    assert as_read("[//]: # (presence-card 5)\n\n- **Who:** A\\*B\n\nWe.") == "•  Who: A*B\n\nWe."
