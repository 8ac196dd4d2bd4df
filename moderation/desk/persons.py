"""Figures of persons at the desk: one's own, everybody's where the team allows it, and those of teams."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from moderation.cases import Cases
from moderation.coverage.facts import ThreadFacts
from moderation.coverage.kept import FactReader
from moderation.coverage.ports import Promised, Promises
from moderation.coverage.staff import Crew
from moderation.desk.bench import Bench
from moderation.desk.coverage import Coverage, marks_of
from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.people import People
from moderation.persons import Look, LookLog, PersonFigures, PersonRules, Scope, by_person, by_team
from moderation.ports import AuditEntry


@dataclass(frozen=True, slots=True)
class _Told:
    threads: Sequence[ThreadFacts]
    crew: Crew
    pointers: frozenset[str]


_Compute = Callable[[_Told], list[PersonFigures]]


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures by person or team. ``names`` are of members (native ids); ``rules`` what holds."""

    community: str
    since: datetime
    as_of: datetime
    figures: tuple[PersonFigures, ...]
    names: dict[str, str]
    rules: PersonRules


class Persons:
    """The one reader of figures by person. A call takes about as long as coverage does."""

    def __init__(self, bench: Bench, coverage: Coverage, promises: Promises | None = None) -> None:
        self._bench = bench
        self._coverage = coverage
        self._promises = promises or Promised()

    def own(self, community: str, since: datetime, forums: Sequence[Ref] = ()) -> Shown:
        """Those of the person who is signed in."""
        permit = self._log.permit_own(community, self._bench.community(community).identity.member)
        return self._shown(
            community, since, forums, lambda told: by_person(permit, told.threads, told.crew, told.pointers)
        )

    def everybody(self, community: str, since: datetime, forums: Sequence[Ref] = ()) -> Shown:
        """Those of everybody. The look is in the log, whatever comes of it.

        Raises ``NotAllowedError`` ``persons_off``, ``persons_group_small``.
        """
        me, now = self._bench.community(community).identity, self._bench.clock.now()
        scope = Scope(since, tuple(map(str, forums)))
        permit = self._log.permit_all(community, me.member, me.name, scope, now)
        return self._shown(
            community, since, forums, lambda told: by_person(permit, told.threads, told.crew, told.pointers)
        )

    def teams(self, community: str, since: datetime, forums: Sequence[Ref] = ()) -> Shown:
        """Those of the roster's teams, small ones together."""
        least = self._log.person_rules(community).least_group
        roster = cast(People, self._bench.team).roster()
        teams = {
            account.native: one.team for one in roster for account in one.accounts if account.community == community
        }
        return self._shown(
            community, since, forums, lambda told: by_team(told.threads, told.crew, teams, least, told.pointers)
        )

    def rules(self, community: str) -> PersonRules:
        """What holds in a community."""
        return self._log.person_rules(self._bench.community(community).name)

    def set_rules(self, community: str, *, shown: bool | None = None, least_group: int | None = None) -> PersonRules:
        """Switch figures by person on or off, or say how many are a group; it stands in the team's log.

        Raises ``NotAllowedError`` ``persons_least_odd`` for less than two or more than a thousand.
        """
        if least_group is not None and not 2 <= least_group <= 1000:
            raise NotAllowedError("persons_least_odd", count=least_group)
        before = self.rules(community)
        rules = PersonRules(
            before.shown if shown is None else shown, before.least_group if least_group is None else least_group
        )
        if rules != before:
            self._log.set_person_rules(community, rules)
            me, now = self._bench.community(community).identity.member, self._bench.clock.now()
            facts = {"shown": rules.shown, "least_group": rules.least_group}
            self._bench.team.log(
                AuditEntry(now, str(me), "person_figures", None, community, "", "", "set", self._bench.ids.new(), facts)
            )
        return rules

    def looks(self, community: str, limit: int = 200) -> list[Look]:
        """Who looked at figures of others, newest first."""
        return self._log.looks(community, limit)

    # Parts

    @property
    def _log(self) -> LookLog:
        return cast(LookLog, self._bench.team)

    def _shown(self, community: str, since: datetime, forums: Sequence[Ref], compute: _Compute) -> Shown:
        seen = self._coverage.see(community, since, forums=forums)
        reader = cast(FactReader, self._bench.mirror)
        threads = reader.thread_facts(community, [ref.native for ref in seen.rows("threads")])
        crew = self._promises.staff(community, reader.platform_staff(community)).crew(community)
        pointers = marks_of(cast(Cases, self._bench.team).cases(community=community)).pointers
        figures = tuple(compute(_Told(threads, crew, pointers)))
        members = [Ref(community, Kind.MEMBER, one.who) for one in figures if one.who]
        known = self._bench.mirror.known_members(members)
        names = {member.native: one.name for member, one in known.items()}
        return Shown(community, since, seen.as_of, figures, names, self._log.person_rules(community))
