"""The middle pane: title with its count, the oldest wait, what is new above, and the list."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from moderation.queries import QueueRow
from views.buttons import IconButton
from views.painting import Pen, keycap_width, text_width
from views.plain import as_typed
from views.queue.delegate import QueueDelegate
from views.queue.feed import QueueFeed
from views.queue.row_state import RowState
from views.queue.table import QueueTable
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme
from views.words import Words


class ListHeader(Surface):
    """Title and count; how the list is ordered; the filter."""

    lines = "b"

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("pane_header", "pane"))
        self.title, self.count, self.order = "", "", ""
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 6, 0)
        row.addStretch(1)
        self.filter = IconButton(registry, theme, "filter", parent=self)
        row.addWidget(self.filter)

    def show_title(self, title: str, count: str, order: str) -> None:
        """Texts of the header."""
        self.title, self.count, self.order = title, count, order
        self.setAccessibleName(f"{title} {count}")
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Title, count, order."""
        pen = Pen(painter, self.theme, rect.adjusted(12, 0, -44, 0))
        pen.right(self.order, "body", "text2", gap=12)
        pen.left(self.title, "pane", "text", least=text_width(self.theme, self.count, "body") + 8)
        pen.left(self.count, "body", "text2")


class SubHeader(Surface):
    """Oldest wait at the left, new rows above at the right."""

    lines = "b"
    wanted = Signal()

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.height("sub_header", "small"))
        self._registry = registry
        self.said, self.right, self.new = "", "", ""

    def show_texts(self, said: str, right: str, new: str) -> None:
        """``new`` is what waits above; it replaces ``right``."""
        self.said, self.right, self.new = said, right, new
        self.setAccessibleName(" · ".join(part for part in (said, new or right) if part))
        self.setCursor(Qt.CursorShape.PointingHandCursor if new else Qt.CursorShape.ArrowCursor)
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Both texts."""
        pen = Pen(painter, self.theme, rect.adjusted(12, 0, -12, 0))
        key = self._registry.key("first")
        if self.new:
            pen.key_right(key)
            pen.right(self.new, "small", "text", weight=600)
        elif self.right:
            pen.right(self.right)
        pen.left(self.said)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click takes the new rows in."""
        key = keycap_width(self.theme, self._registry.key("first"))
        width = text_width(self.theme, self.new, "small", 600) + key + 32
        if self.new and event.position().x() > self.width() - width:
            self.wanted.emit()


class QueuePanel(QWidget):
    """List header, sub-header, list."""

    def __init__(
        self,
        feed: QueueFeed,
        theme: Theme,
        words: Words,
        registry: Registry,
        state_of: Callable[[QueueRow], RowState],
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._feed, self._theme, self._words, self._now = feed, theme, words, now
        self.header = ListHeader(theme, words, registry, self)
        self.sub_header = SubHeader(theme, words, registry, self)
        self.table = QueueTable(feed, theme, self)
        self.delegate = QueueDelegate(theme, words, state_of, lambda: int(now().timestamp() * 1000), self.table)
        self.table.use(self.delegate)
        self.table.setAccessibleName(self.tr("Queue"))
        self.table.empty_text = self.tr("New reports and held posts appear here by themselves.")
        for verb in ("first", "read_on"):
            self.table.addAction(registry.actions[verb])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.sub_header, self.table):
            column.addWidget(widget)
        self.sub_header.wanted.connect(lambda: registry.run("first"))
        feed.numbers.connect(self.follow)
        feed.model.describe = self.describe
        feed.model.tip = self.tip
        self.title = ""
        self.as_of: datetime | None = None
        self._minute = QTimer(self)
        self._minute.setInterval(60_000)
        self._minute.timeout.connect(self._aged)
        self._minute.start()

    def describe(self, row: QueueRow) -> str:
        """A row for people who cannot see it: excerpt, reason, author, forum, community, age, state, priority."""
        reason, rest = self.delegate.second_line(row)
        age = self._words.age(self._now().timestamp() - row.created_ms / 1000)
        level = self._words.level(row.level)
        marked = self._words.say("row_marked") if self.delegate.marked(row.key) else ""
        place = (rest.removeprefix(" · "), self.delegate.badge_of(row).name)
        parts = (row.excerpt, reason, *place, age, self._state_words(row), level, marked)
        return ", ".join(part for part in parts if part)

    def tip(self, row: QueueRow) -> str:
        """What was cut, and the time in full."""
        reason, rest = self.delegate.second_line(row)
        at = datetime.fromtimestamp(row.created_ms / 1000, UTC)
        holder = row.assignee_name or row.claimed_name or ""
        place = self.delegate.badge_of(row).name
        lines = (row.excerpt, f"{reason}{rest}", place, holder, self._words.moment(at, self._now()))
        return as_typed("\n".join(line for line in lines if line))

    def _state_words(self, row: QueueRow) -> str:
        state = self.delegate.state_of(row)
        return state.words or state.face or ""

    def follow(self) -> None:
        """Header and sub-header from the feed."""
        feed, words = self._feed, self._words
        total = "…" if feed.total is None else words.number(feed.total)
        self.header.show_title(self.title, total, self.tr("By priority"))
        new = words.count("new_above", len(feed.waiting)) if feed.waiting else ""
        oldest = ""
        if feed.oldest_ms is not None and feed.total:
            oldest = words.span(self._now().timestamp() - feed.oldest_ms / 1000)
        if self.as_of is not None:
            said = words.say("as_of", time=words.clock(self.as_of))
            self.sub_header.show_texts(said, words.say("oldest", span=oldest) if oldest else "", new)
        else:
            said = words.say("oldest_waits", span=oldest) if oldest else words.say("nothing_waits")
            self.sub_header.show_texts(said, "", new)

    def _aged(self) -> None:
        self.table.viewport().update()
        self.follow()
