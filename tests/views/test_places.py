"""Going away and coming back: one finds the list as it was left."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.plugin import QtBot

from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.sample import EN, ROWS, Records
from tests.views.test_stories import ids, shown
from views import settling
from views.main_window import fits
from views.places import ALL, HELD, MINE
from views.theme import Scheme

K = Qt.Key


def test_the_outbox_and_back_keeps_the_place(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_J, K.Key_J, K.Key_J)
    here = shown(window)
    press(stage, K.Key_G, K.Key_O)
    assert window.lists.currentWidget() is window.outbox
    press(stage, K.Key_G, K.Key_Q)
    assert shown(window) == here
    press(stage, K.Key_E)
    assert str(stage.journal.unfinished()[0].item) == here


def test_the_palette_goes_wherever_the_sidebar_goes(opens: Opens) -> None:
    _, window = opens()
    listed = {found.title for found in window.popups._places("")}
    assert {entry.label for entry in window.sidebar.places.entries.entries if entry.id} <= listed


def test_another_theme_keeps_the_place(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_J, K.Key_J)
    here = shown(window)
    window.prefer(window.session.preferences.but(scheme=Scheme.DARK))
    stage.settle(_app())
    assert shown(window) == here
    assert [entry.count for entry in window.sidebar.places.entries.entries if entry.id == ALL] == [str(len(ROWS))]
    press(stage, K.Key_J)
    assert shown(window) == ids(window)[3]


def test_from_the_outbox_to_an_item(opens: Opens) -> None:
    stage, window = opens()
    listed = ids(window)
    press(stage, K.Key_E, K.Key_J, K.Key_J)
    press(stage, K.Key_G, K.Key_O)
    press(stage, K.Key_O)
    assert shown(window) == listed[0]


def test_an_item_that_the_queue_has_no_longer_is_said(opens: Opens) -> None:
    stage, window = opens()
    window.work.open_item("quillby.example:flag:999")
    stage.settle(_app())
    assert "not in the queue" in window.bar._words_said


def test_an_empty_list_is_said_again_after_a_change_of_colours(opens: Opens) -> None:
    stage, window = opens(())
    window.prefer(window.session.preferences.but(scheme=Scheme.DARK))
    stage.settle(_app())
    assert window.pane.empty.isVisible()
    stage.news(EN, **Records(EN, ROWS[:2]).all())
    press(stage, K.Key_Home)
    assert shown(window)


def test_a_window_with_its_frame_fits_or_fills_the_screen() -> None:
    usual = QSize(1440, 900)
    assert fits(usual, QSize(1920, 1080))
    assert not fits(usual, QSize(1440, 900)), "the title bar would push the status bar off the screen"
    assert not fits(usual, QSize(1280, 800))


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def test_a_window_that_opened_on_nothing_follows_until_the_person_acts(
    opens: Opens, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "LASTS_MS", 600_000)  # on a busy machine the usual seconds are soon over
    stage, window = opens(())
    stage.news(EN, **Records(EN, ROWS[2:5]).all())
    stage.settle(_app())
    top = shown(window)
    stage.news(EN, **Records(EN, ROWS).all())
    qtbot.waitUntil(lambda: len(ids(window)) == len(ROWS), timeout=30_000)
    stage.settle(_app())
    assert shown(window) != top
    assert window.session.feed.waiting == {}


def test_once_the_person_acts_nothing_moves(opens: Opens) -> None:
    stage, window = opens(())
    stage.news(EN, **Records(EN, ROWS[2:5]).all())
    press(stage, K.Key_J, K.Key_K)
    here = shown(window)
    assert not window.settling.following
    stage.news(EN, **Records(EN, ROWS).all())
    stage.settle(_app())
    assert shown(window) == here
    assert window.session.feed.waiting


def test_a_window_that_opened_on_a_list_never_moves_it(opens: Opens) -> None:
    _, window = opens()
    assert not window.settling.following


def test_every_list_of_the_sidebar_has_a_key(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_G, K.Key_M)
    assert window.work.where.place == MINE
    press(stage, K.Key_G, K.Key_H)
    assert window.work.where.place == HELD
    assert ":held:" in shown(window)
