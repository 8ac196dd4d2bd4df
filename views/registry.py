"""One registry of actions: buttons, keys, menu, palette and key sheet all come from it."""

import json
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from moderation.actions import Weight
from moderation.errors import NotAllowedError
from views.icons import ICONS, NORMAL
from views.plain import as_typed
from views.settings import SettingsPort
from views.theme import Theme
from views.verbs import VERBS, Group, Scope, Verb
from views.words import Words

_SETTING = "window.keys"
_WHILE_WRITING = ("palette", "all_back", "refresh", "pane", "menu", "quit")
_OPPOSITES = (("approve", "reject"), ("keep", "hide"), ("hide", "restore"), ("keep", "purge"), ("lock", "unlock"))
_GLYPHS = {
    "Return": "↵",
    "Enter": "↵",
    "Esc": "Esc",
    "Escape": "Esc",
    "Del": "Del",
    "Up": "↑",
    "Down": "↓",
}


def key_label(portable: str) -> str:
    """A key as it is printed on caps: ``Ctrl+Shift+Del`` becomes “Ctrl Shift Del”."""
    if "…" in portable or "/" in portable[1:]:
        return portable
    steps = [step.strip() for step in portable.split(",")] if len(portable) > 1 else [portable]
    return " ".join(" ".join(_GLYPHS.get(part, part) for part in _parts(step)) for step in steps)


def _parts(step: str) -> Iterable[str]:
    return step.split("+") if len(step) > 1 else (step,)


class Registry(QObject):
    """Holds a :class:`QAction` for every verb of :data:`views.verbs.VERBS`.

    ``takers`` are asked before the usual handler of a verb: a screen takes those that mean something of its own there.
    ``triggered`` tells the verb's id; ``refused`` a verb that was asked for and is not possible now, with the reason.
    """

    triggered = Signal(str)
    refused = Signal(str, str)
    changed = Signal()

    def __init__(self, window: QWidget, theme: Theme, words: Words, settings: SettingsPort) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._words = words
        self._settings = settings
        self._own: dict[str, str] = _kept(settings)
        self._why: dict[str, str] = {}
        self._called: dict[str, str | None] = {}
        self._hints: Mapping[str, str] = {}
        self._handlers: dict[str, Callable[[], None]] = {}
        self.takers: list[Callable[[str], bool]] = []
        self.actions: dict[str, QAction] = {}
        for verb in VERBS.values():
            self._make(verb)
        self.retheme()

    def _make(self, verb: Verb) -> None:
        action = QAction(self)
        action.setObjectName(verb.id)
        action.triggered.connect(lambda: self.run(verb.id))
        if verb.scope is Scope.WINDOW:
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            self._window.addAction(action)
        elif verb.scope is Scope.READING:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setAutoRepeat(verb.id in {"next", "previous", "read_on"})
        self.actions[verb.id] = action
        self._bind(verb)

    def _bind(self, verb: Verb) -> None:
        if verb.scope is not Scope.OWN:
            self.actions[verb.id].setShortcuts([QKeySequence(key) for key in self.keys(verb.id)])

    def retheme(self) -> None:
        """Words and icons anew, after a change of language or colours."""
        for verb in VERBS.values():
            action = self.actions[verb.id]
            action.setText(self.label(verb.id))
            action.setToolTip(self.tip(verb.id))
            colour, off = self._theme.colour("text2"), self._theme.colour("text_disabled")
            action.setIcon(ICONS.icon(verb.icon, NORMAL, colour, off))

    # -- asking ----------------------------------------------------------------------------------------------------
    def label(self, verb: str) -> str:
        """Name of a verb: the server's own for the item at hand, where it has one."""
        return self._called.get(verb) or self._words.say(f"label_{verb}")

    def call(self, verb: str, label: str | None) -> None:
        """Give a verb another name for the time being; ``None`` gives it its own back."""
        if self._called.get(verb) != label:
            self._called[verb] = label
            self.actions[verb].setText(self.label(verb))
            self.actions[verb].setToolTip(self.tip(verb))

    def hint(self, verb: str) -> str:
        """What it does, for the key sheet: on a screen that explains it, what it does there."""
        return self._hints.get(verb) or self._words.say(f"hint_{verb}")

    def explain(self, hints: Mapping[str, str]) -> None:
        """What verbs do on the screen that is shown, where that is not what they do in the queue."""
        self._hints = hints

    def group(self, group: Group) -> str:
        """Title of a group."""
        return self._words.say(f"group_{group}")

    def keys(self, verb: str) -> tuple[str, ...]:
        """Its keys in Qt's portable form: the person's own, else the usual ones."""
        own = self._own.get(verb)
        return (own,) if own else VERBS[verb].keys

    def key(self, verb: str) -> str:
        """Its first key as printed on a cap; empty when it has none."""
        keys = self.keys(verb)
        return key_label(keys[0]) if keys else ""

    def tip(self, verb: str) -> str:
        """Name, key, and why it is not possible now."""
        key = f"  {self.key(verb)}" if self.keys(verb) else ""
        why = self._why.get(verb)
        return as_typed(f"{self.label(verb)}{key}" + (f"\n{why}" if why else ""))

    def icon_name(self, verb: str) -> str:
        """Name of its icon."""
        return VERBS[verb].icon

    def possible(self, verb: str) -> bool:
        """True when it can be done now."""
        return self.actions[verb].isEnabled()

    def why_not(self, verb: str) -> str:
        """Why it cannot be done now, in words; empty when it can."""
        return self._why.get(verb, "")

    # -- doing -----------------------------------------------------------------------------------------------------
    def on(self, verb: str, handler: Callable[[], None]) -> None:
        """What happens on a verb."""
        self._handlers[verb] = handler

    def run(self, verb: str) -> None:
        """Do it, or say why not."""
        if not self.possible(verb):
            self.refused.emit(verb, self.why_not(verb))
            return
        self.triggered.emit(verb)
        if any(taker(verb) for taker in self.takers):
            return
        handler = self._handlers.get(verb)
        if handler is not None:
            handler()

    def allow(self, verb: str, why_not: str | None = None) -> None:
        """Allow a verb, or disable it and its key with the reason."""
        action = self.actions[verb]
        if self._why.get(verb) == (why_not or "") and action.isEnabled() is (why_not is None):
            return
        self._why[verb] = why_not or ""
        if action.isEnabled() is not (why_not is None):
            action.setEnabled(why_not is None)
        action.setToolTip(self.tip(verb))

    def show(self, verb: str, visible: bool) -> None:
        """Whether it has any meaning here (approving what is not held has none)."""
        self.actions[verb].setVisible(visible)

    def here(self) -> list[str]:
        """Verbs that mean something here and now, in their order."""
        return [name for name in VERBS if name != "go" and self.actions[name].isVisible()]

    def runnable(self) -> list[str]:
        """Verbs that mean something here and can be started from a list."""
        return [name for name in self.here() if name in self._handlers]

    # -- rebinding -------------------------------------------------------------------------------------------------
    def rebind(self, verb: str, key: str) -> None:
        """Give a verb another key and keep it.

        Raises :class:`NotAllowedError`: ``key_fixed``, ``key_bare`` (what takes away needs a modifier),
        ``key_opposite``, ``key_taken``. Facts: ``verb`` (name) and ``key``.
        """
        facts = {"verb": self.label(verb), "key": key_label(key)}
        if VERBS[verb].scope is not Scope.WINDOW:
            raise NotAllowedError("key_fixed", **facts)
        if VERBS[verb].weight is not Weight.HARMLESS and "+" not in key[:-1]:
            raise NotAllowedError("key_bare", **facts)
        if any(key in VERBS[other].keys for other in _opposites(verb)):
            raise NotAllowedError("key_opposite", **facts)
        taken = next((other for other in VERBS if other != verb and key in self.keys(other)), None)
        if taken is not None:
            raise NotAllowedError("key_taken", key=key_label(key), verb=self.label(taken))
        self._own[verb] = key
        self._settings.set(_SETTING, json.dumps(self._own, sort_keys=True))
        self._bind(VERBS[verb])
        self.actions[verb].setToolTip(self.tip(verb))
        self.changed.emit()

    def while_writing(self, event: QKeyEvent) -> bool:
        """True for keys that stay the window's while a text is being written: they touch no item."""
        pressed = QKeySequence(event.keyCombination())
        return any(
            pressed == QKeySequence(key)
            for verb in _WHILE_WRITING
            for key in self.keys(verb)
            if "+" in key or len(key) > 1
        )

    def usual_keys(self) -> None:
        """Forget all own keys."""
        self._own.clear()
        self._settings.set(_SETTING, "{}")
        for verb in VERBS.values():
            self._bind(verb)
        self.changed.emit()


def _opposites(verb: str) -> list[str]:
    return [b if a == verb else a for a, b in _OPPOSITES if verb in {a, b}]


def _kept(settings: SettingsPort) -> dict[str, str]:
    try:
        loaded = json.loads(settings.get(_SETTING) or "{}")
    except ValueError:
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {str(verb): str(key) for verb, key in loaded.items() if verb in VERBS and key}
