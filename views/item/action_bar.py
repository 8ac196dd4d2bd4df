"""The verbs of the item in a fixed order, and one line that says what the pointed one will do."""

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from moderation.actions import Action
from moderation.findings import Audience
from moderation.ids import Kind
from moderation.text import one_line
from views.buttons import Look, VerbButton, drop_words
from views.item.facts import ItemFacts
from views.painting import Pen
from views.plain import as_typed
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme
from views.verbs import VERBS
from views.words import Words

_REPORTED = ("convert", "keep", "reply", "note", "claim", "hide", "more")
_HELD = ("approve", "note", "claim", "reject", "more")
_OFFERED = ("convert", "keep", "approve", "reply", "note", "claim", "hide", "reject", "more")
_DECIDING = frozenset({Action.DISMISS, Action.APPROVE, Action.HIDE, Action.REJECT})
_DROPS = ("claim", "note", "reply", "keep", "approve", "hide", "reject", "convert")
_PRIVATE = frozenset({"personal_data", "secret"})
"""Policies (codes) that say: hide it, or carry on in private."""
_AT_RIGHT = frozenset({"hide", "reject"})
_SAID_MS = 8000


def _offers(facts: ItemFacts, verb: str) -> bool:
    return VERBS[verb].action in facts.permitted


def _suggested(facts: ItemFacts | None) -> str:
    """The verb that fits an item like this, empty for none; it harms nobody and sends nothing."""
    if facts is None or facts.thread is None or facts.audience is not Audience.PUBLIC or facts.kind is Kind.HELD:
        return ""
    found = facts.found is not None and any(spot.alarms for spot in facts.found.standing)
    touches = facts.policy is not None and facts.policy.code in _PRIVATE
    return "convert" if found or touches else ""


def _described(facts: ItemFacts | None, verb: str) -> str:
    """What the server says that its offer does."""
    action = VERBS[verb].action
    entry = facts.permitted.get(action) if facts is not None and action is not None else None
    return one_line(entry.offer.description, 200) if entry is not None and entry.offer is not None else ""


class ConsequenceLine(Surface):
    """The verb in semibold and what it does; or why a key did nothing."""

    ground = "window"

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.grown(26, "small"))
        self.head, self.text, self.warning = "", "", False

    def say(self, head: str, text: str, *, warning: bool = False) -> None:
        """Show a sentence."""
        if (head, text, warning) == (self.head, self.text, self.warning):
            return
        self.head, self.text, self.warning = head, text, warning
        self.setAccessibleName(f"{head} {text}".strip())
        self.setToolTip(as_typed(self.accessibleName()))
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Head and sentence."""
        pen = Pen(painter, self.theme, rect.adjusted(12, 0, -12, 0))
        if self.warning:
            pen.icon_left("alert-triangle", self.theme.status_colour("staff"), 14, gap=6)
        pen.left(self.head, "small", "text", weight=600, gap=6)
        pen.left(self.text)


class ActionBar(Surface):
    """Buttons above, consequence below; 72 high."""

    ground = "window"
    lines = "t"

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self._registry = registry
        self._facts: ItemFacts | None = None
        self._offline: frozenset[str] = frozenset()
        self._asking: str | None = None
        self._shape: object = ""
        self._suggested = ""
        self.fix_height(theme.grown(72, "body", 2))
        names = dict.fromkeys((*_REPORTED, *_HELD))
        self.buttons = {name: self._button(name) for name in names}
        self._row = QHBoxLayout()
        self._row.setContentsMargins(12, 10, 12, 0)
        self._row.setSpacing(6)
        for name in ("convert", "keep", "approve", "reply", "note", "claim"):
            self._row.addWidget(self.buttons[name])
        self._row.addStretch(1)
        for name in ("hide", "reject", "more"):
            self._row.addWidget(self.buttons[name])
        self.line = ConsequenceLine(theme, words, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 4)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addWidget(self.line)
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(_SAID_MS)
        self._said.timeout.connect(lambda: self.point(None))
        self.show_item(None)

    def _button(self, verb: str) -> VerbButton:
        look = Look.FLAT if verb in {"hide", "reject", "more"} else Look.FRAMED
        button = VerbButton(self._registry, self.theme, verb, look=look, parent=self)
        button.pointed.connect(self.point)
        button.left.connect(lambda: self.point(None))
        return button

    def set_offline(self, offline: frozenset[str]) -> None:
        """For which communities the line says that decisions are kept here for the time being."""
        if offline != self._offline:
            self._offline = offline
            self.point(None)

    def show_item(self, facts: ItemFacts | None) -> None:
        """The verbs that fit this item."""
        self._facts = facts
        self._suggested = _suggested(facts)
        shape = (
            None if facts is None else (facts.kind, facts.mine, facts.offered, facts.thread is None, self._suggested)
        )
        if shape != self._shape:
            self._shape = shape
            self._reshape(facts)
        self._said.stop()
        self.point(None)

    def _reshape(self, facts: ItemFacts | None) -> None:
        """Other buttons, or another word on one."""
        fits: tuple[str, ...] = () if facts is None else _HELD if facts.kind is Kind.HELD else _REPORTED
        if facts is not None and facts.offered:
            fits = tuple(name for name in _OFFERED if VERBS[name].action not in _DECIDING or _offers(facts, name))
        if facts is not None and (facts.thread is None or facts.kind is Kind.HELD):
            fits = tuple(name for name in fits if name != "convert")
        for name, button in self.buttons.items():
            button.setVisible(name in fits)
        self.buttons["convert"].dress(Look.PRIMARY if self._suggested else Look.FRAMED)
        mine = facts is not None and facts.mine
        self.buttons["claim"].say(self.words.say("label_release") if mine else None, "user-minus" if mine else None)
        self._fit()

    # -- the line below --------------------------------------------------------------------------------------------
    def point(self, verb: str | None) -> None:
        """Say what this verb does; without one, what the first one does."""
        if self._said.isActive() and verb is None:
            return
        verb = verb or self._asking
        if self._facts is None:
            self.line.say("", "")
            return
        if self._facts.ref.community in self._offline and verb is None:
            self.line.say(self.words.say("offline"), self.words.say("consequence_offline"))
            return
        usual = (self._suggested, "keep", "approve")
        shown = verb or next((name for name in usual if name and not self.buttons[name].isHidden()), "reply")
        why = self._registry.why_not(shown)
        name = self.buttons[shown].word if shown in self.buttons else self._registry.label(shown)
        self.line.say(name.removesuffix("…"), why or self.consequence(shown))

    def ask(self, verb: str | None) -> None:
        """A reason is asked for this verb: its button is ringed and its consequence stays; ``None`` ends that."""
        self._said.stop()
        for name, button in self.buttons.items():
            button.ring(asking=verb is not None and name == verb)
        self._asking = verb
        self.point(None)

    def consequence(self, verb: str) -> str:
        """One sentence on what a verb will do to the item."""
        facts = self._facts
        said = _described(facts, verb)
        if said:
            return said
        if verb == "claim" and facts is not None and facts.mine:
            verb = "release"
        count = facts.report_count if facts is not None else 0
        reports = self.words.count("reports_n", count) if count else self.words.say("reports_none")
        return self.words.say(f"consequence_{verb}", reports=reports)

    def warn(self, head: str, text: str) -> None:
        """Say for some seconds why something was not done."""
        self.line.say(head, text, warning=True)
        self._said.start()

    # -- room ------------------------------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop words where there is no room for them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        drop_words([button for button in self.buttons.values() if not button.isHidden()], self.width() - 40, _DROPS)

    def button(self, verb: str) -> QWidget:
        """The button of a verb, for lists that open above it; the one for more where it has none."""
        found = self.buttons.get(verb)
        return found if found is not None and not found.isHidden() else self.buttons["more"]

    def first_button(self) -> QWidget:
        """Where the focus goes that comes to the bar."""
        return next((button for button in self.buttons.values() if button.isVisible() and button.isEnabled()), self)
