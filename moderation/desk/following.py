"""Following at the desk: the matrix of staff and forums, the own levels, and what colleagues ask of each other.

A level is changed by the person whose it is, as an intent under that person's identity; of a colleague it is asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.content import Forum, Level, Member
from moderation.coverage.ports import Promised as NoPromises
from moderation.coverage.ports import Promises
from moderation.desk.bench import Bench
from moderation.desk.followed_threads import FollowedThreadsDesk
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.following.changes import below
from moderation.following.load import MOST_FORUMS, Load, Suggestion, loads, suggestions
from moderation.following.matrix import ACTIVE_DAYS, Column, Matrix, Rules, matrix
from moderation.following.promised import AtWork, Promised, promised
from moderation.ids import Ref
from moderation.intents import Plan
from moderation.people import Absence, People, Person, absent_until
from moderation.people.ports import FollowingChange
from moderation.persons import LookLog, Permit, Scope
from moderation.plans import Wish, make_plan
from moderation.ports import AuditEntry, CommunityRow

SUGGESTED = timedelta(days=30)
SAME_LOOK = timedelta(minutes=15)
"""Looking at figures of others in the same forum again so soon is no other look."""
_SEES_OTHERS = frozenset({"administrator", "moderator"})
NOT_READ, RIGHT_MISSING = "not_read", "right_missing"


@dataclass(frozen=True, slots=True)
class Followed:
    """The matrix of a community with what must stand beside it. ``confirmed``: the lead has said who is staff; before,
    it is whoever the platform has on its staff, and nothing is called covered or not. ``sees_others``: the account that
    reads may see what others follow. ``default`` is the level of whoever chose none.
    """

    community: str
    matrix: Matrix
    loads: tuple[Load, ...]
    confirmed: bool
    sees_others: bool
    default: Level
    active_days: int
    as_of: datetime | None
    complete_since: datetime | None

    def covered(self, row: int) -> bool | None:
        """Is the forum of this row covered? ``None``: unknown."""
        return self.matrix.rows[row].covered if self.confirmed else None


class FollowingDesk:
    """Who follows what. Reads are local and quick; a change of level is on the disk when the call returns."""

    def __init__(self, bench: Bench, promises: Promises | None = None) -> None:
        self._bench = bench
        self._promises = promises or NoPromises()
        self.threads = FollowedThreadsDesk(bench)
        self._looked: dict[Ref, tuple[datetime, Permit]] = {}

    # The matrix

    def see(self, community: str, forums: Sequence[Ref] = ()) -> Followed:
        """Staff × forums of a community, or of these forums alone.

        Raises ``UnknownIdError`` ``community_unknown``, ``id_unknown`` for a forum that is not there any more.
        """
        row = self._bench.community(community)
        now, settings = self._bench.clock.now(), self._people.people_settings(community)
        shown = self._forums(community, forums)
        people = [person for person in self._people.roster() if person.confirmed and not person.bot]
        staff = [person for person in people if person.on_staff(now)]
        columns = self._columns(row, staff, now) if people else self._platform_columns(row, now)
        accounts = [column.account for column in columns if column.account is not None]
        grid = self._bench.mirror.grid([forum.id for forum in shown], accounts)
        default = Level(settings.get("default_level") or row.info.extra.get("default_level") or Level.TRACKING)
        days = int(settings.get("active_days") or ACTIVE_DAYS)
        rules = Rules(default, timedelta(days=days), row.complete_since)
        found = matrix(shown, columns, grid, self._people.owners(community), rules, now)
        most = int(settings.get("most_forums") or MOST_FORUMS)
        return Followed(
            community, found, tuple(loads(found, most)), bool(people), bool(row.identity.roles & _SEES_OTHERS),
            default, days, row.as_of, row.complete_since,
        )  # fmt: skip

    def promised(self, seen: Followed) -> list[Promised | None]:
        """A row each: how much of the hours promised for a forum nobody who covers it works in the coming week."""
        rules, now = self._promises.rules(), self._bench.clock.now()
        people = {person.id: person for person in self._people.roster()}
        absences: dict[str, list[Absence]] = {}
        for absence in self._people.absences(since=now):
            absences.setdefault(absence.person, []).append(absence)
        found: list[Promised | None] = []
        for row in seen.matrix.rows:
            ids = [seen.matrix.columns[at].person for at in row.present]
            there = [AtWork(people[one].hours, absences.get(one, ())) for one in ids if one in people]
            hours = rules.of(str(row.forum.id)).hours
            found.append(promised(hours, there, now) if hours.periods else None)
        return found

    def expected(self, seen: Followed) -> list[bool]:
        """A row each: is an answer expected in the forum? Where the team says that none is, nobody has to cover it.

        Raises ``StoreError`` ``coverage_rules_unreadable``, as :meth:`promised` does.
        """
        rules = self._promises.rules()
        return [rules.of(str(row.forum.id)).answers for row in seen.matrix.rows]

    def suggestions(self, seen: Followed, forum: Ref) -> list[Suggestion]:
        """Who answers in a forum anyway, in the last thirty days; with figures of others only where the team allows
        them (:class:`moderation.persons.LookLog`). Such a look is in the log; looking again within a quarter of an hour
        is the same look.
        """
        at = next((at for at, row in enumerate(seen.matrix.rows) if row.forum.id == forum), None)
        if at is None:
            raise UnknownIdError("id_unknown", id=str(forum))
        since = self._bench.clock.now() - SUGGESTED
        me = self._me(forum.community)
        return suggestions(
            seen.matrix, at, self._bench.mirror.answerers(forum, since), self._permit(forum, since, me), me
        )

    def goes_along(self, forum: Ref) -> list[Forum]:
        """Forums whose level a change of this one changes too."""
        row = self._bench.community(forum.community)
        if row.info.extra.get("follow_descends") != "yes":
            return []
        return below(self._bench.mirror.forums(forum.community), forum)

    def history(
        self, community: str, *, forum: Ref | None = None, member: Ref | None = None, limit: int = 200
    ) -> list[FollowingChange]:
        """How levels changed, newest first."""
        return self._people.following_history(community, forum=forum, member=member, limit=limit)

    # What the lead sets

    def set_owners(self, forum: Ref, owners: Sequence[Ref]) -> None:
        """Name those who look after a forum. Raises ``UnknownIdError`` ``id_unknown``, ``not_in_roster``."""
        self._forums(forum.community, [forum])
        listed = {account for person in self._people.roster() for account in person.accounts}
        for owner in owners:
            if owner not in listed:
                raise UnknownIdError("not_in_roster", id=str(owner))
        me = self._me(forum.community)
        self._people.set_owners(forum, owners, str(me), self._bench.clock.now())
        self._log(me, "forum_owners", str(forum), "set", {"owners": [str(owner) for owner in owners]})

    def set_rules(
        self, community: str, *, default_level: Level | None = None, active_days: int | None = None,
        most_forums: int | None = None,
    ) -> None:  # fmt: skip
        """How the site is set up and what counts as being there; ``None`` leaves it as it is.

        Raises ``NotAllowedError`` ``days_odd`` for less than one or more than a year.
        """
        me = self._me(community)
        for number in (active_days, most_forums):
            if number is not None and not 1 <= number <= 366:
                raise NotAllowedError("days_odd", number=number)
        given = {"default_level": default_level, "active_days": active_days, "most_forums": most_forums}
        for name, value in given.items():
            if value is not None:
                self._people.set_people_setting(community, name, str(value) if name == "default_level" else value)
                self._log(me, "following_rules", community, "set", {name: value})

    # The own level

    def set_level(self, forums: Iterable[Ref], level: Level, *, hold_seconds: float | None = None) -> list[Plan]:
        """Follow these forums at this level, oneself: a plan a forum, each on its own; forums that others lie below
        go first. What is so already is confirmed without being sent; what was changed elsewhere meanwhile is told.

        Raises ``UnknownIdError`` ``id_unknown``, ``NotAllowedError`` ``capability_missing``.
        """
        wanted = dict.fromkeys(dict.fromkeys(forums), level)
        plans = self.plans(wanted, hold_seconds)
        self.journal(plans)
        return plans

    def plans(self, wanted: dict[Ref, Level], hold_seconds: float | None = None, request: str = "") -> list[Plan]:
        """The same, not journalled yet; for several levels, and for a request of a colleague."""
        made: list[Plan] = []
        for community in dict.fromkeys(forum.community for forum in wanted):
            self._bench.require(community, Capability.FOLLOW_FORUMS)
            mine = [forum for forum in wanted if forum.community == community]
            known = self._forums(community, mine)
            seen = self.own_levels(community)
            for forum in sorted(known, key=lambda one: _depth(one, self._bench.mirror.forums(community))):
                facts = {"level": str(wanted[forum.id]), "ensure": True}
                if forum.id in seen and not request:
                    facts["from"] = str(seen[forum.id])
                if request:
                    facts["request"] = request
                wish = Wish(Action.FOLLOW, forum.id, None, None, "", facts)
                made.append(self._plan(community, wish, hold_seconds, forum.name))
        return made

    def journal(self, plans: Sequence[Plan]) -> None:
        """Write them down and wake the engine."""
        if plans:
            self._bench.journal.add(*plans)
            self._bench.engine.wake("following")

    def own_levels(self, community: str) -> dict[Ref, Level]:
        """How the signed-in person follows forums, as far as that was read."""
        me = self._me(community)
        return self.levels_of(me)

    def levels_of(self, account: Ref) -> dict[Ref, Level]:
        """How an account follows the forums there are, where the server named a level."""
        forums = [forum.id for forum in self._bench.mirror.forums(account.community)]
        grid = self._bench.mirror.grid(forums, [account])
        named = ((forum, grid.level(at, 0)) for at, forum in enumerate(forums))
        return {forum: level for forum, level in named if level is not None}

    # Parts

    @property
    def _people(self) -> People:
        return cast(People, self._bench.team)

    def _permit(self, forum: Ref, since: datetime, me: Ref) -> Permit:
        """Leave to see how often others answered in a forum; where that is off, it is not asked for."""
        log, now, community = cast(LookLog, self._bench.team), self._bench.clock.now(), forum.community
        if not log.person_rules(community).shown:
            return log.permit_own(community, me)
        if (before := self._looked.get(forum)) is not None and timedelta() <= now - before[0] < SAME_LOOK:
            return before[1]
        name = self._bench.community(community).identity.name
        permit = log.permit_all(community, me, name, Scope(since, (str(forum),)), now)
        self._looked[forum] = now, permit
        return permit

    def _me(self, community: str) -> Ref:
        return self._bench.community(community).identity.member

    def _plan(self, community: str, wish: Wish, hold_seconds: float | None, title: str) -> Plan:
        return make_plan(
            [wish],
            self._bench.sender(community),
            now=self._bench.clock.now(),
            new_id=self._bench.ids.new,
            hold_seconds=self._bench.hold_seconds if hold_seconds is None else hold_seconds,
            title=title,
        )

    def _forums(self, community: str, wanted: Sequence[Ref]) -> list[Forum]:
        known = [forum for forum in self._bench.mirror.forums(community) if not forum.gathers]
        by_id = {forum.id: forum for forum in known}
        for ref in wanted:
            if ref not in by_id:
                raise UnknownIdError("id_unknown", id=str(ref))
        return [by_id[ref] for ref in wanted] if wanted else known

    def _columns(self, row: CommunityRow, staff: Sequence[Person], now: datetime) -> list[Column]:
        accounts = [one for person in staff if (one := person.account(row.name)) is not None]
        members = self._bench.mirror.known_members(accounts)
        absences: dict[str, list[Absence]] = {}
        for absence in self._people.absences(since=now):
            absences.setdefault(absence.person, []).append(absence)
        away = {person: absent_until(times, now) for person, times in absences.items()}
        read = self._read(row)
        return [
            self._column(row, person, members.get(account) if account else None, read, away.get(person.id), now)
            for person in staff
            for account in [person.account(row.name)]
        ]

    def _column(
        self, row: CommunityRow, person: Person, member: Member | None, read: dict[Ref, datetime | str],
        away: datetime | None, now: datetime,
    ) -> Column:  # fmt: skip
        account = person.account(row.name)
        told = read.get(account) if account is not None else None
        at, why = (told, "") if isinstance(told, datetime) else (None, told or self._why(row, account))
        return Column(person.id, account, person.name, person.team, at, why, away, _barred(member, now))

    def _platform_columns(self, row: CommunityRow, now: datetime) -> list[Column]:
        """Nobody has confirmed a roster: those of whom the connector read it, or tried to."""
        read = self._read(row)
        members = self._bench.mirror.known_members(list(read))
        found = []
        for account, told in sorted(read.items()):
            member = members.get(account)
            name = member.name if member is not None else account.native
            at, why = (told, "") if isinstance(told, datetime) else (None, told)
            found.append(Column("", account, name, "", at, why, None, _barred(member, now)))
        return found

    def _read(self, row: CommunityRow) -> dict[Ref, datetime | str]:
        """Of whom it is known since when, and of whom it could not be read for which reason."""
        refused: dict[Ref, datetime | str] = {one.member: one.why for one in self._bench.mirror.unreadable(row.name)}
        return refused | dict(self._bench.mirror.followers(row.name))

    def _why(self, row: CommunityRow, account: Ref | None) -> str:
        """Why nothing is known of somebody of whom nothing was read."""
        if account is None:
            return "no_account"
        return NOT_READ if row.identity.roles & _SEES_OTHERS else RIGHT_MISSING

    def _log(self, me: Ref, action: str, target: str, outcome: str, facts: dict[str, object]) -> None:
        now = self._bench.clock.now()
        entry = AuditEntry(now, str(me), action, None, target, "", "", outcome, self._bench.ids.new(), dict(facts))
        self._bench.team.log(entry)


def _barred(member: Member | None, now: datetime) -> bool:
    """May the account not write now?"""
    if member is None:
        return False
    return _holds(member.banned, member.banned_until, now) or _holds(member.muted, member.muted_until, now)


def _holds(is_so: bool | None, until: datetime | None, now: datetime) -> bool:
    return bool(is_so) and (until is None or until > now)


def _depth(forum: Forum, forums: Sequence[Forum]) -> int:
    """How many forums it lies below."""
    parents = {one.id: one.parent for one in forums}
    depth, at, seen = 0, forum.parent, {forum.id}
    while at is not None and at not in seen:
        seen.add(at)
        depth, at = depth + 1, parents.get(at)
    return depth
