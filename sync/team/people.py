"""The roster in the team store: people with their accounts, absences and calendars, groups, owners, settings."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from moderation.coverage.hours import Hours, Period
from moderation.coverage.staff import Term
from moderation.errors import ConflictError
from moderation.ids import Ref
from moderation.people import Absence, CalendarImport, Consent, Person, StaffGroup
from sync.team import people_tables as t
from sync.team.rows import TOUCH, first
from sync.vault.alchemy import reading, writing

_PERSON = ("id", "name", "team", "title", "confirmed_by", "confirmed_at")
_CALENDAR = ("person", "source", "imported_at", "covers_until", "count", "tried_at", "trouble")
_CHUNK = 500


class SqlPeople:
    """Implements the roster's part of :class:`moderation.people.People` over the engine of a team store."""

    _engine: Engine

    # Roster

    def roster(self) -> list[Person]:
        """Everybody, by name; those who left too."""
        with reading(self._engine) as db:
            accounts: dict[str, list[Ref]] = {}
            for row in db.execute(sa.select(t.account).order_by(t.account.c.member)):
                accounts.setdefault(row.person, []).append(Ref.parse(row.member))
            rows = db.execute(sa.select(t.person)).mappings().all()
        people = [_person(row, tuple(accounts.get(row["id"], ()))) for row in rows]
        return sorted(people, key=lambda person: (person.name.casefold(), person.id))

    def keep_person(self, person: Person) -> None:
        """Keep a person; raises ``ConflictError`` ``account_taken`` where an account belongs to another one."""
        row = {name: getattr(person, name) for name in _PERSON} | _facts_of(person)
        with writing(self._engine) as db:
            if not first(db, t.person, row, "id"):
                db.execute(t.person.update().where(t.person.c.id == person.id).values(row))
            db.execute(t.account.delete().where(t.account.c.person == person.id))
            for account in person.accounts:
                if not first(db, t.account, {"member": str(account), "person": person.id}, "member"):
                    raise ConflictError("account_taken", member=str(account), name=_holder(db, account))
            db.execute(TOUCH)

    def drop_person(self, person: str) -> bool:
        """Delete an entry with its absences; ``False``: not there."""
        with writing(self._engine) as db:
            there = db.execute(t.person.delete().where(t.person.c.id == person)).rowcount > 0
            for table in (t.account, t.absence, t.calendar):
                db.execute(table.delete().where(table.c.person == person))
            db.execute(TOUCH)
        return there

    # Groups and settings

    def staff_groups(self, community: str) -> list[StaffGroup]:
        """Groups that the lead said are staff, by name."""
        query = sa.select(t.staff_group).where(t.staff_group.c.community == community)
        with reading(self._engine) as db:
            found = [_group(row) for row in db.execute(query).mappings()]
        return sorted(found, key=lambda group: (group.name.casefold(), group.native))

    def keep_staff_group(self, group: StaffGroup) -> None:
        """Keep one, instead of what was known of it."""
        row = {name: getattr(group, name) for name in ("community", "native", "name", "chosen_by", "chosen_at")}
        row["members"] = [str(member) for member in group.members]
        with writing(self._engine) as db:
            if not first(db, t.staff_group, row, "community", "native"):
                db.execute(t.staff_group.update().where(_of_group(group.community, group.native)).values(row))
            db.execute(TOUCH)

    def drop_staff_group(self, community: str, native: str) -> bool:
        """It is no staff group; ``False``: it was none."""
        with writing(self._engine) as db:
            there = db.execute(t.staff_group.delete().where(_of_group(community, native))).rowcount > 0
            db.execute(TOUCH)
        return there

    def people_settings(self, community: str) -> dict[str, Any]:
        """What the lead has set."""
        query = sa.select(t.people_setting).where(t.people_setting.c.community == community)
        with reading(self._engine) as db:
            return {row.name: row.value for row in db.execute(query)}

    def set_people_setting(self, community: str, name: str, value: Any) -> None:
        """Set one; ``None`` takes it back."""
        mine = sa.and_(t.people_setting.c.community == community, t.people_setting.c.name == name)
        with writing(self._engine) as db:
            db.execute(t.people_setting.delete().where(mine))
            if value is not None:
                db.execute(t.people_setting.insert(), {"community": community, "name": name, "value": value})
            db.execute(TOUCH)

    # Absences

    def absences(self, since: datetime | None = None) -> list[Absence]:
        """Times away, by person and time; with ``since`` those that end after it."""
        query = sa.select(t.absence).order_by(t.absence.c.person, t.absence.c.start, t.absence.c.end)
        if since is not None:
            query = query.where(t.absence.c.end > since)
        with reading(self._engine) as db:
            return [Absence(row.start, row.end, row.person) for row in db.execute(query)]

    def replace_absences(self, told: CalendarImport, absences: Sequence[Absence]) -> None:
        """What a person's calendar says now, instead of all that it said before."""
        rows = [{"person": told.person, "start": one.start, "end": one.end} for one in sorted(set(absences))]
        with writing(self._engine) as db:
            db.execute(t.absence.delete().where(t.absence.c.person == told.person))
            if rows:
                db.execute(t.absence.insert(), rows)
            _keep_calendar(db, told)

    def note_calendar(self, told: CalendarImport) -> None:
        """How an import went, without touching what was imported before."""
        with writing(self._engine) as db:
            _keep_calendar(db, told)

    def drop_calendar(self, person: str) -> bool:
        """Forget a calendar and its absences; ``False``: there was none."""
        with writing(self._engine) as db:
            there = db.execute(t.calendar.delete().where(t.calendar.c.person == person)).rowcount > 0
            db.execute(t.absence.delete().where(t.absence.c.person == person))
            db.execute(TOUCH)
        return there

    def calendars(self) -> list[CalendarImport]:
        """All imports, by person."""
        query = sa.select(t.calendar).order_by(t.calendar.c.person)
        with reading(self._engine) as db:
            return [CalendarImport(**{name: row[name] for name in _CALENDAR}) for row in db.execute(query).mappings()]

    # Owners

    def owners(self, community: str) -> dict[Ref, tuple[Ref, ...]]:
        """Members who are named as looking after a forum, by forum."""
        head = f"{community}:"
        query = sa.select(t.forum_owner).where(t.forum_owner.c.forum.startswith(head, autoescape=True))
        found: dict[Ref, list[Ref]] = {}
        with reading(self._engine) as db:
            for row in db.execute(query.order_by(t.forum_owner.c.forum, t.forum_owner.c.place)):
                found.setdefault(Ref.parse(row.forum), []).append(Ref.parse(row.member))
        return {forum: tuple(members) for forum, members in found.items()}

    def set_owners(self, forum: Ref, owners: Sequence[Ref], by: str, at: datetime) -> None:
        """Name those who look after a forum, instead of those before."""
        rows = [
            {"forum": str(forum), "member": str(owner), "place": place, "by": by, "at": at}
            for place, owner in enumerate(dict.fromkeys(owners))
        ]
        with writing(self._engine) as db:
            db.execute(t.forum_owner.delete().where(t.forum_owner.c.forum == str(forum)))
            if rows:
                db.execute(t.forum_owner.insert(), rows)
            db.execute(TOUCH)

    # Forgetting

    def forget_people(self, gone: Iterable[Ref]) -> int:
        """Accounts that were erased leave everything here, with a person who has no other; gives how many rows went."""
        ids, dropped = [str(ref) for ref in gone], 0
        with writing(self._engine) as db:
            for start in range(0, len(ids), _CHUNK):
                dropped += _forget(db, ids[start : start + _CHUNK])
            if dropped:
                db.execute(TOUCH)
        return dropped


def _forget(db: Connection, ids: list[str]) -> int:
    held = db.execute(sa.select(t.account.c.person).where(t.account.c.member.in_(ids))).scalars().all()
    dropped = db.execute(t.account.delete().where(t.account.c.member.in_(ids))).rowcount
    left = sa.select(t.account.c.person).where(t.account.c.person.in_(held))
    alone = set(held) - set(db.execute(left).scalars())
    db.execute(t.person.delete().where(t.person.c.id.in_(alone)))
    for table in (t.absence, t.calendar):
        db.execute(table.delete().where(table.c.person.in_(alone)))
    asked = sa.or_(*(t.follow_request.c[name].in_(ids) for name in ("asked_by", "asked_of", "instead_of")))
    dropped += db.execute(t.follow_request.delete().where(asked)).rowcount
    for owned in (t.forum_owner, t.following_change):
        dropped += db.execute(owned.delete().where(owned.c.member.in_(ids))).rowcount
        dropped += db.execute(owned.delete().where(owned.c.forum.in_(ids))).rowcount
    return dropped + db.execute(t.followed_threads.delete().where(t.followed_threads.c.member.in_(ids))).rowcount


def _keep_calendar(db: Connection, told: CalendarImport) -> None:
    row = {name: getattr(told, name) for name in _CALENDAR}
    if not first(db, t.calendar, row, "person"):
        db.execute(t.calendar.update().where(t.calendar.c.person == told.person).values(row))
    db.execute(TOUCH)


def _holder(db: Connection, account: Ref) -> str:
    joined = t.person.join(t.account, t.account.c.person == t.person.c.id)
    query = sa.select(t.person.c.name).select_from(joined).where(t.account.c.member == str(account))
    return str(db.execute(query).scalar() or "")


def _of_group(community: str, native: str) -> sa.ColumnElement[bool]:
    return sa.and_(t.staff_group.c.community == community, t.staff_group.c.native == native)


def _facts_of(person: Person) -> dict[str, Any]:
    """What is kept in another form than it is used in."""
    hours = person.hours
    return {
        "terms": [[_day(term.first), _day(term.last)] for term in person.terms],
        "languages": list(person.languages),
        "hours": {"zone": hours.zone, "periods": [[p.weekday, p.start, p.end] for p in hours.periods]},
        "consent": person.consent.value,
        "bot": int(person.bot),
    }


def _person(row: sa.RowMapping, accounts: tuple[Ref, ...]) -> Person:
    hours = row["hours"]
    return Person(
        **{name: row[name] for name in _PERSON},
        accounts=accounts,
        terms=tuple(Term(_as_day(begin), _as_day(end)) for begin, end in row["terms"]),
        languages=tuple(row["languages"]),
        hours=Hours(hours["zone"], tuple(Period(*period) for period in hours["periods"])),
        consent=Consent(row["consent"]),
        bot=bool(row["bot"]),
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _as_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _group(row: sa.RowMapping) -> StaffGroup:
    given = {name: row[name] for name in ("community", "native", "name", "chosen_by", "chosen_at")}
    return StaffGroup(**given, members=tuple(Ref.parse(member) for member in row["members"]))
