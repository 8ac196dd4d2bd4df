"""The place "Should be private?": its number, its rows, its marks; and what is said not to be private."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from moderation.changes import ChangeRecord, Table
from moderation.ids import Kind, Ref
from moderation.privacy.finder import Finder
from sync.mirror.spots import SpotKeeper
from tests import factory
from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.sample import EN
from tests.views.stage import Stage
from views.main_window import MainWindow
from views.places import EXPOSED

K = Qt.Key
TEXT = "<p>My card 4111 1111 1111 1111 was charged twice, write to ines@example.com</p>"


def rest(stage: Stage) -> None:
    stage.settle(QApplication.instance())


def look(stage: Stage) -> None:
    """As the engine does."""
    keeper = SpotKeeper(stage.vault, Finder().find, "one", lambda: 0.0)
    while (step := keeper.step(1.0))[0]:
        if step[1]:
            stage.engine.tell(step[1])
    keeper.close()


def with_a_post(stage: Stage) -> Ref:
    """A public thread whose second post should be private."""
    forum = factory.forum(77, community=EN, name="Public", private=False)
    thread = factory.thread(770, community=EN, in_forum=77, title="Charged twice", post_count=2)
    posts = [
        factory.post(7700, community=EN, in_thread=770, in_forum=77, body_html="<p>Hello</p>"),
        factory.post(7701, community=EN, in_thread=770, in_forum=77, body_html=TEXT, position=1),
    ]
    stage.apply(EN, forums=[forum], threads=[thread], posts=posts)
    look(stage)
    return Ref(EN, Kind.POST, "7701")


def count(window: MainWindow) -> str:
    return next(entry.count for entry in window.sidebar.places.entries.entries if entry.id == EXPOSED)


def listed(window: MainWindow) -> list[str]:
    model = window.session.feed.model
    rows = [model.peek(row) for row in range(model.rowCount())]
    return [row.id for row in rows if row is not None and row.key not in model.left]


@pytest.fixture
def placed(opens: Opens) -> tuple[Stage, MainWindow, Ref]:
    stage, window = opens()
    post = with_a_post(stage)
    rest(stage)
    press(stage, "g", "e")
    rest(stage)
    return stage, window, post


def test_the_number_in_the_sidebar_opens_exactly_its_rows(placed: tuple[Stage, MainWindow, Ref]) -> None:
    _stage, window, post = placed
    assert window.work.where.place == EXPOSED
    rows = listed(window)
    assert count(window) == str(len(rows))
    assert rows[0] == str(post)
    row = window.session.feed.model.peek(0)
    assert window.panel.delegate.second_line(row)[0] == "Card number, e-mail address"
    assert "4111 1111" not in row.excerpt


def test_finds_are_marked_listed_and_told_to_mouse_and_tab(placed: tuple[Stage, MainWindow, Ref]) -> None:
    _stage, window, _ = placed
    view = window.pane.posts
    said = view.toPlainText()
    assert "Private data in this post" in said
    assert "card number: known issuer and right check digit (certain)" in said
    assert "Should be private?" in said
    cursor = view.document().find("4111 1111")
    assert cursor.charFormat().toolTip().startswith("card number")
    assert cursor.charFormat().background().color().isValid()
    heard: list[str] = []
    view.pointed.connect(heard.append)
    view.setFocus()
    view.moveCursor(QTextCursor.MoveOperation.Start)
    for _ in range(12):
        QTest.keyClick(view, K.Key_Tab)
    assert any(told.startswith("card number: known issuer") for told in heard), heard
    assert [line.left for line in window.queue_work.facts().why.lines] == ["card number", "e-mail address"]


def test_a_find_is_dismissed_by_two_digits_and_taken_back(placed: tuple[Stage, MainWindow, Ref]) -> None:
    stage, window, post = placed
    before = count(window)
    press(stage, "d", "1", "2")
    rest(stage)
    (said,) = stage.team.not_private()
    assert (said.post, said.kind, said.why) == (str(post), "card", "example")
    assert "4111" not in " ".join(link for link in _marked(window))
    assert count(window) == before
    press(stage, "d", "1", "5")
    rest(stage)
    assert str(post) not in listed(window)
    assert count(window) == str(int(before) - 1)
    window.not_private.ask()
    found = stage.desk.candidates.found(post)
    window.not_private._again(str(post), found.spots)
    rest(stage)
    assert stage.team.not_private() == []
    assert count(window) == before


def test_a_pressed_mark_asks_why_at_once(placed: tuple[Stage, MainWindow, Ref]) -> None:
    stage, window, post = placed
    window.pane.posts.mark_pressed.emit(f"{post}/2")
    rest(stage)
    sheet = window.not_private.sheet
    assert sheet.isVisible()
    assert sheet.title.text() == "Why is it not private?"
    press(stage, "4")
    rest(stage)
    assert [said.kind for said in stage.team.not_private()] == ["email"]


def test_a_pressed_mark_means_what_was_painted(placed: tuple[Stage, MainWindow, Ref]) -> None:
    """A command has dismissed the first find meanwhile: the second mark is still the second."""
    stage, window, post = placed
    first = stage.desk.candidates.found(post).standing[0]
    stage.desk.candidates.not_private(str(post), [first.print], "example")
    window.pane.posts.mark_pressed.emit(f"{post}/2")
    rest(stage)
    assert window.not_private.sheet.title.text() == "Why is it not private?"
    press(stage, "4")
    rest(stage)
    assert [said.kind for said in stage.team.not_private()] == ["card", "email"]


def test_what_the_engine_finds_meanwhile_counts_in_every_place(opens: Opens) -> None:
    stage, window = opens()
    look(stage)
    rest(stage)
    before = int(count(window))
    post = with_a_post(stage)
    rest(stage)
    assert int(count(window)) == before + 1
    stage.news(EN, gone=[post])
    stage.engine.tell([ChangeRecord(Table.FOUND, (str(post),))])
    rest(stage)
    assert int(count(window)) == before


def _marked(window: MainWindow) -> list[str]:
    """The words of all marks in the text."""
    found = []
    block = window.pane.posts.document().begin()
    while block.isValid():
        for part in block:
            form = part.fragment().charFormat()
            if form.anchorHref().startswith("marquee:find/"):
                found.append(part.fragment().text())
        block = block.next()
    return found


def test_what_only_an_item_has_is_not_offered_on_a_post(placed: tuple[Stage, MainWindow, Ref]) -> None:
    """Else a note would be written that has no place, and a time chosen for what does not wait."""
    stage, window, post = placed
    assert str(window.queue_work.facts().ref) == str(post)
    for verb in ("claim", "note", "later"):
        assert window.registry.why_not(verb) == "This does not apply to this item.", verb
    press(stage, K.Key_L)
    rest(stage)
    assert not window.putting_off.sheet.isVisible()
    press(stage, "g", "q")
    rest(stage)
    assert [window.registry.why_not(verb) for verb in ("claim", "note", "later")] == [""] * 3
