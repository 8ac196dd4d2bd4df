"""Going private: the plan of a conversion, its start, going on with it, and the way back from its case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from moderation.actions import Action
from moderation.cases import Case, Cases, CaseState, key_for, stand_in, step_of
from moderation.content import Forum, Member, Post, Thread
from moderation.conversion import Conversion, Remark, Scene, Undo, Wanted, Wording, plan_conversion, plan_undo
from moderation.conversion.locking import HIDES_WORDS, LOCKS, UNLOCKS, lock_of, stays_private, unlocked
from moderation.conversion.passages import private_passages
from moderation.conversion.scene import moderates, text_of
from moderation.desk.bench import Bench, reference
from moderation.errors import ConflictError, NotAllowedError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.intents import FINAL, UNSENT, Intent, IntentState, Json, Plan
from moderation.plans import Sender, Wish, make_plan
from moderation.privacy.dismissals import Found
from moderation.privacy.spots import Sureness

SETTLE_SECONDS = 90.0
"""Longer than any proxy holds a request."""
_BACK = "/back"
_ACTIVE = frozenset({CaseState.OPEN, CaseState.UNDOING})
_SKEW = timedelta(hours=1)
_MOST_POSTS = 5000
_MOST_PASSAGES = 8


@dataclass(frozen=True, slots=True)
class Around:
    """What belongs to a conversion beside the thread: whom it is for, the team's private forum, who joins a chat or a
    message, and names of groups that join a message.
    """

    customer: Ref | None = None
    under: Ref | None = None
    colleagues: tuple[Ref, ...] = ()
    groups: tuple[str, ...] = ()


NOBODY = Around()


class Privately:
    """Plans, runs and takes back conversions. ``private`` finds what should not be public in a text."""

    def __init__(self, bench: Bench, private: Callable[[str], Sequence[str]] = private_passages) -> None:
        self._bench = bench
        self._private = private

    @property
    def _cases(self) -> Cases:
        return cast(Cases, self._bench.team)

    def cases(self, community: str | None = None, *, every: bool = False) -> list[Case]:
        """Cases of a community or of all, newest first; ``every``: those that are over too."""
        return [c for c in self._cases.cases(community=community) if every or c.state in _ACTIVE]

    def case_of(self, thread: Ref | str) -> Case:
        """The case of a thread that is not over; raises ``UnknownIdError`` ``case_unknown``."""
        ref = reference(thread)
        for case in self._cases.cases(thread=str(ref)):
            if case.state in _ACTIVE:
                return self._complete(case)
        raise UnknownIdError("case_unknown", id=str(ref))

    def exposed(self, thread: Ref | str) -> list[Post]:
        """Visible posts of a thread that show something private: by what stands in the queue of candidates, or, where
        nobody has looked at a post yet, by its text.
        """
        posts = [post for post in self._bench.mirror.posts(reference(thread), limit=_MOST_POSTS) if not post.hidden]
        found = self._bench.mirror.found([post.id for post in posts])
        return [post for post in posts if self._shows(post, found.get(str(post.id)))]

    def _shows(self, post: Post, found: Found | None) -> bool:
        if found is None:
            return bool(self._private(text_of(post)))
        return any(spot.sureness is not Sureness.WEAK for spot in found.standing)

    # Forward

    def plan(self, thread: Ref | str, wanted: Wanted, wording: Wording, around: Around = NOBODY) -> Conversion:
        """The plan, with everything that is in its way; changes nothing."""
        scene = self._scene(reference(thread), wanted, around)
        conversion = plan_conversion(scene, wanted, wording)
        other = self._other(scene)
        if other is None:
            return conversion
        stopped = Remark("case_exists", text=other.key)
        return replace(conversion, blocked=(stopped, *conversion.blocked))

    def convert(
        self,
        thread: Ref | str,
        wanted: Wanted,
        wording: Wording,
        around: Around = NOBODY,
        *,
        hold_seconds: float | None = None,
    ) -> tuple[Plan | None, Conversion]:
        """Open the case and journal the steps; the plan is ``None`` where it cannot run.

        Raises ``ConflictError`` ``case_exists`` when a colleague has opened one in this moment.
        """
        scene = self._scene(reference(thread), wanted, around)
        conversion = self.plan(thread, wanted, wording, around)
        if not conversion.possible:
            return None, conversion
        case = self._new_case(scene, conversion)
        kept = self._cases.open_case(case)
        if kept.opened_by != case.opened_by:
            raise ConflictError("case_exists", case=kept.key, by=kept.opened_by_name)
        return self._journal(case.community, case.key, [s.wish for s in conversion.steps], hold_seconds), conversion

    def resume(self, thread: Ref | str) -> Plan:
        """Go on where a conversion stopped, with the steps that did not take effect.

        Each looks first whether it is there already. A case that was to be taken back stays private where nothing of it
        is public yet; a thread that was closed for replies on the way is opened again, and what was said in it shows
        there again. Raises ``NotAllowedError``:
        ``case_under_way`` while it moves or a person is asked in the outbox, ``case_settling`` while what a person
        closed may still arrive, ``case_going_back`` where only taking it back leads on, ``case_complete`` when nothing
        is left, ``case_elsewhere`` when it was begun on another machine.
        """
        case = self.case_of(thread)
        plans = self._plans(case)
        if not plans:
            raise NotAllowedError("case_elsewhere", case=case.key, by=case.opened_by_name)
        last = plans[0]
        left = [intent for intent in last.intents if intent.state is not IntentState.CONFIRMED]
        opened = self._opened(case)
        if not left and not opened:
            raise NotAllowedError("case_complete", case=case.key)
        if not last.done:
            raise NotAllowedError("case_under_way", case=case.key)
        self._check_settled(case, left)
        if case.state is CaseState.UNDOING:
            self._stay(case)
            opened += self._shown(case, last)
        self._bench.journal.close_plan(last.id)
        again = [_anew(intent, case) for intent in left if intent.payload.get("what") != UNLOCKS]
        return self._journal(case.community, last.title, [*opened, *again], 0.0)

    def _opened(self, case: Case) -> list[Wish]:
        """The step that opens a thread again which its way back had closed for replies, by who had closed it."""
        if not lock_of(case).left:
            return []
        locked = next((i for p in self._plans(case, _BACK) for i in p.intents if i.payload.get("what") == LOCKS), None)
        sender = Sender(case.community, Ref.parse(locked.account), locked.identity) if locked is not None else None
        return [unlocked(case, self._bench.community(case.community).info.platform, sender)]

    def _shown(self, case: Case, last: Plan) -> list[Wish]:
        """The steps that show again what was said in private and hidden for the way back, which is not gone."""
        ways = [plan for plan in self._plans(case, _BACK) if plan.created_at >= last.created_at]
        hid = [i for plan in ways for i in plan.intents if i.payload.get("what") == HIDES_WORDS and i.attempts]
        payload: Json = {"case": case.key, "what": "show", "ensure": True}
        return [
            Wish(
                Action.RESTORE,
                i.target,
                None,
                i.thread,
                "",
                payload,
                i.id,
                Sender(case.community, Ref.parse(i.account), i.identity),
            )
            for i in {i.target: i for i in hid}.values()
        ]

    def _stay(self, case: Case) -> None:
        """A case that was to be taken back stays private."""
        ways = self._plans(case, _BACK)
        if ways and not ways[0].done:
            raise NotAllowedError("case_under_way", case=case.key)
        if not stays_private(case):
            raise NotAllowedError("case_going_back", case=case.key)
        self._check_settled(case, [i for plan in ways for i in _given_up(plan)])
        for plan in ways:
            self._bench.journal.close_plan(plan.id)
        if not self._cases.set_case_state(case.community, case.key, CaseState.OPEN, instead_of=CaseState.UNDOING):
            raise UnknownIdError("case_unknown", id=case.thread)

    # Back

    def plan_back(self, thread: Ref | str) -> Undo:
        """The way back, with what cannot be taken back; changes nothing."""
        case = self.case_of(thread)
        others = [c for c in self._cases.cases(community=case.community) if c.customer == case.customer]
        return plan_undo(case, self._scene_of(case), tuple(c for c in others if c.key != case.key))

    def undo(self, thread: Ref | str, *, hold_seconds: float | None = None) -> tuple[Plan | None, Undo]:
        """Take a conversion back; what has not left yet is cancelled first.

        The plan is ``None`` where a right is missing, or where nothing had happened. Raises ``NotAllowedError``
        ``still_looking`` while it is not known whether a step took effect, ``case_unsettled`` where a person closed one
        before that was known: going on with the case finds out; ``case_settling`` while a lock that a person gave up
        may still arrive.
        """
        case = self.case_of(thread)
        ways = self._plans(case, _BACK)
        for plan in (*self._plans(case), *ways):
            self._stop(plan)
        lately = [i for plan in ways for i in _given_up(plan) if i.payload.get("what") in {LOCKS, UNLOCKS}]
        self._check_settled(case, lately)
        if any(step.state is IntentState.CANCELLED and step.attempts for step in self._latest(case)):
            raise NotAllowedError("case_unsettled", case=case.key)
        back = self.plan_back(thread)
        if back.missing:
            return None, back
        if not back.steps:
            self._cases.set_case_state(case.community, case.key, CaseState.UNDONE)
            return None, back
        if not self._cases.set_case_state(case.community, case.key, CaseState.UNDOING, instead_of=case.state):
            raise UnknownIdError("case_unknown", id=case.thread)  # it came to its end in this moment
        wishes = [step.wish for step in back.steps]
        return self._journal(case.community, case.key + _BACK, wishes, hold_seconds), back

    def close(self, thread: Ref | str) -> Case:
        """A person says that a case is over; nothing changes in the community.

        Raises ``NotAllowedError`` ``case_under_way`` while it is being taken back, or its thread is closed for that.
        """
        case = self.case_of(thread)
        if case.state is CaseState.UNDOING or lock_of(case).left:
            raise NotAllowedError("case_under_way", case=case.key)
        self._cases.set_case_state(case.community, case.key, CaseState.CLOSED)
        return replace(case, state=CaseState.CLOSED)

    def standing(self, case: Case) -> str:
        """Where a case stands for people: ``complete``, ``under_way``, ``stopped``, ``not_begun``, or ``elsewhere``
        where another machine has its plan.
        """
        plans = self._plans(case, _way(case))
        if not plans:
            return "elsewhere" if case.steps else "not_begun"
        if plans[0].state is IntentState.CONFIRMED:
            return "complete"
        return "stopped" if plans[0].done else "under_way"

    def course(self, case: Case) -> Plan | None:
        """This home's last plan of a case: the way back where it is being or was taken back, ``None`` where another
        machine has it.
        """
        return next(iter(self._plans(case, _way(case))), None)

    # What is needed for them

    def _scene(self, ref: Ref, wanted: Wanted, around: Around) -> Scene:
        if ref.kind is not Kind.THREAD:
            raise UnknownIdError("not_a_thread", id=str(ref))
        thread = self._bench.mirror.thread(ref)
        if thread is None:
            raise UnknownIdError("thread_unknown", id=str(ref))
        forums = {forum.id: forum for forum in self._bench.mirror.forums(ref.community)}
        forum = forums.get(thread.forum) if thread.forum else None
        customer = self._customer(thread, around.customer)
        scene = Scene(
            key=self._key(thread.id),
            community=self._bench.community(ref.community),
            thread=thread,
            forum=forum,
            posts=tuple(self._bench.mirror.posts(ref, limit=_MOST_POSTS)),
            customer=customer,
            known_place=self._known_place(customer),
            admitted=self._admitted(customer),
            colleagues=around.colleagues,
            groups=around.groups,
            names=self._names(forum, around.colleagues),
            private=self._private,
            ticket=self._bench.office(ref.community),
        )
        under = forums.get(around.under) if around.under else _team_forum(scene, list(forums.values()))
        return replace(scene, under=under, elsewhere=self._elsewhere(scene, wanted))

    def _scene_of(self, case: Case) -> Scene:
        """The same for the way back: in the forum where the thread was."""
        scene = self._scene(Ref.parse(case.thread), Wanted(), NOBODY)
        forums = {forum.id: forum for forum in self._bench.mirror.forums(case.community)}
        origin = next((str(s.facts["from_forum"]) for s in case.steps if s.facts.get("from_forum")), "")
        place = case.forum()
        inside = forums.get(place) if place else None
        above = forums.get(inside.parent) if inside is not None and inside.parent else scene.under
        return replace(scene, key=case.key, forum=forums.get(Ref.parse(origin)) if origin else scene.forum, under=above)

    def _customer(self, thread: Thread, chosen: Ref | None) -> Member | None:
        ref = chosen or thread.author
        if ref is None:
            return None
        known = self._bench.mirror.member(ref)
        if known is not None:
            return known
        name = thread.author_name if ref == thread.author else None
        return Member(ref, name or ref.native) if name or chosen else None

    def _key(self, thread: Ref) -> str:
        known = self._cases.cases(thread=str(thread))
        active = [case for case in known if case.state in _ACTIVE]
        return active[0].key if active else key_for(thread, known)

    def _other(self, scene: Scene) -> Case | None:
        """A case of this thread that is not over, unless it is one's own and nothing was journalled for it."""
        me = str(scene.community.identity.member)
        for case in self._cases.cases(thread=str(scene.thread.id)):
            begun = case.steps or self._plans(case)
            if case.state in _ACTIVE and (begun or case.opened_by != me):
                return case
        return None

    def _known_place(self, customer: Member | None) -> Ref | None:
        """The private forum of this customer's latest case."""
        if customer is None:
            return None
        earlier = [c for c in self._cases.cases(community=customer.id.community) if c.customer == str(customer.id)]
        return next((place for case in earlier if (place := case.forum())), None)

    def _admitted(self, customer: Member | None) -> bool:
        """True when a case that is not taken back has let this customer into their forum."""
        if customer is None:
            return False
        earlier = [c for c in self._cases.cases(community=customer.id.community) if c.customer == str(customer.id)]
        held = {case.forum() for case in earlier if case.state in {CaseState.OPEN, CaseState.CLOSED}}
        return self._known_place(customer) in held - {None}

    def _names(self, forum: Forum | None, colleagues: Sequence[Ref]) -> dict[Ref, str]:
        known = [self._bench.mirror.member(one) for one in (*(forum.moderators or () if forum else ()), *colleagues)]
        return {member.id: member.name for member in known if member is not None}

    def _elsewhere(self, scene: Scene, wanted: Wanted) -> tuple[Ref, ...]:
        """Posts of other threads that repeat a private passage, as far as the mirror knows."""
        texts = [text_of(post) for post in scene.posts if post.id in wanted.hide]
        passages = list(dict.fromkeys(passage for text in texts for passage in scene.private(text)))
        found: dict[Ref, None] = {}
        for passage in passages[:_MOST_PASSAGES]:
            for hit in self._bench.mirror.search(passage, limit=20, communities=(scene.community.name,)):
                if hit.thread != str(scene.thread.id):
                    found[Ref.parse(hit.id)] = None
        return tuple(found)

    def _new_case(self, scene: Scene, conversion: Conversion) -> Case:
        assert scene.customer is not None
        me = scene.community.identity
        return Case(
            key=conversion.key,
            community=scene.community.name,
            thread=str(scene.thread.id),
            title=scene.thread.title,
            customer=str(scene.customer.id),
            customer_name=scene.customer.name,
            shape=str(conversion.shape),
            place=str(conversion.place),
            opened_by=str(me.member),
            opened_by_name=me.name,
            opened_at=self._bench.clock.now(),
        )

    def _plans(self, case: Case, way: str = "") -> list[Plan]:
        """This home's plans of a case, newest first."""
        plans = self._bench.journal.plans(since=case.opened_at - _SKEW, limit=100_000)
        title = case.key + way
        return [plan for plan in plans if plan.title == title and plan.intents[0].community == case.community]

    def _complete(self, case: Case) -> Case:
        """The case with steps that ended here and are not in the team's store yet."""
        known = {step.intent for step in case.steps}
        now = self._bench.clock.now()
        plans = [*reversed(self._plans(case)), *reversed(self._plans(case, _BACK))]
        own = [i for plan in plans for i in plan.intents]
        late = [step_of(i, case.key, now) for i in own if i.state in FINAL and i.id not in known]
        return replace(case, steps=(*case.steps, *late)) if late else case

    def _latest(self, case: Case) -> tuple[Intent, ...]:
        """The steps of this home's last plan of a case, those that it began anew."""
        plans = self._plans(case)
        return plans[0].intents if plans else ()

    def _check_settled(self, case: Case, left: Sequence[Intent]) -> None:
        """What was sent and closed before anybody knew may still be on its way."""
        now = self._bench.clock.now()
        for intent in left:
            passed = (now - intent.sent_at).total_seconds() if intent.sent_at and intent.attempts else SETTLE_SECONDS
            if 0 <= passed < SETTLE_SECONDS:
                raise NotAllowedError("case_settling", case=case.key, seconds=round(SETTLE_SECONDS - passed))

    def _stop(self, plan: Plan) -> None:
        if any(i.state not in FINAL and i.state not in UNSENT for i in plan.intents):
            raise NotAllowedError("still_looking", id=plan.id)
        self._bench.journal.close_plan(plan.id)

    def _journal(self, community: str, title: str, wishes: Sequence[Wish], hold_seconds: float | None) -> Plan:
        hold = self._bench.hold_seconds if hold_seconds is None else hold_seconds
        plan = make_plan(
            wishes,
            self._bench.sender(community),
            now=self._bench.clock.now(),
            new_id=self._bench.ids.new,
            hold_seconds=hold,
            title=title,
        )
        self._bench.journal.add(plan)
        self._bench.engine.wake("conversion")
        return plan


def _given_up(plan: Plan) -> list[Intent]:
    """Steps that were sent, and closed before anybody knew."""
    return [i for i in plan.intents if i.state is IntentState.CANCELLED and i.attempts]


def _way(case: Case) -> str:
    """What the titles of its plans end with: those of the way back, once it is taken back."""
    return _BACK if case.state in {CaseState.UNDOING, CaseState.UNDONE} else ""


def _team_forum(scene: Scene, forums: Sequence[Forum]) -> Forum | None:
    """The one private forum that an account of this home moderates, ``None`` where there are several or none."""
    own = [identity for _, identity in scene.identities]
    fits = [
        forum
        for forum in forums
        if forum.private is True
        and not forum.messages
        and forum.parent is None
        and any(moderates(one, forum) for one in own)
    ]
    return fits[0] if len(fits) == 1 else None


def _anew(intent: Intent, case: Case) -> Wish:
    """A step once more, with what the steps before it made in the place of what stood for it."""
    made = {
        str(stand_in(case.community, kind, case.key)): ref
        for kind in (Kind.FORUM, Kind.THREAD)
        if (ref := case.made(str(kind)))
    }
    target = made.get(str(intent.target), intent.target)
    payload = {
        name: str(made.get(value, value)) if isinstance(value, str) else value for name, value in intent.payload.items()
    }
    if intent.attempts:  # closed before anybody knew whether it took effect
        payload["unsure"] = True
    sender = Sender(intent.community, Ref.parse(intent.account), intent.identity)
    return Wish(intent.action, target, None, intent.thread, "", payload, None, sender)
