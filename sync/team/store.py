"""The team's port over SQL that every database of the design knows.

Who is first is decided by a unique key, not by reading before writing: two machines may ask at the same moment.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from moderation.ids import Ref
from moderation.ports import AuditEntry, PutOff, TeamNote
from sync.team import tables as t
from sync.team.alarms import SqlAlarms
from sync.team.cards import SqlCards
from sync.team.cases import SqlCases
from sync.team.dismissals import SqlDismissals
from sync.team.followed import SqlFollowed
from sync.team.following import SqlFollowing
from sync.team.goals import SqlGoals
from sync.team.looks import SqlLooks
from sync.team.people import SqlPeople
from sync.team.proofs import SqlProofs
from sync.team.rows import TOUCH, first
from sync.team.tickets import SqlTickets
from sync.vault.alchemy import reading, writing

_CHUNK = 500
_AUDIT = ("at", "actor", "action", "item", "target", "reason", "policy", "outcome", "intent", "facts")
_PUT_OFF = ("item", "member", "until", "at", "reports")
_NOTE = ("id", "item", "author", "author_name", "at", "text")
_NOTES = sa.select(t.note).where(t.note.c.item == sa.bindparam("of")).order_by(t.note.c.at, t.note.c.id)
_CLAIMS = sa.select(t.claim).where(t.claim.c.item.in_(sa.bindparam("items", expanding=True)))
"""Asked for each item that is read: made once."""


class SqlTeam(
    SqlCases,
    SqlTickets,
    SqlProofs,
    SqlDismissals,
    SqlPeople,
    SqlFollowing,
    SqlFollowed,
    SqlAlarms,
    SqlLooks,
    SqlGoals,
    SqlCards,
):
    """Implements :class:`moderation.ports.Team`, and keeps cases with their notes and tickets, proofs, what is not
    private, the roster with what it follows, alarms, goals, presence cards and who looked at figures of persons; any
    number of threads and processes may have one open.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime], *, shared: bool) -> None:
        super().__init__(engine)
        self._now = now
        self._shared = shared

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @property
    def shared(self) -> bool:
        """True when more than this machine uses the store."""
        return self._shared

    def claim(self, item: str, member: str, member_name: str, at: datetime) -> str | None:
        """Claim an item; gives the member who holds it already, ``None`` when the claim is this member's now."""
        row = {"item": item, "member": member, "member_name": member_name, "at": at}
        with writing(self._engine) as db:
            if first(db, t.claim, row, "item"):
                db.execute(TOUCH)
                return None
            holder = db.execute(sa.select(t.claim.c.member).where(t.claim.c.item == item)).scalar_one()
            return None if holder == member else str(holder)

    def release(self, item: str, member: str) -> bool:
        """Give up an own claim; ``False`` when it was not this member's."""
        with writing(self._engine) as db:
            own = sa.and_(t.claim.c.item == item, t.claim.c.member == member)
            given_up = db.execute(t.claim.delete().where(own)).rowcount > 0
            if given_up:
                db.execute(TOUCH)
            return given_up

    def claims(self, items: Sequence[str]) -> dict[str, tuple[str, str, datetime]]:
        """Claims of these items: member id, name, since."""
        found: dict[str, tuple[str, str, datetime]] = {}
        with reading(self._engine) as db:
            for start in range(0, len(items), _CHUNK):
                rows = db.execute(_CLAIMS, {"items": items[start : start + _CHUNK]})
                found |= {row.item: (row.member, row.member_name, row.at) for row in rows}
        return found

    def take_turn(self, item: str, version: str, intent: str) -> str | None:
        """Take (item, version); gives the intent that holds it, ``None`` if it is ours."""
        row = {"item": item, "version": version, "intent": intent, "at": self._now()}
        with writing(self._engine) as db:
            if first(db, t.turn, row, "item", "version"):
                return None
            mine = sa.and_(t.turn.c.item == item, t.turn.c.version == version)
            holder = db.execute(sa.select(t.turn.c.intent).where(mine)).scalar_one()
            return None if holder == intent else str(holder)

    def put_off(self, what: PutOff) -> None:
        """Put an item off for a person, instead of what was said before; what is over is forgotten."""
        with writing(self._engine) as db:
            past = sa.and_(t.put_off.c.member == what.member, t.put_off.c.until <= what.at)
            db.execute(t.put_off.delete().where(sa.or_(_put_off(what.item, what.member), past)))
            db.execute(t.put_off.insert(), {name: getattr(what, name) for name in _PUT_OFF})
            db.execute(TOUCH)

    def take_up(self, item: str, member: str) -> bool:
        """Take it back into this person's queue; ``False`` when it was not put off."""
        with writing(self._engine) as db:
            there = db.execute(t.put_off.delete().where(_put_off(item, member))).rowcount > 0
            if there:
                db.execute(TOUCH)
            return there

    def put_off_by(self, members: Sequence[str]) -> list[PutOff]:
        """What these members have put off, soonest first, the past included."""
        mine = t.put_off.c.member.in_(list(members))
        query = sa.select(t.put_off).where(mine).order_by(t.put_off.c.until, t.put_off.c.item)
        with reading(self._engine) as db:
            return [PutOff(**{name: row[name] for name in _PUT_OFF}) for row in db.execute(query).mappings()]

    def add_note(self, note: TeamNote) -> None:
        """Keep a note; the same id twice is one note."""
        with writing(self._engine) as db:
            if first(db, t.note, {name: getattr(note, name) for name in _NOTE}, "id"):
                db.execute(TOUCH)

    def notes(self, item: str) -> list[TeamNote]:
        """Notes of an item, oldest first."""
        with reading(self._engine) as db:
            rows = db.execute(_NOTES, {"of": item}).mappings()
            return [TeamNote(**{name: row[name] for name in _NOTE}) for row in rows]

    def drop_notes_about(self, gone: Iterable[Ref]) -> int:
        """Delete notes on items that were erased; gives how many."""
        ids = [str(ref) for ref in gone]
        with writing(self._engine) as db:
            dropped = 0
            for start in range(0, len(ids), _CHUNK):
                about = t.note.c.item.in_(ids[start : start + _CHUNK])
                dropped += db.execute(t.note.delete().where(about)).rowcount
            if dropped:
                db.execute(TOUCH)
            return dropped

    def log(self, entry: AuditEntry) -> None:
        """Append to the audit log; the same intent and outcome twice is one entry."""
        with writing(self._engine) as db:
            if first(db, t.audit, {name: getattr(entry, name) for name in _AUDIT}, "intent", "outcome"):
                db.execute(TOUCH)

    def audit(self, *, item: str | None = None, since: datetime | None = None, limit: int = 200) -> list[AuditEntry]:
        """The log, newest first."""
        query = sa.select(t.audit).order_by(t.audit.c.at.desc(), t.audit.c.number.desc()).limit(limit)
        if item is not None:
            query = query.where(t.audit.c.item == item)
        if since is not None:
            query = query.where(t.audit.c.at >= since)
        with reading(self._engine) as db:
            return [AuditEntry(**{name: row[name] for name in _AUDIT}) for row in db.execute(query).mappings()]

    def version(self) -> int:
        """A number that grows with every change by anyone; cheap to poll."""
        with reading(self._engine) as db:
            return int(db.execute(sa.select(t.meta.c.value).where(t.meta.c.name == "version")).scalar_one())


def _put_off(item: str, member: str) -> sa.ColumnElement[bool]:
    return sa.and_(t.put_off.c.item == item, t.put_off.c.member == member)
