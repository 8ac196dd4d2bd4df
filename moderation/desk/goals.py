"""The worksheet of goals at the desk: read and kept whole, and how each goal stands by live figures."""

from collections.abc import Sequence
from typing import cast

from moderation.desk.bench import Bench
from moderation.desk.coverage import Seen
from moderation.errors import UnknownIdError
from moderation.goals import Goal, Goals, Standing, read_sheet, standing
from moderation.ports import AuditEntry


class GoalsDesk:
    """Goals of a community, in the team's store."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def goals(self, community: str) -> list[Goal]:
        """The lines of the worksheet."""
        return self._store.goals(self._bench.community(community).name)

    def standing(self, seen: Seen) -> list[Standing]:
        """Each with its figure, now and in the time before where that was asked for."""
        before = seen.before.total if seen.before is not None else None
        return standing(self.goals(seen.community), seen.covered.total, before)

    def read(self, community: str, text: str) -> list[Goal]:
        """The goals of a worksheet as a text; nothing is kept. Raises ``NotAllowedError`` ``goals_odd``."""
        return read_sheet(text, {str(forum.id) for forum in self._bench.mirror.forums(community)})

    def keep(self, community: str, goals: Sequence[Goal]) -> None:
        """Keep these, instead of all before; it stands in the team's log."""
        me, now = self._bench.community(community).identity.member, self._bench.clock.now()
        self._store.keep_goals(community, goals, str(me), now)
        facts = {"count": len(goals)}
        self._bench.team.log(
            AuditEntry(now, str(me), "goals", None, community, "", "", "set", self._bench.ids.new(), facts)
        )

    def drop(self, community: str, number: int) -> list[Goal]:
        """Take out the line of that number (from 1); raises ``UnknownIdError`` ``goal_unknown``."""
        goals = self.goals(community)
        if not 1 <= number <= len(goals):
            raise UnknownIdError("goal_unknown", number=number)
        kept = [goal for place, goal in enumerate(goals, 1) if place != number]
        self.keep(community, kept)
        return kept

    @property
    def _store(self) -> Goals:
        return cast(Goals, self._bench.team)
