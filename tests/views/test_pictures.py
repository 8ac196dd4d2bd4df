"""Pictures in posts: nothing is loaded unasked, nothing is clear unasked, and nothing stays."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from moderation.content import PictureFile
from moderation.errors import MarqueeError, TryLaterError
from moderation.ports import PictureHeard
from tests.support.pictures import GIF, png
from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.sample import EN, ROWS, Records
from tests.views.stage import Stage
from views import MainWindow
from views.item.inert import Picture
from views.item.pictures import Stage as How
from views.item.pictures_drawn import Room, blurred, drawn
from views.item.pictures_held import Pictures
from views.settings import PictureChoice
from views.settings_dialog import SettingsDialog
from views.words import Words

OWN, FAR = f"https://{EN}/uploads/shelf.png", "https://img.example/far.png"
TWO = (ROWS[0], ROWS[12])
WHOLE = PictureFile("png", png(240, 160))


class Fetching:
    """The engine's part: remembers what it is asked for and answers when a test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.heard: dict[str, PictureHeard] = {}
        self.given_up: list[str] = []

    def picture(self, community: str, address: str, heard: PictureHeard) -> Callable[[], None]:
        self.asked.append((community, address))
        self.heard[address] = heard
        return lambda: self.given_up.append(address)

    def answer(self, address: str, answer: PictureFile | MarqueeError = WHOLE) -> None:
        self.heard[address](answer)


Post = Callable[..., tuple[Stage, MainWindow, Fetching]]


@pytest.fixture
def posted(opens: Opens, settled: Callable[[Stage], None], qtbot: QtBot) -> Post:
    """A window whose first item has these pictures in its post."""

    def shown(*addresses: str, choice: PictureChoice = PictureChoice.ASKED) -> tuple[Stage, MainWindow, Fetching]:
        stage, window = opens(TWO)
        fetching = Fetching()
        stage.engine.picture = fetching.picture  # type: ignore[method-assign]
        window.prefer(window.session.preferences.but(pictures=choice))
        html = "<p>Look:</p>" + "".join(
            f'<p><img src="{one}" alt="shelf {n}"></p>' for n, one in enumerate(addresses, 1)
        )
        records = Records(EN, TWO)
        posts = [replace(one, body_html=html) if one.body == ROWS[0].text else one for one in records.posts]
        stage.news(EN, posts=posts)
        settled(stage)
        return stage, window, fetching

    return shown


def stands(window: MainWindow, address: str = OWN) -> str:
    pictures = window.session.pictures
    now = pictures.now(pictures.item or "").get(address)
    return str(now.stage) if now is not None else "absent"


def come_to(window: MainWindow, qtbot: QtBot, stage: str, address: str = OWN, *, said: str = "") -> None:
    """Wait until a picture stands so, and the thread says so."""

    def there() -> bool:
        _turn(window)
        return stands(window, address) == stage and said in window.pane.posts.toPlainText()

    qtbot.waitUntil(there, timeout=30_000)


def _turn(window: MainWindow) -> None:
    asyncio.get_event_loop()
    QApplication.processEvents()


def load(stage: Stage) -> None:
    """The key for pictures."""
    press(stage, Qt.Key.Key_V, modifiers=Qt.KeyboardModifier.ShiftModifier)


def look(window: MainWindow) -> QImage:
    return window.pane.posts.viewport().grab().toImage()


def drawings(window: MainWindow) -> list[str]:
    """Names of the pictures that stand in the thread as pictures."""
    html = window.pane.posts.document().toHtml()
    return [part.split('"')[0] for part in html.split('src="marquee:drawn/')[1:]]


def shown_as(window: MainWindow, qtbot: QtBot, number: int, look: str) -> str:
    """The name of a picture in the thread, once it stands there clearly or blurred."""

    def there() -> bool:
        return any(name.endswith(f"-{look}") for name in drawings(window)[number : number + 1])

    qtbot.waitUntil(there, timeout=30_000)
    return drawings(window)[number]


def test_a_box_stands_where_the_picture_was_and_nothing_is_asked(posted: Post) -> None:
    _, window, fetching = posted(OWN, FAR)
    text = window.pane.posts.toPlainText()
    assert "shelf 1" in text
    assert f"Picture from {EN}, not loaded" in text
    assert "Picture from img.example, not loaded" in text
    assert text.index("Look:") < text.index("shelf 1") < text.index("shelf 2")
    assert fetching.asked == []
    assert drawings(window) == []


def test_the_key_loads_all_of_them_blurred_then_shows_one_after_another(posted: Post, qtbot: QtBot) -> None:
    stage, window, fetching = posted(OWN, FAR)
    load(stage)
    assert fetching.asked == [(EN, OWN), (EN, FAR)]
    come_to(window, qtbot, "coming", said="loading…")
    for address in (OWN, FAR):
        fetching.answer(address)
        come_to(window, qtbot, "blurred", address, said=", blurred")
    load(stage)
    assert (stands(window), stands(window, FAR)) == ("clear", "blurred")
    load(stage)
    assert (stands(window), stands(window, FAR)) == ("clear", "clear")
    load(stage)
    assert (stands(window), stands(window, FAR)) == ("blurred", "blurred")
    assert len(fetching.asked) == 2


def test_the_same_picture_twice_is_asked_for_once(posted: Post) -> None:
    stage, _, fetching = posted(OWN, OWN)
    load(stage)
    assert fetching.asked == [(EN, OWN)]


def test_a_press_on_one_loads_that_one_and_shows_and_blurs_it(posted: Post, qtbot: QtBot) -> None:
    _, window, fetching = posted(FAR, OWN)
    posts = window.pane.posts
    posts.picture.emit(1)
    assert fetching.asked == [(EN, OWN)]
    fetching.answer(OWN)
    come_to(window, qtbot, "blurred", said="blurred")
    _click(window, shown_as(window, qtbot, 0, "blurred"))
    come_to(window, qtbot, "clear")
    _click(window, shown_as(window, qtbot, 0, "clear"))
    come_to(window, qtbot, "blurred")


def _click(window: MainWindow, name: str) -> None:
    """Click in the middle of a picture."""
    posts = window.pane.posts
    _middle(window, name, scroll=True)
    QTest.mouseClick(posts.viewport(), Qt.MouseButton.LeftButton, pos=_middle(window, name))


def _middle(window: MainWindow, name: str, *, scroll: bool = False) -> QPoint:
    """Where a picture stands in the thread's view."""
    posts = window.pane.posts
    block = posts.document().begin()
    while block.isValid():
        for part in block:
            if (image := part.fragment().charFormat().toImageFormat()).name() == f"marquee:drawn/{name}":
                cursor = QTextCursor(posts.document())
                cursor.setPosition(part.fragment().position() + 1)
                if scroll:
                    posts.setTextCursor(cursor)
                    posts.ensureCursorVisible()
                corner = posts.cursorRect(cursor)
                return QPoint(corner.left() - round(image.width()) // 2, corner.bottom() - round(image.height()) // 2)
        block = block.next()
    raise AssertionError(f"{name} is not drawn")


def test_tab_comes_to_a_picture_and_enter_shows_and_blurs_it(posted: Post, qtbot: QtBot) -> None:
    _, window, fetching = posted(OWN)
    posts = window.pane.posts
    posts.setFocus()
    for _ in range(20):
        QTest.keyClick(posts, Qt.Key.Key_Tab)
        if posts.pointed_picture():
            break
    assert posts.pointed_picture() == "marquee:picture/0"
    QTest.keyClick(posts, Qt.Key.Key_Return)
    come_to(window, qtbot, "coming", said="loading…")
    fetching.answer(OWN)
    come_to(window, qtbot, "blurred", said="blurred")
    assert posts.pointed_picture() == "marquee:picture/0"
    QTest.keyClick(posts, Qt.Key.Key_Return)
    come_to(window, qtbot, "clear", said="Blur")
    QTest.keyClick(posts, Qt.Key.Key_Return)
    come_to(window, qtbot, "blurred", said="Show clearly")


def test_a_picture_that_is_shown_clearly_is_in_view_and_in_its_own_colours(posted: Post, qtbot: QtBot) -> None:
    stage, window, fetching = posted(FAR, OWN)
    load(stage)
    for address in (FAR, OWN):
        fetching.answer(address, PictureFile("png", png(500, 480)))
        come_to(window, qtbot, "blurred", address)
    posts = window.pane.posts
    for number in (0, 1):
        load(stage)
        name = shown_as(window, qtbot, number, "clear")
        assert posts.pointed_picture() == f"marquee:picture/{number}"
        start, end = posts.textCursor().selectionStart(), posts.textCursor().selectionEnd()
        assert posts.document().toRawText()[start:end] == "Blur"
        room = posts.viewport().rect()
        assert room.contains(_middle(window, name))


def test_what_does_not_come_is_said_in_the_box_and_a_press_tries_again(posted: Post, qtbot: QtBot) -> None:
    stage, window, fetching = posted(FAR)
    load(stage)
    fetching.answer(FAR, TryLaterError("picture_slow", host="img.example"))
    come_to(window, qtbot, "failed", FAR, said="img.example took too long.")
    load(stage)
    assert len(fetching.asked) == 2
    come_to(window, qtbot, "coming", FAR, said="loading…")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (PictureFile("png", png(9, 9, claims=(29_000, 29_000))), "29000 × 29000 pixels"),
        (PictureFile("png", png(200, 200)[:300]), "no whole PNG picture"),
        (PictureFile("svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"), "thrown away unopened"),
    ],
    ids=["bomb", "truncated", "svg"],
)
def test_what_cannot_be_opened_is_said(posted: Post, qtbot: QtBot, file: PictureFile, said: str) -> None:
    stage, window, fetching = posted(FAR)
    load(stage)
    fetching.answer(FAR, file)
    come_to(window, qtbot, "failed", FAR, said=said)


def test_leaving_the_item_lets_go_of_everything(posted: Post, qtbot: QtBot, settled: Callable[[Stage], None]) -> None:
    stage, window, fetching = posted(OWN, FAR)
    load(stage)
    fetching.answer(OWN)
    come_to(window, qtbot, "blurred")
    press(stage, "j")
    settled(stage)
    assert window.session.pictures.bytes == 0
    assert fetching.given_up == [FAR]
    fetching.answer(FAR)
    press(stage, "k")
    settled(stage)
    assert (stands(window), stands(window, FAR)) == ("absent", "absent")
    assert window.pane.posts.toPlainText().count("not loaded") == 2
    assert drawings(window) == []


def test_panic_takes_pictures_away_at_once(posted: Post, qtbot: QtBot, settled: Callable[[Stage], None]) -> None:
    stage, window, fetching = posted(OWN)
    load(stage)
    fetching.answer(OWN)
    come_to(window, qtbot, "blurred", said="blurred")
    load(stage)
    middle = _middle(window, shown_as(window, qtbot, 0, "clear"))
    before, ground = look(window).pixelColor(middle), window.theme.colour("window")
    painted: list[bool] = []
    window.pane.posts.painted.connect(lambda: painted.append(True))
    window.registry.run("all_back")
    assert painted, "it is gone from the screen before the document is written anew"
    assert window.session.pictures.bytes == 0
    after = look(window).pixelColor(middle)
    assert after == ground != before
    settled(stage)
    assert "not loaded" in window.pane.posts.toPlainText()


def test_another_screen_lets_go_too(posted: Post, qtbot: QtBot, settled: Callable[[Stage], None]) -> None:
    stage, window, fetching = posted(OWN)
    load(stage)
    fetching.answer(OWN)
    come_to(window, qtbot, "blurred")
    window.registry.run("go_outbox")
    settled(stage)
    assert window.session.pictures.bytes == 0


def test_by_choice_the_communitys_own_pictures_come_with_the_post_but_no_others(posted: Post, qtbot: QtBot) -> None:
    _, window, fetching = posted(OWN, FAR, choice=PictureChoice.SHOWN)
    qtbot.waitUntil(lambda: bool(fetching.asked))
    assert fetching.asked == [(EN, OWN)]
    fetching.answer(OWN)
    come_to(window, qtbot, "clear")
    window.registry.run("all_back")
    qtbot.wait(350)
    assert fetching.asked == [(EN, OWN)], "what panic took away stays away"
    assert stands(window) == "absent"


def test_the_choice_is_kept_and_stands_in_the_settings(posted: Post, qtbot: QtBot) -> None:
    stage, window, _ = posted(OWN)
    dialog = SettingsDialog(window.session.preferences, window.theme, Words("en"), window)
    dialog.chosen.connect(window.prefer)
    assert dialog.pictures.currentIndex() == 0
    dialog.pictures.setCurrentIndex(2)
    assert stage.settings.get("window.pictures") == "shown"
    assert window.session.pictures.show_clearly
    label = dialog.pictures.parent().layout()
    assert label is not None


def test_people_who_cannot_see_are_told(posted: Post, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, window, fetching = posted(OWN)
    said: list[str] = []
    monkeypatch.setattr(window.work, "announce", said.append)
    load(stage)
    fetching.answer(OWN)
    come_to(window, qtbot, "blurred")
    load(stage)
    assert said == [
        "Loading pictures…",
        "Picture 1 of 1, blurred: shelf 1",
        "Picture 1 of 1, shown clearly: shelf 1",
    ]
    interface = QAccessible.queryAccessibleInterface(window.pane.posts)
    text = interface.textInterface()
    assert "shelf 1" in text.text(0, text.characterCount())


def test_without_pictures_the_key_says_so(opens: Opens) -> None:
    stage, window = opens(ROWS[:1])
    load(stage)
    assert window.bar.toolTip() == "There is no picture in these posts."


# -- what is held, without a window


@pytest.fixture
def held(qtbot: QtBot) -> Any:
    fetching = Fetching()
    pictures = Pictures(fetching, most_bytes=400_000)  # type: ignore[arg-type]
    pictures.enter("c:flag:1", "c")
    yield pictures, fetching
    pictures.close()


def test_memory_is_bounded_and_the_oldest_go(held: Any, qtbot: QtBot) -> None:
    pictures, fetching = held
    for n in range(4):
        pictures.load([f"https://c.example/{n}.png"])
        fetching.answer(f"https://c.example/{n}.png")
        qtbot.waitUntil(lambda n=n: f"https://c.example/{n}.png" in pictures.now("c:flag:1"))
        qtbot.waitUntil(lambda n=n: pictures.now("c:flag:1")[f"https://c.example/{n}.png"].shown)
        assert pictures.bytes <= 400_000
    assert "https://c.example/0.png" not in pictures.now("c:flag:1")
    assert pictures.now("c:flag:1")["https://c.example/3.png"].stage is How.BLURRED


def test_another_width_draws_them_anew(held: Any, qtbot: QtBot) -> None:
    pictures, fetching = held
    pictures.load([OWN])
    fetching.answer(OWN)
    qtbot.waitUntil(lambda: pictures.now("c:flag:1").get(OWN) is not None and pictures.now("c:flag:1")[OWN].shown)
    first = pictures.now("c:flag:1")[OWN]
    assert (first.width, first.height) == (240, 160)
    pictures.set_room(130)
    qtbot.waitUntil(lambda: pictures.now("c:flag:1")[OWN].width == 130)
    assert pictures.pixmap(first.name) is None
    assert pictures.pixmap(pictures.now("c:flag:1")[OWN].name) is not None


def test_nothing_is_asked_where_no_item_stands(held: Any) -> None:
    pictures, fetching = held
    pictures.enter(None)
    assert pictures.load([OWN]) == 0
    assert pictures.press_on([Picture(OWN)]) is None
    assert fetching.asked == []


# -- drawing


def test_a_picture_is_fitted_and_never_enlarged() -> None:
    room = Room(200, 100)
    assert [(made.width, made.height) for made in (drawn(PictureFile("png", png(*size)), room) for size in (
        (400, 100), (100, 400), (60, 40), (2000, 1)
    ))] == [(200, 50), (25, 100), (60, 40), (200, 1)]  # fmt: skip
    fine = drawn(PictureFile("png", png(800, 400)), Room(200, 100, 2.0))
    assert (fine.width, fine.clear.width()) == (200, 400)


def test_of_a_gif_the_first_frame_is_shown() -> None:
    assert drawn(PictureFile("gif", GIF), Room(200, 100)).width == 1


def test_what_is_blurred_tells_no_detail() -> None:
    """Two pictures that differ in every detail, and in nothing large, look the same."""

    def stripes(step: int) -> QImage:
        image = QImage(400, 300, QImage.Format.Format_RGB32)
        for x in range(400):
            for y in range(300):
                image.setPixel(x, y, 0xFFFFFFFF if (x + step * y) // 4 % 2 else 0xFF000000)
        return image

    one, other = blurred(stripes(1)), blurred(stripes(-1))
    worst = max(
        abs((one.pixel(x, y) & 255) - (other.pixel(x, y) & 255))
        for x in range(0, one.width(), 7)
        for y in range(0, one.height(), 7)
    )
    assert worst < 40
    assert max(one.width(), one.height()) <= 320
