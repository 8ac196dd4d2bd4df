"""The texts of a case: what was said in its private place, what else outsiders cannot read, and what they can."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from moderation.bringing import Known, Message, PrivateText, Whose, customer_names
from moderation.bringing.manners import names_said, quoted_words
from moderation.case_tickets import CaseTickets
from moderation.cases import Case
from moderation.content import Forum, Post, Thread
from moderation.conversation import IN_TICKET, CaseNotes, copies, private_place, taken
from moderation.conversion.scene import text_of
from moderation.desk.bench import Bench
from moderation.desk.ticket_words import TicketWords, words_of
from moderation.findings import Audience, audience_of
from moderation.ids import Kind, Ref

MOST_POSTS = 5000
_MOST_AUTHORS, _MOST_ITEMS = 100, 100


@dataclass(frozen=True, slots=True)
class CaseTexts:
    """What a case consists of. ``thread`` is where its answer is read in public, ``None`` where none is known.
    ``why_not`` tells why what is said in its ticket is not among it: a code of :mod:`moderation.desk.ticket_words`.
    """

    case: Case
    thread: Thread | None
    forum: Forum | None
    messages: tuple[Message, ...]
    known: Known
    why_not: str = ""

    @property
    def audience(self) -> Audience:
        """Who reads that thread."""
        return audience_of(self.forum)


def read_case(bench: Bench, case: Case) -> CaseTexts:
    """Everything that the mirror and the team's store have of a case; of one that lives in a ticket, what its ticket
    system tells of it now.
    """
    kept = cast(CaseTickets, bench.team).case_ticket(case.community, case.key)
    if kept is None and case.place != IN_TICKET:
        return _Reading(bench, case, None).read()
    return _Reading(bench, case, words_of(case, kept, bench.read_ticket)).read()


def read_here(bench: Bench, case: Case) -> CaseTexts:
    """The same without asking a ticket system: what this machine knows."""
    return _Reading(bench, case, None).read()


def public_thread(case: Case) -> Ref | None:
    """The thread in which the answer is read: that of the case, or the pointer that stayed for it."""
    if not taken(case):
        return Ref.parse(case.thread)
    pointer = case.made("pointer")
    return pointer if pointer is not None and pointer.kind is Kind.THREAD else None


class _Reading:
    def __init__(self, bench: Bench, case: Case, ticket: TicketWords | None) -> None:
        self._bench, self._case, self._ticket = bench, case, ticket
        self._forums = {forum.id: forum for forum in bench.mirror.forums(case.community)}
        self._staff = self._known_staff()
        self._place = private_place(case)

    def read(self) -> CaseTexts:
        """All of it."""
        target = public_thread(self._case)
        thread = self._bench.mirror.thread(target) if target is not None else None
        posts = self._posts(target)
        here = self._conversation()
        messages = self._ticket.messages if self._ticket is not None else here
        private = [
            *self._of_messages({one.id: one for one in (*here, *messages)}.values()),
            *self._unseen(posts),
            *self._beside(posts),
            *self._team_notes(),
        ]
        names = {*filter(None, self._names(thread)), *names_said(messages)}
        known = Known(
            self._case.key,
            tuple(one for one in private if one.text.strip()),
            self._public(thread, posts),
            customer_names(*sorted(names)),
            self._complete() and not any(post.hidden and not text_of(post).strip() for post in posts),
        )
        why_not = self._ticket.why_not if self._ticket is not None else ""
        return CaseTexts(self._case, thread, self._forum(thread), messages, known, why_not)

    # The private place

    def _conversation(self) -> tuple[Message, ...]:
        own = copies(self._case)
        return tuple(
            Message(
                str(post.id), self._whose(post), post.author_name or "", post.created_at, text_of(post), post.id in own
            )
            for post in self._posts(self._place)
            if not post.staff_only
        )

    def _complete(self) -> bool:
        """True where all that was said in private is here."""
        if self._ticket is not None and self._ticket.why_not:
            return False
        if self._ticket is not None and self._place is None:
            return True
        thread = self._bench.mirror.thread(self._place) if self._place is not None else None
        if thread is None:
            return False
        here = len(self._posts(thread.id))
        return here < MOST_POSTS and (thread.complete or here >= thread.post_count)

    def _of_messages(self, messages: Iterable[Message]) -> Iterable[PrivateText]:
        """Messages with whose words they are: the copy, and what is quoted, are the customer's."""
        for one in messages:
            yield PrivateText(one.text, Whose.CUSTOMER if one.copied else one.whose)
            if one.whose is Whose.STAFF and not one.copied:
                yield PrivateText(quoted_words(one.text), Whose.CUSTOMER)
        yield from self._ticket.private if self._ticket is not None else ()
        for post in self._posts(self._place):
            if post.staff_only:
                yield PrivateText(text_of(post), Whose.NOTE)

    def _whose(self, post: Post) -> Whose:
        """In a private place that was made for them there is nobody but the customer and staff."""
        if str(post.author) == self._case.customer:
            return Whose.CUSTOMER
        own_place = self._place is not None and str(self._place) != self._case.thread
        return Whose.STAFF if own_place or str(post.author) in self._staff else Whose.OTHERS

    # Around the public thread

    def _unseen(self, posts: Iterable[Post]) -> Iterable[PrivateText]:
        """Posts of the public thread that outsiders cannot read."""
        for post in posts:
            if post.staff_only:
                yield PrivateText(text_of(post), Whose.NOTE)
            elif post.hidden:
                yield PrivateText(text_of(post), self._author_of(post))

    def _author_of(self, post: Post) -> Whose:
        if str(post.author) == self._case.customer:
            return Whose.CUSTOMER
        return Whose.STAFF if str(post.author) in self._staff else Whose.OTHERS

    def _beside(self, posts: Sequence[Post]) -> Iterable[PrivateText]:
        """Notes and reports on posts of the thread, and posts of it that are held."""
        threads = {self._case.thread, *(str(post.thread) for post in posts)}
        authors = dict.fromkeys([Ref.parse(self._case.customer), *(p.author for p in posts if p.author is not None)])
        mirror, team = self._bench.mirror, self._bench.team
        for author in list(authors)[:_MOST_AUTHORS]:
            for row in mirror.items_by_author(author, limit=_MOST_ITEMS):
                item = mirror.item(Ref.parse(row.id)) if row.thread in threads else None
                if item is None:
                    continue
                said = [*(note.text for note in item.notes), *(report.text for report in item.reports)]
                yield from (PrivateText(text, Whose.NOTE) for text in said)
                yield from (PrivateText(note.text, Whose.NOTE) for note in team.notes(row.id))
                if item.kind is Kind.HELD and item.body:
                    theirs = str(item.author) == self._case.customer
                    yield PrivateText(item.body, Whose.CUSTOMER if theirs else Whose.OTHERS)

    def _team_notes(self) -> Iterable[PrivateText]:
        team = self._bench.team
        if isinstance(team, CaseNotes):
            notes = cast(CaseNotes, team).case_notes(self._case.community, self._case.key)
            yield from (PrivateText(note.text, Whose.NOTE) for note in notes)

    def _public(self, thread: Thread | None, posts: Iterable[Post]) -> tuple[str, ...]:
        """What outsiders read: nothing of a thread that is hidden or stands where they cannot go."""
        if thread is None or thread.hidden or audience_of(self._forum(thread)) is not Audience.PUBLIC:
            return ()
        seen = [post for post in posts if not post.hidden and not post.staff_only]
        return (thread.title, *(text_of(post) for post in seen), *{post.author_name or "" for post in seen})

    # Small things

    def _posts(self, thread: Ref | None) -> list[Post]:
        return self._bench.mirror.posts(thread, limit=MOST_POSTS, staff=True) if thread is not None else []

    def _forum(self, thread: Thread | None) -> Forum | None:
        return self._forums.get(thread.forum) if thread is not None and thread.forum is not None else None

    def _names(self, thread: Thread | None) -> list[str | None]:
        member = self._bench.mirror.member(Ref.parse(self._case.customer))
        asked = thread.author_name if thread is not None and str(thread.author) == self._case.customer else None
        return [self._case.customer_name, asked, *((member.name, member.slug) if member is not None else ())]

    def _known_staff(self) -> frozenset[str]:
        row = self._bench.community(self._case.community)
        found = {str(row.identity.member), self._case.opened_by}
        found |= {str(row.official.member)} if row.official is not None else set()
        for forum in self._forums.values():
            found |= {str(one) for one in forum.moderators or ()}
        return frozenset(found - {self._case.customer})
