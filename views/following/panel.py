"""The Following screen: head, legend, matrix with its totals, and what is to be known of the forum at hand."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from moderation.desk.board import Look
from views.buttons import VerbButton, drop_words
from views.following.acts import Acts
from views.following.detail import AboutSheet, scrolling
from views.following.drawing import MatrixDrawing
from views.following.signs import SIDE, draw_sign, hatching
from views.following.table import MatrixTable, TotalsBar
from views.following.words import FollowingWords
from views.item.empty import EmptyPane
from views.painting import Pen, keycap_width, text_width
from views.plain import as_typed
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme
from views.words import Words

_HEAD, _LEGEND, _NOTE, _PANE = 52, 36, 30, 248
_BUTTONS = ("filter", "take", "hand_over", "export")
_LEGENDS = (
    Look.WATCHING, Look.TRACKING, Look.WATCHING_FIRST, Look.WATCHING_UNSEEN, Look.MUTED, Look.NO_CHOICE, Look.UNKNOWN,
)  # fmt: skip
_FIELD = 220


class FollowingHeader(Surface):
    """Title, how much of what; what is left out, hand over, export."""

    lines = "b"

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.grown(_HEAD, "screen"))
        self.summary = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 20, 0)
        row.setSpacing(8)
        row.addStretch(1)
        self.buttons = {verb: VerbButton(registry, theme, verb, parent=self) for verb in _BUTTONS}
        for button in self.buttons.values():
            row.addWidget(button)

    def show_summary(self, summary: str) -> None:
        """How many forums and people."""
        self.summary = summary
        self.setAccessibleName(f"{self.words.say('place_following')}, {summary}")
        self.setToolTip(summary)
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Title and numbers, left of the buttons."""
        room = sum(button.width() + 8 for button in self.buttons.values() if button.isVisibleTo(self)) + 28
        pen = Pen(painter, self.theme, rect.adjusted(20, 0, -room, 0))
        pen.left(self.words.say("place_following"), "screen", "text", weight=600, gap=12)
        pen.left(self.summary, "body", "text2")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop words where there is no room for them."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Leave words of buttons away where they would cover the numbers."""
        title = text_width(self.theme, self.words.say("place_following"), "screen", 600) + 60
        room = self.width() - title - min(text_width(self.theme, self.summary, "body"), 380)
        drop_words(list(self.buttons.values()), room, ("export", "hand_over", "take", "filter"))


class Legend(Surface):
    """What the symbols mean; at the right what is called covered, or the field that narrows the matrix down."""

    lines = "b"
    typed = Signal(str)
    left = Signal()
    defined = Signal()

    def __init__(self, theme: Theme, said: FollowingWords, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, said.words, parent)
        self._said, self._registry = said, registry
        self.fix_height(theme.grown(_LEGEND, "small"))
        self.days = 14
        self._door = QRect()
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.words.say("following_find"))
        self.field.setAccessibleName(self.words.say("following_find"))
        self.field.setFont(theme.font("small"))
        self.field.textChanged.connect(self.typed)
        self.field.installEventFilter(self)
        self.field.hide()

    def open_field(self) -> None:
        """Open the field."""
        self.field.show()
        self.field.setFocus()
        self.field.selectAll()
        self.update()

    def put(self, text: str) -> None:
        """What stands in the field, without telling."""
        self.field.blockSignals(True)
        self.field.setText(text)
        self.field.blockSignals(False)
        self.field.setVisible(bool(text))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape empties the field and leaves it, Enter and Down leave it."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.field.clear()
            if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
                self.field.setVisible(bool(self.field.text()))
                self.left.emit()
                self.update()
                return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The field stands at the right."""
        super().resizeEvent(event)
        height = self.theme.height("input", "small")
        self.field.setGeometry(self.width() - _FIELD - 20, (self.height() - height) // 2, _FIELD, height)

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Symbols with their words; the definition with its key."""
        theme, words = self.theme, self.words
        room = self._definition(painter, rect) if self.field.isHidden() else _FIELD + 40
        pen = Pen(painter, theme, rect.adjusted(20, 0, -room, 0))
        for look in _LEGENDS:
            said = self._said.look(look, self.days)
            if pen.rect.width() < text_width(theme, said, "small") + SIDE + 8:
                return
            centre = QPointF(pen.rect.left() + SIDE / 2, rect.center().y() + 0.5)
            draw_sign(painter, theme, centre, look)
            pen.rect.adjust(SIDE + 6, 0, 0, 0)
            pen.left(said, "small", "text2", gap=14)
        if pen.rect.width() > text_width(theme, words.say("following_absent"), "small") + SIDE + 8:
            box = QRect(pen.rect.left(), rect.center().y() - 7, 16, 16)
            painter.setPen(theme.pen("line"))
            painter.setBrush(hatching(theme))
            painter.drawRect(box)
            pen.rect.adjust(22, 0, 0, 0)
            said = words.say("following_absent")
            pen.left(said, "small", "text2")

    def _definition(self, painter: QPainter, rect: QRect) -> int:
        theme, key = self.theme, self._registry.key("definition")
        said = self.words.say("following_covered_short")
        width = text_width(theme, said, "small") + keycap_width(theme, key) + 8
        self._door = QRect(rect.right() - width - 20, 0, width, rect.height())
        pen = Pen(painter, theme, rect.adjusted(0, 0, -20, 0))
        pen.key_right(key)
        pen.right(said, "small", "text2")
        return width + 44

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the definition opens it whole."""
        if self.field.isHidden() and self._door.contains(event.position().toPoint()):
            self.defined.emit()


class NoteStrip(Surface):
    """The most important of what stands beside the board, while the board cannot be taken as it is."""

    ground = "staff_tint"
    lines = "b"
    wanted = Signal(str)

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self._registry = registry
        self.fix_height(theme.grown(_NOTE, "small"))
        self.text = self.verb = ""
        self.hide()

    def show_note(self, text: str, verb: str = "") -> None:
        """A sentence, and what one may want to do; nothing hides it."""
        self.text, self.verb = text, verb
        self.setVisible(bool(text))
        self.setAccessibleName(text)
        self.setToolTip(as_typed(text))
        self.setCursor(Qt.CursorShape.PointingHandCursor if verb else Qt.CursorShape.ArrowCursor)
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Sign, sentence, what to do with its key."""
        pen = Pen(painter, self.theme, rect.adjusted(20, 0, -20, 0))
        if self.verb:
            pen.key_right(self._registry.key(self.verb))
            label = self._registry.label(self.verb).removesuffix("…")
            pen.right(label, "small", "text", weight=600, gap=16)
        pen.icon_left("alert-triangle", self.theme.status_colour("staff"), 16)
        pen.left(self.text, "small", "text")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do what it says."""
        del event
        if self.verb:
            self.wanted.emit(self.verb)


class FollowingPanel(QWidget):
    """Everything of the screen. ``empty`` stands in place of the matrix where there is none."""

    def __init__(
        self, theme: Theme, said: FollowingWords, registry: Registry, acts: Acts, now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        words = said.words
        self.theme = theme
        self.header = FollowingHeader(theme, words, registry, self)
        self.legend = Legend(theme, said, registry, self)
        self.note = NoteStrip(theme, words, registry, self)
        self.drawing = MatrixDrawing(theme, said, now)
        self.table = MatrixTable(self.drawing, self)
        self.table.setAccessibleName(words.say("following_matrix"))
        self.totals = TotalsBar(self.table, self)
        self.about = AboutSheet(said, acts, registry, theme, now, self)
        self.pane = scrolling(self.about, words.say("following_forum_at_hand"), self)
        self.pane.setFixedWidth(_PANE * max(100, theme.scale) // 100)
        self.empty = EmptyPane(theme, words, self)
        self._lay_out()

    def _lay_out(self) -> None:
        left = QWidget(self)
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.note)
        rows.addWidget(self.table, 1)
        rows.addWidget(self.totals)
        full = QWidget(self)
        beside = QHBoxLayout(full)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(left, 1)
        beside.addWidget(self.pane)
        stack = QWidget(self)
        self._stack = QStackedLayout(stack)
        self._stack.addWidget(full)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.legend):
            column.addWidget(widget)
        column.addWidget(stack, 1)

    def show_full(self) -> None:
        """The matrix."""
        self._stack.setCurrentIndex(0)

    def show_empty(self, sentence: str, line: str, elsewhere: list[tuple[str, str, str, str]]) -> None:
        """There is no matrix: why, and what to do next."""
        self.empty.show_empty(sentence, line, elsewhere)
        self._stack.setCurrentIndex(1)

    @property
    def is_empty(self) -> bool:
        """True while there is no matrix."""
        return self._stack.currentIndex() == 1

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(900, 600)
