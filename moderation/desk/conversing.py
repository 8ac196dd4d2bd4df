"""Private conversations of cases: how each stands, answering the customer there and nowhere else, notes, the end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.cases import BRINGS_BACK, Case, Cases, CaseState
from moderation.content import CommunityInfo, Forum, Post, Thread
from moderation.conversation import (
    IN_TICKET,
    CaseNote,
    CaseNotes,
    Known,
    NoteKind,
    NoTickets,
    Party,
    Standing,
    Status,
    TicketsOfCases,
    party_of,
    private_place,
    standing,
    taken,
)
from moderation.conversion.locking import lock_of
from moderation.desk.bench import Bench
from moderation.desk.privately import Privately
from moderation.desk.proving import Proving
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.findings import Audience, Finding, Severity, check_text
from moderation.ids import Ref
from moderation.intents import Identities, Plan
from moderation.plans import Wish, make_plan
from moderation.ports import AuditEntry, Draft

MOST_POSTS = 5000
_ACTIVE = frozenset({CaseState.OPEN, CaseState.UNDOING})
_LONGEST_MESSAGE = "max_message_length"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A case opened: how it stands, what was said in private, the notes for staff, and the public thread with it.

    ``sides`` are the sides of the authors by id. ``why_not`` is a code: why nothing can be answered here.
    ``official`` is the name of the company account where it may speak here.
    """

    standing: Standing
    posts: tuple[Post, ...]
    notes: tuple[CaseNote, ...]
    sides: dict[str, Party]
    thread: Thread | None
    public: Thread | None
    public_posts: tuple[Post, ...]
    draft: str = ""
    note_draft: str = ""
    seen: str = ""
    why_not: str = ""
    official: str | None = None

    @property
    def case(self) -> Case:
        """The case."""
        return self.standing.case


def reply_place(thread: Ref) -> str:
    """Where the draft of an answer to the customer is kept."""
    return f"reply:{thread}"


def note_place(case: Case) -> str:
    """Where the draft of a note is kept."""
    return f"note:{case.community}/{case.key}"


@dataclass(frozen=True, slots=True)
class _Around:
    """Plans (ids) with steps that are not over, by community and case, and proofs (ids) of what can be read."""

    plans: dict[tuple[str, str], str]
    readable: frozenset[str]


class Conversing:
    """Reads conversations, and writes to the one private place of each. ``tickets`` tells of cases that live in a
    ticket.
    """

    def __init__(
        self, bench: Bench, privately: Privately, proving: Proving, tickets: TicketsOfCases | None = None
    ) -> None:
        self._bench = bench
        self._privately = privately
        self._proving = proving
        self.tickets: TicketsOfCases = tickets or NoTickets()

    # Reading

    def standings(self, communities: Sequence[str] | None = None, *, every: bool = False) -> list[Standing]:
        """How the conversations stand that are not over; those that wait for staff first, the longest first.

        ``every``: those that are over too, behind the others.
        """
        names = set(communities) if communities is not None else {row.name for row in self._bench.mirror.communities()}
        cases = [case for case in self._privately.cases(every=every) if case.community in names]
        around = self._around()
        return sorted((self._standing(case, around) for case in cases), key=_order)

    def count(self, communities: Sequence[str]) -> int:
        """How many cases are not over."""
        return sum(case.community in set(communities) for case in self._privately.cases())

    def find(self, which: str, communities: Sequence[str] | None = None) -> Case:
        """A case by its key or by its public or private thread, the newest first, those that are over last.

        Raises ``UnknownIdError`` ``case_unknown``.
        """
        cases = self._privately.cases(every=True)
        named = [c for c in cases if which in {c.key, c.thread, str(private_place(c))}]
        here = [c for c in named if communities is None or c.community in communities]
        if not here:
            raise UnknownIdError("case_unknown", id=which)
        return min(here, key=lambda case: case.state not in _ACTIVE)

    def conversation(self, community: str, key: str) -> Conversation:
        """A case with everything for its screen; raises ``UnknownIdError`` ``case_unknown``."""
        case = self.case(community, key)
        place = private_place(case)
        thread = self._bench.mirror.thread(place) if place is not None else None
        posts = self._posts(place)
        known = self._known(case, posts, self._around())
        public = Ref.parse(case.thread)
        apart = place is None or str(place) != case.thread
        row = self._bench.community(community)
        speaks = row.official is not None and (place is None or not self._in_messages(thread))
        return Conversation(
            standing(case, known),
            tuple(posts or ()),
            tuple(self.notes(case)),
            {str(post.author): party_of(str(post.author), case, known) for post in posts or ()},
            thread,
            self._bench.mirror.thread(public) if apart else None,
            tuple(self._posts(public) or ()) if apart else (),
            draft=self._draft(reply_place(place)) if place is not None else "",
            note_draft=self._draft(note_place(case)),
            seen=_seen(thread),
            why_not=self._why_not(case),
            official=row.official.name if speaks and row.official is not None else None,
        )

    def case(self, community: str, key: str) -> Case:
        """One case, over or not; raises ``UnknownIdError`` ``case_unknown``."""
        for case in self._privately.cases(community, every=True):
            if case.key == key:
                return case
        raise UnknownIdError("case_unknown", id=key)

    def notes(self, case: Case) -> list[CaseNote]:
        """Notes of a case, oldest first."""
        return self._notes.case_notes(case.community, case.key)

    # Writing to the customer

    def check(self, case: Case, text: str, seen: str | None = None) -> list[Finding]:
        """What speaks against posting this in the private place; raises as :meth:`door` does."""
        thread, forum = self.door(case)
        info = self._bench.community(case.community).info
        findings = check_text(text, Audience.CUSTOMER, _limits(info, forum))
        if thread.hidden:
            findings.insert(0, Finding("thread_hidden", Severity.ASK))
        if seen is not None and seen != _seen(thread):
            findings.insert(0, Finding("thread_changed", Severity.ASK, None, "look_again"))
        return findings

    def reply(
        self,
        case: Case,
        text: str,
        *,
        identity: Identities = Identities.ME,
        hold_seconds: float | None = None,
    ) -> tuple[Plan | None, list[Finding]]:
        """Journal an answer in the private place of a case; the plan is ``None`` when a finding blocks it.

        It goes to no other thread, and only while that stands where it stands now. Raises as :meth:`door` does.
        """
        case = self.case(case.community, case.key)
        thread, forum = self.door(case)
        self._bench.require(case.community, Capability.REPLY)
        sender = self._bench.sender(case.community, identity)
        findings = self.check(case, text)
        if any(finding.severity is Severity.BLOCK for finding in findings):
            return None, findings
        wish = Wish(Action.REPLY, thread.id, None, thread.id, "", {"text": text, "only_in": str(forum.id)})
        hold = self._bench.hold_seconds if hold_seconds is None else hold_seconds
        plan = make_plan([wish], sender, now=self._bench.clock.now(), new_id=self._bench.ids.new, hold_seconds=hold)
        self._bench.journal.add(plan)
        self._bench.engine.wake("reply")
        return plan, findings

    def door(self, case: Case) -> tuple[Thread, Forum]:
        """The one place where this case may be answered, and the private forum in which it must stand.

        Raises ``NotAllowedError``: ``case_over`` for one that is closed or taken back, ``place_is_ticket`` where the
        conversation lives in a ticket, ``case_place_missing`` while there is no private place, ``case_place_unread``
        while the mirror does not know it, ``place_not_private`` where it is the public thread or anybody could read
        it, ``case_place_moved`` where it stands in another forum than the customer's, ``thread_locked``.
        """
        if case.state is not CaseState.OPEN:
            raise NotAllowedError("case_over", case=case.key)
        if case.place == IN_TICKET or self.tickets.ticket_of(case) is not None:
            raise NotAllowedError("place_is_ticket", case=case.key)
        place = private_place(case)
        if place is None:
            raise NotAllowedError("case_place_missing", case=case.key)
        if str(place) == case.thread and not taken(case):
            raise NotAllowedError("place_not_private", case=case.key)
        thread = self._bench.mirror.thread(place)
        forum = self._forum(thread)
        if thread is None or forum is None:
            raise NotAllowedError("case_place_unread", case=case.key)
        if forum.private is not True:
            raise NotAllowedError("place_not_private", case=case.key)
        if not forum.messages and case.forum() not in {None, forum.id}:
            raise NotAllowedError("case_place_moved", case=case.key, forum=forum.name)
        if thread.locked and thread.permitted is not None and "reply" not in thread.permitted:
            raise NotAllowedError("thread_locked", id=str(place))
        return thread, forum

    def save_draft(self, place: str, text: str) -> None:
        """Keep unsent text on the disk; an empty text forgets it."""
        self._bench.journal.save_draft(Draft(place, text, self._bench.clock.now()))

    # For staff alone

    def note(self, case: Case, text: str) -> CaseNote:
        """Keep a note for staff; nothing of it goes to a server. Raises ``NotAllowedError`` ``text_empty``."""
        if not text.strip():
            raise NotAllowedError("text_empty")
        return self._noted(case, text.strip(), NoteKind.NOTE)

    def close(self, case: Case, reason: str) -> Case:
        """A person says that a case is over, and why; nothing changes in the community.

        Raises ``NotAllowedError``: ``case_reason_missing``, ``case_over``, ``case_under_way`` while it is still moving.
        """
        case = self.case(case.community, case.key)
        if not reason.strip():
            raise NotAllowedError("case_reason_missing")
        if case.state in {CaseState.CLOSED, CaseState.UNDONE}:
            raise NotAllowedError("case_over", case=case.key)
        under_way = self._course(case, self._around()) == "under_way"
        if case.state is CaseState.UNDOING or under_way or lock_of(case).left:  # nobody would open the thread again
            raise NotAllowedError("case_under_way", case=case.key)
        return self._set(case, CaseState.CLOSED, NoteKind.CLOSED, reason)

    def reopen(self, case: Case, reason: str = "") -> Case:
        """Go on with a case that was closed.

        Raises ``NotAllowedError``: ``case_not_closed``; ``case_exists`` where its thread has another one by now.
        """
        case = self.case(case.community, case.key)
        if case.state is not CaseState.CLOSED:
            raise NotAllowedError("case_not_closed", case=case.key)
        others = self._cases.cases(community=case.community, thread=case.thread)
        other = next((one for one in others if one.key != case.key and one.state in _ACTIVE), None)
        if other is not None:
            raise NotAllowedError("case_exists", case=other.key, by=other.opened_by_name)
        return self._set(case, CaseState.OPEN, NoteKind.REOPENED, reason)

    # What is needed for them

    def _set(self, case: Case, state: CaseState, kind: NoteKind, reason: str) -> Case:
        self._cases.set_case_state(case.community, case.key, state)
        note = self._noted(case, reason.strip(), kind)
        entry = AuditEntry(
            note.at, note.author, f"case_{kind}", None, case.thread, reason.strip(), "", str(state), note.id,
            {"case": case.key},
        )  # fmt: skip
        self._bench.team.log(entry)
        return replace(case, state=state)

    def _noted(self, case: Case, text: str, kind: NoteKind) -> CaseNote:
        me = self._bench.community(case.community).identity
        now, ident = self._bench.clock.now(), self._bench.ids.new()
        note = CaseNote(ident, case.community, case.key, str(me.member), me.name, now, text, kind)
        self._notes.add_case_note(note)
        return note

    def _standing(self, case: Case, around: _Around) -> Standing:
        return standing(case, self._known(case, self._posts(private_place(case)), around))

    def _known(self, case: Case, posts: Sequence[Post] | None, around: _Around) -> Known:
        now = self._bench.clock.now()
        proofs = [p for p in self._proving.proofs(case=case.key) if p.subject.community == case.community]
        return Known(
            course=self._course(case, around),
            posts=posts,
            staff=self._staff(case),
            closed=case.place != "chat",
            late=sum(proof.overdue(now) for proof in proofs),
            readable=any(proof.id in around.readable for proof in proofs),
            ticket=self.tickets.ticket_of(case),
            question=self.tickets.asked_of(case),
        )

    def _around(self) -> _Around:
        """What is read once for all cases."""
        plans: dict[tuple[str, str], str] = {}
        for intent in self._bench.journal.unfinished():
            key = str(intent.payload.get("case") or "")
            if key and intent.payload.get("what") not in BRINGS_BACK:
                plans[intent.community, key] = intent.plan
        readable = frozenset(incident.proof for incident in self._proving.alarm().readable)
        return _Around(plans, readable)

    def _course(self, case: Case, around: _Around) -> str:
        """How the conversion runs: by this home's journal while steps are left in it, else by how they ended."""
        ident = around.plans.get((case.community, case.key))
        plan = self._bench.journal.plan(ident) if ident is not None else None
        if plan is not None:
            return "stopped" if plan.done else "under_way"
        steps = [step for step in case.steps if step.facts.get("what") not in BRINGS_BACK]
        if not steps:
            return "not_begun"
        return "complete" if steps[-1].done else "stopped"

    def _staff(self, case: Case) -> frozenset[str]:
        """Who is known as staff there: who is signed in, who looks after a forum, whom the case brought in."""
        row = self._bench.community(case.community)
        found = {str(row.identity.member), *([str(row.official.member)] if row.official is not None else [])}
        for forum in self._bench.mirror.forums(case.community):
            found |= {str(one) for one in forum.moderators or ()}
        for step in case.steps:
            readers = step.facts.get("readers")
            found |= {str(one) for one in readers} if isinstance(readers, list) else set()
        return frozenset(found - {case.customer})

    def _posts(self, place: Ref | None) -> list[Post] | None:
        if place is None or self._bench.mirror.thread(place) is None:
            return None
        return self._bench.mirror.posts(place, limit=MOST_POSTS)

    def _forum(self, thread: Thread | None) -> Forum | None:
        if thread is None or thread.forum is None:
            return None
        forums = self._bench.mirror.forums(thread.id.community)
        return next((forum for forum in forums if forum.id == thread.forum), None)

    def _in_messages(self, thread: Thread | None) -> bool:
        """True in a chat, where the company account is no member."""
        forum = self._forum(thread)
        return forum is not None and forum.messages

    def _why_not(self, case: Case) -> str:
        try:
            self.door(case)
        except NotAllowedError as error:
            return error.code
        return ""

    def _draft(self, place: str) -> str:
        draft = self._bench.journal.draft(place)
        return draft.text if draft is not None else ""

    @property
    def _cases(self) -> Cases:
        return cast(Cases, self._bench.team)

    @property
    def _notes(self) -> CaseNotes:
        return cast(CaseNotes, self._bench.team)


_RANKS = (Status.STOPPED, Status.WAITING_STAFF, Status.OPEN, Status.WAITING_CUSTOMER, Status.MOVING)


def _order(found: Standing) -> tuple[int, float]:
    """Who waits for us first, the longest first; what is over last, the newest first."""
    if found.status.over:
        return len(_RANKS), -found.case.opened_at.timestamp()
    since = found.waiting_since or found.case.opened_at
    return _RANKS.index(found.status), since.timestamp()


def _limits(info: CommunityInfo, forum: Forum) -> CommunityInfo:
    """The community's limits for a post there: a line in a chat is shorter, and may be short."""
    longest = info.extra.get(_LONGEST_MESSAGE)
    if not forum.messages or longest is None:
        return info
    return replace(info, min_post_length=1, max_post_length=int(longest))


def _seen(thread: Thread | None) -> str:
    if thread is None:
        return ""
    return f"{thread.last_post_at.isoformat() if thread.last_post_at else ''}/{thread.post_count}"
