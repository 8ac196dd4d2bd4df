"""Popups of the Following screen: a choice of a few lines, the rows behind a cell, and what a word means."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from views.plain import as_typed
from views.sheet import SHADOW, Sheet
from views.theme import Theme

_WIDTH, _TOP, _MOST_HEIGHT = 520, 110, 560
_LINE = Qt.ItemDataRole.UserRole


class ChoiceSheet(Sheet):
    """A title, a sentence, and lines of which one is taken: by Enter, by its digit or by a click."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window)
        self._take: Callable[[int], None] = lambda line: None
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 16, SHADOW + 14, SHADOW + 16, SHADOW + 14)
        column.setSpacing(8)
        self.title, self.sentence = QLabel(self), QLabel(self)
        self.title.setFont(theme.font("pane"))
        for label in (self.title, self.sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        self.sentence.setFont(theme.font("small"))
        self.list = QListWidget(self)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.installEventFilter(self)
        self.list.itemClicked.connect(self._clicked)
        column.addWidget(self.list)

    def ask(
        self, title: str, sentence: str, lines: Sequence[str], take: Callable[[int], None], *, numbered: bool = True
    ) -> None:
        """Open it; ``take`` gets the number of the line that was taken. Lines that begin with a tab are heads."""
        self._take = take
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.setAccessibleName(f"{title}. {sentence}".strip())
        self.list.setAccessibleName(title)
        self.list.clear()
        number = 0
        for at, line in enumerate(lines):
            number += not line.startswith("\t")
            self._add(line, at, number if numbered and number < 10 else 0)
        first = next((at for at, line in enumerate(lines) if not line.startswith("\t")), 0)
        self.list.setCurrentRow(first)
        self._open()

    def _add(self, line: str, at: int, number: int) -> None:
        head = line.startswith("\t")
        item = QListWidgetItem(line.strip() if head or not number else f"{number}   {line}", self.list)
        item.setData(_LINE, at)
        item.setSizeHint(QSize(0, self.theme.grown(28, "body")))
        item.setToolTip(as_typed(line.strip()))
        if head:
            item.setForeground(self.theme.colour("text2"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setFont(self.theme.font("label"))

    def _open(self) -> None:
        width = min(_WIDTH, self.host.width() - 2 * SHADOW - 20)
        row = max(20, self.list.sizeHintForRow(0))
        inner = width - 2 * 16
        texts = [label.heightForWidth(inner) for label in (self.title, self.sentence) if label.isVisibleTo(self)]
        listed = min(row * max(1, self.list.count()) + 2, _MOST_HEIGHT - sum(texts))
        self.list.setFixedHeight(listed)
        height = min(28 + sum(texts) + 8 * len(texts) + listed, self.host.height() - 2 * SHADOW)
        top = max(SHADOW, min(_TOP, self.host.height() - height - SHADOW))
        area = QRect((self.host.width() - width) // 2, top, width, height)
        if self.isVisible():
            self.setGeometry(area.adjusted(-SHADOW, -SHADOW, SHADOW, SHADOW))
        else:
            self.open_at(area)

    def focus_first(self) -> None:
        """Arrows move in the list."""
        self.list.setFocus()

    def _clicked(self, item: QListWidgetItem) -> None:
        self._taken(item)

    def _taken(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.accept()
            self._take(int(item.data(_LINE)))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Digits and Enter on the list, which would search its lines for them."""
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            text = event.text()
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._taken(self.list.currentItem())
                return True
            if text.isdecimal():
                items = (self.list.item(at) for at in range(self.list.count()))
                self._taken(next((item for item in items if item.text().startswith(f"{text}   ")), None))
                return True
        return super().eventFilter(watched, event)


class TextSheet(Sheet):
    """A title and what there is to say; any of the keys that opened it, or Escape, closes it."""

    closed = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window)
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 20, SHADOW + 16, SHADOW + 20, SHADOW + 16)
        column.setSpacing(8)
        self.title, self.text = QLabel(self), QLabel(self)
        self.title.setFont(theme.font("pane"))
        self.text.setFont(theme.font("body"))
        for label in (self.title, self.text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(1)

    def tell(self, title: str, text: str) -> None:
        """Open it."""
        self.title.setText(title)
        self.text.setText(text)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        width = min(_WIDTH, self.host.width() - 2 * SHADOW - 20)
        height = sum(label.heightForWidth(width - 40) for label in (self.title, self.text)) + 44
        height = min(height, self.host.height() - 2 * SHADOW)
        self.open_at(QRect((self.host.width() - width) // 2, min(_TOP, self.host.height() - height), width, height))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 again closes it, as Escape and Enter do."""
        if event.key() in {Qt.Key.Key_F1, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.reject()
            event.accept()
            return
        super().keyPressEvent(event)
