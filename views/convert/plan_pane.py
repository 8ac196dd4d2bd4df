"""The right side before it runs: who reads what, what leaves public view, what stays, what cannot be called back."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from moderation.conversion import Shape, Undo
from moderation.conversion.scene import text_of
from moderation.ids import Ref
from moderation.text import neutralise, one_line
from views.connect.parts import Text
from views.convert.parts import KeyButton, PointerFrame, SaidLines, ground, scrolling, section
from views.convert.reading import Planned
from views.convert.tables import ReaderTable
from views.convert.words import ConvertWords
from views.theme import Theme
from views.words import Words

_ROLE = Qt.ItemDataRole.UserRole


class HideList(QListWidget):
    """The posts of the thread; what is ticked leaves public view. ``ticked`` tells which."""

    ticked = Signal(object)

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._words = theme, words
        self.setAccessibleName(words.say("convert_hides"))
        self.setFont(theme.font("small"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.itemChanged.connect(lambda _: self.ticked.emit(self.chosen()))
        self.hide()

    def show_posts(self, planned: Planned) -> None:
        """Every post that is public, ticked where it will be hidden; the row at hand stays."""
        at, hidden = max(0, self.currentRow()), set(planned.chosen.hide or ())
        leaves = set(planned.conversion.leaves)
        with QSignalBlocker(self):
            self.clear()
            for number, post in enumerate(planned.posts, 1):
                if post.hidden:
                    continue
                told = [self._words.say("convert_post", n=number), neutralise(post.author_name or "")]
                if post.id in planned.exposed:
                    told.append(self._words.say("convert_shows"))
                elif post.id in leaves and post.id not in hidden:
                    told.append(self._words.say("convert_repeats"))
                item = QListWidgetItem(f"{' · '.join(told)}   {one_line(text_of(post), 160)}", self)
                item.setData(_ROLE, str(post.id))
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if post.id in hidden else Qt.CheckState.Unchecked)
            self.setCurrentRow(min(at, self.count() - 1))
        rows = min(max(self.count(), 1), 7)
        self.setFixedHeight(rows * max(self.sizeHintForRow(0), 16) + 6)

    def chosen(self) -> tuple[Ref, ...]:
        """What is ticked."""
        items = [self.item(row) for row in range(self.count())]
        return tuple(Ref.parse(item.data(_ROLE)) for item in items if item.checkState() is Qt.CheckState.Checked)

    def event(self, event: QEvent) -> bool:
        """Escape leaves the list, not the dialogue."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if event.type() is QEvent.Type.ShortcutOverride and escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape folds it up."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)


class PlanPane(QScrollArea):
    """``pointed``: another text for the pointer; ``ticked``: other posts to hide."""

    pointed = Signal(str)
    ticked = Signal(object)

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._words = theme, words
        inner = scrolling(self, theme)
        self.readers = ReaderTable(theme, words, inner)
        self.hides = Text(theme, "", "small", "text", inner)
        self.choose = KeyButton(theme, words.say("convert_choose"), words.say("convert_key_hide"), parent=inner)
        self.posts = HideList(theme, words, inner)
        self.pointer = PointerFrame(theme, words, inner)
        self.remarks, self.proving = SaidLines(theme, inner), SaidLines(theme, inner)
        self._heads = {name: section(theme, words.say(f"convert_{name}"), inner) for name in _HEADS}
        self._lay_out(inner)
        self.choose.clicked.connect(self._fold)
        self.posts.ticked.connect(self.ticked)
        self.pointer.edited.connect(self.pointed)

    def _lay_out(self, inner: QWidget) -> None:
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 12, 18, 12)
        column.setSpacing(6)
        line = QHBoxLayout()
        line.addWidget(self.hides, 1)
        line.addWidget(self.choose)
        parts: tuple[tuple[str, Sequence[QWidget | QHBoxLayout]], ...] = (
            ("readers", (self.readers,)),
            ("hides", (line, self.posts)),
            ("stays", (self.pointer,)),
            ("remarks", (self.remarks,)),
            ("proves", (self.proving,)),
        )
        for name, widgets in parts:
            column.addWidget(self._heads[name])
            for widget in widgets:
                if isinstance(widget, QWidget):
                    column.addWidget(widget)
                else:
                    column.addLayout(widget)
            column.addSpacing(6)
        column.addStretch(1)

    def show_plan(self, planned: Planned, said: ConvertWords) -> None:
        """Show a plan."""
        conversion, words = planned.conversion, self._words
        self.readers.show_readers(said.readers(conversion.readers))
        self.hides.setText(said.leaves(conversion))
        chooses = conversion.shape is not Shape.TAKE or said.hides(conversion)
        self.choose.setVisible(chooses)
        if not chooses:
            self.posts.hide()
        self.posts.show_posts(planned)
        checks, colour = said.pointer_checks(conversion, planned.findings)
        who = words.say("convert_speaks", name=neutralise(planned.speaker))
        self.pointer.show_pointer(conversion.pointer, who, checks, colour)
        self.remarks.show_lines(said.remarks(conversion.remarks))
        self.proving.show_lines(said.proving(conversion))

    def _fold(self) -> None:
        """Show the posts to choose from, or fold them up."""
        if self.posts.isHidden():
            self.posts.show()
            self.posts.setFocus()
        else:
            self.posts.hide()


_HEADS = ("readers", "hides", "stays", "remarks", "proves")


class BackPane(QWidget):
    """The way back before it is taken: what will be readable again, and what stays."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget) -> None:
        super().__init__(parent)
        ground(self, theme, "surface")
        self._words = words
        self.head = Text(theme, "", "body", "text", self)
        self.head.setFont(theme.font("pane"))
        self.remarks = SaidLines(theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 12)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addWidget(section(theme, words.say("convert_back_remarks"), self))
        column.addWidget(self.remarks)
        column.addStretch(1)

    def show_back(self, undo: Undo, said: ConvertWords) -> None:
        """Show it."""
        code = "convert_back_head" if undo.steps or undo.missing else "convert_back_nothing"
        self.head.setText(self._words.say(code, case=undo.case.key))
        self.remarks.show_lines(said.remarks(undo.remarks))
