"""What the team promises, by forum: hours, goal, how long customers may try first, whether answers are expected."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from moderation.coverage.hours import Hours


@dataclass(frozen=True, slots=True)
class ForumRules:
    """``goal_s`` are working seconds to the staff's first answer, ``None`` where none was set; ``grace_s`` those that
    customers have to answer first. ``answers``: an answer is expected here. ``aim``: the share (0 to 1) of the staff's
    answers that is to be within the goal.
    """

    hours: Hours = field(default_factory=Hours)
    goal_s: float | None = None
    grace_s: float = 0.0
    answers: bool = True
    aim: float | None = None

    @property
    def has_hours(self) -> bool:
        """True where somebody said when it is looked after."""
        return bool(self.hours.periods)


@dataclass(frozen=True, slots=True)
class CoverageRules:
    """Rules by forum (id text); every other forum has the usual ones. ``bots`` are accounts that are programs."""

    usual: ForumRules = field(default_factory=ForumRules)
    forums: Mapping[str, ForumRules] = field(default_factory=dict)
    bots: frozenset[str] = frozenset()

    def of(self, forum: str) -> ForumRules:
        """The rules of a forum."""
        return self.forums.get(forum, self.usual)
