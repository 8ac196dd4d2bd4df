"""What a card says: statements from facts, only of people who agreed, and only what the figures bear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from moderation.coverage.hours import Hours
from moderation.people.hours import hours_text
from moderation.people.roster import Consent
from moderation.presence.looking import Facts, Looker, Usual

Json = dict[str, Any]

LEAST_ANSWERED = 10
"""Under so many answered threads no usual time is told."""
FIGURES_OLD = timedelta(days=7)
"""Older figures say nothing of today."""
STEPS_S = (3600, 2 * 3600, 4 * 3600, 8 * 3600, 86400, 2 * 86400, 3 * 86400, 7 * 86400)
"""Usual times that are told, in seconds; what takes longer is not told."""
_LEEWAY = 0.15
"""A told time stays as long as the figure is not further than this share beyond its ends."""


@dataclass(frozen=True, slots=True)
class CardWording:
    """Texts of a card, in the language of its forum.

    ``title`` ``{forum}``; ``who`` ``{who}``; ``who_of_team`` ``{name} {team}``; ``hours`` ``{hours} {zone}``;
    ``languages`` ``{languages}``; ``usual`` ``{time}``; ``away`` ``{away}``; ``away_one`` ``{name} {date}``; ``date``
    ``{day} {month} {year}``. ``months``, ``weekdays`` are lists with commas, ``language_names`` has pairs ``en=…``.
    ``comma`` joins lists, ``times`` holds words for :data:`STEPS_S` with bars between them.
    """

    title: str
    who: str
    team: str
    hours: str
    holidays: str
    languages: str
    usual: str
    away: str
    away_one: str
    date: str
    months: str
    weekdays: str
    language_names: str
    times: str
    footer: str
    comma: str = ", "


@dataclass(frozen=True, slots=True)
class Statements:
    """What a card states. ``names`` are person and name, ``away`` person, name and the day on which they are back.

    A ``team`` without a name is the empty one. ``usual_s`` is one of :data:`STEPS_S`.
    """

    names: tuple[tuple[str, str], ...] = ()
    teams: tuple[str, ...] = ()
    hours: Hours = field(default_factory=Hours)
    languages: tuple[str, ...] = ()
    usual_s: int | None = None
    away: tuple[tuple[str, str, date], ...] = ()

    def kept(self) -> Json:
        """As the team's store keeps it: people by their entries in the roster, no names."""
        return {
            "names": [person for person, _ in self.names],
            "teams": list(self.teams),
            "hours": f"{hours_text(self.hours)} {self.hours.zone}" if self.hours.periods else "",
            "languages": list(self.languages),
            "usual_s": self.usual_s,
            "away": [[person, day.isoformat()] for person, _, day in self.away],
        }


@dataclass(frozen=True, slots=True)
class Drafted:
    """A card, or why there can be none: codes. ``left_out`` are codes of what it does not tell."""

    statements: Statements
    why_not: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """True when it may be shown."""
        return not self.why_not


def draft(facts: Facts, now: datetime, before: Mapping[str, Any] | None = None) -> Drafted:
    """The card of a forum as it would be true now; ``before`` is what it states today, so that a figure that wavers
    around a step does not change it.
    """
    shown = [one for one in facts.people if one.consent is not Consent.NEVER]
    named = [one for one in shown if one.consent is Consent.NAME]
    teams = sorted({one.team for one in shown if one.team or one.consent is Consent.TEAM}, key=_named_first)
    usual_s, left_out = _usual(facts.usual, now, (before or {}).get("usual_s"))
    statements = Statements(
        tuple(sorted(((one.person, one.name) for one in named), key=lambda pair: (pair[1].casefold(), pair[0]))),
        tuple(teams),
        facts.hours,
        tuple(sorted({language.casefold() for one in shown for language in one.languages})),
        usual_s,
        tuple(sorted((one.person, one.name, _back(one, facts.hours.zone)) for one in named if one.away is not None)),
    )
    empty = {
        "hours_not_promised": not facts.hours.periods,
        "languages_unknown": not statements.languages,
        left_out: bool(left_out),
    }
    return Drafted(statements, tuple(_why_not(facts, shown)), tuple(code for code, is_so in empty.items() if is_so))


def _why_not(facts: Facts, shown: list[Looker]) -> list[str]:
    """What forbids a card, the gravest first."""
    forum = facts.forum
    stops = {
        "forum_of_messages": forum.messages,
        "forum_not_public": not forum.messages and (forum.private is not False or forum.elsewhere),
        "roster_not_confirmed": not facts.confirmed,
        "nobody_may_be_shown": bool(facts.people) and not shown,
        "nobody_covers": not facts.people or facts.covered is False,
    }
    return [code for code, is_so in stops.items() if is_so]


def _usual(usual: Usual | None, now: datetime, before: object) -> tuple[int | None, str]:
    """The step that is told, or the code of why none is."""
    if usual is None:
        return None, "figures_missing"
    if now - usual.as_of > FIGURES_OLD:
        return None, "figures_old"
    if usual.answered < LEAST_ANSWERED:
        return None, "threads_few"
    if isinstance(before, int) and before in STEPS_S and _still(usual.median_s, before):
        return before, ""
    step = next((step for step in STEPS_S if usual.median_s <= step), None)
    return step, "" if step is not None else "usual_long"


def _still(median_s: float, step: int) -> bool:
    place = STEPS_S.index(step)
    below = STEPS_S[place - 1] if place else 0
    return below * (1 - _LEEWAY) < median_s <= step * (1 + _LEEWAY) or (not below and median_s <= step)


def _back(one: Looker, zone: str) -> date:
    assert one.away is not None
    return one.away.end.astimezone(ZoneInfo(zone)).date()


def _named_first(team: str) -> tuple[bool, str]:
    return not team, team.casefold()
