"""The box for an answer or a note, grown from below; the thread stays visible above it."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from moderation.findings import Audience, Finding, Severity
from views.composer import remedies, writing
from views.composer.bar import ComposerBar
from views.composer.editor import AnswerEditor
from views.composer.findings import FindingList
from views.composer.send_button import SendButton
from views.composer.strip import AudienceStrip, Segment
from views.item.facts import ItemFacts
from views.painting import Pen
from views.surface import Surface
from views.tasks import Tasks
from views.theme import Theme, milliseconds
from views.timers import timer
from views.words import Words

if TYPE_CHECKING:
    from moderation.desk.voicing import ReadySnippet

_DRAFT_MS = 600
_FINDINGS_WIDTH = 332
_LETTERS = {"P": Audience.PUBLIC, "C": Audience.CUSTOMER, "S": Audience.STAFF}


class _Foot(Surface):
    """What was kept, and what blocks."""

    ground = "window"
    lines = "t"

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.fix_height(theme.grown(50))
        self.kept, self.blocked, self.gravity = "", "", "danger"

    def say(self, kept: str, blocked: str, gravity: str = "danger") -> None:
        self.kept, self.blocked, self.gravity = kept, blocked, gravity
        self.setAccessibleName(" · ".join(part for part in (kept, blocked) if part))
        self.update()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        sends = [child.width() for child in self.findChildren(SendButton)]
        pen = Pen(painter, self.theme, rect.adjusted(16, 0, -(sum(sends) + 28), 0))
        if self.blocked:
            pen.right(self.blocked, "small", self.theme.status_colour(self.gravity), weight=600, gap=16)
        if self.kept:
            pen.icon_left("circle-check", "text2", 14)
            pen.left(self.kept)


class Composer(QWidget):
    """``closed``: the box is gone, its text kept. ``sent``: a reply or note was written (code of words, seconds).

    ``failed``: an error for the person. ``passes`` says which keys stay the window's while something is written.
    ``snippets_wanted``: one of :attr:`snippets` is to be chosen.
    """

    closed = Signal()
    sent = Signal(str)
    failed = Signal(object)
    refused = Signal(str)
    snippets_wanted = Signal()

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        words: Words,
        now: Callable[[], datetime],
        passes: Callable[[QKeyEvent], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks, self._theme, self._words, self._now = tasks, theme, words, now
        self._passes = passes
        self.facts: ItemFacts | None = None
        self._place, self._seen = "", ""
        self._real: Audience | None = None
        self._revision = 0
        self._kept_text = ""
        self._findings: list[Finding] = []
        self._agreed = False
        self._widened = False
        self.snippets: tuple[ReadySnippet, ...] = ()
        self._build()
        self._checks = timer(self, milliseconds("checks_debounce"), self._check)
        self._drafts = timer(self, _DRAFT_MS, self._keep)
        self.hide()

    def _build(self) -> None:
        theme, words = self._theme, self._words
        self.strip = AudienceStrip(theme, words, self)
        self.editor = AnswerEditor(theme, self)
        self.editor.setAccessibleName(self.tr("Text"))
        self.bar = ComposerBar(theme, words, self.editor, self)
        self.identity, self._as = self.bar.identity, self.bar.said_as
        self.findings = FindingList(theme, words, self)
        self.foot = _Foot(theme, words, self)
        self.send_button = SendButton(theme, self.foot)
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(12, 0, 14, 0)
        foot.addStretch(1)
        foot.addWidget(self.send_button)
        self.middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.middle.setContentsMargins(0, 0, 0, 0)
        self.middle.setSpacing(0)
        self.middle.addWidget(self.editor, 1)
        self.middle.addWidget(self.findings)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.bar)
        column.addLayout(self.middle, 1)
        column.addWidget(self.foot)
        self.strip.chosen.connect(self._audience_chosen)
        self.strip.refused.connect(self.refused)
        self.editor.textChanged.connect(self._typed)
        self.editor.key.connect(self._key)
        self.findings.remedy.connect(self._remedy)
        self.bar.snippet.connect(self.ask_for_snippet)
        self.send_button.clicked.connect(self.send)
        tabs: list[QWidget] = [self.identity, *self.bar.findChildren(QToolButton), self.editor, self.send_button]
        for before, after in pairwise(tabs):
            self.setTabOrder(before, after)

    # -- opening and closing ---------------------------------------------------------------------------------------
    @property
    def open(self) -> bool:
        """True while it is shown."""
        return self.isVisible()

    @property
    def pending(self) -> bool:
        """True while checks or a draft wait for a pause in typing."""
        return self._checks.isActive() or self._drafts.isActive()

    @property
    def noting(self) -> bool:
        """True while a staff note is written and not an answer in the thread."""
        return self._real is None or self.strip.current is not self._real

    def reply(self, facts: ItemFacts, quoted: str = "") -> None:
        """Answer in the item's thread; ``quoted`` is put before the text."""
        if facts.thread is None:
            return
        self._begin(facts)
        self._tasks.read("answer", writing.open_answer, facts.thread, then=lambda opened: self._opened(opened, quoted))

    def note(self, facts: ItemFacts) -> None:
        """Write a staff note on the item."""
        self._begin(facts)
        self._place, self._real = f"note:{facts.ref}", None
        self.strip.show_segments([self._note_segment()], Audience.STAFF)
        self.bar.for_note()
        self._tasks.read("answer", writing.open_note, self._place, then=self._fill)

    def _begin(self, facts: ItemFacts) -> None:
        self.leave(tell=False)
        self.facts, self._agreed, self._widened = facts, False, False
        self._kept_text, self.snippets, self.editor.stops = "", (), False
        self._show_findings([])

    def _opened(self, opened: writing.Opened, quoted: str) -> None:
        self._place, self._real, self._seen = opened.place, opened.audience, opened.seen
        self.strip.show_segments(self._segments(opened.audience), opened.audience)
        self.snippets = opened.snippets
        self._offer_identities(opened.official, as_official=opened.as_official)
        self.bar.show_pack(opened.pack, snippets=bool(opened.snippets))
        self._fill(opened.text, quoted)

    def _offer_identities(self, official: str | None, *, as_official: bool = False) -> None:
        """Oneself, and the company account where it may speak here."""
        self.bar.for_answer(official, as_official=as_official)

    def _segments(self, real: Audience) -> list[Segment]:
        """A thread that the public cannot read has no public segment at all."""
        words = self._words
        if real is not Audience.PUBLIC:
            return [Segment(real, words.audience(real), words.say(f"who_reads_{real}"))]
        return [
            Segment(Audience.PUBLIC, words.audience(Audience.PUBLIC), words.say("who_public")),
            Segment(Audience.CUSTOMER, words.audience(Audience.CUSTOMER), "", words.say("who_customer_not_yet")),
            self._note_segment(),
        ]

    def _note_segment(self) -> Segment:
        """A note is for staff alone, whoever reads the thread."""
        return Segment(Audience.STAFF, self._words.say("audience_note"), self._words.say("who_staff"))

    def _fill(self, text: str, quoted: str = "") -> None:
        before = f"{quoted}\n\n" if quoted else ""
        self.editor.setPlainText(f"{text}\n\n{before}" if text and quoted else text or before)
        self._kept_text = text
        cursor = self.editor.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.editor.setTextCursor(cursor)
        self._dress()
        self.show()
        self.editor.setFocus()

    def leave(self, *, tell: bool = True) -> None:
        """Close the box; the text is kept as a draft."""
        if not self.isVisible():
            return
        self._keep()
        self._checks.stop()
        self.hide()
        if tell:
            self.closed.emit()

    # -- text ------------------------------------------------------------------------------------------------------
    def _typed(self) -> None:
        self._revision += 1
        self._agreed = False
        self._checks.start()
        self._drafts.start()
        self._say_state()

    def _keep(self) -> None:
        self._drafts.stop()
        text = self.editor.toPlainText()
        if not self._place or text == self._kept_text:
            return
        self._kept_text = text
        self._tasks.write(writing.save_draft, self._place, text, then=lambda _: self._kept(), failed=self.failed.emit)

    def _kept(self) -> None:
        said = self._words.say("draft_kept", time=self._words.seconds(self._now()))
        self.foot.say(said, self.foot.blocked, self.foot.gravity)

    def _check(self) -> None:
        if self.facts is None or self.editor.composing:
            self._checks.start()
            return
        if self.noting or self.facts.thread is None:
            self._show_findings([])
            return
        revision, text = self._revision, self.editor.toPlainText()
        arguments = (text, self.facts.thread, self.strip.current, self._seen)
        self._tasks.read("check", writing.check, *arguments, then=lambda found: self._checked(revision, found))

    def _checked(self, revision: int, found: list[Finding]) -> None:
        if self.editor.composing:
            self._checks.start()
        elif revision == self._revision and self.isVisible():
            empty = not self.editor.toPlainText().strip()
            self._show_findings([] if empty else found)

    def _show_findings(self, found: list[Finding]) -> None:
        self._findings = found
        self.findings.show_findings(found)
        self.editor.show_findings(found)
        self.findings.setVisible(bool(found))
        self._say_state()

    def _blocking(self) -> int:
        return sum(finding.severity is Severity.BLOCK for finding in self._findings)

    def _say_state(self) -> None:
        """Foot and button say what stands in the way."""
        words, blocking = self._words, self._blocking()
        empty = not self.editor.toPlainText().strip()
        audience = self.strip.current
        self.send_button.show_audience(audience, words.say(self._send_verb), blocked=empty or blocking > 0)
        if blocking:
            self.foot.say(self.foot.kept, words.count("findings_stop", blocking))
        elif self._agreed and self._asking():
            self.foot.say(self.foot.kept, words.say("findings_again_named", names=self._asking()), "staff")
        elif self._widened and not self.noting:
            self.foot.say(self.foot.kept, words.say("widened"), "staff")
        else:
            self.foot.say(self.foot.kept, "")

    def _asking(self) -> str:
        """What asks, by name."""
        asks = [finding.rule for finding in self._findings if finding.severity is Severity.ASK]
        return self._words.say("list_comma").join(self._words.say(f"kind_{rule}") for rule in dict.fromkeys(asks))

    @property
    def _send_verb(self) -> str:
        """Code of the words on the button that sends."""
        return "send_note" if self.noting else f"send_{self.strip.current}"

    # -- audience --------------------------------------------------------------------------------------------------
    def _audience_chosen(self, audience: Audience) -> None:
        self._keep()
        self._widened = audience is Audience.PUBLIC
        self._agreed = False
        if self.facts is not None:
            before = self._place
            place = f"note:{self.facts.ref}" if self.noting else f"reply:{self.facts.thread}"
            self._tasks.read("draft", writing.open_note, place, then=lambda kept: self._move(before, place, kept))
        self._dress()
        self._check()
        self.editor.setFocus()

    def _move(self, before: str, place: str, kept: str) -> None:
        """The text has other readers now: it joins what was kept for them, and is kept in one place only."""
        if self._place != before or before == place or not self.isVisible():
            return
        if kept.strip() and kept.strip() not in self.editor.toPlainText():
            QTextCursor(self.editor.document()).insertText(f"{kept.rstrip()}\n\n")
        self._place, self._kept_text = place, kept
        self._keep()
        self._tasks.write(writing.save_draft, before, "", failed=self.failed.emit)

    def switch_identity(self) -> None:
        """Answer as the company instead of as oneself, or the other way round."""
        if self.identity.isVisible() and self.identity.count() > 1:
            self.identity.setCurrentIndex(1 - self.identity.currentIndex())
        elif self.identity.isVisible():
            self.refused.emit(self._words.say("no_official"))

    def _dress(self) -> None:
        """A note never looks like an answer: its text stands on staff tint."""
        palette = self.editor.palette()
        palette.setColor(palette.ColorRole.Base, self._theme.colour("staff_tint" if self.noting else "surface"))
        self.editor.setPalette(palette)
        self._say_state()

    # -- keys ------------------------------------------------------------------------------------------------------
    def event(self, event: QEvent) -> bool:
        """While something is written, no key acts on the item behind it, wherever in the composer the focus is."""
        if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().event(event)
        event.setAccepted(self.editor.composing or not self._passes(event))
        return event.isAccepted()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the buttons do not use: the composer's own keys work on them too."""
        self._key(self.editor.named(event))
        event.accept()

    def _key(self, name: str) -> None:
        if name == "send":
            self.send()
        elif name == "leave":
            self.leave()
        elif name == "next_finding":
            self._next_finding()
        elif name.startswith("remedy:"):
            self._remedy(int(name[7:]))
        elif name == "snippet":
            self.ask_for_snippet()
        elif name == "identity":
            self.switch_identity()
        elif name in _LETTERS:
            self.strip.pick(_LETTERS[name])

    def _next_finding(self) -> None:
        place = remedies.following(self._findings, self.editor.textCursor().selectionEnd())
        if place is not None:
            self.editor.select(*place)
            self.findings.reveal(next(n for n, one in enumerate(self._findings, 1) if one.place == place))

    def _remedy(self, number: int) -> None:
        if 0 < number <= len(self._findings):
            audience = remedies.apply(self.editor, self._findings[number - 1])
            if audience is not None:
                self.strip.pick(audience)

    def ask_for_snippet(self) -> None:
        """Let one be chosen; where there are none, it is said why."""
        if self.open and self.snippets and not self.noting:
            self.snippets_wanted.emit()
        else:
            self.refused.emit(self._words.say("no_snippets_here" if self.noting else "no_snippets"))

    # -- sending ---------------------------------------------------------------------------------------------------
    def send(self) -> None:
        """Write it to the journal, to exactly the audience that is shown; what asks is asked once."""
        facts, text = self.facts, self.editor.toPlainText()
        if facts is None or not text.strip() or self._blocking():
            return
        if self._asks_first():
            return
        self.setEnabled(False)
        if self.noting:
            self._tasks.write(
                writing.add_note,
                facts.ref,
                text,
                self._place,
                then=lambda _: self._sent("say_noted"),
                failed=self._not_sent,
            )
        elif facts.thread is not None:
            official = self.identity.currentIndex() == 1
            agreed = tuple(self._findings) if self._agreed else ()
            arguments = (facts.thread, text, official, self.strip.current, agreed)
            self._tasks.write(writing.reply, *arguments, then=self._replied, failed=self._not_sent)

    def _asks_first(self) -> bool:
        """True the first time where something asks: it is said, and the same key once more sends it."""
        if self._agreed or all(finding.severity is not Severity.ASK for finding in self._findings):
            return False
        self._agreed = True
        self._say_state()
        return True

    def _replied(self, answer: tuple[object, list[Finding]]) -> None:
        plan, found = answer
        if plan is None:
            self.setEnabled(True)
            self._agreed = False
            self._show_findings(found)
            if not self._blocking():
                self._asks_first()
            self.editor.setFocus()
            return
        self._sent("say_reply_held")

    def _sent(self, code: str) -> None:
        self.setEnabled(True)
        self._drafts.stop()
        self._kept_text = self.editor.toPlainText()
        self.hide()
        self.sent.emit(code)
        self.closed.emit()

    def _not_sent(self, error: Exception) -> None:
        self.setEnabled(True)
        self.editor.setFocus()
        self.failed.emit(error)

    # -- room ------------------------------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The findings stand beside the text where there is room, else below it."""
        super().resizeEvent(event)
        beside = self.width() >= 800
        self.middle.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self.findings.setFixedWidth(_FINDINGS_WIDTH if beside else self.width())
        scale = max(100, self._theme.scale)
        self.findings.setMinimumHeight(0 if beside else 96 * scale // 100)
        self.findings.setMaximumHeight(16777215 if beside else 150 * scale // 100)


def quoted(text: str, name: str) -> str:
    """Marked text as a quote with its author."""
    lines = [f"> {line}" for line in text.strip().splitlines()]
    return "\n".join([f"@{name}:" if name else "", *lines]).strip()
