"""A goal with its measure, and how it stands by live figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderation.coverage.figures import DURATIONS, NUMBERS, SHARES, Figures, Number

MEASURES = NUMBERS
"""Names of measures are those of the figures of coverage."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached. ``below``: at most that much; else at least. Durations in seconds, shares 0 to 1."""

    value: float
    below: bool

    def reached(self, number: Number) -> bool | None:
        """``None`` where there is no figure."""
        if number is None:
            return None
        return number <= self.value if self.below else number >= self.value


@dataclass(frozen=True, slots=True)
class Goal:
    """A line of the worksheet. ``measure`` is the name of a figure, ``forums`` (id texts) those that it is of, empty
    for all. ``target`` is ``None`` where only the direction counts.
    """

    department: str
    goal: str
    problem: str
    measure: str
    target: Target | None = None
    forums: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A goal with its figure now and in the time before (``None``: not known), and whether it is reached."""

    goal: Goal
    now: Number
    before: Number
    reached: bool | None


def standing(goals: Sequence[Goal], total: Figures, before: Figures | None = None) -> list[Standing]:
    """How goals stand by these figures of all forums, and by those of the time before; a goal of forums that are not
    among them has no figure.
    """
    return [_standing(goal, total, before or Figures(())) for goal in goals]


def _standing(goal: Goal, total: Figures, earlier: Figures) -> Standing:
    figures, before = _of(goal, total), _of(goal, earlier)
    now = figures.number(goal.measure) if figures.parts else None
    reached = goal.target.reached(now) if goal.target is not None else None
    return Standing(goal, now, before.number(goal.measure) if before.parts else None, reached)


def _of(goal: Goal, total: Figures) -> Figures:
    if not goal.forums:
        return total
    wanted = {text.rpartition(":")[2] for text in goal.forums}
    return Figures(tuple(part for part in total.parts if part.forum in wanted))


def is_duration(measure: str) -> bool:
    """True where the measure is in seconds."""
    return measure in DURATIONS


def is_share(measure: str) -> bool:
    """True where it is a share."""
    return measure in SHARES


class Goals(Protocol):
    """The part of the team store that keeps the worksheet."""

    def goals(self, community: str) -> list[Goal]:
        """Its lines, in their order."""

    def keep_goals(self, community: str, goals: Sequence[Goal], by: str, at: datetime) -> None:
        """Keep these, instead of all before."""
