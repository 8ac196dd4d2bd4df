"""Everything that the Private screen shows of a case, read and worded off the window's thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from moderation.cases import Case
from moderation.content import Post
from moderation.conversation import CaseNote, NoteKind, Party, Standing, copies
from moderation.desk import Desk
from moderation.desk.conversing import Conversation
from moderation.findings import Finding
from moderation.intents import Identities, Plan
from moderation.text import neutralise
from views.cases.words import CaseWords
from views.item.inert import FULL
from views.item.page import Look, PageWriter
from views.words import Language, Words

SHOWN = 300
"""So many posts are laid out, the newest."""
OVER_FOR = timedelta(days=30)
"""For how long the list shows what is over."""


@dataclass(frozen=True, slots=True)
class CaseReading:
    """How a case is to be worded."""

    language: Language
    look: Look
    now: datetime


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case for its screen: the conversation, its two sides as documents, and their addresses in the browser."""

    talk: Conversation
    private: str
    public: str
    url: str | None
    public_url: str | None

    @property
    def case(self) -> Case:
        """The case."""
        return self.talk.case

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return self.talk.standing


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
    words = Words(reading.language)
    writer = CasePageWriter(words, reading.look, base, reading.now)
    return CaseFacts(
        talk=talk,
        private=writer.private(talk),
        public=CasePageWriter(words, reading.look, base, reading.now).public(talk),
        url=talk.standing.ticket.url if talk.standing.ticket is not None else talk.thread.url if talk.thread else None,
        public_url=talk.public.url if talk.public is not None else None,
    )


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


class CasePageWriter(PageWriter):
    """Writes the documents of a case: what was said in private with the notes of staff between, and the public side."""

    def private(self, talk: Conversation) -> str:
        """Posts and notes in the order of time."""
        said: list[Post | CaseNote] = [*talk.posts[-SHOWN:], *talk.notes]
        said.sort(key=lambda one: one.created_at if isinstance(one, Post) else one.at)
        own = copies(talk.case)
        parts = [self._air(), *self._about(talk), *self._cut(talk.posts)]
        for one in said:
            if isinstance(one, CaseNote):
                parts.append(self._note(one))
            else:
                mark = self._words.say("case_copy") if one.id in own else ""
                parts.append(self._said(one, talk.sides, mark))
        return self._styled("".join(parts))

    def public(self, talk: Conversation) -> str:
        """The public thread as outsiders have it, and what is hidden of it."""
        if talk.public is None:
            return self._styled(self._air() + self._line(self._words.say("case_public_not_read")))
        posts = [self._said(post, {}, "") for post in talk.public_posts[-SHOWN:]]
        return self._styled("".join([self._air(), *self._cut(talk.public_posts), *posts]))

    def _air(self) -> str:
        return '<p class="air">&nbsp;</p>'

    def _about(self, talk: Conversation) -> list[str]:
        """What stands instead of a conversation, where there is none here."""
        if talk.standing.in_ticket:
            return [self._ticket(talk)]
        if talk.standing.place is None:
            return [self._line(self._words.say("case_moving_line"))]
        return [] if talk.thread is not None else [self._line(self._words.say("case_not_read"))]

    def _said(self, post: Post, sides: Mapping[str, Party], mark: str) -> str:
        words = self._words
        facts = [words.say(f"case_party_{sides[str(post.author)]}")] if str(post.author) in sides else []
        facts += [words.moment(post.created_at, self._now), *([mark] if mark else [])]
        if post.edited_at is not None:
            facts.append(words.say("post_edited", when=words.moment(post.edited_at, self._now)))
        hidden = words.say("mark_hidden") if post.hidden else ""
        body = self._inert(post.body_html or None, post.body, FULL)
        return self._block(neutralise(post.author_name or "?"), facts, hidden, self._body(body))

    def _note(self, note: CaseNote) -> str:
        """Never like a post: on staff tint, behind a hatched edge, with a lock and its word."""
        words, colours = self._words, self._look.colours
        code = "case_note_mark" if note.kind is NoteKind.NOTE else f"case_note_{note.kind}"
        text = note.text or words.say("case_note_no_reason")
        lines = "<br>".join(escape(neutralise(line)) for line in text.splitlines())
        when = escape(f"{neutralise(note.author_name)} · {words.moment(note.at, self._now)}")
        return (
            self._air() + '<table width="100%" cellspacing="0" cellpadding="0"><tr><td width="20"></td>'
            f'<td width="6" background="marquee:hatch/staff"></td>'
            f'<td class="note" bgcolor="{colours["staff_tint"]}">'
            f'<p><img src="marquee:icon/lock/staff" style="vertical-align: middle"> '
            f'<span class="staff">{escape(words.say(code))}</span></p>'
            f'<p class="noted">{lines}</p><p class="meta">{when}</p></td>'
            '<td width="20"></td></tr></table>'
        )

    def _ticket(self, talk: Conversation) -> str:
        """The facts of the ticket in which the case lives."""
        ticket, words = talk.standing.ticket, self._words
        if ticket is None:
            return self._line(words.say("case_ticket_unknown"))
        waits = words.say(f"case_party_{ticket.waits_for}" if ticket.waits_for is not None else "case_ticket_nobody")
        rows = [
            ("case_ticket_id", f"#{ticket.id}  {ticket.subject}"),
            ("case_ticket_state", words.say(f"ticket_state_{ticket.state}")),
            ("case_ticket_waits", waits),
        ]
        if ticket.last_at is not None:
            rows.append(("case_ticket_last", CaseWords(words).last_at_length(talk.standing, self._now)))
        cells = "".join(
            f'<tr><td width="120" class="key">{escape(words.say(code))}</td><td>{escape(neutralise(said))}</td></tr>'
            for code, said in rows
        )
        asked = f"case_ticket_{talk.standing.question}" if talk.standing.question else ""
        question = f"<p><b>{escape(words.say(asked))}</b></p>" if asked else ""
        link = f'<p><a href="{escape(ticket.url, quote=True)}">{escape(words.say("case_ticket_link"))}</a></p>'
        table = f'<table cellspacing="0" cellpadding="3">{cells}</table>{question}{link}'
        return f'<table width="100%" cellspacing="0"><tr><td class="post alone">{table}</td></tr></table>'

    def _cut(self, posts: Sequence[Post]) -> list[str]:
        earlier = len(posts) - SHOWN
        return [self._line(self._words.count("case_more_posts", earlier))] if earlier > 0 else []

    def _styled(self, body: str) -> str:
        look = self._look
        extra = (
            "td.note { padding-top: 10px; padding-left: 12px; padding-right: 16px; padding-bottom: 4px; }"
            f"p.noted {{ font-size: {look.post - 1}px; }}"
            f"td.key {{ color: {look.colours['text2']}; font-size: {look.small}px; }}"
        )
        return super()._styled(body).replace("</style>", f"{extra}</style>", 1)
