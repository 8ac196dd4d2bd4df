"""The box for an answer to the customer or a note of staff. It knows two readers and no third: nothing that is written
here can go to the public thread.
"""

from PySide6.QtCore import Signal

from moderation.conversation import Standing
from moderation.desk.conversing import Conversation, note_place, reply_place
from moderation.findings import Audience, Finding, Severity
from views.cases import facts as work
from views.cases.words import CaseWords
from views.composer.composer import Composer
from views.composer.strip import Segment


class CaseComposer(Composer):
    """What is written for the customer and what is noted for staff are two texts; changing the reader changes the text,
    so that a note never becomes an answer. ``opened``: it stands there.
    """

    opened = Signal()
    talk: Conversation | None = None

    def write(self, talk: Conversation, *, noting: bool) -> None:
        """Open it on a case."""
        self.leave(tell=False)
        self.talk = talk
        self._agreed = self._widened = False
        self._kept_text = ""
        self._seen = talk.seen
        self._real = Audience.CUSTOMER
        self._show_findings([])
        self.strip.show_segments(self._readers(talk), Audience.STAFF if noting else Audience.CUSTOMER)
        self._offer_identities(talk.official)
        self._dress()
        self._load()

    def _readers(self, talk: Conversation) -> list[Segment]:
        """The customer and staff: a case has no other readers."""
        words, why = self._words, ""
        if talk.why_not:
            facts = {"case": talk.case.key, "forum": ""}
            why = words.say("case_is_over" if talk.why_not == "case_over" else talk.why_not, **facts)
        people = CaseWords(words).people(talk.standing)
        return [
            Segment(Audience.CUSTOMER, words.audience(Audience.CUSTOMER), people, why),
            Segment(Audience.STAFF, words.say("audience_note"), words.say("case_who_staff")),
        ]

    def _dress(self) -> None:
        """Nobody speaks for the company in a note."""
        self._as.setVisible(not self.noting)
        self.identity.setVisible(not self.noting)
        super()._dress()
        self.bar.update()

    @property
    def _draft_place(self) -> str:
        """Where the text for these readers is kept."""
        if self.talk is None:
            return ""
        place = self.talk.standing.place
        return note_place(self.talk.case) if self.noting or place is None else reply_place(place)

    def _load(self) -> None:
        """Go on with what was kept for these readers."""
        place = self._place = self._draft_place
        self._tasks.read("case-draft", work.open_draft, place, then=lambda text: self._loaded(place, text))

    def _loaded(self, place: str, text: str) -> None:
        if place == self._place:
            self._fill(text)
            self._check()
            self.opened.emit()

    def _audience_chosen(self, audience: Audience) -> None:
        del audience
        self._keep()
        self._agreed = False
        self._show_findings([])
        self._load()

    def _check(self) -> None:
        talk, text = self.talk, self.editor.toPlainText()
        if talk is None or self.editor.composing:
            self._checks.start()
            return
        if self.noting or not text.strip():
            self._show_findings([])
            return
        revision = self._revision
        arguments = (talk.case, text, self._seen)
        self._tasks.read(
            "check", work.check, *arguments, then=lambda found: self._found(revision, found), failed=self.failed.emit
        )

    def _found(self, revision: int, found: list[Finding]) -> None:
        self._checked(revision, found)

    def send(self) -> None:
        """Send it to the one reader that is chosen; what asks is asked once."""
        talk, text = self.talk, self.editor.toPlainText()
        if talk is None or not self.isVisible() or not text.strip() or self._blocking():
            return
        if any(finding.severity is Severity.ASK for finding in self._findings) and not self._agreed:
            self._agreed = True
            self._say_state()
            return
        self.setEnabled(False)
        if self.noting:
            arguments = (talk.case, text, self._place)
            self._tasks.write(
                work.add_note, *arguments, then=lambda _: self._sent("say_case_noted"), failed=self._not_sent
            )
        else:
            official = self.identity.currentIndex() == 1
            self._tasks.write(work.reply, talk.case, text, official, then=self._replied, failed=self._not_sent)

    def follow(self, standing: Standing) -> None:
        """The case at hand stands otherwise: a box that is open for another one is closed, its text kept."""
        if self.talk is not None and self.isVisible() and self.talk.case.key != standing.case.key:
            self.leave()
