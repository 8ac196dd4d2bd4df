"""What a proof came to, one line a reading: as whom, what was looked at together, what came back, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moderation.proof import Answer, Finding, Proof, What
from moderation.proof.course import AGAIN_AFTER
from views.convert.reading import CaseNow
from views.proof.words import evidence, places, why
from views.words import Words

_TOGETHER: tuple[tuple[What, ...], ...] = (
    (What.THREAD, What.POSTS, What.RAW, What.REVISIONS, What.SLUG),
    (What.LISTS, What.FEEDS, What.TEASER, What.SITEMAP, What.FEDERATION),
    (What.SEARCH,),
    (What.ATTACHMENTS, What.THUMBNAILS),
    (What.QUOTES, What.PREVIEWS),
)
_WORST = (Answer.VISIBLE, Answer.COULD_NOT_CHECK, Answer.HIDDEN)


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One line a reading; ``evidence`` is what was asked and shown, most telling first."""

    answer: Answer
    viewer: str
    what: str
    result: str
    at: str
    evidence: str


def readings(proof: Proof, words: Words) -> list[ReadingLine]:
    """The findings of a proof, put together by viewer and kind of place; every finding is in exactly one line."""
    viewers = dict.fromkeys(sorted((f.probe.viewer for f in proof.findings), key=_rank))
    lines = []
    for viewer in viewers:
        for kinds in (*_TOGETHER, tuple(set(What) - {what for group in _TOGETHER for what in group})):
            found = [f for f in proof.findings if f.probe.viewer == viewer and f.probe.what in kinds]
            if found:
                lines.append(_line(found, words))
    return lines


def _rank(viewer: str) -> int:
    order = ("anonymous", "member", "bystander")
    return order.index(viewer) if viewer in order else len(order)


def _line(found: Sequence[Finding], words: Words) -> ReadingLine:
    ordered = sorted(found, key=lambda one: (_WORST.index(one.answer), one.probe.what, one.probe.place))
    worst = ordered[0]
    n = sum(one.answer is worst.answer for one in found)
    kinds = dict.fromkeys(one.probe.what for one in found)
    told = [f"{words.say(f'proof_what_{one.probe.what}')}: {_told(one, words)}" for one in ordered[:4]]
    return ReadingLine(
        answer=worst.answer,
        viewer=words.say(f"convert_as_{worst.probe.viewer}"),
        what=words.say("list_comma").join(words.say(f"proof_what_{kind}") for kind in kinds),
        result=words.count(f"convert_result_{worst.answer}", n, of=words.number(len(found))),
        at=words.seconds(max(one.at for one in found)),
        evidence="\n".join(told),
    )


def _told(one: Finding, words: Words) -> str:
    """What was shown, masked, and by which request."""
    said = "" if one.snippet else why(one.reason, words)
    return " · ".join(part for part in (said, evidence(one)) if part)


def head(now: CaseNow, words: Words, at: datetime) -> str:
    """“7 of 7 steps done, 10:43:50 to 10:44:12”."""
    course = now.course
    if now.over:
        return words.say("convert_done", n=sum(step.done for step in now.case.steps), of=len(now.case.steps))
    if course is None:
        return words.say("convert_elsewhere", name=now.case.opened_by_name)
    done = [intent.receipt.at for intent in course.intents if intent.receipt is not None]
    said = words.say("convert_done", n=len(done), of=len(course.intents))
    return f"{said}, {words.seconds(min(done))} – {words.seconds(max(done))}" if done else said


def again(proof: Proof | None, words: Words, at: datetime) -> str:
    """When it is looked at next."""
    if proof is None:
        return ""
    if proof.due_at is None:
        return words.say("proof_no_more_checks")
    if proof.overdue(at):
        return words.say("proof_overdue", span=words.span((at - proof.due_at).total_seconds(), parts=1))
    later = (
        [proof.first_at + wait for wait in AGAIN_AFTER if proof.first_at + wait > proof.due_at]
        if proof.first_at
        else []
    )
    times = [words.moment(time, at) for time in (proof.due_at, *later)]
    return words.say("convert_again", times=words.say("list_comma").join(times))


def leak(now: CaseNow, words: Words, at: datetime) -> tuple[str, str]:
    """What can still be read, where and since when; empty where nothing is known to be."""
    incident = now.incident
    if incident is None or incident.gone_at is not None:
        return "", ""
    span = words.span((at - incident.opened_at).total_seconds())
    where = words.say("proof_alarm_where", places=places(incident, words), span=span)
    return words.say("convert_leak"), where
