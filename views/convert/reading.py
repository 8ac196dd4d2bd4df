"""What the dialogue reads and writes, off the window's thread: a plan for what is chosen, a case as it stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from moderation.cases import Case, CaseState, step_of
from moderation.content import Forum, Post, Thread
from moderation.conversation import CaseNote, NoteKind
from moderation.conversion import Conversion, Place, Shape, Undo, Wanted
from moderation.conversion.locking import lock_of, stays_private
from moderation.conversion.plan import places_for
from moderation.desk import Desk
from moderation.desk.privately import NOBODY, Around
from moderation.errors import UnknownIdError
from moderation.findings import Audience, Finding, check_text
from moderation.ids import Ref
from moderation.intents import FINAL, UNSENT, IntentState, Plan
from moderation.proof import Incident, Proof
from views.convert.port import Converting

_MOST_POSTS = 5000
_MOST_PEOPLE = 60
_MOST_LOGGED = 5000
_ENDED = frozenset({CaseState.UNDONE, CaseState.CLOSED})


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose so far. ``place`` ``None`` is the usual one, ``hide`` ``None`` what shows something private,
    an empty ``pointer`` the usual text.
    """

    shape: Shape = Shape.CONTINUE
    place: Place | None = None
    hide: tuple[Ref, ...] | None = None
    pointer: str = ""
    around: Around = NOBODY


@dataclass(frozen=True, slots=True)
class Person:
    """A member who may be chosen."""

    id: Ref
    name: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with everything that can be chosen about it. ``asked`` is what the person chose, ``chosen`` the same with
    what is usual filled in. ``untyped`` are posts that are not here as they were typed; ``findings`` speak about the
    pointer.
    """

    asked: Chosen
    chosen: Chosen
    conversion: Conversion
    thread: Thread
    posts: tuple[Post, ...]
    exposed: frozenset[Ref]
    places: tuple[Place, ...]
    forums: tuple[Forum, ...]
    under: Ref | None
    customers: tuple[Person, ...]
    colleagues: tuple[Person, ...]
    findings: tuple[Finding, ...]
    untyped: tuple[Ref, ...]
    speaker: str
    hold_seconds: float


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a case that is over: all incidents of its proofs, the oldest first, why it was closed or opened
    again, and by name who did a step (by its intent) or closed an incident (by their id).
    """

    incidents: tuple[Incident, ...] = ()
    notes: tuple[CaseNote, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseNow:
    """A case as it stands: ``course`` is this home's last plan of it, ``shown`` are posts that everybody reads,
    ``past`` is there once it is over.
    """

    case: Case
    standing: str
    course: Plan | None
    proof: Proof | None
    incident: Incident | None
    numbers: Mapping[Ref, int] = field(default_factory=dict)
    shown: frozenset[Ref] = frozenset()
    past: Past | None = None

    @property
    def back(self) -> bool:
        """True while it is being taken back, and afterwards."""
        return self.case.state in {CaseState.UNDOING, CaseState.UNDONE}

    @property
    def stays(self) -> bool:
        """True where a way back has closed the thread and nothing of it is public: it can be kept private."""
        return lock_of(self.case).left and stays_private(self.case)

    @property
    def over(self) -> bool:
        """True when nothing is done in it any more: everything is back, or a person closed it."""
        return self.case.state in _ENDED

    @property
    def held(self) -> bool:
        """True while nothing has left yet."""
        return self.course is not None and not self.course.done and all(i.state in UNSENT for i in self.course.intents)

    @property
    def remedy(self) -> tuple[Ref, ...]:
        """Posts that show it and can be hidden at once."""
        seen = self.incident is not None and self.incident.gone_at is None
        return tuple(post for post in self.incident.posts if post in self.shown) if seen and self.incident else ()


def numbers(posts: Iterable[Post]) -> dict[Ref, int]:
    """Number of each post in its thread, counted from one."""
    return {post.id: at for at, post in enumerate(posts, 1)}


def read_plan(desk: Desk, port: Converting, thread: Ref, chosen: Chosen, language: str) -> Planned:
    """The plan for what is chosen, from what is known now; changes nothing."""
    community = desk.bench.community(thread.community)
    places = places_for(community.info.platform, chosen.shape, ticket=desk.bench.office(thread.community) is not None)
    exposed = frozenset(post.id for post in desk.privately.exposed(thread))
    posts = tuple(desk.mirror.posts(thread, limit=_MOST_POSTS))
    hide = tuple(p.id for p in posts if p.id in exposed) if chosen.hide is None else chosen.hide
    place = chosen.place if chosen.place in places else next(iter(places), Place.CATEGORY)
    around = replace(
        chosen.around,
        under=chosen.around.under or port.private_forum(thread.community),
        groups=chosen.around.groups or port.support_groups(thread.community),
    )
    wanted = Wanted(chosen.shape, place, hide, chosen.pointer)
    conversion = desk.privately.plan(thread, wanted, port.wording(language), around)
    head = desk.mirror.thread(thread)
    if head is None:
        raise UnknownIdError("thread_unknown", id=str(thread))
    forums = desk.mirror.forums(thread.community)
    speaker = community.official or community.identity
    return Planned(
        asked=chosen,
        chosen=replace(chosen, place=place, hide=hide, around=around),
        conversion=conversion,
        thread=head,
        posts=posts,
        exposed=exposed,
        places=places,
        forums=tuple(forum for forum in forums if forum.private is True and not forum.messages),
        under=around.under or _under(conversion, forums),
        customers=_customers(desk, head, posts, chosen.around.customer),
        colleagues=_colleagues(desk, forums, thread.community),
        findings=tuple(check_text(conversion.pointer, Audience.PUBLIC, community.info)),
        untyped=tuple(post.id for post in posts if post.body is None),
        speaker=speaker.name,
        hold_seconds=desk.bench.hold_seconds,
    )


def _under(conversion: Conversion, forums: Sequence[Forum]) -> Ref | None:
    """The team's forum that the plan found by itself."""
    if any(one.code.startswith("team_forum") for one in conversion.blocked):
        return None
    named = [step.wish.payload.get("under") for step in conversion.steps]
    known = [forum.id for forum in forums if str(forum.id) in named]
    private = [forum.id for forum in forums if forum.private is True and forum.parent is None and not forum.messages]
    return next(iter(known or (private if len(private) == 1 else [])), None)


def _customers(desk: Desk, thread: Thread, posts: tuple[Post, ...], chosen: Ref | None) -> tuple[Person, ...]:
    """Who asked, then who else wrote there; staff is told by the plan."""
    named: dict[Ref, str] = {}
    if thread.author is not None:
        named[thread.author] = thread.author_name or thread.author.native
    for post in posts:
        if post.author is not None:
            named.setdefault(post.author, post.author_name or post.author.native)
    if chosen is not None and chosen not in named:
        known = desk.mirror.member(chosen)
        named[chosen] = known.name if known is not None else chosen.native
    return tuple(Person(ref, name) for ref, name in list(named.items())[:_MOST_PEOPLE])


def _colleagues(desk: Desk, forums: Iterable[Forum], community: str) -> tuple[Person, ...]:
    """Who looks after a forum of this community, beside the accounts that are signed in here."""
    row = desk.bench.community(community)
    own = {row.identity.member, *([row.official.member] if row.official is not None else ())}
    staff = dict.fromkeys(one for forum in forums for one in forum.moderators or () if one not in own)
    known = (desk.mirror.member(one) for one in staff)
    return tuple(sorted((Person(m.id, m.name) for m in known if m is not None), key=lambda p: p.name))[:_MOST_PEOPLE]


def convert(desk: Desk, port: Converting, shown: Planned, language: str) -> tuple[Plan | None, Planned]:
    """Run exactly the plan that was shown; where anything about it is otherwise by now nothing is sent, and the plan as
    it is now comes back without one that runs.
    """
    thread = shown.thread.id
    now = read_plan(desk, port, thread, shown.asked, language)
    if now.conversion != shown.conversion or not now.conversion.possible:
        return None, now
    chosen = now.chosen
    wanted = Wanted(chosen.shape, now.conversion.place, chosen.hide or (), chosen.pointer)
    plan, conversion = desk.privately.convert(thread, wanted, port.wording(language), chosen.around)
    if plan is not None and chosen.around.under is not None:
        port.remember(thread.community, chosen.around.under)
    return plan, replace(now, conversion=conversion)


def read_case(desk: Desk, thread: Ref, known: str = "") -> CaseNow | None:
    """The case with the key ``known`` where that is over; else the case of a thread that is not, ``None`` where there
    is none.
    """
    case = _ended(desk, thread, known) if known else None
    try:
        case = case or desk.privately.case_of(thread)
    except UnknownIdError:
        return None
    proofs = [p for p in desk.proving.proofs(case=case.key) if p.subject.community == case.community]
    proof = next(iter(proofs), None)
    incidents = desk.proving.incidents(case.community) if proof is not None else []
    posts = desk.mirror.posts(thread, limit=_MOST_POSTS)
    return CaseNow(
        case=case,
        standing=desk.privately.standing(case),
        course=desk.privately.course(case),
        proof=proof,
        incident=next((one for one in incidents if proof is not None and one.proof == proof.id and one.open), None),
        numbers=numbers(posts),
        shown=frozenset(post.id for post in posts if not post.hidden),
        past=_past(desk, case, proofs, incidents) if case.state in _ENDED else None,
    )


def _ended(desk: Desk, thread: Ref, known: str) -> Case | None:
    """A case that is over, with the steps that ended here and are not in the team's store yet."""
    try:
        case = desk.conversing.case(thread.community, known)
    except UnknownIdError:
        return None
    if case.state not in _ENDED or case.thread != str(thread):
        return None
    course, now = desk.privately.course(case), desk.clock.now()
    kept = {step.intent for step in case.steps}
    own = course.intents if course is not None else ()
    late = [step_of(one, case.key, now) for one in own if one.state in FINAL and one.id not in kept]
    return replace(case, steps=(*case.steps, *late))


def _past(desk: Desk, case: Case, proofs: Iterable[Proof], incidents: Iterable[Incident]) -> Past:
    wanted = {proof.id for proof in proofs}
    own = sorted((one for one in incidents if one.proof in wanted), key=lambda one: one.opened_at)
    notes = tuple(note for note in desk.conversing.notes(case) if note.kind is not NoteKind.NOTE)
    steps = {step.intent for step in case.steps}
    logged = desk.bench.team.audit(since=case.opened_at, limit=_MOST_LOGGED) if steps else []
    did = {entry.intent: entry.actor for entry in logged if entry.intent in steps}
    actors = {who: _name(desk, who) for who in {*did.values(), *(one.closed_by for one in own)} if who}
    return Past(tuple(own), notes, actors | {intent: actors[who] for intent, who in did.items() if who})


def _name(desk: Desk, member: str) -> str:
    try:
        ref = Ref.parse(member)
    except UnknownIdError:
        return member
    known = desk.mirror.member(ref)
    row = desk.bench.community(ref.community)
    own = {one.member: one.name for one in (row.identity, row.official) if one is not None}
    return known.name if known is not None else own.get(ref, ref.native)


def take_back(desk: Desk, thread: Ref) -> bool:
    """Take back what has not left. ``True``: nothing had, and the case is over; ``False``: something had, what had not
    is stopped, and nothing else was sent.
    """
    case = desk.privately.case_of(thread)
    course = desk.privately.course(case)
    if course is None:
        return False
    desk.bench.journal.close_plan(course.id)
    now = desk.bench.journal.plan(course.id)
    unsent = now is not None and all(i.state is IntentState.CANCELLED and not i.attempts for i in now.intents)
    if not unsent or case.state is not CaseState.OPEN:
        return False
    _, back = desk.privately.undo(thread)
    return not back.steps


def resume(desk: Desk, thread: Ref) -> Plan:
    """Go on where it stopped."""
    return desk.privately.resume(thread)


def read_back(desk: Desk, thread: Ref) -> Undo:
    """The way back; changes nothing."""
    return desk.privately.plan_back(thread)


def undo(desk: Desk, thread: Ref, shown: Undo) -> tuple[Plan | None, Undo]:
    """Take the way back that was shown; where it is another one by now nothing is sent, and that one is given."""
    now = desk.privately.plan_back(thread)
    if now.steps != shown.steps or now.missing:
        return None, now
    return desk.privately.undo(thread)


def remedy(desk: Desk, incident: str) -> int:
    """Hide what shows it, and check again; gives how many decisions were written."""
    return len(desk.proving.remedy(incident))


def check_again(desk: Desk, proof: str) -> None:
    """Look again now."""
    desk.proving.again(proof)
