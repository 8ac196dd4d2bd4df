"""The thread of a community that proves that texts are gone: when it is asked to, and again as time goes on.

When a check is due is a time of the wall clock in the team store: it survives restarts, and a laptop that slept does it
late and says so.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from moderation.cases import Cases
from moderation.changes import ChangeRecord, Table
from moderation.errors import MarqueeError
from moderation.intents import Identities
from moderation.ports import AuditEntry
from moderation.proof import (
    Answer,
    Finding,
    Incident,
    Look,
    Probe,
    Proof,
    Proofs,
    Standing,
    Viewer,
    What,
    merged,
    next_due,
    standing,
    unasked,
)
from sync.connector import Connection, Prober, Proves
from sync.engine.case_proofs import CaseProofs
from sync.engine.commonplaces import with_commonplaces
from sync.engine.connections import Connections
from sync.engine.stores import Stores

log = logging.getLogger(__name__)

LONGEST_WAIT = 15.0
TAKEN_FOR = timedelta(minutes=15)
"""Who has taken a check and is not heard of for so long has died."""
_PROBES = {Viewer.MEMBER: Identities.PROBE, Viewer.BYSTANDER: Identities.BYSTANDER}


class Proving:
    """Checks what is due, one proof at a time. ``tell`` hears when something is known anew."""

    def __init__(
        self, name: str, stores: Stores, connections: Connections, tell: Callable[[list[ChangeRecord]], None]
    ) -> None:
        self._name = name
        self._stores = stores
        self._connections = connections
        self._tell = tell
        self._wake = threading.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at the store now."""
        self._wake.set()

    def stop(self) -> None:
        """End after the request under way."""
        self._stopping = True
        self._wake.set()

    def busy(self) -> bool:
        """True while a check is due."""
        due = self._proofs.next_proof_due(self._name) if self._proofs is not None else None
        return due is not None and due <= self._stores.clock.now()

    def loop(self) -> None:
        """The thread's work, until stopped."""
        while not self._stopping:
            self._wake.clear()
            if self._proofs is not None:
                self.want_for_cases(self._proofs)
                self.run_due(self._proofs)
            self._wake.wait(self._pause())

    def want_for_cases(self, proofs: Proofs) -> None:
        """Let conversions be proven as soon as they have hidden or moved something."""
        team = self._stores.team
        if isinstance(team, Cases) and CaseProofs(self._name, team, proofs, self._stores.journal).look(self._now()):
            self._tell([ChangeRecord(Table.TEAM, everything=True)])

    def run_due(self, proofs: Proofs) -> None:
        """Do the checks that are due, each unless another engine has it."""
        for proof in proofs.due_proofs(self._name, self._now()):
            if self._stopping:
                return
            if proofs.take_proof(proof.id, self._now(), self._now() + TAKEN_FOR):
                self._check(proofs, proof)

    @property
    def _proofs(self) -> Proofs | None:
        team = self._stores.team
        return team if isinstance(team, Proofs) else None

    def _pause(self) -> float:
        due = self._proofs.next_proof_due(self._name) if self._proofs is not None else None
        if due is None:
            return LONGEST_WAIT
        return min(LONGEST_WAIT, max(0.5, (due - self._now()).total_seconds()))

    def _check(self, proofs: Proofs, proof: Proof) -> None:
        gathered, fresh = self._asked(proof)
        if self._stopping:
            proofs.give_back_proof(proof.id)
            return
        checked = _after(gathered, fresh, self._now())
        self._incident(proofs, checked)  # before the check is kept: a crash between them must not lose it
        proofs.keep_check(checked, fresh)
        self._logged(checked)
        self._tell([ChangeRecord(Table.TEAM, (checked.id,))])

    def _asked(self, proof: Proof) -> tuple[Proof, tuple[Finding, ...]]:
        """What the community says now; a community that cannot be asked is an answer too."""
        try:
            connection = self._connections()
            if not isinstance(connection, Proves):
                return proof, (self._unasked("platform_has_no_probes"),)
            with closing(connection.prober(self._others())) as prober:
                return self._found(prober, proof)
        except MarqueeError as error:
            return proof, (self._unasked(error.code),)

    def _found(self, prober: Prober, proof: Proof) -> tuple[Proof, tuple[Finding, ...]]:
        try:
            proof = replace(proof, subject=prober.gather(proof.subject))
        except MarqueeError as error:  # what was gathered before is asked for all the same
            log.info("%s: what staff can read of proof %s is not known: %s", self._name, proof.id, error)
        proof = replace(proof, subject=with_commonplaces(self._stores, proof))
        found = []
        for finding in prober.findings(proof.subject):
            if self._stopping:
                break
            found.append(finding)
        return proof, tuple(found)

    def _others(self) -> dict[Viewer, Connection]:
        """Connections of the probe accounts for which there is a key."""
        found = {}
        for viewer, identity in _PROBES.items():
            try:
                found[viewer] = self._connections(identity)
            except MarqueeError:
                continue
        return found

    def _unasked(self, reason: str) -> Finding:
        return unasked(Probe(What.THREAD, "*", Viewer.ANONYMOUS), Look("", self._now()), reason)

    def _incident(self, proofs: Proofs, proof: Proof) -> None:
        """Open one when the text is seen; keep where it is seen, and since when it is not any more."""
        places = seen_at(proof.findings)
        if places:
            subject = proof.subject
            facts = (subject.community, subject.thread, subject.posts, self._now(), places)
            if not proofs.open_incident(Incident(f"{proof.id}-{proof.checks}", proof.id, *facts)):
                proofs.note_incident(proof.id, places, None)
        elif proof.standing is Standing.PASSED:
            proofs.note_incident(proof.id, (), self._now())

    def _logged(self, proof: Proof) -> None:
        verdict = proof.verdict
        counts = {"visible": len(verdict.visible), "unchecked": len(verdict.unchecked), "probes": len(verdict.findings)}
        thread = str(proof.subject.thread)
        outcome = f"{proof.standing}-{proof.checks}"
        told = (proof.asked_by, "prove", thread, thread, proof.purpose, "", outcome, proof.id, counts)
        self._stores.team.log(AuditEntry(self._now(), *told))

    def _now(self) -> datetime:
        return self._stores.clock.now()


def seen_at(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Where a text is seen, each place with by whom: ``what address viewer``."""
    seen = [f.probe for f in findings if f.answer is Answer.VISIBLE]
    return tuple(f"{probe.what} {probe.place} {probe.viewer}" for probe in seen)


def _after(proof: Proof, fresh: tuple[Finding, ...], now: datetime) -> Proof:
    """The proof with what a check came to."""
    known = merged(proof.findings, fresh)
    checked = replace(proof, findings=known, checks=proof.checks + 1, checked_at=now, first_at=proof.first_at or now)
    stands = standing(checked.verdict)
    due = next_due(checked.first_at or now, now, stands)
    words = checked.subject if due is not None else replace(checked.subject, words=())
    return replace(checked, standing=stands, due_at=due, subject=words)
