"""The right side of the Private screen: header, who reads it, who takes part and whose turn it is, what was said."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from moderation.findings import Audience
from views.buttons import Look, VerbButton, drop_words
from views.cases.facts import CaseFacts, pictures_of
from views.cases.words import SIGNS, CaseWords, verb_names
from views.item.action_bar import ConsequenceLine
from views.item.document import InertDocument
from views.item.empty import EmptyPane, with_empty
from views.item.heading import AudienceBand, ItemHeader
from views.item.pictures import PicturesAtHand
from views.item.thread_view import ThreadView
from views.painting import Pen, avatar, text_width
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme

VERBS = ("reply", "note", "approve", "keep", "resolve", "reopen", "bring_back", "convert", "other_side")
_NAMES = 190
"""Room that is kept for who takes part, in pixels."""
_FLAT = ("convert", "other_side")
_DROPS = ("convert", "other_side", "bring_back", "note", "approve", "reopen", "resolve", "keep", "reply")
_ICONS = {
    "approve": "user-check",
    "keep": "pin",
    "resolve": "clipboard-check",
    "reopen": "refresh",
    "convert": "shield-lock",
}


class CaseLine(Surface):
    """Who takes part; below, where it stands, since when, and who had the last word."""

    lines = "b"

    def __init__(self, theme: Theme, said: CaseWords, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, said.words, parent)
        self._said, self._registry = said, registry
        self.fix_height(theme.grown(60, "small", 2))
        self.facts: CaseFacts | None = None
        self.now: datetime | None = None
        self.people = self.status = self.detail = ""

    def show_case(self, facts: CaseFacts | None, now: datetime) -> None:
        """A case, ``None`` for none."""
        self.facts, self.now = facts, now
        if facts is None:
            self.people = self.status = self.detail = ""
        else:
            one, words = facts.standing, self.words
            self.people = self._said.people(one)
            self.status = " ".join(part for part in (self._said.status(one), self._said.waits(one, now)) if part)
            count = words.count("case_messages", one.messages) if one.messages else ""
            read = facts.talk.thread is not None or one.in_ticket
            said = self._said.last_at_length(one, now) if read or one.last_by is not None else ""
            parts = (said, count, self._since(facts))
            self.detail = " · ".join(part for part in parts if part)
        self.setAccessibleName(", ".join(part for part in (self.people, self.status, self.detail) if part))
        self.setToolTip(self.accessibleName())
        self.update()

    def _since(self, facts: CaseFacts) -> str:
        since, now = facts.standing.waiting_since, self.now
        if since is None or now is None:
            return ""
        return self.words.say("case_waits_since", when=self.words.moment(since, now))

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Face and names; status and times; what is wrong with the proof."""
        if self.facts is None:
            return
        theme, one = self.theme, self.facts.standing
        half = (rect.height() - 12) // 2
        upper = Pen(painter, theme, QRect(20, 6, rect.width() - 36, half))
        avatar(painter, theme, QRect(20, 6 + (half - 22) // 2, 22, 22), self._said.customer(one))
        upper.rect.adjust(30, 0, 0, 0)
        icon, word, colour = self._said.alarm(one)
        if word:
            line = self._said.alarm_line(one)
            long = text_width(theme, line, "small", 600) > upper.rect.width() - _NAMES
            upper.right(word if long else line, "small", theme.status_colour(colour), weight=600, gap=6)
            upper.icon_right(icon, theme.status_colour(colour), 16)
        upper.left(self.people, "small", "text", weight=500)
        lower = Pen(painter, theme, QRect(20, 6 + half, rect.width() - 36, half))
        sign, tint = SIGNS[one.status]
        lower.icon_left(sign, theme.status_colour(tint), 16)
        lower.left(self.status, "small", theme.status_colour(tint), weight=600, gap=12)
        lower.left(self.detail, "small", "text2")


class CaseBar(Surface):
    """The verbs of a case, and what the pointed one will do."""

    ground = "window"
    lines = "t"

    def __init__(self, theme: Theme, said: CaseWords, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, said.words, parent)
        self._said, self._registry = said, registry
        self._facts: CaseFacts | None = None
        self.fix_height(theme.grown(72, "body", 2))
        self.buttons = {verb: self._button(verb) for verb in VERBS}
        row = QHBoxLayout()
        row.setContentsMargins(12, 10, 12, 0)
        row.setSpacing(6)
        for verb in VERBS[: -len(_FLAT)]:
            row.addWidget(self.buttons[verb])
        row.addStretch(1)
        for verb in _FLAT:
            row.addWidget(self.buttons[verb])
        self.line = ConsequenceLine(theme, said.words, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 4)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.line)
        self.show_case(None, public=False)

    def _button(self, verb: str) -> VerbButton:
        look = Look.FLAT if verb in _FLAT else Look.FRAMED
        button = VerbButton(self._registry, self.theme, verb, look=look, parent=self)
        button.pointed.connect(self.point)
        button.left.connect(lambda: self.point(None))
        return button

    def show_case(self, facts: CaseFacts | None, *, public: bool) -> None:
        """The verbs that fit this case; ``public``: its public side is shown."""
        self._facts = facts
        closed = facts is not None and facts.standing.status.over
        ticket = facts.ticket if facts is not None else None
        fits = {
            "approve": ticket is not None and not closed,
            "keep": ticket is not None and ticket.question != "",
            "resolve": not closed,
            "reopen": closed,
        }
        for verb, button in self.buttons.items():
            button.setVisible(facts is not None and fits.get(verb, True))
        words = self.words
        for verb, code in verb_names(ticket.question if ticket is not None else "").items():
            if verb in self.buttons:
                self.buttons[verb].say(words.say(code).removesuffix("…"), _ICONS[verb])
        side = ("label_private_side", "users") if public else ("label_other_side", "world")
        self.buttons["other_side"].say(words.say(side[0]), side[1])
        self._fit()
        self.point(None)

    def point(self, verb: str | None) -> None:
        """Say what this verb does; without one, what a reply does."""
        if self._facts is None:
            self.line.say("", "")
            return
        usual = (name for name in ("reopen", "reply") if not self.buttons[name].isHidden())
        shown = verb or next(usual, "reply")
        why = self._registry.why_not(shown)
        ticket = self._facts.ticket
        code = f"{shown}_ticket" if ticket is not None and shown in {"reply", "note"} else shown
        code = f"{shown}_over" if shown == "convert" and self._facts.standing.status.over else code
        customer = self._said.customer(self._facts.standing)
        number = ticket.number if ticket is not None else ""
        said = self.words.say(f"case_consequence_{code}", customer=customer, n=number)
        self.line.say(self.buttons[shown].word.removesuffix("…"), why or said)

    def warn(self, head: str, text: str) -> None:
        """Say why something was not done."""
        self.line.say(head, text, warning=True)

    def first_button(self) -> QWidget:
        """Where the focus goes that comes to the bar."""
        return next((one for one in self.buttons.values() if one.isVisible() and one.isEnabled()), self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop words where there is no room for them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        drop_words([one for one in self.buttons.values() if not one.isHidden()], self.width() - 40, _DROPS)


class CasePane(QWidget):
    """``painted`` holds the case that was painted last: what a key acts on. ``link``: an address that was pressed,
    ``pointed``: the one under the mouse. ``standing``: the pictures of the side that is shown now
    (:class:`~views.item.pictures.PicturesAtHand`), ``None`` where none is. ``picture`` gives a drawing by its name.
    """

    link = Signal(str)
    pointed = Signal(str)
    standing = Signal(object)

    def __init__(
        self,
        theme: Theme,
        said: CaseWords,
        registry: Registry,
        picture: Callable[[str], QPixmap | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._said, self._picture = theme, said, picture
        self.header = ItemHeader(theme, said.words, registry, self)
        self.band = AudienceBand(theme, said.words, self)
        self.line = CaseLine(theme, said, registry, self)
        self.posts = ThreadView(self)
        self.bar = CaseBar(theme, said, registry, self)
        self.empty = EmptyPane(theme, said.words, self)
        self.composer_place = QVBoxLayout()
        self.painted: CaseFacts | None = None
        self.shown: CaseFacts | None = None
        self.public = False
        self._document: InertDocument | None = None
        self._now: datetime | None = None
        self._place = ""
        full = QWidget(self)
        inner = QVBoxLayout(full)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        for widget in (self.band, self.line, self.posts):
            inner.addWidget(widget)
        inner.setStretchFactor(self.posts, 1)
        inner.addLayout(self.composer_place)
        inner.addWidget(self.bar)
        self._stack = with_empty(self, self.header, full, self.empty)
        for verb in ("read_on", "first"):
            self.posts.addAction(registry.actions[verb])
        self.posts.painted.connect(self._was_painted)
        self.posts.resized.connect(self._resized)
        self.posts.link.connect(self.link)
        self.posts.pointed.connect(self.pointed)

    def show_case(self, facts: CaseFacts, place: str, now: datetime) -> None:
        """Show a case, its private side first; the same case again keeps its side and its place in the text."""
        again = self.shown is not None and self.shown.case.key == facts.case.key
        same = again and self._document is not None and self.shown == facts
        self.public = self.public and again and facts.talk.public is not None
        self.shown, self._now, self._place = facts, now, place
        self._stack.setCurrentIndex(0)
        self._heads()
        if not same:
            self._lay_out(keep_place=again)

    def show_side(self, *, public: bool) -> None:
        """Show the public thread, or the private place again."""
        if self.shown is not None and public is not self.public:
            self.public = public
            self._heads()
            self._lay_out(keep_place=False)

    def blank(self, title: str, place: str) -> None:
        """Nothing of the case before is left standing while the next one is read."""
        self.painted = self.shown = None
        self.public = False
        self._stack.setCurrentIndex(0)
        self.header.show_item("", title, place)
        self.band.show_audience(None, "", "")
        self.bar.show_case(None, public=False)
        self.posts.show_document(None)
        self._document = None
        self.standing.emit(None)
        if self._now is not None:
            self.line.show_case(None, self._now)

    def show_empty(self, sentence: str, line: str) -> None:
        """There is no case."""
        self.painted = self.shown = self._document = None
        self.header.show_buttons(False)
        self.header.show_item("", "", "")
        self.empty.show_empty(sentence, line, [])
        self.standing.emit(None)
        self.bar.show_case(None, public=False)
        self._stack.setCurrentIndex(1)

    def _heads(self) -> None:
        facts, now = self.shown, self._now
        if facts is None or now is None:
            return
        words, one = self._said.words, facts.standing
        self.header.show_buttons(True)
        self.header.buttons[-1].hide()
        self.header.show_item(words.say("case_of"), self._said.title(one), self._place)
        if self.public:
            self.band.show_audience(Audience.PUBLIC, words.say("who_public"), words.say("case_public_side"))
        else:
            self.band.show_audience(Audience.CUSTOMER, self._readers(facts), self._said.kind(one))
        self.line.show_case(facts, now)
        self.bar.show_case(facts, public=self.public)

    def _readers(self, facts: CaseFacts) -> str:
        one, words = facts.standing, self._said.words
        if one.in_ticket:
            return words.say("case_readers_ticket")
        if one.place is None:
            return words.say("case_readers_none")
        code = "case_readers_chat" if one.case.place == "chat" else "case_readers"
        return words.say(code, customer=self._said.customer(one))

    def _lay_out(self, *, keep_place: bool) -> None:
        if self.shown is None:
            return
        page = self.shown.public if self.public else self.shown.private
        self._document = InertDocument(page.html, self._theme, self._picture)
        self._document.lay_out(self.posts.viewport().width())
        self.posts.setAccessibleName(self._said.words.say("case_public_side" if self.public else "case_of"))
        self.posts.show_document(self._document, keep_place=keep_place)
        case = self.shown.case
        name = pictures_of(case.community, case.key)
        self.standing.emit(PicturesAtHand(name, case.community, page.pictures))
        if not keep_place and not self.public:
            self._show_last()

    def set_composing(self, composing: bool) -> None:
        """While something is written the conversation stays above it."""
        self.bar.setVisible(not composing)

    def show_last_soon(self) -> None:
        """The same once there is room for what has just been opened below it."""
        QTimer.singleShot(0, self._show_last)

    def _show_last(self) -> None:
        """Scroll to the newest words: those are what one answers."""
        bar = self.posts.verticalScrollBar()
        bar.setValue(bar.maximum())

    def paint_now(self) -> None:
        """Paint what is shown before the next key is read."""
        if self.shown is not None and self.isVisible():
            self.posts.viewport().repaint()

    def _was_painted(self) -> None:
        if self._stack.currentIndex() == 0:
            self.painted = self.shown

    def _resized(self, width: int) -> None:
        if self._document is not None:
            self._document.lay_out(width)
