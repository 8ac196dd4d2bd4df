"""Which proofs the cases of a community call for: one as soon as a conversion has hidden or moved what it was to."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from moderation.actions import Action
from moderation.cases import Case, Cases, CaseState
from moderation.conversion.hiding import REDACTED
from moderation.errors import UnknownIdError
from moderation.ids import Kind, Ref
from moderation.intents import IntentState
from moderation.ports import Journal
from moderation.proof import Proof, Proofs, Subject, fingerprint

_MOVING = frozenset({IntentState.HELD, IntentState.WAITING, IntentState.SENDING, IntentState.IN_DOUBT})
_WHOLE = frozenset({str(Action.MOVE), str(Action.CONVERT)})
_TAKING = _WHOLE | {str(Action.HIDE)}


class CaseProofs:
    """Wants a proof for each case whose steps have taken something out of public sight, and ends it with the case."""

    def __init__(self, community: str, cases: Cases, proofs: Proofs, journal: Journal) -> None:
        self._community = community
        self._cases = cases
        self._proofs = proofs
        self._journal = journal

    def look(self, now: datetime) -> list[str]:
        """Want what is called for; gives the ids of proofs that are new."""
        wanted = []
        for case in self._cases.cases(community=self._community):
            if case.state is CaseState.OPEN:
                wanted += self._want(case, now)
            else:
                self._end(case)
        return wanted

    def _want(self, case: Case, now: datetime) -> list[str]:
        """One proof of what is hidden, and one of what is redacted: there the text that stands now is meant to stay."""
        if self._under_way(case):
            return []
        taken = taken_away(case)
        kinds = ((taken.hidden, taken.whole, False), (taken.redacted, False, True))
        return [ident for posts, whole, redacted in kinds if (ident := self._wanted(case, posts, whole, redacted, now))]

    def _wanted(self, case: Case, posts: tuple[Ref, ...], whole: bool, redacted: bool, now: datetime) -> str:
        """The id of a new proof, empty where there is nothing to prove, or a proof of it already."""
        if not (posts or whole) or self._is_proven(case, posts, whole, redacted):
            return ""
        key, marks = secrets.token_hex(16), f"{'w' if whole else ''}{'r' if redacted else ''}"
        ident, thread = f"{case.community}/{case.key}/{len(posts)}{marks}", Ref.parse(case.thread)
        subject = Subject(case.community, thread, posts, fingerprint([], key), whole=whole, redacted=redacted)
        self._proofs.want_proof(Proof(ident, subject, "conversion", case.opened_by, now, about=case.key, due_at=now))
        return ident

    def _end(self, case: Case) -> None:
        """A case that was taken back, or closed: its text may be read again, or was looked at often enough."""
        if case.state is CaseState.CLOSED:
            return
        for proof in self._of(case):
            if not proof.over:
                self._proofs.end_proof(proof.id)

    def _under_way(self, case: Case) -> bool:
        """True while more is being taken out of sight; other steps, and one that stands still, are not awaited."""
        unfinished = self._journal.unfinished(case.community)
        moving = [i for i in unfinished if i.state in _MOVING and not i.question and str(i.action) in _TAKING]
        return any(case.thread in {str(intent.thread), str(intent.target)} for intent in moving)

    def _is_proven(self, case: Case, posts: tuple[Ref, ...], whole: bool, redacted: bool) -> bool:
        mine = [proof.subject for proof in self._of(case) if proof.subject.redacted is redacted]
        return any(set(subject.posts) >= set(posts) and (subject.whole or not whole) for subject in mine)

    def _of(self, case: Case) -> list[Proof]:
        return self._proofs.proofs(community=case.community, about=case.key)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the steps of a case took out of public sight: posts hidden, posts whose text was replaced, the thread."""

    hidden: tuple[Ref, ...]
    redacted: tuple[Ref, ...]
    whole: bool


def taken_away(case: Case) -> Taken:
    """What was taken away by a case as far as it went."""
    hidden: dict[Ref, None] = {}
    redacted: dict[Ref, None] = {}
    done = [step for step in case.steps if step.done]
    for step in done:
        if step.action == str(Action.HIDE) and (ref := _post(step.target)) is not None:
            (redacted if REDACTED in step.receipt else hidden)[ref] = None
    whole = any(step.action in _WHOLE and step.target == case.thread for step in done)
    return Taken(tuple(hidden), tuple(redacted), whole)


def _post(target: str) -> Ref | None:
    try:
        ref = Ref.parse(target)
    except UnknownIdError:
        return None
    return ref if ref.kind is Kind.POST else None
