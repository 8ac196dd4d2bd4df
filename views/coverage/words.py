"""Sentences of the Coverage screen."""

from datetime import datetime

from views.coverage.reading import Shown
from views.words import Words


def time_said(words: Words, shown: Shown, now: datetime) -> str:
    """“23 Oct to 21 Nov, beside the 30 days before”."""
    if shown.seen is None:
        return ""
    since, until = words.day(shown.seen.since, now), words.day(shown.seen.until, now)
    return words.say("coverage_time", since=since, until=until, days=shown.choice.days)


def beside_said(words: Words, shown: Shown, now: datetime) -> str:
    """As of when, complete since when."""
    seen = shown.seen
    if seen is None:
        return ""
    parts = [words.say("coverage_beside_as_of", as_of=words.moment(seen.as_of, now))]
    if seen.complete_since is not None:
        parts.append(words.say("coverage_beside_complete", complete=words.day(seen.complete_since, now)))
    if seen.complete_since is None or seen.complete_since > seen.since:
        parts.append(words.say("coverage_beside_filling"))
    return " · ".join(parts)


def message_said(words: Words, shown: Shown) -> str:
    """Why there are no figures; empty where there are."""
    if shown.seen is None:
        return words.say("coverage_no_community")
    return words.say("coverage_confirm_first") if shown.view is None else ""
