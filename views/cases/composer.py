"""The box for an answer to the customer or a note of staff. It knows two readers and no third: nothing that is written
here can go to the public thread. In a ticket there is a third: colleagues who read it, where the customer does not.
"""

from PySide6.QtCore import Signal

from moderation.conversation import Standing
from moderation.desk.conversing import Conversation, note_place, reply_place
from moderation.findings import Audience, Finding
from views.cases import facts as work
from views.cases import ticket
from views.cases.facts import CaseFacts
from views.cases.ticket import TicketNow
from views.cases.words import CaseWords
from views.composer.composer import Composer
from views.composer.strip import Segment

IN_TICKET = "ticket"
"""Name of the place for comments that only staff can read, in the ticket itself."""


class CaseComposer(Composer):
    """What is written for the customer and what is noted for staff are texts of their own; changing the reader changes
    the text, so that a note never becomes an answer. ``opened``: it stands there.
    """

    opened = Signal()
    talk: Conversation | None = None
    ticket: TicketNow | None = None

    def write(self, facts: CaseFacts, *, noting: bool) -> None:
        """Open it on a case."""
        self.leave(tell=False)
        talk = self.talk = facts.talk
        self.ticket = facts.ticket
        self._agreed = self._widened = False
        self._kept_text = ""
        self._seen = facts.ticket.seen if facts.ticket is not None else talk.seen
        self._real = Audience.CUSTOMER
        self._show_findings([])
        self.strip.show_segments(self._readers(talk), Audience.STAFF if noting else Audience.CUSTOMER)
        self._offer_identities(talk.official)
        self._dress()
        self._load()

    def _readers(self, talk: Conversation) -> list[Segment]:
        """The customer and staff: a case has no other readers."""
        words, now = self._words, self.ticket
        if now is None:
            note = Segment(Audience.STAFF, words.say("audience_note"), words.say("case_who_staff"))
            people = CaseWords(words).people(talk.standing)
            why = self._why(work.why_no_reply(talk), talk)
            return [Segment(Audience.CUSTOMER, words.audience(Audience.CUSTOMER), people, why), note]
        who, colleagues = words.say("case_who_ticket", n=now.number), words.say("case_who_comment")
        return [
            Segment(Audience.CUSTOMER, words.audience(Audience.CUSTOMER), who, self._why(now.no_word, talk)),
            Segment(
                Audience.STAFF, words.say("audience_comment"), colleagues, self._why(now.no_comment, talk),
                name=IN_TICKET, key="Alt T", icon="ticket",
            ),
            Segment(Audience.STAFF, words.say("audience_note"), words.say("case_who_team")),
        ]  # fmt: skip

    def _why(self, code: str, talk: Conversation) -> str:
        system = self.ticket.system if self.ticket is not None else ""
        return self._words.say(code, case=talk.case.key, forum="", system=system) if code else ""

    @property
    def commenting(self) -> bool:
        """True while a comment is written that stands in the ticket, for staff alone."""
        return self.noting and self.strip.name == IN_TICKET

    @property
    def told(self) -> bool:
        """True while what is written goes out: to the customer, or into the ticket."""
        return not self.noting or self.commenting

    @property
    def _send_verb(self) -> str:
        if self.commenting:
            return "send_comment"
        return "send_ticket" if self.ticket is not None and not self.noting else super()._send_verb

    def _key(self, name: str) -> None:
        if name == "T":
            self.strip.pick(Audience.STAFF, IN_TICKET)
        else:
            super()._key(name)

    def _dress(self) -> None:
        """Nobody speaks for the company in a note, and a ticket is answered as who is signed in there."""
        speaks = not self.noting and self.ticket is None
        self._as.setVisible(speaks)
        self.identity.setVisible(speaks)
        super()._dress()
        self.bar.update()

    @property
    def _draft_place(self) -> str:
        """Where the text for these readers is kept."""
        if self.talk is None:
            return ""
        if self.ticket is not None and self.told:
            return ticket.draft_place(self.talk.case, internal=self.noting)
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
        check = ticket.check if self.ticket is not None else work.check
        arguments = (talk.case, text, self._seen)
        self._tasks.read(
            "check", check, *arguments, then=lambda found: self._found(revision, found), failed=self.failed.emit
        )

    def _found(self, revision: int, found: list[Finding]) -> None:
        self._checked(revision, found)

    def send(self) -> None:
        """Send it to the one reader that is chosen; what asks is asked once."""
        talk, text = self.talk, self.editor.toPlainText()
        if talk is None or not self.isVisible() or not text.strip() or self._blocking():
            return
        if self._asks_first():
            return
        self.setEnabled(False)
        if not self.told:
            arguments = (talk.case, text, self._place)
            self._tasks.write(
                work.add_note, *arguments, then=lambda _: self._sent("say_case_noted"), failed=self._not_sent
            )
        elif self.ticket is not None:
            told = (talk.case, text, self.noting, self._place, self._seen)
            self._tasks.write(ticket.say, *told, then=self._replied, failed=self._not_sent)
        else:
            official = self.identity.currentIndex() == 1
            self._tasks.write(work.reply, talk.case, text, official, then=self._replied, failed=self._not_sent)

    def _replied(self, answer: tuple[object, list[Finding]]) -> None:
        if answer[0] is not None and self.commenting:
            self._sent("say_comment_held")
        else:
            super()._replied(answer)

    def follow(self, standing: Standing) -> None:
        """The case at hand stands otherwise: a box that is open for another one is closed, its text kept."""
        if self.talk is not None and self.isVisible() and self.talk.case.key != standing.case.key:
            self.leave()
