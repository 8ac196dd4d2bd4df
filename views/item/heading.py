"""Above the thread: forum and title, who can read it, the author in one line."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from moderation.findings import Audience
from views.buttons import IconButton
from views.item.facts import ItemFacts
from views.painting import AUDIENCE_ICON, EDGE, Pen, audience_edge, avatar, text_width
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme
from views.words import Words


class ItemHeader(Surface):
    """Forum › title, cut in the middle; position in the list; browser, link, drawer."""

    lines = "b"

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("pane_header", "pane"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(6)
        row.addStretch(1)
        self.buttons = [IconButton(registry, theme, verb, parent=self) for verb in ("browser", "copy_link", "drawer")]
        for button in self.buttons:
            row.addWidget(button)
        self.forum, self.title, self.place, self.icon = "", "", "", ""
        self.icon_colour = "text"

    def show_item(self, forum: str, title: str, place: str, icon: str = "", icon_colour: str = "text") -> None:
        """Texts of the header."""
        self.forum, self.title, self.place, self.icon, self.icon_colour = forum, title, place, icon, icon_colour
        self.setAccessibleName(" › ".join(part for part in (forum, title) if part))
        self.update()

    def show_buttons(self, shown: bool) -> None:
        """Buttons only where there is an item."""
        for button in self.buttons:
            button.setVisible(shown)

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Draw the texts left of the buttons."""
        shown = [button for button in self.buttons if button.isVisibleTo(self)]
        room = len(shown) * (shown[0].width() + 6) + 12 if shown else 12
        pen = Pen(painter, self.theme, rect.adjusted(20, 0, -room, 0))
        if self.place:
            pen.right(self.place, "small", gap=16)
        if self.icon:
            pen.icon_left(self.icon, self.theme.status_colour(self.icon_colour), 18)
        if self.forum:
            least = min(text_width(self.theme, self.title, "pane"), pen.rect.width() * 2 // 3)
            pen.left(self.forum, "body", "text2", least=least + 28, gap=6)
            pen.icon_left("chevron-right", "text3", 14, gap=6)
        role, colour = ("pane", "text") if self.title else ("body", "text2")
        pen.left(self.title or self.tr("Nothing selected"), role, colour, mode=Qt.TextElideMode.ElideMiddle)


class AudienceBand(Surface):
    """Who can read this thread, by edge, icon, word and sentence; at the right who has the item."""

    lines = "b"

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("audience_band", "small"))
        self.audience: Audience | None = None
        self.readers, self.holder = "", ""

    def show_audience(self, audience: Audience | None, readers: str, holder: str) -> None:
        """``None``: there is no thread; the band says so, or nothing."""
        self.audience, self.readers, self.holder = audience, readers, holder
        self.ground = "surface" if audience is None else f"{audience}_tint"
        word = self.words.audience(audience) if audience else ""
        self.setAccessibleName(", ".join(part for part in (word, readers, holder) if part))
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Edge, icon, word, sentence; holder. Without an audience (a member, not a post) the sentence alone."""
        pen = Pen(painter, self.theme, rect.adjusted(20, 0, -16, 0))
        if self.holder:
            pen.right(self.holder, "small", "text2", gap=16)
        if self.audience is None:
            pen.left(self.readers)
            return
        colour = str(self.audience)
        audience_edge(painter, self.theme, QRect(0, 0, EDGE, rect.height()), self.audience)
        pen.icon_left(AUDIENCE_ICON[self.audience], colour)
        pen.left(self.words.audience(self.audience), "small", colour, weight=600)
        pen.left(self.readers)


class AuthorLine(Surface):
    """The author in one line, where there is no room for the drawer."""

    lines = "b"
    wanted = Signal()

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.grown(36, "small"))
        self._registry = registry
        self.facts: ItemFacts | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_author(self, facts: ItemFacts | None) -> None:
        """The author of an item."""
        self.facts = facts
        if facts is not None:
            self.setAccessibleName(", ".join((facts.author, facts.author_since, *facts.author_figures)))
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Face, name, figures."""
        if self.facts is None:
            return
        pen = Pen(painter, self.theme, rect.adjusted(20, 0, -20, 0))
        pen.key_right(self._registry.key("drawer"), gap=6)
        pen.right(self.tr("Details"), gap=16)
        avatar(painter, self.theme, QRect(20, (rect.height() - 22) // 2, 22, 22), self.facts.author)
        pen.rect.adjust(34, 0, 0, 0)
        pen.left(self.facts.author, "small", "text", weight=600, gap=16)
        for said in (self.facts.author_since, *self.facts.author_figures):
            if pen.rect.width() > 40:
                pen.left(said, gap=16)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the drawer."""
        del event
        self.wanted.emit()
