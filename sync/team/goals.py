"""The worksheet of goals in the team store."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from moderation.goals.model import Goal
from moderation.goals.sheet import parse_target, target_text
from sync.team import figure_tables as t
from sync.team.rows import TOUCH
from sync.vault.alchemy import reading, writing

_TEXTS = ("department", "goal", "problem", "measure")


class SqlGoals:
    """Implements :class:`moderation.goals.Goals` over the engine of a team store."""

    _engine: Engine

    def goals(self, community: str) -> list[Goal]:
        """Its lines, in their order."""
        query = sa.select(t.goal).where(t.goal.c.community == community).order_by(t.goal.c.place)
        with reading(self._engine) as db:
            return [_goal(row) for row in db.execute(query).mappings()]

    def keep_goals(self, community: str, goals: Sequence[Goal], by: str, at: datetime) -> None:
        """Keep these, instead of all before."""
        rows = [
            {name: getattr(goal, name) for name in _TEXTS}
            | {"community": community, "place": place, "forums": list(goal.forums), "by": by, "at": at}
            | {"target": target_text(goal.target, goal.measure) if goal.target is not None else ""}
            for place, goal in enumerate(goals)
        ]
        with writing(self._engine) as db:
            db.execute(t.goal.delete().where(t.goal.c.community == community))
            if rows:
                db.execute(t.goal.insert(), rows)
            db.execute(TOUCH)


def _goal(row: sa.RowMapping) -> Goal:
    target = parse_target(row["target"], row["measure"]) if row["target"] else None
    return Goal(**{name: row[name] for name in _TEXTS}, target=target, forums=tuple(row["forums"]))
