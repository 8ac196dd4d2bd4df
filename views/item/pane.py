"""The right side of the queue: header, audience, reports, thread, drawer, verbs. Shows what the shelf has prepared."""

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from views.bulk_bar import BulkBar
from views.item.action_bar import ActionBar
from views.item.drawer import Drawer
from views.item.empty import EmptyPane, with_empty
from views.item.facts import ItemFacts
from views.item.heading import AudienceBand, AuthorLine, ItemHeader
from views.item.page import Unfolded
from views.item.shelf import Shelf
from views.item.thread_view import ThreadView
from views.item.why import WhyTable
from views.registry import Registry
from views.theme import Theme
from views.words import Words

_OVERLAY = 288


class ItemPane(QWidget):
    """``painted`` holds the facts of the item that was painted last: what a key acts on.

    ``link`` an address that was pressed; ``pointed`` the address under the mouse, empty for none. ``standing`` the
    facts of the item that is shown now, ``None`` when none is.
    """

    standing = Signal(object)
    link = Signal(str)
    pointed = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(
        self, shelf: Shelf, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._shelf, self._theme, self._words = shelf, theme, words
        self.header = ItemHeader(theme, words, registry, self)
        self.band = AudienceBand(theme, words, self)
        self.author_line = AuthorLine(theme, words, registry, self)
        self.why = WhyTable(theme, words, registry, self)
        self.posts = ThreadView(self)
        self.posts.setAccessibleName(self.tr("Thread"))
        self.drawer = Drawer(theme, words, self)
        self.bar = ActionBar(theme, words, registry, self)
        self.bulk_bar = BulkBar(theme, words, registry, self)
        self._composing = self._marking = False
        self.empty = EmptyPane(theme, words, self)
        self.painted: ItemFacts | None = None
        self._shown: ItemFacts | None = None
        self._wanted: str | None = None
        self.wide_drawer = True
        self.drawer_open = False
        self._build()
        for verb in ("first", "read_on"):
            self.posts.addAction(registry.actions[verb])
        self.posts.painted.connect(self._was_painted)
        self.posts.resized.connect(self._resized)
        self.posts.link.connect(self.link)
        self.posts.pointed.connect(self.pointed)
        self.posts.unfold.connect(self.unfold)
        self.posts.menu_wanted.connect(self.menu_wanted)
        self.author_line.wanted.connect(lambda: registry.run("drawer"))
        self.why.wanted.connect(lambda: registry.run("history"))
        shelf.ready.connect(self._ready)

    def _build(self) -> None:
        self.reading = QWidget(self)
        column = QVBoxLayout(self.reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.author_line, self.why, self.posts):
            column.addWidget(widget)
        column.setStretchFactor(self.posts, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.addWidget(self.reading)
        self.split.addWidget(self.drawer)
        self.split.setStretchFactor(0, 1)
        self.split.setChildrenCollapsible(False)
        self.composer_place = QVBoxLayout()
        self._full = full = QWidget(self)
        inner = QVBoxLayout(full)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.band)
        inner.addWidget(self.split, 1)
        inner.addLayout(self.composer_place)
        inner.addWidget(self.bar)
        inner.addWidget(self.bulk_bar)
        self.bulk_bar.hide()
        self._stack = with_empty(self, self.header, full, self.empty)
        tabs: list[QWidget] = [self.posts, *self.bar.buttons.values(), *self.bulk_bar.buttons.values(), self.drawer]
        for before, after in pairwise(tabs):
            self.setTabOrder(before, after)

    # -- showing ---------------------------------------------------------------------------------------------------
    def show_item(self, item: str, place: str) -> None:
        """Show an item now if it is prepared, else as soon as it has been read."""
        self._wanted = item
        self._stack.setCurrentIndex(0)
        facts = self._shelf.facts(item)
        if facts is None:
            self.header.place = place
            self._blank()
            return
        self._show(facts, place)

    def show_empty(self, sentence: str, line: str, elsewhere: list[tuple[str, str, str, str]]) -> None:
        """There is no item."""
        self._wanted = self.painted = self._shown = None
        self.header.show_buttons(False)
        self.header.show_item("", "", "")
        self.empty.show_empty(sentence, line, elsewhere)
        self.bar.show_item(None)
        self._stack.setCurrentIndex(1)
        self.standing.emit(None)

    def _blank(self) -> None:
        """Nothing of the item before is left standing while the next one is read."""
        self.painted = self._shown = None
        self.header.show_item("", self.tr("Reading…"), self.header.place)
        self.band.show_audience(None, "", "")
        self.why.show_why(None)
        self.author_line.show_author(None)
        self.drawer.show_author(None)
        self.posts.show_document(None)
        self.bar.show_item(None)
        self.standing.emit(None)

    def _show(self, facts: ItemFacts, place: str) -> None:
        again = self._shown is not None and self._shown.ref == facts.ref
        self._shown = facts
        self.header.show_buttons(True)
        self.header.show_item(facts.forum, facts.title, place)
        self.band.show_audience(facts.audience, facts.readers, facts.holder)
        self.author_line.show_author(facts)
        self.why.show_why(facts.why)
        self.drawer.show_author(facts)
        self.bar.show_item(facts)
        self.posts.show_document(self._shelf.document(str(facts.ref)), keep_place=again)
        self.standing.emit(facts)

    def _ready(self, item: str) -> None:
        facts = self._shelf.facts(item)
        if item == self._wanted and facts is not None and facts is not self._shown:
            self._show(facts, self.header.place)

    def paint_now(self) -> None:
        """Paint what is shown before the next key is read."""
        if self._shown is not None and self.isVisible():
            self.posts.viewport().repaint()

    def _was_painted(self) -> None:
        if self._shown is not None and self._stack.currentIndex() == 0:
            self.painted = self._shown

    def _resized(self, width: int) -> None:
        self._shelf.set_width(width)
        if self._shown is not None:
            self._shelf.document(str(self._shown.ref))

    def unfold(self, which: str) -> None:
        """Show (or fold again) the posts before or after."""
        if self._shown is None:
            return
        item = str(self._shown.ref)
        now = self._shelf.unfolded(item)
        before = not now.before if which == "before" else now.before
        after = not now.after if which == "after" else now.after
        self._shelf.unfold(item, Unfolded(before, after))

    @property
    def composing(self) -> bool:
        """True while an answer or a note is written."""
        return self._composing

    def set_composing(self, composing: bool) -> None:
        """While an answer is written the thread stays above it, and the rest makes room."""
        self._composing = composing
        self._show_bars()
        self.why.setVisible(not composing)
        self.drawer.setVisible(not composing and (self.wide_drawer or self.drawer_open))
        self.author_line.setVisible(not composing and not self.wide_drawer)

    def set_marking(self, marking: bool) -> None:
        """While rows are marked, the bar speaks of all of them."""
        self._marking = marking
        self._show_bars()

    def _show_bars(self) -> None:
        self.bulk_bar.setVisible(self._marking and not self._composing)
        self.bar.setVisible(not self._marking and not self._composing)

    # -- room ------------------------------------------------------------------------------------------------------
    def set_room(self, drawer: int) -> None:
        """Width of the drawer, 0 where there is no room: then the author is one line and ``I`` opens the drawer."""
        self.wide_drawer = drawer > 0
        shown = self.wide_drawer or self.drawer_open
        if self.wide_drawer and self.drawer.parentWidget() is not self.split:
            self.split.addWidget(self.drawer)
        elif not self.wide_drawer and self.drawer.parentWidget() is not self._full:
            self.drawer.setParent(self._full)
        self.drawer.overlay(not self.wide_drawer)
        self.drawer.setFixedWidth(drawer or _OVERLAY)
        self.drawer.setVisible(shown)
        self._place_drawer()
        self.author_line.setVisible(not self.wide_drawer)

    def toggle_drawer(self) -> None:
        """Open or close the drawer."""
        self.drawer.setVisible(not self.drawer.isVisible())
        self.drawer_open = self.drawer.isVisible()
        self._place_drawer()

    def _place_drawer(self) -> None:
        """Where there is no room beside the text the drawer lies over it, at the right."""
        if self.wide_drawer:
            return
        room = self.split.geometry()
        self.drawer.setGeometry(room.right() + 1 - _OVERLAY, room.top(), _OVERLAY, room.height())
        self.drawer.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The drawer that lies over the text stays at the right."""
        super().resizeEvent(event)
        self._place_drawer()
