"""Which proofs the cases of a community call for: one as soon as a conversion has hidden or moved what it was to."""

import secrets
from datetime import datetime

from moderation.actions import Action
from moderation.cases import Case, Cases, CaseState
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
        posts, whole = taken_away(case)
        if not (posts or whole) or self._under_way(case) or self._is_proven(case, posts, whole):
            return []
        key, ident = secrets.token_hex(16), f"{case.community}/{case.key}/{len(posts)}{'w' if whole else ''}"
        thread = Ref.parse(case.thread)
        subject = Subject(case.community, thread, posts, fingerprint([], key), whole=whole)
        self._proofs.want_proof(Proof(ident, subject, "conversion", case.opened_by, now, about=case.key, due_at=now))
        return [ident]

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

    def _is_proven(self, case: Case, posts: tuple[Ref, ...], whole: bool) -> bool:
        return any(
            set(proof.subject.posts) >= set(posts) and (proof.subject.whole or not whole) for proof in self._of(case)
        )

    def _of(self, case: Case) -> list[Proof]:
        return self._proofs.proofs(community=case.community, about=case.key)


def taken_away(case: Case) -> tuple[tuple[Ref, ...], bool]:
    """The posts that the steps of a case have hidden, and whether they took the thread itself."""
    posts: dict[Ref, None] = {}
    whole = False
    for step in case.steps:
        if not step.done:
            continue
        whole = whole or (step.action in _WHOLE and step.target == case.thread)
        if step.action == str(Action.HIDE) and (ref := _post(step.target)) is not None:
            posts[ref] = None
    return tuple(posts), whole


def _post(target: str) -> Ref | None:
    try:
        ref = Ref.parse(target)
    except UnknownIdError:
        return None
    return ref if ref.kind is Kind.POST else None
