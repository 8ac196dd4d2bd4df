"""The window fits its sizes; nothing is squeezed, nothing pushed out."""

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from tests.views.conftest import Opens
from views.buttons import VerbButton


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1440, 900), (1600, 1000)])
def test_the_window_fits(opens: Opens, size: tuple[int, int], language: str) -> None:
    _, window = opens(size=size, language=language)
    assert (window.width(), window.height()) == size
    for child in window.findChildren(QWidget):
        if child.isVisible() and child.window() is window:
            place = child.mapTo(window, child.rect().topLeft())
            assert place.x() >= 0
            inside = place.x() + child.width() <= window.width() + 1
            assert inside or child.parentWidget().objectName() == "qt_scrollarea_viewport", child
    for button in window.findChildren(VerbButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.verb


@pytest.mark.parametrize("scale", [80, 125, 150, 200])
def test_text_sizes_fit(opens: Opens, scale: int) -> None:
    _, window = opens(size=(1440, 900), scale=scale)
    assert (window.width(), window.height()) == (1440, 900)
    for button in window.findChildren(VerbButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.verb
            assert button.geometry().right() <= window.pane.bar.width()


def test_the_drawer_is_a_line_where_there_is_no_room(opens: Opens) -> None:
    _, window = opens(size=(1280, 800))
    assert not window.pane.drawer.isVisible()
    assert window.pane.author_line.isVisible()
    width = window.pane.posts.width()
    window.registry.run("drawer")
    assert window.pane.drawer.isVisible()
    assert window.pane.posts.width() == width, "it lies over the text"
    window.resize(1600, 1000)
    assert window.pane.drawer.isVisible()
    assert not window.pane.author_line.isVisible()


def test_every_control_has_a_name(opens: Opens) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QTextEdit

    _stage, window = opens()
    window.registry.run("reply")
    kinds = QAbstractButton | QAbstractItemView | QComboBox | QLineEdit | QTextEdit
    for child in window.findChildren(QWidget):
        if isinstance(child, kinds) and child.isVisible() and not child.objectName().startswith("qt_"):
            inner = isinstance(child.parentWidget(), QComboBox | QAbstractItemView)
            text = child.text() if isinstance(child, QAbstractButton) else ""
            assert inner or child.accessibleName() or text, child


def test_input_methods_are_off_in_lists_and_thread(opens: Opens) -> None:
    from PySide6.QtCore import Qt

    _, window = opens()
    for widget in (window.panel.table, window.pane.posts, window.outbox.table):
        assert not widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_a_row_says_itself(opens: Opens) -> None:
    from PySide6.QtCore import Qt

    _, window = opens()
    model = window.session.feed.model
    said = model.data(model.index(2, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("My order number is")
    for part in ("Personal data ×3", "Maren Oakhollow", "Billing", "4 min", "yours", "High"):
        assert part in said


def test_a_picture_of_the_window_is_written(opens: Opens, tmp_path) -> None:
    _, window = opens()
    path = window.grab_to(tmp_path / "shots" / "queue.png")
    assert path.stat().st_size > 20_000


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_the_bars_fit_the_smallest_window(opens: Opens, scale: int) -> None:
    stage, window = opens(size=(1024, 640), scale=scale)
    for bar, verbs in ((window.pane.bar, ()), (window.pane.bulk_bar, ("next", "mark"))):
        for verb in verbs:
            window.registry.run(verb)
            stage.settle(QApplication.instance())
        shown = [button for button in bar.buttons.values() if button.isVisible()]
        assert shown
        for button in shown:
            assert button.width() >= button.sizeHint().width(), button.verb
            assert button.geometry().right() <= bar.width(), button.verb
