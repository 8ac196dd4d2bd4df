"""Alarms in the team store, and where they were told.

Whoever writes first has raised an alarm, and whoever takes a telling first sends it: two engines may look at the same
moment.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from moderation.alarms.delivery import Telling, Told
from moderation.alarms.model import Alarm, AlarmKind
from moderation.ids import Ref
from sync.team import alarm_tables as t
from sync.team.rows import TOUCH, first
from sync.vault.alchemy import reading, writing

_CHUNK = 300
_PLAIN = (
    "key", "number", "facts", "raised_at", "seen_at", "clear_at", "ended_at", "owner", "owner_name", "owned_at",
    "silenced_by", "silenced_name", "silenced_at", "silenced_until", "reason",
)  # fmt: skip
_COURSE = ("facts", "seen_at", "clear_at", "ended_at")
_TELLING = ("key", "number", "channel", "due_at", "tries", "bundle", "at", "trouble")
_NOBODY = {"owner": "", "owner_name": "", "owned_at": None}


class SqlAlarms:
    """Implements :class:`moderation.alarms.ports.AlarmStore` over the engine of a team store."""

    _engine: Engine

    # Alarms

    def alarms(self, community: str | None = None, *, active: bool = False) -> list[Alarm]:
        """The newest alarm of each key, newest first."""
        newest = sa.select(t.alarm.c.key, sa.func.max(t.alarm.c.number).label("number")).group_by(t.alarm.c.key)
        last = newest.subquery()
        query = sa.select(t.alarm).join(last, sa.and_(last.c.key == t.alarm.c.key, last.c.number == t.alarm.c.number))
        if community is not None:
            query = query.where(t.alarm.c.community == community)
        if active:
            query = query.where(t.alarm.c.ended_at.is_(None))
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(t.alarm.c.raised_at.desc(), t.alarm.c.key)).mappings().all()
        return [_alarm(row) for row in rows]

    def raise_alarms(self, alarms: Sequence[Alarm], tellings: Sequence[Telling]) -> list[Alarm]:
        """Keep new alarms with what is to be told of them; gives those that nobody else raised."""
        if not alarms:
            return []
        with writing(self._engine) as db:
            raised = [alarm for alarm in alarms if first(db, t.alarm, _row(alarm), "key", "number")]
            own = {(alarm.key, alarm.number) for alarm in raised}
            rows = [_telling_row(one) for one in tellings if (one.key, one.number) in own]
            if rows:
                db.execute(t.telling.insert(), rows)
            if raised:
                db.execute(TOUCH)
        return raised

    def keep_course(self, alarms: Sequence[Alarm]) -> None:
        """How known alarms go on; owner and silence stay as they are."""
        if not alarms:
            return
        with writing(self._engine) as db:
            for alarm in alarms:
                row = {name: getattr(alarm, name) for name in _COURSE} | {"forum": str(alarm.forum)}
                db.execute(t.alarm.update().where(_is(alarm)).values(row))
            db.execute(TOUCH)

    def own_alarm(self, alarm: Alarm, by: str, by_name: str, at: datetime) -> str | None:
        """Take it; gives the name of who has it already, ``None`` where it is one's own now."""
        with writing(self._engine) as db:
            free = sa.and_(_is(alarm), t.alarm.c.owner.in_(("", by)))
            taken = db.execute(t.alarm.update().where(free).values(owner=by, owner_name=by_name, owned_at=at))
            db.execute(TOUCH)
            if taken.rowcount:
                return None
            return str(db.execute(sa.select(t.alarm.c.owner_name).where(_is(alarm))).scalar() or "")

    def release_alarm(self, alarm: Alarm, by: str) -> bool:
        """Give it up; ``False`` where it was not one's own."""
        with writing(self._engine) as db:
            mine = sa.and_(_is(alarm), t.alarm.c.owner == by)
            given = db.execute(t.alarm.update().where(mine).values(_NOBODY)).rowcount > 0
            db.execute(TOUCH)
        return given

    def silence_alarm(
        self, alarm: Alarm, reason: str, by: str, by_name: str, at: datetime, until: datetime | None
    ) -> None:
        """Silence it, instead of what was said before; an empty reason: it speaks again."""
        speaks = {"silenced_by": "", "silenced_name": "", "silenced_at": None, "silenced_until": None}
        silent = {"silenced_by": by, "silenced_name": by_name, "silenced_at": at, "silenced_until": until}
        with writing(self._engine) as db:
            values = (silent if reason else speaks) | {"reason": reason}
            db.execute(t.alarm.update().where(_is(alarm)).values(values))
            db.execute(TOUCH)

    # Tellings

    def tellings(self, community: str | None = None) -> list[Telling]:
        """All that there are, of a community's alarms."""
        same = sa.and_(t.alarm.c.key == t.telling.c.key, t.alarm.c.number == t.telling.c.number)
        query = sa.select(t.telling).select_from(t.telling.join(t.alarm, same))
        if community is not None:
            query = query.where(t.alarm.c.community == community)
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(t.telling.c.key, t.telling.c.number, t.telling.c.channel)).mappings().all()
        return [_telling(row) for row in rows]

    def next_telling(self) -> datetime | None:
        """When the next one is due that waits, or was taken and may have been cut off."""
        query = sa.select(t.telling.c.due_at).where(t.telling.c.state.in_((Told.WAITING.value, Told.SENDING.value)))
        with reading(self._engine) as db:
            due: datetime | None = db.execute(query.order_by(t.telling.c.due_at).limit(1)).scalar()
        return due

    def due_tellings(self, channel: str, now: datetime) -> list[Telling]:
        """What waits in a channel and is due, oldest first. What was cut off while it was sent is ``unclear`` then."""
        here, due = t.telling.c.channel == channel, t.telling.c.due_at <= now
        cut_off = sa.and_(here, due, t.telling.c.state == Told.SENDING.value)
        waits = sa.and_(here, due, t.telling.c.state == Told.WAITING.value)
        unclear = {"state": Told.UNCLEAR.value, "at": now, "due_at": None, "trouble": "alarm_cut_off"}
        with writing(self._engine) as db:
            if db.execute(t.telling.update().where(cut_off).values(unclear)).rowcount:
                db.execute(TOUCH)
            rows = db.execute(sa.select(t.telling).where(waits).order_by(t.telling.c.due_at)).mappings().all()
        return [_telling(row) for row in rows]

    def take_tellings(self, tellings: Sequence[Telling], bundle: str, now: datetime, until: datetime) -> list[Telling]:
        """Take them for one message; gives those that were still waiting and are one's own now."""
        values = {"state": Told.SENDING.value, "bundle": bundle, "due_at": until, "at": now, "trouble": ""}
        with writing(self._engine) as db:
            taken = [
                one
                for one in tellings
                if db.execute(
                    t.telling.update().where(_waits(one)).values({**values, "tries": t.telling.c.tries + 1})
                ).rowcount
            ]
            db.execute(TOUCH)
        return taken

    def end_tellings(
        self, bundle: str, state: Told, now: datetime, trouble: str = "", due_at: datetime | None = None
    ) -> None:
        """What became of a message; ``waiting`` with the next try."""
        mine = sa.and_(t.telling.c.bundle == bundle, t.telling.c.state == Told.SENDING.value)
        values = {"state": state.value, "at": now, "trouble": trouble, "due_at": due_at}
        with writing(self._engine) as db:
            db.execute(t.telling.update().where(mine).values(values))
            db.execute(TOUCH)

    def drop_tellings(self, tellings: Sequence[Telling], now: datetime) -> None:
        """They need not be told any more, where they still wait."""
        values = {"state": Told.NOT_NEEDED.value, "at": now, "due_at": None}
        with writing(self._engine) as db:
            for one in tellings:
                db.execute(t.telling.update().where(_waits(one)).values(values))
            db.execute(TOUCH)

    # Forgetting

    def prune_alarms(self, before: datetime) -> int:
        """Let go of alarms that ended before; gives how many there were."""
        over = sa.select(t.alarm.c.key, t.alarm.c.number).where(t.alarm.c.ended_at < before)
        with writing(self._engine) as db:
            rows = db.execute(over).all()
            _delete(db, [(row.key, row.number) for row in rows])
        return len(rows)

    def forget_alarms(self, gone: Iterable[Ref]) -> int:
        """Threads and members that were erased leave the alarms; gives how many rows were touched."""
        ids, touched = [str(ref) for ref in gone], 0
        with writing(self._engine) as db:
            for start in range(0, len(ids), _CHUNK):
                some = ids[start : start + _CHUNK]
                about = sa.or_(t.alarm.c.subject.in_(some), t.alarm.c.forum.in_(some))
                rows = db.execute(sa.select(t.alarm.c.key, t.alarm.c.number).where(about)).all()
                _delete(db, [(row.key, row.number) for row in rows])
                touched += len(rows)
                touched += db.execute(t.alarm.update().where(t.alarm.c.owner.in_(some)).values(_NOBODY)).rowcount
                nameless = {"silenced_by": "gone", "silenced_name": ""}
                touched += db.execute(t.alarm.update().where(t.alarm.c.silenced_by.in_(some)).values(nameless)).rowcount
            if touched:
                db.execute(TOUCH)
        return touched


def _delete(db: Connection, keys: Sequence[tuple[str, int]]) -> None:
    for key, number in keys:
        for table in (t.telling, t.alarm):
            db.execute(table.delete().where(sa.and_(table.c.key == key, table.c.number == number)))


def _is(alarm: Alarm) -> sa.ColumnElement[bool]:
    return sa.and_(t.alarm.c.key == alarm.key, t.alarm.c.number == alarm.number)


def _waits(one: Telling) -> sa.ColumnElement[bool]:
    same = (t.telling.c.key == one.key, t.telling.c.number == one.number, t.telling.c.channel == one.channel)
    return sa.and_(*same, t.telling.c.state == Told.WAITING.value)


def _row(alarm: Alarm) -> dict[str, Any]:
    given = {name: getattr(alarm, name) for name in _PLAIN} | {"facts": dict(alarm.facts)}
    named = {"kind": alarm.kind.value, "subject": str(alarm.subject), "forum": str(alarm.forum)}
    return given | named | {"community": alarm.community}


def _alarm(row: sa.RowMapping) -> Alarm:
    return Alarm(
        **{name: row[name] for name in _PLAIN},
        kind=AlarmKind(row["kind"]),
        subject=Ref.parse(row["subject"]),
        forum=Ref.parse(row["forum"]),
    )


def _telling_row(one: Telling) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _TELLING} | {"state": one.state.value}


def _telling(row: sa.RowMapping) -> Telling:
    return Telling(**{name: row[name] for name in _TELLING}, state=Told(row["state"]))
