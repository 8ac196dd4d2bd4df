"""Every dialogue opens in both languages, translated, and fits."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget

from resources import messages
from tests.views.conftest import Opens
from tests.views.stage import Stage
from views import MainWindow
from views.ask_dialog import AskDialog
from views.crash_dialog import CrashDialog
from views.settings_dialog import SettingsDialog

Open = Callable[[Stage, MainWindow], QWidget]


def rest(stage: Stage) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    stage.rest(app)


def run(verb: str) -> Callable[[Stage, MainWindow], None]:
    def go(stage: Stage, window: MainWindow) -> None:
        window.registry.run(verb)
        rest(stage)

    return go


def asks(verb: str) -> Open:
    def go(stage: Stage, window: MainWindow) -> QWidget:
        window.queue_work.asked.emit(verb, window.queue_work.facts(), None, "", "")
        rest(stage)
        assert isinstance(window.popups.dialog, AskDialog)
        return window.popups.dialog

    return go


def sheet(verb: str, which: Callable[[MainWindow], QWidget]) -> Open:
    def go(stage: Stage, window: MainWindow) -> QWidget:
        run(verb)(stage, window)
        return which(window)

    return go


def crash(stage: Stage, window: MainWindow) -> QWidget:
    dialog = CrashDialog("report", "/home/somebody/crash.txt", window.theme, window)
    dialog.open()
    dialog.show_details.click()
    return dialog


def coverage_files(stage: Stage, window: MainWindow) -> QWidget:
    run("go_coverage")(stage, window)
    assert window.coverage_work.doing is not None
    window.coverage_work.doing.ask_export()
    assert window.coverage_work.doing.dialog is not None
    return window.coverage_work.doing.dialog


DIALOGUES: dict[str, Open] = {
    "coverage": sheet("go_coverage", lambda window: window.coverage),
    "coverage files": coverage_files,
    "palette": sheet("palette", lambda window: window.popups.palette),
    "keys": sheet("keys", lambda window: window.popups.keys),
    "filter": sheet("filter", lambda window: window.popups.filter),
    "history": sheet("history", lambda window: window.popups.history),
    "settings": sheet("settings", lambda window: window.popups.dialog),
    "reasons": sheet("hide", lambda window: window.reasons),
    "reply": sheet("reply", lambda window: window.talk.composer),
    "note": sheet("note", lambda window: window.talk.composer),
    "outbox": sheet("go_outbox", lambda window: window.outbox),
    "ban": asks("ban"),
    "mute": asks("mute"),
    "purge": asks("purge"),
    "edit": asks("edit"),
    "move": asks("move"),
    "crash": crash,
}


def cut_off(widget: QWidget) -> list[str]:
    """Labels and buttons whose text does not fit."""
    found = []
    for child in widget.findChildren(QWidget):
        if not child.isVisible() or not isinstance(child, QLabel | QPushButton | QComboBox):
            continue
        wraps = isinstance(child, QLabel) and child.wordWrap()
        needed = child.sizeHint().width()
        if child.width() + 1 < needed and not wraps:
            found.append(f"{type(child).__name__}: {child.width()} < {needed}")
    return found


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", DIALOGUES)
def test_dialogues_open_translated_and_fit(opens: Opens, name: str, language: str) -> None:
    unknown: list[str] = []
    stage, window = opens(size=(1280, 800), language=language)
    table = messages.table(language)
    original = messages.text

    def watched(code: str, *args: object, **facts: object) -> str:
        if code not in table:
            unknown.append(code)
        return original(code, *args, **facts)  # type: ignore[arg-type]

    from views import words

    words.text, before = watched, words.text  # type: ignore[assignment]
    try:
        dialog = DIALOGUES[name](stage, window)
        assert dialog.isVisible()
        dialog.grab()
        window.grab()
    finally:
        words.text = before
    assert unknown == []
    assert cut_off(dialog) == []
    host = window.rect()
    if dialog.window() is window:
        top_left = dialog.mapTo(window, dialog.rect().topLeft())
        assert host.adjusted(-20, -20, 20, 20).contains(dialog.rect().translated(top_left))
    if language == "ja":
        assert [text for text in fixed_texts(dialog) if _latin(text)] == []


def fixed_texts(widget: QWidget) -> list[str]:
    """Texts of labels and buttons."""
    children = widget.findChildren(QLabel) + widget.findChildren(QPushButton)
    return [child.text() for child in children if child.isVisible()]


def _latin(text: str) -> bool:
    """True for a text in English: Latin words and nothing of Japanese."""
    known = ("Marquee", "OK", "Whoever", "/home")
    words = [word for word in text.split() if word.isascii() and word.isalpha() and len(word) > 2]
    japanese = any(ord(char) > 0x2E7F for char in text)
    return bool(words) and not japanese and not text.startswith(known)


@pytest.mark.parametrize("dialogue", [SettingsDialog, AskDialog])
def test_dialogues_are_opened_and_never_executed(dialogue: type) -> None:
    import inspect

    assert ".exec(" not in inspect.getsource(dialogue)


def test_preferences_take_effect_at_once_and_are_kept(opens: Opens) -> None:
    stage, window = opens()
    run("settings")(stage, window)
    dialog = window.popups.dialog
    assert isinstance(dialog, SettingsDialog)
    item = str(window.queue_work.facts().ref)
    dialog.language.setCurrentIndex(1)
    rest(stage)
    assert window.panel.header.title == "未対応すべて"
    assert window.registry.label("keep") == "残す"
    assert stage.settings.get("window.language") == "ja"
    dialog = window.popups.dialog or dialog
    window.prefer(window.session.preferences.but(scale=125, compact=True, language="en"))
    rest(stage)
    assert window.theme.scale == 125
    assert window.panel.delegate.compact
    assert window.panel.header.title == "All open"
    assert str(window.queue_work.facts().ref) == item
    assert len(window.actions()) == len({action.objectName() for action in window.actions()})


def test_undo_still_works_after_a_change_of_language(opens: Opens) -> None:
    from PySide6.QtCore import Qt

    from tests.views.keys import press

    stage, window = opens()
    window.prefer(window.session.preferences.but(language="ja"))
    rest(stage)
    press(stage, Qt.Key.Key_E)
    assert len(stage.journal.unfinished()) == 1
    press(stage, Qt.Key.Key_Z)
    assert stage.journal.unfinished() == []


@pytest.mark.parametrize(("language", "typed"), [("en", "非表示"), ("ja", "hide"), ("ja", "非表示")])
def test_the_palette_understands_both_languages(opens: Opens, language: str, typed: str) -> None:
    _, window = opens(language=language)
    window.registry.run("palette")
    window.popups.palette.field.setText(typed)
    assert "hide" in {row.verb for row in window.popups.palette._rows}
