"""An unusual volume: the last hour of a forum beside the same hour of the weeks before.

Reports, and posts that sound unhappy, are judged each for itself: enough of either is a flare-up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from moderation.alarms.model import AlarmKind, Condition, Observed
from moderation.alarms.unhappy import Unhappy
from moderation.ids import Kind, Ref

HOUR_MS, WEEK_MS = 3_600_000, 604_800_000
WEEKS = 8
"""How many weeks back one looks."""
LEAST_WEEKS = 2
"""Fewer say nothing of what is usual."""
LEAST = 5
"""Fewer in an hour are no flare-up, however quiet a forum is."""
TIMES, DEVIATIONS = 3.0, 4.0
"""Both more than so many times the usual, and more than so many of its standard deviations (of rare events) above."""
KEEPS = 0.5
"""What is still above this part of the limit goes on."""


@dataclass(frozen=True, slots=True)
class Volume:
    """What an hour brought: items that were reported first in it, and posts of customers that sound unhappy."""

    reports: int = 0
    unhappy: int = 0


class VolumeReader(Protocol):
    """The mirror, as far as flare-ups ask it. One instance belongs to one thread."""

    def volume(
        self, community: str, until_ms: int, weeks: int, unhappy: Unhappy, leave_out: frozenset[str]
    ) -> dict[str, list[Volume]]:
        """By forum (native id): the hour before ``until``, then the same hour of one week before, of two, and so on up
        to ``weeks``; forums without any are left out. Posts of members in ``leave_out`` (native ids) do not count, nor
        what the public cannot read.
        """


def limit(usual: float) -> float:
    """From how many on an hour is unusual."""
    return max(LEAST, TIMES * usual, usual + DEVIATIONS * sqrt(usual))


def flare_ups(
    community: str, volumes: Mapping[str, Sequence[Volume]], before: Mapping[str, Sequence[Volume]], weeks: int
) -> Observed:
    """Compare the hour that stands first in ``volumes`` with the usual one of ``before`` (weeks back, the newest
    first), of which the first ``weeks`` are known.
    """
    if weeks < LEAST_WEEKS:
        return Observed(unseen=frozenset({AlarmKind.UNUSUAL_VOLUME}))
    conditions: list[Condition] = []
    undecided: set[str] = set()
    for forum, told in sorted(volumes.items()):
        now, usual = told[0], _usual(before.get(forum, ())[:weeks], weeks)
        shares = (now.reports / limit(usual[0]), now.unhappy / limit(usual[1]))
        subject = Ref(community, Kind.FORUM, forum)
        facts = {"reports": now.reports, "usual_reports": usual[0], "unhappy": now.unhappy, "usual_unhappy": usual[1]}
        condition = Condition(AlarmKind.UNUSUAL_VOLUME, subject, subject, facts)
        if max(shares) >= 1:
            conditions.append(condition)
        elif max(shares) >= KEEPS:
            undecided.add(condition.key)
    return Observed(tuple(conditions), frozenset(undecided))


def _usual(past: Sequence[Volume], weeks: int) -> tuple[float, float]:
    return sum(one.reports for one in past) / weeks, sum(one.unhappy for one in past) / weeks
