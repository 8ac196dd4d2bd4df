"""Bringing the answer of a private case back: proposed, checked, and posted once where a person says so."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, cast

from moderation.actions import Action
from moderation.bringing import CUSTOMER, FindIn, Guard, Objection, Proposal, Removed, propose, stopping
from moderation.capabilities import Capability
from moderation.cases import Case, Cases, CaseState, stand_in, step_of
from moderation.conversation import private_place
from moderation.desk.bench import Bench, reference
from moderation.desk.case_texts import CaseTexts, read_case
from moderation.desk.privately import SETTLE_SECONDS
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.findings import Audience, Finding, Severity, check_text
from moderation.ids import Kind, Ref
from moderation.intents import FINAL, Identities, Intent, IntentState, Json, Plan
from moderation.plans import Wish, make_plan
from moderation.ports import AuditEntry, Draft
from moderation.privacy.spots import PrivateKind, Spot
from moderation.text import canonical

if TYPE_CHECKING:
    from moderation.privacy.finder import Finder

ANSWER = "answer"
MARK = "answer_mark"
_WAY = f"/{ANSWER}"
_OVER = frozenset({CaseState.UNDOING, CaseState.UNDONE})
_LEFTOVER_SECONDS = 60.0
_GUARDED = frozenset({"personal_data"})
"""Rules of the usual checks that the guard knows better."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer that may be brought back: the proposal, who would post it where, and what is in the way of it.

    ``draft`` is unsent text that was kept, empty for none. ``official`` is the company account's name, ``None`` where
    none is connected. ``marks``: the server lets it be marked as the answer. ``same`` is the only text that may be
    posted now, because it may stand there already. ``obstacles`` stop any draft.
    """

    case: Case
    texts: CaseTexts
    proposal: Proposal
    guard: Guard
    removed: Removed
    obstacles: tuple[Objection, ...]
    me: str
    official: str | None
    marks: bool
    same: str | None = None
    draft: str = ""

    @property
    def place(self) -> str:
        """Where its unsent text is kept."""
        return draft_place(self.case)


def draft_place(case: Case) -> str:
    """The place of a draft of the answer of this case."""
    return f"bring:{case.community}/{case.key}"


class Usual:
    """The finder without a team's rules and without libraries, made when it is first used."""

    def __init__(self) -> None:
        self._finder: Finder | None = None

    def __call__(self, text: str) -> list[Spot]:
        """Spots in a plain text."""
        if self._finder is None:
            from moderation.privacy.finder import Finder

            self._finder = Finder()
        return self._finder.find_in(text)


class Bringing:
    """Proposes, checks and posts. ``find`` finds private data in a plain text."""

    def __init__(self, bench: Bench, find: FindIn | None = None) -> None:
        self._bench = bench
        self._find = find or Usual()

    def case_of(self, thread: Ref | str) -> Case:
        """The newest case of a public, a private or a pointer's thread that was not taken back.

        Raises ``UnknownIdError`` ``case_unknown``, ``NotAllowedError`` ``case_taken_back``.
        """
        ref = reference(thread)
        known = [case for case in self._cases.cases(community=ref.community) if str(ref) in _threads(case)]
        if not known:
            raise UnknownIdError("case_unknown", id=str(ref))
        standing = [case for case in known if case.state not in _OVER]
        if not standing:
            raise NotAllowedError("case_taken_back", case=known[0].key)
        return standing[0]

    def propose(
        self,
        thread: Ref | str,
        removed: Removed,
        *,
        chosen: Collection[str] = (),
    ) -> Opened:
        """The answer as it may be posted; changes nothing. Raises as :meth:`case_of`.

        ``chosen`` are ids of private messages that a person takes for the answer. A case that lives in a ticket is
        read from its ticket system, which may take seconds; where that cannot be, nothing is proposed and each sentence
        asks.
        """
        case = self.case_of(thread)
        texts = read_case(self._bench, case)
        guard = Guard(texts.known, self._find)
        proposal = propose(texts.messages, texts.known.names, self._find, removed, chosen, guard.data)
        row = self._bench.community(case.community)
        draft = self._bench.journal.draft(draft_place(case))
        obstacles, same = self._obstacles(case, texts)
        return Opened(
            case=case,
            texts=texts,
            proposal=proposal,
            guard=guard,
            removed=removed,
            obstacles=tuple(obstacles),
            me=row.identity.name,
            official=row.official.name if row.official is not None else None,
            marks=self._marks(texts),
            same=same,
            draft=draft.text if draft is not None else "",
        )

    def check(self, opened: Opened, draft: str, accepted: Collection[str] = ()) -> list[Objection]:
        """What speaks against posting this draft; nothing is posted while one of them stops it."""
        info = self._bench.community(opened.case.community).info
        usual = [_objection(one) for one in check_text(draft, Audience.PUBLIC, info)]
        words = _removal_words(opened.removed)
        kept = [one for one in usual if one.rule not in _GUARDED and not _is_removal(one, draft, words)]
        found = [*opened.obstacles, *kept, *opened.guard.look(draft, accepted)]
        if opened.texts.why_not:
            found.insert(0, Objection(opened.texts.why_not, Severity.HINT))
        if opened.same is not None and canonical(draft) != canonical(opened.same):
            found.insert(0, Objection("answer_other_text", Severity.BLOCK))
        return found

    def post(
        self,
        thread: Ref | str,
        draft: str,
        accepted: Collection[str],
        removed: Removed,
        *,
        identity: Identities = Identities.OFFICIAL,
        hold_seconds: float | None = None,
        close: bool = False,
    ) -> tuple[Plan | None, list[Objection]]:
        """Journal the public answer and its mark; the plan is ``None`` while anything stops it.

        Everything is read and checked again here. ``close``: the case is closed when the answer stands. Raises
        ``NotAllowedError`` ``no_official_account``, ``capability_missing``, ``answer_under_way``, ``answer_elsewhere``.
        """
        opened = self.propose(thread, removed)
        case = opened.case
        self._bench.require(case.community, Capability.REPLY)
        sender = self._bench.sender(case.community, identity)
        objections = self.check(opened, draft, accepted)
        if stopping(objections):
            return None, objections
        hold = self._bench.hold_seconds if hold_seconds is None else hold_seconds
        plan = make_plan(
            self._wishes(opened, draft, accepted, close),
            sender,
            now=self._bench.clock.now(),
            new_id=self._bench.ids.new,
            hold_seconds=hold,
            title=case.key + _WAY,
        )
        self._take_turn(case, plan.intents[0].id)
        self._bench.journal.add(plan)
        self._log_accepted(opened, objections)
        self._bench.engine.wake("bring_back")
        return plan, objections

    def save_draft(self, case: Case, text: str) -> None:
        """Keep unsent text on the disk; an empty text forgets it."""
        self._bench.journal.save_draft(Draft(draft_place(case), text, self._bench.clock.now()))

    # The steps

    def _wishes(self, opened: Opened, draft: str, accepted: Collection[str], close: bool) -> list[Wish]:
        thread = opened.texts.thread
        assert thread is not None
        case = {"case": opened.case.key}
        payload: Json = {
            **case, "what": ANSWER, "made": ANSWER, "text": draft, "only_open": True,
            "only_in": str(thread.forum or ""), "accepted": sorted(accepted),
        }  # fmt: skip
        if close:
            payload["ends"] = str(CaseState.CLOSED)
        if opened.same is not None:
            payload["unsure"] = True
        wishes = [Wish(Action.REPLY, thread.id, None, thread.id, "", payload)]
        if opened.marks:
            post = stand_in(opened.case.community, Kind.POST, opened.case.key)
            me = self._bench.sender(opened.case.community)
            mark = {**case, "what": MARK, "ensure": True}
            wishes.append(Wish(Action.MARK_ANSWER, post, None, thread.id, "", mark, None, me))
        return wishes

    def _marks(self, texts: CaseTexts) -> bool:
        """True where the server lets this person mark an answer in that thread."""
        able = Capability.MARK_ANSWERS in self._bench.community(texts.case.community).capabilities
        permitted = texts.thread.permitted if texts.thread is not None else None
        return able and str(Action.MARK_ANSWER) in (permitted or ())

    # What is in the way

    def _obstacles(self, case: Case, texts: CaseTexts) -> tuple[list[Objection], str | None]:
        """What stops any draft; and the one text that may be posted where it may stand there already."""
        found = [Objection(code, Severity.BLOCK) for code, bad in _of_place(texts).items() if bad]
        code, same, left = self._earlier(case)
        if code:
            found.append(Objection(code, Severity.BLOCK, text=str(left) if left else ""))
        return found, same

    def _earlier(self, case: Case) -> tuple[str, str | None, int]:
        """What came of an earlier try: a code where it is in the way, its text where nobody knows whether it landed,
        and the seconds for which it may still arrive.
        """
        if case.made(ANSWER) is not None:
            return "answer_there", None, 0
        tries = self._tries(case)
        if any(one.state is IntentState.CONFIRMED for one in tries):
            return "answer_there", None, 0
        if any(one.state not in FINAL for one in tries):
            return "answer_under_way", None, 0
        unsure = next((one for one in tries if one.state is IntentState.CANCELLED and one.attempts), None)
        if unsure is None:
            return "", None, 0
        since = (self._bench.clock.now() - unsure.sent_at).total_seconds() if unsure.sent_at else SETTLE_SECONDS
        left = round(SETTLE_SECONDS - since) if 0 <= since < SETTLE_SECONDS else 0
        return "answer_settling" if left else "", str(unsure.payload.get("text", "")), left

    def _tries(self, case: Case) -> list[Intent]:
        """This home's intents for the answer of a case, newest first."""
        plans = self._bench.journal.plans(since=case.opened_at, limit=100_000)
        own = [plan for plan in plans if plan.title == case.key + _WAY and plan.intents[0].community == case.community]
        return [plan.intents[0] for plan in own]

    def _take_turn(self, case: Case, intent: str) -> None:
        """One try at a time, whoever has it: of two windows, commands or colleagues the second hears of the first."""
        what = f"{case.community}/{case.key}{_WAY}"
        for number in count():
            holder = self._bench.team.take_turn(what, str(number), intent)
            if holder is None:
                return
            if not self._is_over(holder, case):
                mine = self._bench.journal.intent(holder) is not None or not self._bench.team.shared
                raise NotAllowedError("answer_under_way" if mine else "answer_elsewhere", case=case.key)

    def _is_over(self, holder: str, case: Case) -> bool:
        """True for a try that ended without an answer, or that never came into the journal."""
        own = self._bench.journal.intent(holder)
        if own is not None:
            self._tell_team(own, case)
            return own.state in FINAL and own.state is not IntentState.CONFIRMED
        ended = next((step for step in case.steps if step.intent == holder), None)
        if ended is not None:
            return not ended.done
        return not self._bench.team.shared and self._age(holder) > _LEFTOVER_SECONDS

    def _tell_team(self, intent: Intent, case: Case) -> None:
        """What was cancelled here, colleagues hear of when somebody tries again."""
        if intent.state is IntentState.CANCELLED:
            self._cases.note_step(step_of(intent, case.key, self._bench.clock.now()))

    def _age(self, ident: str) -> float:
        """Seconds since a time-ordered id was made."""
        return self._bench.clock.now().timestamp() - int(ident.replace("-", "")[:12], 16) / 1000

    def _log_accepted(self, opened: Opened, objections: Sequence[Objection]) -> None:
        """Who accepted which sentences, by their tokens: the log keeps no text."""
        taken = sorted({f"{one.rule}:{one.token}" for one in objections if one.accepted})
        if not taken:
            return
        me = str(self._bench.community(opened.case.community).identity.member)
        facts = {"case": opened.case.key, "accepted": taken}
        now, ident = self._bench.clock.now(), self._bench.ids.new()
        self._bench.team.log(
            AuditEntry(now, me, "accept_sentences", None, opened.case.thread, "", "", "confirmed", ident, facts)
        )

    @property
    def _cases(self) -> Cases:
        return cast(Cases, self._bench.team)


def _threads(case: Case) -> set[str]:
    """The threads by which a case is known."""
    return {case.thread, str(private_place(case)), str(case.made("pointer")), str(case.made("thread"))}


def _of_place(texts: CaseTexts) -> dict[str, bool]:
    """Why nothing can be posted there now; the first that holds tells most."""
    thread = texts.thread
    if thread is None:
        return {"answer_no_thread": True}
    reply = thread.permitted is None or "reply" in thread.permitted
    return {
        "answer_thread_hidden": thread.hidden,
        "answer_thread_private": texts.audience is not Audience.PUBLIC,
        "answer_thread_locked": thread.locked,
        "answer_not_permitted": not thread.locked and not reply,
    }


def _objection(finding: Finding) -> Objection:
    start, end = finding.place or (None, None)
    return Objection(finding.rule, finding.severity, start, end, finding.remedy)


def _removal_words(removed: Removed) -> frozenset[str]:
    kinds = [*(str(kind) for kind in PrivateKind), CUSTOMER]
    return frozenset(removed(kind, language) for kind in kinds for language in ("en", "ja"))


def _is_removal(one: Objection, draft: str, words: frozenset[str]) -> bool:
    """Neutral words in brackets are no placeholder that was left over."""
    if one.rule != "placeholder" or one.start is None:
        return False
    return any(draft.startswith(word, one.start) for word in words)
