"""Where proofs are kept, the team's store; and who can tell what was said before, the mirror."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from moderation.ids import Ref
from moderation.proof.common import SaidBefore
from moderation.proof.course import Incident, Proof
from moderation.proof.model import Finding


@runtime_checkable
class Proofs(Protocol):
    """Proofs, their evidence and incidents. Safe to use from several threads and processes."""

    def want_proof(self, proof: Proof) -> None:
        """Keep a proof that is wanted; it is due at once."""

    def proof(self, proof: str) -> Proof | None:
        """One proof with what is known now."""

    def proofs(
        self, *, community: str | None = None, thread: Ref | None = None, about: str | None = None, limit: int = 50
    ) -> list[Proof]:
        """Proofs, newest first."""

    def due_proofs(self, community: str, now: datetime) -> list[Proof]:
        """Proofs whose next check is due, the longest due first."""

    def next_proof_due(self, community: str) -> datetime | None:
        """When the next check of a community is due, ``None`` for never."""

    def take_proof(self, proof: str, now: datetime, until: datetime) -> bool:
        """Take a check upon oneself until then; ``False`` while somebody else has it."""

    def give_back_proof(self, proof: str) -> None:
        """Give a check up that was taken; it is as due as before."""

    def keep_check(self, proof: Proof, fresh: Sequence[Finding]) -> None:
        """Keep what a check came to, and its findings as evidence; others may take the next check."""

    def want_check(self, proof: str, now: datetime) -> bool:
        """Let the next check be due now; ``False`` for an unknown one."""

    def end_proof(self, proof: str) -> None:
        """Let no further check be due: the text is meant to be read again."""

    def evidence(self, proof: str) -> list[tuple[int, Finding]]:
        """Every finding of every check that differed from the one before, with the number of its check."""

    def open_incident(self, incident: Incident) -> bool:
        """Open an incident, unless one of this proof is open; ``False`` then."""

    def incidents(self, *, community: str | None = None, only_open: bool = False) -> list[Incident]:
        """Incidents, newest first."""

    def note_incident(self, proof: str, places: Sequence[str], gone_at: datetime | None) -> bool:
        """Keep where the text was seen last, or since when it is gone, with the open incident of a proof; ``False``
        where there is none, or nothing is new.
        """

    def close_incident(self, incident: str, by: str, reason: str, at: datetime) -> bool:
        """Close one; ``False`` when it was not open."""

    def forget_in_proofs(self, gone: Iterable[Ref]) -> int:
        """Take the words to search by out of proofs about erased things; gives how many. Hashes and masked snippets
        stay.
        """


@runtime_checkable
class Witnesses(Protocol):
    """What was public before. Safe to use from several threads."""

    def said_before(self, thread: Ref, posts: Sequence[Ref], limit: int) -> SaidBefore | None:
        """Up to ``limit`` public posts of other threads from before this thread and each of these posts, unchanged
        since; ``None`` where it is not known when all of them were written.
        """
