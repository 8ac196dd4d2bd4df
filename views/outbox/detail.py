"""One intent in full: both sides of a conflict, what a person may say, what happened so far."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from moderation.desk.outbox import OutboxEntry
from moderation.intents import IntentState
from views.item.heading import AudienceBand, ItemHeader
from views.outbox.words import ICONS, Choice, IntentWords
from views.painting import LEFT, Pen, avatar, draw_icon, elided, hairline
from views.surface import Surface
from views.theme import Theme
from views.words import Words

_PAD = 20


class IntentSheet(Surface):
    """The contents, drawn from top to bottom. ``wanted`` tells the act that was chosen."""

    wanted = Signal(str)

    def __init__(self, theme: Theme, words: Words, said: IntentWords, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self._said = said
        self.entry: OutboxEntry | None = None
        self.painted: OutboxEntry | None = None
        self.me = ""
        self.choices: list[Choice] = []
        self._hits: list[tuple[QRect, str]] = []

    def show_entry(self, entry: OutboxEntry | None, me: str) -> None:
        """Show an intent. ``painted`` is the one that has been before somebody's eyes, as it stands now."""
        if entry != self.painted:
            self.painted = None
        self.entry, self.me = entry, me
        self.choices = self._said.choices(entry) if entry is not None else []
        said = [] if entry is None else [self._said.head(entry), self._said.sentence(entry)]
        self.setAccessibleName(". ".join([*said, *(f"{choice.key}: {choice.title}" for choice in self.choices)]))
        self.setMinimumHeight(self._place(None))
        self.update()

    def act_of(self, key: str) -> str:
        """The act of a key, empty when it has none here."""
        return next((choice.act for choice in self.choices if choice.key == key), "")

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Everything."""
        del rect
        self._place(painter)
        self.painted = self.entry

    def _place(self, painter: QPainter | None) -> int:
        """Draw (or only measure) and give the height."""
        entry, theme = self.entry, self.theme
        if entry is None:
            return 0
        self._hits = []
        y = self._text(painter, self._said.sentence(entry), 16)
        y = self._sides(painter, entry, y + 10)
        y = self._choices(painter, y + 14)
        y += 12
        if painter is not None:
            area = QRect(_PAD, y, self.width() - 2 * _PAD, theme.line("label") + 4)
            Pen(painter, theme, area).left(self.tr("What happened"), "label", "text3")
        y += theme.line("label") + 8
        for time, said in self._said.history(entry):
            if painter is not None:
                pen = Pen(painter, theme, QRect(_PAD, y, self.width() - 2 * _PAD, theme.line("small") + 4))
                pen.left(time, "small", "text2", gap=16)
                pen.left(said, "small", "text")
            y += theme.line("small") + 6
        return y + 16

    def _text(self, painter: QPainter | None, text: str, y: int) -> int:
        theme = self.theme
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
        area = QRect(_PAD, y, max(100, self.width() - 2 * _PAD), 2000)
        if painter is not None:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.colour("text2"))
            painter.drawText(area, flags, text)
        return y + theme.metrics("body").boundingRect(area, flags, text).height()

    # -- both sides ------------------------------------------------------------------------------------------------
    def _sides(self, painter: QPainter | None, entry: OutboxEntry, y: int) -> int:
        wanted = self._said.wanted(entry)
        conflict = entry.intent.state in {IntentState.CONFLICT, IntentState.IN_DOUBT, IntentState.REFUSED}
        theirs = self._said.community_has(entry) if conflict else []
        row = self.theme.line("body") + 7
        height = self.theme.grown(34, "small") + 10 + row * max(len(wanted), len(theirs)) + 6
        width = self.width() - 2 * _PAD
        if painter is not None:
            half = (width - 12) // 2
            words, intent = self.words, entry.intent
            mine = QRect(_PAD, y, half if theirs else width, height)
            at = words.seconds(intent.created_at)
            self._side(painter, mine, (self.tr("You wanted"), "", at), wanted, self.me, mine=True)
            if theirs:
                other = self._said.their_name(entry) if intent.state is IntentState.CONFLICT else ""
                head = (self.tr("The community has"), other, self._said.their_time(entry))
                box = QRect(_PAD + half + 12, y, width - half - 12, height)
                self._side(painter, box, head, theirs, other, mine=False)
        return y + height

    def _side(
        self,
        painter: QPainter,
        box: QRect,
        head: tuple[str, str, str],
        rows: list[tuple[str, str]],
        face: str,
        *,
        mine: bool,
    ) -> None:
        theme = self.theme
        top = QRect(box.left(), box.top(), box.width(), theme.grown(34, "small"))
        shape = QPainterPath()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape.addRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.save()
        painter.setClipPath(shape)
        conflict = not mine and self.entry is not None and self.entry.intent.state is IntentState.CONFLICT
        painter.fillRect(top, theme.colour("conflict_tint" if conflict else "window"))
        painter.restore()
        painter.setPen(theme.pen("line"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)
        hairline(painter, theme, top.left(), top.bottom(), top.right(), top.bottom())
        pen = Pen(painter, theme, top.adjusted(12, 0, -12, 0))
        if face:
            avatar(painter, theme, QRect(top.left() + 12, top.center().y() - 9, 20, 20), face, ink=mine)
            pen.rect.adjust(28, 0, 0, 0)
        pen.right(head[2])
        pen.left(head[0], "body", "text", weight=600)
        pen.left(head[1])
        y = top.bottom() + 8
        row = theme.line("body") + 7
        for label, value in rows:
            line = Pen(painter, theme, QRect(box.left() + 12, y, box.width() - 24, row))
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("text2"))
            painter.drawText(QRect(box.left() + 12, y, 92, row), LEFT, elided(theme.metrics("small"), label, 90))
            line.rect.adjust(98, 0, 0, 0)
            line.left(value, "body", "text")
            y += row

    # -- choices ---------------------------------------------------------------------------------------------------
    def _choices(self, painter: QPainter | None, y: int) -> int:
        if not self.choices:
            return y
        theme, row = self.theme, self.theme.grown(48, "small", 2)
        box = QRect(_PAD, y, self.width() - 2 * _PAD, row * len(self.choices))
        if painter is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.pen("line"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            for number, choice in enumerate(self.choices):
                self._choice(painter, QRect(box.left(), y + number * row, box.width(), row), choice, first=number == 0)
        return y + box.height()

    def _choice(self, painter: QPainter, area: QRect, choice: Choice, *, first: bool) -> None:
        theme = self.theme
        if not first:
            hairline(painter, theme, area.left(), area.top(), area.right(), area.top())
        draw_icon(painter, theme, choice.icon, QPoint(area.left() + 14, area.center().y() - 8), 16, "text2")
        half = area.height() // 2
        upper = Pen(painter, theme, QRect(area.left() + 42, area.top() + 4, area.width() - 54, half - 4))
        Pen(painter, theme, area.adjusted(0, 0, -12, 0)).key_right(choice.key)
        upper.rect.adjust(0, 0, -40, 0)
        upper.left(choice.title, "body", "text", weight=600)
        lower = Pen(painter, theme, QRect(area.left() + 42, area.top() + half, area.width() - 94, half - 4))
        lower.left(choice.text)
        self._hits.append((area, choice.act))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        at = event.position().toPoint()
        for area, act in self._hits:
            if area.contains(at):
                self.wanted.emit(act)
                return

    def resizeEvent(self, event: object) -> None:
        """Another width breaks lines elsewhere."""
        del event
        self.setMinimumHeight(self._place(None))


class OutboxPane(QWidget):
    """Header, who reads it where it is an answer, and sheet."""

    def __init__(
        self, theme: Theme, words: Words, said: IntentWords, header: ItemHeader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._said, self._words = said, words
        self.header = header
        header.show_buttons(False)
        self.sheet = IntentSheet(theme, words, said, self)
        self.area = QScrollArea(self)
        self.area.setWidget(self.sheet)
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName(self.tr("Decision"))
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.band = AudienceBand(theme, words, self)
        column.addWidget(header)
        column.addWidget(self.band)
        column.addWidget(self.area, 1)

    def show_entry(self, entry: OutboxEntry | None, place: str, me: str) -> None:
        """Show an intent, or that there is none."""
        if entry is None:
            self.header.show_item("", "", "")
        else:
            icon, colour = ICONS[entry.intent.state]
            self.header.show_item("", self._said.head(entry), place, "clock" if icon == "pie" else icon, colour)
        audience = entry.audience if entry is not None else None
        self.band.setVisible(audience is not None)
        self.band.show_audience(audience, self._words.say(f"reads_{audience}") if audience else "", "")
        self.sheet.show_entry(entry, me)
