"""The matrix of 300 staff × 200 forums, from the encrypted mirror and the team's store, as a screen would open it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from moderation.content import Following, Level
from moderation.desk import Bench
from moderation.desk.following import FollowingDesk
from moderation.ids import Kind, Ref
from moderation.people import Absence, CalendarImport, Person
from sync.journal import open_journal
from sync.mirror import MirrorReader, MirrorWriter
from sync.team import open_team
from sync.vault import Vault
from tests import factory
from tests.benchmarks.measures import Measure, Setting, milliseconds, quantile
from tests.factory import HERE
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.desk import FakeEngine

_KEY = bytes(range(32))
_NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
_STAFF, _FORUMS = 300, 200
_LEVELS = (Level.WATCHING, Level.TRACKING, Level.TRACKING, Level.NORMAL, Level.MUTED)


def bench_following(setting: Setting) -> list[Measure]:
    """Opening it, every cell with a level and every third with a post."""
    staff, forums = (
        max(3, round(_STAFF * min(1.0, setting.scale * 30))),
        max(3, round(_FORUMS * min(1.0, setting.scale * 30))),
    )
    home = setting.scratch / "home"
    _build(home, staff, forums)
    with _desk(home) as desk:
        desk.see(HERE)
        took = [milliseconds(lambda: desk.see(HERE)) for _ in range(setting.times(1_000) // 20 or 3)]
    note = f"every cell with a level, every third with a post; median of {len(took)}, worst {max(took):.0f} ms"
    name = f"matrix of {staff} staff and {forums} forums"
    return [Measure("following", name, round(quantile(took, 0.5), 1), "ms", 100, note)]


@contextmanager
def _desk(home: Path) -> Iterator[FollowingDesk]:
    vault, clock = Vault(home, _KEY), FakeClock(_NOW)
    reader, team, journal = MirrorReader(vault), open_team(vault), open_journal(vault)
    try:
        yield FollowingDesk(Bench(reader, journal, team, FakeEngine(), clock, FakeIds(clock)))
    finally:
        for store in (reader, team, journal):
            store.close()


def _build(home: Path, staff: int, forums: int) -> None:
    vault = Vault(home, _KEY)
    writer, team = MirrorWriter(vault), open_team(vault)
    writer.put_community(factory.community(as_of=_NOW, complete_since=_NOW - timedelta(days=90)))
    places = [factory.forum(number, position=number) for number in range(1, forums + 1)]
    people = [factory.member(number) for number in range(1, staff + 1)]
    writer.apply(factory.batch(1, None, forums=places, members=people), HERE)
    for at, member in enumerate(people):
        _follow(writer, member.id, at, [place.id for place in places])
        person = Person(f"p{at}", f"Person {at}", (member.id,), confirmed_by="lead")
        team.keep_person(person)
        if at % 5 == 0:
            away = Absence(_NOW - timedelta(days=1), _NOW + timedelta(days=4), person.id)
            team.replace_absences(CalendarImport(person.id, "away.ics", _NOW), [away])
    writer.close()
    team.close()


def _follow(writer: MirrorWriter, member: Ref, at: int, places: list[Ref]) -> None:
    rows = [Following(member, place, _LEVELS[(at + n) % 5], _NOW) for n, place in enumerate(places)]
    posts = [
        factory.post(f"{member.native}-{place.native}", author=member, in_thread=None, in_forum=place.native,
                     created_at=_NOW - timedelta(days=(at + n) % 30))
        for n, place in enumerate(places)
        if (at + n) % 3 == 0
    ]  # fmt: skip
    assert all(place.kind is Kind.FORUM for place in places)
    writer.apply(factory.batch(2 + at, None, followers=[member], following=rows, posts=posts), HERE)
