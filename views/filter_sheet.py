"""The filter on the list: words, kind, forums."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from moderation.content import Forum
from moderation.ids import Kind
from moderation.text import neutralise
from views.places import Filter
from views.sheet import SHADOW, Sheet
from views.theme import Theme

_WIDTH, _HEIGHT = 360, 440
_KINDS: tuple[Kind | None, ...] = (None, Kind.FLAG, Kind.HELD)


class FilterSheet(Sheet):
    """``chosen`` tells the filter; Enter takes it, Escape leaves everything as it was."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window)
        self.setAccessibleName(self.tr("Filter"))
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 16, SHADOW + 14, SHADOW + 16, SHADOW + 14)
        column.setSpacing(8)
        title = QLabel(self.tr("Filter"), self)
        title.setFont(theme.font("pane"))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Words in the post"))
        self.field.setAccessibleName(self.tr("Words in the post"))
        self.field.setMinimumHeight(theme.height("input"))
        self.kind = QComboBox(self)
        self.kind.setAccessibleName(self.tr("Kind"))
        self.kind.addItems([self.tr("Reports and held posts"), self.tr("Reports only"), self.tr("Held posts only")])
        self.kind.setMinimumHeight(theme.height("select"))
        forums = QLabel(self.tr("Forums (none chosen: all)"), self)
        self.forums = QListWidget(self)
        self.forums.setAccessibleName(self.tr("Forums"))
        buttons = QDialogButtonBox(self)
        self.apply = buttons.addButton(self.tr("Show"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.clear = buttons.addButton(self.tr("Clear"), QDialogButtonBox.ButtonRole.ResetRole)
        for widget in (title, self.field, self.kind, forums, self.forums, buttons):
            column.addWidget(widget)
        self.apply.clicked.connect(self._take)
        self.clear.clicked.connect(self._clear)
        self.field.returnPressed.connect(self._take)

    def show_filter(self, now: Filter, forums: Sequence[Forum], below: QPoint) -> None:
        """Open below a point of the window."""
        self.field.setText(now.text)
        self.kind.setCurrentIndex(_KINDS.index(now.kind) if now.kind in _KINDS else 0)
        self.forums.clear()
        for forum in forums:
            item = QListWidgetItem(neutralise(forum.name), self.forums)
            item.setData(Qt.ItemDataRole.UserRole, str(forum.id))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            checked = str(forum.id) in now.forums
            item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
        left = max(SHADOW, min(below.x() - _WIDTH, self.host.width() - _WIDTH - SHADOW))
        height = min(_HEIGHT, self.host.height() - below.y() - SHADOW)
        self.open_at(QRect(left, below.y(), _WIDTH, height))

    def focus_first(self) -> None:
        """Typing goes to the words."""
        self.field.setFocus()
        self.field.selectAll()

    def _take(self) -> None:
        rows = [self.forums.item(n) for n in range(self.forums.count())]
        chosen = tuple(
            str(row.data(Qt.ItemDataRole.UserRole)) for row in rows if row.checkState() is Qt.CheckState.Checked
        )
        kind = _KINDS[self.kind.currentIndex()]
        self.accept()
        self.chosen.emit(Filter(self.field.text().strip(), chosen, kind))

    def _clear(self) -> None:
        self.accept()
        self.chosen.emit(Filter())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows, Escape leaves."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take()
            event.accept()
            return
        super().keyPressEvent(event)
