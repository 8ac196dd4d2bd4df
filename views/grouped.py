"""A short list in groups, each under its head: the model, the painting and the keys that such lists share."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from views.painting import Pen, focus_ring
from views.surface import Surface
from views.theme import Scheme, Theme
from views.words import Words

ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Heading:
    """Head of a group: code of its title, how many it has."""

    code: str
    count: int


class GroupedModel(QAbstractListModel):
    """Replaced whole, but announced as a reset only when rows came, went or moved. ``key_of`` tells which a row is;
    ``describe`` says it to people who cannot see it.
    """

    def __init__(self, key_of: Callable[[Any], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key_of = key_of
        self.rows: list[Any] = []
        self.describe: Callable[[Any], str] = lambda row: ""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Rows, heads included."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row."""
        if not 0 <= index.row() < len(self.rows):
            return None
        if role == ROW:
            return self.rows[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.describe(self.rows[index.row()])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Heads cannot be chosen."""
        if not index.isValid() or isinstance(self.rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def show(self, groups: Iterable[tuple[str, Sequence[Any]]]) -> bool:
        """Replace the rows by these groups (code of the title, rows), empty ones left out; ``True`` when rows came,
        went or moved.
        """
        rows: list[Any] = []
        for code, entries in groups:
            if entries:
                rows += [Heading(code, len(entries)), *entries]
        if [self.key(row) for row in rows] != [self.key(row) for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return True
        for number, row in enumerate(rows):
            if row != self.rows[number]:
                self.rows[number] = row
                self.dataChanged.emit(self.index(number, 0), self.index(number, 0))
        return False

    def key(self, row: Any) -> object:
        """Which row it is."""
        return row.code if isinstance(row, Heading) else self._key_of(row)

    def at(self, position: int) -> Any:
        """The row at a position, ``None`` for a head or none at all."""
        row = self.rows[position] if 0 <= position < len(self.rows) else None
        return None if isinstance(row, Heading) else row

    @property
    def entries(self) -> list[Any]:
        """All rows, without heads."""
        return [row for row in self.rows if not isinstance(row, Heading)]

    def position(self, key: object) -> int:
        """Where a row stands; the first one where it does not; -1 for none at all."""
        positions = [n for n, row in enumerate(self.rows) if not isinstance(row, Heading)]
        found = [n for n in positions if self._key_of(self.rows[n]) == key]
        return found[0] if found else positions[0] if positions else -1


class GroupedRows(QStyledItemDelegate):
    """Paints heads; what stands in a row is up to who derives."""

    def __init__(self, theme: Theme, words: Words, table: QWidget) -> None:
        super().__init__(table)
        self._theme, self._words, self._table = theme, words, table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line for a head, two for a row."""
        heading = isinstance(index.data(ROW), Heading)
        height = self._theme.grown(28, "small") if heading else self._theme.grown(56, "body", 2)
        return QSize(option.rect.width(), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A head or a row, and a line below it."""
        row, rect, theme = index.data(ROW), option.rect, self._theme
        if isinstance(row, Heading):
            painter.fillRect(rect, theme.colour("window"))
            pen = Pen(painter, theme, rect.adjusted(12, 0, -12, 0))
            pen.right(self._words.number(row.count), "small", "text2", weight=600)
            pen.left(self._words.say(row.code), "small", "text2", weight=600)
        elif row is not None:
            self._ground(painter, option)
            self.paint_row(painter, option, row)
        painter.setPen(theme.pen("line"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())

    def paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: Any) -> None:
        """Draw a row on its ground."""
        raise NotImplementedError

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        theme, rect = self._theme, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        active = self._table.hasFocus()
        name = ("selected" if active else "selected_inactive") if selected else "hover" if hovered else "surface"
        painter.fillRect(rect, theme.colour(name))
        if selected:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
        if selected and theme.scheme is Scheme.CONTRAST:
            focus_ring(painter, theme, rect, 0)


class GroupedTable(QTableView):
    """``chosen``: the key of the row that became current, by key, mouse or program; ``None`` for none."""

    chosen = Signal(object)
    rows: GroupedModel

    def __init__(self, model: GroupedModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self._at: object = None
        model.setParent(self)
        self.setModel(model)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def show_groups(self, groups: Iterable[tuple[str, Sequence[Any]]]) -> None:
        """Other rows; the one at hand stays at hand while it is there."""
        kept = self._at
        if self.rows.show(groups):
            self.go_to(kept)
        self.viewport().update()

    def begin_at(self, key: object) -> None:
        """Which row is to be current when there are rows: the one that other widgets had at hand."""
        self._at = key

    def go_to(self, key: object) -> None:
        """Make a row current; the first one where this one is not there."""
        position = self.rows.position(key)
        if position >= 0:
            self.setCurrentIndex(self.rows.index(position, 0))
            self.scrollTo(self.rows.index(position, 0))
        else:
            self._at = None
            self.chosen.emit(None)

    def step(self, by: int) -> None:
        """Next or previous row."""
        position = self.currentIndex().row() + by
        while 0 <= position < len(self.rows.rows):
            if self.rows.at(position) is not None:
                self.setCurrentIndex(self.rows.index(position, 0))
                return
            position += by

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which row is current now."""
        super().currentChanged(current, previous)
        found = self.rows.at(current.row())
        if found is not None:
            self._at = self.rows.key(found)
            self.chosen.emit(self._at)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""


class OpenHeader(Surface):
    """The title of a place (code ``place_NAME``) and how many are open there (``NAME_open``)."""

    lines = "b"

    def __init__(self, theme: Theme, words: Words, place: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self._place = place
        self.fix_height(theme.height("pane_header", "pane"))
        self.open = 0

    def show_open(self, count: int) -> None:
        """How many are not over."""
        self.open = count
        words = self.words
        self.setAccessibleName(f"{words.say(f'place_{self._place}')}, {words.count(f'{self._place}_open', count)}")
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Title, number."""
        pen = Pen(painter, self.theme, rect.adjusted(12, 0, -12, 0))
        pen.left(self.words.say(f"place_{self._place}"), "pane", "text")
        pen.left(self.words.count(f"{self._place}_open", self.open), "body", "text2")
