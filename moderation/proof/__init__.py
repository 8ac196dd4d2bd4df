"""Proof that a text can no longer be read by an outsider (DESIGN section 7): pure; ``sync`` asks, this judges."""

from moderation.proof.common import SaidBefore, with_common
from moderation.proof.course import Incident, Proof, Standing, closable, merged, next_due, standing
from moderation.proof.fingerprint import Fingerprint, distinctive, fingerprint
from moderation.proof.judge import Control, judged, shows, unasked
from moderation.proof.model import Answer, Finding, Look, Probe, Subject, Verdict, Viewer, What
from moderation.proof.ports import Proofs, Witnesses

__all__ = [
    "Answer",
    "Control",
    "Finding",
    "Fingerprint",
    "Incident",
    "Look",
    "Probe",
    "Proof",
    "Proofs",
    "SaidBefore",
    "Standing",
    "Subject",
    "Verdict",
    "Viewer",
    "What",
    "Witnesses",
    "closable",
    "distinctive",
    "fingerprint",
    "judged",
    "merged",
    "next_due",
    "shows",
    "standing",
    "unasked",
    "with_common",
]
