"""In the place of the item's verbs while rows are marked: how many, what can be done with all of them, how long."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from views.buttons import Look, VerbButton, drop_words
from views.item.action_bar import ConsequenceLine
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme
from views.words import Words

BULK_VERBS = {"keep": False, "approve": True, "resolve": False, "hide": False, "reject": True}
"""Verbs that may be used on many; the value says whether they are for held posts or for reported ones."""
_AT_RIGHT = frozenset({"hide", "reject"})
_DROPS = ("unmark", "resolve", "keep", "approve", "hide", "reject")


class BulkBar(Surface):
    """As high as the bar that it stands for, so that nothing jumps."""

    ground = "window"
    lines = "t"

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.grown(72, "body", 2))
        self._registry = registry
        self.count, self.reports, self.seconds = 0, 0, 0.0
        row = QHBoxLayout()
        row.setContentsMargins(12, 10, 12, 0)
        row.setSpacing(6)
        self.buttons: dict[str, VerbButton] = {}
        for verb in (*(v for v in BULK_VERBS if v not in _AT_RIGHT), "", *_ordered_right(), "unmark"):
            if not verb:
                row.addStretch(1)
                continue
            look = Look.FRAMED if verb not in {*_AT_RIGHT, "unmark"} else Look.FLAT
            button = VerbButton(registry, theme, verb, look=look, parent=self)
            button.pointed.connect(self.point)
            button.left.connect(lambda: self.point(""))
            self.buttons[verb] = button
            row.addWidget(button)
        self.line = ConsequenceLine(theme, words, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 4)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.line)

    def show_marks(self, count: int, reports: int, verbs: tuple[str, ...], seconds: float) -> None:
        """How many are marked, how many reports they have, what can be done, how long it takes."""
        self.count, self.reports, self.seconds = count, reports, seconds
        for verb, button in self.buttons.items():
            button.setVisible(verb in verbs or verb == "unmark")
        self._fit()
        self.point("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop words where there is no room for them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        drop_words([button for button in self.buttons.values() if not button.isHidden()], self.width() - 40, _DROPS)

    def point(self, verb: str) -> None:
        """Say what a verb does to all of them; without one, how many there are."""
        words = self.words
        head = words.count("bulk_marked", self.count)
        reports = words.count("reports_n", self.reports) if self.reports else words.say("reports_none")
        if verb in BULK_VERBS:
            span = words.span(max(1.0, self.seconds), parts=2)
            self.line.say(head, words.count(f"bulk_{verb}", self.count, reports=reports, span=span))
        else:
            self.line.say(head, words.say("bulk_how", key=self._registry.key("mark")))

    def first_button(self) -> QWidget:
        """Where the focus goes that comes to the bar."""
        return next((button for button in self.buttons.values() if button.isVisible()), self)


def _ordered_right() -> list[str]:
    return [verb for verb in BULK_VERBS if verb in _AT_RIGHT]
