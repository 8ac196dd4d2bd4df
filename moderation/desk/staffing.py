"""The roster at the desk: who is staff, as groups propose it and as the lead confirms it, and when they are away."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

from moderation.content import Group
from moderation.coverage.staff import Term
from moderation.desk.bench import Bench
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.people import (
    Absence,
    CalendarImport,
    People,
    Person,
    Proposals,
    StaffGroup,
    absent_until,
    propose,
)
from moderation.ports import AuditEntry

_CHANGEABLE = frozenset({"name", "accounts", "terms", "team", "title", "languages", "hours", "consent", "bot"})
LONGEST_NAME = 120


class Staffing:
    """Who is staff. Every change is in the team's log; nothing is sent to a server."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    # Reading

    def roster(self) -> list[Person]:
        """Everybody, by name; those who left too."""
        return self._people.roster()

    def person(self, which: str) -> Person:
        """The one of this id, account (``community:member:native``, or the account's name) or whole name.

        Raises ``UnknownIdError`` ``person_unknown``, ``NotAllowedError`` ``person_ambiguous``.
        """
        everybody = self.roster()
        by_id = [one for one in everybody if one.id == which or which in map(str, one.accounts)]
        found = by_id or [one for one in everybody if which.strip().casefold() in self._names(one)]
        if not found:
            raise UnknownIdError("person_unknown", which=which[:LONGEST_NAME])
        if len(found) > 1:
            raise NotAllowedError("person_ambiguous", which=which[:LONGEST_NAME], count=len(found))
        return found[0]

    def _names(self, person: Person) -> set[str]:
        accounts = [self._bench.mirror.member(account) for account in person.accounts]
        known = [one for one in accounts if one is not None]
        names = [person.name, *(one.name for one in known), *(one.slug or "" for one in known)]
        return {name.casefold() for name in names if name}

    def groups(self, community: str) -> list[Group]:
        """The server's groups as they were read last."""
        return self._bench.mirror.groups(community)

    def chosen(self, community: str) -> list[StaffGroup]:
        """Groups that the lead said are staff."""
        return self._people.staff_groups(community)

    def proposals(self, community: str) -> Proposals:
        """What groups say beside the roster: who is new, who left, which group is called otherwise."""
        groups, chosen = self.groups(community), self.chosen(community)
        named = [member for group in groups for member in group.members]
        known = self._bench.mirror.known_members(list(dict.fromkeys(named)))
        names = {member: one.name for member, one in known.items()}
        return propose(community, groups, chosen, self.roster(), names, self._now)

    def away(self) -> dict[str, datetime]:
        """Who is away now, by person, with the end of it."""
        now = self._now
        by_person: dict[str, list[Absence]] = {}
        for one in self._people.absences(since=now):
            by_person.setdefault(one.person, []).append(one)
        ends = {person: absent_until(absences, now) for person, absences in by_person.items()}
        return {person: end for person, end in ends.items() if end is not None}

    def absences(self, person: Person) -> list[Absence]:
        """Times away of a person that are not over."""
        return [one for one in self._people.absences(since=self._now) if one.person == person.id]

    def calendars(self) -> dict[str, CalendarImport]:
        """Where absences come from, by person."""
        return {one.person: one for one in self._people.calendars()}

    # Groups

    def choose_group(self, community: str, native: str) -> StaffGroup:
        """This group is staff. What it was called before, where it is another one's new name, is forgotten.

        Raises ``UnknownIdError`` ``group_unknown``.
        """
        group = self._group(community, native)
        for change in self.proposals(community).changed:
            if change.now is not None and change.now.native == group.native:
                self._people.drop_staff_group(community, change.group.native)
        me = self._bench.community(community).identity
        found = StaffGroup(community, group.native, group.name, group.members, str(me.member), self._now)
        self._people.keep_staff_group(found)
        self._log(community, "staff_group", group.native, "chosen", {"name": group.name})
        return found

    def drop_group(self, community: str, native: str) -> None:
        """It is no staff group; people of the roster stay. Raises ``UnknownIdError`` ``group_unknown``."""
        if not self._people.drop_staff_group(community, native):
            raise UnknownIdError("group_unknown", group=native[:LONGEST_NAME])
        self._log(community, "staff_group", native, "dropped", {})

    # People

    def confirm(self, accounts: Iterable[Ref], terms: Sequence[Term] = ()) -> list[Person]:
        """These members are staff: new entries, or those that waited for it. Nothing of an entry is changed else.

        Raises ``UnknownIdError`` ``member_not_read`` for one whom nobody has read, before anything is kept.
        """
        wanted = list(dict.fromkeys(accounts))
        everybody = {account: person for person in self.roster() for account in person.accounts}
        new = [self._new(account, terms) for account in wanted if account not in everybody]
        old = [everybody[account] for account in wanted if account in everybody]
        confirmed = [self._confirmed(person, wanted[0].community) for person in (*new, *dict.fromkeys(old))]
        for person in confirmed:
            self._keep(person, "confirmed")
        return confirmed

    def confirm_group(self, community: str, native: str) -> list[Person]:
        """Choose a group and confirm everybody in it who is not in the roster yet."""
        group = self._group(community, native)
        self.choose_group(community, native)
        listed = {account for person in self.roster() for account in person.accounts}
        fresh = [member for member in group.members if member not in listed]
        return self.confirm(fresh) if fresh else []

    def add(self, name: str, accounts: Sequence[Ref] = ()) -> Person:
        """Add somebody by hand, without an account too: who has none is shown, and covers nothing.

        Raises ``NotAllowedError`` ``name_empty``, ``ConflictError`` ``account_taken``.
        """
        communities = self._bench.mirror.communities()
        where = accounts[0].community if accounts else next((row.name for row in communities), "")
        given = Person(self._bench.ids.new(), self._named(name), tuple(map(self._member, accounts)))
        person = self._confirmed(given, where)
        self._keep(person, "added")
        return person

    def change(self, which: str, **facts: Any) -> Person:
        """Change fields of an entry; raises as :meth:`person` and :meth:`add`."""
        assert facts.keys() <= _CHANGEABLE
        person = self.person(which)
        if "name" in facts:
            facts["name"] = self._named(facts["name"])
        if "accounts" in facts:
            facts["accounts"] = tuple(map(self._member, facts["accounts"]))
        changed = replace(person, **facts)
        if changed != person:
            self._keep(changed, "changed", sorted(facts))
        return changed

    def left(self, which: str, last: date) -> Person:
        """The person's last day on the staff; what was answered until then stays an answer of the staff.

        Raises ``NotAllowedError`` ``left_before_begun``.
        """
        person = self.person(which)
        terms = person.terms or (Term(),)
        kept = tuple(term for term in terms if term.first is None or term.first <= last)
        if not kept:
            raise NotAllowedError("left_before_begun", name=person.name, day=last.isoformat())
        end = kept[-1].last
        kept = (*kept[:-1], Term(kept[-1].first, last if end is None or end > last else end))
        return self.change(person.id, terms=kept)

    def drop(self, which: str) -> Person:
        """Take out an entry that was a mistake; who left stays with a last day, for figures of then."""
        person = self.person(which)
        self._people.drop_person(person.id)
        self._log("", "roster", person.id, "dropped", {})
        return person

    # Calendars

    def keep_calendar(
        self, which: str, source: str, absences: Sequence[Absence], *, covers_until: datetime | None = None,
        made_at: datetime | None = None,
    ) -> CalendarImport:  # fmt: skip
        """What a calendar says now, instead of all that it said before. ``made_at`` is how old what was read is, where
        that is older than the reading (a file).
        """
        person, now = self.person(which), self._now
        own = [replace(one, person=person.id) for one in absences]
        read = min(now, made_at) if made_at is not None else now
        told = CalendarImport(person.id, source, read, covers_until, len(own), now)
        self._people.replace_absences(told, own)
        self._log("", "calendar", person.id, "imported", {"count": len(own)})
        return told

    def calendar_failed(self, which: str, source: str, code: str) -> CalendarImport:
        """A calendar could not be read: what was read before stays, and that it is old is shown."""
        person = self.person(which)
        before = self.calendars().get(person.id, CalendarImport(person.id, source))
        told = replace(before, source=source if before.imported_at is None else before.source)
        told = replace(told, tried_at=self._now, trouble=code)
        self._people.note_calendar(told)
        return told

    def drop_calendar(self, which: str) -> bool:
        """Forget a calendar and what it said."""
        return self._people.drop_calendar(self.person(which).id)

    # Parts

    @property
    def _people(self) -> People:
        return cast(People, self._bench.team)

    @property
    def _now(self) -> datetime:
        return self._bench.clock.now().astimezone(UTC)

    def _group(self, community: str, native: str) -> Group:
        self._bench.community(community)
        wanted = native.casefold()
        for group in self.groups(community):
            if wanted in {group.native.casefold(), group.name.casefold()}:
                return group
        raise UnknownIdError("group_unknown", group=native[:LONGEST_NAME])

    def _new(self, account: Ref, terms: Sequence[Term]) -> Person:
        member = self._bench.mirror.member(self._member(account))
        if member is None:
            raise UnknownIdError("member_not_read", id=str(account))
        return Person(self._bench.ids.new(), self._named(member.name), (account,), tuple(terms))

    def _member(self, account: Ref) -> Ref:
        if account.kind is not Kind.MEMBER:
            raise UnknownIdError("not_a_member", id=str(account))
        self._bench.community(account.community)
        return account

    def _confirmed(self, person: Person, community: str) -> Person:
        me = str(self._bench.community(community).identity.member) if community else "lead"
        return person if person.confirmed else replace(person, confirmed_by=me, confirmed_at=self._now)

    def _named(self, name: str) -> str:
        if not name.strip():
            raise NotAllowedError("name_empty")
        return " ".join(name.split())[:LONGEST_NAME]

    def _keep(self, person: Person, outcome: str, fields: Sequence[str] = ()) -> None:
        self._people.keep_person(person)
        unread = [account for account in person.accounts if self._bench.mirror.member(account) is None]
        if unread:
            self._bench.engine.want(unread)
        self._log("", "roster", person.id, outcome, {"fields": list(fields)} if fields else {})

    def _log(self, community: str, action: str, target: str, outcome: str, facts: dict[str, Any]) -> None:
        rows = self._bench.mirror.communities()
        own = next((row for row in rows if row.name == community), rows[0] if rows else None)
        actor = str(own.identity.member) if own is not None else ""
        entry = AuditEntry(self._now, actor, action, None, target, "", "", outcome, self._bench.ids.new(), facts)
        self._bench.team.log(entry)
