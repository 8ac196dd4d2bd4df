"""The sheet for bringing an answer back: private answers, the public draft, and what the leak guard found in it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from moderation.findings import Audience
from moderation.text import neutralise
from views.bring_back.answers import Answers, WhoReads
from views.bring_back.guard_list import GuardList
from views.composer.editor import AnswerEditor
from views.composer.send_button import SendButton
from views.convert.parts import KeyButton
from views.sheet import SHADOW, Sheet
from views.theme import Theme, milliseconds
from views.timers import timer
from views.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moderation.bringing import Objection
    from moderation.desk.bringing import Opened

_WIDTH, _HEIGHT = 1160, 680
_LEFT, _RIGHT = 286, 340
_DRAFT_MS = 600


class DraftEditor(AnswerEditor):
    """The public draft. Beside the composer's keys ``fresh`` (Alt 0): take the proposal again."""

    def named(self, event: QKeyEvent) -> str:
        """What a key means to the sheet."""
        if not self.composing and event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() == Qt.Key.Key_0:
            return "fresh"
        return super().named(event)

    def replace_all(self, text: str) -> None:
        """Another text, in one step that can be undone."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        self.setTextCursor(cursor)

    def swap(self, start: int, end: int, words: str) -> None:
        """Other words for a passage, in one step that can be undone."""
        self._cursor(start, end).insertText(words)


class BringBackSheet(Sheet):
    """``checking``: look at this draft with these accepted tokens (revision, draft, tokens). ``keeping``: keep the
    draft. ``choosing``: other answers are taken. ``posting``: post it (draft, tokens, close).
    """

    checking = Signal(int, str, object)
    keeping = Signal(str)
    choosing = Signal(object)
    posting = Signal(str, object, bool)

    def __init__(self, theme: Theme, words: Words, window: QWidget, removed: Callable[[str, str], str]) -> None:
        super().__init__(theme, window)
        self._words, self._removed = words, removed
        self.what: Opened | None = None
        self.tokens: set[str] = set()
        self._revision, self._looked_at = 0, -1
        self._proposed = self._kept = ""
        self._busy = False
        self._build()
        self._checks = timer(self, milliseconds("checks_debounce"), self._check)
        self._drafts = timer(self, _DRAFT_MS, self.keep)

    # -- building --------------------------------------------------------------------------------------------------
    def _build(self) -> None:
        theme, words = self.theme, self._words
        self.title = self._label(theme, "pane")
        self.subtitle = self._label(theme, "small", "text2")
        self.who = WhoReads(theme, words, self)
        self.answers = Answers(theme, words, self)
        self.answers.setFixedWidth(_LEFT * (300 + max(100, theme.scale)) // 400)
        self.editor = DraftEditor(theme, self)
        self.editor.setAccessibleName(words.say("bring_draft"))
        self.guard = GuardList(theme, words, self)
        self.guard.setFixedWidth(_RIGHT)
        self.note = self._label(theme, "small", "text2")
        self.state = self._label(theme, "small", "danger", 600)
        self.note.setWordWrap(True)
        self.state.setWordWrap(True)
        self.state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.close_case = QCheckBox(words.say("bring_close_case"), self)
        self.close_case.setFont(theme.font("small"))
        self.cancel = KeyButton(theme, words.say("bring_close"), "Esc", parent=self)
        self.cancel.clicked.connect(self.reject)
        self.send_button = SendButton(theme, self)
        self._lay_out()
        self.editor.textChanged.connect(self._typed)
        self.editor.key.connect(self._key)
        self.answers.chosen.connect(self._chosen)
        self.guard.pressed.connect(self.remedy)
        self.send_button.clicked.connect(self.send)

    def _label(self, theme: Theme, role: str, colour: str = "text", weight: int | None = None) -> QLabel:
        label = QLabel(self)
        label.setFont(theme.font(role, weight))
        label.setTextFormat(Qt.TextFormat.PlainText)
        palette = label.palette()
        palette.setColor(palette.ColorRole.WindowText, theme.colour(colour))
        label.setPalette(palette)
        return label

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 1, SHADOW + 1, SHADOW + 1, SHADOW + 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 8)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.subtitle)
        head.addSpacing(12)
        head.addWidget(self.cancel)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.answers)
        middle.addWidget(self._edge())
        middle.addWidget(self.editor, 1)
        middle.addWidget(self.guard)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 14, 10)
        foot.setSpacing(14)
        foot.addWidget(self.note, 3)
        foot.addWidget(self.close_case)
        foot.addWidget(self.state, 2)
        foot.addWidget(self.send_button)
        column.addLayout(head)
        column.addWidget(self.who)
        column.addLayout(middle, 1)
        column.addWidget(self._line())
        column.addLayout(foot)
        self.setTabOrder(self.editor, self.answers.list)
        self.setTabOrder(self.answers.list, self.close_case)
        self.setTabOrder(self.close_case, self.send_button)
        self.setTabOrder(self.send_button, self.cancel)

    def _edge(self) -> QFrame:
        """The public's edge along the draft."""
        edge = QFrame(self)
        edge.setFixedWidth(3)
        edge.setAutoFillBackground(True)
        palette = edge.palette()
        palette.setColor(palette.ColorRole.Window, self.theme.colour("public"))
        edge.setPalette(palette)
        return edge

    def _line(self) -> QFrame:
        line = QFrame(self)
        line.setFixedHeight(1)
        line.setAutoFillBackground(True)
        palette = line.palette()
        palette.setColor(palette.ColorRole.Window, self.theme.colour("line"))
        line.setPalette(palette)
        return line

    # -- showing ---------------------------------------------------------------------------------------------------
    def show_case(self, what: "Opened") -> None:
        """Open it on a case; what was typed before is shown again."""
        words, proposal = self._words, what.proposal
        self.what, self._busy = what, False
        self.tokens = set()
        self._proposed = proposal.text
        self.title.setText(words.say("bring_title"))
        self.subtitle.setText(f"{what.case.key} · {neutralise(what.case.customer_name)}")
        self.setAccessibleName(f"{self.title.text()}: {self.subtitle.text()}")
        self._show_where(what)
        self.answers.show_proposal(proposal)
        self._kept = what.draft
        self._revision += 1
        self.editor.setPlainText(what.draft or proposal.text)
        self._say_note()
        self._say_state()
        if not self.isVisible():
            width, height = min(_WIDTH, self.host.width() - 40), min(_HEIGHT, self.host.height() - 60)
            self.open_at(QRect((self.host.width() - width) // 2, (self.host.height() - height) // 2, width, height))
        self._check()

    def _show_where(self, what: "Opened") -> None:
        thread, forum = what.texts.thread, what.texts.forum
        where = self._words.say(
            "bring_reads",
            forum=neutralise(forum.name) if forum is not None else "?",
            title=neutralise(thread.title) if thread is not None else "?",
        )
        self.who.show_where(where)

    def propose_anew(self, what: "Opened") -> None:
        """Other answers were taken: their text replaces the proposal, never what a person has written."""
        self.what = what
        untouched = self.editor.toPlainText() == self._proposed
        self._proposed = what.proposal.text
        self.answers.show_struck(what.proposal.struck)
        if untouched:
            self.editor.replace_all(self._proposed)
        self._say_note()

    def focus_first(self) -> None:
        """Typing goes into the draft."""
        self.editor.setFocus()

    @property
    def pending(self) -> bool:
        """True while a check or the keeping of the draft waits for a pause in typing."""
        return self._checks.isActive() or self._drafts.isActive()

    # -- the draft -------------------------------------------------------------------------------------------------
    def _typed(self) -> None:
        self._revision += 1
        self._checks.start()
        self._drafts.start()
        self._say_note()
        self._say_state()

    def keep(self) -> None:
        """Keep what is unsent; an untouched proposal needs no keeping."""
        self._drafts.stop()
        text = self.editor.toPlainText()
        text = "" if text == self._proposed else text
        if self.what is not None and text != self._kept:
            self._kept = text
            self.keeping.emit(text)

    def done(self, result: int) -> None:
        """Close; nothing typed is lost."""
        if self.what is not None and not self._busy:
            self.keep()
        self._checks.stop()
        super().done(result)

    def _chosen(self, ids: object) -> None:
        self.choosing.emit(ids)

    def fresh(self) -> None:
        """Take the proposal; undo brings back what stood there."""
        self.editor.replace_all(self._proposed)

    # -- checks ----------------------------------------------------------------------------------------------------
    def _check(self) -> None:
        if self.editor.composing:
            self._checks.start()
        elif self.what is not None:
            self.checking.emit(self._revision, self.editor.toPlainText(), frozenset(self.tokens))

    def show_objections(self, revision: int, draft: str, found: "Sequence[Objection]") -> None:
        """What a check found; one of an older draft is passed over."""
        if revision != self._revision:
            return
        self._looked_at = revision
        empty = not draft.strip()
        shown = [one for one in found if not (empty and one.rule == "empty")]
        self.guard.show_objections(shown, draft)
        self.editor.show_findings([one.finding() for one in self.guard.shown])
        self._say_state()

    @property
    def ready(self) -> bool:
        """True when this very draft was looked at and nothing stops it."""
        looked = self._looked_at == self._revision and not self._busy
        clear = not any(one.stops for one in self.guard.objections)
        return looked and clear and bool(self.editor.toPlainText().strip())

    def remedy(self, number: int) -> None:
        """What the entry at this place of the page offers: accept, take back, strike out, or go there. One that is out
        of sight is only shown: nobody accepts what they have not seen.
        """
        if not 0 <= number < len(self.guard.shown):
            return
        one = self.guard.shown[number]
        if one.token and not self.guard.seen(number):
            self.guard.reveal(number)
        elif one.token:
            self.tokens ^= {one.token}
            self._check()
        elif self._looked_at != self._revision or one.start is None or one.end is None:
            return
        elif one.remedy == "strike_out":
            words = self._removed(one.kind, self._words_language(one.start))
            self.editor.swap(one.start, one.end, words)
        elif one.remedy == "remove":
            self.editor.remove(one.start, one.end)
        else:
            self.editor.select(one.start, one.end)

    def _words_language(self, at: int) -> str:
        """The language of the text there."""
        near = self.editor.toPlainText()[max(0, at - 80) : at + 80]
        return "ja" if any("\u3040" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff" for char in near) else "en"

    # -- foot ------------------------------------------------------------------------------------------------------
    def _say_note(self) -> None:
        if self.what is None:
            return
        words, what = self._words, self.what
        code, name = ("bring_as_company", what.official) if what.official is not None else ("bring_as_own", what.me)
        said = [
            words.say(code, name=neutralise(name or "")),
            words.say("bring_marked" if what.marks else "bring_not_marked"),
        ]
        if self._proposed and self.editor.toPlainText() != self._proposed:
            said.append(words.say("bring_draft_kept"))
        if not what.texts.known.complete:
            said.insert(0, words.say("bring_unread"))
        self.note.setText("\n".join(said))

    def _say_state(self) -> None:
        stops = any(one.stops for one in self.guard.objections)
        self.state.setText(self.guard.summary() if stops else "")
        self.send_button.show_audience(Audience.PUBLIC, self._words.say("send_public"), blocked=not self.ready)

    # -- keys ------------------------------------------------------------------------------------------------------
    def _key(self, name: str) -> None:
        if name == "send":
            self.send()
        elif name == "leave":
            self.reject()
        elif name == "C":
            self.close_case.toggle()
        elif name == "fresh":
            self.fresh()
        elif name == "next_finding":
            self._next()
        elif name.startswith("remedy:"):
            self.remedy(int(name[7:]) - 1)

    def _next(self) -> None:
        here = self.editor.textCursor().selectionEnd()
        places = sorted(
            (one.start, one.end or 0) for one in self.guard.objections if one.stops and one.start is not None
        )
        following = next((place for place in places if place[0] >= here), places[0] if places else None)
        if following is not None:
            self.editor.select(*following)
            number = next((n for n, one in enumerate(self.guard.shown) if one.start == following[0]), -1)
            self.guard.reveal(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the widgets do not use: the keys of the draft work on them too."""
        self._key(self.editor.named(event))
        event.accept()

    # -- posting ---------------------------------------------------------------------------------------------------
    def send(self) -> None:
        """Post exactly what was looked at."""
        if not self.ready:
            return
        self.keep()  # until it stands: it may be called back
        self._busy = True
        self._say_state()
        self.posting.emit(self.editor.toPlainText(), frozenset(self.tokens), self.close_case.isChecked())

    def not_posted(self, found: "Sequence[Objection]") -> None:
        """Something came in between: it stands in the list now."""
        self._busy = False
        if found:
            self.show_objections(self._revision, self.editor.toPlainText(), found)
        self._say_state()
        self.editor.setFocus()
