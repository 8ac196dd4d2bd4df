"""One registry: every verb has words, a picture and a key of its own; some keys are refused."""

import json

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from moderation.actions import SPECS, Weight
from moderation.errors import NotAllowedError
from resources.messages import table
from views.registry import Registry, key_label
from views.settings import MemorySettings
from views.theme import Scheme, Theme
from views.verbs import VERBS, Group, Scope
from views.words import Words


@pytest.fixture
def registry(qtbot) -> Registry:
    window = QWidget()
    qtbot.addWidget(window)
    made = Registry(window, Theme(Scheme.LIGHT), Words(), MemorySettings())
    made.window_for_test = window  # type: ignore[attr-defined]
    return made


def test_no_two_verbs_share_a_key() -> None:
    taken: dict[str, str] = {}
    for verb in VERBS.values():
        for key in verb.keys:
            assert taken.setdefault(key, verb.id) == verb.id


def test_what_takes_away_needs_a_modifier() -> None:
    for verb in VERBS.values():
        if verb.action is not None:
            assert verb.weight is SPECS[verb.action].weight
        for key in verb.keys:
            if verb.weight is Weight.TAKES_AWAY:
                assert key.startswith("Shift+")
            elif verb.weight is Weight.FINAL:
                assert key.startswith("Ctrl+Shift+")


def test_keys_are_keys() -> None:
    for verb in VERBS.values():
        if verb.scope is not Scope.OWN:
            assert all(QKeySequence(key).count() == 1 for key in verb.keys)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_verb_and_group_has_words(language: str) -> None:
    known = table(language)
    for verb in VERBS:
        assert {f"label_{verb}", f"hint_{verb}"} <= known.keys()
    assert {f"group_{group}" for group in Group} <= known.keys()


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("Shift+H", "Shift H"),
        ("Ctrl+Return", "Ctrl ↵"),
        ("G, Q", "G Q"),
        ("?", "?"),
        ("/", "/"),
        ("Ctrl+Shift+Del", "Ctrl Shift Del"),
    ],
)
def test_keys_are_written_as_on_the_keyboard(key: str, label: str) -> None:
    assert key_label(key) == label


@pytest.mark.parametrize(
    ("verb", "key", "code"),
    [
        ("hide", "H", "key_bare"),
        ("purge", "P", "key_bare"),
        ("resolve", "E", "key_taken"),
        ("restore", "Shift+H", "key_opposite"),
        ("read_on", "B", "key_fixed"),
    ],
)
def test_some_keys_are_refused_and_nothing_changes(registry: Registry, verb: str, key: str, code: str) -> None:
    before = registry.key(verb)
    with pytest.raises(NotAllowedError) as refused:
        registry.rebind(verb, key)
    assert refused.value.code == code
    assert registry.key(verb) == before


def test_another_key_is_kept_and_shown_everywhere(qtbot, registry: Registry) -> None:
    registry.rebind("resolve", "Alt+V")
    assert registry.actions["resolve"].shortcut().toString() == "Alt+V"
    assert "Alt V" in registry.tip("resolve")
    settings = registry._settings
    assert json.loads(settings.get("window.keys") or "") == {"resolve": "Alt+V"}
    window = QWidget()
    qtbot.addWidget(window)
    assert Registry(window, Theme(Scheme.LIGHT), Words(), settings).key("resolve") == "Alt V"
    registry.usual_keys()
    assert registry.key("resolve") == "V"


def test_broken_settings_are_the_usual_keys(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    settings = MemorySettings({"window.keys": "[nonsense"})
    assert Registry(window, Theme(Scheme.LIGHT), Words(), settings).key("resolve") == "V"


def test_a_refused_verb_says_why(qtbot, registry: Registry) -> None:
    registry.allow("hide", "not for you")
    with qtbot.waitSignal(registry.refused) as said:
        registry.run("hide")
    assert said.args == ["hide", "not for you"]
    assert "not for you" in registry.tip("hide")
    registry.allow("hide")
    with qtbot.waitSignal(registry.triggered):
        registry.run("hide")
