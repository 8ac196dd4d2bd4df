"""A case that is over, in words: its steps, and in order of time what happened, by whom, with receipts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from moderation.cases import CaseState, CaseStep
from moderation.conversation import NoteKind
from moderation.errors import UnknownIdError
from moderation.ids import Kind, Ref
from moderation.proof import Incident
from moderation.text import neutralise, one_line
from resources.messages import known
from views.convert.reading import CaseNow, Past
from views.convert.words import ConvertWords, SaidLine, StepLine, state_icon
from views.proof.words import places

_MADE = {"forum": "place", "thread": "copy", "pointer": "pointer"}
"""What made a place, where an earlier version kept no more of a step."""
_MOST_RECEIPTS = 4
_LONGEST = 200
_Said = tuple[datetime | None, SaidLine]


def steps(now: CaseNow, said: ConvertWords, at: datetime) -> list[StepLine]:
    """The steps that were taken, those of one kind together, each with when."""
    return [_step(group, said, at) for group in _groups(now.case.steps)]


def _step(group: Sequence[CaseStep], said: ConvertWords, at: datetime) -> StepLine:
    what, last = _what(group[0]), group[-1]
    icon, colour = state_icon(last.state)
    told = [said.words.say(f"state_{last.state}"), said.words.moment(last.at, at) if last.at is not None else ""]
    detail = " · ".join(part for part in told if part)
    return StepLine(what, icon, _named(what, len(group), said), detail, last.state, colour=colour)


def happened(now: CaseNow, said: ConvertWords, at: datetime) -> list[SaidLine]:
    """What happened from its opening to its end, the oldest first; nothing for a case that is not over."""
    past, case = now.past, now.case
    if past is None:
        return []
    by, customer = neutralise(case.opened_by_name), neutralise(case.customer_name)
    opened = said.words.say("convert_record_opened", name=by, customer=customer)
    lines: list[_Said] = [(case.opened_at, SaidLine("shield-lock", opened, colour="text2"))]
    lines += [_taken(group, past, said) for group in _groups(case.steps)]
    for incident in past.incidents:
        lines += _incident(incident, past, said)
    lines += [*_checked(now, said), *_notes(past, said)]
    last = case.opened_at
    timed = [(last := when or last, line) for when, line in lines]
    return [
        SaidLine(line.icon, line.text, said.words.moment(when, at), line.colour)
        for when, line in sorted(timed, key=lambda one: one[0])
    ]


def foot(now: CaseNow, said: ConvertWords) -> str:
    """That nothing can be done here any more, and what still can."""
    if now.case.state is CaseState.UNDONE:
        code = "convert_over_undone"
    else:
        seen = now.incident is not None and now.incident.gone_at is None
        code = f"convert_over_closed{'_leak' if seen else '_check' if can_check(now) else ''}"
    return said.words.say(code, case=now.case.key)


def can_check(now: CaseNow) -> bool:
    """True where it can be looked at once more: a text that was not made public again."""
    return now.case.state is CaseState.CLOSED and now.proof is not None and bool(now.proof.checks)


def _taken(group: Sequence[CaseStep], past: Past, said: ConvertWords) -> _Said:
    say, comma = said.words.say, said.words.say("list_comma").join
    icon, colour = state_icon(group[-1].state)
    what = _what(group[0])
    names = dict.fromkeys(past.names[step.intent] for step in group if step.intent in past.names)
    receipts = list(dict.fromkeys(step.receipt for step in group if step.receipt))
    told = comma(receipts[:_MOST_RECEIPTS]) + ("…" if len(receipts) > _MOST_RECEIPTS else "")
    code = "convert_record_receipt" if len(receipts) == 1 else "convert_record_receipts"
    parts = (
        _named(what, len(group), said),
        said.posts([ref for step in group if (ref := _post(step)) is not None]),
        say(f"state_{group[-1].state}"),
        say("convert_record_by", name=comma(map(neutralise, names))) if names else "",
        say(code, id=neutralise(told)) if receipts else "",
    )
    return group[-1].at, SaidLine(icon, " · ".join(part for part in parts if part), colour=colour)


def _incident(incident: Incident, past: Past, said: ConvertWords) -> Iterator[_Said]:
    words = said.words
    seen = words.say("convert_record_incident", places=places(incident, words))
    yield incident.opened_at, SaidLine("alert-octagon", seen, colour="danger")
    if incident.gone_at is not None:
        yield incident.gone_at, SaidLine("circle-check", words.say("convert_record_gone"), colour="customer")
    if incident.closed_at is not None:
        name = neutralise(past.names.get(incident.closed_by, incident.closed_by))
        facts = {"name": name, "text": one_line(incident.reason, _LONGEST)}
        yield (
            incident.closed_at,
            SaidLine("check", words.say("convert_record_incident_closed", **facts), colour="text2"),
        )


def _checked(now: CaseNow, said: ConvertWords) -> Iterator[_Said]:
    proof = now.proof
    if proof is None or not proof.checks:
        return
    verdict = proof.verdict
    facts = {"n": len(verdict.findings), "seen": len(verdict.visible), "open": len(verdict.unchecked)}
    told = said.words.say(f"convert_proof_{proof.standing}", **facts)
    line = said.words.count("convert_record_checked", proof.checks, said=told)
    yield proof.checked_at, SaidLine("clipboard-check", line, colour="text2")


def _notes(past: Past, said: ConvertWords) -> Iterator[_Said]:
    for note in past.notes:
        facts = {"name": neutralise(note.author_name), "text": one_line(note.text, _LONGEST)}
        icon = "circle-check" if note.kind is NoteKind.CLOSED else "refresh"
        yield note.at, SaidLine(icon, said.words.say(f"convert_record_{note.kind}", **facts), colour="text2")


def _groups(steps: Iterable[CaseStep]) -> list[list[CaseStep]]:
    """Steps of one kind that ended alike, one after the other."""
    return [list(group) for _, group in groupby(steps, key=lambda step: (_what(step), step.state))]


def _what(step: CaseStep) -> str:
    kept = str(step.facts.get("what") or "")
    return kept.removesuffix("_more") or _MADE.get(step.made) or step.action.removeprefix("x:")


def _named(what: str, n: int, said: ConvertWords) -> str:
    """Name of a step; of one of an earlier version what its action is called."""
    codes = (f"convert_step_{what}", f"conversion_step_{what}")
    return said.step(what, n) if any(map(known, codes)) else said.words.now(what)


def _post(step: CaseStep) -> Ref | None:
    """The post that a step acted on."""
    try:
        ref = Ref.parse(step.target)
    except UnknownIdError:
        return None
    return ref if ref.kind is Kind.POST else None
