"""What assistive technology meets: every control names itself, and the focus goes round in the order of the eye."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication

from tests.views.conftest import Opens
from tests.views.keys import CONTROL, SHIFT, press
from tests.views.stage import Stage
from views import MainWindow
from views.verbs import VERBS

K, R = Qt.Key, QAccessible.Role
CONTROLS = {
    R.Button, R.CheckBox, R.ComboBox, R.EditableText, R.ListItem, R.TreeItem, R.Cell, R.List, R.Table, R.Tree,
}  # fmt: skip


def nothing(_: Stage, __: MainWindow) -> None:
    pass


def keys(*pressed: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Callable[..., None]:
    """A way to get somewhere."""
    return lambda stage, window: press(stage, *pressed, modifiers=modifiers)


def decided(stage: Stage, window: MainWindow) -> None:
    press(stage, K.Key_E, K.Key_G, K.Key_O)


def ban(stage: Stage, window: MainWindow) -> None:
    press(stage, K.Key_B, modifiers=CONTROL | SHIFT)
    press(stage, K.Key_3)


SCREENS = {
    "queue": nothing,
    "reply": keys(K.Key_R),
    "note": keys(K.Key_N),
    "marked": keys(K.Key_J, K.Key_X),
    "outbox": decided,
    "coverage": keys(K.Key_G, K.Key_V),
    "palette": keys(K.Key_K, modifiers=CONTROL),
    "keys": keys(K.Key_Question),
    "filter": keys(K.Key_F),
    "history": keys(K.Key_I, modifiers=SHIFT),
    "reasons": keys(K.Key_H, modifiers=SHIFT),
    "settings": keys(K.Key_G, K.Key_S),
    "ban": ban,
}


def met(thing: QAccessibleInterface | None, depth: int = 0) -> Iterator[QAccessibleInterface]:
    """Everything below, as far as it is shown."""
    if thing is None or depth > 14 or (thing.role() is not R.Cell and thing.state().invisible):
        return
    yield thing
    for number in range(min(thing.childCount(), 60)):
        yield from met(thing.child(number), depth + 1)


@pytest.mark.parametrize("name", SCREENS)
def test_every_control_names_itself(opens: Opens, name: str) -> None:
    stage, window = opens()
    SCREENS[name](stage, window)
    seen = 0
    for top in (window, window.popups.dialog):
        for thing in met(QAccessible.queryAccessibleInterface(top)) if top is not None else ():
            if thing.role() in CONTROLS:
                seen += 1
                assert thing.text(QAccessible.Text.Name).strip(), (thing.role(), thing.object())
    assert seen > 10


def focus() -> str:
    """Kind and name of what has the focus."""
    widget = QApplication.focusWidget()
    return f"{type(widget).__name__} {widget.accessibleName()}" if widget is not None else ""


def round_trip(stage: Stage, key: Qt.Key, most: int = 40) -> list[str]:
    """Where a key leads, until it is back."""
    visited = [focus()]
    for _ in range(most):
        press(stage, key)
        if focus() == visited[0]:
            return visited
        if focus() != visited[-1]:
            visited.append(focus())
    raise AssertionError(visited)


def test_tab_goes_round_in_the_order_of_the_eye(opens: Opens) -> None:
    stage, _ = opens()
    visited = round_trip(stage, K.Key_Tab)
    wanted = ["QueueTable Queue", "ThreadView Thread", "VerbButton Go private", "VerbButton Keep"]
    wanted += ["VerbButton More", "Drawer Author"]
    wanted += ["EntryList Places", "IconButton Filter…"]
    assert [place for place in visited if place in wanted] == wanted


def test_f6_goes_round_the_panes(opens: Opens) -> None:
    stage, _ = opens()
    assert round_trip(stage, K.Key_F6) == [
        "QueueTable Queue", "ThreadView Thread", "VerbButton Go private", "Drawer Author", "EntryList Places",
    ]  # fmt: skip
    press(stage, K.Key_E, K.Key_G, K.Key_O)
    assert round_trip(stage, K.Key_F6) == ["OutboxTable Outbox", "QScrollArea Decision", "EntryList Places"]


def test_f6_leaves_a_text_and_comes_back_to_it(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    assert window.talk.composer.editor.hasFocus()
    assert "QueueTable Queue" in round_trip(stage, K.Key_F6)
    assert window.talk.composer.open


def test_every_action_has_a_key() -> None:
    assert [verb.id for verb in VERBS.values() if not verb.keys] == []


def test_a_link_is_reached_by_tab_and_asked_about_by_enter(opens: Opens) -> None:
    stage, window = opens()
    asked: list[str] = []
    window.pane.posts.link.disconnect()
    window.pane.posts.link.connect(asked.append)
    press(stage, K.Key_J)
    window.pane.posts.setFocus()
    for _ in range(6):
        press(stage, K.Key_Tab)
        if "unlock" in window.pane.posts.textCursor().selectedText():
            break
    press(stage, K.Key_Return)
    assert asked == ["https://quillby-unlock.example/codes?ref=zx4471"]
