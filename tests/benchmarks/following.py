"""The matrix of 300 staff × 200 forums, from the encrypted stores, and the screen that shows it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from moderation.content import Following, Level
from moderation.desk import Bench, Desk
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
    with desk_of(home) as desk:
        desk.following.see(HERE)
        took = [milliseconds(lambda: desk.following.see(HERE)) for _ in range(setting.times(1_000) // 20 or 3)]
    note = f"every cell with a level, every third with a post; median of {len(took)}, worst {max(took):.0f} ms"
    name = f"matrix of {staff} staff and {forums} forums"
    found = [Measure("following", name, round(quantile(took, 0.5), 1), "ms", 100, note)]
    return found if setting.quick else [*found, *_screen(home, name)]


def _screen(home: Path, matrix: str) -> list[Measure]:
    """The real widget in a process of its own, offscreen, 1440 × 900."""
    command = [sys.executable, "-m", "tests.benchmarks.following_screen", str(home)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told = json.loads(done.stdout)
    opens, frames = told["opens"], told["frames"]
    note = f"read, put together, shown and painted; median of {len(opens)}, worst {max(opens):.0f} ms"
    made = [Measure("following", f"{matrix}, opens", round(quantile(opens, 0.5), 1), "ms", 100, note)]
    for way, took in frames.items():
        note = f"of {len(took)} frames; median {quantile(took, 0.5):.1f} ms, worst {max(took):.1f} ms"
        name = f"{matrix}, scrolls {way}, p99 of a frame"
        made.append(Measure("following", name, round(quantile(took, 0.99), 1), "ms", 16.7, note))
    return made


@contextmanager
def desk_of(home: Path) -> Iterator[Desk]:
    """A desk on a home that was built for this."""
    vault, clock = Vault(home, _KEY), FakeClock(_NOW)
    reader, team, journal = MirrorReader(vault), open_team(vault), open_journal(vault)
    try:
        yield Desk(Bench(reader, journal, team, FakeEngine(), clock, FakeIds(clock)))
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
