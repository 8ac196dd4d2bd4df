"""The palette: everything that can be done, every place to go, and what the local full text finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from moderation.errors import NotAllowedError
from views.painting import Pen, hairline
from views.registry import Registry
from views.sheet import Sheet
from views.theme import Theme
from views.verbs import VERBS
from views.words import Words

_WIDTH, _TOP, _SHOWN = 640, 132, 11
_LOOK_MS = 120


@dataclass(frozen=True, slots=True)
class Found:
    """One line: ``verb`` for actions (so that it can be given another key), ``run`` for everything else."""

    group: str
    title: str
    more: str = ""
    icon: str = "inbox"
    key: str = ""
    verb: str = ""
    live: bool = True
    run: Callable[[], None] | None = None


Source = Callable[[str], Sequence[Found]]


class Palette(Sheet):
    """``asked`` tells a text that is to be looked up; what is found is given to :meth:`add_hits`."""

    asked = Signal(str)
    said = Signal(str)

    def __init__(self, theme: Theme, words: Words, registry: Registry, places: Source, window: QWidget) -> None:
        super().__init__(theme, window)
        self._words, self._registry, self._places = words, registry, places
        self._other = Words("en" if words.language == "ja" else "ja")
        self.snippets: Source = lambda wanted: ()
        self._about = ""
        self._rows: list[Found] = []
        self._hits: list[Found] = []
        self._current, self._first = 0, 0
        self._rebinding: Found | None = None
        self._note = ""
        self.field = QLineEdit(self)
        self.field.setFrame(False)
        self.field.setPlaceholderText(self.tr("Search or run"))
        self.field.setAccessibleName(self.tr("Search or run"))
        self.field.setFont(theme.font("pane", 400))
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LOOK_MS)
        self._soon.timeout.connect(self._ask)
        self.setAccessibleName(registry.label("palette"))

    # -- opening ---------------------------------------------------------------------------------------------------
    def show_palette(self, about: str, start: str = "") -> None:
        """Open it; ``about`` is what actions will act on, ``start`` a prefix such as ``/``."""
        self._about, self._rebinding, self._note, self._hits = about, None, "", []
        width = min(_WIDTH, self.host.width() - 60)
        top = min(_TOP, max(20, self.host.height() // 6))
        self._box = QRect((self.host.width() - width) // 2, top, width, 100)
        self.field.setText(start)
        self._typed()
        self.open_at(self._sized())
        self._place_field()

    def focus_first(self) -> None:
        """Typing goes to the field."""
        self.field.setFocus()

    def _row(self) -> int:
        return self.theme.height("popup_row")

    def _head(self) -> int:
        return self.theme.grown(48, "pane")

    def _foot(self) -> int:
        return self.theme.grown(34, "small")

    def _sized(self) -> QRect:
        groups = len({row.group for row in self._rows[self._first : self._first + _SHOWN]})
        shown = min(len(self._rows), _SHOWN)
        height = self._head() + max(1, shown) * self._row() + groups * self.theme.grown(26, "label") + self._foot() + 8
        limit = self.host.height() - self._box.top() - 20
        return QRect(self._box.left(), self._box.top(), self._box.width(), min(height, limit))

    def _place_field(self) -> None:
        inner = self.inner()
        self.field.setGeometry(inner.left() + 44, inner.top() + 8, inner.width() // 2, self._head() - 16)

    # -- finding ---------------------------------------------------------------------------------------------------
    def _typed(self) -> None:
        text = self.field.text()
        self._hits = []
        self._find(text)
        self._soon.start()

    def _ask(self) -> None:
        text = self.field.text().lstrip("/").strip()
        if len(text) >= 2 and self.field.text()[:1] not in {">", "#", "+"}:
            self.asked.emit(text)

    def add_hits(self, text: str, hits: Sequence[Found]) -> None:
        """What the full text found, if the text is still the same."""
        if text == self.field.text().lstrip("/").strip() and self.isVisible():
            self._hits = list(hits)
            self._find(self.field.text())

    def _find(self, text: str) -> None:
        prefix = text[:1] if text[:1] in {">", "#", "/", "+"} else ""
        wanted = text[len(prefix) :].strip().casefold()
        rows: list[Found] = []
        if prefix in {"", ">"}:
            rows += self._actions(wanted)
        if prefix in {"", "#"}:
            rows += [row for row in self._places(wanted) if wanted in row.title.casefold()][: 8 if wanted else 4]
        if prefix == "+" or (not prefix and wanted):
            rows += [row for row in self.snippets(wanted) if wanted in f"{row.title} {row.more}".casefold()]
        if prefix not in {">", "#", "+"}:
            rows += self._hits
        self._rows = rows
        self._current, self._first = next((n for n, row in enumerate(rows) if row.live), 0), 0
        if self.isVisible():
            self._resize()

    def _actions(self, wanted: str) -> list[Found]:
        registry, found = self._registry, []
        for verb in registry.runnable():
            title = registry.label(verb)
            hint = registry.hint(verb)
            other = self._other.say(f"label_{verb}").casefold()
            if wanted and not (wanted in title.casefold() or f" {wanted}" in f" {hint.casefold()}" or wanted in other):
                continue
            live = registry.possible(verb)
            same = hint.rstrip("…").casefold() == title.rstrip("…").casefold()
            more = registry.why_not(verb) if not live else "" if same else hint
            key = registry.key(verb)
            icon = registry.icon_name(verb)
            found.append(Found(self._words.say("palette_do"), title, more, icon, key, verb, live))
        if not wanted:  # what can be done with the item stands first
            found.sort(key=lambda row: (VERBS[row.verb].action is None, not row.live))
        found.sort(key=lambda row: (not row.title.casefold().startswith(wanted), not row.live))
        return found[: 9 if wanted else 7]

    def _resize(self) -> None:
        self.setGeometry(self._sized().adjusted(-16, -16, 16, 16))
        self._place_field()
        self._tell()
        self.update()

    def _tell(self) -> None:
        """The current line for people who cannot see it."""
        row = self._rows[self._current] if self._rows else None
        self.setAccessibleDescription("" if row is None else f"{row.title}, {row.more} {row.key}")

    # -- keys ------------------------------------------------------------------------------------------------------
    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Arrows and Enter belong to the list, the rest to the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if self._rebinding is not None:
                self._rebind(event)
                return True
            if self._list_key(event):
                return True
        return super().eventFilter(watched, event)

    def _list_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._start_rebinding()
            else:
                self._run()
        elif key == Qt.Key.Key_Escape:
            self.reject()
        else:
            return False
        return True

    def _move(self, by: int) -> None:
        if not self._rows:
            return
        self._current = (self._current + by) % len(self._rows)
        if self._current < self._first:
            self._first = self._current
        elif self._current >= self._first + _SHOWN:
            self._first = self._current - _SHOWN + 1
        self._resize()
        while self._first < self._current and self._current not in {number for number, _ in self._areas()}:
            self._first += 1  # a low window shows fewer
            self._resize()

    def _run(self) -> None:
        if not self._rows:
            return
        row = self._rows[self._current]
        if not row.live:
            self._note = row.more
            self.update()
            return
        self.accept()
        if row.verb:
            self._registry.run(row.verb)
        elif row.run is not None:
            row.run()

    # -- another key -----------------------------------------------------------------------------------------------
    def _start_rebinding(self) -> None:
        row = self._rows[self._current] if self._rows else None
        if row is not None and row.verb:
            self._rebinding = row
            self._note = self.tr("Press the new key for “{verb}”, Esc leaves it").format(verb=row.title)
            self.update()

    def _rebind(self, event: QKeyEvent) -> None:
        row = self._rebinding
        if row is None or event.key() in {
            Qt.Key.Key_Shift,
            Qt.Key.Key_Control,
            Qt.Key.Key_Alt,
            Qt.Key.Key_Meta,
            Qt.Key.Key_AltGr,
        }:
            return
        if event.key() == Qt.Key.Key_Escape:
            self._rebinding, self._note = None, ""
        else:
            key = QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
            try:
                self._registry.rebind(row.verb, key)
                self._rebinding, self._note = None, ""
            except NotAllowedError as error:
                self._note = self._words.error(error)
        self._find(self.field.text())
        self.update()

    # -- mouse -----------------------------------------------------------------------------------------------------
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click runs."""
        at = event.position().toPoint()
        for number, area in self._areas():
            if area.contains(at):
                self._current = number
                self._run()
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel moves."""
        self._move(-1 if event.angleDelta().y() > 0 else 1)

    # -- painting --------------------------------------------------------------------------------------------------
    def _areas(self) -> list[tuple[int, QRect]]:
        inner, y, group = self.inner(), self.inner().top() + self._head() + 4, ""
        made = []
        for number, row in enumerate(self._rows[self._first : self._first + _SHOWN], self._first):
            if row.group != group:
                group = row.group
                y += self.theme.grown(26, "label")
            made.append((number, QRect(inner.left() + 1, y, inner.width() - 2, self._row())))
            y += self._row()
        return [(number, area) for number, area in made if area.bottom() <= inner.bottom() - self._foot()]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Field, groups, rows, what the keys do."""
        super().paintEvent(event)
        painter, theme, inner = QPainter(self), self.theme, self.inner()
        head = QRect(inner.left() + 16, inner.top(), inner.width() - 32, self._head())
        pen = Pen(painter, theme, head)
        pen.icon_left("search", "text2", 18)
        if self._about:
            pen.rect.setLeft(self.field.geometry().right() + 8)
            pen.right(self._words.say("palette_on", title=self._about))
        hairline(painter, theme, inner.left() + 1, head.bottom(), inner.right() - 1, head.bottom())
        group = ""
        for number, area in self._areas():
            row = self._rows[number]
            if row.group != group:
                group = row.group
                title = QRect(area.left() + 13, area.top() - theme.grown(24, "label"), 300, theme.grown(24, "label"))
                Pen(painter, theme, title).left(group, "label", "text3")
            self._paint_row(painter, area, row, chosen=number == self._current)
        if not self._rows:
            area = QRect(inner.left() + 16, head.bottom() + 8, inner.width() - 32, self._row())
            Pen(painter, theme, area).left(self.tr("Nothing found"), "body", "text2")
        self._paint_foot(painter, inner)

    def _paint_row(self, painter: QPainter, area: QRect, row: Found, *, chosen: bool) -> None:
        theme = self.theme
        if chosen:
            painter.fillRect(area, theme.colour("selected"))
            painter.fillRect(area.left(), area.top(), 3, area.height(), theme.colour("accent"))
        pen = Pen(painter, theme, area.adjusted(14, 0, -14, 0))
        if row.key:
            pen.key_right(row.key)
        pen.icon_left(row.icon, "text2" if row.live else "text_disabled", gap=10)
        self._title(pen, row)
        pen.left(row.more, "small", "text2")

    def _title(self, pen: Pen, row: Found) -> None:
        """The title with the letters of the search bold and underlined."""
        wanted = self.field.text().lstrip("/>#+").strip()
        at = row.title.casefold().find(wanted.casefold()) if wanted else -1
        colour = "text" if row.live else "text3"
        if at < 0 or not row.live:
            pen.left(row.title, "body", colour, least=40)
            return
        end = at + len(wanted)
        pen.left(row.title[:at], "body", colour, gap=0)
        start = pen.rect.left()
        width = pen.left(row.title[at:end], "body", colour, weight=600, gap=0)
        base = pen.rect.center().y() + self.theme.metrics("body").ascent() // 2 + 3
        pen.painter.setPen(self.theme.pen(colour))
        pen.painter.drawLine(start, base, start + width - 1, base)
        pen.left(row.title[end:], "body", colour, least=40)

    def _paint_foot(self, painter: QPainter, inner: QRect) -> None:
        theme = self.theme
        foot = QRect(inner.left() + 1, inner.bottom() - self._foot() + 1, inner.width() - 2, self._foot() - 1)
        hairline(painter, theme, foot.left(), foot.top(), foot.right(), foot.top())
        pen = Pen(painter, theme, foot.adjusted(14, 0, -14, 0))
        if self._note:
            painter.setFont(theme.font("small"))
            pen.icon_left("info-circle", theme.status_colour("staff"), 14, gap=6)
            pen.left(self._note, "small", "text")
            return
        for label, said in (
            ("↑", ""),
            ("↓", self.tr("choose")),
            ("↵", self.tr("run")),
            ("Alt ↵", self.tr("another key")),
        ):
            pen.key_left(label, gap=6)
            if said:
                pen.left(said, gap=16)
        pen.right(self.tr("> actions   # places   / text"))

    def sizeHint(self) -> QSize:
        """Its own size."""
        return QSize(_WIDTH, 400)
