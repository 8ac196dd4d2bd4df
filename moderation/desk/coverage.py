"""Coverage at the desk: figures of a community over a time, from the facts that engine or keeper keep."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from moderation.cases import Case, Cases, CaseState
from moderation.content import Forum
from moderation.coverage.computing import Clocks, Covered, cover, rules_by_forum
from moderation.coverage.deriving import line_of
from moderation.coverage.doors import Door, Spans
from moderation.coverage.figures import Figures, Number
from moderation.coverage.kept import FactReader
from moderation.coverage.lines import Lines, stamp_of
from moderation.coverage.marks import Marks
from moderation.coverage.overview import Overview, overview
from moderation.coverage.ports import Promised, Promises
from moderation.coverage.rules import CoverageRules
from moderation.coverage.staff import Crew, StaffDays
from moderation.coverage.weeks import monday
from moderation.desk.bench import Bench
from moderation.errors import UnknownIdError
from moderation.ids import Kind, Ref

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Seen:
    """Figures of a community, with what must stand beside them.

    ``as_of`` is when the community was last read; ``complete_since`` the time down to which its threads were read, and
    their facts kept (``None``: not yet). ``confirmed``: a lead has said who the staff is. ``until``: the end of the
    time, at which its figures stood so. ``before`` are the figures of the time before of the same length, as they stood
    at its end, ``trend`` those of the last weeks; ``None`` where nobody asked for them.
    """

    community: str
    since: datetime
    until: datetime
    as_of: datetime
    complete_since: datetime | None
    confirmed: bool
    forums: tuple[Forum, ...]
    covered: Covered
    before: Covered | None
    rules: CoverageRules
    trend: Covered | None = None

    @property
    def spans(self) -> Spans:
        """What doors lead into."""
        return Spans(self.covered, self.before, self.trend)

    def view(self, *, working: bool = False) -> Overview:
        """All that is shown of it."""
        return overview(self.spans, [(one.id.native, one.name) for one in self.forums], working=working)

    def behind(self, door: Door) -> list[Ref]:
        """The threads behind a door."""
        return [Ref(self.community, Kind.THREAD, native) for native in self.spans.rows(door)]

    def figures(self, forum: Ref | None = None) -> Figures:
        """The figures of a forum, or of all; raises ``KeyError`` for a forum that is not among them."""
        return self.covered.total if forum is None else self.covered.forums[forum.native]

    def before_figures(self, forum: Ref | None = None) -> Figures:
        """The same of the time before; none where nobody asked for them."""
        if self.before is None:
            return Figures(())
        return self.before.total if forum is None else self.before.forums.get(forum.native, Figures(()))

    def number(self, name: str, forum: Ref | None = None) -> Number:
        """A figure by name."""
        return self.figures(forum).number(name)

    def rows(self, name: str, forum: Ref | None = None) -> list[Ref]:
        """The threads that a figure counts or is computed from."""
        return [Ref(self.community, Kind.THREAD, native) for native in self.figures(forum).rows(name)]


class Coverage:
    """Reads figures. One belongs to one thread; at a hundred thousand threads a call takes tenths of a second, so it
    is made where waiting does no harm.
    """

    def __init__(self, bench: Bench, promises: Promises | None = None) -> None:
        self._bench = bench
        self._promises = promises or Promised()

    def see(
        self,
        community: str,
        since: datetime,
        until: datetime | None = None,
        *,
        forums: Sequence[Ref] = (),
        compare: bool = False,
        weeks: int = 0,
    ) -> Seen:
        """Figures of the threads submitted since then, up to when the community was last read, or as they stood at
        ``until`` before that.

        ``forums``: only these. ``compare``: with those of the time before; ``weeks``: with those of so many weeks, the
        current one included. Raises ``UnknownIdError`` ``community_unknown`` or ``id_unknown``, ``StoreError``
        ``coverage_rules_unreadable``.
        """
        row = self._bench.community(community)
        as_of = row.as_of or self._bench.clock.now()
        past = until is not None and until < as_of
        end_at = until if until is not None and past else as_of
        rules = self._promises.rules()
        shown = self._forums(community, forums)
        staff = self._promises.staff(community, self._facts.platform_staff(community))
        start, end = _ms(since), _ms(end_at)
        earlier = 2 * start - end if compare else start
        first = _ms(monday(end_at, rules.usual.hours.zone, weeks - 1)) if weeks else end
        lines, filled = self._lines(community, staff, min(earlier, first), end)
        asked_in = set(lines.forums)
        shown = [one for one in shown if forums or one.private is False or one.id.native in asked_in]
        by_forum = rules_by_forum(rules, {forum.id.native: str(forum.id) for forum in shown})
        clocks = Clocks(min(earlier, first), end)
        return Seen(
            community,
            since,
            end_at,
            as_of,
            row.complete_since if filled else None,
            staff.confirmed,
            tuple(forum for forum in shown if by_forum[forum.id.native].answers),
            cover(lines, start, end, by_forum, now=not past, clocks=clocks),
            cover(lines, earlier, start, by_forum, now=False, clocks=clocks) if compare else None,
            rules,
            cover(lines, first, end, by_forum, now=not past, clocks=clocks) if weeks else None,
        )

    @property
    def zone(self) -> str:
        """The zone of the usual hours, on whose clock weeks begin. Raises ``StoreError`` as above."""
        return self._promises.rules().usual.hours.zone

    @property
    def _facts(self) -> FactReader:
        return cast(FactReader, self._bench.mirror)

    def _forums(self, community: str, wanted: Sequence[Ref]) -> list[Forum]:
        """Forums that exist, or those asked for."""
        known = [forum for forum in self._bench.mirror.forums(community) if not forum.elsewhere]
        by_id = {forum.id: forum for forum in known}
        for ref in wanted:
            if ref not in by_id:
                raise UnknownIdError("id_unknown", id=str(ref))
        return [by_id[ref] for ref in wanted] if wanted else known

    def _lines(self, community: str, staff: StaffDays, start: int, end: int) -> tuple[Lines, bool]:
        """Lines of that time; those that stand for another staff, and those of which the team knows more, anew."""
        crew = staff.crew(community)
        kept = self._facts.thread_lines(community, start, end, stamp_of(crew))
        marks = marks_of(cast(Cases, self._bench.team).cases(community=community))
        lines = kept.lines
        anew = {lines.threads[place]: place for place in kept.stale}
        if touched := marks.touched:
            anew |= {name: place for place, name in enumerate(lines.threads) if name in touched}
        return (self._again(community, lines, crew, marks, anew) if anew else lines), kept.filled

    def _again(self, community: str, lines: Lines, crew: Crew, marks: Marks, anew: dict[str, int]) -> Lines:
        touched = marks.touched
        for facts in self._facts.thread_facts(community, list(anew)):
            lines.put(anew[facts.thread], line_of(facts, crew, marks if facts.thread in touched else None))
        return lines


def marks_of(cases: Iterable[Case]) -> Marks:
    """What cases say of threads and posts: pointers, and conversations that went on in private."""
    pointers: set[str] = set()
    threads: set[str] = set()
    converted: dict[str, int] = {}
    for case in cases:
        if not any(step.acted for step in case.steps):
            continue
        thread = Ref.parse(case.thread).native
        pointer = case.made("pointer")
        if pointer is not None:
            pointers.add(pointer.native)
            threads.add(thread)
        if case.state is not CaseState.UNDONE:
            converted[thread] = min(_ms(case.opened_at), converted.get(thread, 1 << 62))
    return Marks(frozenset(pointers), converted, threads=frozenset(threads))


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // _MS
