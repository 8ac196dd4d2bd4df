"""The course of a proof over time: when it is looked at again, and how a new check changes what is known."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from moderation.errors import NotAllowedError
from moderation.ids import Ref
from moderation.proof.model import Answer, Finding, Probe, Subject, Verdict

AGAIN_AFTER = (timedelta(minutes=10), timedelta(days=1))
"""Re-checks, counted from the first check."""
SOON = timedelta(seconds=75)
"""A text that was found is looked for again so soon: servers keep copies for about a minute."""
UNCHECKED_AGAIN = timedelta(minutes=5)
OVERDUE_AFTER = timedelta(minutes=2)


class Standing(StrEnum):
    """How a proof stands."""

    WANTED = "wanted"
    PASSED = "passed"
    VISIBLE = "visible"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as it is kept. ``purpose`` is ``conversion``, ``erasure`` or ``doxxing``; ``about`` its case, if any.

    ``first_at`` is the time of the first check, ``checked_at`` of the last; ``due_at`` of the next, ``None`` when the
    last one is done. ``checks`` counts them.
    """

    id: str
    subject: Subject
    purpose: str
    asked_by: str
    asked_at: datetime
    about: str = ""
    standing: Standing = Standing.WANTED
    checks: int = 0
    first_at: datetime | None = None
    checked_at: datetime | None = None
    due_at: datetime | None = None
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def verdict(self) -> Verdict:
        """What is known now."""
        return Verdict(self.findings)

    @property
    def over(self) -> bool:
        """True when no further check is due."""
        return self.due_at is None

    def overdue(self, now: datetime) -> bool:
        """True when a check that was due has not happened: nobody's program was running."""
        return self.due_at is not None and now - self.due_at > OVERDUE_AFTER


@dataclass(frozen=True, slots=True)
class Incident:
    """A text that was found readable: since when, where (masked), and how it ended."""

    id: str
    proof: str
    community: str
    thread: Ref
    posts: tuple[Ref, ...]
    opened_at: datetime
    places: tuple[str, ...]
    gone_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    reason: str = ""

    @property
    def open(self) -> bool:
        """True until a person closed it."""
        return self.closed_at is None


def merged(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is known after a new check.

    A text that was seen stays seen until a new check of that very place finds it gone; everything else is what the new
    check says. A place that is not asked any more keeps what was found there.
    """
    known = {_key(found.probe): found for found in before}
    fresh = {_key(found.probe): _better(known.get(_key(found.probe)), found) for found in after}
    left = {key: found for key, found in known.items() if key not in fresh and found.answer is Answer.VISIBLE}
    return (*fresh.values(), *left.values())


def _better(before: Finding | None, after: Finding) -> Finding:
    seen = before is not None and before.answer is Answer.VISIBLE
    return before if before is not None and seen and after.answer is Answer.COULD_NOT_CHECK else after


def _key(probe: Probe) -> tuple[str, str, str]:
    return probe.what, probe.place, probe.viewer


def standing(verdict: Verdict) -> Standing:
    """What a verdict comes to."""
    if verdict.visible:
        return Standing.VISIBLE
    return Standing.PASSED if verdict.passed else Standing.UNCHECKED


def next_due(first_at: datetime, checked_at: datetime, now_stands: Standing) -> datetime | None:
    """When to look again: after ten minutes and a day, sooner while something is found or could not be asked.

    ``None`` once the check after a day is done and passed.
    """
    planned = next((first_at + after for after in AGAIN_AFTER if first_at + after > checked_at), None)
    if now_stands is Standing.PASSED:
        return planned
    age = checked_at - first_at
    soon = SOON if now_stands is Standing.VISIBLE else UNCHECKED_AGAIN
    again = checked_at + max(soon, min(age, timedelta(hours=6)))
    return again if planned is None else min(again, planned)


def closable(incident: Incident, proof: Proof | None, reason: str, accepted: bool) -> None:
    """Raise ``NotAllowedError`` unless this incident may be closed now.

    ``reason_missing`` without words; ``still_visible`` while the text is found, unless a person takes that upon
    themselves (``accepted``: what is seen there is not the text), or the proof has ended, for the text may be read.
    """
    if not reason.strip():
        raise NotAllowedError("reason_missing", incident=incident.id)
    if proof is not None and not proof.over and proof.standing is Standing.VISIBLE and not accepted:
        raise NotAllowedError("still_visible", incident=incident.id)
