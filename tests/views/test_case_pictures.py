"""Pictures in a private conversation: asked for by key, with the community's own way, kept in memory alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.views.cases_sample import MAREN, PRIVATE, PUBLIC, all_cases
from tests.views.conftest import Opens
from tests.views.keys import SHIFT, press
from tests.views.sample import EN, ROWS
from tests.views.stage import Stage
from tests.views.test_cases import at_hand
from tests.views.test_pictures import WHOLE, Fetching
from views import MainWindow
from views.settings import PictureChoice

K = Qt.Key
SECRET, OPEN = f"https://{EN}/assets/uploads/files/7/meter.png", f"https://{EN}/assets/uploads/files/5/plan.png"
Shown = Callable[..., tuple[Stage, MainWindow, Fetching]]


@pytest.fixture
def shown(opens: Opens) -> Shown:
    """The Private screen on a case whose newest private post has a picture, as has its public thread."""

    def made(choice: PictureChoice = PictureChoice.ASKED) -> tuple[Stage, MainWindow, Fetching]:
        stage, window = opens(ROWS)
        fetching = Fetching()
        stage.engine.picture = fetching.picture  # type: ignore[method-assign]
        window.prefer(window.session.preferences.but(pictures=choice))
        stage.settle(application())
        all_cases(stage)
        for thread, address in ((PRIVATE, SECRET), (PUBLIC, OPEN)):
            theirs = [post for post in stage.desk.mirror.posts(thread, limit=99) if post.author == MAREN]
            body = f'<p>Look:</p><p><img src="{address}" alt="the meter"></p>'
            stage.apply(EN, posts=[replace(theirs[-1], body_html=body, body="Look")])
        press(stage, K.Key_G, K.Key_P)
        assert at_hand(window) == "case-500"
        return stage, window, fetching

    return made


def application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def stands(window: MainWindow, address: str = SECRET) -> str:
    pictures = window.session.pictures
    now = pictures.now(pictures.item or "").get(address)
    return str(now.stage) if now is not None else "absent"


def come_to(window: MainWindow, qtbot: QtBot, stage: str, name: str) -> None:
    """Wait until the picture stands so, and is drawn so in the conversation."""

    def there() -> bool:
        QApplication.processEvents()
        html = window.cases_pane.posts.document().toHtml()
        return stands(window) == stage and f"-{name}" in html

    qtbot.waitUntil(there, timeout=30_000)


def test_a_private_picture_comes_when_asked_for_and_goes_with_its_case(shown: Shown, qtbot: QtBot) -> None:
    stage, window, fetching = shown()
    assert fetching.asked == [], "nothing is loaded unasked"
    press(stage, K.Key_V, modifiers=SHIFT)
    assert fetching.asked == [(EN, SECRET)], "of the private side alone"
    fetching.answer(SECRET, WHOLE)
    come_to(window, qtbot, "blurred", "blurred")
    press(stage, K.Key_V, modifiers=SHIFT)
    come_to(window, qtbot, "clear", "clear")
    assert window.session.pictures.bytes > 0
    press(stage, K.Key_J)
    assert at_hand(window) == "case-504"
    assert window.session.pictures.bytes == 0, "in memory for as long as it is looked at"
    press(stage, K.Key_K)
    assert stands(window) == "absent"
    assert len(fetching.asked) == 1, "coming back asks nobody"


def test_the_public_side_has_its_own_pictures_and_another_screen_lets_them_go(shown: Shown, qtbot: QtBot) -> None:
    stage, window, fetching = shown()
    press(stage, K.Key_V, modifiers=SHIFT)
    fetching.answer(SECRET, WHOLE)
    come_to(window, qtbot, "blurred", "blurred")
    press(stage, K.Key_O, modifiers=SHIFT)
    press(stage, K.Key_V, modifiers=SHIFT)
    assert fetching.asked[-1] == (EN, OPEN)
    press(stage, K.Key_G, K.Key_Q)
    assert window.session.pictures.bytes == 0
    assert fetching.given_up == [OPEN], "what was on its way is given up"
    assert (window.session.pictures.item or "").startswith(f"{EN}:"), "the queue's item has them now"


def test_by_choice_a_private_picture_of_the_community_comes_with_its_post(shown: Shown, qtbot: QtBot) -> None:
    _, _, fetching = shown(PictureChoice.BLURRED)

    def asked() -> bool:
        QApplication.processEvents()
        return (EN, SECRET) in fetching.asked

    qtbot.waitUntil(asked, timeout=10_000)
