"""What a card is made from: who looks after a forum, in which hours, and how fast it is answered, as it stands now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from moderation.content import Forum
from moderation.coverage.hours import Hours
from moderation.people.absences import Absence
from moderation.people.roster import Consent

TOLD_FROM = timedelta(days=2)
"""Shorter absences are not told: a card must not change with every day off."""


@dataclass(frozen=True, slots=True)
class Looker:
    """One who looks after a forum: a named owner, or a follower. ``away`` is the absence under way, where it is long
    enough to be told.
    """

    person: str
    name: str
    consent: Consent = Consent.TEAM
    team: str = ""
    languages: tuple[str, ...] = ()
    away: Absence | None = None


@dataclass(frozen=True, slots=True)
class Usual:
    """How long the first answer of the staff takes: ``median_s`` of ``answered`` threads, as of then."""

    median_s: float
    answered: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one forum. ``covered``: by somebody who is there (``None``: unknown). ``confirmed``: a lead has said who the
    staff is. ``hours`` are those that the team promises there; ``usual`` is ``None`` where figures tell nothing.
    """

    forum: Forum
    people: tuple[Looker, ...]
    covered: bool | None
    confirmed: bool
    hours: Hours = field(default_factory=Hours)
    usual: Usual | None = None


def away_now(absences: Iterable[Absence], now: datetime) -> Absence | None:
    """The absence under way, those that touch taken as one; ``None`` for one who is there, or away only shortly."""
    joined: list[Absence] = []
    for one in sorted(absences):
        if joined and one.start <= joined[-1].end:
            last = joined.pop()
            joined.append(Absence(last.start, max(last.end, one.end), last.person))
        else:
            joined.append(one)
    found = next((one for one in joined if one.start <= now < one.end), None)
    return found if found is not None and found.end - found.start >= TOLD_FROM else None
