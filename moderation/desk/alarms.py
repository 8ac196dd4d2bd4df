"""Alarms at the desk: looking for what is wrong, who sees to it, and why one is silent."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, cast

from moderation.alarms.course import follow
from moderation.alarms.delivery import Channel, Telling
from moderation.alarms.gaps import ABOUT_GAPS, gaps
from moderation.alarms.model import ABOUT_THREADS, Alarm, AlarmKind, Observed
from moderation.alarms.ports import AlarmStore
from moderation.alarms.telling import Named
from moderation.alarms.unhappy import Unhappy
from moderation.alarms.volume import WEEK_MS, WEEKS, Volume, VolumeReader, flare_ups
from moderation.alarms.waiting import waiting
from moderation.changes import ChangeRecord, Table
from moderation.content import Forum
from moderation.coverage.kept import FactReader
from moderation.coverage.ports import Promised, Promises
from moderation.desk.bench import Bench
from moderation.desk.coverage import Coverage
from moderation.desk.following import FollowingDesk
from moderation.errors import ConflictError, NotAllowedError, StoreError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.ports import AuditEntry, CommunityRow

LOOK_BACK = timedelta(days=30)
"""Threads that are older wait for something else than an alarm."""
KEPT = timedelta(days=90)
USUAL_HOLDS = timedelta(minutes=30)
"""How long what is usual at an hour is taken for usual."""
LONGEST_REASON = 500


class AlarmWays(Protocol):
    """What the home says of alarms."""

    def channels(self) -> Sequence[Channel]:
        """Where they are told besides; raises ``StoreError`` where the settings cannot be read."""

    def unhappy(self) -> Unhappy:
        """Which posts sound unhappy."""


class NoWays:
    """Nothing was set: alarms are told nowhere else, and no post sounds unhappy."""

    def channels(self) -> Sequence[Channel]:
        """None."""
        return ()

    def unhappy(self) -> Unhappy:
        """None does."""
        return lambda text: False


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look did. ``troubles`` are codes of what could not be judged."""

    raised: tuple[Alarm, ...] = ()
    ended: tuple[Alarm, ...] = ()
    troubles: tuple[StoreError, ...] = ()

    def changes(self) -> list[ChangeRecord]:
        """For those who listen."""
        ids = tuple(alarm.key for alarm in (*self.raised, *self.ended))
        return [ChangeRecord(Table.ALARM, ids)] if ids else []


@dataclass(slots=True)
class _Usual:
    until: datetime
    weeks: int = 0
    before: dict[str, list[Volume]] = field(default_factory=dict)


class Alarms:
    """Looks, lists, owns and silences. One belongs to one thread; a look takes about as long as coverage does."""

    def __init__(
        self,
        bench: Bench,
        following: FollowingDesk,
        coverage: Coverage,
        promises: Promises | None = None,
        ways: AlarmWays | None = None,
    ) -> None:
        self._bench = bench
        self._following = following
        self._coverage = coverage
        self._promises = promises or Promised()
        self._ways = ways or NoWays()
        self._usual: dict[str, _Usual] = {}

    # Looking

    def look(self, community: str) -> Looked:
        """Look at a community once and keep what that changes. Raises ``UnknownIdError`` ``community_unknown``."""
        row, now = self._bench.community(community), self._bench.clock.now()
        if row.as_of is None:
            return Looked()
        troubles: list[StoreError] = []
        observed = _together(
            self._judged(self._waiting, row, ABOUT_THREADS, troubles),
            self._judged(self._gaps, row, ABOUT_GAPS, troubles),
            self._judged(self._volume, row, (AlarmKind.UNUSUAL_VOLUME,), troubles),
        )
        known = self._store.alarms(community)
        step = follow(known, observed, now)
        raised = self._store.raise_alarms(step.raised, [*self._tellings(step.raised, now)])
        self._store.keep_course(step.changed)
        self._store.prune_alarms(now - KEPT)
        active = {alarm.key for alarm in known if alarm.active}
        ended = tuple(alarm for alarm in step.changed if not alarm.active and alarm.key in active)
        return Looked(tuple(raised), ended, tuple(troubles))

    def _judged(
        self,
        judge: Callable[[CommunityRow], Observed],
        row: CommunityRow,
        kinds: Iterable[AlarmKind],
        troubles: list[StoreError],
    ) -> Observed:
        """What cannot be judged because rules cannot be read leaves its alarms as they are."""
        try:
            return judge(row)
        except StoreError as error:
            troubles.append(error)
            return Observed(unseen=frozenset(kinds))

    def _waiting(self, row: CommunityRow) -> Observed:
        assert row.as_of is not None
        seen = self._coverage.see(row.name, row.as_of - LOOK_BACK)
        public = {forum.id.native for forum in seen.forums if forum.private is False}
        return waiting(row.name, seen.figures(), public)

    def _gaps(self, row: CommunityRow) -> Observed:
        seen = self._following.see(row.name)
        if not seen.confirmed:
            return Observed(unseen=frozenset(ABOUT_GAPS))
        return gaps(seen.matrix, self._following.expected(seen))

    def _volume(self, row: CommunityRow) -> Observed:
        assert row.as_of is not None
        reader, facts = cast(VolumeReader, self._bench.mirror), cast(FactReader, self._bench.mirror)
        crew = self._promises.staff(row.name, facts.platform_staff(row.name)).crew(row.name)
        leave_out = frozenset({*crew.spans, *crew.bots})
        unhappy = self._ways.unhappy()
        usual = self._usual.get(row.name)
        if usual is None or not usual.until - USUAL_HOLDS <= row.as_of < usual.until:
            usual = _Usual(row.as_of + USUAL_HOLDS, _whole_weeks(row))
            told = reader.volume(row.name, _ms(row.as_of), usual.weeks, unhappy, leave_out)
            usual.before = {forum: volumes[1:] for forum, volumes in told.items()}
            self._usual[row.name] = usual
        else:
            told = reader.volume(row.name, _ms(row.as_of), 0, unhappy, leave_out)
        public = {forum.id.native for forum in self._forums(row.name) if forum.private is False}
        now = {forum: volumes for forum, volumes in told.items() if forum in public}
        return flare_ups(row.name, now, usual.before, usual.weeks)

    def _tellings(self, raised: Sequence[Alarm], now: datetime) -> Iterable[Telling]:
        if not raised:
            return
        for channel in self._ways.channels():
            due = channel.quiet.over_at(now)
            for alarm in raised:
                if channel.wants(alarm.kind, alarm.community):
                    yield Telling(alarm.key, alarm.number, channel.name, due_at=due)

    # Reading

    def listed(self, community: str, *, ended: bool = False) -> list[Alarm]:
        """Those that last, newest first; with ``ended`` those that are over too."""
        return self._store.alarms(community, active=not ended)

    def loud(self, communities: Iterable[str]) -> list[Alarm]:
        """Those that last and are not silenced."""
        now = self._bench.clock.now()
        return [one for name in communities for one in self.listed(name) if not one.silenced(now)]

    def tellings(self, community: str) -> dict[tuple[str, int], list[Telling]]:
        """Where each was told, by key and number."""
        found: dict[tuple[str, int], list[Telling]] = {}
        for one in self._store.tellings(community):
            found.setdefault((one.key, one.number), []).append(one)
        return found

    def named(self, alarms: Sequence[Alarm]) -> list[Named]:
        """With what forums and threads are called now. Titles of threads that the public cannot read, or that hold
        private data, are left out.
        """
        forums = {one.id: one for name in {a.community for a in alarms} for one in self._forums(name)}
        return [self._named(alarm, forums) for alarm in alarms]

    def _named(self, alarm: Alarm, forums: dict[Ref, Forum]) -> Named:
        forum = forums.get(alarm.forum)
        name = forum.name if forum is not None and forum.private is False else alarm.forum.native
        if alarm.subject.kind is not Kind.THREAD:
            return Named(alarm, name, url=(forum.url or "") if forum is not None else "")
        thread = self._bench.mirror.thread(alarm.subject)
        place = forums.get(thread.forum) if thread is not None and thread.forum is not None else None
        if thread is None or thread.hidden or place is None or place.private is not False:
            return Named(alarm, name)
        found = self._bench.mirror.found([thread.id]).get(str(thread.id))
        return Named(alarm, name, "" if found is not None and found.standing else thread.title, thread.url or "")

    # What people do

    def find(self, which: str, communities: Iterable[str]) -> Alarm:
        """The one of that id or key among those that last; raises ``UnknownIdError`` ``alarm_unknown``."""
        for name in communities:
            for alarm in self.listed(name):
                if which in {alarm.id, alarm.key}:
                    return alarm
        raise UnknownIdError("alarm_unknown", alarm=which[:200])

    def own(self, alarm: Alarm) -> None:
        """See to it; raises ``ConflictError`` ``alarm_owned`` where a colleague does."""
        me = self._bench.community(alarm.community).identity
        holder = self._store.own_alarm(alarm, str(me.member), me.name, self._bench.clock.now())
        if holder is not None:
            raise ConflictError("alarm_owned", name=holder)
        self._log(alarm, "owned", "")

    def release(self, alarm: Alarm) -> None:
        """Give it up; raises ``NotAllowedError`` ``alarm_not_owned`` where it is not one's own."""
        me = self._bench.community(alarm.community).identity
        if not self._store.release_alarm(alarm, str(me.member)):
            raise NotAllowedError("alarm_not_owned")
        self._log(alarm, "released", "")

    def silence(self, alarm: Alarm, reason: str, until: datetime | None = None) -> None:
        """It is not shown among those that need somebody, nor told, until then or until it ends.

        Raises ``NotAllowedError`` ``alarm_reason_missing``.
        """
        said = " ".join(reason.split())[:LONGEST_REASON]
        if not said:
            raise NotAllowedError("alarm_reason_missing")
        me = self._bench.community(alarm.community).identity
        self._store.silence_alarm(alarm, said, str(me.member), me.name, self._bench.clock.now(), until)
        self._log(alarm, "silenced", said)

    def speak(self, alarm: Alarm) -> None:
        """It is silent no more."""
        me, now = self._bench.community(alarm.community).identity, self._bench.clock.now()
        self._store.silence_alarm(alarm, "", str(me.member), me.name, now, None)
        self._log(alarm, "speaks", "")

    # Parts

    @property
    def _store(self) -> AlarmStore:
        return cast(AlarmStore, self._bench.team)

    def _forums(self, community: str) -> list[Forum]:
        return [forum for forum in self._bench.mirror.forums(community) if not forum.elsewhere]

    def _log(self, alarm: Alarm, outcome: str, reason: str) -> None:
        me, now = self._bench.community(alarm.community).identity.member, self._bench.clock.now()
        entry = AuditEntry(now, str(me), "alarm", None, alarm.id, reason, "", outcome, self._bench.ids.new())
        self._bench.team.log(entry)


def _together(*parts: Observed) -> Observed:
    return Observed(
        tuple(condition for part in parts for condition in part.conditions),
        frozenset().union(*(part.undecided for part in parts)),
        frozenset().union(*(part.unseen for part in parts)),
    )


def _whole_weeks(row: CommunityRow) -> int:
    """How many weeks back everything is known."""
    if row.complete_since is None or row.as_of is None:
        return 0
    known = _ms(row.as_of) - _ms(row.complete_since)
    return max(0, min(WEEKS, (known - 3_600_000) // WEEK_MS))


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
