"""Alarms in words: forum, title of a public thread, counts, durations; nobody's name, and no text of anybody else."""

from collections.abc import Callable
from dataclasses import dataclass

from moderation.alarms.model import ABOUT_THREADS, Alarm, AlarmKind
from moderation.charts.words import span

Words = Callable[..., str]
MOST_LINES = 12
"""Alarms that one message names."""


@dataclass(frozen=True, slots=True)
class Named:
    """An alarm with what its subject is called now. ``title`` is empty where it is not to be told: the thread is not
    public, or its title holds private data.
    """

    alarm: Alarm
    forum_name: str
    title: str = ""
    url: str = ""


def sentence(words: Words, named: Named) -> str:
    """One sentence. ``words(code, **facts)`` gives them in somebody's language."""
    return words(f"alarm_says_{named.alarm.kind}", forum=named.forum_name, **_told(words, named))


def _told(words: Words, named: Named) -> dict[str, object]:
    kind, facts = named.alarm.kind, named.alarm.facts
    if kind is AlarmKind.UNUSUAL_VOLUME:
        counts = {name: facts.get(name, 0) for name in ("reports", "unhappy")}
        return counts | {name: _number(facts.get(name, 0)) for name in ("usual_reports", "usual_unhappy")}
    if kind not in ABOUT_THREADS:
        return {}
    spans = {name.removesuffix("_s"): span(words, seconds) for name, seconds in facts.items()}
    return {**spans, "title": named.title or words("alarm_untitled", thread=named.alarm.subject.native)}


def heading(words: Words, community: str, count: int) -> str:
    """The head of a message."""
    return words("alarm_heading_one" if count == 1 else "alarm_heading", community=community, n=count)


def message(words: Words, named: list[Named]) -> list[str]:
    """The lines of a message, the gravest kinds first; what is too much is counted."""
    order = list(AlarmKind)
    ranked = sorted(named, key=lambda one: (order.index(one.alarm.kind), one.alarm.raised_at, one.alarm.key))
    lines = [sentence(words, one) for one in ranked[:MOST_LINES]]
    more = len(ranked) - MOST_LINES
    return [*lines, words("alarm_more", n=more)] if more > 0 else lines


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
