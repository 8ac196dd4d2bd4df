"""Figures of persons are guarded here: without the team's leave no permit, and no look without a line in the log."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from moderation.errors import NotAllowedError
from moderation.ids import Ref
from moderation.persons import LEAST_GROUP, Look, Permit, PersonRules, Scope
from sync.team import figure_tables as t
from sync.team import people_tables as p
from sync.team.rows import TOUCH
from sync.vault.alchemy import reading, writing

_SHOWN, _LEAST = "figures_by_person", "figures_least_group"


class SqlLooks:
    """Implements :class:`moderation.persons.LookLog` over the engine of a team store."""

    _engine: Engine

    def person_rules(self, community: str) -> PersonRules:
        """What holds now: off, until somebody switched it on."""
        with reading(self._engine) as db:
            return _rules(db, community)

    def set_person_rules(self, community: str, rules: PersonRules) -> None:
        """Set it."""
        values: dict[str, Any] = {_SHOWN: rules.shown, _LEAST: rules.least_group}
        with writing(self._engine) as db:
            db.execute(p.people_setting.delete().where(_settings(community)))
            rows = [{"community": community, "name": name, "value": value} for name, value in values.items()]
            db.execute(p.people_setting.insert(), rows)
            db.execute(TOUCH)

    def permit_own(self, community: str, member: Ref) -> Permit:
        """Leave to see one's own figures."""
        return Permit(community, member)

    def permit_all(self, community: str, by: Ref, by_name: str, scope: Scope, at: datetime) -> Permit:
        """Leave to see those of others, with a line in the log; raises ``NotAllowedError`` ``persons_off``."""
        with writing(self._engine) as db:
            rules = _rules(db, community)
            told = {"since": scope.since.isoformat(), "forums": list(scope.forums)}
            row = {"at": at, "by": str(by), "by_name": by_name, "community": community, "scope": told}
            db.execute(t.look.insert(), {**row, "outcome": "allowed" if rules.shown else "refused"})
            db.execute(TOUCH)
        if not rules.shown:
            raise NotAllowedError("persons_off", community=community)
        return Permit(community, None, rules.least_group)

    def looks(self, community: str, limit: int = 200) -> list[Look]:
        """The log, newest first."""
        query = sa.select(t.look).where(t.look.c.community == community)
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(t.look.c.at.desc(), t.look.c.number.desc()).limit(limit)).mappings().all()
        return [_look(row) for row in rows]


def _settings(community: str) -> sa.ColumnElement[bool]:
    return sa.and_(p.people_setting.c.community == community, p.people_setting.c.name.in_((_SHOWN, _LEAST)))


def _rules(db: Connection, community: str) -> PersonRules:
    rows = db.execute(sa.select(p.people_setting).where(_settings(community)))
    told = {row.name: row.value for row in rows}
    return PersonRules(told.get(_SHOWN) is True, max(2, int(told.get(_LEAST, LEAST_GROUP))))


def _look(row: sa.RowMapping) -> Look:
    scope = Scope(datetime.fromisoformat(row["scope"]["since"]), tuple(row["scope"]["forums"]))
    return Look(row["at"], row["by"], row["by_name"], row["community"], scope, row["outcome"])
