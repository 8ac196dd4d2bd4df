"""Everything that the Private screen shows of a case, read and worded off the window's thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderation.cases import Case
from moderation.conversation import CaseNote, Standing
from moderation.desk import Desk
from moderation.desk.conversing import Conversation
from moderation.findings import Finding
from moderation.intents import Identities, Plan
from views.cases.page import CasePageWriter
from views.cases.ticket import TicketNow, ticket_now
from views.item.page import Look, Page
from views.item.pictures import PictureNow
from views.words import Language, Words

OVER_FOR = timedelta(days=30)
"""For how long the list shows what is over."""


@dataclass(frozen=True, slots=True)
class CaseReading:
    """How a case is to be worded."""

    language: Language
    look: Look
    now: datetime
    pictures: Mapping[str, PictureNow] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case for its screen: the conversation, its two sides as documents, and their addresses in the browser."""

    talk: Conversation
    private: Page
    public: Page
    url: str | None
    public_url: str | None
    ticket: TicketNow | None = None

    @property
    def case(self) -> Case:
        """The case."""
        return self.talk.case

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return self.talk.standing


def pictures_of(community: str, key: str) -> str:
    """Under which name the pictures of a case are held, in memory and as long as it is looked at."""
    return f"case:{community}/{key}"


def read_cases(desk: Desk, communities: tuple[str, ...] | None) -> list[Standing]:
    """The list: what is open, and what was opened lately and is over."""
    found = desk.conversing.standings(communities, every=True)
    since = desk.clock.now() - OVER_FOR
    return [one for one in found if not one.status.over or one.case.opened_at >= since]


def count_cases(desk: Desk, communities: tuple[str, ...] | None) -> int:
    """How many are open."""
    names = communities if communities is not None else tuple(row.name for row in desk.communities())
    return desk.conversing.count(names)


def read_case(desk: Desk, community: str, key: str, reading: CaseReading) -> CaseFacts:
    """One case in full."""
    talk = desk.conversing.conversation(community, key)
    base = next((row.url for row in desk.communities() if row.name == community), "")
    words, ticket = Words(reading.language), ticket_now(desk, talk.case)
    private, public = (CasePageWriter(words, reading.look, base, reading.now, reading.pictures) for _ in range(2))
    return CaseFacts(
        talk=talk,
        private=private.private(talk, ticket),
        public=public.public(talk),
        url=talk.standing.ticket.url if talk.standing.ticket is not None else talk.thread.url if talk.thread else None,
        public_url=talk.public.url if talk.public is not None else None,
        ticket=ticket,
    )


def why_no_reply(talk: Conversation) -> str:
    """Code of why the customer cannot be answered in the private place, empty where they can."""
    return "case_is_over" if talk.why_not == "case_over" else talk.why_not


# What is done to a case


def open_draft(desk: Desk, place: str) -> str:
    """The kept text of an answer or a note."""
    draft = desk.answering.draft(place)
    return draft.text if draft is not None else ""


def check(desk: Desk, case: Case, text: str, seen: str) -> list[Finding]:
    """What speaks against sending it to the customer."""
    return desk.conversing.check(case, text, seen)


def reply(desk: Desk, case: Case, text: str, official: bool) -> tuple[Plan | None, list[Finding]]:
    """Answer the customer in the private place of the case."""
    identity = Identities.OFFICIAL if official else Identities.ME
    return desk.conversing.reply(case, text, identity=identity)


def add_note(desk: Desk, case: Case, text: str, place: str) -> CaseNote:
    """Keep a note for the team, and forget its draft."""
    note = desk.conversing.note(case, text)
    desk.answering.save_draft(place, "")
    return note


def close(desk: Desk, case: Case, reason: str) -> Case:
    """The case is over."""
    return desk.conversing.close(case, reason)


def reopen(desk: Desk, case: Case) -> Case:
    """It goes on."""
    return desk.conversing.reopen(case)
