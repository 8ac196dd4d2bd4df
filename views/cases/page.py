"""What was said in a case as documents: the private side with the notes of staff between, the facts of its ticket, and
the public side.
"""

from collections.abc import Mapping, Sequence
from html import escape

from moderation.content import Post
from moderation.conversation import CaseNote, NoteKind, Party, copies
from moderation.desk.conversing import Conversation
from moderation.text import neutralise
from views.cases.ticket import TicketNow
from views.cases.words import CaseWords
from views.item.inert import FULL
from views.item.page import Page, PageWriter

SHOWN = 300
"""So many posts are laid out, the newest."""
STATE_LINK = "ticket-state"
"""The address that changes the state of a ticket (``marquee:ticket-state``)."""
_ANSWERS = {
    "closed_elsewhere": ("resolve", "keep"),
    "reopened_elsewhere": ("reopen", "keep"),
    "not_delivered": ("keep",),
}
"""Verbs that answer what is asked about a ticket."""


class CasePageWriter(PageWriter):
    """Writes the documents of a case: what was said in private with the notes of staff between, and the public side."""

    def private(self, talk: Conversation, ticket: TicketNow | None) -> Page:
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
        return self._paged([*parts, *self._goes_on(talk, ticket)])

    def public(self, talk: Conversation) -> Page:
        """The public thread as outsiders have it, and what is hidden of it."""
        if talk.public is None:
            return self._paged([self._air(), self._line(self._words.say("case_public_not_read"))])
        posts = [self._said(post, {}, "") for post in talk.public_posts[-SHOWN:]]
        return self._paged([self._air(), *self._cut(talk.public_posts), *posts])

    def _paged(self, parts: Sequence[str]) -> Page:
        return Page(self._styled("".join(parts)), tuple(self._pictures), "")

    def _air(self) -> str:
        return '<p class="air">&nbsp;</p>'

    def _about(self, talk: Conversation) -> list[str]:
        """What stands instead of a conversation, where there is none here."""
        if talk.standing.in_ticket:
            return []
        if talk.standing.place is None:
            return [self._line(self._words.say("case_moving_line"))]
        return [] if talk.thread is not None else [self._line(self._words.say("case_not_read"))]

    def _goes_on(self, talk: Conversation, ticket: TicketNow | None) -> list[str]:
        """Behind what was said in the community: the ticket in which it goes on, and what is asked about that."""
        if not talk.standing.in_ticket:
            return []
        asked = self._question(ticket.question) if ticket is not None and ticket.question else ""
        return [self._air(), self._ticket(talk, ticket), asked, self._air()]

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

    def _question(self, question: str) -> str:
        """What a person is asked, with the keys that answer: framed, and on no reader's tint."""
        words, colours = self._words, self._look.colours
        answers = [(verb, words.say(f"case_answer_{question}_{verb}")) for verb in _ANSWERS[question]]
        keys = "&nbsp;&nbsp;&nbsp;&nbsp; ".join(f"{self._key(verb)}&nbsp; {escape(said)}" for verb, said in answers)
        return (
            '<table width="100%" cellspacing="0" cellpadding="0"><tr><td width="20"></td><td>'
            f'<table width="100%" cellspacing="0" cellpadding="0" border="1" class="question" '
            f'bgcolor="{colours["surface"]}" style="border-color: {colours["staff"]}; border-style: solid; '
            f'border-collapse: collapse"><tr><td class="question">'
            f'<p><img src="marquee:icon/help-circle/staff" style="vertical-align: middle">&nbsp; '
            f"<b>{escape(words.say(f'case_asked_{question}'))}</b></p><p>{keys}</p></td></tr></table>"
            '</td><td width="20"></td></tr></table>'
        )

    def _ticket(self, talk: Conversation, now: TicketNow | None) -> str:
        """The facts of the ticket in which the case lives."""
        ticket, words = talk.standing.ticket, self._words
        if ticket is None:
            return self._line(words.say("case_ticket_unknown"))
        waits = words.say(f"case_party_{ticket.waits_for}" if ticket.waits_for is not None else "case_ticket_nobody")
        system = now.system if now is not None else ""
        rows = [
            ("case_ticket_id", "  ".join(part for part in (f"#{ticket.id}", ticket.subject, system) if part)),
            ("case_ticket_state", words.say(f"ticket_state_{ticket.state}")),
            ("case_ticket_waits", waits),
            *(self._owner(now) if now is not None else []),
        ]
        if ticket.last_at is not None:
            rows.append(("case_ticket_last", CaseWords(words).last_said(talk.standing, self._now)))
        changes = now is not None and not now.no_state
        cells = "".join(
            f'<tr><td width="130" class="key">{escape(words.say(code))}</td><td>{escape(neutralise(said))}'
            f"{self._change() if changes and code == 'case_ticket_state' else ''}</td></tr>"
            for code, said in rows
        )
        link = f'<p><a href="{escape(ticket.url, quote=True)}">{escape(words.say("case_ticket_link"))}</a></p>'
        table = f'<table cellspacing="0" cellpadding="3">{cells}</table>{link if ticket.url else ""}'
        return f'<table width="100%" cellspacing="0"><tr><td class="post alone">{table}</td></tr></table>'

    def _change(self) -> str:
        """What changes the state, with its key."""
        said = escape(self._words.say("case_ticket_change"))
        return f'&nbsp;&nbsp; <a href="marquee:{STATE_LINK}" class="act">{said}</a>&nbsp; {self._key("take")}'

    def _owner(self, now: TicketNow) -> list[tuple[str, str]]:
        """Whom the ticket belongs to as far as that is known here, what is on its way to it, and tickets beside it."""
        words = self._words
        if now.confirmed_at is not None:
            when = words.moment(now.confirmed_at, self._now)
            said = words.say("case_address_confirmed", by=now.confirmed_by or "?", when=when)
        else:
            said = words.say(now.no_address or "case_address_open", system=now.system)
        rows = [("case_ticket_address", said)]
        if now.on_the_way:
            named = (str(action).removeprefix("x:") for action in now.on_the_way)
            on_the_way = words.say("list_comma").join(words.say(f"case_way_{name}") for name in named)
            rows.append(("case_ticket_way", on_the_way))
        if now.others:
            rows.append(("case_ticket_others", words.say("list_comma").join(f"#{one}" for one in now.others)))
        return rows

    def _cut(self, posts: Sequence[Post]) -> list[str]:
        earlier = len(posts) - SHOWN
        return [self._line(self._words.count("case_more_posts", earlier))] if earlier > 0 else []

    def _styled(self, body: str) -> str:
        look = self._look
        extra = (
            "td.note { padding-top: 10px; padding-left: 12px; padding-right: 16px; padding-bottom: 4px; }"
            f"p.noted {{ font-size: {look.post - 1}px; }}"
            "td.question { padding: 8px 12px 6px 12px; }"
            f"td.key {{ color: {look.colours['text2']}; font-size: {look.small}px; }}"
        )
        return super()._styled(body).replace("</style>", f"{extra}</style>", 1)
