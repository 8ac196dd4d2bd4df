"""Tickets of cases: how each stands, a word or a note, its state, whom it belongs to, and what a person is asked."""

import re
from collections.abc import Sequence
from typing import cast

from moderation.actions import TICKET_ACTIONS, Action
from moderation.bounces import Bounce, Fate
from moderation.case_tickets import CaseTicket, CaseTickets, Question, asked_about, open_questions
from moderation.cases import Case, Cases, CaseState
from moderation.content import Post
from moderation.conversation import private_place
from moderation.conversion.scene import text_of
from moderation.desk.bench import Bench, reference
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Ref
from moderation.intents import IntentState, Json, Plan
from moderation.plans import Wish, make_plan
from moderation.ports import AuditEntry
from moderation.tickets import Ticket, TicketState

MOST_POSTS = 1000
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class Ticketing:
    """What can be done about the ticket of a case. Writes are intents, sent by the engine with the system's own key."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    # Reading

    def ticket_of(self, case: Case) -> Ticket | None:
        """The ticket as it was read last; ``None`` where nothing is known of one."""
        kept = self.kept(case)
        return kept.shown() if kept is not None else None

    def asked_of(self, case: Case) -> str:
        """What a person is asked about it now, empty for nothing."""
        kept = self.kept(case)
        return asked_about(kept, case) if kept is not None else ""

    def kept(self, case: Case) -> CaseTicket | None:
        """The same with what the team keeps beside it: a question, who confirmed what, further tickets."""
        return self._tickets.case_ticket(case.community, case.key)

    def questions(self, communities: Sequence[str]) -> list[tuple[Case, CaseTicket]]:
        """Cases about whose tickets a person is asked."""
        cases = cast(Cases, self._bench.team)
        return [
            one
            for name in communities
            for one in open_questions(self._tickets.case_tickets(name), cases.cases(community=name))
        ]

    # Writing

    def say(self, case: Case, text: str, *, internal: bool = False, hold_seconds: float | None = None) -> Plan:
        """Send a word to the customer through the ticket, or leave a note for staff there.

        Raises ``NotAllowedError`` ``text_empty``, ``case_over`` for a case that is closed or taken back, and
        ``UnknownIdError`` ``case_has_no_ticket``.
        """
        if not text.strip():
            raise NotAllowedError("text_empty")
        return self._journal(case, Action.TICKET_WORD, {"text": text, "internal": internal}, hold_seconds)

    def set_state(self, case: Case, state: TicketState, *, hold_seconds: float | None = None) -> Plan:
        """Change the ticket's state, unless it is not as it was read last; raises as :meth:`say` does."""
        return self._journal(case, Action.TICKET_STATE, {"state": str(state)}, hold_seconds)

    def confirm(
        self, case: Case, address: str, post: Ref | str | None = None, *, hold_seconds: float | None = None
    ) -> Plan:
        """Let the ticket belong to an address that the customer confirmed: in ``post``, or where none is named in the
        newest post of theirs in the private place that says this address.

        Raises ``NotAllowedError``: ``address_odd``; ``address_place_missing`` where the case has no private place;
        ``address_not_confirmed`` where that post is not the customer's or not there, or where no post says it.
        """
        if _ADDRESS.fullmatch(address) is None or len(address) > 254:
            raise NotAllowedError("address_odd", address=address[:80])
        said = self._confirming(case, address, reference(post) if post is not None else None)
        payload = {"address": address, "confirmed_in": str(said.id)}
        return self._journal(case, Action.TICKET_REQUESTER, payload, hold_seconds)

    def keep_as_it_is(self, case: Case) -> None:
        """A person has read the question about a ticket and lets the case stand as it does."""
        kept = self._must(case)
        self._tickets.answer_ticket_question(case.community, case.key)
        self._log(case, "ticket_question", "kept", question=kept.question)

    def not_delivered(self, bounce: Bounce, communities: Sequence[str]) -> Case:
        """The case whose mail a report is about; a person is asked about it where its server has given up.

        Raises ``UnknownIdError`` ``bounce_unknown`` for a mail that is of no case.
        """
        cases = {(one.community, one.key): one for one in cast(Cases, self._bench.team).cases()}
        for kept in (one for name in communities for one in self._tickets.case_tickets(name)):
            case = cases.get((kept.community, kept.case))
            if case is not None and kept.ticket in bounce.ids:
                if bounce.fate is Fate.FAILED:
                    self._tickets.ask_about_ticket(kept.community, kept.case, Question.NOT_DELIVERED)
                    self._log(case, "ticket_bounced", bounce.status)
                return case
        raise UnknownIdError("bounce_unknown", id=next(iter(sorted(bounce.ids)), "-"))

    def try_now(self) -> int:
        """Let what waits for a ticket system be tried at once: its key is new, or it is back. Gives how many."""
        waiting = [
            intent
            for intent in self._bench.journal.unfinished()
            if intent.action in TICKET_ACTIONS and intent.state is IntentState.WAITING and intent.next_try is not None
        ]
        for intent in waiting:
            self._bench.journal.update(intent.id, next_try=None)
        if waiting:
            self._bench.engine.wake("ticket")
        return len(waiting)

    # What is needed for them

    @property
    def _tickets(self) -> CaseTickets:
        return cast(CaseTickets, self._bench.team)

    def _log(self, case: Case, what: str, result: str, **facts: str) -> None:
        """Who did it, with the account that is signed in here."""
        me, now = self._bench.community(case.community).identity, self._bench.clock.now()
        ident, said = self._bench.ids.new(), {"case": case.key, **facts}
        self._bench.team.log(AuditEntry(now, str(me.member), what, None, case.thread, "", "", result, ident, said))

    def _must(self, case: Case) -> CaseTicket:
        kept = self.kept(case)
        if kept is None:
            raise UnknownIdError("case_has_no_ticket", case=case.key)
        return kept

    def _confirming(self, case: Case, address: str, named: Ref | None) -> Post:
        place = private_place(case)
        if place is None:
            raise NotAllowedError("address_place_missing", case=case.key)
        posts = self._bench.mirror.posts(place, limit=MOST_POSTS)
        theirs = [post for post in posts if str(post.author) == case.customer and not post.staff_only]
        fits = [
            post
            for post in theirs
            if post.id == named or (named is None and address.casefold() in text_of(post).casefold())
        ]
        if not fits:
            raise NotAllowedError("address_not_confirmed", case=case.key, customer=case.customer_name)
        return fits[-1]

    def _journal(self, case: Case, action: Action, payload: Json, hold_seconds: float | None) -> Plan:
        kept, thread = self._must(case), Ref.parse(case.thread)
        if case.state is not CaseState.OPEN:
            raise NotAllowedError("case_over", case=case.key)
        told = {"ticket_of": case.key, "system": kept.system, **payload}
        plan = make_plan(
            [Wish(action, thread, None, thread, kept.version if action is Action.TICKET_STATE else "", told)],
            self._bench.sender(case.community),
            now=self._bench.clock.now(),
            new_id=self._bench.ids.new,
            hold_seconds=self._bench.hold_seconds if hold_seconds is None else hold_seconds,
        )
        self._bench.journal.add(plan)
        self._bench.engine.wake("ticket")
        return plan
