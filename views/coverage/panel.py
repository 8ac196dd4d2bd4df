"""What the Coverage screen shows: head, numbers, charts with their tables, forums, the number at hand in words."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from moderation.charts import numbers
from moderation.charts.curve import curve
from moderation.charts.heat_map import heat_map
from moderation.charts.shapes import Mark, Say, Size
from moderation.charts.tables import (
    Table,
    TableCell,
    curve_table,
    forum_table,
    heat_table,
    others_table,
    top_table,
    trend_table,
)
from moderation.charts.trend import trend
from moderation.coverage.overview import Overview
from views.coverage.drawn import Draw, DrawingView
from views.coverage.header import CoverageHeader
from views.coverage.reading import Shown
from views.coverage.table import CellTable
from views.painting import Pen
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme
from views.words import Words

Numbered = Mark | TableCell
Twin = Callable[[Say, Overview], Table]
_AROUND = 16
_SIDE = 1040
"""Width from which charts stand side by side, at 100 % text size."""


class Chart(QStackedWidget):
    """A drawing, and its twin in a table in the same place. ``opened`` and ``pointed`` tell a mark or a cell."""

    opened = Signal(object)
    pointed = Signal(object)

    def __init__(
        self, name: str, draw: Draw, twin: Twin, theme: Theme, words: Words, parent: QWidget | None = None
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.name, self.draw, self.twin, self._words = name, draw, twin, words
        self._view: Overview | None = None
        self.drawing = DrawingView(draw, theme, words, parent=self)
        self.drawing.strict = name == "heat"
        prose = frozenset({3}) if name in {"top", "numbers"} else frozenset()
        self.table = CellTable(theme, prose, parent=self)
        self._page = QWidget(self)
        self._page.setAutoFillBackground(True)
        self._page.setBackgroundRole(QPalette.ColorRole.Base)
        self._title = QLabel(self._page)
        self._title.setFont(theme.font("strong"))
        self._title.setContentsMargins(20, 10, 20, 4)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(self.table, 1)
        self.addWidget(self.drawing)
        self.addWidget(self._page)
        for part in (self.drawing, self.table):
            part.opened.connect(self.opened)
            part.pointed.connect(self.pointed)

    def show_view(self, view: Overview | None) -> None:
        """Other numbers."""
        self._view = view
        self.drawing.show_view(view)
        if self.as_table:
            self._fill()

    @property
    def as_table(self) -> bool:
        """True while the table is shown."""
        return self.currentWidget() is self._page

    def show_as(self, *, table: bool) -> None:
        """Show the table, or the drawing; the focus goes along."""
        had = self.has_focus
        if table:
            self._fill()
        self.setCurrentWidget(self._page if table else self.drawing)
        if had:
            self.take_keys()

    def take_keys(self) -> None:
        """Give the keys to what is shown."""
        self.shown.setFocus()

    @property
    def shown(self) -> DrawingView | CellTable:
        """What is shown: the drawing, or the table."""
        return self.table if self.as_table else self.drawing

    def _fill(self) -> None:
        if self._view is not None:
            twin = self.twin(self._words.say, self._view)
            self._title.setText(twin.title)
            self.table.show_table(twin)

    @property
    def has_focus(self) -> bool:
        """True where the keys go here."""
        return self.drawing.hasFocus() or self.table.hasFocus()

    @property
    def at_hand(self) -> Numbered | None:
        """The number at hand."""
        return self.table.cell if self.as_table else self.drawing.mark

    def step(self, by: int) -> bool:
        """Next or previous number, or row."""
        return self.table.step(by) if self.as_table else self.drawing.step(by)


class Foot(Surface):
    """The number at hand in words, what Enter does; at the right as of when, and complete since when."""

    ground = "sunken"
    lines = "t"

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("status_bar", "small"))
        self.said, self.beside = "", ""

    def point(self, number: Numbered | None) -> None:
        """Say a number."""
        opens = number is not None and number.door is not None
        said = number.said if number is not None else ""
        self.said = self.words.say("coverage_enter", said=said) if opens else said
        self._changed()

    def show_beside(self, beside: str) -> None:
        """What must stand beside all numbers."""
        self.beside = beside
        self._changed()

    def _changed(self) -> None:
        self.setAccessibleName(". ".join(part for part in (self.said, self.beside) if part))
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Both."""
        pen = Pen(painter, self.theme, rect.adjusted(20, 0, -20, 0))
        pen.right(self.beside, "small", "text2", gap=24)
        pen.left(self.said, "small", "text")


class _Ground(Surface):
    """Under the charts: what is seen between them is the lines."""

    ground = "line"

    def minimumSizeHint(self) -> QSize:
        """As high as its parts, as narrow as wanted."""
        layout = self.layout()
        return QSize(0, layout.minimumSize().height() if layout is not None else 0)


def _middle(part: QWidget, ground: QWidget, seen: QRect) -> tuple[int, int]:
    at = part.mapTo(ground, seen.center())
    return at.x(), at.y()


class CoveragePanel(QWidget):
    """``opened``: the rows of a number are wanted (a mark or a cell)."""

    opened = Signal(object)

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self.words = theme, words
        self.header = CoverageHeader(theme, words, registry, self)
        self.foot = Foot(theme, words, self)
        drawn: tuple[tuple[str, Draw, Twin], ...] = (
            ("top", numbers.at_the_top, top_table),
            ("heat", heat_map, heat_table),
            ("curve", curve, curve_table),
            ("trend", trend, trend_table),
            ("numbers", numbers.others, others_table),
        )
        self.ground = _Ground(theme, words, self)
        self.charts = {name: Chart(name, draw, twin, theme, words, self.ground) for name, draw, twin in drawn}
        self.forums = CellTable(theme, parent=self.ground)
        for part in self.parts:
            part.opened.connect(self.opened)
            part.pointed.connect(partial(self._pointed, part))
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setMargin(40)
        self.message.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.message.setFont(theme.font("pane", 400))
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._grid = QGridLayout(self.ground)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(1)
        self._grid.addWidget(Surface(theme, words, self.ground), 6, 0, 1, 2)
        self._grid.setRowStretch(6, 1)
        self.area.setWidget(self.ground)
        self.body = QStackedWidget(self)
        self.body.addWidget(self.message)
        self.body.addWidget(self.area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.body, 1)
        column.addWidget(self.foot)
        self._wide: bool | None = None
        self._arrange()

    # -- what is shown ---------------------------------------------------------------------------------------------
    def show_view(self, shown: Shown, time: str, beside: str) -> None:
        """Other numbers."""
        self.header.show_shown(shown, time)
        self.foot.show_beside(beside)
        view = shown.view
        for chart in self.charts.values():
            chart.show_view(view)
        if view is not None:
            self.forums.show_table(forum_table(self.words.say, view))
            self._heights()
            self.body.setCurrentWidget(self.area)

    def show_message(self, said: str) -> None:
        """There are no figures, and why."""
        self.message.setText(said)
        self.message.setAccessibleName(said)
        self.foot.point(None)
        self.body.setCurrentWidget(self.message)

    @property
    def parts(self) -> list[Chart | CellTable]:
        """What has numbers, in the order of the eye."""
        charts = self.charts
        return [charts["top"], charts["heat"], charts["curve"], self.forums, charts["trend"], charts["numbers"]]

    @property
    def panes(self) -> list[QWidget]:
        """What takes the keys, in the order of the eye."""
        return [part.shown if isinstance(part, Chart) else part for part in self.parts]

    def current(self) -> Chart | CellTable | None:
        """What has the keys."""
        for part in self.parts:
            if part.has_focus if isinstance(part, Chart) else part.hasFocus():
                return part
        return None

    def at_hand(self) -> Numbered | None:
        """The number at hand."""
        part = self.current()
        if part is None:
            return None
        return part.at_hand if isinstance(part, Chart) else part.cell

    def begin(self) -> None:
        """Give the keys to the first numbers, or to the message, unless they are somewhere here."""
        if self.body.currentWidget() is not self.area:
            self.message.setFocus()
        elif self.current() is None and not self.header.isAncestorOf(QApplication.focusWidget() or self):
            self.charts["heat"].take_keys()

    def toggle(self) -> Chart:
        """Swap the chart at hand (else the heat map) for its table, or back."""
        part = self.current()
        chart = part if isinstance(part, Chart) else self.charts["heat"]
        chart.show_as(table=not chart.as_table)
        self._heights()
        return chart

    def step(self, by: int) -> None:
        """Next or previous number."""
        part = self.current()
        if part is not None:
            part.step(by)

    def _pointed(self, part: Chart | CellTable, number: Numbered | None) -> None:
        """Say the number at hand, and have it in view."""
        self.foot.point(number)
        seen = part.drawing.area(number) if isinstance(part, Chart) and isinstance(number, Mark) else part.rect()
        self.area.ensureVisible(*_middle(part, self.ground, seen), seen.width() // 2, seen.height() // 2 + _AROUND)

    # -- room ------------------------------------------------------------------------------------------------------
    def _arrange(self) -> None:
        """Charts side by side where there is room, else below each other."""
        wide = self.width() >= _SIDE * self.theme.scale // 100
        if wide is not self._wide:
            self._wide = wide
            top, heat, around, forums, weeks, others = self.parts
            for at, part in enumerate(self.parts):
                self._grid.removeWidget(part)
                if not wide:
                    self._grid.addWidget(part, at, 0, 1, 2)
            if wide:
                self._grid.addWidget(top, 0, 0, 1, 2)
                self._grid.addWidget(heat, 1, 0)
                self._grid.addWidget(around, 1, 1)
                self._grid.addWidget(forums, 2, 0)
                self._grid.addWidget(weeks, 2, 1)
                self._grid.addWidget(others, 3, 0, 1, 2)
            self._grid.setColumnStretch(0, 61 if wide else 1)
            self._grid.setColumnStretch(1, 39 if wide else 1)
        self._heights()

    def _heights(self) -> None:
        """Heights of the parts; lines between them."""
        scale = self.theme.scale / 100
        room = Size(max(200, self.width() - 52), 0, scale)
        heights = {
            "top": round(numbers.height_of_top(room)) + 16,
            "heat": round(330 * scale),
            "curve": round(330 * scale),
            "trend": round(300 * scale),
            "numbers": round(numbers.height_of_others(room)) + 24,
        }
        for name, chart in self.charts.items():
            height = heights[name]
            if chart.as_table and name in {"top", "numbers"}:
                height = max(height, round(330 * scale))
            chart.setFixedHeight(height)
        self.forums.setFixedHeight(heights["trend"])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another arrangement at another width."""
        super().resizeEvent(event)
        self._arrange()
