"""The key sheet: what works here and now, drawn from the registry, searchable."""

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from views.painting import Pen, hairline, keycap_width
from views.registry import Registry
from views.sheet import SHADOW, Sheet
from views.theme import Theme
from views.verbs import VERBS, Group
from views.words import Words

_WIDTH = 1000
_SCROLLS = {
    int(Qt.Key.Key_Down): 1,
    int(Qt.Key.Key_Up): -1,
    int(Qt.Key.Key_PageDown): 10,
    int(Qt.Key.Key_PageUp): -10,
}
_COLUMNS = ((Group.MOVE, Group.TAKE_AWAY), (Group.DECIDE, Group.TAKE_BACK), (Group.TALK, Group.VIEW))


class KeySheet(Sheet):
    """Three columns of groups."""

    def __init__(self, theme: Theme, words: Words, registry: Registry, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words, self._registry = words, registry
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find a key or an action"))
        self.field.setAccessibleName(self.tr("Find a key or an action"))
        self.field.setFont(theme.font("small"))
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self._groups: dict[Group, list[str]] = {}
        self._from = 0

    def show_keys(self) -> None:
        """Open it."""
        self.field.clear()
        self._collect()
        self._from = 0
        column = self._length()
        width = min(_WIDTH, self.host.width() - 48)
        height = min(self._head() + column + 20, self.host.height() - 2 * SHADOW)
        left = (self.host.width() - width) // 2
        top = max(SHADOW, (self.host.height() - height) // 2 - 20)
        self.open_at(QRect(left, top, width, height))
        inner = self.inner()
        self.field.setGeometry(inner.right() - 218, inner.top() + (self._head() - 28) // 2, 200, 28)

    def focus_first(self) -> None:
        """Typing searches."""
        self.field.setFocus()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """``?`` again closes an untouched sheet, as Escape does; arrows and page keys scroll it."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.text() == "?" and not self.field.text():
                self.reject()
                return True
            if (rows := _SCROLLS.get(event.key())) is not None:
                self._scroll(rows)
                return True
        return super().eventFilter(watched, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls where not all has room."""
        self._scroll(-2 if event.angleDelta().y() > 0 else 2)

    def _length(self) -> int:
        """Height of the longest column."""
        row = self._row()
        return max(sum(len(self._groups[group]) * row + self._title() + 14 for group in pair) for pair in _COLUMNS)

    def _scroll(self, rows: int) -> None:
        most = max(0, self._length() + 20 - (self.inner().height() - self._head()))
        self._from = max(0, min(most, self._from + rows * self._row()))
        self.update()

    def _typed(self) -> None:
        self._from = 0
        self._collect()
        self.update()

    def _collect(self) -> None:
        wanted = self.field.text().strip().casefold()
        self._groups = {group: [] for group in Group}
        for verb in self._registry.here():
            key, hint = self._registry.key(verb), self._registry.hint(verb)
            if key and (not wanted or wanted in hint.casefold() or wanted in key.casefold()):
                self._groups[VERBS[verb].group].append(verb)
        said = [
            f"{self._registry.key(verb)}: {self._registry.hint(verb)}"
            for all_ in self._groups.values()
            for verb in all_
        ]
        self.setAccessibleName(self.tr("Keys"))
        self.setAccessibleDescription("; ".join(said))

    def _row(self) -> int:
        return self.theme.grown(25, "small")

    def _title(self) -> int:
        return self.theme.grown(34, "body")

    def _head(self) -> int:
        return self.theme.grown(48, "pane")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Head, then the columns."""
        super().paintEvent(event)
        painter, theme, inner = QPainter(self), self.theme, self.inner()
        head = QRect(inner.left() + 20, inner.top(), inner.width() - 260, self._head())
        pen = Pen(painter, theme, head)
        pen.left(self.tr("Keys"), "pane", "text", gap=12)
        pen.left(self.tr("what works here and now; Alt ↵ in the palette changes one"))
        hairline(painter, theme, inner.left() + 1, head.bottom(), inner.right() - 1, head.bottom())
        width = (inner.width() - 40) // 3
        painter.setClipRect(inner.adjusted(1, self._head(), -1, -2))
        for number, pair in enumerate(_COLUMNS):
            y = head.bottom() + 10 - self._from
            for group in pair:
                y = self._group(painter, QRect(inner.left() + 20 + number * width, y, width - 12, 0), group)
                y += 14

    def _group(self, painter: QPainter, area: QRect, group: Group) -> int:
        theme, y = self.theme, area.top()
        verbs = self._groups[group]
        if not verbs:
            return y
        title = QRect(area.left(), y, area.width(), self._title())
        Pen(painter, theme, title).left(self._registry.group(group), "body", "text", weight=600)
        y += self._title()
        caps = max(102, max(keycap_width(theme, self._registry.key(verb)) for verb in verbs) + 10)
        for verb in verbs:
            row = QRect(area.left(), y, area.width(), self._row())
            pen = Pen(painter, theme, row)
            pen.key_left(self._registry.key(verb))
            pen.rect.setLeft(area.left() + caps)
            pen.left(self._registry.hint(verb), "body", "text2" if self._registry.possible(verb) else "text_disabled")
            y += self._row()
        return y
