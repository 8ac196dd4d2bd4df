"""Head of the Coverage screen: what is looked at, and the buttons of table and report."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from moderation.text import neutralise
from views.buttons import VerbButton
from views.communities import title
from views.coverage.reading import DAYS, Choice, Shown
from views.painting import Pen
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme
from views.words import Words


class CoverageHeader(Surface):
    """Title, time, choices. ``chosen``: something else is to be looked at (a choice)."""

    lines = "b"
    chosen = Signal(object)

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("screen_header", "screen"))
        self.choice, self.time = Choice(), ""
        self._filled: list[tuple[str, str]] = []
        self.places = self._box("coverage_choose_place", [])
        self.days = self._box("coverage_choose_days", [words.say(f"coverage_days_{days}") for days in DAYS])
        self.days.setCurrentIndex(DAYS.index(self.choice.days))
        times = [words.say("coverage_elapsed"), words.say("coverage_working")]
        self.clock = self._box("coverage_choose_clock", times)
        self.buttons = [VerbButton(registry, theme, verb, parent=self) for verb in ("take", "export")]
        for button, icon in zip(self.buttons, ("table", "external-link"), strict=True):
            button.say(words.say(f"coverage_label_{button.verb}"), icon)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        row.addStretch(1)
        for widget in (self.places, self.days, self.clock, *self.buttons):
            row.addWidget(widget)
        for box in (self.places, self.days, self.clock):
            box.activated.connect(self._chosen)

    def _box(self, code: str, names: Sequence[str]) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(self.words.say(code))
        box.addItems(names)
        box.setMinimumHeight(self.theme.height("button"))
        box.setMaximumWidth(self.theme.grown(210))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    def show_choice(self, choice: Choice) -> None:
        """What is going to be looked at."""
        self.choice = choice
        self.days.setCurrentIndex(DAYS.index(choice.days))
        self.clock.setCurrentIndex(int(choice.working))
        self._choose_place()

    def show_shown(self, shown: Shown, time: str) -> None:
        """What is looked at: forums to choose from, and the time in words."""
        self.choice, self.time = shown.choice, time
        self.setAccessibleName(f"{self.words.say('place_coverage')}, {time}")
        names = self._names(shown)
        if [(key, name) for key, name in names] != self._filled:
            self._filled = names
            self.places.clear()
            self.places.addItems([name for _, name in names])
        self._choose_place()
        self.update()

    def _names(self, shown: Shown) -> list[tuple[str, str]]:
        """Ids of communities and forums with their names, in their order."""
        found = []
        for row in shown.communities:
            several = len(shown.communities) > 1
            every = self.words.say("coverage_all_forums")
            found.append((row.name, f"{title(row)}: {every}" if several else every))
            own = [one for one in shown.forums if one.id.community == row.name]
            found += [(str(one.id), f"{'    ' if several else ''}{neutralise(one.name)}") for one in own]
        return found

    def _choose_place(self) -> None:
        wanted = self.choice.forum or self.choice.community
        at = next((n for n, (key, _) in enumerate(self._filled) if key == wanted), 0)
        self.places.setCurrentIndex(at if self._filled else -1)

    def _chosen(self) -> None:
        at = self.places.currentIndex()
        key = self._filled[at][0] if 0 <= at < len(self._filled) else ""
        community, is_forum = key.partition(":")[0], ":" in key
        self.choice = replace(
            self.choice,
            community=community,
            forum=key if is_forum else "",
            days=DAYS[self.days.currentIndex()],
            working=self.clock.currentIndex() == 1,
        )
        self.chosen.emit(self.choice)

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Title and time, left of the choices."""
        pen = Pen(painter, self.theme, QRect(20, 0, max(0, self.places.x() - 28), rect.height()))
        pen.left(self.words.say("place_coverage"), "screen", "text", gap=12)
        pen.left(self.time, "body", "text2")
