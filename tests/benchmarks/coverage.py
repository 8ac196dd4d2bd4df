"""Figures over a hundred thousand threads, as the command line and the lead's screen ask for them."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from moderation.coverage.deriving import line_of
from moderation.coverage.facts import PostFact, ThreadFacts
from moderation.coverage.figures import NUMBERS
from moderation.coverage.heat import heat
from moderation.coverage.hours import Hours, Period
from moderation.coverage.incidence import incidence
from moderation.coverage.lines import pack, stamp_of
from moderation.coverage.ports import Promised
from moderation.coverage.rules import CoverageRules, ForumRules
from moderation.coverage.staff import StaffDays
from moderation.desk import Bench
from moderation.desk.coverage import Coverage, Seen
from moderation.ids import Kind, Ref
from sync.journal import open_journal
from sync.mirror import MirrorReader, MirrorWriter
from sync.mirror.fact_rows import DONE, FILLED, encode_facts
from sync.vault import StoreFile, Vault
from tests import factory
from tests.benchmarks.measures import Measure, Setting, milliseconds, quantile
from tests.factory import HERE
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.desk import FakeEngine, FakeTeam

_KEY = bytes(range(32))
_NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
_LATELY, _BEFORE = 100_000, 300_000
_FORUMS, _STAFF, _CUSTOMERS = 20, 30, 20_000
_DAY = 86_400_000
_OFFICE = tuple(period for day in range(5) for period in (Period(day, 540, 720), Period(day, 780, 1020)))
_RULES = CoverageRules(
    ForumRules(Hours("Europe/Berlin", _OFFICE, frozenset({datetime(2026, 10, 3, tzinfo=UTC).date()})), 14400.0, 3600.0)
)
STAFF = StaffDays.of_groups([Ref(HERE, Kind.MEMBER, str(number)) for number in range(_STAFF)])


def bench_coverage(setting: Setting) -> list[Measure]:
    """All numbers of all forums; heat map and curve; the threads behind a figure."""
    lately, before = round(_LATELY * setting.scale), round(_BEFORE * setting.scale)
    home = setting.scratch / "home"
    _build(home, lately, before)
    with _coverage(home) as coverage:
        times = setting.times(1_000) // 50 or 3
        of_90_days = [_numbers(coverage, timedelta(days=90)) for _ in range(times)]
        of_all = [_numbers(coverage, timedelta(days=366)) for _ in range(max(3, times // 4))]
        seen = coverage.see(HERE, _NOW - timedelta(days=90))
        charts = [milliseconds(lambda: _charts(seen)) for _ in range(times)]
        rows = [milliseconds(lambda: seen.rows("open")) for _ in range(times)]
    note = f"{_FORUMS} forums, {len(NUMBERS)} numbers each, from a first read on; median of {{}}, worst {{:.0f}} ms"
    return [
        _row(f"coverage, 90 days ({lately:,} threads)", of_90_days, "ms", 500, note),
        _row(f"coverage, everything ({lately + before:,} threads)", of_all, "ms", 3000, note),
        _row("heat map and curve, 90 days", charts, "ms", None, "median of {}, worst {:.0f} ms"),
        _row("the threads behind a number", rows, "ms", None, "median of {}, worst {:.0f} ms"),
    ]


def _row(name: str, took: list[float], unit: str, goal: float | None, note: str) -> Measure:
    return Measure("coverage", name, round(quantile(took, 0.5), 1), unit, goal, note.format(len(took), max(took)))


def _numbers(coverage: Coverage, back: timedelta) -> float:
    def look() -> None:
        seen = coverage.see(HERE, _NOW - back)
        for figures in (seen.covered.total, *seen.covered.forums.values()):
            for name in NUMBERS:
                figures.number(name)

    return milliseconds(look)


def _charts(seen: Seen) -> None:
    heat(seen.covered.total.parts)
    incidence(seen.covered.total.parts)


@contextmanager
def _coverage(home: Path) -> Iterator[Coverage]:
    reader, clock = MirrorReader(Vault(home, _KEY)), FakeClock(_NOW)
    journal = open_journal(Vault(home, _KEY))
    bench = Bench(reader, journal, FakeTeam(), FakeEngine(), clock, FakeIds(clock))
    try:
        yield Coverage(bench, Promised(_RULES, StaffDays(STAFF.terms, confirmed=True)))
    finally:
        reader.close()
        journal.close()


def _build(home: Path, lately: int, before: int) -> None:
    """Facts and lines straight into the mirror, as its writer would have left them."""
    vault = Vault(home, _KEY)
    writer = MirrorWriter(vault)
    writer.put_community(factory.community(as_of=_NOW))
    writer.apply(factory.batch(1, None, forums=[factory.forum(number) for number in range(_FORUMS)]), HERE)
    writer.close()
    connection = vault.connect(StoreFile.MIRROR)
    key = connection.execute("SELECT key FROM communities WHERE name = ?", (HERE,)).fetchone()[0]
    crew, chance = STAFF.crew(HERE), random.Random(4)
    stamp, now = stamp_of(crew), round(_NOW.timestamp() * 1000)
    connection.execute("BEGIN")
    for number in range(lately + before):
        days = chance.uniform(0, 90) if number < lately else chance.uniform(90, 365)
        facts = _facts(str(number), now - round(days * _DAY), chance.randrange)
        line = pack(line_of(facts, crew))
        row = (key, facts.submitted_ms, facts.thread, facts.forum, stamp, line)
        connection.execute("INSERT INTO thread_facts VALUES (?, ?, ?)", (key, facts.thread, encode_facts(facts)))
        connection.execute("INSERT INTO thread_lines VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.execute("INSERT INTO cursors VALUES (?, ?, ?)", (key, FILLED, DONE))
    connection.execute("COMMIT")
    connection.close()


def _facts(thread: str, at: int, pick: Callable[[int], int]) -> ThreadFacts:
    """A thread with up to eight posts, a third of its answers by the staff."""
    opener, last = str(_STAFF + pick(_CUSTOMERS)), at
    posts = [PostFact(f"{thread}.0", opener, at)]
    for place in range(1, pick(9)):
        last += pick(6 * 3_600_000)
        author = str(pick(_STAFF) if not pick(3) else _STAFF + pick(_CUSTOMERS))
        posts.append(PostFact(f"{thread}.{place}", author, last))
    return ThreadFacts(thread, str(pick(_FORUMS)), opener, posts[0].id, at, at, tuple(posts), 2 if not pick(20) else 0)
