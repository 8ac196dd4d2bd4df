"""The left side of the dialogue: how, where and with whom it goes on, and what happens in which order."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QComboBox, QGridLayout, QLabel, QMenu, QVBoxLayout, QWidget

from moderation.conversion import Place, Shape
from moderation.ids import Ref
from moderation.text import neutralise
from resources.messages import known
from views.connect.parts import Field, Text
from views.convert.parts import KeyButton, ShapeRow, ground, section
from views.convert.reading import Person, Planned
from views.convert.tables import StepList
from views.theme import Theme
from views.words import Words

WIDTH, NARROW = 316, 264
_ASKS: dict[str, frozenset[str]] = {
    "category": frozenset({"under"}),
    "chat": frozenset({"colleagues"}),
    "message": frozenset({"colleagues"}),
    "ticket": frozenset({"under"}),
}
"""What a private place wants to know; what is not here asks for nothing."""
_FIRST = re.compile(r"[\u4e00-\u9fff々〆]+|[\u30a0-\u30ffー]+|[\u3040-\u309f]+|[^\W\u3040-\u30ff\u4e00-\u9fff]+")


def first_word(title: str) -> str:
    """The first word of a title; where words are not set apart, its first run of one script."""
    found = _FIRST.search(title)
    return found[0] if found is not None else title.strip()


class ChoicePane(QWidget):
    """``changed`` tells fields of :class:`~views.convert.reading.Chosen` (those of ``around`` in a dict of their own);
    ``typed`` that something was typed to confirm taking the thread.
    """

    changed = Signal(object)
    typed = Signal()

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._words = theme, words
        self._planned: Planned | None = None
        ground(self, theme, "window")
        self.narrow(narrow=False)
        self.how = section(theme, words.say("convert_how"), self)
        self.shapes = {
            shape: ShapeRow(theme, words.say(f"convert_shape_{shape}"), words.say(f"convert_shape_{shape}_more"), self)
            for shape in Shape
        }
        self._group = QButtonGroup(self)
        for row in self.shapes.values():
            self._group.addButton(row)
        self.place, self.customer, self.under = (self._box(name) for name in ("place", "with", "under"))
        self.colleagues = KeyButton(theme, "", icon="users", parent=self)
        self.word = Field(theme, words.say("convert_word"), "", self)
        self.word_said = Text(theme, "", "small", "text2", self)
        self.order = section(theme, words.say("convert_order"), self)
        self.steps = StepList(theme, words, self)
        self._lay_out()
        self._connect()

    def _box(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(self._words.say(f"convert_{name}"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumHeight(self._theme.height("button"))
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 8)
        column.setSpacing(4)
        column.addWidget(self.how)
        for row in self.shapes.values():
            column.addWidget(row)
        column.addSpacing(4)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self._labels: dict[QWidget, QLabel] = {}
        named = (("place", self.place), ("with", self.customer), ("under", self.under), ("team", self.colleagues))
        for at, (name, widget) in enumerate(named):
            label = Text(self._theme, self._words.say(f"convert_{name}"), "small", "text2", self)
            label.setWordWrap(False)
            self._labels[widget] = label
            grid.addWidget(label, at, 0)
            grid.addWidget(widget, at, 1)
        column.addLayout(grid)
        column.addWidget(self.word_said)
        column.addWidget(self.word)
        column.addSpacing(8)
        column.addWidget(self.order)
        column.addWidget(self.steps, 1)

    def _connect(self) -> None:
        for shape, row in self.shapes.items():
            row.clicked.connect(lambda *_, shape=shape: self._tell(shape=shape))
        self.place.activated.connect(lambda at: self._tell(place=Place(self.place.itemData(at))))
        self.customer.activated.connect(lambda at: self._tell(around={"customer": _ref(self.customer, at)}))
        self.under.activated.connect(lambda at: self._tell(around={"under": _ref(self.under, at)}))
        self.colleagues.clicked.connect(self._open_colleagues)
        self.word.textChanged.connect(lambda _: self.typed.emit())

    def _tell(self, **changes: object) -> None:
        self.changed.emit(changes)

    def narrow(self, *, narrow: bool) -> None:
        """As wide as it is drawn, or less where the window is small."""
        self.setFixedWidth(NARROW if narrow else WIDTH * (100 + max(100, self._theme.scale)) // 200)

    # -- showing ---------------------------------------------------------------------------------------------------
    def show_plan(self, planned: Planned) -> None:
        """Show what is chosen, and what can be."""
        before, self._planned = self._planned, planned
        chosen, conversion = planned.chosen, planned.conversion
        self.shapes[chosen.shape].setChecked(True)
        wants = _ASKS.get(str(conversion.place), frozenset())
        places = [(str(place), self._place_name(place)) for place in planned.places]
        self._fill(self.place, places, str(conversion.place), shown=len(places) > 1)
        customer = chosen.around.customer or planned.thread.author
        self._fill(self.customer, _named(planned.customers), str(customer), shown=len(planned.customers) > 1)
        forums = [(str(forum.id), neutralise(forum.name)) for forum in planned.forums]
        self._fill(self.under, forums, str(planned.under or ""), shown=bool(forums) and "under" in wants)
        self._show(self.colleagues, shown="colleagues" in wants and bool(planned.colleagues))
        self.colleagues.say(self._words.count("convert_colleagues", len(chosen.around.colleagues)))
        taking = chosen.shape is Shape.TAKE
        if before is None or before.chosen.shape is not chosen.shape:
            self.word.clear()
        self.word_said.setText(self._words.say("convert_word_ask", word=first_word(planned.thread.title)))
        for widget in (self.word, self.word_said):
            widget.setVisible(taking)

    def show_case(self, *, over: bool = False) -> None:
        """Nothing is chosen any more: only the steps stand there, of a case that is ``over`` those that were taken."""
        self.order.setText(self._words.say("convert_order_over" if over else "convert_order"))
        self.how.hide()
        for widget in (*self.shapes.values(), self.word, self.word_said):
            widget.hide()
        for widget in (self.place, self.customer, self.under, self.colleagues):
            self._show(widget, shown=False)

    def show_choices(self) -> None:
        """The choices stand there again."""
        self.order.setText(self._words.say("convert_order"))
        for widget in (self.how, *self.shapes.values()):
            widget.show()

    @property
    def agreed(self) -> bool:
        """True when the first word of the thread stands in the field."""
        title = self._planned.thread.title if self._planned is not None else ""
        return self.word.text().strip().casefold() == first_word(title).casefold() != ""

    def _place_name(self, place: Place) -> str:
        code = f"convert_place_{place}"
        return self._words.say(code if known(code) else f"conversion_place_{place}")

    def _fill(self, box: QComboBox, entries: Sequence[tuple[str, str]], current: str, *, shown: bool) -> None:
        with QSignalBlocker(box):
            if [(box.itemData(n), box.itemText(n)) for n in range(box.count())] != list(entries):
                box.clear()
                for ident, name in entries:
                    box.addItem(name, ident)
            box.setCurrentIndex(box.findData(current))
        self._show(box, shown=shown)

    def _show(self, widget: QWidget, *, shown: bool) -> None:
        widget.setVisible(shown)
        self._labels[widget].setVisible(shown)

    # -- colleagues ------------------------------------------------------------------------------------------------
    def _open_colleagues(self) -> None:
        if self._planned is None:
            return
        menu = QMenu(self)
        chosen = self._planned.chosen.around.colleagues
        for person in self._planned.colleagues:
            action = QAction(neutralise(person.name), menu)
            action.setCheckable(True)
            action.setChecked(person.id in chosen)
            action.triggered.connect(lambda on, ref=person.id: self._choose_colleague(ref, on=on))
            menu.addAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.colleagues.mapToGlobal(QPoint(0, self.colleagues.height() + 2)))

    def _choose_colleague(self, ref: Ref, *, on: bool) -> None:
        if self._planned is None:
            return
        others = tuple(one for one in self._planned.chosen.around.colleagues if one != ref)
        self._tell(around={"colleagues": (*others, ref) if on else others})


def _ref(box: QComboBox, at: int) -> Ref:
    return Ref.parse(str(box.itemData(at)))


def _named(people: Sequence[Person]) -> list[tuple[str, str]]:
    return [(str(one.id), neutralise(one.name)) for one in people]
