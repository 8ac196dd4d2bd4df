"""A proof in words: its rows, how it stands, what an incident is about."""

from dataclasses import dataclass
from datetime import datetime

from moderation.proof import Answer, Finding, Incident, Proof, Standing
from views.words import Words

_ORDER = {Answer.VISIBLE: 0, Answer.COULD_NOT_CHECK: 1, Answer.HIDDEN: 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One probe as it is shown; ``evidence`` is the request, status, hash and masked snippet."""

    answer: Answer
    said: str
    what: str
    viewer: str
    place: str
    why: str
    at: str
    evidence: str


def rows(proof: Proof, words: Words, now: datetime) -> list[Row]:
    """Probes of a proof: what is seen first, then what could not be checked, then what is hidden."""
    ordered = sorted(proof.findings, key=lambda f: (_ORDER[f.answer], f.probe.viewer, f.probe.what, f.probe.place))
    return [_row(found, words, now) for found in ordered]


def _row(found: Finding, words: Words, now: datetime) -> Row:
    probe = found.probe
    return Row(
        answer=found.answer,
        said=words.say(f"proof_answer_{found.answer}"),
        what=words.say(f"proof_what_{probe.what}"),
        viewer=words.say(f"proof_as_{probe.viewer}"),
        place="" if probe.place == "*" else probe.place,
        why=found.snippet or why(found.reason, words),
        at=words.moment(found.at, now),
        evidence=evidence(found),
    )


def why(reason: str, words: Words) -> str:
    """A reason in words; codes of requests that failed have words of their own as errors."""
    said = words.say(f"proof_reason_{reason}")
    return words.say(reason) if said.startswith("‹") else said


def evidence(found: Finding) -> str:
    """Request, status, beginning of the hash, masked snippet."""
    told = [found.request, str(found.status or ""), found.digest[:16], found.snippet]
    return " · ".join(part for part in told if part)


def standing(proof: Proof, words: Words, now: datetime) -> str:
    """How a proof stands, and when it is looked at again."""
    code, verdict = f"proof_stands_{proof.standing}", proof.verdict
    said = words.say(code, n=len(verdict.findings), seen=len(verdict.visible), open=len(verdict.unchecked))
    if proof.due_at is None:
        return f"{said} {words.say('proof_no_more_checks')}"
    if proof.overdue(now):
        late = words.span((now - proof.due_at).total_seconds(), parts=1)
        return f"{said} {words.say('proof_overdue', span=late)}"
    if proof.standing is Standing.WANTED:
        return said
    return f"{said} {words.say('proof_next', at=words.moment(proof.due_at, now))}"


def places(incident: Incident, words: Words) -> str:
    """Where a text can be read: kinds of places, each once."""
    kinds = dict.fromkeys(place.split(" ", 1)[0] for place in incident.places)
    return words.say("list_comma").join(words.say(f"proof_what_{kind}") for kind in kinds)
